//! The short form in which built-in services are written becomes a draft of a schema.
//!
//! One declaration a line:
//!
//! ```text
//! enum QueryMode: NORMAL PLAN PROFILE
//! KeySet: keys=1 opaque*, all=3 bool
//! Mutation: insert=1 Write|, delete=5 Delete|
//! ```
//!
//! `*` makes a list, `|` puts a field into the group of which one is set. Types that are
//! neither of the language's own nor declared here are a mistake that a test finds.

use super::Kind;
use super::descriptor::lower_camel;
use super::draft::{Draft, DraftField, DraftKind, DraftMessage};

/// Adds the types that a text declares; lines that begin with `rpc` are left to their reader.
///
/// # Errors
///
/// The line that is not of the form.
pub(in super::super) fn read(text: &str, draft: &mut Draft) -> Result<(), String> {
    let enums: Vec<&str> = text
        .lines()
        .filter_map(|line| line.strip_prefix("enum ")?.split(':').next())
        .collect();
    for line in text.lines().map(str::trim) {
        if line.is_empty() || line.starts_with("rpc ") {
            continue;
        }
        let wrong = || line.to_owned();
        let (name, rest) = line.split_once(':').ok_or_else(wrong)?;
        match name.strip_prefix("enum ") {
            Some(name) => {
                let names = rest.split_whitespace().map(Box::from);
                draft.r#enum(name.to_owned(), (0..).zip(names).collect());
            }
            None => {
                let fields = rest
                    .split(',')
                    .map(str::trim)
                    .filter(|field| !field.is_empty());
                let fields = fields.map(|field| read_field(field, &enums).ok_or_else(wrong));
                let message = DraftMessage {
                    fields: fields.collect::<Result<_, _>>()?,
                    is_entry: false,
                };
                draft.message(name.to_owned(), message)?;
            }
        }
    }
    Ok(())
}

fn read_field(text: &str, enums: &[&str]) -> Option<DraftField> {
    let (name, rest) = text.split_once('=')?;
    let (number, kind) = rest.split_once(' ')?;
    let (kind, is_repeated) = match kind.strip_suffix('*') {
        Some(kind) => (kind, true),
        None => (kind, false),
    };
    let (kind, oneof) = match kind.strip_suffix('|') {
        Some(kind) => (kind, Some(0)),
        None => (kind, None),
    };
    let kind = match own_kind(kind) {
        Some(own) => DraftKind::Own(own),
        None if enums.contains(&kind) => DraftKind::Enum(kind.to_owned()),
        None => DraftKind::Message(kind.to_owned()),
    };
    Some(DraftField {
        number: number.parse().ok()?,
        name: name.to_owned(),
        json_name: lower_camel(name),
        has_presence: oneof.is_some() || matches!(kind, DraftKind::Message(_)),
        kind,
        is_repeated,
        oneof,
    })
}

fn own_kind(name: &str) -> Option<Kind> {
    Some(match name {
        "string" => Kind::Text,
        "bytes" => Kind::Bytes,
        "bool" => Kind::Bool,
        "int32" => Kind::Int32,
        "int64" => Kind::Int64,
        "uint64" => Kind::Uint64,
        "double" => Kind::Double,
        "opaque" => Kind::Opaque,
        _ => return None,
    })
}
