//! The value of `graphql:` becomes a definition: what fields mean, and queries by their hash.

use std::collections::BTreeMap;

use sha2::{Digest as _, Sha256};

use super::syntax;
use crate::action::{Effect, Reach};
use crate::document::{Mapping, Node, Reader};
use crate::glob::Glob;
use crate::hex;

/// How a server derives fields from what it stores.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Flavour {
    /// Nobody knows.
    Generic,
    /// Hasura.
    Hasura,
    /// PostGraphile.
    Postgraphile,
}

/// What the operator says about an API.
#[derive(Debug)]
pub(super) struct Definition {
    pub(super) flavour: Flavour,
    /// Root fields that are told of; the first that fits counts.
    pub(super) fields: Vec<Declared>,
    /// Tables by the word that the schema has for them, alone or after a table and a dot.
    pub(super) tables: BTreeMap<String, String>,
    /// Queries by the hash that clients may send instead.
    pub(super) persisted: BTreeMap<String, String>,
}

/// What root fields of a name mean.
#[derive(Debug)]
pub(super) struct Declared {
    pub(super) names: Vec<Glob>,
    pub(super) effect: Option<Effect>,
    pub(super) reach: Option<Reach>,
    pub(super) tables: Vec<String>,
    pub(super) key: Vec<String>,
    pub(super) filters: Vec<String>,
    pub(super) limit: Option<String>,
}

pub(super) fn compile(reader: &mut Reader, node: &Node, path: &str) -> Option<Definition> {
    let mut mapping = reader.mapping_or_nothing(node, path)?;
    let flavours = [
        ("generic", Flavour::Generic),
        ("hasura", Flavour::Hasura),
        ("postgraphile", Flavour::Postgraphile),
    ];
    let flavour = mapping.optional("flavour");
    let flavour = flavour.and_then(|(node, path)| reader.word(node, &path, &flavours));
    let mut fields = Vec::new();
    if let Some((node, path)) = mapping.optional("fields") {
        for (node, path) in reader.list(node, &path) {
            fields.extend(declared(reader, node, &path));
        }
    }
    let tables = texts_by_name(reader, &mut mapping, "tables");
    let persisted = persisted(reader, &mut mapping);
    mapping.finish(reader);
    Some(Definition {
        flavour: flavour.unwrap_or(Flavour::Generic),
        fields,
        tables,
        persisted,
    })
}

fn declared(reader: &mut Reader, node: &Node, path: &str) -> Option<Declared> {
    let mut mapping = reader.mapping(node, path)?;
    mapping.required(reader, "field");
    let names = words(reader, &mut mapping, "field");
    let effects = Effect::ALL.map(|effect| (effect.name(), effect));
    let effect = mapping.optional("effect");
    let effect = effect.and_then(|(node, path)| reader.word(node, &path, &effects));
    let reaches = [
        ("none", Reach::None),
        ("key", Reach::Key),
        ("filtered", Reach::Filtered),
        ("all", Reach::All),
        ("unknown", Reach::Unknown),
    ];
    let reach = mapping.optional("reach");
    let reach = reach.and_then(|(node, path)| reader.word(node, &path, &reaches));
    let limit = mapping.optional("limit");
    let limit = limit.and_then(|(node, path)| reader.text(node, &path));
    let declared = Declared {
        names: names.iter().map(|name| Glob::new(name, b'.')).collect(),
        effect,
        reach,
        tables: words(reader, &mut mapping, "table"),
        key: words(reader, &mut mapping, "key"),
        filters: words(reader, &mut mapping, "filters"),
        limit: limit.map(str::to_owned),
    };
    mapping.finish(reader);
    Some(declared)
}

fn words(reader: &mut Reader, mapping: &mut Mapping<'_>, key: &'static str) -> Vec<String> {
    let Some((node, path)) = mapping.optional(key) else {
        return Vec::new();
    };
    let texts = reader.texts(node, &path).into_iter();
    texts.map(|(text, _, _)| text.to_owned()).collect()
}

fn texts_by_name(
    reader: &mut Reader,
    mapping: &mut Mapping<'_>,
    key: &'static str,
) -> BTreeMap<String, String> {
    let found = mapping.optional(key);
    let Some(entries) = found.and_then(|(node, path)| reader.mapping(node, &path)) else {
        return BTreeMap::new();
    };
    let mut texts = BTreeMap::new();
    for (key, node, path) in entries.entries() {
        if let Some(text) = reader.text(node, &path) {
            texts.insert(key.text.clone(), text.to_owned());
        }
    }
    texts
}

/// Queries under their hash. One that can't be read is a mistake of the document's.
fn persisted(reader: &mut Reader, mapping: &mut Mapping<'_>) -> BTreeMap<String, String> {
    let found = mapping.optional("persisted");
    let Some(entries) = found.and_then(|(node, path)| reader.mapping(node, &path)) else {
        return BTreeMap::new();
    };
    let mut queries = BTreeMap::new();
    for (key, node, path) in entries.entries() {
        if key.text == "file" {
            let message =
                "expected queries by their hash: a file is put in place by `lictor render`";
            reader.mistake("api.file", node.position, &path, message.to_owned());
            continue;
        }
        let Some(query) = reader.text(node, &path) else {
            continue;
        };
        let name = key.text.strip_prefix("sha256:").unwrap_or(&key.text);
        if sha256(query) != name {
            let message = "expected the SHA-256 of the query in lower case as its name".to_owned();
            reader.mistake("graphql.persisted_hash", key.position, &path, message);
        } else if syntax::parse(query).is_err() {
            let message = "expected an executable GraphQL document".to_owned();
            reader.mistake("graphql.persisted_query", node.position, &path, message);
        }
        queries.insert(name.to_owned(), query.to_owned());
    }
    queries
}

/// The hash of a text in hexadecimal digits.
pub(super) fn sha256(text: &str) -> String {
    let mut digits = String::new();
    hex::push(&mut digits, &Sha256::digest(text.as_bytes()));
    digits
}
