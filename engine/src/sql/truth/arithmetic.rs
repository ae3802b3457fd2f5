//! Computing with constants, where all engines of the dialect get the same.

use sqlparser::ast::{BinaryOperator, UnaryOperator};

use super::constant::{Constant, Number};
use super::{Folded, Judge};
use crate::sql::dialect::Dialect;

impl Judge<'_> {
    /// A sign or a complement before a number.
    pub(super) fn signed(self, op: UnaryOperator, number: Number) -> Folded {
        let mysql = matches!(self.dialect, Dialect::Mysql | Dialect::Mariadb);
        match op {
            UnaryOperator::Minus => Folded::Known(Constant::Number(Number {
                value: -number.value,
                exact: number.exact,
            })),
            UnaryOperator::PGAbs => Folded::Known(Constant::Number(Number {
                value: number.value.abs(),
                exact: number.exact,
            })),
            UnaryOperator::BitwiseNot if number.is_whole() && mysql && number.value >= 0.0 => {
                const ALL_BITS: f64 = 18_446_744_073_709_551_615.0;
                Folded::Known(Constant::number_of(ALL_BITS - number.value))
            }
            UnaryOperator::BitwiseNot if number.is_whole() && !mysql => {
                Folded::Known(Constant::number_of(-1.0 - number.value))
            }
            _ => Folded::Open,
        }
    }

    pub(super) fn arithmetic(
        self,
        left: &Constant,
        op: &BinaryOperator,
        right: &Constant,
    ) -> Folded {
        if let Some(text) = self.joined_text(left, op, right) {
            return text;
        }
        let (Some(left), Some(right)) = (left.number(self.dialect), right.number(self.dialect))
        else {
            return Folded::Open;
        };
        let exact = left.is_short() && right.is_short();
        let whole = left.is_whole() && right.is_whole();
        let value = match op {
            BinaryOperator::Plus => Some(left.value + right.value),
            BinaryOperator::Minus => Some(left.value - right.value),
            BinaryOperator::Multiply => Some(left.value * right.value),
            BinaryOperator::Divide
            | BinaryOperator::Modulo
            | BinaryOperator::MyIntegerDivide
            | BinaryOperator::DuckIntegerDivide
                if right.value == 0.0 =>
            {
                return self.by_zero();
            }
            BinaryOperator::Divide => self.quotient(left, right),
            BinaryOperator::MyIntegerDivide | BinaryOperator::DuckIntegerDivide if whole => {
                Some((left.value / right.value).trunc())
            }
            BinaryOperator::Modulo if whole => Some(left.value % right.value),
            BinaryOperator::BitwiseAnd => bits(left, right, |left, right| left & right),
            BinaryOperator::BitwiseOr => bits(left, right, |left, right| left | right),
            BinaryOperator::BitwiseXor | BinaryOperator::PGBitwiseXor => {
                bits(left, right, |left, right| left ^ right)
            }
            _ => None,
        };
        value
            .filter(|value| value.is_finite())
            .map_or(Folded::Open, |value| {
                Folded::Known(Constant::Number(Number::computed(value, exact)))
            })
    }

    fn joined_text(self, left: &Constant, op: &BinaryOperator, right: &Constant) -> Option<Folded> {
        let both = matches!((left, right), (Constant::Text(_), Constant::Text(_)));
        match op {
            BinaryOperator::StringConcat => {
                let joined = left.text(self.dialect).zip(right.text(self.dialect));
                Some(joined.map_or(Folded::Open, |(left, right)| {
                    Folded::Known(Constant::Text(left + &right))
                }))
            }
            BinaryOperator::Plus if both && self.dialect == Dialect::Mssql => {
                self.joined_text(left, &BinaryOperator::StringConcat, right)
            }
            BinaryOperator::Plus if both && self.dialect == Dialect::Generic => Some(Folded::Open),
            _ => None,
        }
    }

    fn by_zero(self) -> Folded {
        match self.dialect {
            Dialect::Mysql | Dialect::Mariadb | Dialect::Sqlite => Folded::Known(Constant::Null),
            _ => Folded::Open,
        }
    }

    /// Whole numbers divide to whole numbers in some dialects.
    fn quotient(self, left: Number, right: Number) -> Option<f64> {
        let value = left.value / right.value;
        let whole = left.is_whole() && right.is_whole();
        if !whole || value.fract() == 0.0 {
            return Some(value);
        }
        match self.dialect {
            Dialect::Postgres
            | Dialect::Redshift
            | Dialect::Mssql
            | Dialect::Sqlite
            | Dialect::Trino => Some(value.trunc()),
            Dialect::Mysql
            | Dialect::Mariadb
            | Dialect::Oracle
            | Dialect::Snowflake
            | Dialect::Bigquery
            | Dialect::Clickhouse
            | Dialect::Duckdb
            | Dialect::Databricks
            | Dialect::Spark
            | Dialect::Hive => Some(value),
            _ => None,
        }
    }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_precision_loss,
    reason = "whole, not negative and below 2^53"
)]
fn bits(left: Number, right: Number, combine: impl Fn(u64, u64) -> u64) -> Option<f64> {
    let fits = |number: Number| number.is_whole() && number.value >= 0.0;
    (fits(left) && fits(right)).then(|| combine(left.value as u64, right.value as u64) as f64)
}
