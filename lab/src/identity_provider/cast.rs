//! The people and programs of the story, each with the claims that tell who they are.

use serde_json::{Value, json};

use super::IdentityProvider;

/// Someone who calls.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Caller {
    /// A database administrator.
    Dana,
    /// An analyst.
    Ana,
    /// An AI agent on its own account.
    ReportBot,
    /// The same agent on behalf of a human (RFC 8693 `act`).
    ReportBotForAlice,
    /// Someone without a token.
    Nobody,
}

impl Caller {
    /// The cast, in order of appearance.
    pub const ALL: [Self; 5] = [
        Self::Dana,
        Self::Ana,
        Self::ReportBot,
        Self::ReportBotForAlice,
        Self::Nobody,
    ];

    /// How a table shows them.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Dana => "dana (DBA)",
            Self::Ana => "ana (analyst)",
            Self::ReportBot => "report-bot (agent)",
            Self::ReportBotForAlice => "report-bot for alice",
            Self::Nobody => "nobody (no token)",
        }
    }

    /// What the identity provider vouches for, if they have an account.
    #[must_use]
    pub fn claims(self) -> Option<Value> {
        match self {
            Self::Dana => Some(json!({"sub": "dana", "groups": ["dba"]})),
            Self::Ana => Some(json!({"sub": "ana", "groups": ["analysts"]})),
            Self::ReportBot => Some(json!({"sub": "report-bot", "client_type": "agent"})),
            Self::ReportBotForAlice => Some(json!({
                "sub": "alice", "groups": ["analysts"], "act": {"sub": "report-bot"},
            })),
            Self::Nobody => None,
        }
    }

    /// A fresh token of theirs.
    #[must_use]
    pub fn token(self, provider: &IdentityProvider) -> Option<String> {
        self.claims().map(|claims| provider.token(&claims))
    }
}
