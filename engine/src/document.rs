//! The configuration as written: YAML, JSON or a protobuf `Struct` become one tree in which
//! every node knows where it stands.
//!
//! Nothing is interpreted here beyond scalars; `config` does that, and reports every mistake
//! at once.

mod nearest;
mod reader;
mod yaml;

use std::fmt;

pub use lictor_decide::position::Position;
pub use nearest::{advice, nearest};
pub use reader::{Mapping, Reader, Reading};

use crate::struct_value;
use crate::value::Value;

/// One node of the document.
#[derive(Debug, Clone, PartialEq)]
pub struct Node {
    /// Where it starts.
    pub position: Position,
    /// What it is.
    pub content: Content,
}

/// What a node holds.
#[derive(Debug, Clone, PartialEq)]
pub enum Content {
    /// Nothing.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A number.
    Number(f64),
    /// Text.
    Text(String),
    /// A sequence.
    List(Vec<Node>),
    /// A mapping, in order, each key once.
    Mapping(Vec<(Key, Node)>),
}

impl Content {
    /// The kind in the words of a message.
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Null => "nothing",
            Self::Bool(_) => "true or false",
            Self::Number(_) => "a number",
            Self::Text(_) => "text",
            Self::List(_) => "a list",
            Self::Mapping(_) => "a mapping",
        }
    }
}

/// A key of a mapping.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Key {
    /// Where it starts.
    pub position: Position,
    /// The key itself.
    pub text: String,
}

/// One mistake of the document's author.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mistake {
    /// Stable code.
    pub code: &'static str,
    /// The pack or file in which it stands; empty for the document itself.
    pub source: String,
    /// Where it stands.
    pub position: Position,
    /// The way to it from the root: `rules[2].match.action.effect`; empty at the root.
    pub path: String,
    /// What was expected.
    pub message: String,
}

impl Mistake {
    /// A mistake in the document itself, at a place that no path leads to.
    #[must_use]
    pub const fn at(code: &'static str, position: Position, message: String) -> Self {
        Self {
            code,
            source: String::new(),
            position,
            path: String::new(),
            message,
        }
    }
}

impl fmt::Display for Mistake {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.source.is_empty() {
            write!(out, "{}: ", self.source)?;
        }
        if self.position != Position::default() {
            let Position { line, column } = self.position;
            write!(out, "line {line}, column {column}: ")?;
        }
        if !self.path.is_empty() {
            write!(out, "{}: ", self.path)?;
        }
        write!(out, "{} ({})", self.message, self.code)
    }
}

/// Reads a document from the bytes of a plugin configuration.
///
/// Envoy passes `StringValue` and `BytesValue` on as they are, and `Struct` as serialized
/// protobuf; JSON is YAML.
///
/// # Errors
///
/// The first place where the bytes stop being a document.
pub fn read(bytes: &[u8]) -> Result<Node, Mistake> {
    // A serialized Struct starts with a line feed, as a YAML text may: the key that every
    // document must have tells them apart.
    if let (Some(b'\n'), Ok(value)) = (bytes.first(), struct_value::read(bytes))
        && value.member("lictor").is_some()
    {
        return Ok(from_value(&value));
    }
    let text = std::str::from_utf8(bytes).map_err(|_| Mistake {
        code: "document.not_utf8",
        source: String::new(),
        position: Position::default(),
        path: String::new(),
        message: "expected UTF-8 text or a google.protobuf.Struct".to_owned(),
    })?;
    yaml::read(text)
}

fn from_value(value: &Value<'_>) -> Node {
    let content = match value {
        Value::Null => Content::Null,
        Value::Bool(value) => Content::Bool(*value),
        Value::Number(value) => Content::Number(*value),
        Value::Text(text) => Content::Text(text.clone().into_owned()),
        Value::List(values) => Content::List(values.iter().map(from_value).collect()),
        Value::Object(members) => Content::Mapping(
            members
                .iter()
                .map(|(name, value)| (key(name), from_value(value)))
                .collect(),
        ),
    };
    Node {
        position: Position::default(),
        content,
    }
}

fn key(name: &str) -> Key {
    Key {
        position: Position::default(),
        text: name.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    pub(super) fn without_positions(node: &Node) -> Node {
        let content = match &node.content {
            Content::List(nodes) => Content::List(nodes.iter().map(without_positions).collect()),
            Content::Mapping(entries) => Content::Mapping(
                entries
                    .iter()
                    .map(|(found, node)| (key(&found.text), without_positions(node)))
                    .collect(),
            ),
            other => other.clone(),
        };
        Node {
            position: Position::default(),
            content,
        }
    }

    #[test]
    fn a_struct_reads_as_the_yaml_that_it_was_pasted_from() {
        let members = [
            ("lictor".into(), Value::from("v1")),
            (
                "rules".into(),
                Value::List(vec![Value::Bool(true), Value::from(7)]),
            ),
        ];
        let from_struct = read(&struct_value::write(&members)).unwrap();
        let from_yaml = read(b"\nlictor: v1\nrules: [true, 7]\n").unwrap();
        assert_eq!(from_struct, without_positions(&from_yaml));
    }

    #[test]
    fn a_mistake_prints_where_and_what() {
        let mistake = read(b"a: 1\na: 2").unwrap_err();
        assert_eq!(
            mistake.to_string(),
            "line 2, column 1: expected the key `a` once (document.duplicate_key)"
        );
        assert_eq!(read(b"\xff\xfe").unwrap_err().code, "document.not_utf8");
    }
}
