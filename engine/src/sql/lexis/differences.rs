//! Refuses what this tokenizer and a database could split into words in different ways.
//!
//! Each check closes a way to hide a statement in what we take for a comment, a string or a
//! name. Wrongly refusing a rare honest text is accepted, wrongly reading one is not.

use sqlparser::keywords::Keyword;
use sqlparser::tokenizer::{Token, TokenWithSpan, Tokenizer, Whitespace};

use super::is_literal;
use crate::sql::budget::Budgeted;
use crate::sql::dialect::Dialect;
use crate::sql::error::{Ambiguity, SqlError};

/// Checks the characters.
pub(super) fn in_text(text: &str, dialect: Dialect) -> Result<(), SqlError> {
    let bytes = text.as_bytes();
    if holds_control(text) {
        return Err(Ambiguity::ControlCharacter.into());
    }
    if has_lone_return(bytes) && ["--", "#", "//"].iter().any(|mark| text.contains(mark)) {
        return Err(Ambiguity::CarriageReturn.into());
    }
    // Even inside a string: where the string ends may be what the two disagree about.
    let is_versioned = text.contains("/*!") || text.contains("/*M!");
    if is_versioned && !super::mysql::version_comments_are_code(text, dialect) {
        return Err(Ambiguity::VersionComment.into());
    }
    if dialect.backslash_is_ambiguous() && has_escaped_quote(bytes) {
        return Err(Ambiguity::Backslash.into());
    }
    Ok(())
}

/// Checks the tokens.
pub(super) fn in_tokens(
    text: &str,
    tokens: &[TokenWithSpan],
    dialect: Dialect,
    budgeted: &Budgeted,
) -> Result<(), SqlError> {
    let mut before = None;
    for TokenWithSpan { token, .. } in tokens {
        alone(token, dialect)?;
        if let Some(before) = before {
            adjacent(before, token, text)?;
        }
        before = Some(token);
    }
    if !text.is_ascii() && text.chars().any(is_odd_space) && !odd_spaces_are_quoted(text, budgeted)
    {
        return Err(Ambiguity::UnicodeSpace.into());
    }
    Ok(())
}

fn alone(token: &Token, dialect: Dialect) -> Result<(), SqlError> {
    match token {
        Token::Whitespace(Whitespace::MultiLineComment(comment)) if comment.contains("/*") => {
            Err(Ambiguity::Comment.into())
        }
        // MySQL wants a space after the dashes, else they are two minus signs.
        Token::Whitespace(Whitespace::SingleLineComment { prefix, comment })
            if dialect == Dialect::Generic
                && prefix == "--"
                && !comment.starts_with([' ', '\t', '\n']) =>
        {
            Err(Ambiguity::Comment.into())
        }
        Token::DollarQuotedString(quoted)
            if !dialect.quotes_by_dollar()
                || quoted
                    .tag
                    .as_ref()
                    .is_some_and(|tag| tag.starts_with(|first: char| first.is_ascii_digit())) =>
        {
            Err(Ambiguity::DollarQuote.into())
        }
        Token::EscapedStringLiteral(_) if !dialect.has_escape_strings() => {
            Err(Ambiguity::Backslash.into())
        }
        Token::CopyData { data, .. } if !data.trim().is_empty() => Err(SqlError::InlineData),
        _ => Ok(()),
    }
}

fn adjacent(before: &Token, token: &Token, text: &str) -> Result<(), SqlError> {
    match (before, token) {
        (Token::Mul, Token::Div) => Err(Ambiguity::Comment.into()),
        (Token::LBrace, Token::LBrace | Token::Mod) => Err(Ambiguity::Template.into()),
        (Token::Word(_) | Token::Number(..), Token::DollarQuotedString(_)) => {
            Err(Ambiguity::DollarQuote.into())
        }
        // A prefix that this dialect's tokenizer did not take as part of the string, while
        // the engine may: its backslashes would then be escapes.
        (Token::Word(prefix), literal)
            if prefix.value.len() <= 2
                && !expects_literal(prefix.keyword)
                && is_literal(literal)
                && text.contains('\\') =>
        {
            Err(Ambiguity::Backslash.into())
        }
        (Token::Ampersand, Token::Word(word)) if word.quote_style.is_some() => {
            Err(Ambiguity::EscapedIdentifier.into())
        }
        _ => Ok(()),
    }
}

/// Whether a short word is never the prefix of a string.
const fn expects_literal(keyword: Keyword) -> bool {
    matches!(
        keyword,
        Keyword::AS
            | Keyword::BY
            | Keyword::IN
            | Keyword::IS
            | Keyword::ON
            | Keyword::OR
            | Keyword::TO
    )
}

/// Whether a control character stands in a text. Without a way out, so that the compiler
/// looks at many bytes at once.
fn holds_control(text: &str) -> bool {
    let is_control = |byte: &u8| matches!(byte, 0..=8 | 11 | 12 | 14..=31 | 127);
    let bytes = text.as_bytes().iter();
    bytes.fold(false, |found, byte| found | is_control(byte))
        || !text.is_ascii() && text.chars().any(|one| matches!(one, '\u{80}'..='\u{9f}'))
}

const fn is_odd_space(character: char) -> bool {
    matches!(
        character,
        '\u{a0}'
            | '\u{ad}'
            | '\u{1680}'
            | '\u{180e}'
            | '\u{2000}'..='\u{200f}'
            | '\u{2028}'..='\u{202f}'
            | '\u{205f}'..='\u{206f}'
            | '\u{3000}'
            | '\u{feff}'
    )
}

fn has_lone_return(bytes: &[u8]) -> bool {
    let mut after_return = false;
    for &byte in bytes {
        if after_return && byte != b'\n' {
            return true;
        }
        after_return = byte == b'\r';
    }
    after_return
}

/// Whether an odd number of backslashes stands before a quote.
fn has_escaped_quote(bytes: &[u8]) -> bool {
    let mut escaped = false;
    for &byte in bytes {
        if escaped && matches!(byte, b'\'' | b'"' | b'`') {
            return true;
        }
        escaped = byte == b'\\' && !escaped;
    }
    false
}

/// Whether as many odd spaces stand in literals and comments as in the whole text.
fn odd_spaces_are_quoted(text: &str, budgeted: &Budgeted) -> bool {
    let count = |part: &str| {
        part.chars()
            .filter(|&character| is_odd_space(character))
            .count()
    };
    let raw = Tokenizer::new(budgeted, text)
        .with_unescape(false)
        .tokenize()
        .unwrap_or_default();
    let quoted = raw.iter().map(|token| match token {
        Token::Whitespace(Whitespace::SingleLineComment { comment, .. }) => count(comment),
        Token::Whitespace(Whitespace::MultiLineComment(comment)) => count(comment),
        token => quoted_text(token).map_or(0, count),
    });
    quoted.sum::<usize>() == count(text)
}

/// What stands between the quotes of a literal.
fn quoted_text(token: &Token) -> Option<&str> {
    match token {
        Token::SingleQuotedString(text)
        | Token::DoubleQuotedString(text)
        | Token::TripleSingleQuotedString(text)
        | Token::TripleDoubleQuotedString(text)
        | Token::SingleQuotedRawStringLiteral(text)
        | Token::DoubleQuotedRawStringLiteral(text)
        | Token::NationalStringLiteral(text)
        | Token::EscapedStringLiteral(text)
        | Token::UnicodeStringLiteral(text) => Some(text),
        Token::DollarQuotedString(text) => Some(&text.value),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::{Ambiguity, Dialect, SqlError};
    use sqlparser::tokenizer::{Token, TokenWithSpan};

    use crate::sql::budget::Budgeted;
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    fn tokens(text: &str, dialect: Dialect) -> Result<Vec<TokenWithSpan>, SqlError> {
        crate::sql::lexis::tokens(text, dialect, &Budgeted::new(dialect, text.len()))
    }

    /// Whether the word DROP stands among the tokens, and not in a string.
    fn drops(text: &str, dialect: Dialect) -> bool {
        let is_drop = |token: &TokenWithSpan| match &token.token {
            Token::Word(word) => word.value == "DROP",
            _ => false,
        };
        tokens(text, dialect).is_ok_and(|tokens| tokens.iter().any(is_drop))
    }

    fn ambiguity(text: &str, dialect: Dialect) -> Option<Ambiguity> {
        match tokens(text, dialect) {
            Err(SqlError::LexicalAmbiguity { what }) => Some(what),
            _ => None,
        }
    }

    #[test]
    fn a_return_that_may_end_a_comment_is_refused() {
        for dialect in Dialect::ALL {
            let hidden = ambiguity("SELECT 1 --\r; DROP TABLE zz", dialect);
            assert_eq!(
                hidden,
                Some(Ambiguity::CarriageReturn),
                "{}",
                dialect.name()
            );
        }
        assert_eq!(ambiguity("SELECT 1 -- one\r\n", Dialect::Mysql), None);
        assert_eq!(ambiguity("SELECT\r1", Dialect::Mysql), None);
    }

    #[test]
    fn version_comments_are_refused_everywhere() {
        for dialect in Dialect::ALL {
            for text in [
                "SELECT 1 /*!50701; DROP TABLE t */",
                "SELECT 1 /*!500001 */",
                "SELECT 1 /*! '*/' */",
                "SELECT 1 /*! /* */ */",
                "SELECT 1 /*! ; DROP TABLE t",
                "SELECT 1 /*M! , 2 */",
            ] {
                let found = ambiguity(text, dialect);
                assert_eq!(found, Some(Ambiguity::VersionComment), "{}", dialect.name());
            }
        }
    }

    #[test]
    fn version_comments_that_all_servers_run_are_code() {
        for text in [
            "SELECT 1 /*!; DROP TABLE t */",
            "SELECT 1 /*!50001; DROP TABLE t */",
        ] {
            assert!(drops(text, Dialect::Mysql), "{text}");
            assert!(drops(text, Dialect::Mariadb), "{text}");
            let elsewhere = ambiguity(text, Dialect::Postgres);
            assert_eq!(elsewhere, Some(Ambiguity::VersionComment), "{text}");
        }
    }

    #[test]
    fn comments_that_nest_or_do_not_start_are_refused() {
        for text in ["SELECT /* /* */ 1", "SELECT /* /* */ 1 */", "SELECT 1 */ 2"] {
            assert!(tokens(text, Dialect::Redshift).is_err(), "{text}");
            assert!(tokens(text, Dialect::Postgres).is_err(), "{text}");
        }
        assert_eq!(ambiguity("SELECT /* one */ 1", Dialect::Redshift), None);
        let minus = "SELECT 1--1;DROP TABLE zz";
        assert_eq!(ambiguity(minus, Dialect::Generic), Some(Ambiguity::Comment));
        assert_eq!(ambiguity(minus, Dialect::Postgres), None);
    }

    #[test]
    fn invisible_characters_are_refused_outside_of_strings() {
        let space = Some(Ambiguity::UnicodeSpace);
        assert_eq!(ambiguity("SELECT\u{a0}1", Dialect::Postgres), space);
        assert_eq!(
            ambiguity("SELECT '\u{a0}',\u{200b}1", Dialect::Postgres),
            space
        );
        assert_eq!(
            ambiguity("SELECT 'a\u{a0}b\u{200d}'", Dialect::Postgres),
            None
        );
        let control = Some(Ambiguity::ControlCharacter);
        assert_eq!(ambiguity("SELECT '\0'", Dialect::Postgres), control);
        assert_eq!(ambiguity("SELECT\u{b}1", Dialect::Postgres), control);
    }

    #[test]
    fn an_escape_that_only_one_side_knows_is_refused() {
        let backslash = Some(Ambiguity::Backslash);
        let hidden = r"SELECT '\'; DROP TABLE t --'";
        assert_eq!(ambiguity(hidden, Dialect::Generic), backslash);
        assert_eq!(ambiguity(r"SELECT 'c:\\'", Dialect::Generic), None);
        for dialect in [Dialect::Hive, Dialect::Spark, Dialect::Mysql] {
            assert!(!drops(hidden, dialect), "one string in {}", dialect.name());
        }
        for dialect in [Dialect::Postgres, Dialect::Oracle, Dialect::Sqlite] {
            let code = r"SELECT '\'; DROP TABLE t --";
            assert!(drops(code, dialect), "a whole string in {}", dialect.name());
        }
        assert_eq!(
            ambiguity(r"SELECT e'\';DROP TABLE t--'", Dialect::Trino),
            backslash
        );
    }

    #[test]
    fn strings_with_escapes_end_where_the_database_ends_them() {
        for dialect in Dialect::ALL {
            let hidden = drops(r"SELECT E'\'; DROP TABLE t --'", dialect);
            let code = r"SELECT E'\\'; DROP TABLE t --";
            if dialect.has_escape_strings() {
                assert!(!hidden, "one string in {}", dialect.name());
                assert!(drops(code, dialect), "{}", dialect.name());
                let read = crate::sql::analyse(r"SELECT E'\n' FROM t", dialect).unwrap();
                assert!(read.gaps.is_empty(), "parsed in {}", dialect.name());
            }
        }
    }

    #[test]
    fn dollars_quote_only_where_the_database_says_so() {
        let hidden = "SELECT 1 $$; DROP TABLE zz; -- $$";
        for dialect in Dialect::ALL
            .into_iter()
            .filter(|dialect| !dialect.quotes_by_dollar())
        {
            let seen = tokens(hidden, dialect).is_err() || drops(hidden, dialect);
            assert!(seen, "{}", dialect.name());
        }
        let dollar = Some(Ambiguity::DollarQuote);
        assert_eq!(ambiguity(hidden, Dialect::Trino), dollar);
        assert_eq!(ambiguity("SELECT $$a$$", Dialect::Postgres), None);
    }

    #[test]
    fn escaped_identifiers_are_refused() {
        let escaped = r#"SELECT U&"pg_read_fil\0065"('x')"#;
        assert_eq!(
            ambiguity(escaped, Dialect::Postgres),
            Some(Ambiguity::EscapedIdentifier)
        );
    }

    #[test]
    fn templates_that_are_not_filled_in_are_refused() {
        for text in ["SELECT * FROM {{ t }}", "SELECT {% if a %} 1 {% endif %}"] {
            let found = ambiguity(text, Dialect::Snowflake);
            assert_eq!(found, Some(Ambiguity::Template), "{text}");
        }
        assert_eq!(ambiguity("SELECT '{{ t }}'", Dialect::Snowflake), None);
    }

    #[test]
    fn rows_inside_the_text_are_refused() {
        let text = "COPY t FROM STDIN;\nDROP TABLE zz";
        assert_eq!(
            tokens(text, Dialect::Postgres).err(),
            Some(SqlError::InlineData)
        );
    }
}
