//! Literals to values that can be compared, and what the dialects make of them.

use std::cmp::Ordering;

use sqlparser::ast::{DataType, Value};

use super::Folded;
use crate::sql::dialect::Dialect;

/// A value that is the same for every row.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::sql) enum Constant {
    Null,
    Truth(bool),
    Number(f64),
    Text(String),
}

impl Constant {
    /// Whether it counts as true in a condition; nothing where it is null or an error.
    pub(super) fn truth(&self, dialect: Dialect) -> Option<bool> {
        match self {
            Self::Null => None,
            Self::Truth(truth) => Some(*truth),
            Self::Number(number) => Some(*number != 0.0),
            Self::Text(text) if dialect.numbers_are_truths() => Some(leading_number(text) != 0.0),
            Self::Text(text) => match text.trim().to_lowercase().as_str() {
                "t" | "true" | "y" | "yes" | "on" | "1" => Some(true),
                "f" | "false" | "n" | "no" | "off" | "0" => Some(false),
                _ => None,
            },
        }
    }

    /// The same as a truth or null.
    pub(super) fn as_truth(&self, dialect: Dialect) -> Self {
        self.truth(dialect).map_or(Self::Null, Self::Truth)
    }

    /// The same as a number, where the dialect converts.
    pub(super) fn number(&self, dialect: Dialect) -> Option<f64> {
        match self {
            Self::Null => None,
            Self::Truth(truth) => Some(f64::from(u8::from(*truth))),
            Self::Number(number) => Some(*number),
            Self::Text(text) if dialect.numbers_are_truths() => Some(leading_number(text)),
            Self::Text(text) => text.trim().parse().ok(),
        }
    }

    /// The same as text.
    pub(super) fn text(&self) -> Option<String> {
        match self {
            Self::Null => None,
            Self::Truth(truth) => Some(truth.to_string()),
            Self::Number(number) => Some(number.to_string()),
            Self::Text(text) => Some(text.clone()),
        }
    }
}

/// How two constants compare; nothing where the dialect decides by rules not known here.
pub(super) fn compare(left: &Constant, right: &Constant, dialect: Dialect) -> Option<Ordering> {
    match (left, right) {
        (Constant::Text(left), Constant::Text(right)) => {
            if left == right {
                Some(Ordering::Equal)
            } else if matches!(dialect, Dialect::Mysql | Dialect::Mariadb | Dialect::Mssql) {
                // Their default collations ignore case and trailing spaces.
                let fold = |text: &str| text.trim_end().to_lowercase();
                Some(fold(left).cmp(&fold(right)))
            } else {
                Some(left.cmp(right))
            }
        }
        (Constant::Truth(left), Constant::Truth(right)) => Some(left.cmp(right)),
        (Constant::Text(_), Constant::Number(_)) if !dialect.coerces_text() => {
            Some(Ordering::Greater)
        }
        (Constant::Number(_), Constant::Text(_)) if !dialect.coerces_text() => Some(Ordering::Less),
        (left, right) => left.number(dialect)?.partial_cmp(&right.number(dialect)?),
    }
}

/// What a literal is worth.
pub(super) fn of_value(value: &Value, dialect: Dialect) -> Folded {
    match value {
        Value::Number(digits, _) => match digits.parse() {
            Ok(number) => Folded::Known(Constant::Number(number)),
            Err(_) => Folded::Open,
        },
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
        | Value::TripleDoubleQuotedRawStringLiteral(text) => {
            Folded::Known(Constant::Text(text.clone()))
        }
        Value::DollarQuotedString(text) => Folded::Known(Constant::Text(text.value.clone())),
        Value::Boolean(truth) => Folded::Known(Constant::Truth(*truth)),
        Value::Null => Folded::Known(Constant::Null),
        Value::Placeholder(_) => Folded::Bound,
        // A number or a string, as MySQL needs it.
        Value::HexStringLiteral(_) if dialect.numbers_are_truths() => Folded::Open,
        Value::HexStringLiteral(digits) => match u64::from_str_radix(digits, 16) {
            Ok(number) => Folded::Known(Constant::Number(rounded(number))),
            Err(_) => Folded::Open,
        },
        Value::QuoteDelimitedStringLiteral(text)
        | Value::NationalQuoteDelimitedStringLiteral(text) => {
            Folded::Known(Constant::Text(text.value.clone()))
        }
        Value::SingleQuotedByteStringLiteral(_)
        | Value::DoubleQuotedByteStringLiteral(_)
        | Value::TripleSingleQuotedByteStringLiteral(_)
        | Value::TripleDoubleQuotedByteStringLiteral(_) => Folded::Open,
    }
}

#[expect(
    clippy::cast_precision_loss,
    reason = "only compared, and with its like"
)]
const fn rounded(number: u64) -> f64 {
    number as f64
}

/// A constant as another type.
pub(super) fn cast(value: Constant, data_type: &DataType) -> Folded {
    let known = match data_type {
        DataType::Boolean | DataType::Bool => match value {
            Constant::Null => Some(Constant::Null),
            other => other.truth(Dialect::Postgres).map(Constant::Truth),
        },
        DataType::Text
        | DataType::Varchar(_)
        | DataType::Nvarchar(_)
        | DataType::CharacterVarying(_)
        | DataType::String(_) => match value {
            Constant::Null => Some(Constant::Null),
            other => other.text().map(Constant::Text),
        },
        DataType::Char(_) | DataType::Character(_) => Some(value),
        DataType::Float(_)
        | DataType::Double(_)
        | DataType::DoublePrecision
        | DataType::Real
        | DataType::Numeric(_)
        | DataType::Decimal(_) => match value {
            Constant::Null => Some(Constant::Null),
            other => other.number(Dialect::Postgres).map(Constant::Number),
        },
        DataType::Int(_)
        | DataType::Integer(_)
        | DataType::BigInt(_)
        | DataType::SmallInt(_)
        | DataType::TinyInt(_)
        | DataType::Signed
        | DataType::Unsigned
        | DataType::Int4(_)
        | DataType::Int8(_)
        | DataType::Int64 => match value {
            Constant::Null => Some(Constant::Null),
            other => other
                .number(Dialect::Postgres)
                .map(|number| Constant::Number(number.round())),
        },
        _ => None,
    };
    known.map_or(Folded::Open, Folded::Known)
}

/// The number that a string starts with, 0 without one, as MySQL and SQLite read it.
fn leading_number(text: &str) -> f64 {
    let text = text.trim_start();
    let numeric = |character: char| character.is_ascii_digit() || ".+-eE".contains(character);
    let end = text
        .find(|character| !numeric(character))
        .unwrap_or(text.len());
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
