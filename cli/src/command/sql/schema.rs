//! A file of tables to the database that has them.
//!
//! The same keys as an entry of `schemas:` in the filter's document. Every mistake is told at
//! once, with its position.

use std::fs;
use std::path::Path;

use lictor_engine::config;
use lictor_engine::document::{self, Node, Reader};
use lictor_engine::sql::{Database, Dialect, Schema};

use crate::ending::Failure;

/// Apart from the databases of which only the dialect is known.
pub const ID: u32 = 1 << 16;

/// Reads a file.
///
/// # Errors
///
/// All its mistakes, one a line.
pub fn read(path: &Path, dialect: Dialect) -> Result<Database, Failure> {
    let bytes = fs::read(path).map_err(|source| Failure::File(path.to_owned(), source))?;
    let told = |mistakes: Vec<String>| {
        Failure::Usage(format!("{}: {}", path.display(), mistakes.join("; ")))
    };
    let node = document::read(&bytes).map_err(|mistake| told(vec![mistake.to_string()]))?;
    let mut reader = Reader::default();
    let schema = schema(&mut reader, &node);
    let mistakes = reader.into_mistakes();
    let Some(schema) = schema.filter(|_| mistakes.is_empty()) else {
        return Err(told(mistakes.iter().map(ToString::to_string).collect()));
    };
    schema.database(dialect, ID).map_err(|name| {
        told(vec![format!(
            "expected names as in SQL, each once, found `{name}`"
        )])
    })
}

fn schema(reader: &mut Reader, node: &Node) -> Option<Schema> {
    let mut mapping = reader.mapping(node, "")?;
    let schema = config::read_schema(reader, &mut mapping);
    mapping.finish(reader);
    schema
}
