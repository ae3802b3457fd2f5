//! `definitions:` becomes what APIs may `use` by name: APIs of the author's own.

use super::names::{NAME_EXPECTED, is_name};
use crate::document::{Content, Node, Reader};
use crate::protocol::{Given, declared};

/// The definitions by name, not yet compiled: that happens where one is used.
pub(super) fn read(
    reader: &mut Reader,
    found: Option<(&Node, String)>,
) -> Vec<(String, Node, String)> {
    let mut definitions: Vec<(String, Node, String)> = Vec::new();
    let Some((node, path)) = found else {
        return definitions;
    };
    for (node, path) in reader.list(node, &path) {
        let Some(name) = name_of(node) else {
            let message = "expected the key `api` with a name".to_owned();
            reader.mistake("document.missing_key", node.position, &path, message);
            continue;
        };
        if !is_name(name) {
            reader.mistake("api.name", node.position, &path, NAME_EXPECTED.to_owned());
        }
        if definitions.iter().any(|(known, ..)| known == name) {
            let message = format!("expected the definition `{name}` once");
            reader.mistake("api.duplicate_name", node.position, &path, message);
        }
        definitions.push((name.to_owned(), node.clone(), path));
    }
    definitions
}

fn name_of(node: &Node) -> Option<&str> {
    let Content::Mapping(entries) = &node.content else {
        return None;
    };
    let (_, node) = entries.iter().find(|(key, _)| key.text == "api")?;
    match &node.content {
        Content::Text(name) => Some(name),
        _ => None,
    }
}

/// Looks for mistakes in those that no API uses.
pub(super) fn check_unused(reader: &mut Reader, given: &Given) {
    for (name, node, path) in &given.definitions {
        if !given.used.borrow().contains(name) {
            declared::check(reader, node, path, given);
        }
    }
}
