//! Strict JSON: bytes become one [`Value`], or a coded refusal.
//!
//! What two parsers could read differently is refused: a name twice in one object, anything
//! after the value, a byte order mark, text that is not UTF-8, nesting beyond the limit.

use std::borrow::Cow;
use std::cell::Cell;
use std::collections::BTreeSet;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};

use crate::limits;
use crate::value::Value;

/// Why a text is not JSON that every parser reads alike.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum JsonError {
    /// An object names a member twice.
    DuplicateKey,
    /// Arrays and objects are nested too deeply.
    TooDeep,
    /// Something follows the value.
    TrailingData,
    /// Not JSON at all; where, by line and column (both from 1).
    Syntax {
        /// Line of the first mistake.
        line: usize,
        /// Column of the first mistake.
        column: usize,
    },
}

impl JsonError {
    /// The stable code.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::DuplicateKey => "json.duplicate_key",
            Self::TooDeep => "json.too_deep",
            Self::TrailingData => "json.trailing_data",
            Self::Syntax { .. } => "json.syntax",
        }
    }
}

impl fmt::Display for JsonError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::DuplicateKey => out.write_str("expected each member name once in an object"),
            Self::TooDeep => write!(
                out,
                "expected at most {} levels of nesting",
                limits::JSON_DEPTH
            ),
            Self::TrailingData => out.write_str("expected nothing after the JSON value"),
            Self::Syntax { line, column } => {
                write!(out, "expected valid JSON, see line {line}, column {column}")
            }
        }
    }
}

/// Reads one JSON value that makes up the whole text.
///
/// # Errors
///
/// The first thing that is not strict JSON.
///
/// ```
/// use lictor_engine::json::{self, JsonError};
///
/// assert!(json::parse(r#"{"query": "SELECT 1"}"#).is_ok());
/// assert_eq!(json::parse(r#"{"a": 1, "a": 2}"#), Err(JsonError::DuplicateKey));
/// ```
pub fn parse(text: &str) -> Result<Value<'_>, JsonError> {
    let fault = Cell::new(None);
    let mut deserializer = serde_json::Deserializer::from_str(text);
    let seed = Strict {
        depth_left: limits::JSON_DEPTH,
        fault: &fault,
    };
    let value = seed
        .deserialize(&mut deserializer)
        .map_err(|error| fault.get().unwrap_or_else(|| syntax(&error)))?;
    deserializer.end().map_err(|_| JsonError::TrailingData)?;
    Ok(value)
}

fn syntax(error: &serde_json::Error) -> JsonError {
    JsonError::Syntax {
        line: error.line(),
        column: error.column(),
    }
}

#[derive(Clone, Copy)]
struct Strict<'f> {
    depth_left: usize,
    fault: &'f Cell<Option<JsonError>>,
}

impl Strict<'_> {
    fn deeper<E: serde::de::Error>(self) -> Result<Self, E> {
        match self.depth_left.checked_sub(1) {
            Some(depth_left) => Ok(Self { depth_left, ..self }),
            None => Err(self.refuse(JsonError::TooDeep)),
        }
    }

    fn refuse<E: serde::de::Error>(self, fault: JsonError) -> E {
        self.fault.set(Some(fault));
        E::custom("")
    }
}

impl<'de> DeserializeSeed<'de> for Strict<'_> {
    type Value = Value<'de>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value<'de>, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Strict<'_> {
    type Value = Value<'de>;

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Value<'de>, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value<'de>, E> {
        Ok(Value::Bool(value))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value<'de>, E> {
        Ok(Value::Number(value))
    }

    #[expect(
        clippy::cast_precision_loss,
        reason = "numbers are doubles here, as in claims"
    )]
    fn visit_i64<E>(self, value: i64) -> Result<Value<'de>, E> {
        Ok(Value::Number(value as f64))
    }

    #[expect(
        clippy::cast_precision_loss,
        reason = "numbers are doubles here, as in claims"
    )]
    fn visit_u64<E>(self, value: u64) -> Result<Value<'de>, E> {
        Ok(Value::Number(value as f64))
    }

    fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Value<'de>, E> {
        Ok(Value::Text(Cow::Borrowed(text)))
    }

    fn visit_str<E>(self, text: &str) -> Result<Value<'de>, E> {
        Ok(Value::Text(Cow::Owned(text.to_owned())))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value<'de>, A::Error> {
        let inner = self.deeper()?;
        let mut values = Vec::new();
        while let Some(value) = items.next_element_seed(inner)? {
            values.push(value);
        }
        Ok(Value::List(values))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Value<'de>, A::Error> {
        let inner = self.deeper()?;
        let mut members: Vec<(Cow<'de, str>, Value<'de>)> = Vec::new();
        while let Some(Value::Text(name)) = entries.next_key_seed(Name)? {
            members.push((name, entries.next_value_seed(inner)?));
        }
        if repeats(&members) {
            return Err(self.refuse(JsonError::DuplicateKey));
        }
        Ok(Value::Object(members))
    }
}

/// A member name, borrowed where it has no escape.
struct Name;

impl<'de> DeserializeSeed<'de> for Name {
    type Value = Value<'de>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value<'de>, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl<'de> Visitor<'de> for Name {
    type Value = Value<'de>;

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("a member name")
    }

    fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Value<'de>, E> {
        Ok(Value::Text(Cow::Borrowed(text)))
    }

    fn visit_str<E>(self, text: &str) -> Result<Value<'de>, E> {
        Ok(Value::Text(Cow::Owned(text.to_owned())))
    }
}

/// Whether a name stands twice. An ordered set, because the caller chooses the names and a
/// hash map with a known seed could be made slow by them.
fn repeats(members: &[(Cow<'_, str>, Value<'_>)]) -> bool {
    const FEW: usize = 8;
    if members.len() <= FEW {
        return members.iter().enumerate().any(|(index, (name, _))| {
            members
                .iter()
                .skip(index.saturating_add(1))
                .any(|(other, _)| other == name)
        });
    }
    let mut seen = BTreeSet::new();
    members.iter().any(|(name, _)| !seen.insert(name.as_ref()))
}

#[cfg(test)]
mod tests {
    use super::*;
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    #[test]
    fn reads_every_kind_of_value() {
        let value = parse(r#"{"a": [null, true, -1, 2.5, "x\n"], "b": {}}"#).unwrap();
        let Some(Value::List(items)) = value.member("a") else {
            panic!("expected a list");
        };
        assert_eq!(items.len(), 5);
        assert_eq!(items[4], Value::from("x\n"));
        assert_eq!(value.member("b"), Some(&Value::Object(vec![])));
    }

    #[test]
    fn refuses_a_name_twice_also_when_one_is_escaped() {
        assert_eq!(parse(r#"{"q":1,"\u0071":2}"#), Err(JsonError::DuplicateKey));
        assert_eq!(
            parse(r#"[{"x":{"q":1,"q":1}}]"#),
            Err(JsonError::DuplicateKey)
        );
        let many = (0..50).map(|n| format!("\"k{n}\":0,")).collect::<String>();
        let text = format!("{{{many}\"k7\":1}}");
        assert_eq!(parse(&text), Err(JsonError::DuplicateKey));
    }

    #[test]
    fn refuses_what_follows_the_value() {
        assert_eq!(parse("{} {}"), Err(JsonError::TrailingData));
        assert_eq!(parse("1,"), Err(JsonError::TrailingData));
    }

    #[test]
    fn refuses_nesting_beyond_the_limit_and_reads_up_to_it() {
        let nested = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
        assert!(parse(&nested(limits::JSON_DEPTH)).is_ok());
        assert_eq!(
            parse(&nested(limits::JSON_DEPTH + 1)),
            Err(JsonError::TooDeep)
        );
        assert_eq!(parse(&nested(100_000)), Err(JsonError::TooDeep));
    }

    #[test]
    fn says_where_the_syntax_breaks() {
        assert!(matches!(
            parse("{\"a\":\n nope}"),
            Err(JsonError::Syntax { line: 2, .. })
        ));
        for broken in [
            "",
            "\u{feff}{}",
            "{'a':1}",
            "[1,]",
            "\"\\ud800\"",
            "1e999",
            "NaN",
        ] {
            assert!(
                matches!(parse(broken), Err(JsonError::Syntax { .. })),
                "{broken}"
            );
        }
    }
}
