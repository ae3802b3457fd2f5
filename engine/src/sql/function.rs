//! Functions whose name alone says that they reach beyond the tables of the query.
//!
//! Found among the tokens and not in the tree, so that no place in a statement is missed:
//! a name followed by a bracket is a call wherever it stands. One table per database.

mod bigquery;
mod builtin;
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

pub(super) use self::builtin::{is_builtin, is_system};
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
    /// What its last text does, and that where it can't be seen.
    RunsElsewhere,
    /// Brings in what its last text asks another server for, or a file.
    Fetches,
    /// Sets the setting that its first argument names.
    Sets,
}

impl Reaching {
    /// The effect where nothing is known of the arguments.
    pub(super) const fn effect(self) -> Effect {
        match self {
            Self::Does(effect) => effect,
            Self::Runs | Self::RunsElsewhere => Effect::Unknown,
            Self::Fetches => Effect::Import,
            Self::Sets => Effect::Grant,
        }
    }
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
const RUNS_ELSEWHERE: Reaching = Reaching::RunsElsewhere;
const FETCHES: Reaching = Reaching::Fetches;
const SETS: Reaching = Reaching::Sets;
const GRANT: Reaching = Reaching::Does(Effect::Grant);
const ALTER: Reaching = Reaching::Does(Effect::Alter);

/// A call found in the text.
pub(super) struct Call {
    /// The name in lower case.
    pub(super) name: &'static str,
    pub(super) reaching: Reaching,
    /// The argument that says what it does, if it is made of literals alone.
    pub(super) text: Option<String>,
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
pub(super) fn calls(tokens: &[TokenWithSpan], dialect: Dialect) -> Vec<Call> {
    let mut found = Vec::new();
    let mut before: Option<&Token> = None;
    let mut rest = words(tokens);
    while let Some(token) = rest.next() {
        let mut ahead = rest.clone();
        let calls = match ahead.next() {
            Some(Token::LParen) => !names_a_table(before) || is_elsewhere(token, dialect),
            // A package of functions: `UTL_HTTP.REQUEST(…)`.
            Some(Token::Period) => is_call_of_package(ahead.clone()),
            _ => false,
        };
        if let Token::Word(word) = token
            && calls
            && let Some((name, reaching)) = named(&word.value, dialect)
        {
            let reaching = match reaching {
                _ if names_a_table(before) => EXPORT,
                Reaching::Fetches if is_word(ahead.clone().next(), "bulk") => IMPORT,
                reaching => reaching,
            };
            let text = match reaching {
                Reaching::Does(_) => None,
                Reaching::Runs | Reaching::Sets => argument(ahead),
                Reaching::RunsElsewhere | Reaching::Fetches => last_argument(ahead),
            };
            found.push(Call {
                name,
                reaching,
                text,
            });
        }
        before = Some(token);
    }
    found
}

fn is_word(token: Option<&Token>, expected: &str) -> bool {
    matches!(token, Some(Token::Word(word)) if word.value.eq_ignore_ascii_case(expected))
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
        | Token::DoubleQuotedString(text)
        | Token::NationalStringLiteral(text) => Some(text),
        Token::DollarQuotedString(text) => Some(&text.value),
        _ => None,
    }
}

/// The text that literals at the start of some words make together, and how many words those
/// are: `'a'`, `'a' || 'b'`, `'a' + 'b'`, `CONCAT('a', 'b')`.
pub(super) fn joined<'t>(words: impl Iterator<Item = &'t Token>) -> Option<(String, usize)> {
    let mut text = String::new();
    let mut words = words.peekable();
    let is_concat = matches!(words.peek(), Some(Token::Word(word))
        if word.quote_style.is_none() && word.value.eq_ignore_ascii_case("concat"));
    let mut length: usize = 0;
    if is_concat {
        words.next();
        matches!(words.next()?, Token::LParen).then_some(())?;
        length = 2;
    }
    loop {
        text.push_str(text_of(words.next()?)?);
        length = length.saturating_add(1);
        let goes_on = match words.peek() {
            Some(Token::StringConcat | Token::Plus) => true,
            Some(Token::Comma) => is_concat,
            _ => false,
        };
        if !goes_on {
            break;
        }
        words.next();
        length = length.saturating_add(1);
    }
    if is_concat {
        matches!(words.next()?, Token::RParen).then_some(())?;
        length = length.saturating_add(1);
    }
    Some((text, length))
}

/// The argument at the start of some words, if it is made of literals alone.
fn argument<'t>(words: impl Iterator<Item = &'t Token> + Clone) -> Option<String> {
    let (text, length) = joined(words.clone())?;
    let next = words.into_iter().nth(length);
    matches!(next, Some(Token::Comma | Token::RParen)).then_some(text)
}

/// The last of the arguments that is a text, those inside other brackets left out.
fn last_argument<'t>(words: impl Iterator<Item = &'t Token> + Clone) -> Option<String> {
    let mut rest = words;
    let mut found = None;
    for _ in 0..MOST_ARGUMENTS {
        found = argument(rest.clone()).or(found);
        loop {
            match rest.next() {
                Some(Token::Comma) => break,
                None | Some(Token::RParen | Token::LParen) => return found,
                Some(_) => {}
            }
        }
    }
    found
}

/// No function that runs SQL takes more arguments.
const MOST_ARGUMENTS: usize = 8;

/// `INSERT INTO file (a, b)` and `CREATE TABLE file (a int)` list columns and call nothing.
fn names_a_table(before: Option<&Token>) -> bool {
    matches!(before, Some(Token::Word(word)) if word.keyword == Keyword::INTO)
}

/// Whether what SQL Server writes to under that name lies on another server.
fn is_elsewhere(token: &Token, dialect: Dialect) -> bool {
    matches!(dialect, Dialect::Mssql | Dialect::Generic)
        && ["opendatasource", "openquery", "openrowset"]
            .iter()
            .any(|name| is_word(Some(token), name))
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
