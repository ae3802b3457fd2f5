//! The targets, one a file.

pub mod document;
pub mod expression;
pub mod identity;
pub mod sql;
