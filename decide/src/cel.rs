//! What an expression of a policy is once it is checked: a [`Program`], whose answer for facts is
//! worked out here.
//!
//! A typed subset of CEL (the Common Expression Language). Texts are read and checked by
//! `lictor-engine`, which writes the nodes that stand here; whatever those are, evaluating them
//! gives an answer or a [`Fault`].

mod fault;
mod named_list;
mod schema;
mod value;

mod moment;
mod network;
mod pattern;
mod text;
mod version;

mod function;
mod node;

mod evaluate;
mod need;
mod program;

pub use fault::Fault;
pub use function::Function;
pub use moment::zone;
pub use named_list::NamedList;
pub use need::Need;
pub use node::{Calculation, Comparison, Constant, Id, Join, Members, Node, Pairs, Quantifier};
pub use pattern::Pattern;
pub use program::{Outcome, Program};
pub use schema::{Field, Record, Type};
pub use value::{Entries, Facts, Fields, Items, PlainTest, Val};
