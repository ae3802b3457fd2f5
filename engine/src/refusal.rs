//! A coded refusal: the answer to what can't be read, decoded or identified.
//!
//! Refusals are about the call's form; what a policy says no to is a decision. Every way
//! to fail in the engine ends as one of these, so no error path lets a call through.

use std::borrow::Cow;

use crate::json::JsonError;
use crate::sql::SqlError;

/// Why a call is refused before, or instead of, a decision by policy.
///
/// `detail` says what was expected. It never holds a literal of a statement or a body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// Stable code, the same in reply, record, metrics and docs.
    pub code: &'static str,
    /// HTTP status of the reply.
    pub status: u16,
    /// What was expected.
    pub detail: Cow<'static, str>,
    /// What the client can change.
    pub advice: &'static str,
}

impl Refusal {
    /// The call can't be read: 400.
    #[must_use]
    pub const fn malformed(code: &'static str, detail: &'static str, advice: &'static str) -> Self {
        Self::with_status(400, code, detail, advice)
    }

    /// A refusal with a status of its own.
    #[must_use]
    pub const fn with_status(
        status: u16,
        code: &'static str,
        detail: &'static str,
        advice: &'static str,
    ) -> Self {
        Self {
            code,
            status,
            detail: Cow::Borrowed(detail),
            advice,
        }
    }
}

impl From<JsonError> for Refusal {
    fn from(error: JsonError) -> Self {
        Self {
            code: error.code(),
            status: 400,
            detail: Cow::Owned(error.to_string()),
            advice: "send one JSON value that every parser reads alike",
        }
    }
}

impl From<SqlError> for Refusal {
    fn from(error: SqlError) -> Self {
        Self {
            code: error.code(),
            status: 400,
            detail: Cow::Owned(error.to_string()),
            advice: "send a statement that can be analysed in the dialect of this API",
        }
    }
}
