//! The paths of an OpenAPI document to operations, with nothing left to look up.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use super::super::template::Template;
use super::super::{DataLabel, Labelled, http};
use super::extension::Extension;
use super::labels::Labels;
use super::parameter::Parameter;
use super::reference::{Root, entries, items, member, text};
use super::shape::{self, Reached};
use crate::action::Effect;
use crate::document::{Node, Reader};

/// One operation.
#[derive(Debug)]
pub(super) struct Operation {
    pub(super) method: String,
    pub(super) template: Template,
    /// Its id, or its method where it has none.
    pub(super) name: String,
    pub(super) effect: Effect,
    pub(super) extension: Extension,
    pub(super) parameters: Vec<Parameter>,
    /// The media types of its body; any where empty.
    pub(super) media: Vec<String>,
    /// What a body of JSON sets.
    pub(super) written: Rc<[Reached]>,
    /// What comes out.
    pub(super) output: Rc<[Reached]>,
}

/// Reads operations.
pub(super) struct Operations<'r, 'n> {
    root: Root<'n>,
    labels: Labels<'r, 'n>,
    shapes: BTreeMap<String, Rc<[Reached]>>,
    found: Vec<Operation>,
}

/// The methods that a path can have.
const METHODS: [&str; 8] = [
    "get", "put", "post", "delete", "options", "head", "patch", "trace",
];

impl<'r, 'n> Operations<'r, 'n> {
    /// Every operation of a document below each of the base paths, and the labels in it.
    pub(super) fn read(
        reader: &'r mut Reader,
        document: &'n Node,
        path: &str,
        bases: &[String],
    ) -> (Vec<Operation>, Vec<DataLabel>) {
        let root = Root(document);
        let labels = Labels {
            root,
            reader,
            found: Vec::new(),
        };
        let mut operations = Self {
            root,
            labels,
            shapes: BTreeMap::new(),
            found: Vec::new(),
        };
        let schemas = member(document, "components").and_then(|node| member(node, "schemas"));
        for (name, schema) in schemas.into_iter().flat_map(entries) {
            let path = format!("{path}.components.schemas.{name}");
            operations.labels.schema(schema, name, &path);
        }
        for (name, item) in member(document, "paths").into_iter().flat_map(entries) {
            if name.starts_with('/') {
                operations.path(name, item, &format!("{path}.paths.{name}"), bases);
            }
        }
        (operations.found, operations.labels.found)
    }

    fn path(&mut self, name: &str, item: &'n Node, path: &str, bases: &[String]) {
        let Some(item) = self.resolved(item, path) else {
            return;
        };
        let outer = Extension::read(self.labels.reader, item, path);
        for method in METHODS {
            let Some(node) = member(item, method) else {
                continue;
            };
            let path = format!("{path}.{method}");
            for base in bases {
                let Some(template) = Template::parse(&format!("{base}{name}")) else {
                    let message =
                        format!("expected a path such as `/v1/orders/{{id}}`, found `{name}`");
                    let reader = &mut *self.labels.reader;
                    reader.mistake("api.path_template", node.position, &path, message);
                    return;
                };
                let extension = Extension::read(self.labels.reader, node, &path).or(&outer);
                self.operation(item, node, method, template, extension, &path);
            }
        }
    }

    fn operation(
        &mut self,
        item: &'n Node,
        node: &'n Node,
        method: &str,
        template: Template,
        extension: Extension,
        path: &str,
    ) {
        let method = method.to_ascii_uppercase();
        let id = member(node, "operationId").and_then(text);
        let name = id.unwrap_or(&method).to_owned();
        let table = id.unwrap_or(&template.text).to_owned();
        for label in &extension.labels {
            self.labels
                .add(label, Labelled::Path, template.text.clone());
        }
        let mut parameters: Vec<Parameter> = Vec::new();
        for holder in [item, node] {
            for node in items(member(holder, "parameters")) {
                let Some(node) = self.resolved(node, path) else {
                    continue;
                };
                if let Some(parameter) = Parameter::read(self.root, node) {
                    parameters.retain(|known| !known.is_same(&parameter));
                    parameters.push(parameter);
                }
            }
        }
        let body = member(node, "requestBody").and_then(|body| self.resolved(body, path));
        let content = body.and_then(|body| member(body, "content"));
        let media = content.into_iter().flat_map(entries);
        let media = media.map(|(name, _)| essence(name)).collect();
        let written = self.content(content, &table, path);
        let effect = http::effect(&method).unwrap_or(Effect::Unknown);
        let effect = extension.effect.unwrap_or(effect);
        let output = match effect {
            Effect::Delete | Effect::Drop => Rc::from([]),
            _ => self.output(node, &table, path),
        };
        self.found.push(Operation {
            method,
            template,
            name,
            effect,
            extension,
            parameters,
            media,
            written,
            output,
        });
    }

    /// What the good answers hold. Where none is told, it could be anything.
    fn output(&mut self, node: &'n Node, table: &str, path: &str) -> Rc<[Reached]> {
        let mut all: Vec<Reached> = Vec::new();
        let mut is_told = false;
        for (status, answer) in member(node, "responses").into_iter().flat_map(entries) {
            if !status.starts_with('2') && status != "default" {
                continue;
            }
            let Some(answer) = self.resolved(answer, path) else {
                continue;
            };
            is_told |= status != "default";
            all.extend_from_slice(&self.content(member(answer, "content"), table, path));
        }
        if !is_told {
            all.push((String::new(), shape::any_column("")));
        }
        once(all)
    }

    fn content(&mut self, content: Option<&'n Node>, table: &str, path: &str) -> Rc<[Reached]> {
        let mut all: Vec<Reached> = Vec::new();
        for (_, media) in content.into_iter().flat_map(entries) {
            match member(media, "schema") {
                Some(schema) => {
                    self.labels.schema(schema, table, path);
                    all.extend_from_slice(&self.shape(schema, table));
                }
                None => all.push((String::new(), shape::any_column(table))),
            }
        }
        once(all)
    }

    fn shape(&mut self, schema: &'n Node, table: &str) -> Rc<[Reached]> {
        let (schema, table) = match self.root.resolve(schema) {
            Ok((schema, Some(name))) => (schema, name),
            _ => (schema, table),
        };
        let root = self.root;
        let key = shape::place(schema, table);
        let known = self.shapes.entry(key);
        let shape = known.or_insert_with(|| shape::columns(root, schema, table).into());
        Rc::clone(shape)
    }

    /// What a node stands for; a mistake where its reference leads nowhere in this document.
    fn resolved(&mut self, node: &'n Node, path: &str) -> Option<&'n Node> {
        let found = self.root.resolve(node);
        if found.is_err() {
            let message = "expected a reference to something in the same document, such as `#/components/schemas/Order`";
            let reader = &mut *self.labels.reader;
            reader.mistake("openapi.reference", node.position, path, message.to_owned());
        }
        found.ok().map(|(node, _)| node)
    }
}

/// Each column once, in order.
fn once(all: Vec<Reached>) -> Rc<[Reached]> {
    let mut columns = BTreeSet::new();
    for column in all {
        columns.insert(column);
    }
    columns.into_iter().collect()
}

/// A media type without its parameters, in lower case.
pub(super) fn essence(media: &str) -> String {
    let essence = media.split(';').next().unwrap_or_default();
    essence.trim().to_ascii_lowercase()
}
