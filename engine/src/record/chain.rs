//! Ties each record to the one before it, so that a missing or changed record shows.
//!
//! `hash` is the SHA-256 of the record with `chain.id`, `chain.prev` and `chain.seq` but
//! without `chain.hash`, in canonical form: members by name, no white space, which is what
//! RFC 8785 gives for a record. `prev` is the hash of the record before it, of the same chain.

use sha2::{Digest, Sha256};

use super::Record;
use crate::hex;
use crate::struct_value;
use crate::value::Value;

/// The chain of one filter instance: one per worker and start.
#[derive(Debug, Clone)]
pub struct Chain {
    id: String,
    sequence: u32,
    previous: String,
}

/// A record that has its place in a chain, in both forms that Envoy can log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chained {
    /// Serialized `google.protobuf.Struct`.
    pub struct_bytes: Vec<u8>,
    /// The same as JSON.
    pub json: String,
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

    /// Adds a record to the chain.
    pub fn add(&mut self, record: Record) -> Chained {
        self.sequence = self.sequence.saturating_add(1);
        let mut members = record.members;
        let place = members.partition_point(|(name, _)| name.as_ref() < "chain");
        members.insert(place, ("chain".into(), self.link()));
        let tree = Value::Object(members);
        let canonical = serde_json::to_string(&tree).unwrap_or_default();
        let mut hash = String::with_capacity(64);
        hex::push(&mut hash, &Sha256::digest(canonical.as_bytes()));
        let struct_bytes = match tree {
            Value::Object(mut members) => {
                if let Some((_, Value::Object(link))) = members.get_mut(place) {
                    link.insert(0, ("hash".into(), Value::from(hash.clone())));
                }
                struct_value::write(&members)
            }
            _ => Vec::new(),
        };
        let json = with_hash(&canonical, &hash);
        self.previous = hash;
        Chained { struct_bytes, json }
    }

    fn link(&self) -> Value<'static> {
        Value::Object(vec![
            ("id".into(), Value::from(self.id.clone())),
            ("prev".into(), Value::from(self.previous.clone())),
            ("seq".into(), Value::from(self.sequence)),
        ])
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
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    fn record(text: &'static str) -> Record {
        Record {
            members: vec![
                ("api".into(), Value::from(text)),
                ("id".into(), Value::from(7)),
            ],
        }
    }

    fn field(json: &str, name: &str) -> String {
        let tree: serde_json::Value = serde_json::from_str(json).unwrap();
        tree["chain"][name].to_string().trim_matches('"').to_owned()
    }

    #[test]
    fn each_record_names_the_hash_of_the_one_before() {
        let mut chain = Chain::new([7; 8]);
        let first = chain.add(record("a"));
        let second = chain.add(record("b"));
        assert_eq!(field(&first.json, "prev"), "");
        assert_eq!(field(&second.json, "prev"), field(&first.json, "hash"));
        assert_eq!(field(&second.json, "seq"), "2");
    }

    #[test]
    fn the_hash_can_be_computed_from_the_logged_json() {
        let logged = Chain::new([1; 8]).add(record("ä\"\n")).json;
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
