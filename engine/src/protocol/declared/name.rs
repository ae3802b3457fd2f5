//! `{path.dataset}.{path.table}`: the names of what an action is done to, out of the request.
//!
//! Names come from places that name things, never from data. A name that stands for many, or
//! that is not there, can't be told: the action may then be done to anything.

use super::path::UNEXPECTED_TYPE;
use super::place::{Found, Place};
use super::source::View;
use crate::action::{Resource, ResourceKind};
use crate::document::{Node, Reader};
use crate::limits;
use crate::refusal::Refusal;
use crate::sql::{Dialect, table_part};
use crate::value::Value;

/// A name, some of it to be found in the request.
#[derive(Debug, Clone)]
pub(super) struct Name {
    kind: ResourceKind,
    pieces: Vec<Piece>,
    /// Whether what is found may have several parts, joined by dots.
    is_dotted: bool,
}

#[derive(Debug, Clone)]
enum Piece {
    Literal(String),
    Hole(Vec<Place>),
}

/// The names of an action.
#[derive(Debug, Default)]
pub(super) struct Names {
    pub(super) resources: Vec<Resource>,
    /// Whether there may be more that nobody could tell.
    pub(super) is_untold: bool,
}

/// Reads the names of one kind. A hole holds a place, or several of which the first is taken that
/// has something: `{$.schema|query.schema}`.
pub(super) fn compile(
    reader: &mut Reader,
    node: &Node,
    path: &str,
    kind: ResourceKind,
) -> Vec<Name> {
    let mut names = Vec::new();
    for (text, position, path) in reader.texts(node, path) {
        match pieces(text) {
            Some(pieces) => names.push(Name {
                kind,
                pieces,
                is_dotted: false,
            }),
            None => {
                let message = "expected a name such as `{path.schema}.{path.table}`".to_owned();
                reader.mistake("api.resource", position, &path, message);
            }
        }
    }
    names
}

fn pieces(text: &str) -> Option<Vec<Piece>> {
    let mut pieces = Vec::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        if !before.is_empty() {
            pieces.push(Piece::Literal(before.to_owned()));
        }
        let (hole, after) = after.split_once('}')?;
        let places: Option<Vec<_>> = hole.split('|').map(Place::parse).collect();
        pieces.push(Piece::Hole(places?));
        rest = after;
    }
    if rest.contains('}') {
        return None;
    }
    if !rest.is_empty() {
        pieces.push(Piece::Literal(rest.to_owned()));
    }
    (!pieces.is_empty()).then_some(pieces)
}

impl Name {
    /// A name that does not depend on the request.
    pub(super) fn of(kind: ResourceKind, name: &str) -> Self {
        Self {
            kind,
            pieces: vec![Piece::Literal(name.to_owned())],
            is_dotted: false,
        }
    }

    /// The same, where what is found may have several parts.
    pub(super) fn dotted(self) -> Self {
        Self {
            is_dotted: true,
            ..self
        }
    }

    /// Every place that it looks at.
    pub(super) fn places(&self) -> impl Iterator<Item = &Place> {
        self.pieces.iter().flat_map(|piece| match piece {
            Piece::Literal(_) => &[][..],
            Piece::Hole(places) => places,
        })
    }

    /// Adds what it stands for in this request. A list in the last hole is a name for each item.
    pub(super) fn add(
        &self,
        view: &View<'_, '_>,
        dialect: Option<Dialect>,
        names: &mut Names,
    ) -> Result<(), Refusal> {
        let mut all = vec![String::new()];
        for piece in &self.pieces {
            let Piece::Hole(places) = piece else {
                let Piece::Literal(text) = piece else {
                    continue;
                };
                all.iter_mut().for_each(|name| name.push_str(text));
                continue;
            };
            let values = self.values(places, view)?;
            if values.is_empty() {
                names.is_untold = true;
                return Ok(());
            }
            let mut next = Vec::new();
            for before in &all {
                for value in &values {
                    let Some(part) = self.part(value, dialect) else {
                        names.is_untold = true;
                        continue;
                    };
                    next.push(format!("{before}{part}"));
                    if next.len() > limits::API_NAMES {
                        return Err(TOO_MANY);
                    }
                }
            }
            all = next;
        }
        for name in all {
            if name.len() > limits::API_NAME_BYTES || names.resources.len() >= limits::API_NAMES {
                return Err(TOO_MANY);
            }
            names.resources.push(Resource {
                kind: self.kind,
                name,
            });
        }
        Ok(())
    }

    fn values(&self, places: &[Place], view: &View<'_, '_>) -> Result<Vec<String>, Refusal> {
        let mut values = Vec::new();
        for (number, place) in (1..).zip(places) {
            let found = place.each(view, &mut |found| {
                match found {
                    Found::Text(text) if self.kind == ResourceKind::Table => {
                        values.extend(text.split(',').map(|name| name.trim().to_owned()));
                    }
                    Found::Text(text) | Found::Scalar(text) => values.push(text.into_owned()),
                    Found::Tree(Value::List(items)) => {
                        values.extend(
                            items
                                .iter()
                                .filter_map(|item| item.text().map(str::to_owned)),
                        );
                    }
                    // An object names nothing.
                    Found::Tree(_) => values.push(String::new()),
                }
                Ok(())
            });
            match found {
                // `{$.table.name|$.table}`: what is no object may be the name itself.
                Err(refusal) if refusal == UNEXPECTED_TYPE && number < places.len() => {}
                other => other?,
            }
            if !values.is_empty() {
                break;
            }
        }
        Ok(values)
    }

    /// One part of a name; nothing where it stands for many, or for none.
    fn part(&self, value: &str, dialect: Option<Dialect>) -> Option<String> {
        let value = after_arn(value);
        match self.kind {
            ResourceKind::Table if self.is_dotted => {
                let parts: Option<Vec<_>> = value
                    .split('.')
                    .map(|part| table_of(part, dialect))
                    .collect();
                parts.map(|parts| parts.join("."))
            }
            ResourceKind::Table => table_of(value, dialect),
            _ if value.is_empty() => None,
            ResourceKind::Location => Some(bare_location(value)),
            ResourceKind::Object if !value.contains(['.', '"']) => {
                Some(dialect.map_or_else(|| value.to_owned(), |dialect| table_part(value, dialect)))
            }
            _ => Some(value.to_owned()),
        }
    }
}

impl Names {
    /// Adds a table by its whole name.
    pub(super) fn add_table(
        &mut self,
        name: &str,
        dialect: Option<Dialect>,
    ) -> Result<(), Refusal> {
        let Some(name) = table_of(name, dialect) else {
            self.is_untold = true;
            return Ok(());
        };
        if name.len() > limits::API_NAME_BYTES || self.resources.len() >= limits::API_NAMES {
            return Err(TOO_MANY);
        }
        self.resources.push(Resource {
            kind: ResourceKind::Table,
            name,
        });
        Ok(())
    }
}

/// One part of the name of a table; nothing where it stands for many tables.
fn table_of(value: &str, dialect: Option<Dialect>) -> Option<String> {
    let stands_for_many =
        value.is_empty() || value == "_all" || value.contains(['*', '?', '<', '>', '\0']);
    if stands_for_many {
        return None;
    }
    Some(match dialect {
        Some(dialect) => table_part(value, dialect),
        None if value.contains(['.', '"']) => format!("\"{}\"", value.replace('"', "\"\"")),
        None => value.to_owned(),
    })
}

/// The name at the end of an Amazon resource name: services take either.
fn after_arn(value: &str) -> &str {
    if !value.starts_with("arn:") {
        return value;
    }
    let after = value.split('/').nth(1);
    after.or_else(|| value.rsplit(':').next()).unwrap_or(value)
}

/// A location without what may be a secret in it: user, password and query.
fn bare_location(value: &str) -> String {
    let value = value.split(['?', '#']).next().unwrap_or_default();
    match value.split_once("://") {
        Some((scheme, rest)) => {
            let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
            let host = host.rsplit('@').next().unwrap_or_default();
            format!("{scheme}://{host}/{path}")
        }
        None => value.to_owned(),
    }
}

pub(super) const TOO_MANY: Refusal = Refusal::with_status(
    413,
    "api.too_many",
    "expected fewer things in one request",
    "send them in several requests",
);
