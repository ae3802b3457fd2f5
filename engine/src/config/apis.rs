//! `apis:` becomes the guarded surfaces.

use std::collections::BTreeSet;

use super::Api;
use super::names::{NAME_EXPECTED, is_name};
use crate::document::{Mapping, Node, Reader};
use crate::glob::Glob;
use crate::protocol::{self, Given, Protocol};

pub(super) fn compile(reader: &mut Reader, node: &Node, path: &str, given: &Given) -> Vec<Api> {
    let mut apis = Vec::new();
    let mut names = BTreeSet::new();
    for (node, path) in reader.list(node, path) {
        let Some(mapping) = reader.mapping(node, &path) else {
            continue;
        };
        if let Some(api) = api(reader, mapping, given) {
            if !names.insert(api.name.clone()) {
                let message = format!("expected the name `{}` once", api.name);
                reader.mistake("api.duplicate_name", node.position, &path, message);
            }
            apis.push(api);
        }
    }
    apis
}

fn api(reader: &mut Reader, mut mapping: Mapping<'_>, given: &Given) -> Option<Api> {
    let name = mapping.required(reader, "name").and_then(|(node, path)| {
        let text = reader.text(node, &path)?;
        if !is_name(text) {
            reader.mistake("api.name", node.position, &path, NAME_EXPECTED.to_owned());
        }
        Some(text.to_owned())
    });
    let matching = mapping.required(reader, "match");
    let matching = matching.and_then(|(node, path)| reader.mapping(node, &path));
    let (mut hosts, mut paths, mut methods) = (Vec::new(), Vec::new(), Vec::new());
    if let Some(mut matching) = matching {
        hosts = globs(reader, &mut matching, "host", b'.');
        paths = globs(reader, &mut matching, "path", b'/');
        methods = words(reader, &mut matching, "methods");
        matching.finish(reader);
    }
    let environment = mapping.optional("environment");
    let environment = environment.and_then(|(node, path)| reader.text(node, &path));
    let protocol = protocol(reader, &mut mapping, given);
    mapping.finish(reader);
    Some(Api {
        name: name?,
        hosts,
        paths,
        methods,
        environment: environment.map(str::to_owned),
        protocol: protocol?,
    })
}

fn globs(
    reader: &mut Reader,
    mapping: &mut Mapping<'_>,
    key: &'static str,
    separator: u8,
) -> Vec<Glob> {
    let texts = words(reader, mapping, key);
    texts
        .iter()
        .map(|text| Glob::new(text, separator))
        .collect()
}

fn words(reader: &mut Reader, mapping: &mut Mapping<'_>, key: &'static str) -> Vec<String> {
    let found = mapping.optional(key);
    let texts = found
        .map(|(node, path)| reader.texts(node, &path))
        .unwrap_or_default();
    texts
        .into_iter()
        .map(|(text, _, _)| text.to_owned())
        .collect()
}

/// The one protocol that the API names by its key.
fn protocol(
    reader: &mut Reader,
    mapping: &mut Mapping<'_>,
    given: &Given,
) -> Option<Box<dyn Protocol>> {
    let mut found = Vec::new();
    for entry in &protocol::TABLE {
        if let Some((node, path)) = mapping.optional(entry.name) {
            found.push((entry.compile)(reader, node, &path, given));
        }
    }
    let mut found = found.into_iter();
    match (found.next(), found.next()) {
        (Some(protocol), None) => protocol,
        _ => {
            let names = protocol::TABLE
                .each_ref()
                .map(|entry| entry.name)
                .join("`, `");
            let message = format!("expected exactly one of `{names}`");
            reader.mistake("api.protocol", mapping.position, &mapping.path, message);
            None
        }
    }
}
