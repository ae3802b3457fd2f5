//! The targets, one a file.

pub mod sql;
