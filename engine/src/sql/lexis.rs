//! A text to its tokens, or a refusal of what a database could split in another way.
//!
//! Guarantees that the tokens are few, shallow and free of the known differences between
//! this tokenizer and the engines. Works on characters and tokens, knows no grammar.

mod bounds;
mod differences;

use sqlparser::keywords::Keyword;
use sqlparser::tokenizer::{Token, TokenWithSpan, Tokenizer};

use super::budget::Budgeted;
use super::dialect::Dialect;
use super::error::SqlError;
use crate::limits::SQL_TEXT_BYTES;

/// Splits a text into tokens that every check has passed.
pub(super) fn tokens(
    text: &str,
    dialect: Dialect,
    budgeted: &Budgeted,
) -> Result<Vec<TokenWithSpan>, SqlError> {
    if text.len() > SQL_TEXT_BYTES {
        return Err(SqlError::TooLong);
    }
    differences::in_text(text, dialect)?;
    let mut tokens = Tokenizer::new(budgeted, text)
        .tokenize_with_location()
        .map_err(|error| SqlError::Syntax {
            line: Some(error.location.line),
            column: Some(error.location.column),
        })?;
    bounds::check(&tokens)?;
    differences::in_tokens(text, &tokens, dialect, budgeted)?;
    bind_question_marks(&mut tokens);
    Ok(tokens)
}

/// The tokens without white space, comments and the end.
pub(super) fn words(tokens: &[TokenWithSpan]) -> impl Iterator<Item = &Token> + Clone {
    tokens
        .iter()
        .map(|token| &token.token)
        .filter(|token| !matches!(token, Token::Whitespace(_) | Token::EOF))
}

/// Whether a token ends an operand, so that an operator may follow.
fn ends_operand(token: &Token) -> bool {
    match token {
        Token::Word(word) => word.quote_style.is_some() || !expects_operand(word.keyword),
        Token::RParen | Token::RBracket | Token::RBrace | Token::Placeholder(_) => true,
        token => is_literal(token),
    }
}

/// Whether an operand must follow the word. Other keywords may be names of columns.
const fn expects_operand(keyword: Keyword) -> bool {
    matches!(
        keyword,
        Keyword::AND
            | Keyword::OR
            | Keyword::NOT
            | Keyword::WHERE
            | Keyword::HAVING
            | Keyword::ON
            | Keyword::SELECT
            | Keyword::DISTINCT
            | Keyword::LIMIT
            | Keyword::OFFSET
            | Keyword::FIRST
            | Keyword::NEXT
            | Keyword::TOP
            | Keyword::BETWEEN
            | Keyword::LIKE
            | Keyword::ILIKE
            | Keyword::ESCAPE
            | Keyword::CASE
            | Keyword::WHEN
            | Keyword::THEN
            | Keyword::ELSE
            | Keyword::BY
            | Keyword::FROM
            | Keyword::INTERVAL
            | Keyword::RETURNING
    )
}

/// Turns `?` where an operand must stand into a placeholder. Some tokenizers know it only
/// as an operator, drivers of all databases send it.
fn bind_question_marks(tokens: &mut [TokenWithSpan]) {
    let mut after_operand = false;
    for token in tokens {
        match &token.token {
            Token::Whitespace(_) => continue,
            Token::Question if !after_operand => {
                token.token = Token::Placeholder("?".to_owned());
                after_operand = true;
            }
            other => after_operand = ends_operand(other),
        }
    }
}

/// Whether a token is a literal of any kind.
pub(super) const fn is_literal(token: &Token) -> bool {
    matches!(
        token,
        Token::Number(..)
            | Token::Char(_)
            | Token::SingleQuotedString(_)
            | Token::DoubleQuotedString(_)
            | Token::TripleSingleQuotedString(_)
            | Token::TripleDoubleQuotedString(_)
            | Token::DollarQuotedString(_)
            | Token::SingleQuotedByteStringLiteral(_)
            | Token::DoubleQuotedByteStringLiteral(_)
            | Token::TripleSingleQuotedByteStringLiteral(_)
            | Token::TripleDoubleQuotedByteStringLiteral(_)
            | Token::SingleQuotedRawStringLiteral(_)
            | Token::DoubleQuotedRawStringLiteral(_)
            | Token::TripleSingleQuotedRawStringLiteral(_)
            | Token::TripleDoubleQuotedRawStringLiteral(_)
            | Token::NationalStringLiteral(_)
            | Token::QuoteDelimitedStringLiteral(_)
            | Token::NationalQuoteDelimitedStringLiteral(_)
            | Token::EscapedStringLiteral(_)
            | Token::UnicodeStringLiteral(_)
            | Token::HexStringLiteral(_)
            | Token::CopyData { .. }
    )
}
