//! Envoy's metadata becomes the claims of the tokens that it verified.
//!
//! Whatever two readers could take differently is refused: a name twice, on whatever level.
//! Bytes, claims and nesting are counted before anything is built.

use super::fault::{DUPLICATE_CLAIM, TOO_LARGE, UNREADABLE};
use crate::limits;
use crate::protobuf::{self, Fields, Malformed, Payload};
use crate::refusal::Refusal;
use crate::struct_value;
use crate::value::Value;

/// The filter whose metadata counts.
const JWT_AUTHN: &[u8] = b"envoy.filters.http.jwt_authn";

/// The `Struct` under `filter_metadata["envoy.filters.http.jwt_authn"]`; empty where there is none.
pub(super) fn payloads(metadata: &[u8]) -> Result<&[u8], Refusal> {
    let mut found = None;
    for field in Fields::of(metadata) {
        let (1, Payload::Bytes(entry)) = field? else {
            continue;
        };
        let (name, content) = entry_of(entry)?;
        if name == JWT_AUTHN && found.replace(content).is_some() {
            return Err(UNREADABLE);
        }
    }
    Ok(found.unwrap_or_default())
}

/// Name and content of an entry of a protobuf map.
fn entry_of(entry: &[u8]) -> Result<(&[u8], &[u8]), Malformed> {
    let (mut name, mut content) = (&b""[..], &b""[..]);
    for part in Fields::of(entry) {
        match part? {
            (1, Payload::Bytes(bytes)) => name = bytes,
            (2, Payload::Bytes(bytes)) => content = bytes,
            _ => {}
        }
    }
    Ok((name, content))
}

/// All payloads by their key.
pub(super) fn read(payloads: &[u8]) -> Result<Value<'_>, Refusal> {
    if payloads.len() > limits::CLAIM_BYTES {
        return Err(TOO_LARGE);
    }
    let mut left = limits::CLAIM_VALUES;
    check_object(payloads, limits::STRUCT_DEPTH, &mut left)?;
    Ok(struct_value::read(payloads)?)
}

fn check_object(message: &[u8], depth_left: usize, left: &mut usize) -> Result<(), Refusal> {
    let deeper = depth_left.checked_sub(1).ok_or(UNREADABLE)?;
    let mut names = Vec::new();
    for field in Fields::of(message) {
        let (1, Payload::Bytes(entry)) = field? else {
            continue;
        };
        let (name, content) = entry_of(entry)?;
        names.push(name);
        check_value(content, deeper, left)?;
    }
    if names.len() > limits::CLAIM_MEMBERS {
        return Err(TOO_LARGE);
    }
    names.sort_unstable();
    let is_twice = names.windows(2).any(|pair| pair.first() == pair.last());
    if is_twice {
        Err(DUPLICATE_CLAIM)
    } else {
        Ok(())
    }
}

fn check_value(message: &[u8], depth_left: usize, left: &mut usize) -> Result<(), Refusal> {
    *left = left.checked_sub(1).ok_or(TOO_LARGE)?;
    for field in Fields::of(message) {
        match field? {
            (5, Payload::Bytes(bytes)) => check_object(bytes, depth_left, left)?,
            (6, Payload::Bytes(bytes)) => check_list(bytes, depth_left, left)?,
            _ => {}
        }
    }
    Ok(())
}

fn check_list(message: &[u8], depth_left: usize, left: &mut usize) -> Result<(), Refusal> {
    let deeper = depth_left.checked_sub(1).ok_or(UNREADABLE)?;
    for field in Fields::of(message) {
        if let (1, Payload::Bytes(bytes)) = field? {
            check_value(bytes, deeper, left)?;
        }
    }
    Ok(())
}

impl From<Malformed> for Refusal {
    fn from(Malformed: Malformed) -> Self {
        UNREADABLE
    }
}

/// Metadata as Envoy's `jwt_authn` leaves it behind for a verified token: what tools and tests
/// hand in where no Envoy is.
#[must_use]
pub fn metadata_of(key: &str, claims: &Value<'_>) -> Vec<u8> {
    metadata_of_each(&[(key, claims.clone())])
}

/// The same for several verified tokens, each under its own key.
#[must_use]
pub fn metadata_of_each(tokens: &[(&str, Value<'_>)]) -> Vec<u8> {
    let members: Vec<_> = tokens
        .iter()
        .map(|(key, claims)| ((*key).into(), claims.clone()))
        .collect();
    let payloads = struct_value::write(&members);
    let mut bytes = Vec::with_capacity(payloads.len().saturating_add(64));
    protobuf::write_message(&mut bytes, 1, |entry| {
        protobuf::write_bytes(entry, 1, JWT_AUTHN);
        protobuf::write_bytes(entry, 2, &payloads);
    });
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    fn member(name: &str, value: Value<'_>) -> Vec<u8> {
        struct_value::write(&[(name.to_owned().into(), value)])
    }

    fn code(payloads: &[u8]) -> &'static str {
        read(payloads).map_or_else(|refusal| refusal.code, |_| "")
    }

    #[test]
    fn refuses_a_name_twice_wherever_it_stands() {
        let twice = [member("sub", "a".into()), member("sub", "b".into())].concat();
        assert_eq!(code(&twice), "identity.duplicate_claim");
        let twice = Value::Object(vec![("x".into(), 1.into()), ("x".into(), 1.into())]);
        let inside = member("jwt", Value::List(vec![twice.clone()]));
        assert_eq!(code(&inside), "identity.duplicate_claim");
        assert_eq!(code(&member("jwt", twice)), "identity.duplicate_claim");
    }

    #[test]
    fn refuses_too_many_and_too_deep() {
        let list = |length: usize| Value::List(vec![Value::Null; length]);
        assert_eq!(code(&member("a", list(limits::CLAIM_VALUES - 1))), "");
        assert_eq!(
            code(&member("a", list(limits::CLAIM_VALUES))),
            "identity.too_large"
        );
        let members = |count: usize| {
            let names = (0..count).map(|name| (name.to_string().into(), Value::Null));
            Value::Object(names.collect())
        };
        assert_eq!(code(&member("a", members(limits::CLAIM_MEMBERS))), "");
        assert_eq!(
            code(&member("a", members(limits::CLAIM_MEMBERS + 1))),
            "identity.too_large"
        );
        let text = "x".repeat(limits::CLAIM_BYTES);
        assert_eq!(code(&member("a", text.into())), "identity.too_large");
        let deep =
            (0..=limits::STRUCT_DEPTH).fold(Value::Null, |inner, _| Value::List(vec![inner]));
        assert_eq!(code(&member("a", deep)), "identity.unreadable");
    }

    #[test]
    fn the_filter_is_named_once() {
        let one = metadata_of("jwt", &Value::Object(Vec::new()));
        assert!(payloads(&one).is_ok());
        assert_eq!(payloads(&[one.clone(), one].concat()), Err(UNREADABLE));
        assert_eq!(payloads(&[0x0a, 0xff]), Err(UNREADABLE));
    }
}
