//! Functions whose name alone says that they reach beyond the tables of the query.
//!
//! Found among the tokens and not in the tree, so that no place in a statement is missed:
//! a name followed by a bracket is a call wherever it stands. One table per database.

mod bigquery;
mod clickhouse;
mod duckdb;
mod mssql;
mod mysql;
mod oracle;
mod postgres;
mod redshift;
mod snowflake;
mod spark;
mod sqlite;

use sqlparser::keywords::Keyword;
use sqlparser::tokenizer::{Token, TokenWithSpan};

use super::dialect::Dialect;
use super::lexis::words;
use crate::action::Effect;

/// What a call of a function does.
#[derive(Clone, Copy)]
pub(super) enum Reaching {
    /// This, whatever the arguments.
    Does(Effect),
    /// What the SQL in its first argument does.
    Runs,
}

/// A table of names in lower case, sorted.
type Table = &'static [(&'static str, Reaching)];

const READ: Reaching = Reaching::Does(Effect::Read);
const UPDATE: Reaching = Reaching::Does(Effect::Update);
const DELETE: Reaching = Reaching::Does(Effect::Delete);
const EXPORT: Reaching = Reaching::Does(Effect::Export);
const IMPORT: Reaching = Reaching::Does(Effect::Import);
const ADMIN: Reaching = Reaching::Does(Effect::Admin);
const SESSION: Reaching = Reaching::Does(Effect::Session);
const UNKNOWN: Reaching = Reaching::Does(Effect::Unknown);
const RUNS: Reaching = Reaching::Runs;

/// A call found in the text.
pub(super) struct Call<'t> {
    /// The name in lower case.
    pub(super) name: &'static str,
    pub(super) reaching: Reaching,
    /// The first argument, if it is a literal alone.
    pub(super) text: Option<&'t str>,
}

/// What the function of that name does, if it is one that reaches out.
pub(super) fn named(name: &str, dialect: Dialect) -> Option<(&'static str, Reaching)> {
    let name = name.to_lowercase();
    tables(dialect).iter().find_map(|table| {
        let at = table
            .binary_search_by_key(&name.as_str(), |entry| entry.0)
            .ok()?;
        table.get(at).copied()
    })
}

/// The calls of such functions among the tokens.
pub(super) fn calls(tokens: &[TokenWithSpan], dialect: Dialect) -> Vec<Call<'_>> {
    let mut found = Vec::new();
    let mut before: Option<&Token> = None;
    let mut rest = words(tokens);
    while let Some(token) = rest.next() {
        let mut ahead = rest.clone();
        let calls = match ahead.next() {
            Some(Token::LParen) => !names_a_table(before),
            // A package of functions: `UTL_HTTP.REQUEST(…)`.
            Some(Token::Period) => is_call_of_package(ahead.clone()),
            _ => false,
        };
        if let Token::Word(word) = token
            && calls
            && let Some((name, reaching)) = named(&word.value, dialect)
        {
            let text = ahead.next().and_then(text_of);
            let alone = matches!(ahead.next(), Some(Token::Comma | Token::RParen));
            found.push(Call {
                name,
                reaching,
                text: text.filter(|_| alone),
            });
        }
        before = Some(token);
    }
    found
}

/// Whether a name and a bracket follow, after the dot.
fn is_call_of_package<'t>(mut rest: impl Iterator<Item = &'t Token>) -> bool {
    matches!(rest.next(), Some(Token::Word(_))) && matches!(rest.next(), Some(Token::LParen))
}

/// The value of a string literal.
pub(super) fn text_of(token: &Token) -> Option<&str> {
    match token {
        Token::SingleQuotedString(text)
        | Token::EscapedStringLiteral(text)
        | Token::NationalStringLiteral(text) => Some(text),
        Token::DollarQuotedString(text) => Some(&text.value),
        _ => None,
    }
}

/// `INSERT INTO file (a, b)` and `CREATE TABLE file (a int)` list columns and call nothing.
fn names_a_table(before: Option<&Token>) -> bool {
    matches!(before, Some(Token::Word(word)) if word.keyword == Keyword::INTO)
}

fn tables(dialect: Dialect) -> &'static [Table] {
    match dialect {
        Dialect::Generic | Dialect::Ansi | Dialect::Trino => &[
            postgres::TABLE,
            mysql::TABLE,
            sqlite::TABLE,
            mssql::TABLE,
            oracle::TABLE,
            spark::TABLE,
        ],
        Dialect::Postgres => &[postgres::TABLE],
        Dialect::Redshift => &[postgres::TABLE, redshift::TABLE],
        Dialect::Mysql | Dialect::Mariadb => &[mysql::TABLE],
        Dialect::Sqlite => &[sqlite::TABLE],
        Dialect::Mssql => &[mssql::TABLE],
        Dialect::Oracle => &[oracle::TABLE],
        Dialect::Snowflake => &[snowflake::TABLE],
        Dialect::Bigquery => &[bigquery::TABLE],
        Dialect::Clickhouse => &[clickhouse::TABLE],
        Dialect::Databricks | Dialect::Spark | Dialect::Hive => &[spark::TABLE],
        Dialect::Duckdb => &[duckdb::TABLE],
    }
}

#[cfg(test)]
mod tests {
    use super::{Dialect, tables};
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    #[test]
    fn tables_are_sorted_and_in_lower_case() {
        for dialect in Dialect::ALL {
            for table in tables(dialect) {
                assert!(
                    table.is_sorted_by_key(|entry| entry.0),
                    "{}",
                    dialect.name()
                );
                for (name, _) in *table {
                    assert_eq!(*name, name.to_lowercase());
                }
            }
        }
    }
}
