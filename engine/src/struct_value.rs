//! `google.protobuf.Struct`: bytes become a [`Value`], and a [`Value`] becomes bytes.
//!
//! Envoy hands over claims and pasted configuration in this form, and takes the record in
//! it. Where a name stands twice the last one counts, as protobuf maps say.

use std::borrow::Cow;

use crate::limits;
use crate::protobuf::{self, Fields, Malformed, Payload};
use crate::value::Value;

/// Reads a serialized `Struct`.
///
/// # Errors
///
/// Bytes that are no such message, text that is not UTF-8, or nesting beyond the limit.
pub fn read(message: &[u8]) -> Result<Value<'_>, Malformed> {
    read_struct(message, limits::STRUCT_DEPTH)
}

fn read_struct(message: &[u8], depth_left: usize) -> Result<Value<'_>, Malformed> {
    let mut members: Vec<(Cow<'_, str>, Value<'_>)> = Vec::new();
    for field in Fields::of(message) {
        let (1, Payload::Bytes(entry)) = field? else {
            continue;
        };
        let (name, value) = read_entry(entry, depth_left)?;
        match members.iter_mut().find(|(known, _)| known == name) {
            Some(member) => member.1 = value,
            None => members.push((Cow::Borrowed(name), value)),
        }
    }
    Ok(Value::Object(members))
}

fn read_entry(entry: &[u8], depth_left: usize) -> Result<(&str, Value<'_>), Malformed> {
    let (mut name, mut value) = ("", Value::Null);
    for field in Fields::of(entry) {
        match field? {
            (1, Payload::Bytes(bytes)) => name = text(bytes)?,
            (2, Payload::Bytes(bytes)) => value = read_value(bytes, depth_left)?,
            _ => {}
        }
    }
    Ok((name, value))
}

fn read_value(message: &[u8], depth_left: usize) -> Result<Value<'_>, Malformed> {
    let deeper = depth_left.checked_sub(1).ok_or(Malformed)?;
    let mut value = Value::Null;
    for field in Fields::of(message) {
        value = match field? {
            (1, Payload::Varint(_)) => Value::Null,
            (2, Payload::Fixed64(bytes)) => Value::Number(f64::from_le_bytes(bytes)),
            (3, Payload::Bytes(bytes)) => Value::Text(Cow::Borrowed(text(bytes)?)),
            (4, Payload::Varint(bit)) => Value::Bool(bit != 0),
            (5, Payload::Bytes(bytes)) => read_struct(bytes, deeper)?,
            (6, Payload::Bytes(bytes)) => read_list(bytes, deeper)?,
            _ => value,
        };
    }
    Ok(value)
}

fn read_list(message: &[u8], depth_left: usize) -> Result<Value<'_>, Malformed> {
    let mut values = Vec::new();
    for field in Fields::of(message) {
        if let (1, Payload::Bytes(bytes)) = field? {
            values.push(read_value(bytes, depth_left)?);
        }
    }
    Ok(Value::List(values))
}

fn text(bytes: &[u8]) -> Result<&str, Malformed> {
    std::str::from_utf8(bytes).map_err(|_| Malformed)
}

/// Writes a `Struct` with these members.
#[must_use]
pub fn write(members: &[(Cow<'_, str>, Value<'_>)]) -> Vec<u8> {
    let mut out = Vec::with_capacity(512);
    write_struct(&mut out, members);
    out
}

fn write_struct(out: &mut Vec<u8>, members: &[(Cow<'_, str>, Value<'_>)]) {
    for (name, value) in members {
        protobuf::write_message(out, 1, |entry| {
            protobuf::write_bytes(entry, 1, name.as_bytes());
            protobuf::write_message(entry, 2, |inner| write_value(inner, value));
        });
    }
}

fn write_value(out: &mut Vec<u8>, value: &Value<'_>) {
    match value {
        Value::Null => protobuf::write_varint(out, 1, 0),
        Value::Number(number) => protobuf::write_double(out, 2, *number),
        Value::Text(text) => protobuf::write_bytes(out, 3, text.as_bytes()),
        Value::Bool(bit) => protobuf::write_varint(out, 4, u64::from(*bit)),
        Value::Object(members) => {
            protobuf::write_message(out, 5, |inner| write_struct(inner, members));
        }
        Value::List(values) => protobuf::write_message(out, 6, |list| {
            for value in values {
                protobuf::write_message(list, 1, |inner| write_value(inner, value));
            }
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json;
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    #[test]
    fn reads_back_every_kind_of_value() {
        let text = r#"{"a":null,"b":true,"c":-2.5,"d":"x","e":[1,[],{}],"f":{"g":"h"}}"#;
        let Value::Object(members) = json::parse(text).unwrap() else {
            panic!("expected an object");
        };
        let bytes = write(&members);
        assert_eq!(read(&bytes), Ok(Value::Object(members)));
    }

    #[test]
    fn the_last_of_two_members_counts() {
        let mut bytes = write(&[("a".into(), Value::from(1))]);
        bytes.extend(write(&[("a".into(), Value::from(2))]));
        assert_eq!(
            read(&bytes),
            Ok(Value::Object(vec![("a".into(), Value::from(2))]))
        );
    }

    #[test]
    fn refuses_nesting_beyond_the_limit() {
        let mut value = Value::Null;
        for _ in 0..=limits::STRUCT_DEPTH {
            value = Value::List(vec![value]);
        }
        assert_eq!(read(&write(&[("a".into(), value)])), Err(Malformed));
    }
}
