//! Why a text was not analysed. The peer's fault, always: the call is refused.
//!
//! A message never holds a word, a literal or an identifier of the text, only positions.

use std::fmt;

/// Why a text was refused before anything could be said about what it does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SqlError {
    /// No statement in the text: nothing, white space or comments only.
    Empty,
    /// The text is longer than [`crate::limits::SQL_TEXT_BYTES`].
    TooLong,
    /// More statements than [`crate::limits::SQL_STATEMENTS`].
    TooManyStatements,
    /// More tokens, queries or chained operators than the limits allow.
    TooComplex,
    /// Nested deeper than the limits allow.
    TooDeep,
    /// The database could split the text into words in another way than we do.
    LexicalAmbiguity {
        /// What could be read in two ways.
        what: Ambiguity,
    },
    /// Rows of data follow a `COPY … FROM STDIN` in the text.
    InlineData,
    /// Not a statement of the dialect as far as the parser knows it.
    Syntax {
        /// Line of the first word that does not fit, from 1, where known.
        line: Option<u64>,
        /// Column of it, from 1, where known.
        column: Option<u64>,
    },
}

/// What a database could read in another way than we do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ambiguity {
    /// A carriage return alone ends a comment for some, for others not.
    CarriageReturn,
    /// `/*!` and `/*M!` are code for some servers and versions.
    VersionComment,
    /// A comment inside a comment, or an end without a start.
    Comment,
    /// A control character, NUL included.
    ControlCharacter,
    /// A space or invisible character beyond ASCII, outside of a string.
    UnicodeSpace,
    /// A backslash before a quote.
    Backslash,
    /// `$$` is a quote for some databases and a letter for others.
    DollarQuote,
    /// An identifier written in escapes.
    EscapedIdentifier,
    /// A template whose places are not filled in: `{{ x }}`, `{% if x %}`.
    Template,
}

impl SqlError {
    /// The stable code, the same in replies, records and metrics.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Empty => "sql.empty",
            Self::TooLong => "sql.too_long",
            Self::TooManyStatements => "sql.too_many_statements",
            Self::TooComplex => "sql.too_complex",
            Self::TooDeep => "sql.too_deep",
            Self::LexicalAmbiguity { .. } => "sql.lexical_ambiguity",
            Self::InlineData => "sql.inline_data",
            Self::Syntax { .. } => "sql.syntax",
        }
    }
}

impl fmt::Display for SqlError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => out.write_str("expected a statement, found none"),
            Self::TooLong => out.write_str("the text is longer than the limit"),
            Self::TooManyStatements => out.write_str("more statements in one text than the limit"),
            Self::TooComplex => {
                out.write_str("more words, queries or chained operators than the limit")
            }
            Self::TooDeep => out.write_str("nested deeper than the limit"),
            Self::LexicalAmbiguity { what } => out.write_str(what.message()),
            Self::InlineData => {
                out.write_str("expected the rows of `COPY … FROM STDIN` apart from the statement")
            }
            Self::Syntax {
                line: Some(line),
                column: Some(column),
            } => write!(
                out,
                "expected a statement of the dialect, parsing stopped at line {line}, column {column}"
            ),
            Self::Syntax { .. } => {
                out.write_str("expected a statement of the dialect, parsing stopped")
            }
        }
    }
}

impl std::error::Error for SqlError {}

impl Ambiguity {
    const fn message(self) -> &'static str {
        match self {
            Self::CarriageReturn => {
                "expected lines to end in a line feed: a carriage return alone can end a comment"
            }
            Self::VersionComment => "expected no version comment: it is code for some servers",
            Self::Comment => "expected comments that neither nest nor end without a start",
            Self::ControlCharacter => "expected no control characters",
            Self::UnicodeSpace => {
                "expected ASCII spaces: others are spaces for some databases and letters for some"
            }
            Self::Backslash => {
                "expected quotes doubled: a backslash escapes a quote for some databases only"
            }
            Self::DollarQuote => "expected single quotes: a dollar quotes for some databases only",
            Self::EscapedIdentifier => "expected identifiers written without escapes",
            Self::Template => "expected a text that is filled in, found places of a template",
        }
    }
}

impl From<Ambiguity> for SqlError {
    fn from(what: Ambiguity) -> Self {
        Self::LexicalAmbiguity { what }
    }
}
