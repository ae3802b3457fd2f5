//! Records of calls that were made, decided again by another policy.
//!
//! A record does not hold everything that rules can ask for. What hangs on such a thing is told as
//! unknown, never guessed: a call is decided twice, once with every rule that asks for it taken to
//! refuse as much as it can, once as little, and only where both agree there is a decision.

mod action;
mod bounds;
mod facts;
mod line;
mod principal;

use lictor_engine::policy::Verdict;

pub use bounds::{Bounds, Judgement};
pub use facts::Facts;
pub use line::record_of;

/// The word of a verdict in a record.
#[must_use]
pub const fn word(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Allow => "allow",
        Verdict::Ask => "ask",
        Verdict::Deny => "deny",
    }
}

#[cfg(test)]
mod tests;
