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
pub use lictor_decide::principal::{ClaimMatch, Kind, OnBehalfOf, Peer, Principal, anonymous};
pub use peer::{PeerFacts, PeerUse};
pub use provider::{PROVIDERS, Provider};
pub use token::TokenReading;

use std::rc::Rc;

use crate::refusal::Refusal;
use crate::value::Value;

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
            Some(facts) => peer::named(facts)?,
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

#[cfg(test)]
mod tests;
