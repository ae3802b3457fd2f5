//! A message as a case of a policy writes it becomes its bytes: for tests, never in a filter.
//!
//! As in JSON, with two differences that make cases readable: `bytes` are text as it stands, or
//! `{base64: …}`; and where a message of any type is wanted, in `bytes` too, `@type` names it.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::built_in;
use super::compile::descriptors;
use super::schema::{Field, Kind, Schema};
use crate::document::{Node, Reader};
use crate::protobuf::{write_bytes, write_double, write_varint};
use crate::value::Value;

/// The bytes of a message of that method, `package.Service/Method`, by the descriptors of a
/// document or those of a built-in service.
///
/// # Errors
///
/// In words: a method or a field that nobody declares, a value of another type.
pub fn encode(given: Option<&Node>, method: &str, message: &Value<'_>) -> Result<Vec<u8>, String> {
    let mut reader = Reader::default();
    let own = descriptors(
        &mut reader,
        given.map(|node| (node, "descriptors".to_owned())),
    );
    let built_in = built_in::schemas();
    let mut schemas = std::iter::once(&*own).chain(&built_in);
    let found = schemas.find_map(|schema| Some((schema, schema.method(method)?)));
    let (schema, method) =
        found.ok_or_else(|| format!("expected a method that is declared, found `{method}`"))?;
    let mut out = Vec::new();
    if let Some(input) = method.input {
        write(schema, input, message, &mut out)?;
    }
    Ok(out)
}

fn write(
    schema: &Schema,
    place: usize,
    message: &Value<'_>,
    out: &mut Vec<u8>,
) -> Result<(), String> {
    let declared = schema.message(place).ok_or("expected a message")?;
    let Value::Object(members) = message else {
        return Err(format!("expected the fields of `{}`", declared.name));
    };
    for (name, value) in members {
        let mut fields = declared.fields.iter();
        let field = fields.find(|field| *field.name == **name || *field.json_name == **name);
        let field = field
            .ok_or_else(|| format!("expected a field of `{}`, found `{name}`", declared.name))?;
        match value {
            Value::List(items) if field.is_repeated => {
                for item in items {
                    write_one(schema, field, item, out)?;
                }
            }
            value => write_one(schema, field, value, out)?,
        }
    }
    Ok(())
}

fn write_one(
    schema: &Schema,
    field: &Field,
    value: &Value<'_>,
    out: &mut Vec<u8>,
) -> Result<(), String> {
    let number = field.number;
    match (field.kind, value) {
        (Kind::Double, Value::Number(value)) => write_double(out, number, *value),
        (Kind::Message(place), value) => {
            let mut inner = Vec::new();
            write(schema, place, value, &mut inner)?;
            write_bytes(out, number, &inner);
        }
        (Kind::Text | Kind::Bytes | Kind::Opaque, Value::Text(text)) => {
            write_bytes(out, number, text.as_bytes());
        }
        (Kind::Bytes | Kind::Opaque, value) => write_bytes(out, number, &any(schema, value)?),
        (Kind::Bool, Value::Bool(is_true)) => write_varint(out, number, u64::from(*is_true)),
        (Kind::Enum(place), Value::Text(text)) => {
            let mut names = schema.names(place).iter();
            let found = names.find(|(_, name)| **name == **text);
            let (value, _) =
                found.ok_or_else(|| format!("expected a name of the enum, found `{text}`"))?;
            write_varint(out, number, i64::from(*value).cast_unsigned());
        }
        (kind, Value::Number(value)) => {
            #[expect(
                clippy::cast_possible_truncation,
                reason = "a case writes whole numbers"
            )]
            let value = *value as i64;
            let value = match kind {
                Kind::Sint32 | Kind::Sint64 => (value << 1) ^ (value >> 63),
                Kind::Text | Kind::Bytes | Kind::Opaque | Kind::Bool => {
                    return Err(format!("expected another value for `{}`", field.name));
                }
                _ => value,
            };
            write_varint(out, number, value.cast_unsigned());
        }
        _ => return Err(format!("expected another value for `{}`", field.name)),
    }
    Ok(())
}

/// `{base64: …}`, or an `Any` of the type that `@type` names.
fn any(schema: &Schema, value: &Value<'_>) -> Result<Vec<u8>, String> {
    if let Some(text) = value.member("base64").and_then(Value::text) {
        return STANDARD
            .decode(text)
            .map_err(|_| "expected base64".to_owned());
    }
    let (Value::Object(members), Some(name)) = (value, value.member("@type").and_then(Value::text))
    else {
        return Err("expected text, `base64` or `@type`".to_owned());
    };
    let fields = members.iter().filter(|(name, _)| name != "@type").cloned();
    let fields = Value::Object(fields.collect());
    let mut content = Vec::new();
    let short = name.rsplit('.').next().unwrap_or_default();
    if let Some(place) = schema.place(name).or_else(|| schema.place(short)) {
        write(schema, place, &fields, &mut content)?;
    }
    let mut out = Vec::new();
    write_bytes(
        &mut out,
        1,
        format!("type.googleapis.com/{name}").as_bytes(),
    );
    write_bytes(&mut out, 2, &content);
    Ok(out)
}
