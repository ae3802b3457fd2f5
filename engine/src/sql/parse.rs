//! Tokens to statements, one at a time, up to the very end of the text.
//!
//! Guarantees that nothing of the text is left unread: the parser's own loop stops at the
//! word `END` and says that all is well, with a `DROP` still to come.

use sqlparser::ast::Statement;
use sqlparser::keywords::Keyword;
use sqlparser::parser::{Parser, ParserError};
use sqlparser::tokenizer::{Token, TokenWithSpan};

use super::budget::Budgeted;
use super::error::SqlError;
use crate::limits::SQL_RECURSION;

/// Hands every statement to `take`, and counts them. A statement's tree is freed before
/// the next is parsed.
pub(super) fn each_statement(
    dialect: &Budgeted,
    tokens: Vec<TokenWithSpan>,
    mut take: impl FnMut(&Statement),
) -> Result<usize, SqlError> {
    let mut parser = Parser::new(dialect)
        .with_recursion_limit(SQL_RECURSION)
        .with_tokens_with_locations(tokens);
    let mut count: usize = 0;
    loop {
        while parser.consume_token(&Token::SemiColon) {}
        if parser.peek_token_ref().token == Token::EOF {
            return Ok(count);
        }
        match statement(&mut parser) {
            Ok(statement) => take(&statement),
            Err(error) => return Err(refusal(&error, &parser)),
        }
        count = count.saturating_add(1);
        let next = &parser.peek_token_ref().token;
        if !matches!(next, Token::SemiColon | Token::EOF) {
            return Err(here(&parser));
        }
    }
}

fn statement(parser: &mut Parser<'_>) -> Result<Statement, ParserError> {
    // The parser knows `TABLE t` as a query, but not that a statement can start with it.
    match &parser.peek_token_ref().token {
        Token::Word(word) if word.keyword == Keyword::TABLE => {
            parser.parse_query().map(Statement::Query)
        }
        _ => parser.parse_statement(),
    }
}

fn refusal(error: &ParserError, parser: &Parser<'_>) -> SqlError {
    match error {
        ParserError::RecursionLimitExceeded => SqlError::TooDeep,
        // The message quotes the text; only where it stopped may be told.
        ParserError::TokenizerError(_) | ParserError::ParserError(_) => here(parser),
    }
}

/// Where the parser stands.
fn here(parser: &Parser<'_>) -> SqlError {
    let start = parser.peek_token_ref().span.start;
    SqlError::Syntax {
        line: Some(start.line).filter(|&line| line > 0),
        column: Some(start.column).filter(|&column| column > 0),
    }
}
