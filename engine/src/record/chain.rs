//! Ties each record to the one before it, so that a missing or changed record shows.
//!
//! `hash` is the SHA-256 of the record with `chain.id`, `chain.prev` and `chain.seq` but
//! without `chain.hash`, in canonical form: members by name, no white space, which is what
//! RFC 8785 gives for a record. `prev` is the hash of the record before it, of the same chain.

use sha2::{Digest, Sha256};

use super::sink::{Json, Members, Sink, Struct};
use super::{Ending, fill};
use crate::hex;
use crate::session::Session;

/// The chain of one filter instance: one per worker and start.
#[derive(Debug, Clone)]
pub struct Chain {
    id: String,
    sequence: u32,
    previous: String,
}

/// The place of a record in its chain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Link {
    /// Empty while it is being worked out.
    hash: String,
    id: String,
    previous: String,
    sequence: u32,
}

impl Link {
    pub(super) fn fill<S: Sink>(&self, members: &mut Members<'_, S>) {
        if !self.hash.is_empty() {
            members.text("hash", &self.hash);
        }
        members.text("id", &self.id);
        members.text("prev", &self.previous);
        members.number("seq", self.sequence);
    }
}

/// A record that has its place in a chain, for the forms in which Envoy can log it.
#[derive(Debug)]
pub struct Chained<'s> {
    session: &'s Session,
    ending: &'s Ending,
    link: Link,
    /// The record as JSON, in canonical form.
    pub json: String,
}

impl Chained<'_> {
    /// The record as a serialized `google.protobuf.Struct`.
    #[must_use]
    pub fn to_struct(&self) -> Vec<u8> {
        let mut sink = Struct(Vec::with_capacity(self.json.len().saturating_mul(2)));
        fill(self.session, self.ending, &self.link, &mut sink.members());
        sink.0
    }
}

impl Chain {
    /// A new chain; `random` tells it from every other.
    #[must_use]
    pub fn new(random: [u8; 8]) -> Self {
        let mut id = String::with_capacity(16);
        hex::push(&mut id, &random);
        Self {
            id,
            sequence: 0,
            previous: String::new(),
        }
    }

    /// Adds the record of an exchange to the chain.
    pub fn add<'s>(&mut self, session: &'s Session, ending: &'s Ending) -> Chained<'s> {
        self.sequence = self.sequence.saturating_add(1);
        let mut link = Link {
            hash: String::new(),
            id: self.id.clone(),
            previous: std::mem::take(&mut self.previous),
            sequence: self.sequence,
        };
        let mut canonical = Json(String::with_capacity(1536));
        canonical.object(|members| fill(session, ending, &link, members));
        link.hash.reserve(64);
        hex::push(&mut link.hash, &Sha256::digest(canonical.0.as_bytes()));
        self.previous.clone_from(&link.hash);
        Chained {
            session,
            ending,
            json: with_hash(&canonical.0, &link.hash),
            link,
        }
    }
}

/// The record with its hash as the first member of `chain`, without printing it again.
///
/// The quotes of a text are escaped, so what is searched for stands at the member itself only.
fn with_hash(canonical: &str, hash: &str) -> String {
    const CHAIN: &str = "\"chain\":{";
    match canonical.split_once(CHAIN) {
        Some((before, after)) => [before, CHAIN, "\"hash\":\"", hash, "\",", after].concat(),
        None => canonical.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config;
    use crate::message::Head;
    use std::rc::Rc;
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    fn session(id: &str) -> Session {
        let guard = config::compile(b"{lictor: v1, apis: [], rules: [], default: deny}").unwrap();
        Session::new(Rc::new(guard), Head::default(), id.to_owned())
    }

    fn field(json: &str, name: &str) -> String {
        let tree: serde_json::Value = serde_json::from_str(json).unwrap();
        tree["chain"][name].to_string().trim_matches('"').to_owned()
    }

    #[test]
    fn each_record_names_the_hash_of_the_one_before() {
        let mut chain = Chain::new([7; 8]);
        let (session, ending) = (session("a"), Ending::default());
        let first = chain.add(&session, &ending);
        let second = chain.add(&session, &ending);
        assert_eq!(field(&first.json, "prev"), "");
        assert_eq!(field(&second.json, "prev"), field(&first.json, "hash"));
        assert_eq!(field(&second.json, "seq"), "2");
    }

    #[test]
    fn the_hash_can_be_computed_from_the_logged_json() {
        let session = session("ä\"\n");
        let ending = Ending::default();
        let logged = Chain::new([1; 8]).add(&session, &ending).json;
        // serde_json's own map sorts its members, as Envoy's access log does.
        let mut tree: serde_json::Value = serde_json::from_str(&logged).unwrap();
        let hash = tree["chain"]
            .as_object_mut()
            .unwrap()
            .remove("hash")
            .unwrap();
        let mut expected = String::new();
        hex::push(&mut expected, &Sha256::digest(tree.to_string()));
        assert_eq!(hash, expected);
    }
}
