//! What MySQL reads in its own way, to the tokens that say the same everywhere.
//!
//! `||` is OR unless a mode makes it join strings, which is told; `\N` is NULL; dashes at the
//! very end are a comment. Of version comments only those that every server runs are code.

use sqlparser::keywords::Keyword;
use sqlparser::tokenizer::{Token, TokenWithSpan, Whitespace};

use crate::sql::dialect::Dialect;

/// The oldest servers in use run what older ones need; from here on they differ.
const RUN_BY_ALL: u32 = 50_699;

/// Whether every version comment of a text is surely code, and ends where it seems to.
pub(super) fn version_comments_are_code(text: &str, dialect: Dialect) -> bool {
    let mut rest = text;
    while let Some((_, comment)) = rest.split_once("/*!") {
        let Some((content, after)) = comment.split_once("*/") else {
            return false;
        };
        let end = content.find(|symbol: char| !symbol.is_ascii_digit());
        let (version, code) = content
            .split_at_checked(end.unwrap_or(0))
            .unwrap_or_default();
        let runs = match version.len() {
            0 => true,
            5 => version
                .parse()
                .is_ok_and(|version: u32| version <= RUN_BY_ALL),
            _ => false,
        };
        // A quote or a comment inside could hide the end from one side.
        let plain = !code.contains(['\'', '"', '`', '#', '\\']) && !code.contains("--");
        if !runs || !plain || code.contains("/*") {
            return false;
        }
        rest = after;
    }
    matches!(dialect, Dialect::Mysql | Dialect::Mariadb) && !text.contains("/*M!")
}

/// Settles what the parser would read in another way. Tells whether a `||` behind the first
/// condition was taken for OR.
pub(in crate::sql) fn settle(tokens: &mut Vec<TokenWithSpan>, dialect: Dialect) -> bool {
    if !matches!(dialect, Dialect::Mysql | Dialect::Mariadb) {
        return false;
    }
    drop_final_dashes(tokens);
    let (mut in_condition, mut joins) = (false, false);
    let mut rest = tokens.iter_mut().peekable();
    while let Some(token) = rest.next() {
        match &token.token {
            Token::Word(word) if word.keyword == Keyword::WHERE => in_condition = true,
            Token::StringConcat => {
                joins |= in_condition;
                token.token = word_of("OR");
            }
            Token::Overlap => token.token = word_of("AND"),
            Token::Backslash => {
                let is_null = |next: &&mut TokenWithSpan| matches!(&next.token, Token::Word(word) if word.value == "N");
                if let Some(next) = rest.next_if(is_null) {
                    token.token = Token::Whitespace(Whitespace::Space);
                    next.token = word_of("NULL");
                }
            }
            _ => {}
        }
    }
    joins
}

/// Splits `.1or` into a number and a word: the tokenizer takes it for one name.
pub(super) fn split_fractions(tokens: Vec<TokenWithSpan>) -> Vec<TokenWithSpan> {
    if !tokens.iter().any(|token| fraction(&token.token).is_some()) {
        return tokens;
    }
    let mut split = Vec::with_capacity(tokens.len());
    for token in tokens {
        match fraction(&token.token) {
            Some((number, word)) => {
                let parts = [Token::Number(number.to_owned(), false), word_of(word)];
                split.extend(parts.map(|part| TokenWithSpan::new(part, token.span)));
            }
            None => split.push(token),
        }
    }
    split
}

/// The number that a word starts with, and the rest. No name without quotes has a dot in it.
fn fraction(token: &Token) -> Option<(&str, &str)> {
    let Token::Word(word) = token else {
        return None;
    };
    if word.quote_style.is_some()
        || !word
            .value
            .starts_with(['.', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9'])
    {
        return None;
    }
    let dot = word.value.find('.')?;
    let is_digit = |symbol: char| symbol.is_ascii_digit();
    let (whole, fraction) = word.value.split_at_checked(dot.saturating_add(1))?;
    let digits = fraction.find(|symbol| !is_digit(symbol))?;
    let plain = whole.trim_end_matches('.').chars().all(is_digit);
    let end = whole.len().saturating_add(digits);
    word.value.split_at_checked(end).filter(|_| plain)
}

fn word_of(word: &str) -> Token {
    Token::make_word(word, None)
}

/// No expression ends in two minus signs, so that at the end they are a comment.
fn drop_final_dashes(tokens: &mut Vec<TokenWithSpan>) {
    let is_word = |token: &TokenWithSpan| !matches!(token.token, Token::EOF | Token::Whitespace(_));
    let Some(last) = tokens.iter().rposition(is_word) else {
        return;
    };
    let is_minus = |index: Option<usize>| {
        index
            .and_then(|index| tokens.get(index))
            .is_some_and(|token| token.token == Token::Minus)
    };
    let before = last.checked_sub(1);
    if is_minus(Some(last)) && is_minus(before) {
        tokens.truncate(before.unwrap_or(last));
    }
}
