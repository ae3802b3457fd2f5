//! Labels that stand in schemas to labels of data: of a schema, `Customer`, or of a property,
//! `Customer.email`.
//!
//! Goes through each schema where it stands, once; references are not followed further than to a
//! value without parts.

use super::super::{DataLabel, Labelled};
use super::extension::Extension;
use super::reference::{Root, entries, items, member};
use super::shape::quoted;
use crate::document::{Node, Reader};
use crate::limits;

/// Collects the labels of a document.
pub(super) struct Labels<'r, 'n> {
    pub(super) root: Root<'n>,
    pub(super) reader: &'r mut Reader,
    pub(super) found: Vec<DataLabel>,
}

impl<'n> Labels<'_, 'n> {
    /// The labels of a schema, and of what stands within it.
    pub(super) fn schema(&mut self, schema: &'n Node, table: &str, path: &str) {
        self.within(schema, table, path, limits::OPENAPI_DEPTH);
    }

    fn within(&mut self, schema: &'n Node, table: &str, path: &str, depth_left: usize) {
        let Some(depth_left) = depth_left.checked_sub(1) else {
            return;
        };
        if member(schema, "$ref").is_some() {
            return;
        }
        for label in Extension::read(self.reader, schema, path).labels {
            self.add(&label, Labelled::Table, table.to_owned());
        }
        for key in ["items", "additionalProperties"] {
            if let Some(inner) = member(schema, key) {
                self.within(inner, table, &format!("{path}.{key}"), depth_left);
            }
        }
        for joint in ["allOf", "oneOf", "anyOf"] {
            for part in items(member(schema, joint)) {
                self.within(part, table, &format!("{path}.{joint}"), depth_left);
            }
        }
        for (name, property) in member(schema, "properties").into_iter().flat_map(entries) {
            let quoted = quoted(name);
            let inner = format!("{table}.{quoted}");
            let path = format!("{path}.{name}");
            for label in self.of_property(property, &path) {
                self.add(&label, Labelled::Column, inner.clone());
            }
            if member(property, "properties")
                .or(member(property, "items"))
                .is_some()
            {
                self.inner(property, &inner, &path, depth_left);
            }
        }
    }

    /// What stands within a property: its own labels are those of its column.
    fn inner(&mut self, property: &'n Node, table: &str, path: &str, depth_left: usize) {
        let bare = entries(property).filter(|(key, _)| *key != "x-lictor");
        for (key, node) in bare {
            match key {
                "items" => self.within(node, table, &format!("{path}.items"), depth_left),
                "properties" => {
                    for (name, inner) in entries(node) {
                        let table = format!("{table}.{}", quoted(name));
                        let path = format!("{path}.{name}");
                        for label in self.of_property(inner, &path) {
                            self.add(&label, Labelled::Column, table.clone());
                        }
                        if let Some(depth_left) = depth_left.checked_sub(1) {
                            self.inner(inner, &table, &path, depth_left);
                        }
                    }
                }
                _ => {}
            }
        }
    }

    /// The labels of a property, and of a named value without parts that it is or lists.
    fn of_property(&mut self, property: &'n Node, path: &str) -> Vec<String> {
        let mut labels = Extension::read(self.reader, property, path).labels;
        let mut elsewhere = Reader::default();
        let mut node = property;
        for _ in 0..limits::OPENAPI_DEPTH {
            let Ok((schema, name)) = self.root.resolve(node) else {
                break;
            };
            if name.is_some() {
                labels.extend(Extension::read(&mut elsewhere, schema, path).labels);
            }
            match member(schema, "items") {
                Some(inner) => node = inner,
                None => break,
            }
        }
        labels
    }

    /// Notes a label once.
    pub(super) fn add(&mut self, label: &str, kind: Labelled, pattern: String) {
        let label = DataLabel {
            label: label.to_owned(),
            kind,
            pattern,
        };
        if !self.found.contains(&label) {
            self.found.push(label);
        }
    }
}
