//! `x-lictor`: what an OpenAPI document says to the guard.

use super::super::http::REACHES;
use super::reference::member;
use crate::action::{Effect, Reach, Resource, ResourceKind};
use crate::document::{Content, Mapping, Node, Reader};

/// What stands under `x-lictor` of a path, an operation or a schema.
#[derive(Debug, Clone, Default)]
pub(super) struct Extension {
    pub(super) effect: Option<Effect>,
    pub(super) reach: Option<Reach>,
    pub(super) resource: Option<Resource>,
    pub(super) labels: Vec<String>,
    pub(super) limit: Option<String>,
    pub(super) filters: Vec<String>,
    pub(super) bulk: Vec<String>,
    /// Whether each call is one on many items.
    pub(super) is_bulk: bool,
}

impl Extension {
    /// Reads what stands beside a node's own keys.
    pub(super) fn read(reader: &mut Reader, node: &Node, path: &str) -> Self {
        let mut extension = Self::default();
        let Some(node) = member(node, "x-lictor") else {
            return extension;
        };
        let path = format!("{path}.x-lictor");
        let path = path.trim_start_matches('.');
        let Some(mut mapping) = reader.mapping(node, path) else {
            return extension;
        };
        let effects = Effect::ALL.map(|effect| (effect.name(), effect));
        let effect = mapping.optional("effect");
        extension.effect = effect.and_then(|(node, path)| reader.word(node, &path, &effects));
        let reach = mapping.optional("reach");
        extension.reach = reach.and_then(|(node, path)| reader.word(node, &path, &REACHES));
        let resource = mapping.optional("resource");
        extension.resource = resource.and_then(|(node, path)| resource_of(reader, node, &path));
        let limit = mapping.optional("limit");
        let limit = limit.and_then(|(node, path)| reader.text(node, &path));
        extension.limit = limit.map(str::to_owned);
        extension.labels = words(reader, &mut mapping, "labels");
        extension.filters = words(reader, &mut mapping, "filters");
        match mapping.optional("bulk") {
            Some((node, _)) if node.content == Content::Bool(true) => extension.is_bulk = true,
            _ => extension.bulk = words(reader, &mut mapping, "bulk"),
        }
        mapping.finish(reader);
        extension
    }

    /// This, and what it leaves open as the other has it.
    pub(super) fn or(mut self, outer: &Self) -> Self {
        self.effect = self.effect.or(outer.effect);
        self.reach = self.reach.or(outer.reach);
        self.resource = self.resource.or_else(|| outer.resource.clone());
        self.limit = self.limit.or_else(|| outer.limit.clone());
        self.labels.extend_from_slice(&outer.labels);
        self.filters.extend_from_slice(&outer.filters);
        self.bulk.extend_from_slice(&outer.bulk);
        self.is_bulk |= outer.is_bulk;
        self
    }
}

fn words(reader: &mut Reader, mapping: &mut Mapping<'_>, key: &'static str) -> Vec<String> {
    let Some((node, path)) = mapping.optional(key) else {
        return Vec::new();
    };
    let texts = reader.texts(node, &path).into_iter();
    texts.map(|(text, _, _)| text.to_owned()).collect()
}

fn resource_of(reader: &mut Reader, node: &Node, path: &str) -> Option<Resource> {
    let text = reader.text(node, path)?;
    let parts = text.split_once(':').filter(|(_, name)| !name.is_empty());
    let resource = parts.and_then(|(kind, name)| {
        let kind = ResourceKind::ALL
            .into_iter()
            .find(|known| known.name() == kind)?;
        Some(Resource {
            kind,
            name: name.to_owned(),
        })
    });
    if resource.is_none() {
        let message = format!("expected a resource such as `table:orders`, found `{text}`");
        reader.mistake("openapi.resource", node.position, path, message);
    }
    resource
}
