//! Texts, one JSON object a line, to predictions, one a line.
//!
//! One line in, one line out, in order; a line that is no such object ends the run.

use std::io::{BufRead, Write};
use std::time::Instant;

use lictor_engine::sql::{Database, Dialect, Schema, SchemaTable, analyse_in};
use serde_json::Value;

use super::{Refused, dialect, prediction, schema};
use crate::ending::{Ending, Failure};
use crate::source;

/// Answers every line. `fallback` is the dialect of lines that name none, or one that nobody
/// here knows.
pub fn answer(
    lines: Box<dyn BufRead>,
    fallback: Dialect,
    out: &mut dyn Write,
) -> Result<Ending, Failure> {
    for (number, line) in (1_u64..).zip(lines.lines()) {
        let line = line.map_err(|cause| source::unreadable(None, cause))?;
        if line.is_empty() {
            continue;
        }
        let answer = one(&line, fallback)
            .map_err(|message| Failure::Usage(format!("line {number}: {message}")))?;
        writeln!(out, "{answer}")?;
    }
    Ok(Ending::Clear)
}

fn one(line: &str, fallback: Dialect) -> Result<Value, String> {
    let case: Value = serde_json::from_str(line).map_err(|_| "expected a JSON object")?;
    let id = case.get("id").ok_or("expected the key `id`")?;
    let text = text(&case, "sql").ok_or("expected text for the key `sql`")?;
    let dialect = self::text(&case, "dialect").and_then(dialect::named);
    let database = database(&case, dialect.unwrap_or(fallback))?;
    let start = Instant::now();
    let analysis = analyse_in(text, &database);
    let took = start.elapsed();
    let analysis = analysis.map_err(|error| Refused::new(error, text, database.dialect));
    Ok(prediction::of(id, &analysis, took))
}

fn text<'c>(case: &'c Value, key: &str) -> Option<&'c str> {
    case.get(key)?.as_str()
}

/// The database of a case: its `schema` holds the columns of each table.
fn database(case: &Value, dialect: Dialect) -> Result<Database, String> {
    let tables = case.get("schema").and_then(Value::as_object);
    let tables = tables.into_iter().flatten().map(|(name, columns)| {
        let columns = columns.as_array().into_iter().flatten();
        SchemaTable {
            name: name.clone(),
            columns: columns
                .filter_map(|column| column.as_str().map(str::to_owned))
                .collect(),
            keys: Vec::new(),
        }
    });
    let schema = Schema {
        tables: tables.collect(),
        search_path: search_path(case, dialect),
    };
    schema
        .database(dialect, schema::ID)
        .map_err(|name| format!("expected names as in SQL, each once, found `{name}`"))
}

/// Where names without a schema are looked for, the likelier place first.
fn search_path(case: &Value, dialect: Dialect) -> Vec<String> {
    let own = text(case, "default_schema").or(default_schema(dialect));
    match (text(case, "default_db"), own) {
        (Some(database), Some(own)) => vec![format!("{database}.{own}"), database.to_owned()],
        (Some(only), None) | (None, Some(only)) => vec![only.to_owned()],
        (None, None) => Vec::new(),
    }
}

/// The schema that a connection starts in, where a database has more than one.
fn default_schema(dialect: Dialect) -> Option<&'static str> {
    match dialect {
        Dialect::Postgres | Dialect::Redshift => Some("public"),
        Dialect::Mssql => Some("dbo"),
        Dialect::Snowflake => Some("public"),
        Dialect::Duckdb | Dialect::Sqlite => Some("main"),
        _ => None,
    }
}
