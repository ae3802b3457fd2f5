//! Literals to values, and what the dialects make of values.
//!
//! A number says whether it is exact: what a database computes in decimals and this engine
//! in binary is compared only where the difference can't matter.

use sqlparser::ast::Value;

use super::Folded;
use crate::sql::dialect::Dialect;

/// A value that is the same for every row.
#[derive(Clone, PartialEq)]
pub(in crate::sql) enum Constant {
    Null,
    Truth(bool),
    Number(Number),
    Text(String),
    /// `0x61` of MySQL: a string that counts as a number where one is needed.
    Hex(String),
}

/// A number.
#[derive(Clone, Copy, PartialEq)]
pub(in crate::sql) struct Number {
    pub(super) value: f64,
    /// Whether the database has the very same value.
    pub(super) exact: bool,
}

/// Above this, binary numbers have gaps between whole ones.
const EXACT: f64 = 9_007_199_254_740_992.0;
/// Decimal digits that a binary number keeps apart.
const DIGITS: usize = 15;

impl Number {
    /// The result of an operation on numbers that were that exact.
    pub(super) fn computed(value: f64, exact: bool) -> Self {
        let result = Self { value, exact };
        Self {
            value,
            exact: result.is_short(),
        }
    }

    /// Whether it is the same in decimals and in binary, with three decimals at most.
    pub(super) fn is_short(self) -> bool {
        const EIGHTHS: f64 = 8.0;
        self.exact && (self.value * EIGHTHS).fract() == 0.0 && self.value.abs() < EXACT / EIGHTHS
    }

    pub(super) fn whole(value: f64) -> Self {
        Self::computed(value, true)
    }

    pub(super) fn is_whole(self) -> bool {
        self.exact && self.value.fract() == 0.0
    }

    fn read(digits: &str) -> Option<Self> {
        let value: f64 = digits
            .parse()
            .ok()
            .filter(|value: &f64| value.is_finite())?;
        let significant = digits.bytes().filter(u8::is_ascii_digit).count();
        let plain = !digits.contains(['e', 'E']) && significant <= DIGITS;
        Some(Self {
            value,
            exact: plain || value == 0.0,
        })
    }
}

impl Constant {
    pub(super) fn number_of(value: f64) -> Self {
        Self::Number(Number::whole(value))
    }

    /// Whether it counts as true in a condition; nothing where it is null or an error.
    pub(super) fn truth(&self, dialect: Dialect) -> Option<bool> {
        match self {
            Self::Null => None,
            Self::Truth(truth) => Some(*truth),
            Self::Number(number) => Some(number.value != 0.0),
            Self::Hex(_) => self.number(dialect).map(|number| number.value != 0.0),
            Self::Text(text) if dialect.numbers_are_truths() => Some(leading_number(text) != 0.0),
            Self::Text(text) => truth_word(text),
        }
    }

    /// The same as a truth or null.
    pub(super) fn as_truth(&self, dialect: Dialect) -> Self {
        self.truth(dialect).map_or(Self::Null, Self::Truth)
    }

    /// The same as a number, where the dialect converts.
    pub(super) fn number(&self, dialect: Dialect) -> Option<Number> {
        match self {
            Self::Null => None,
            Self::Truth(truth) => Some(Number::whole(f64::from(u8::from(*truth)))),
            Self::Number(number) => Some(*number),
            Self::Text(text) if dialect.numbers_are_truths() => {
                Some(Number::computed(leading_number(text), true))
            }
            Self::Text(text) => Number::read(text.trim()),
            Self::Hex(text) => {
                let digits = text.bytes().take(7);
                let value = digits.fold(0.0, |value, byte| value * 256.0 + f64::from(byte));
                (text.len() <= 6).then(|| Number::whole(value))
            }
        }
    }

    /// The same as text, where every engine of the dialect writes it so.
    pub(super) fn text(&self, dialect: Dialect) -> Option<String> {
        match self {
            Self::Null => None,
            Self::Truth(truth) if dialect.numbers_are_truths() => {
                Some(u8::from(*truth).to_string())
            }
            Self::Truth(truth) => Some(truth.to_string()),
            Self::Number(number) if number.is_whole() => Some(number.value.to_string()),
            Self::Number(_) => None,
            Self::Text(text) | Self::Hex(text) => Some(text.clone()),
        }
    }
}

/// What a literal is worth.
pub(super) fn of_value(value: &Value, dialect: Dialect) -> Folded {
    match value {
        Value::Number(digits, _) => Number::read(digits).map_or(Folded::Open, |number| {
            Folded::Known(Constant::Number(number))
        }),
        Value::SingleQuotedString(text)
        | Value::DoubleQuotedString(text)
        | Value::NationalStringLiteral(text)
        | Value::EscapedStringLiteral(text)
        | Value::UnicodeStringLiteral(text)
        | Value::TripleSingleQuotedString(text)
        | Value::TripleDoubleQuotedString(text)
        | Value::SingleQuotedRawStringLiteral(text)
        | Value::DoubleQuotedRawStringLiteral(text)
        | Value::TripleSingleQuotedRawStringLiteral(text)
        | Value::TripleDoubleQuotedRawStringLiteral(text) => of_text(text, dialect),
        Value::DollarQuotedString(text) => of_text(&text.value, dialect),
        Value::Boolean(truth) => Folded::Known(Constant::Truth(*truth)),
        Value::Null => Folded::Known(Constant::Null),
        Value::Placeholder(_) => Folded::Bound,
        Value::HexStringLiteral(digits) if matches!(dialect, Dialect::Mysql | Dialect::Mariadb) => {
            hex_text(digits).map_or(Folded::Open, |text| Folded::Known(Constant::Hex(text)))
        }
        Value::QuoteDelimitedStringLiteral(text)
        | Value::NationalQuoteDelimitedStringLiteral(text) => of_text(&text.value, dialect),
        // Elsewhere bytes, bits or a number.
        Value::HexStringLiteral(_)
        | Value::SingleQuotedByteStringLiteral(_)
        | Value::DoubleQuotedByteStringLiteral(_)
        | Value::TripleSingleQuotedByteStringLiteral(_)
        | Value::TripleDoubleQuotedByteStringLiteral(_) => Folded::Open,
    }
}

fn of_text(text: &str, dialect: Dialect) -> Folded {
    // To Oracle the empty string is NULL.
    Folded::Known(if text.is_empty() && dialect == Dialect::Oracle {
        Constant::Null
    } else {
        Constant::Text(text.to_owned())
    })
}

/// The printable text that hexadecimal digits spell.
fn hex_text(digits: &str) -> Option<String> {
    let pairs = digits.as_bytes().chunks(2);
    let byte = |pair: &[u8]| {
        let pair = std::str::from_utf8(pair).ok()?;
        u8::from_str_radix(pair, 16).ok().filter(u8::is_ascii)
    };
    let even = digits.len().is_multiple_of(2);
    let bytes = pairs.map(byte).collect::<Option<Vec<u8>>>()?;
    String::from_utf8(bytes).ok().filter(|_| even)
}

/// What a word means where a truth is needed: PostgreSQL takes any prefix that is one's own.
pub(super) fn truth_word(text: &str) -> Option<bool> {
    let word = text.trim().to_ascii_lowercase();
    let begins = |whole: &str, least: usize| word.len() >= least && whole.starts_with(&word);
    if word == "1" || begins("true", 1) || begins("yes", 1) || word == "on" {
        Some(true)
    } else if word == "0" || begins("false", 1) || begins("no", 1) || begins("off", 2) {
        Some(false)
    } else {
        None
    }
}

/// The number that a string starts with, 0 without one, as MySQL and SQLite read it.
pub(super) fn leading_number(text: &str) -> f64 {
    let text = text.trim_start();
    let numeric = |character: char| character.is_ascii_digit() || ".+-eE".contains(character);
    // No number needs more, and each try reads it again.
    const LONGEST: usize = 64;
    let end = text
        .find(|character| !numeric(character))
        .unwrap_or(text.len())
        .min(LONGEST);
    let mut digits = text.get(..end).unwrap_or_default();
    loop {
        if let Ok(number) = digits.parse() {
            return number;
        }
        let mut shorter = digits.chars();
        if shorter.next_back().is_none() {
            return 0.0;
        }
        digits = shorter.as_str();
    }
}
