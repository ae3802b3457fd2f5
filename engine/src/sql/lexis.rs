//! A text to its tokens, or a refusal of what a database could split in another way.
//!
//! Guarantees that the tokens are few, shallow and free of the known differences between
//! this tokenizer and the engines. Works on characters and tokens, knows no grammar.

mod bounds;
mod differences;
mod mysql;

use sqlparser::keywords::Keyword;
use sqlparser::tokenizer::{Token, TokenWithSpan, Tokenizer, Whitespace};

pub(super) use self::mysql::settle;
use super::budget::Budgeted;
use super::dialect::Dialect;
use super::error::SqlError;
use crate::limits::SQL_TEXT_BYTES;

/// About how long a token is, white space being one too.
const BYTES_OF_A_TOKEN: usize = 3;

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
    let mut tokens = Vec::with_capacity(text.len() / BYTES_OF_A_TOKEN);
    Tokenizer::new(budgeted, text)
        .tokenize_with_location_into_buf(&mut tokens)
        .map_err(|error| SqlError::Syntax {
            line: Some(error.location.line),
            column: Some(error.location.column),
        })?;
    bounds::check(&tokens)?;
    differences::in_tokens(text, &tokens, dialect, budgeted)?;
    let mut tokens = mysql::split_fractions(tokens);
    bind_placeholders(&mut tokens);
    if dialect.has_escape_strings() && dialect != Dialect::Postgres {
        plain_strings(&mut tokens);
    }
    Ok(tokens)
}

/// Strings whose escapes are read already are strings as any other: only the dialect of
/// PostgreSQL parses them.
fn plain_strings(tokens: &mut [TokenWithSpan]) {
    for TokenWithSpan { token, .. } in tokens {
        if let Token::EscapedStringLiteral(text) = token {
            *token = Token::SingleQuotedString(std::mem::take(text));
        }
    }
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

/// Turns what drivers put in place of a value into placeholders, where an operand must stand:
/// `?`, which some tokenizers know only as an operator, `%s` and `%(name)s`.
fn bind_placeholders(tokens: &mut [TokenWithSpan]) {
    let mut after_operand = false;
    let mut rest = tokens;
    while let Some((first, others)) = rest.split_first_mut() {
        let length = match &first.token {
            Token::Whitespace(_) => {
                rest = others;
                continue;
            }
            Token::Question if !after_operand => 1,
            Token::Mod if !after_operand => percent_placeholder(others),
            _ => 0,
        };
        if length == 0 {
            after_operand = ends_operand(&first.token);
            rest = others;
            continue;
        }
        first.token = Token::Placeholder("?".to_owned());
        after_operand = true;
        let (taken, left) = others.split_at_mut(length.saturating_sub(1));
        for part in taken {
            part.token = Token::Whitespace(Whitespace::Space);
        }
        rest = left;
    }
}

/// How many tokens `%s` or `%(name)s` has; 0 where it is something else.
fn percent_placeholder(behind: &[TokenWithSpan]) -> usize {
    let is_format = |word: &sqlparser::tokenizer::Word| {
        word.quote_style.is_none() && matches!(word.value.as_str(), "s" | "d" | "b")
    };
    let token = |place: usize| behind.get(place).map(|token| &token.token);
    match (token(0), token(1), token(2), token(3)) {
        (Some(Token::Word(word)), ..) if is_format(word) => 2,
        (
            Some(Token::LParen),
            Some(Token::Word(_)),
            Some(Token::RParen),
            Some(Token::Word(word)),
        ) if is_format(word) => 5,
        _ => 0,
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
