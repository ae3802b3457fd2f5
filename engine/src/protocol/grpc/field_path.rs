//! The way to a field of a message: `$.statements[*].sql`.

use std::borrow::Cow;

use super::schema::{Kind, Schema};
use crate::value::Value;

/// Names from a message down; every item of a list on the way.
#[derive(Debug)]
pub(super) struct FieldPath(Vec<Box<str>>);

impl FieldPath {
    /// Reads a path of fields that the message has; in words, what is wrong with it.
    pub(super) fn read(text: &str, schema: &Schema, place: usize) -> Result<Self, String> {
        let expected = || "expected a path such as `$.query` or `$.statements[*].sql`".to_owned();
        let rest = text.strip_prefix("$.").ok_or_else(expected)?;
        let (mut place, mut names) = (Some(place), Vec::new());
        for part in rest.split('.') {
            let (name, is_list) = match part.strip_suffix("[*]") {
                Some(name) => (name, true),
                None => (part, false),
            };
            let message = place
                .and_then(|place| schema.message(place))
                .ok_or_else(expected)?;
            let mut fields = message.fields.iter();
            let Some(field) = fields.find(|field| *field.name == *name) else {
                return Err(format!(
                    "expected a field of `{}`, found `{name}`",
                    message.name
                ));
            };
            if field.is_repeated != is_list {
                let form = if is_list { "without" } else { "with" };
                return Err(format!("expected `{name}` {form} `[*]`"));
            }
            place = match field.kind {
                Kind::Message(place) => Some(place),
                _ => None,
            };
            names.push(Box::from(name));
        }
        Ok(Self(names))
    }

    /// What stands there, list by list.
    pub(super) fn of<'v, 'm>(&self, message: &'v Value<'m>) -> Vec<&'v Value<'m>> {
        let mut found = vec![message];
        for name in &self.0 {
            let members = found.into_iter().filter_map(|value| value.member(name));
            found = members.flat_map(Value::each).collect();
        }
        found
    }

    /// The texts that stand there.
    pub(super) fn texts<'v>(&self, message: &'v Value<'_>) -> Vec<Cow<'v, str>> {
        let values = self.of(message).into_iter();
        values
            .filter_map(|value| value.text().map(Cow::Borrowed))
            .collect()
    }

    /// How many values other than zero stand there.
    pub(super) fn count(&self, message: &Value<'_>) -> usize {
        self.of(message)
            .into_iter()
            .filter(|value| is_set(value))
            .count()
    }
}

/// Whether a value is not the zero of its type.
pub(super) fn is_set(value: &Value<'_>) -> bool {
    match value {
        Value::Null => false,
        Value::Bool(is_true) => *is_true,
        Value::Number(number) => *number != 0.0,
        Value::Text(text) => !text.is_empty(),
        Value::List(items) => !items.is_empty(),
        Value::Object(_) => true,
    }
}
