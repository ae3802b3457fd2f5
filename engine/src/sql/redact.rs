//! Tokens to the text that a record may hold, and to its fingerprint.
//!
//! Guarantees that no literal survives, whatever the parser made of it, and that texts
//! which differ only in literals, white space, comments, the case of plain words and the
//! length of IN lists give the same fingerprint.

use std::fmt::Write as _;

use sha2::{Digest, Sha256};
use sqlparser::ast::Ident;
use sqlparser::keywords::Keyword;
use sqlparser::tokenizer::{Token, TokenWithSpan, Word};

use super::dialect::Dialect;
use super::lexis::is_literal;
use super::name;
use crate::limits::SQL_REDACTED_BYTES;

/// What a record may hold of a text.
pub(super) struct Redacted {
    /// The text with `?` for every literal, shortened to the limit.
    pub(super) statement: String,
    /// 16 hexadecimal digits.
    pub(super) fingerprint: String,
}

/// Whether the names of what is quoted must be known before [`redact`] can tell them from
/// strings.
pub(super) fn needs_names(tokens: &[TokenWithSpan], dialect: Dialect) -> bool {
    dialect.double_quote_is_text()
        && tokens
            .iter()
            .any(|token| matches!(&token.token, Token::Word(word) if word.quote_style == Some('"')))
}

/// Redacts a text. `is_name` says of a folded name whether the text uses it as a table.
pub(super) fn redact(
    tokens: &[TokenWithSpan],
    dialect: Dialect,
    is_name: &dyn Fn(&str) -> bool,
) -> Redacted {
    let mut writer = Writer::new(dialect, tokens.len());
    for TokenWithSpan { token, .. } in tokens {
        match token {
            Token::Whitespace(_) | Token::EOF => writer.after_number = false,
            Token::Word(word) => writer.word(word, is_name),
            Token::Placeholder(_) => writer.literal(false),
            token if is_literal(token) => {
                writer.literal(matches!(
                    token,
                    Token::Number(..) | Token::HexStringLiteral(_)
                ));
            }
            token => writer.symbol(token),
        }
    }
    writer.finish()
}

/// What stands before the place where the next piece goes.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Before {
    Start,
    /// A plain word, after which a bracket opens arguments.
    Name,
    /// A keyword, after which a bracket opens a group.
    Keyword,
    /// `IN`, after which a bracket opens a list.
    In,
    Literal,
    /// A symbol that binds to what follows: `(`, `.`, `::`.
    Tight,
    Symbol,
}

struct Writer {
    dialect: Dialect,
    statement: String,
    folded: String,
    before: Before,
    /// Directly after a number: a word that follows is part of it.
    after_number: bool,
    /// A sign that may belong to a number.
    sign: Option<char>,
    /// Inside an IN list that has been literals only so far; the comma is held back.
    list: bool,
    comma: bool,
    /// `INSERT … FORMAT` of ClickHouse: the rest of the text is data.
    inserts: bool,
    format: Format,
}

#[derive(PartialEq, Eq)]
enum Format {
    None,
    Announced,
    Named,
    Data,
}

impl Writer {
    fn new(dialect: Dialect, tokens: usize) -> Self {
        let bytes = tokens.saturating_mul(4).min(SQL_REDACTED_BYTES);
        Self {
            dialect,
            statement: String::with_capacity(bytes),
            folded: String::with_capacity(bytes),
            before: Before::Start,
            after_number: false,
            sign: None,
            list: false,
            comma: false,
            inserts: false,
            format: Format::None,
        }
    }

    fn word(&mut self, word: &Word, is_name: &dyn Fn(&str) -> bool) {
        // `0xFF`, `1e5x` or `12abc` that the tokenizer split after the digits.
        if self.after_number {
            return;
        }
        if word.quote_style == Some('"') && self.dialect.double_quote_is_text() {
            let ident = Ident::with_quote('"', word.value.as_str());
            if !is_name(&name::fold(&ident, self.dialect)) {
                return self.literal(false);
            }
        }
        self.watch_format(word);
        let space = self.before != Before::Start && self.before != Before::Tight;
        match word.quote_style {
            None => self.piece(&word.value, space),
            Some(quote) => self.piece(&quoted(&word.value, quote), space),
        }
        self.before = match word.keyword {
            Keyword::IN => Before::In,
            keyword if opens_group(keyword) => Before::Keyword,
            _ => Before::Name,
        };
    }

    fn watch_format(&mut self, word: &Word) {
        if self.dialect != Dialect::Clickhouse || self.format == Format::Data {
            return;
        }
        if self.format == Format::Announced {
            self.format = Format::Named;
        } else if word.keyword == Keyword::FORMAT && self.inserts {
            self.format = Format::Announced;
        }
        self.inserts |= word.keyword == Keyword::INSERT;
    }

    fn literal(&mut self, number: bool) {
        self.after_number = number;
        // The sign in front of a number is part of it.
        if number && self.sign.take().is_some() {
            self.after_number = true;
        }
        if self.list && self.comma && self.before == Before::Literal {
            self.comma = false;
            return;
        }
        let space = self.before != Before::Start && self.before != Before::Tight;
        self.piece("?", space);
        self.before = Before::Literal;
    }

    fn symbol(&mut self, token: &Token) {
        self.after_number = false;
        match token {
            Token::Plus | Token::Minus
                if !matches!(self.before, Before::Name | Before::Literal) =>
            {
                self.flush_sign();
                self.sign = Some(if *token == Token::Plus { '+' } else { '-' });
            }
            Token::Comma if self.list && self.before == Before::Literal => {
                self.flush_sign();
                self.comma = true;
            }
            Token::Plus | Token::Minus if self.comma => {
                self.sign = Some(if *token == Token::Plus { '+' } else { '-' });
            }
            Token::LParen => self.open(),
            token => self.plain(token),
        }
    }

    fn open(&mut self) {
        let list = self.before == Before::In;
        let space = !matches!(self.before, Before::Start | Before::Tight | Before::Name);
        self.piece("(", space);
        self.list = list;
        self.before = Before::Tight;
    }

    fn plain(&mut self, token: &Token) {
        let mut written = String::new();
        let text = match symbol(token) {
            Some(text) => text,
            None => {
                // Writing to a string cannot fail.
                let _ = write!(written, "{token}");
                &written
            }
        };
        let glued = matches!(
            token,
            Token::Comma
                | Token::SemiColon
                | Token::RParen
                | Token::RBracket
                | Token::LBracket
                | Token::Period
                | Token::DoubleColon
        );
        if *token == Token::RParen {
            self.list = false;
        }
        let space = !glued && !matches!(self.before, Before::Start | Before::Tight);
        self.piece(text, space);
        self.before = match token {
            Token::Period | Token::DoubleColon | Token::LBracket | Token::AtSign | Token::Colon => {
                Before::Tight
            }
            Token::RParen | Token::RBracket | Token::RBrace => Before::Name,
            _ => Before::Symbol,
        };
    }

    fn flush_sign(&mut self) {
        if let Some(sign) = self.sign.take() {
            let space = !matches!(self.before, Before::Start | Before::Tight);
            let mut bytes = [0; 4];
            self.append(sign.encode_utf8(&mut bytes), space);
            self.before = Before::Symbol;
        }
    }

    /// Appends a piece, after whatever was held back for it.
    fn piece(&mut self, text: &str, space: bool) {
        if std::mem::take(&mut self.comma) {
            self.append(",", false);
        }
        let signed = self.sign.is_some();
        self.flush_sign();
        self.append(text, space || signed);
    }

    fn append(&mut self, text: &str, space: bool) {
        match self.format {
            Format::Data => return,
            // The name of the format is the last word that is not data.
            Format::Named => self.format = Format::Data,
            Format::None | Format::Announced => {}
        }
        let separator = if space { " " } else { "" };
        self.folded.push_str(separator);
        if text.starts_with(['"', '`', '[']) {
            self.folded.push_str(text);
        } else {
            let start = self.folded.len();
            self.folded.push_str(text);
            match self.folded.get_mut(start..) {
                Some(appended) if text.is_ascii() => appended.make_ascii_lowercase(),
                _ => {
                    self.folded.truncate(start);
                    self.folded
                        .extend(text.chars().flat_map(char::to_lowercase));
                }
            }
        }
        let length = self.statement.len().saturating_add(text.len());
        if length < SQL_REDACTED_BYTES {
            self.statement.push_str(separator);
            self.statement.push_str(text);
        } else if !self.statement.ends_with('…') {
            self.statement.push('…');
        }
    }

    fn finish(mut self) -> Redacted {
        self.flush_sign();
        let folded = self.folded.trim_end_matches([';', ' ']);
        let digest = Sha256::digest(folded.as_bytes());
        let mut fingerprint = String::with_capacity(16);
        crate::hex::push(&mut fingerprint, digest.get(..8).unwrap_or_default());
        let kept = self.statement.trim_end_matches([';', ' ']).len();
        self.statement.truncate(kept);
        Redacted {
            statement: self.statement,
            fingerprint,
        }
    }
}

/// The symbols that nearly every statement has, without the machinery of formatting.
const fn symbol(token: &Token) -> Option<&'static str> {
    match token {
        Token::Comma => Some(","),
        Token::Period => Some("."),
        Token::RParen => Some(")"),
        Token::Eq => Some("="),
        Token::Lt => Some("<"),
        Token::Gt => Some(">"),
        Token::Mul => Some("*"),
        Token::SemiColon => Some(";"),
        Token::DoubleColon => Some("::"),
        Token::StringConcat => Some("||"),
        Token::Plus => Some("+"),
        Token::Minus => Some("-"),
        _ => None,
    }
}

fn quoted(value: &str, quote: char) -> String {
    let close = if quote == '[' { ']' } else { quote };
    let mut text = String::with_capacity(value.len().saturating_add(2));
    text.push(quote);
    for character in value.chars() {
        if character == close {
            text.push(close);
        }
        text.push(character);
    }
    text.push(close);
    text
}

/// Whether a bracket after the keyword opens a group and not its arguments.
const fn opens_group(keyword: Keyword) -> bool {
    matches!(
        keyword,
        Keyword::AND
            | Keyword::OR
            | Keyword::NOT
            | Keyword::ON
            | Keyword::AS
            | Keyword::USING
            | Keyword::WHERE
            | Keyword::SELECT
            | Keyword::FROM
            | Keyword::JOIN
            | Keyword::EXISTS
            | Keyword::VALUES
            | Keyword::UNION
            | Keyword::ALL
            | Keyword::EXCEPT
            | Keyword::INTERSECT
            | Keyword::BY
            | Keyword::HAVING
            | Keyword::WHEN
            | Keyword::THEN
            | Keyword::ELSE
            | Keyword::BETWEEN
            | Keyword::LIKE
            | Keyword::SET
            | Keyword::LIMIT
            | Keyword::OFFSET
            | Keyword::RETURNING
            | Keyword::OVER
            | Keyword::CASE
            | Keyword::IS
            | Keyword::TO
            | Keyword::COPY
            | Keyword::EXPLAIN
    )
}
