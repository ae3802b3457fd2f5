//! Who asks, and what rules ask of the claims of a token.
//!
//! Values only: `lictor-engine` makes them of what Envoy verified.

use crate::glob::Truth;
use crate::value::Value;

/// What kind of caller a principal is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A person.
    Human,
    /// An AI agent, alone or acting for somebody.
    Agent,
    /// A service account or workload.
    Service,
    /// Nobody that Envoy verified.
    Anonymous,
}

impl Kind {
    /// Every kind with its word.
    pub const WORDS: [(&'static str, Self); 4] = [
        ("human", Self::Human),
        ("agent", Self::Agent),
        ("service", Self::Service),
        ("anonymous", Self::Anonymous),
    ];

    /// The word used in policies and records.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Human => "human",
            Self::Agent => "agent",
            Self::Service => "service",
            Self::Anonymous => "anonymous",
        }
    }
}

/// Whom an actor acts for.
#[derive(Debug, Clone, PartialEq)]
pub struct OnBehalfOf {
    /// The subject of the token.
    pub subject: String,
    /// What kind of caller that subject is by itself.
    pub kind: Kind,
    /// The groups of that subject.
    pub groups: Vec<String>,
    /// The roles of that subject.
    pub roles: Vec<String>,
    /// Its email address, where the provider verified it; else empty.
    pub email: String,
}

/// Who asks.
#[derive(Debug, Clone, PartialEq)]
pub struct Principal {
    /// The one who acts: the outermost actor of a delegated token, else its subject.
    pub subject: String,
    /// What kind of caller that is.
    pub kind: Kind,
    /// Groups of the one who acts. An actor does not inherit the groups of whom it acts for.
    pub groups: Vec<String>,
    /// Roles of the one who acts, not inherited either.
    pub roles: Vec<String>,
    /// What the token is good for (RFC 6749, 3.3), whoever uses it.
    pub scopes: Vec<String>,
    /// Who vouches: the issuer of the token, or the trust domain of the peer.
    pub issuer: String,
    /// For whom the token is meant.
    pub audiences: Vec<String>,
    /// The client that the token was given to; empty where it does not say.
    pub client_id: String,
    /// Email address of the one who acts, where the provider verified it; else empty.
    pub email: String,
    /// How well the subject of the token was authenticated; empty where it does not say.
    pub acr: String,
    /// By what means the subject of the token was authenticated.
    pub amr: Vec<String>,
    /// When the token was issued, in seconds since 1970.
    pub issued_at: Option<i64>,
    /// When the subject of the token was authenticated, in seconds since 1970.
    pub authenticated_at: Option<i64>,
    /// When the token ends, in seconds since 1970.
    pub expires_at: Option<i64>,
    /// Whom it acts for, in a delegated token.
    pub acts_for: Option<OnBehalfOf>,
    /// Earlier actors of the chain, the latest first.
    pub earlier_actors: Vec<String>,
    /// The workload at the other end of a mutual TLS connection.
    pub peer: Option<Peer>,
    /// Every claim, as verified; null where there is no token.
    pub claims: Value<'static>,
}

/// The workload at the other end of a mutual TLS connection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Peer {
    /// Its whole SPIFFE ID.
    pub spiffe_id: String,
    /// The trust domain in it.
    pub trust_domain: String,
    /// The namespace, where it has Istio's form `/ns/<namespace>/sa/<service account>`; else empty.
    pub namespace: String,
    /// The service account, where it has that form; else empty.
    pub service_account: String,
}

/// Nobody that Envoy verified.
#[must_use]
pub const fn anonymous() -> Principal {
    Principal {
        subject: String::new(),
        kind: Kind::Anonymous,
        groups: Vec::new(),
        roles: Vec::new(),
        scopes: Vec::new(),
        issuer: String::new(),
        audiences: Vec::new(),
        client_id: String::new(),
        email: String::new(),
        acr: String::new(),
        amr: Vec::new(),
        issued_at: None,
        authenticated_at: None,
        expires_at: None,
        acts_for: None,
        earlier_actors: Vec::new(),
        peer: None,
        claims: Value::Null,
    }
}

/// One claim with the values that match.
#[derive(Debug, Clone)]
pub struct ClaimMatch {
    /// The way to the claim.
    pub path: Vec<String>,
    /// Any of these matches.
    pub values: Vec<Value<'static>>,
}

impl ClaimMatch {
    /// Whether the claim, or an item of it where it is a list, is one of the values.
    #[must_use]
    pub fn matches(&self, claims: &Value<'_>) -> Truth {
        let found = claims
            .at(&self.path)
            .is_some_and(|claim| claim.each().iter().any(|item| self.values.contains(item)));
        Truth::from(found)
    }
}
