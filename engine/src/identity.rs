//! Who asks: Envoy's verified metadata becomes a [`Principal`].
//!
//! Only what a filter of Envoy verified counts. A header or a body never adds to it.

mod known;

pub use known::Known;

use std::rc::Rc;

use crate::glob::Truth;
use crate::limits;
use crate::protobuf::{self, Fields, Malformed, Payload};
use crate::refusal::Refusal;
use crate::struct_value;
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
    /// The groups of that subject.
    pub groups: Vec<String>,
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
    /// Who vouches for the token.
    pub issuer: String,
    /// Whom it acts for, in a delegated token (RFC 8693, `act`).
    pub acts_for: Option<OnBehalfOf>,
    /// Earlier actors of the chain, the latest first.
    pub earlier_actors: Vec<String>,
    /// Every claim, as verified.
    pub claims: Value<'static>,
}

/// How to read a principal from claims.
#[derive(Debug, Clone)]
pub struct Reading {
    /// `payload_in_metadata` of Envoy's `jwt_authn`.
    pub metadata: String,
    /// The way to the subject claim.
    pub subject: Vec<String>,
    /// The way to the groups claim.
    pub groups: Vec<String>,
    /// Claims that make an agent.
    pub agent_when: Vec<ClaimMatch>,
    /// Claims that make a service.
    pub service_when: Vec<ClaimMatch>,
    /// Whether a caller without a verified token may use guarded APIs at all.
    pub accepts_anonymous: bool,
    /// Principals that were read before.
    pub known: Known,
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

impl Reading {
    /// The principal behind Envoy's metadata (a serialized `envoy.config.core.v3.Metadata`).
    ///
    /// # Errors
    ///
    /// `identity.unreadable` where the bytes are not that message, or the claims are not what
    /// a token may hold.
    pub fn principal(&self, metadata: &[u8]) -> Result<Rc<Principal>, Refusal> {
        match payloads(metadata).map_err(|Malformed| UNREADABLE)? {
            None => Ok(Rc::new(anonymous())),
            Some(payloads) => self.known.of(payloads, || self.vouched_for(payloads)),
        }
    }

    fn vouched_for(&self, payloads: &[u8]) -> Result<Principal, Refusal> {
        match claims(payloads, &self.metadata).map_err(|Malformed| UNREADABLE)? {
            None => Ok(anonymous()),
            Some(claims) => self.identified(claims),
        }
    }

    fn identified(&self, claims: Value<'static>) -> Result<Principal, Refusal> {
        let subject = text_at(&claims, &self.subject)?;
        let groups = claims.at(&self.groups).map(texts).unwrap_or_default();
        let issuer = text_at(&claims, &["iss"])?;
        let Some(actor) = claims.member("act") else {
            let kind = self.kind(&claims);
            return Ok(Principal {
                subject,
                kind,
                groups,
                issuer,
                acts_for: None,
                earlier_actors: Vec::new(),
                claims,
            });
        };
        Ok(Principal {
            subject: text_at(actor, &["sub"])?,
            kind: if all(&self.service_when, actor) {
                Kind::Service
            } else {
                Kind::Agent
            },
            groups: actor.at(&self.groups).map(texts).unwrap_or_default(),
            issuer,
            acts_for: Some(OnBehalfOf { subject, groups }),
            earlier_actors: earlier(actor)?,
            claims,
        })
    }

    fn kind(&self, claims: &Value<'_>) -> Kind {
        if all(&self.agent_when, claims) {
            Kind::Agent
        } else if all(&self.service_when, claims) {
            Kind::Service
        } else {
            Kind::Human
        }
    }
}

/// Nobody that Envoy verified.
#[must_use]
pub fn anonymous() -> Principal {
    Principal {
        subject: String::new(),
        kind: Kind::Anonymous,
        groups: Vec::new(),
        issuer: String::new(),
        acts_for: None,
        earlier_actors: Vec::new(),
        claims: Value::Null,
    }
}

fn all(matches: &[ClaimMatch], claims: &Value<'_>) -> bool {
    !matches.is_empty() && matches.iter().all(|one| one.matches(claims) == Truth::Yes)
}

/// The filter whose metadata counts.
const JWT_AUTHN: &[u8] = b"envoy.filters.http.jwt_authn";

/// The `Struct` under `filter_metadata["envoy.filters.http.jwt_authn"]`.
fn payloads(metadata: &[u8]) -> Result<Option<&[u8]>, Malformed> {
    for field in Fields::of(metadata) {
        let (1, Payload::Bytes(entry)) = field? else {
            continue;
        };
        let (mut name, mut content) = (&b""[..], &b""[..]);
        for part in Fields::of(entry) {
            match part? {
                (1, Payload::Bytes(bytes)) => name = bytes,
                (2, Payload::Bytes(bytes)) => content = bytes,
                _ => {}
            }
        }
        if name == JWT_AUTHN {
            return Ok(Some(content));
        }
    }
    Ok(None)
}

/// The claims under a key of the payloads.
fn claims(payloads: &[u8], key: &str) -> Result<Option<Value<'static>>, Malformed> {
    match struct_value::read(payloads)?.member(key) {
        None => Ok(None),
        Some(claims @ Value::Object(_)) => Ok(Some(claims.clone().into_owned())),
        Some(_) => Err(Malformed),
    }
}

/// Metadata as Envoy's `jwt_authn` leaves it behind for a verified token: what tools and tests
/// hand in where no Envoy is.
#[must_use]
pub fn metadata_of(key: &str, claims: &Value<'_>) -> Vec<u8> {
    let payloads = struct_value::write(&[(key.into(), claims.clone())]);
    let mut bytes = Vec::with_capacity(payloads.len().saturating_add(64));
    protobuf::write_message(&mut bytes, 1, |entry| {
        protobuf::write_bytes(entry, 1, JWT_AUTHN);
        protobuf::write_bytes(entry, 2, &payloads);
    });
    bytes
}

/// A claim that must be text where it is there at all.
fn text_at<S: AsRef<str>>(claims: &Value<'_>, path: &[S]) -> Result<String, Refusal> {
    match claims.at(path) {
        None | Some(Value::Null) => Ok(String::new()),
        Some(Value::Text(text)) => Ok(text.to_string()),
        Some(_) => Err(UNREADABLE),
    }
}

fn texts(claim: &Value<'_>) -> Vec<String> {
    claim
        .each()
        .iter()
        .filter_map(|item| item.text().map(str::to_owned))
        .collect()
}

fn earlier(actor: &Value<'_>) -> Result<Vec<String>, Refusal> {
    let mut chain = Vec::new();
    let mut next = actor.member("act");
    while let Some(actor) = next {
        if chain.len() == limits::ACTORS {
            return Err(UNREADABLE);
        }
        chain.push(text_at(actor, &["sub"])?);
        next = actor.member("act");
    }
    Ok(chain)
}

const UNREADABLE: Refusal = Refusal::with_status(
    403,
    "identity.unreadable",
    "expected a verified token whose subject, issuer and actors are text",
    "use a token of the configured identity provider",
);

#[cfg(test)]
mod tests;
