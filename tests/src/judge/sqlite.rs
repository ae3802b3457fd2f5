//! SQLite, in memory, anew for each text.

use rusqlite::types::ValueRef;
use rusqlite::{Connection, Result};

use super::{Judge, Tables, canaries};

/// The judge; it holds nothing.
#[derive(Debug, Clone, Copy)]
pub struct Sqlite;

impl Sqlite {
    /// The canary tables as they are before each text.
    ///
    /// # Panics
    /// When SQLite can't make them.
    #[must_use]
    pub fn fresh() -> Tables {
        tables(&opened()).expect("readable")
    }
}

impl Judge for Sqlite {
    fn run(&mut self, text: &str) -> Tables {
        let connection = opened();
        // An error ends the text; what came before it stays done.
        let _ = connection.execute_batch(text);
        tables(&connection).expect("readable")
    }
}

fn opened() -> Connection {
    let connection = Connection::open_in_memory().expect("memory");
    connection.execute_batch(&canaries()).expect("the canaries");
    connection
}

fn tables(connection: &Connection) -> Result<Tables> {
    let names = "SELECT name FROM sqlite_master WHERE type IN ('table', 'view')";
    let mut names = connection.prepare(names)?;
    let names = names.query_map([], |row| row.get::<_, String>(0))?;
    names
        .map(|name| {
            let name = name?;
            // A view over a table that is gone has none.
            let rows = rows(connection, &name).unwrap_or_default();
            Ok((name, rows))
        })
        .collect()
}

fn rows(connection: &Connection, table: &str) -> Result<Vec<String>> {
    let quoted = table.replace('"', "\"\"");
    let mut all = connection.prepare(&format!("SELECT * FROM \"{quoted}\" ORDER BY 1"))?;
    let names: Vec<_> = all.column_names().collect();
    let names = names.join(",");
    let count = all.column_count();
    let rows = all.query_map([], |row| {
        let values: Result<Vec<String>> = (0..count).map(|at| row.get_ref(at).map(shown)).collect();
        Ok(format!("{names}: {}", values?.join(",")))
    })?;
    rows.collect()
}

fn shown(value: ValueRef<'_>) -> String {
    match value {
        ValueRef::Null => "null".to_owned(),
        ValueRef::Integer(number) => number.to_string(),
        ValueRef::Real(number) => number.to_string(),
        ValueRef::Text(bytes) | ValueRef::Blob(bytes) => {
            String::from_utf8_lossy(bytes).into_owned()
        }
    }
}
