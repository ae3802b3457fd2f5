//! Real databases as judges: a text is run on canary tables, and what it did is compared with
//! what the analysis had said.
//!
//! Guarantees that every text meets the same tables, whatever the texts before it did.

use std::collections::BTreeMap;

pub mod chance;
pub mod postgres;
pub mod sqlite;
pub mod text;
pub mod verdict;

mod wire;

/// The canary tables: their name and their lowest `id`. All have five rows of `id`, `name` and
/// `amount`, the last of which is null in one row. Any two share at most two values of `id`, so
/// that an honest join leaves rows alone.
pub const TABLES: [(&str, i64); 3] = [("users", 1), ("orders", 4), ("notes", 8)];

/// Tables by name, each with its rows as the judge prints them.
pub type Tables = BTreeMap<String, Vec<String>>;

/// A database that can be asked what a text does.
pub trait Judge {
    /// Runs a text on fresh canary tables; the tables afterwards.
    fn run(&mut self, text: &str) -> Tables;
}

/// What makes the canary tables.
#[must_use]
pub fn canaries() -> String {
    let table = |(name, first): (&str, i64)| {
        let rows: Vec<String> = (first..first + 5).map(|id| row(id, id - first)).collect();
        format!(
            "CREATE TABLE {name} (id int PRIMARY KEY, name text NOT NULL, amount int); \
             INSERT INTO {name} VALUES {};",
            rows.join(", ")
        )
    };
    TABLES.map(table).concat()
}

fn row(id: i64, number: i64) -> String {
    let amount = match number {
        0 => "-2147483648".to_owned(),
        1 => "2147483647".to_owned(),
        2 => "NULL".to_owned(),
        _ => (number * 10).to_string(),
    };
    format!("({id}, 'row{number}', {amount})")
}
