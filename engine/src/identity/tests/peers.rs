//! The peer of a mutual TLS connection, with and without a token.

use super::*;
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

fn facts(uri_san: &str) -> PeerFacts {
    PeerFacts {
        uri_san: uri_san.to_owned(),
    }
}

fn with_use(peer: PeerUse) -> Reading {
    Reading {
        peer,
        ..Reading::default()
    }
}

const CART: &str = "spiffe://cluster.local/ns/shop/sa/cart";

#[test]
fn a_peer_is_a_fact_unless_it_is_configured_otherwise() {
    for (peer, kind, subject, is_told) in [
        (PeerUse::default(), Kind::Anonymous, "", true),
        (PeerUse::Fact, Kind::Anonymous, "", true),
        (PeerUse::Ignore, Kind::Anonymous, "", false),
        (PeerUse::Identity, Kind::Service, CART, true),
    ] {
        let found = with_use(peer).principal(b"", Some(&facts(CART))).unwrap();
        assert_eq!(
            (found.kind, found.subject.as_str()),
            (kind, subject),
            "{peer:?}"
        );
        assert_eq!(found.peer.is_some(), is_told, "{peer:?}");
    }
    let found = with_use(PeerUse::Identity)
        .principal(b"", Some(&facts(CART)))
        .unwrap();
    assert_eq!(found.issuer, "spiffe://cluster.local");
    assert_eq!(found.peer.clone().unwrap().namespace, "shop");
}

#[test]
fn a_token_says_who_asks_and_the_peer_from_where() {
    for peer in [PeerUse::Fact, PeerUse::Identity] {
        let token = metadata(r#"{"sub":"dana"}"#);
        let reading = with_use(peer);
        let found = reading.principal(&token, Some(&facts(CART))).unwrap();
        assert_eq!((found.subject.as_str(), found.kind), ("dana", Kind::Human));
        assert_eq!(found.peer.clone().unwrap().spiffe_id, CART);
        // Another connection with the same token is another caller.
        let other = facts("spiffe://cluster.local/ns/shop/sa/other");
        let found = reading.principal(&token, Some(&other)).unwrap();
        assert_eq!(found.peer.clone().unwrap().service_account, "other");
        assert_eq!(reading.principal(&token, None).unwrap().peer, None);
    }
}

#[test]
fn a_certificate_without_a_spiffe_id_is_nobodys() {
    let reading = with_use(PeerUse::Identity);
    let found = reading
        .principal(b"", Some(&facts("https://example.org/cart")))
        .unwrap();
    assert_eq!((found.kind, found.peer.clone()), (Kind::Anonymous, None));
    let refusal = reading
        .principal(b"", Some(&facts("spiffe://Example.org/x")))
        .unwrap_err();
    assert_eq!(refusal.code, "identity.peer_malformed");
    let ignored = with_use(PeerUse::Ignore);
    assert!(
        ignored
            .principal(b"", Some(&facts("spiffe://Example.org/x")))
            .is_ok()
    );
}
