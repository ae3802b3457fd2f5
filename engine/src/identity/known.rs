//! Principals that were read before, by the verified payloads they were read from.
//!
//! A client sends the same token with every call. The key is the whole of what Envoy verified,
//! so that no two tokens share a principal. Bounded in entries and in bytes.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use super::Principal;
use crate::limits::{KNOWN_PRINCIPAL_BYTES, KNOWN_PRINCIPALS};

/// What is remembered.
#[derive(Debug, Clone, Default)]
pub struct Known(RefCell<BTreeMap<Box<[u8]>, Rc<Principal>>>);

impl Known {
    /// The principal of these payloads: remembered, or read now. Errors are not remembered.
    pub(super) fn of<E>(
        &self,
        payloads: &[u8],
        read: impl FnOnce() -> Result<Principal, E>,
    ) -> Result<Rc<Principal>, E> {
        if let Some(principal) = self.0.borrow().get(payloads) {
            return Ok(Rc::clone(principal));
        }
        let principal = Rc::new(read()?);
        if payloads.len() <= KNOWN_PRINCIPAL_BYTES {
            let mut known = self.0.borrow_mut();
            // Reading one again is cheap: no need to find out which are still in use.
            if known.len() >= KNOWN_PRINCIPALS {
                known.clear();
            }
            known.insert(payloads.into(), Rc::clone(&principal));
        }
        Ok(principal)
    }
}

#[cfg(test)]
mod tests {
    use super::super::anonymous;
    use super::{KNOWN_PRINCIPAL_BYTES, KNOWN_PRINCIPALS, Known, Principal};
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
        assert_eq!(known.of(b"a", || named("ana")).unwrap().subject, "ana");
        assert_eq!(known.of(b"a", || named("bob")).unwrap().subject, "ana");
        assert_eq!(known.of(b"ab", || named("bob")).unwrap().subject, "bob");
    }

    #[test]
    fn what_could_not_be_read_is_not_remembered() {
        let known = Known::default();
        assert!(known.of(b"a", || Err(())).is_err());
        assert_eq!(known.of(b"a", || named("ana")).unwrap().subject, "ana");
    }

    #[test]
    fn there_are_never_too_many_or_too_large_ones() {
        let known = Known::default();
        for number in 0..KNOWN_PRINCIPALS.saturating_mul(3) {
            known.of(&number.to_le_bytes(), || named("x")).unwrap();
            assert!(known.0.borrow().len() <= KNOWN_PRINCIPALS);
        }
        let large = vec![0; KNOWN_PRINCIPAL_BYTES.saturating_add(1)];
        known.of(&large, || named("x")).unwrap();
        assert!(!known.0.borrow().contains_key(&large[..]));
    }
}
