//! A `FileDescriptorSet`, as protoc and buf write it, becomes a draft of a schema.
//!
//! Source: `google/protobuf/descriptor.proto`.

use super::Kind;
use super::draft::{Draft, DraftField, DraftKind, DraftMessage};
use crate::limits;
use crate::protobuf::{Fields, Malformed, Payload};

/// Adds what a descriptor set declares.
///
/// # Errors
///
/// In words: what is wrong with it.
pub(in super::super) fn read(bytes: &[u8], draft: &mut Draft) -> Result<(), String> {
    let mut count = 0_usize;
    each(bytes, |number, payload| match (number, payload) {
        (1, Payload::Bytes(file)) => {
            count = count.saturating_add(1);
            read_file(file, draft)
        }
        _ => Ok(()),
    })?;
    if count == 0 {
        return Err(NOT_A_SET.to_owned());
    }
    Ok(())
}

const NOT_A_SET: &str =
    "expected a descriptor set as `protoc --descriptor_set_out` or `buf build` writes it";

impl From<Malformed> for String {
    fn from(_: Malformed) -> Self {
        NOT_A_SET.to_owned()
    }
}

fn each<'b>(
    message: &'b [u8],
    mut take: impl FnMut(u32, Payload<'b>) -> Result<(), String>,
) -> Result<(), String> {
    Fields::of(message).try_for_each(|field| {
        let (number, payload) = field?;
        take(number, payload)
    })
}

fn text(bytes: &[u8]) -> Result<String, String> {
    String::from_utf8(bytes.to_vec()).map_err(|_| NOT_A_SET.to_owned())
}

/// Which fields tell "not set" from zero, where they do not say so themselves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Syntax {
    Explicit,
    Implicit,
}

fn read_file(file: &[u8], draft: &mut Draft) -> Result<(), String> {
    let (mut package, mut syntax) = (String::new(), Syntax::Explicit);
    each(file, |number, payload| {
        match (number, payload) {
            (2, Payload::Bytes(name)) => package = text(name)?,
            (12, Payload::Bytes(b"proto3")) => syntax = Syntax::Implicit,
            _ => {}
        }
        Ok(())
    })?;
    each(file, |number, payload| match (number, payload) {
        (4, Payload::Bytes(message)) => read_message(message, &package, syntax, 0, draft),
        (5, Payload::Bytes(one)) => read_enum(one, &package, draft),
        (6, Payload::Bytes(service)) => read_service(service, &package, draft),
        _ => Ok(()),
    })
}

fn below(parent: &str, name: &str) -> String {
    if parent.is_empty() {
        name.to_owned()
    } else {
        format!("{parent}.{name}")
    }
}

/// The name of a declaration, which is always its first field.
fn name_of(declaration: &[u8]) -> Result<String, String> {
    let mut name = None;
    each(declaration, |number, payload| {
        if let (1, Payload::Bytes(bytes)) = (number, payload) {
            name = Some(text(bytes)?);
        }
        Ok(())
    })?;
    name.ok_or_else(|| NOT_A_SET.to_owned())
}

fn read_message(
    bytes: &[u8],
    parent: &str,
    syntax: Syntax,
    depth: usize,
    draft: &mut Draft,
) -> Result<(), String> {
    if depth >= limits::DOCUMENT_DEPTH {
        return Err(NOT_A_SET.to_owned());
    }
    let name = below(parent, &name_of(bytes)?);
    let mut message = DraftMessage::default();
    each(bytes, |number, payload| {
        match (number, payload) {
            (2, Payload::Bytes(field)) => message.fields.push(read_field(field, syntax)?),
            (3, Payload::Bytes(nested)) => {
                read_message(nested, &name, syntax, depth.saturating_add(1), draft)?;
            }
            (4, Payload::Bytes(one)) => read_enum(one, &name, draft)?,
            (7, Payload::Bytes(options)) => {
                message.is_entry = Fields::of(options)
                    .flatten()
                    .any(|option| option == (7, Payload::Varint(1)));
            }
            _ => {}
        }
        Ok(())
    })?;
    draft.message(name, message)
}

fn read_field(bytes: &[u8], syntax: Syntax) -> Result<DraftField, String> {
    const REPEATED: u64 = 3;
    let (mut number, mut label, mut kind) = (0, 0, 0);
    let (mut name, mut json_name, mut type_name) = (String::new(), None, String::new());
    let (mut oneof, mut is_optional, mut is_implicit) = (None, false, false);
    each(bytes, |field, payload| {
        match (field, payload) {
            (1, Payload::Bytes(bytes)) => name = text(bytes)?,
            (3, Payload::Varint(value)) => number = value,
            (4, Payload::Varint(value)) => label = value,
            (5, Payload::Varint(value)) => kind = value,
            (6, Payload::Bytes(bytes)) => type_name = text(bytes)?,
            (8, Payload::Bytes(options)) => is_implicit = has_implicit_presence(options),
            (9, Payload::Varint(value)) => oneof = u32::try_from(value).ok(),
            (10, Payload::Bytes(bytes)) => json_name = Some(text(bytes)?),
            (17, Payload::Varint(value)) => is_optional = value != 0,
            _ => {}
        }
        Ok(())
    })?;
    let type_name = type_name.trim_start_matches('.').to_owned();
    let kind = match kind {
        11 => DraftKind::Message(type_name),
        14 => DraftKind::Enum(type_name),
        own => {
            DraftKind::Own(own_kind(own).ok_or("expected no groups, which no reader should take")?)
        }
    };
    let is_explicit = syntax == Syntax::Explicit && !is_implicit;
    Ok(DraftField {
        number: u32::try_from(number).map_err(|_| NOT_A_SET)?,
        json_name: json_name.unwrap_or_else(|| lower_camel(&name)),
        name,
        is_repeated: label == REPEATED,
        // The group that an `optional` of proto3 stands in is there for its presence only.
        oneof: oneof.filter(|_| !is_optional),
        has_presence: is_explicit || oneof.is_some() || matches!(kind, DraftKind::Message(_)),
        kind,
    })
}

/// `features.field_presence = IMPLICIT`, as editions have it.
fn has_implicit_presence(options: &[u8]) -> bool {
    let mut features = Fields::of(options).flatten();
    features.any(|option| match option {
        (21, Payload::Bytes(features)) => Fields::of(features)
            .flatten()
            .any(|feature| feature == (1, Payload::Varint(2))),
        _ => false,
    })
}

pub(super) fn lower_camel(name: &str) -> String {
    let mut camel = String::with_capacity(name.len());
    let mut is_start = false;
    for letter in name.chars() {
        match letter {
            '_' => is_start = true,
            _ if is_start => {
                camel.push(letter.to_ascii_uppercase());
                is_start = false;
            }
            _ => camel.push(letter),
        }
    }
    camel
}

const fn own_kind(number: u64) -> Option<Kind> {
    Some(match number {
        1 => Kind::Double,
        2 => Kind::Float,
        3 => Kind::Int64,
        4 => Kind::Uint64,
        5 => Kind::Int32,
        6 => Kind::Fixed64,
        7 => Kind::Fixed32,
        8 => Kind::Bool,
        9 => Kind::Text,
        12 => Kind::Bytes,
        13 => Kind::Uint32,
        15 => Kind::Sfixed32,
        16 => Kind::Sfixed64,
        17 => Kind::Sint32,
        18 => Kind::Sint64,
        _ => return None,
    })
}

fn read_enum(bytes: &[u8], parent: &str, draft: &mut Draft) -> Result<(), String> {
    let name = below(parent, &name_of(bytes)?);
    let mut names = Vec::new();
    each(bytes, |number, payload| {
        if let (2, Payload::Bytes(value)) = (number, payload) {
            let mut place = 0_i32;
            each(value, |number, payload| {
                if let (2, Payload::Varint(value)) = (number, payload) {
                    #[expect(
                        clippy::cast_possible_truncation,
                        reason = "sign-extended on the wire"
                    )]
                    let value = value as i32;
                    place = value;
                }
                Ok(())
            })?;
            names.push((place, name_of(value)?.into_boxed_str()));
        }
        Ok(())
    })?;
    draft.r#enum(name, names);
    Ok(())
}

fn read_service(bytes: &[u8], package: &str, draft: &mut Draft) -> Result<(), String> {
    let service = below(package, &name_of(bytes)?);
    each(bytes, |number, payload| {
        let (2, Payload::Bytes(method)) = (number, payload) else {
            return Ok(());
        };
        let (mut input, mut is_streamed) = (String::new(), false);
        each(method, |number, payload| {
            match (number, payload) {
                (2, Payload::Bytes(name)) => {
                    input = text(name)?.trim_start_matches('.').to_owned();
                }
                (5, Payload::Varint(value)) => is_streamed = value != 0,
                _ => {}
            }
            Ok(())
        })?;
        draft.method(
            format!("{service}/{}", name_of(method)?),
            input,
            is_streamed,
        );
        Ok(())
    })
}

#[cfg(test)]
mod tests;
