//! `schemas:` becomes the tables that APIs refer to by name.

use std::collections::BTreeMap;

use super::names::{NAME_EXPECTED, is_name};
use crate::document::{Mapping, Node, Reader};
use crate::sql::{Schema, SchemaTable};

pub(super) fn compile(
    reader: &mut Reader,
    found: Option<(&Node, String)>,
) -> BTreeMap<String, Schema> {
    let mut schemas = BTreeMap::new();
    let Some((node, path)) = found else {
        return schemas;
    };
    for (node, path) in reader.list(node, &path) {
        let Some(mapping) = reader.mapping(node, &path) else {
            continue;
        };
        if let Some((name, schema)) = schema(reader, mapping)
            && schemas.insert(name.clone(), schema).is_some()
        {
            let message = format!("expected the name `{name}` once");
            reader.mistake("schema.duplicate_name", node.position, &path, message);
        }
    }
    schemas
}

fn schema(reader: &mut Reader, mut mapping: Mapping<'_>) -> Option<(String, Schema)> {
    let name = mapping.required(reader, "name").and_then(|(node, path)| {
        let text = reader.text(node, &path)?;
        if !is_name(text) {
            reader.mistake(
                "schema.name",
                node.position,
                &path,
                NAME_EXPECTED.to_owned(),
            );
        }
        Some(text.to_owned())
    });
    let schema = read(reader, &mut mapping);
    mapping.finish(reader);
    Some((name?, schema?))
}

/// Reads `search_path` and `tables` of a schema; other keys are the caller's, who also ends the
/// reading of the mapping.
pub fn read(reader: &mut Reader, mapping: &mut Mapping<'_>) -> Option<Schema> {
    let search_path = mapping.optional("search_path");
    let search_path = search_path.map_or_else(Vec::new, |(node, path)| names(reader, node, &path));
    let tables = mapping.required(reader, "tables");
    let tables = tables.and_then(|(node, path)| reader.mapping(node, &path))?;
    let entries = tables.entries();
    Some(Schema {
        search_path,
        tables: entries
            .filter_map(|(key, node, path)| table(reader, &key.text, node, &path))
            .collect(),
    })
}

fn table(reader: &mut Reader, name: &str, node: &Node, path: &str) -> Option<SchemaTable> {
    let mut mapping = reader.mapping(node, path)?;
    let columns = mapping.required(reader, "columns");
    let columns = columns.map(|(node, path)| names(reader, node, &path));
    let mut keys = Vec::new();
    if let Some((node, path)) = mapping.optional("keys") {
        for (node, path) in reader.one_or_list(node, &path) {
            let key = names(reader, node, &path);
            let unknown = key
                .iter()
                .find(|column| !columns.iter().flatten().any(|known| known == *column));
            if let Some(column) = unknown {
                let message = format!("expected a column of the table, found `{column}`");
                reader.mistake("schema.unknown_column", node.position, &path, message);
            }
            keys.push(key);
        }
    }
    mapping.finish(reader);
    Some(SchemaTable {
        name: name.to_owned(),
        columns: columns?,
        keys,
    })
}

fn names(reader: &mut Reader, node: &Node, path: &str) -> Vec<String> {
    let texts = reader.texts(node, path);
    texts
        .into_iter()
        .map(|(text, _, _)| text.to_owned())
        .collect()
}
