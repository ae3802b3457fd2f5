//! A text that is refused to the kinds of its statements, by the words they start with.
//!
//! For people, who want to know what it was that was refused. No decision may rest on it: a
//! database could split such a text in another way.

use sqlparser::tokenizer::{Token, Tokenizer};

use super::budget::Budgeted;
use super::dialect::Dialect;
use super::fallback;
use super::kind::Kind;
use super::lexis;
use crate::limits::SQL_TEXT_BYTES;

/// The kinds that the statements of a text seem to have, as far as the text can be split into
/// words. Nothing for a text that is longer than [`SQL_TEXT_BYTES`].
#[must_use]
pub fn kinds_by_words(text: &str, dialect: Dialect) -> Vec<Kind> {
    if text.len() > SQL_TEXT_BYTES {
        return Vec::new();
    }
    let budgeted = Budgeted::new(dialect, text.len());
    let mut tokens = Vec::new();
    // Where the text can't be split to its end, what comes before still tells.
    let _ = Tokenizer::new(&budgeted, text).tokenize_with_location_into_buf(&mut tokens);
    let words: Vec<&Token> = lexis::words(&tokens).collect();
    let mut rest = words.as_slice();
    let mut kinds = Vec::new();
    while !rest.is_empty() {
        let (statement, others) = rest.split_at(length(rest));
        if !statement.is_empty() {
            kinds.push(Kind::of(statement.iter().copied(), dialect));
        }
        rest = others.split_first().map_or(&[], |(_, others)| others);
    }
    kinds
}

/// How many words the first statement has: up to a `;` outside of brackets, or all of them
/// where it may hold others.
fn length(words: &[&Token]) -> usize {
    if fallback::starts_block(words) {
        return words.len();
    }
    let mut depth: usize = 0;
    let end = words.iter().position(|token| {
        match token {
            Token::LParen => depth = depth.saturating_add(1),
            Token::RParen => depth = depth.saturating_sub(1),
            _ => {}
        }
        depth == 0 && **token == Token::SemiColon
    });
    end.unwrap_or(words.len())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sql::analyse;
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    fn told(text: &str) -> Vec<&'static str> {
        assert!(analyse(text, Dialect::Postgres).is_err(), "{text}");
        let kinds = kinds_by_words(text, Dialect::Postgres);
        kinds.into_iter().map(Kind::name).collect()
    }

    #[test]
    fn a_refused_text_still_has_kinds() {
        assert_eq!(told("SELECT 1 /* a /* b */ ; DROP TABLE t"), ["select"]);
        assert_eq!(told("SELECT '\u{0}'; DELETE FROM t"), ["select", "delete"]);
        assert_eq!(told("DROP TABLE t; SELECT 'open"), ["drop", "select"]);
        assert_eq!(told("nonsense (;) here;;"), ["other"]);
        assert_eq!(told(" -- nothing"), [""; 0]);
    }

    #[test]
    fn a_block_is_one_statement() {
        let text = "CREATE FUNCTION f() BEGIN DELETE FROM t; END; SELECT 'open";
        assert_eq!(told(text), ["create"]);
    }

    #[test]
    fn what_is_too_long_is_not_looked_at() {
        assert_eq!(told(&"SELECT 1;".repeat(SQL_TEXT_BYTES)), [""; 0]);
    }
}
