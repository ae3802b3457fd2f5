//! A schema to the columns of what is made like it.
//!
//! The table of a column is the name of its schema, or the way to an object that has no name of
//! its own: `Customer.email`, `Order.address.street`. What a schema leaves open is any column.

use std::collections::BTreeSet;
use std::ptr;

use super::reference::{Root, entries, items, member, text};
use crate::action::Column;
use crate::document::{Content, Node};
use crate::limits;

/// A column, after the member of the outermost object through which it is reached.
pub(super) type Reached = (String, Column);

/// The columns of a schema whose own table is called so where it has no name. Where there are
/// too many to be told, any column of any table is one of them.
pub(super) fn columns<'n>(root: Root<'n>, schema: &'n Node, table: &str) -> Vec<Reached> {
    let mut shape = Shape {
        root,
        columns: BTreeSet::new(),
        seen: BTreeSet::new(),
    };
    let at = At {
        table,
        outermost: None,
        depth_left: limits::OPENAPI_DEPTH,
    };
    match shape.schema(schema, at) {
        Some(()) => shape.columns.into_iter().collect(),
        None => vec![(String::new(), any_column(""))],
    }
}

struct Shape<'n> {
    root: Root<'n>,
    columns: BTreeSet<Reached>,
    /// Schemas that were gone through, each with the table that it stood for.
    seen: BTreeSet<String>,
}

/// Where in the outermost object something stands.
#[derive(Clone, Copy)]
struct At<'t> {
    table: &'t str,
    outermost: Option<&'t str>,
    depth_left: usize,
}

impl<'n> Shape<'n> {
    /// Nothing where there are too many columns.
    fn schema(&mut self, node: &'n Node, at: At<'_>) -> Option<()> {
        let found = self.root.resolve(node);
        let (Ok((schema, name)), Some(depth_left)) = (found, at.depth_left.checked_sub(1)) else {
            return self.add(at, Column::ALL);
        };
        let at = At {
            table: name.unwrap_or(at.table),
            depth_left,
            ..at
        };
        if !self.seen.insert(place(schema, at.table)) {
            return Some(());
        }
        let mut is_told = self.properties(schema, at)?;
        for joint in ["allOf", "oneOf", "anyOf"] {
            for part in items(member(schema, joint)) {
                is_told = true;
                self.schema(part, at)?;
                // A part by another name makes up this one too.
                if let Ok((part, Some(_))) = self.root.resolve(part) {
                    self.properties(part, at)?;
                }
            }
        }
        if let Some(inner) = member(schema, "items") {
            is_told = true;
            self.schema(inner, at)?;
        }
        if let Some(inner) = member(schema, "additionalProperties")
            && inner.content != Content::Bool(false)
        {
            self.add(at, Column::ALL)?;
            if entries(inner).next().is_some() {
                self.schema(inner, at)?;
            }
        }
        match is_told || is_scalar(schema) {
            true => Some(()),
            false => self.add(at, Column::ALL),
        }
    }

    fn properties(&mut self, schema: &'n Node, at: At<'_>) -> Option<bool> {
        let Some(properties) = member(schema, "properties") else {
            return Some(false);
        };
        for (name, property) in entries(properties) {
            self.property(name, property, at)?;
        }
        Some(true)
    }

    fn property(&mut self, name: &str, property: &'n Node, at: At<'_>) -> Option<()> {
        let at = At {
            outermost: Some(at.outermost.unwrap_or(name)),
            ..at
        };
        self.add(at, name)?;
        let table = format!("{}.{}", at.table, quoted(name));
        let holds_more = parts(self.root, property).is_some();
        match holds_more {
            true => self.schema(
                property,
                At {
                    table: &table,
                    ..at
                },
            ),
            false => Some(()),
        }
    }

    fn add(&mut self, at: At<'_>, name: &str) -> Option<()> {
        let column = Column {
            table: at.table.to_owned(),
            name: name.to_owned(),
        };
        let outermost = at.outermost.unwrap_or_default();
        self.columns.insert((outermost.to_owned(), column));
        (self.columns.len() <= limits::OPENAPI_COLUMNS).then_some(())
    }
}

/// The schema of a property, or of what it lists, where that has properties of its own.
pub(super) fn parts<'n>(root: Root<'n>, property: &'n Node) -> Option<&'n Node> {
    const MORE: [&str; 5] = [
        "properties",
        "allOf",
        "oneOf",
        "anyOf",
        "additionalProperties",
    ];
    let mut node = property;
    for _ in 0..limits::OPENAPI_DEPTH {
        let (schema, _) = root.resolve(node).ok()?;
        if MORE.iter().any(|key| member(schema, key).is_some()) {
            return Some(schema);
        }
        node = member(schema, "items")?;
    }
    None
}

/// A schema by where it is kept, with the table that it stands for.
pub(super) fn place(schema: &Node, table: &str) -> String {
    format!("{} {table}", ptr::from_ref(schema) as usize)
}

/// Any column of a table.
pub(super) fn any_column(table: &str) -> Column {
    Column {
        table: table.to_owned(),
        name: Column::ALL.to_owned(),
    }
}

/// Whether a value of the schema has no parts.
fn is_scalar(schema: &Node) -> bool {
    let kind = member(schema, "type").and_then(text);
    matches!(
        kind,
        Some("string" | "integer" | "number" | "boolean" | "null")
    ) || member(schema, "enum").or(member(schema, "const")).is_some()
}

/// A name as a pattern has it that stands for nothing else.
pub(super) fn quoted(name: &str) -> String {
    match name.contains(['.', '"', ' ']) {
        true => format!("\"{}\"", name.replace('"', "")),
        false => name.to_owned(),
    }
}
