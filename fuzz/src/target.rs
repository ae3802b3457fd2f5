//! The targets, one a file.

pub mod identity;
pub mod sql;
