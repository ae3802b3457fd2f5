//! Expressions of a policy: text becomes a checked [`Program`], facts become its answer.
//!
//! A typed subset of CEL (the Common Expression Language). Every accepted expression is valid
//! CEL and means what CEL says; whatever could fail for a reason known at load is refused
//! there. Knows nothing of policies: what may be named is told by an [`Environment`].

mod environment;
mod fault;
mod problem;
mod value;

mod moment;
mod network;
mod pattern;
mod text;
mod version;

mod function;
mod guard;
mod node;

mod check;
mod evaluate;
mod need;
mod program;
mod source;

pub use environment::{Environment, Field, NamedList, Record, Type, Vars};
pub use fault::Fault;
pub use need::Need;
pub use problem::Problem;
pub use program::Program;
pub use value::{Entries, Facts, Fields, Items, PlainTest, Val};

#[cfg(test)]
mod tests;
