//! An outcome and what was expected to the differences between them.

use lictor_engine::document::Position;
use serde_json::Value;

use super::{Case, Outcome, expectation};

/// One expectation that was not met.
#[derive(Debug, Clone, PartialEq)]
pub struct Difference {
    /// What about.
    pub what: &'static str,
    /// What was expected.
    pub expected: Value,
    /// What came.
    pub found: Value,
    /// Where the expectation stands in the file.
    pub position: Position,
}

/// Everything in which a case came out otherwise than it expects.
pub fn differences(case: &Case, outcome: &Outcome) -> Vec<Difference> {
    let mut all = Vec::new();
    for expected in &case.expect {
        let known = expectation::TABLE
            .iter()
            .find(|known| known.what == expected.what);
        let Some(known) = known else {
            continue;
        };
        let found = (known.found)(outcome, &expected.value);
        if found != expected.value {
            all.push(Difference {
                what: expected.what,
                expected: expected.value.clone(),
                found,
                position: expected.position,
            });
        }
    }
    all
}
