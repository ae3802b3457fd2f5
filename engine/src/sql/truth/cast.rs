//! A constant to the same as another type.
//!
//! Computed only where no dialect would cut, pad, round or wrap the value in its own way.

use sqlparser::ast::{CharacterLength, DataType, ExactNumberInfo};

use super::Folded;
use super::constant::{Constant, Number, truth_word};
use crate::sql::dialect::Dialect;

/// Longest text that no dialect cuts where no length is given.
const UNCUT: usize = 30;

/// A constant as another type.
pub(super) fn cast(value: Constant, data_type: &DataType, dialect: Dialect) -> Folded {
    if value == Constant::Null {
        return Folded::Known(value);
    }
    let known = match data_type {
        DataType::Boolean | DataType::Bool => match value {
            Constant::Text(text) => truth_word(&text).map(Constant::Truth),
            other => other.truth(dialect).map(Constant::Truth),
        },
        DataType::Text => value.text(dialect).map(Constant::Text),
        DataType::Varchar(length)
        | DataType::Nvarchar(length)
        | DataType::CharacterVarying(length)
        | DataType::CharVarying(length) => text_of(&value, *length, UNCUT, dialect),
        DataType::String(_) => text_of(&value, None, UNCUT, dialect),
        DataType::Char(length) | DataType::Character(length) => {
            // Without a length it is one character but in MySQL.
            let mysql = matches!(dialect, Dialect::Mysql | Dialect::Mariadb);
            text_of(&value, *length, if mysql { UNCUT } else { 1 }, dialect)
                .filter(|text| !ends_in_space(text))
        }
        DataType::Numeric(size) | DataType::Decimal(size) | DataType::Dec(size) => {
            number_of(&value)
                .filter(|number| *size == ExactNumberInfo::None && number.is_whole())
                .map(Constant::Number)
        }
        DataType::Float(_)
        | DataType::Double(_)
        | DataType::DoublePrecision
        | DataType::Float8
        | DataType::Float64
        | DataType::Real => number_of(&value).map(|number| Constant::Number(loose(number))),
        DataType::TinyInt(_) => whole_of(&value, 127.0),
        DataType::SmallInt(_) | DataType::Int2(_) => whole_of(&value, 32_767.0),
        DataType::Int(_) | DataType::Integer(_) | DataType::Int4(_) => {
            whole_of(&value, 2_147_483_647.0)
        }
        DataType::BigInt(_) | DataType::Signed | DataType::SignedInteger | DataType::Int64 => {
            whole_of(&value, 9e15)
        }
        // Eight bytes, or in ClickHouse eight bits.
        DataType::Int8(_) if dialect == Dialect::Clickhouse => whole_of(&value, 127.0),
        DataType::Int8(_) => whole_of(&value, 9e15),
        DataType::Unsigned | DataType::UnsignedInteger => {
            whole_of(&value, 9e15).filter(|_| number_of(&value).is_some_and(|n| n.value >= 0.0))
        }
        _ => None,
    };
    known.map_or(Folded::Open, Folded::Known)
}

fn text_of(
    value: &Constant,
    length: Option<CharacterLength>,
    unstated: usize,
    dialect: Dialect,
) -> Option<Constant> {
    let text = value.text(dialect)?;
    let fits = match length {
        Some(CharacterLength::IntegerLength { length, .. }) => {
            u64::try_from(text.chars().count()).is_ok_and(|count| count <= length)
        }
        Some(CharacterLength::Max) => true,
        None => text.chars().count() <= unstated,
    };
    fits.then_some(Constant::Text(text))
}

fn ends_in_space(value: &Constant) -> bool {
    matches!(value, Constant::Text(text) if text.ends_with(' '))
}

fn whole_of(value: &Constant, most: f64) -> Option<Constant> {
    let number = number_of(value)?;
    (number.is_whole() && number.value.abs() <= most).then_some(Constant::Number(number))
}

/// A number that every dialect reads the same.
fn number_of(value: &Constant) -> Option<Number> {
    match value {
        Constant::Text(text) => {
            let text = text.trim();
            let plain = text
                .bytes()
                .all(|byte| byte.is_ascii_digit() || b".-".contains(&byte));
            Constant::Text(text.to_owned())
                .number(Dialect::Postgres)
                .filter(|_| plain)
        }
        other => other.number(Dialect::Postgres),
    }
}

/// A fraction loses digits on its way into a binary type.
fn loose(number: Number) -> Number {
    Number::computed(number.value, number.exact)
}
