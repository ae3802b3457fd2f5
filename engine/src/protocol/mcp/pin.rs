//! `pins:` of a server's tools: the fingerprint of each as its operator saw it.
//!
//! A tool that is not pinned, or no longer what it was, is neither offered nor called. What a
//! call meets is what the last list said that this guard saw.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use sha2::{Digest as _, Sha256};

use super::fault;
use super::splice;
use crate::document::{Node, Reader};
use crate::hex;
use crate::json::{self, JsonError};
use crate::refusal::Refusal;
use crate::value::Value;

/// The tools that are pinned.
#[derive(Debug)]
pub(super) struct Pins {
    known: BTreeMap<String, String>,
    /// Those that were another when they were last seen.
    changed: RefCell<BTreeSet<String>>,
}

/// What a tool is held against.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Held {
    Same,
    Changed,
    Unpinned,
}

impl Pins {
    /// Reads names and fingerprints.
    pub(super) fn compile(reader: &mut Reader, node: &Node, path: &str) -> Option<Self> {
        let mapping = reader.mapping_or_nothing(node, path)?;
        let mut known = BTreeMap::new();
        for (key, node, path) in mapping.entries() {
            let Some(text) = reader.text(node, &path) else {
                continue;
            };
            let digits = text.strip_prefix("sha256:").unwrap_or_default();
            let is_digit = |byte: u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
            if digits.len() != 64 || !digits.bytes().all(is_digit) {
                let message = "expected `sha256:` and 64 digits, as `lictor pin` prints them";
                reader.mistake("mcp.pin", node.position, &path, message.to_owned());
            }
            known.insert(key.text.clone(), digits.to_owned());
        }
        Some(Self {
            known,
            changed: RefCell::default(),
        })
    }

    /// Holds a tool of a list against its pin, and remembers what comes of it.
    pub(super) fn hold(&self, name: &str, tool: &Value<'_>) -> Held {
        let Some(known) = self.known.get(name) else {
            return Held::Unpinned;
        };
        let mut changed = self.changed.borrow_mut();
        if *known == fingerprint(tool) {
            changed.remove(name);
            return Held::Same;
        }
        changed.insert(name.to_owned());
        Held::Changed
    }

    /// Whether a tool may be called.
    pub(super) fn check(&self, name: &str) -> Result<(), Refusal> {
        if !self.known.contains_key(name) {
            return Err(fault::UNPINNED);
        }
        match self.changed.borrow().contains(name) {
            true => Err(fault::CHANGED),
            false => Ok(()),
        }
    }
}

/// The SHA-256 of a tool's JSON with its members in order and no white space.
fn fingerprint(tool: &Value<'_>) -> String {
    let mut text = String::new();
    canonical(tool, &mut text);
    let mut digits = String::new();
    hex::push(&mut digits, &Sha256::digest(text.as_bytes()));
    digits
}

/// As deep as JSON may be nested.
fn canonical(value: &Value<'_>, out: &mut String) {
    let plain = |value: &Value<'_>| serde_json::to_string(value).unwrap_or_default();
    match value {
        Value::List(values) => {
            for (mark, value) in marks('[').zip(values) {
                out.push(mark);
                canonical(value, out);
            }
            out.push_str(if values.is_empty() { "[]" } else { "]" });
        }
        Value::Object(members) => {
            let mut sorted: Vec<_> = members.iter().collect();
            sorted.sort_by(|(one, _), (other, _)| one.cmp(other));
            for (mark, (name, value)) in marks('{').zip(sorted) {
                out.push(mark);
                out.push_str(&plain(&Value::from(&**name)));
                out.push(':');
                canonical(value, out);
            }
            out.push_str(if members.is_empty() { "{}" } else { "}" });
        }
        value => out.push_str(&plain(value)),
    }
}

/// What stands before each of several things.
fn marks(first: char) -> impl Iterator<Item = char> {
    std::iter::once(first).chain(std::iter::repeat(','))
}

/// The pins of the tools in a list: an answer to `tools/list`, its result, or the tools alone.
///
/// # Errors
///
/// A text that is not strict JSON.
///
/// ```
/// let list = r#"{"result": {"tools": [{"name": "echo", "inputSchema": {}}]}}"#;
/// let pins = lictor_engine::protocol::pins(list).unwrap();
/// assert_eq!(pins[0].0, "echo");
/// assert!(pins[0].1.starts_with("sha256:"));
/// ```
pub fn pins(text: &str) -> Result<Vec<(String, String)>, JsonError> {
    let value = json::parse(text)?;
    let list = value.at(&splice::TOOLS).or_else(|| value.member("tools"));
    let list = list.unwrap_or(&value);
    let tools = list.each().iter().filter_map(|tool| {
        let name = tool.member("name").and_then(Value::text)?;
        Some((name.to_owned(), format!("sha256:{}", fingerprint(tool))))
    });
    Ok(tools.collect())
}
