//! The JSON form of a message becomes the same tree that its bytes would become.
//!
//! Source: the JSON mapping of Protocol Buffers. Both spellings of a name are read, never two
//! of one field.

use std::borrow::Cow;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE};

use super::decode::{MALFORMED, REPEATED, TOO_DEEP, UNKNOWN_FIELD, whole};
use super::schema::{Field, Kind, Schema};
use crate::limits;
use crate::refusal::Refusal;
use crate::value::Value;

/// Reads the message of the type at `place`.
///
/// # Errors
///
/// JSON that is not the form of such a message.
pub(super) fn from_json<'v>(
    schema: &'v Schema,
    place: usize,
    json: &Value<'_>,
    depth: usize,
) -> Result<Value<'v>, Refusal> {
    let (Some(message), Value::Object(given)) = (schema.message(place), json) else {
        return Err(MALFORMED);
    };
    if depth >= limits::GRPC_DEPTH {
        return Err(TOO_DEEP);
    }
    let mut members: Vec<(Cow<'v, str>, Value<'v>)> = Vec::new();
    let mut groups = Vec::new();
    for (name, value) in given {
        let mut fields = message.fields.iter();
        let field = fields.find(|field| *field.name == **name || *field.json_name == **name);
        let field = field.ok_or(UNKNOWN_FIELD)?;
        if *value == Value::Null {
            continue;
        }
        let is_second = members.iter().any(|(known, _)| **known == *field.name)
            || field.oneof.is_some_and(|group| {
                let is_set = groups.contains(&group);
                groups.push(group);
                is_set
            });
        if is_second {
            return Err(REPEATED);
        }
        let value = from_field(schema, field, value, depth)?;
        members.push((Cow::Borrowed(&*field.name), value));
    }
    for field in &message.fields {
        let is_there = members.iter().any(|(name, _)| **name == *field.name);
        if !is_there && let Some(zero) = zero(schema, field) {
            members.push((Cow::Borrowed(&*field.name), zero));
        }
    }
    Ok(Value::Object(members))
}

fn from_field<'v>(
    schema: &'v Schema,
    field: &'v Field,
    value: &Value<'_>,
    depth: usize,
) -> Result<Value<'v>, Refusal> {
    match value {
        Value::List(items) if field.is_repeated => {
            let items = items
                .iter()
                .map(|item| one(schema, field.kind, item, depth));
            items.collect::<Result<_, _>>().map(Value::List)
        }
        _ if field.is_repeated => Err(MALFORMED),
        value => one(schema, field.kind, value, depth),
    }
}

fn one<'v>(
    schema: &'v Schema,
    kind: Kind,
    value: &Value<'_>,
    depth: usize,
) -> Result<Value<'v>, Refusal> {
    Ok(match (kind, value) {
        (Kind::Opaque, _) => Value::Null,
        (Kind::Message(place), value) => from_json(schema, place, value, depth.saturating_add(1))?,
        (Kind::Text, Value::Text(text)) => Value::from(text.clone().into_owned()),
        (Kind::Bytes, Value::Text(text)) => Value::from(STANDARD.encode(bytes(text)?)),
        (Kind::Bool, Value::Bool(is_true)) => Value::Bool(*is_true),
        (Kind::Enum(place), value) => name(schema, place, value).ok_or(MALFORMED)?,
        (Kind::Text | Kind::Bytes | Kind::Bool, _) => return Err(MALFORMED),
        (_, Value::Number(number)) => Value::Number(*number),
        (_, Value::Text(text)) => whole(text.parse().map_err(|_| MALFORMED)?),
        _ => return Err(MALFORMED),
    })
}

/// Standard or URL-safe base64, as the mapping has it.
fn bytes(text: &str) -> Result<Vec<u8>, Refusal> {
    let standard = STANDARD.decode(text);
    standard
        .or_else(|_| URL_SAFE.decode(text))
        .map_err(|_| MALFORMED)
}

fn name<'v>(schema: &'v Schema, place: usize, value: &Value<'_>) -> Option<Value<'v>> {
    let mut names = schema.names(place).iter();
    let found = names.find(|(number, name)| match value {
        Value::Text(text) => **name == **text,
        Value::Number(given) => *given == f64::from(*number),
        _ => false,
    });
    found.map(|(_, name)| Value::from(&**name))
}

fn zero<'v>(schema: &'v Schema, field: &Field) -> Option<Value<'v>> {
    match field.kind {
        _ if field.is_repeated => Some(Value::List(Vec::new())),
        _ if field.has_presence => None,
        Kind::Message(_) | Kind::Opaque => None,
        Kind::Text | Kind::Bytes => Some(Value::from("")),
        Kind::Bool => Some(Value::Bool(false)),
        Kind::Enum(place) => {
            let (_, name) = schema.names(place).first()?;
            Some(Value::from(&**name))
        }
        _ => Some(Value::Number(0.0)),
    }
}
