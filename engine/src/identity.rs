//! Who asks: what Envoy verified becomes a [`Principal`].
//!
//! Only metadata of Envoy's own `jwt_authn` and the peer's certificate count. A header or a body
//! never adds to it.

mod claim;
pub mod claim_path;
mod claim_test;
mod claims;
mod delegation;
mod fault;
mod known;
mod peer;
mod provider;
mod token;

pub use claim_test::{CLAIM_ROOTS, ClaimTest};
pub use claims::{metadata_of, metadata_of_each};
pub use known::Known;
pub use peer::{Peer, PeerFacts, PeerUse};
pub use provider::{PROVIDERS, Provider};
pub use token::TokenReading;

use std::rc::Rc;

use crate::glob::Truth;
use crate::refusal::Refusal;
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

/// How to tell who asks.
#[derive(Debug, Clone)]
pub struct Reading {
    /// How to read tokens; where several are there the first counts, if any may.
    pub tokens: Vec<TokenReading>,
    /// What becomes of a request with several verified tokens.
    pub several: Several,
    /// What becomes of the peer.
    pub peer: PeerUse,
    /// Whether a caller whom nobody vouches for may use guarded APIs at all.
    pub accepts_anonymous: bool,
    /// Principals that were read before.
    pub known: Known,
}

/// What becomes of a request with several verified tokens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Several {
    /// It is refused: nobody said who asks.
    #[default]
    Refuse,
    /// The first counts, in the order of the document.
    First,
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

impl Default for Reading {
    fn default() -> Self {
        Self {
            tokens: vec![TokenReading::default()],
            several: Several::default(),
            peer: PeerUse::default(),
            accepts_anonymous: false,
            known: Known::default(),
        }
    }
}

impl Reading {
    /// The principal behind Envoy's metadata (a serialized `envoy.config.core.v3.Metadata`) and
    /// the peer of the connection.
    ///
    /// # Errors
    ///
    /// A code of the family `identity`, where what Envoy verified does not tell who asks.
    pub fn principal(
        &self,
        metadata: &[u8],
        peer: Option<&PeerFacts>,
    ) -> Result<Rc<Principal>, Refusal> {
        let payloads = claims::payloads(metadata)?;
        let peer = peer.filter(|_| self.peer != PeerUse::Ignore);
        if payloads.is_empty() && peer.is_none() {
            return Ok(Rc::new(anonymous()));
        }
        self.known
            .of(payloads, peer, || self.vouched_for(payloads, peer))
    }

    fn vouched_for(&self, payloads: &[u8], peer: Option<&PeerFacts>) -> Result<Principal, Refusal> {
        let peer = match peer {
            Some(facts) => Peer::of(facts)?,
            None => None,
        };
        let payloads = claims::read(payloads)?;
        match self.token(&payloads)? {
            Some((reading, claims)) => reading.principal(claims.clone().into_owned(), peer),
            None => Ok(self.without_token(peer)),
        }
    }

    /// The one token that counts, with the way to read it.
    fn token<'r, 'p, 'b>(
        &'r self,
        payloads: &'p Value<'b>,
    ) -> Result<Option<(&'r TokenReading, &'p Value<'b>)>, Refusal> {
        let mut present: Vec<&str> = Vec::new();
        let mut first = None;
        for reading in &self.tokens {
            for key in &reading.metadata {
                let Some(claims) = token::claims_under(payloads, key)? else {
                    continue;
                };
                if !present.contains(&key.as_str()) {
                    present.push(key);
                }
                if first.is_none() && reading.is_meant(claims) {
                    first = Some((reading, claims));
                }
            }
        }
        match (present.len(), self.several) {
            (0, _) => Ok(None),
            (1, _) | (_, Several::First) => first.map(Some).ok_or(fault::ISSUER),
            _ => Err(fault::AMBIGUOUS),
        }
    }

    fn without_token(&self, peer: Option<Peer>) -> Principal {
        let mut principal = anonymous();
        if let (PeerUse::Identity, Some(peer)) = (self.peer, &peer) {
            principal.kind = Kind::Service;
            principal.subject.clone_from(&peer.spiffe_id);
            principal.issuer = ["spiffe://", &peer.trust_domain].concat();
        }
        principal.peer = peer;
        principal
    }
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

#[cfg(test)]
mod tests;
