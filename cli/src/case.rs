//! A call, who makes it, and what must come of it: the format in which policies are tested.
//!
//! `docs/testing-policies.md` describes it. Lictor's own corpus is written in it.

mod answer;
mod body;
mod check;
mod expectation;
mod file;
mod grpc;
mod read;
mod request;
mod run;
mod statement;

use lictor_engine::document::Position;
use lictor_engine::policy::Moment;
use serde_json::Value;

pub use check::{Difference, differences};
pub use file::{CaseFile, companion};
pub(crate) use request::HOST;
pub(crate) use run::explain;
pub use run::{Outcome, run, run_in_pieces};
pub(crate) use statement::request as of_statement;

/// One case.
#[derive(Debug, Clone)]
pub struct Case {
    /// What is claimed; unique in its file.
    pub name: String,
    /// Where it stands in its file.
    pub position: Position,
    /// What is called, and by whom.
    pub call: Call,
    /// What must come of it.
    pub expect: Vec<Expected>,
}

/// A call as the filter would see it.
#[derive(Debug, Clone, Default)]
pub struct Call {
    /// Header fields, pseudo header fields included.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Vec<u8>,
    /// Claims of the token that Envoy verified.
    pub claims: Option<Value>,
    /// Claims of other verified tokens, by the key that Envoy leaves them under.
    pub tokens: Vec<(String, Value)>,
    /// The name in the certificate of the peer, where Envoy validated one.
    pub peer: Option<String>,
    /// What the service answers, where that matters.
    pub answer: Option<Answer>,
    /// When it comes; noon of a Wednesday where the case does not say.
    pub at: Option<Moment>,
}

/// An answer of the service, as the filter would see it.
#[derive(Debug, Clone, Default)]
pub struct Answer {
    /// Header fields, `:status` included.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Vec<u8>,
}

/// One thing that is expected.
#[derive(Debug, Clone, PartialEq)]
pub struct Expected {
    /// What about.
    pub what: &'static str,
    /// What it must be.
    pub value: Value,
    /// Where that stands in the file.
    pub position: Position,
}
