//! The peer of a mutual TLS connection: the name in its certificate becomes a [`Peer`].
//!
//! Only a valid SPIFFE ID is one. That Envoy validated the certificate is for its TLS context to
//! see to; header fields that tell of a certificate (XFCC) are never looked at.
//!
//! Source: the SPIFFE ID and the X.509-SVID specifications.

use lictor_decide::principal::Peer;

use super::fault::PEER_MALFORMED;
use crate::limits::SPIFFE_ID_BYTES;
use crate::refusal::Refusal;

/// What the host knows of the peer whose certificate Envoy took.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PeerFacts {
    /// The first URI among the certificate's subject alternative names.
    pub uri_san: String,
}

/// What becomes of the peer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum PeerUse {
    /// Without a token the peer is who asks.
    Identity,
    /// Rules and records know it, but it is nobody's identity.
    #[default]
    Fact,
    /// It is not even read.
    Ignore,
}

/// The workload that a certificate names; nothing where its URI is of another scheme.
pub(super) fn named(facts: &PeerFacts) -> Result<Option<Peer>, Refusal> {
    let Some(rest) = facts.uri_san.strip_prefix("spiffe://") else {
        // The scheme is not bound to lower case, and a look-alike is no other scheme.
        let scheme = facts.uri_san.get(..7).unwrap_or_default();
        return if scheme.eq_ignore_ascii_case("spiffe:") {
            Err(PEER_MALFORMED)
        } else {
            Ok(None)
        };
    };
    let (trust_domain, path) = match rest.find('/').and_then(|at| rest.split_at_checked(at)) {
        Some((trust_domain, path)) => (trust_domain, path),
        None => (rest, ""),
    };
    let is_valid =
        facts.uri_san.len() <= SPIFFE_ID_BYTES && is_trust_domain(trust_domain) && is_path(path);
    if !is_valid {
        return Err(PEER_MALFORMED);
    }
    let (namespace, service_account) = workload(path).unwrap_or_default();
    Ok(Some(Peer {
        spiffe_id: facts.uri_san.clone(),
        trust_domain: trust_domain.to_owned(),
        namespace: namespace.to_owned(),
        service_account: service_account.to_owned(),
    }))
}

fn is_trust_domain(text: &str) -> bool {
    let is_known =
        |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"-_.".contains(&byte);
    !text.is_empty() && text.len() <= 255 && text.bytes().all(is_known)
}

/// Segments of letters, digits and `-_.`, none of them empty or only dots that climb.
fn is_path(path: &str) -> bool {
    let is_known = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
    let is_segment =
        |segment: &str| !matches!(segment, "" | "." | "..") && segment.bytes().all(is_known);
    path.is_empty() || path.split('/').skip(1).all(is_segment)
}

fn workload(path: &str) -> Option<(&str, &str)> {
    let (namespace, service_account) = path.strip_prefix("/ns/")?.split_once("/sa/")?;
    let is_whole = !namespace.contains('/') && !service_account.contains('/');
    is_whole.then_some((namespace, service_account))
}

#[cfg(test)]
mod tests {
    use super::*;
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    fn peer(uri: &str) -> Result<Option<Peer>, Refusal> {
        named(&PeerFacts {
            uri_san: uri.to_owned(),
        })
    }

    #[test]
    fn istio_names_namespace_and_service_account() {
        let found = peer("spiffe://cluster.local/ns/shop/sa/cart")
            .unwrap()
            .unwrap();
        assert_eq!(found.trust_domain, "cluster.local");
        assert_eq!(found.namespace, "shop");
        assert_eq!(found.service_account, "cart");
    }

    #[test]
    fn other_workloads_have_a_trust_domain_only() {
        for uri in [
            "spiffe://example.org",
            "spiffe://example.org/billing/payments",
            "spiffe://example.org/ns/shop/sa/cart/extra",
            "spiffe://example.org/x/ns/shop/sa/cart",
            "spiffe://example.org/ns/a/b/sa/c",
        ] {
            let found = peer(uri).unwrap().unwrap();
            assert_eq!(found.spiffe_id, uri);
            assert_eq!(found.trust_domain, "example.org");
            assert_eq!((found.namespace, found.service_account), Default::default());
        }
    }

    #[test]
    fn what_is_no_spiffe_id_is_no_peer_or_refused() {
        for uri in ["", "https://example.org/x", "urn:uuid:1", "spiff"] {
            assert_eq!(peer(uri), Ok(None), "{uri}");
        }
        let long = format!("spiffe://example.org/{}", "x".repeat(SPIFFE_ID_BYTES));
        for uri in [
            "spiffe://",
            "spiffe:///ns/shop/sa/cart",
            "SPIFFE://example.org/x",
            "spiffe:example.org",
            "spiffe://Example.org/x",
            "spiffe://user@example.org/x",
            "spiffe://example.org:8443/x",
            "spiffe://example.org/",
            "spiffe://example.org/x/",
            "spiffe://example.org//x",
            "spiffe://example.org/a/../b",
            "spiffe://example.org/x?y",
            "spiffe://example.org/x#y",
            "spiffe://example.org/%2e",
            "spiffe://example.org/é",
            &long,
        ] {
            assert_eq!(peer(uri), Err(PEER_MALFORMED), "{uri}");
        }
    }
}
