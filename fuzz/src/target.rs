//! The targets, one a file.

pub mod document;
pub mod event_stream;
pub mod expression;
pub mod form;
pub mod graphql;
pub mod identity;
pub mod mcp;
pub mod multipart;
pub mod protobuf;
pub mod sql;
