//! `arguments:` of a tool: the names and types that its calls may bring. Where they are told, no
//! other argument passes.

use crate::document::{Node, Reader};
use crate::refusal::Refusal;
use crate::value::Value;

/// What each argument must be.
#[derive(Debug)]
pub(super) struct Types {
    known: Vec<(String, Type)>,
}

#[derive(Debug, Clone, Copy)]
enum Type {
    Any,
    Text,
    Whole,
    Number,
    Truth,
    List,
    Object,
}

const WORDS: [(&str, Type); 7] = [
    ("any", Type::Any),
    ("string", Type::Text),
    ("integer", Type::Whole),
    ("number", Type::Number),
    ("boolean", Type::Truth),
    ("array", Type::List),
    ("object", Type::Object),
];

impl Types {
    /// Reads names and the words of JSON Schema for types.
    pub(super) fn compile(reader: &mut Reader, node: &Node, path: &str) -> Self {
        let mut known = Vec::new();
        if let Some(mapping) = reader.mapping_or_nothing(node, path) {
            for (key, node, path) in mapping.entries() {
                let kind = reader.word(node, &path, &WORDS);
                known.extend(kind.map(|kind| (key.text.clone(), kind)));
            }
        }
        Self { known }
    }

    /// Whether arguments are what they should be; none has to be there.
    pub(super) fn check(&self, arguments: &Value<'_>) -> Result<(), Refusal> {
        let Value::Object(members) = arguments else {
            return Ok(());
        };
        for (name, value) in members {
            let kind = self.known.iter().find(|(known, _)| known == name);
            let (_, kind) = kind.ok_or(UNKNOWN)?;
            if !kind.takes(value) {
                return Err(TYPE);
            }
        }
        Ok(())
    }
}

impl Type {
    fn takes(self, value: &Value<'_>) -> bool {
        match (self, value) {
            (_, Value::Null)
            | (Self::Any, _)
            | (Self::Text, Value::Text(_))
            | (Self::Number, Value::Number(_))
            | (Self::Truth, Value::Bool(_))
            | (Self::List, Value::List(_))
            | (Self::Object, Value::Object(_)) => true,
            (Self::Whole, Value::Number(number)) => number.fract() == 0.0,
            _ => false,
        }
    }
}

const UNKNOWN: Refusal = Refusal::malformed(
    "tool.argument_unknown",
    "expected only arguments that are declared for the tool",
    "leave out arguments that the tool does not have",
);
const TYPE: Refusal = Refusal::malformed(
    "tool.argument_type",
    "expected each argument in the type that is declared for it",
    "send arguments as the tool documents them",
);
