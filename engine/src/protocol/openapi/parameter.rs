//! A parameter of an operation: where it stands, what it can be, and its value for rules.

use super::reference::{Root, items, member, text};
use crate::document::{Content, Node};
use crate::value::Value;

/// Where a parameter stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    Path,
    Query,
    Header,
}

/// One parameter.
#[derive(Debug, Clone)]
pub(super) struct Parameter {
    pub(super) name: String,
    pub(super) place: Place,
    kind: Kind,
    is_list: bool,
    /// The only texts that it can be; any where empty.
    words: Vec<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Text,
    Integer,
    Number,
    Bool,
    /// Several, or none that is told.
    Any,
}

impl Parameter {
    /// Reads a parameter; nothing where it stands in a cookie or is none.
    pub(super) fn read<'n>(root: Root<'n>, node: &'n Node) -> Option<Self> {
        let place = match member(node, "in").and_then(text)? {
            "path" => Place::Path,
            "query" => Place::Query,
            "header" => Place::Header,
            _ => return None,
        };
        let name = member(node, "name").and_then(text)?;
        let name = match place {
            Place::Header => name.to_ascii_lowercase(),
            _ => name.to_owned(),
        };
        let schema = member(node, "schema").and_then(|schema| root.resolve(schema).ok());
        let schema = schema.map(|(schema, _)| schema);
        let outer = schema.map_or(Kind::Any, kind);
        let is_list = schema
            .and_then(|schema| member(schema, "type"))
            .and_then(text)
            == Some("array");
        let inner = schema.and_then(|schema| member(schema, "items"));
        let inner = inner.and_then(|inner| root.resolve(inner).ok());
        let (kind, told) = match (is_list, inner) {
            (true, Some((inner, _))) => (kind(inner), Some(inner)),
            (true, None) => (Kind::Any, None),
            (false, _) => (outer, schema),
        };
        let words = told.map_or(&[][..], |told| items(member(told, "enum")));
        let texts: Vec<String> = words.iter().filter_map(text).map(str::to_owned).collect();
        let is_told = kind == Kind::Text && texts.len() == words.len();
        Some(Self {
            name,
            place,
            kind,
            is_list,
            words: if is_told { texts } else { Vec::new() },
        })
    }

    /// Whether the other stands in the same place.
    pub(super) fn is_same(&self, other: &Self) -> bool {
        self.place == other.place && self.name == other.name
    }

    /// What a text stands for; nothing where it can't be this parameter.
    pub(super) fn value(&self, text: &str) -> Option<Value<'static>> {
        if self.is_list {
            let values = text.split(',').map(|part| self.one(part));
            return values.collect::<Option<Vec<_>>>().map(Value::List);
        }
        self.one(text)
    }

    fn one(&self, text: &str) -> Option<Value<'static>> {
        let digits = text.strip_prefix('-').unwrap_or(text);
        let is_number = digits.starts_with(|first: char| first.is_ascii_digit());
        match self.kind {
            Kind::Integer if !digits.bytes().all(|byte| byte.is_ascii_digit()) => None,
            Kind::Integer | Kind::Number if is_number => {
                let number = text.parse::<f64>().ok();
                number
                    .filter(|number| number.is_finite())
                    .map(Value::Number)
            }
            Kind::Integer | Kind::Number => None,
            Kind::Bool => match text {
                "true" => Some(Value::Bool(true)),
                "false" => Some(Value::Bool(false)),
                _ => None,
            },
            Kind::Text | Kind::Any => {
                let is_known = self.words.is_empty() || self.words.iter().any(|word| word == text);
                is_known.then(|| Value::from(text.to_owned()))
            }
        }
    }
}

fn kind(schema: &Node) -> Kind {
    let Some(kind) = member(schema, "type") else {
        return Kind::Any;
    };
    let mut kinds: Vec<&str> = match &kind.content {
        Content::List(kinds) => kinds.iter().filter_map(text).collect(),
        _ => text(kind).into_iter().collect(),
    };
    kinds.retain(|kind| *kind != "null");
    match kinds.as_slice() {
        ["string"] => Kind::Text,
        ["integer"] => Kind::Integer,
        ["number"] => Kind::Number,
        ["boolean"] => Kind::Bool,
        _ => Kind::Any,
    }
}
