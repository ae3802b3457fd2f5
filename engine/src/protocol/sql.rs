//! SQL over HTTP: every statement found in the declared places becomes actions.

use super::location::{self, Location};
use super::{Body, Given, Intent, Protocol, Schemas, UPGRADE};
use crate::document::{Node, Reader};
use crate::limits;
use crate::message::{Head, Request};
use crate::refusal::Refusal;
use crate::sql::{Database, Dialect};

#[derive(Debug)]
struct Sql {
    database: Database,
    locations: Vec<Location>,
}

pub(super) fn compile(
    reader: &mut Reader,
    node: &Node,
    path: &str,
    given: &Given,
) -> Option<Box<dyn Protocol>> {
    let mut mapping = reader.mapping(node, path)?;
    let words = Dialect::ALL.map(|dialect| (dialect.name(), dialect));
    let dialect = mapping.required(reader, "dialect");
    let dialect = dialect.and_then(|(node, path)| reader.word(node, &path, &words));
    let schema = mapping.optional("schema");
    let locations = mapping.required(reader, "at");
    let locations = locations.map(|(node, path)| location::compile(reader, node, &path));
    mapping.finish(reader);
    let dialect = dialect?;
    let database = match schema {
        Some((node, path)) => database(reader, node, &path, dialect, &given.schemas)?,
        None => Database::new(dialect),
    };
    Some(Box::new(Sql {
        database,
        locations: locations?,
    }))
}

/// The database that a schema of the document makes in a dialect.
fn database(
    reader: &mut Reader,
    node: &Node,
    path: &str,
    dialect: Dialect,
    schemas: &Schemas,
) -> Option<Database> {
    /// More than there are dialects, whose databases have the ids below.
    const APART: u32 = 256;
    let name = reader.text(node, path)?;
    let mut numbered = (1_u32..).zip(schemas);
    let found = numbered.find(|(_, (known, _))| *known == name);
    let Some((number, (_, schema))) = found else {
        let message = format!("expected the name of a schema in `schemas`, found `{name}`");
        reader.mistake("schema.unknown", node.position, path, message);
        return None;
    };
    let id = number.saturating_mul(APART).saturating_add(dialect as u32);
    match schema.database(dialect, id) {
        Ok(database) => Some(database),
        Err(name) => {
            let message =
                format!("expected names as in SQL, each once, found `{name}` in the schema");
            reader.mistake("schema.table_name", node.position, path, message);
            None
        }
    }
}

impl Protocol for Sql {
    fn name(&self) -> &'static str {
        "sql"
    }

    fn body(&self, head: &Head) -> Result<Body, Refusal> {
        if head.is_upgrade() {
            Err(UPGRADE)
        } else {
            Ok(Body::Held)
        }
    }

    fn read(&self, request: &Request<'_>) -> Result<Intent, Refusal> {
        let texts = location::statements(&self.locations, request)?;
        let total = texts
            .iter()
            .map(|text| text.len())
            .fold(0, usize::saturating_add);
        if total > limits::SQL_TEXT_BYTES {
            return Err(TOO_LONG);
        }
        let mut actions = Vec::new();
        for text in texts {
            let analysis = request.analyses.analyse(&text, &self.database)?;
            actions.extend_from_slice(&analysis.actions);
        }
        Ok(actions.into())
    }
}

const TOO_LONG: Refusal = Refusal::with_status(
    413,
    "sql.too_long",
    "expected at most 64 KiB of SQL in one request",
    "send fewer or shorter statements",
);

#[cfg(test)]
mod tests;
