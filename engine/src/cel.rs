//! Expressions of a policy: text becomes a checked [`Program`], facts become its answer.
//!
//! A typed subset of CEL (the Common Expression Language). Every accepted expression is valid
//! CEL and means what CEL says; whatever could fail for a reason known at load is refused
//! there. Knows nothing of policies: what may be named is told by an [`Environment`]. What
//! programs are made of and how they are evaluated stands in `lictor-decide`.

mod environment;
mod problem;

mod function;
mod guard;

mod check;
mod source;

pub use check::compile;
pub use environment::{Environment, Vars};
pub use lictor_decide::cel::{
    Entries, Facts, Fault, Field, Fields, Items, NamedList, Need, PlainTest, Program, Record, Type,
    Val,
};
pub use problem::Problem;

use lictor_decide::cel::{
    Calculation, Comparison, Constant, Function, Id, Join, Members, Node, Outcome, Pairs, Pattern,
    Quantifier, zone,
};

#[cfg(test)]
mod tests;
