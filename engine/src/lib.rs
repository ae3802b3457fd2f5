//! Lictor's core: from the bytes of a call to a decision and its record.
//!
//! Knows no proxy, no clock and no network: bytes and facts in; a decision, a reply or
//! "need more" out. The modules stand in the order in which a request meets them.

#![cfg_attr(
    test,
    allow(
        clippy::arithmetic_side_effects,
        reason = "a test that overflows fails"
    )
)]

pub mod limits;

pub mod embedded;
pub mod hex;
pub mod inflate;
pub mod protobuf;
pub mod struct_value;
pub use lictor_decide::{glob, lookup, value};

pub mod config;
pub mod document;

pub mod message;

pub mod content;
pub mod event_stream;
pub mod json;
pub mod multipart;
pub mod parameters;
pub mod path;

pub mod protocol;

pub mod sql;

pub use lictor_decide::action;

pub mod identity;

pub mod cel;

pub mod policy;

pub mod refusal;
pub mod reply;

pub mod record;

pub mod session;
