//! An SQLite database with customers, orders and payments, the same rows each time.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};

use rusqlite::fallible_iterator::FallibleIterator as _;
use rusqlite::types::ValueRef;
use rusqlite::{Batch, Connection, Statement, params_from_iter};
use serde_json::{Map, Value, json};

const SCHEMA: &str = include_str!("database/schema.sql");

/// What the database itself reports.
pub type Failure = rusqlite::Error;

/// The database; one statement at a time.
pub struct Database(Mutex<Connection>);

impl Database {
    /// A seeded database in memory.
    ///
    /// # Errors
    /// When SQLite can't make it.
    pub fn in_memory() -> Result<Self, Failure> {
        Self::seeded(Connection::open_in_memory()?)
    }

    /// A seeded database in a new file.
    ///
    /// # Errors
    /// When the file can't be made, or has tables already.
    pub fn in_file(path: &Path) -> Result<Self, Failure> {
        Self::seeded(Connection::open(path)?)
    }

    fn seeded(connection: Connection) -> Result<Self, Failure> {
        connection.execute_batch(SCHEMA)?;
        Ok(Self(Mutex::new(connection)))
    }

    /// How many rows every table has that is there now.
    ///
    /// # Errors
    /// When the database can't be read.
    pub fn row_counts(&self) -> Result<BTreeMap<String, u64>, Failure> {
        let tables = self.rows("SELECT name FROM sqlite_schema WHERE type = 'table'", &[])?;
        let names = tables
            .iter()
            .filter_map(|table| table.get("name")?.as_str());
        names
            .map(|name| {
                let count = self.rows(&format!("SELECT count(*) AS n FROM \"{name}\""), &[])?;
                let count = count.first().and_then(|row| row.get("n")?.as_u64());
                Ok((name.to_owned(), count.unwrap_or_default()))
            })
            .collect()
    }

    /// Runs every statement of a text, as far as it goes; the rows of each.
    pub(super) fn run(&self, text: &str) -> Result<Vec<Value>, Failure> {
        let connection = self.lock();
        let mut results = Vec::new();
        let mut batch = Batch::new(&connection, text);
        while let Some(mut statement) = batch.next()? {
            let rows = collect(&mut statement, &[])?;
            results.push(json!({"rows": rows, "changed": connection.changes()}));
        }
        Ok(results)
    }

    /// Runs one statement with parameters.
    pub(super) fn rows(&self, text: &str, parameters: &[Value]) -> Result<Vec<Value>, Failure> {
        collect(&mut self.lock().prepare(text)?, parameters)
    }

    fn lock(&self) -> MutexGuard<'_, Connection> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn collect(statement: &mut Statement<'_>, parameters: &[Value]) -> Result<Vec<Value>, Failure> {
    let names: Vec<String> = statement.column_names().map(str::to_owned).collect();
    let mut rows = statement.query(params_from_iter(parameters.iter().map(parameter)))?;
    let mut collected = Vec::new();
    while let Some(row) = rows.next()? {
        let mut fields = Map::new();
        for (place, name) in names.iter().enumerate() {
            fields.insert(name.clone(), value(row.get_ref(place)?));
        }
        collected.push(Value::Object(fields));
    }
    Ok(collected)
}

fn parameter(value: &Value) -> rusqlite::types::Value {
    match value {
        Value::Number(number) => number.as_i64().into(),
        Value::String(text) => text.clone().into(),
        _ => rusqlite::types::Value::Null,
    }
}

fn value(stored: ValueRef<'_>) -> Value {
    match stored {
        ValueRef::Null => Value::Null,
        ValueRef::Integer(number) => number.into(),
        ValueRef::Real(number) => number.into(),
        ValueRef::Text(text) => String::from_utf8_lossy(text).into(),
        ValueRef::Blob(bytes) => json!({"bytes": bytes.len()}),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_seeded() {
        let counts = Database::in_memory().and_then(|database| database.row_counts());
        let expected = [("customers", 40), ("orders", 120), ("payments", 90)];
        let expected = expected.map(|(table, rows)| (table.to_owned(), rows));
        assert_eq!(counts.expect("readable"), BTreeMap::from(expected));
    }

    #[test]
    fn runs_several_statements() {
        let database = Database::in_memory().expect("in memory");
        let results = database
            .run("DELETE FROM payments WHERE id = 1; SELECT count(*) AS n FROM payments")
            .expect("valid");
        assert_eq!(results[0]["changed"], 1);
        assert_eq!(results[1]["rows"][0]["n"], 89);
    }
}
