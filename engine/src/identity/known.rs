//! Principals that were read before, by the verified payloads they were read from.
//!
//! A client sends the same token with every call. The key is the whole of what Envoy verified,
//! the peer included, so that no two callers share a principal. Bounded in entries and in bytes.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use super::{PeerFacts, Principal};
use crate::limits::{KNOWN_PRINCIPAL_BYTES, KNOWN_PRINCIPALS};

/// What is remembered.
#[derive(Debug, Clone, Default)]
pub struct Known {
    principals: RefCell<BTreeMap<Box<[u8]>, Rc<Principal>>>,
    /// The key of the call at hand, so that looking one up allocates nothing.
    key: RefCell<Vec<u8>>,
}

impl Known {
    /// The principal of these payloads and this peer: remembered, or read now. Errors are not
    /// remembered.
    pub(super) fn of<E>(
        &self,
        payloads: &[u8],
        peer: Option<&PeerFacts>,
        read: impl FnOnce() -> Result<Principal, E>,
    ) -> Result<Rc<Principal>, E> {
        let mut key = self.key.borrow_mut();
        write_key(&mut key, payloads, peer);
        if let Some(principal) = self.principals.borrow().get(&**key) {
            return Ok(Rc::clone(principal));
        }
        let principal = Rc::new(read()?);
        if key.len() <= KNOWN_PRINCIPAL_BYTES {
            let mut known = self.principals.borrow_mut();
            // Reading one again is cheap: no need to find out which are still in use.
            if known.len() >= KNOWN_PRINCIPALS {
                known.clear();
            }
            known.insert(key.as_slice().into(), Rc::clone(&principal));
        }
        Ok(principal)
    }
}

/// INVARIANT (whole key): the length of the peer's name comes first, so that no end of it can
/// pass for the start of payloads.
fn write_key(key: &mut Vec<u8>, payloads: &[u8], peer: Option<&PeerFacts>) {
    let name = peer.map_or(&[][..], |peer| peer.uri_san.as_bytes());
    key.clear();
    key.push(u8::from(peer.is_some()));
    key.extend_from_slice(&name.len().to_le_bytes());
    key.extend_from_slice(name);
    key.extend_from_slice(payloads);
    // One large token must not hold its memory for ever.
    key.shrink_to(KNOWN_PRINCIPAL_BYTES);
}

#[cfg(test)]
mod tests {
    use super::super::anonymous;
    use super::{KNOWN_PRINCIPAL_BYTES, KNOWN_PRINCIPALS, Known, PeerFacts, Principal};
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    fn named(subject: &str) -> Result<Principal, ()> {
        Ok(Principal {
            subject: subject.to_owned(),
            ..anonymous()
        })
    }

    #[test]
    fn only_the_same_payloads_give_the_same_principal() {
        let known = Known::default();
        let subject = |payloads: &[u8], new| {
            let found = known.of(payloads, None, || named(new)).unwrap();
            found.subject.clone()
        };
        assert_eq!(subject(b"a", "ana"), "ana");
        assert_eq!(subject(b"a", "bob"), "ana");
        assert_eq!(subject(b"ab", "bob"), "bob");
    }

    #[test]
    fn the_same_payloads_of_another_peer_are_another_principal() {
        let known = Known::default();
        let subject = |payloads: &[u8], peer: Option<&str>, new| {
            let peer = peer.map(|uri_san| PeerFacts {
                uri_san: uri_san.to_owned(),
            });
            let found = known.of(payloads, peer.as_ref(), || named(new)).unwrap();
            found.subject.clone()
        };
        assert_eq!(subject(b"xy", None, "1"), "1");
        assert_eq!(subject(b"xy", Some(""), "2"), "2");
        assert_eq!(subject(b"y", Some("x"), "3"), "3");
        assert_eq!(subject(b"", Some("xy"), "4"), "4");
        assert_eq!(subject(b"xy", Some("z"), "5"), "5");
        assert_eq!(subject(b"xy", None, "6"), "1");
    }

    #[test]
    fn what_could_not_be_read_is_not_remembered() {
        let known = Known::default();
        assert!(known.of(b"a", None, || Err(())).is_err());
        let found = known.of(b"a", None, || named("ana")).unwrap();
        assert_eq!(found.subject, "ana");
    }

    #[test]
    fn there_are_never_too_many_or_too_large_ones() {
        let known = Known::default();
        for number in 0..KNOWN_PRINCIPALS.saturating_mul(3) {
            let payloads = number.to_le_bytes();
            known.of(&payloads, None, || named("x")).unwrap();
            assert!(known.principals.borrow().len() <= KNOWN_PRINCIPALS);
        }
        let before = known.principals.borrow().len();
        let large = vec![0; KNOWN_PRINCIPAL_BYTES];
        known.of(&large, None, || named("x")).unwrap();
        assert_eq!(known.principals.borrow().len(), before);
    }
}
