//! How an answer is read, and changed where a rule wants it: what a client may have comes out.
//!
//! INVARIANT (nothing unseen): bytes reach the client only through `out`, after everything they
//! would make it do was judged.

use std::fmt::Debug;

use super::Body;
use crate::action::Action;
use crate::message::{Head, Wanted};
use crate::refusal::Refusal;
use crate::sql;

/// Reads the answer to one request.
pub trait Answer: Debug {
    /// How the body is wanted, told from the head of the answer: [`Body::Held`] gives all of it
    /// to one [`Answer::read`], [`Body::Messages`] gives it as it comes, [`Body::Streamed`]
    /// lets it through unseen.
    ///
    /// # Errors
    ///
    /// An answer that can't be read here.
    fn begins(&mut self, head: &Head) -> Result<Body, Refusal>;

    /// Takes the next bytes, and adds to `out` what the client may have. What is not whole yet
    /// is kept; after the end nothing is.
    ///
    /// # Errors
    ///
    /// An answer that can't be read in exactly one way: nothing of `bytes` passes but what was
    /// added to `out`.
    fn read(
        &mut self,
        bytes: &[u8],
        is_end: bool,
        judge: &mut dyn Judge,
        out: &mut Vec<u8>,
    ) -> Result<(), Refusal>;

    /// The last words of a stream that is cut off, in a form that its clients understand.
    fn cut_off(&mut self, _denied: &Denied, _out: &mut Vec<u8>) {}
}

/// Decides about what an answer would make the client do.
pub trait Judge {
    /// Decides about actions, which stand in the record like any others.
    ///
    /// # Errors
    ///
    /// Why the client must not see what asks for them.
    fn judge(&mut self, actions: Vec<Action>) -> Result<(), Denied>;

    /// Whether a call with these actions could be let through, by itself or with an approval,
    /// whatever can't be told of it. It asks only: nothing is recorded.
    fn could_pass(&mut self, actions: Vec<Action>) -> bool;

    /// Notes a fact for the record.
    fn note(&mut self, fact: Fact);

    /// What rules look at besides actions.
    fn wanted(&self) -> Wanted;

    /// Analyses of statements that were seen before.
    fn analyses(&self) -> &sql::Cache;
}

/// Why something in an answer must not reach the client.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Denied {
    /// Stable code.
    pub code: &'static str,
    /// The rule that refused, if one did.
    pub rule: Option<String>,
    /// What was refused and why.
    pub detail: String,
    /// What the client can change; may be empty.
    pub advice: String,
    /// Id of the record.
    pub record: String,
}

impl Denied {
    /// One line for a person, or for a model.
    #[must_use]
    pub fn line(&self) -> String {
        let mut line = self.detail.clone();
        line.push_str(" (");
        line.push_str(self.rule.as_deref().unwrap_or(self.code));
        line.push_str(", record ");
        line.push_str(&self.record);
        line.push(')');
        if !self.advice.is_empty() {
            line.push_str(" Advice: ");
            line.push_str(&self.advice);
            line.push('.');
        }
        line
    }
}

/// A fact about an exchange that is no action, for its record: how many tokens a model took.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fact {
    /// Its name, as OpenTelemetry's semantic conventions have it.
    pub name: &'static str,
    /// What it is. Never a literal of a body beyond what names things.
    pub value: FactValue,
}

/// What a fact says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FactValue {
    /// A name.
    Text(String),
    /// Names.
    Texts(Vec<String>),
    /// How many.
    Count(u64),
}

impl Fact {
    /// A name.
    #[must_use]
    pub fn text(name: &'static str, text: impl Into<String>) -> Self {
        Self {
            name,
            value: FactValue::Text(text.into()),
        }
    }

    /// How many there are of something.
    #[must_use]
    pub const fn count(name: &'static str, count: u64) -> Self {
        Self {
            name,
            value: FactValue::Count(count),
        }
    }
}
