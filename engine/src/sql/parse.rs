//! Tokens to statements, one at a time, up to the very end of the text.
//!
//! Guarantees that nothing of the text is left unread: the parser's own loop stops at the
//! word `END` and says that all is well, with a `DROP` still to come. A statement that the
//! parser does not know, or reads in part only, is handed on as words.

use sqlparser::ast::Statement;
use sqlparser::keywords::Keyword;
use sqlparser::parser::{Parser, ParserError};
use sqlparser::tokenizer::{Token, TokenWithSpan};

use super::budget::Budgeted;
use super::dialect::Dialect;
use super::error::SqlError;
use super::fallback::{self, Unreadable};
use super::kind::Kind;
use crate::limits::SQL_RECURSION;

/// One statement of a text.
pub(super) enum Found<'s> {
    /// As a tree.
    Parsed(&'s Statement),
    /// As words, white space left out: the parser does not know it.
    Unparsed(&'s [&'s Token]),
}

/// Hands every statement to `take`, and tells their kinds. A statement's tree is freed before
/// the next is parsed.
pub(super) fn each_statement(
    dialect: Dialect,
    budgeted: &Budgeted,
    tokens: Vec<TokenWithSpan>,
    mut take: impl FnMut(Found<'_>) -> Result<(), Unreadable>,
) -> Result<Vec<Kind>, SqlError> {
    let mut parser = Parser::new(budgeted)
        .with_recursion_limit(SQL_RECURSION)
        .with_tokens_with_locations(tokens);
    let mut kinds = Vec::new();
    loop {
        while parser.consume_token(&Token::SemiColon) {}
        if parser.peek_token_ref().token == Token::EOF {
            return Ok(kinds);
        }
        let start = parser.index();
        kinds.push(Kind::of(words_from(&parser, start), dialect));
        match statement(&mut parser, dialect) {
            Ok(statement) if is_whole(&parser, dialect) => {
                let _ = take(Found::Parsed(&statement));
            }
            Err(ParserError::RecursionLimitExceeded) => return Err(SqlError::TooDeep),
            // The message quotes the text; only where it stopped may be told.
            Ok(_) | Err(ParserError::TokenizerError(_) | ParserError::ParserError(_)) => {
                let refusal = here(&parser);
                let end = end_of_unparsed(&parser, start);
                let words: Vec<&Token> = words_from(&parser, start).collect();
                let words = words.get(..end.words).unwrap_or(&words);
                take(Found::Unparsed(words)).map_err(|why| match why {
                    Unreadable::NoVerb => refusal,
                    Unreadable::TooMuch => SqlError::TooComplex,
                })?;
                while parser.index() > end.index {
                    parser.prev_token();
                }
                while parser.index() < end.index {
                    parser.advance_token();
                }
            }
        }
    }
}

/// Whether the parser stands where a statement may end. SQL Server needs nothing between
/// statements: the next verb ends the one before.
fn is_whole(parser: &Parser<'_>, dialect: Dialect) -> bool {
    match &parser.peek_token_ref().token {
        Token::SemiColon | Token::EOF => true,
        Token::Word(word) => {
            let starts = dialect.separates_by_verb() && is_verb(&word.value)
                || dialect == Dialect::Mssql && follows_whole(&word.value);
            starts && word.quote_style.is_none() && !is_histogram(parser)
        }
        _ => false,
    }
}

/// `ANALYZE TABLE t UPDATE HISTOGRAM ON a` goes on behind the word that is no verb there.
fn is_histogram(parser: &Parser<'_>) -> bool {
    let is = |place: usize, expected: &str| match &parser.peek_nth_token_ref(place).token {
        Token::Word(word) => {
            word.quote_style.is_none() && word.value.eq_ignore_ascii_case(expected)
        }
        _ => false,
    };
    is(1, "HISTOGRAM") && is(2, "ON")
}

/// The words from a place on, white space left out.
fn words_from<'p>(parser: &'p Parser<'_>, start: usize) -> impl Iterator<Item = &'p Token> {
    (start..)
        .map(|index| &parser.token_at(index).token)
        .take_while(|token| **token != Token::EOF)
        .filter(|token| !matches!(token, Token::Whitespace(_)))
}

/// Where an unparsed statement ends.
struct End {
    /// The place among all tokens.
    index: usize,
    /// How many words it has.
    words: usize,
}

/// An unparsed statement ends at the first `;` outside of brackets. One that may hold others
/// goes on to the end of the text: its words are looked through all the same.
fn end_of_unparsed(parser: &Parser<'_>, start: usize) -> End {
    let all: Vec<&Token> = words_from(parser, start).collect();
    let is_block = fallback::starts_block(&all);
    let (mut depth, mut words): (usize, usize) = (0, 0);
    let mut index = start;
    loop {
        match &parser.token_at(index).token {
            Token::EOF => break,
            Token::Whitespace(_) => {}
            Token::SemiColon if depth == 0 && !is_block => break,
            token => {
                words = words.saturating_add(1);
                match token {
                    Token::LParen => depth = depth.saturating_add(1),
                    Token::RParen => depth = depth.saturating_sub(1),
                    _ => {}
                }
            }
        }
        index = index.saturating_add(1);
    }
    End { index, words }
}

fn statement(parser: &mut Parser<'_>, dialect: Dialect) -> Result<Statement, ParserError> {
    let is_other = dialect == Dialect::Mssql && is_bounded_update(parser) || {
        let first = match &parser.peek_token_ref().token {
            Token::Word(word) => Some(word.value.as_str()),
            _ => None,
        };
        fallback::is_foreign(first, dialect)
    };
    if is_other {
        return Err(ParserError::ParserError(String::new()));
    }
    // The parser knows `TABLE t` as a query, but not that a statement can start with it.
    match &parser.peek_token_ref().token {
        Token::Word(word) if word.keyword == Keyword::TABLE => {
            parser.parse_query().map(Statement::Query)
        }
        _ => parser.parse_statement(),
    }
}

/// `UPDATE TOP (5) t SET …`, which the parser takes for a change of what a function returns.
fn is_bounded_update(parser: &Parser<'_>) -> bool {
    let is = |place: usize, keyword: Keyword| matches!(&parser.peek_nth_token_ref(place).token, Token::Word(word) if word.keyword == keyword);
    is(0, Keyword::UPDATE)
        && is(1, Keyword::TOP)
        && parser.peek_nth_token_ref(2).token == Token::LParen
}

/// Where the parser stands.
fn here(parser: &Parser<'_>) -> SqlError {
    let start = parser.peek_token_ref().span.start;
    SqlError::Syntax {
        line: Some(start.line).filter(|&line| line > 0),
        column: Some(start.column).filter(|&column| column > 0),
    }
}

/// Whether a word starts a statement of Transact-SQL where another is whole. Elsewhere it may be
/// part of one.
fn follows_whole(word: &str) -> bool {
    ["end", "if", "return", "select", "set", "while"]
        .iter()
        .any(|verb| verb.eq_ignore_ascii_case(word))
}

/// Whether a word starts a statement of Transact-SQL and can be nothing else.
pub(super) fn is_verb(word: &str) -> bool {
    const VERBS: [&str; 38] = [
        "alter",
        "backup",
        "begin",
        "bulk",
        "checkpoint",
        "close",
        "commit",
        "create",
        "dbcc",
        "deallocate",
        "declare",
        "delete",
        "deny",
        "drop",
        "dump",
        "exec",
        "execute",
        "fetch",
        "grant",
        "insert",
        "kill",
        "load",
        "merge",
        "open",
        "print",
        "raiserror",
        "reconfigure",
        "restore",
        "revert",
        "revoke",
        "rollback",
        "save",
        "setuser",
        "shutdown",
        "truncate",
        "update",
        "use",
        "waitfor",
    ];
    VERBS.iter().any(|verb| verb.eq_ignore_ascii_case(word))
}
