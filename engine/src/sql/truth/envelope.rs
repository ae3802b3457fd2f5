//! Values that are not computed, to the bounds they surely keep.
//!
//! `length(x)` is never negative and `rand()` never 2, whatever the row: a comparison that
//! any value within the bounds answers alike restricts nothing.

use sqlparser::ast::{BinaryOperator, Expr, Function, Query, UnaryOperator, Value};

use super::itself::{arguments, unwrapped};
use super::{Folded, Judge, subquery};
use crate::action::Cause;
use crate::sql::dialect::Dialect;
use crate::sql::name;

/// The least and the largest value that something can have, null apart.
#[derive(Clone, Copy)]
struct Envelope(f64, f64);

const POSITIVE: Envelope = Envelope(1.0, f64::INFINITY);
const NOT_NEGATIVE: Envelope = Envelope(0.0, f64::INFINITY);
const TRUTH: Envelope = Envelope(0.0, 1.0);

/// Most signs that are looked through before a value.
const SIGNS: usize = 8;

impl Judge<'_> {
    /// What a comparison gives for all values within the bounds of its sides.
    pub(super) fn by_envelope(
        self,
        left: &Expr,
        op: &BinaryOperator,
        right: &Expr,
        depth: usize,
    ) -> Option<bool> {
        super::order::of_operator(op)?;
        if let Some(truth) = self.by_account(left, op, right, depth) {
            return Some(truth);
        }
        let (left_bounds, right_bounds) = (self.envelope(left), self.envelope(right));
        // A folded side is as good as a bounded one.
        let (left_bounds, right_bounds) = match (left_bounds, right_bounds) {
            (Some(left), Some(right)) => (left, right),
            (Some(bounds), None) => (bounds, self.point(right, depth)?),
            (None, Some(bounds)) => (self.point(left, depth)?, bounds),
            (None, None) => return None,
        };
        let truth = answered(left_bounds, op, right_bounds)?;
        if self.dependence(left) == Folded::Row || self.dependence(right) == Folded::Row {
            self.blame(Cause::SelfComparison);
        }
        Some(truth)
    }

    /// Whether a value that is not computed counts as true all the same.
    pub(super) fn is_surely_true(self, expr: &Expr) -> bool {
        let apart = |Envelope(low, high): Envelope| low > 0.0 || high < 0.0;
        self.dialect.numbers_are_truths() && self.envelope(expr).is_some_and(apart)
    }

    fn point(self, expr: &Expr, depth: usize) -> Option<Envelope> {
        match self.fold(expr, depth) {
            Folded::Known(value) => {
                let value = value.number(self.dialect)?.value;
                Some(Envelope(value, value))
            }
            _ => None,
        }
    }

    fn envelope(self, expr: &Expr) -> Option<Envelope> {
        let mut expr = unwrapped(expr);
        let mut negative = false;
        for _ in 0..SIGNS {
            match expr {
                Expr::UnaryOp {
                    op: UnaryOperator::Minus,
                    expr: inner,
                } => {
                    negative = !negative;
                    expr = unwrapped(inner);
                }
                _ => break,
            }
        }
        let Envelope(low, high) = self.unsigned_envelope(expr)?;
        Some(if negative {
            Envelope(-high, -low)
        } else {
            Envelope(low, high)
        })
    }

    fn unsigned_envelope(self, expr: &Expr) -> Option<Envelope> {
        let mysql = matches!(self.dialect, Dialect::Mysql | Dialect::Mariadb);
        match expr {
            Expr::Function(function) => self.of_call(function),
            Expr::Subquery(query) => self.of_count(query),
            Expr::Identifier(ident) if ident.quote_style.is_none() => {
                let word = ident.value.to_ascii_lowercase();
                let counts = self.dialect == Dialect::Oracle && word == "rownum"
                    || mysql && is_moment(&word);
                counts.then_some(POSITIVE)
            }
            Expr::BinaryOp { left, op, right } => match op {
                BinaryOperator::Multiply if self.same_value(left, right) => Some(NOT_NEGATIVE),
                BinaryOperator::Minus if self.same_value(left, right) => Some(Envelope(0.0, 0.0)),
                BinaryOperator::Modulo => {
                    let least = modulus(right)? - 1.0;
                    Some(Envelope(-least, least))
                }
                op => (self.dialect.numbers_are_truths()
                    && super::order::of_operator(op).is_some())
                .then_some(TRUTH),
            },
            Expr::UnaryOp {
                op: UnaryOperator::Not | UnaryOperator::BangNot,
                ..
            }
            | Expr::IsNull(_)
            | Expr::IsNotNull(_)
                if self.dialect.numbers_are_truths() =>
            {
                Some(TRUTH)
            }
            _ => None,
        }
    }

    fn of_call(self, function: &Function) -> Option<Envelope> {
        let [name] = function.name.0.as_slice() else {
            return None;
        };
        let word = name.as_ident()?.value.to_ascii_lowercase();
        let mysql = matches!(self.dialect, Dialect::Mysql | Dialect::Mariadb);
        match word.as_str() {
            "abs" | "ascii" | "bit_length" | "char_length" | "character_length" | "count"
            | "datalength" | "dense_rank" | "len" | "length" | "octet_length" | "rank"
            | "row_number" | "sqrt" => Some(NOT_NEGATIVE),
            "rand" | "random" if self.draws_fractions() => Some(TRUTH),
            "benchmark" | "sleep" if mysql => Some(TRUTH),
            word if mysql && is_moment(word) => Some(POSITIVE),
            _ => None,
        }
    }

    /// Whether a random number is one from 0 to 1.
    fn draws_fractions(self) -> bool {
        !matches!(
            self.dialect,
            Dialect::Sqlite | Dialect::Clickhouse | Dialect::Snowflake | Dialect::Generic
        )
    }

    /// A query that counts.
    fn of_count(self, query: &Query) -> Option<Envelope> {
        let select = subquery::plain_select(query)?;
        let Expr::Function(function) = subquery::projected(select)? else {
            return None;
        };
        let counts = name::last(&function.name)
            .is_some_and(|name| name.value.eq_ignore_ascii_case("count"))
            && function.over.is_none();
        let whole = select.selection.is_none() && function.filter.is_none();
        match counts {
            // The catalog of tables holds itself.
            true if whole && subquery::reads_catalog_only(select) => Some(POSITIVE),
            true => Some(NOT_NEGATIVE),
            false => None,
        }
    }

    /// MySQL's names of users are `user@host`: no text without an `@` is one.
    fn by_account(
        self,
        left: &Expr,
        op: &BinaryOperator,
        right: &Expr,
        depth: usize,
    ) -> Option<bool> {
        let differs = match op {
            BinaryOperator::NotEq => true,
            BinaryOperator::Eq => false,
            _ => return None,
        };
        let is_account = |expr: &Expr| {
            matches!(self.dialect, Dialect::Mysql | Dialect::Mariadb) && names_account(expr)
        };
        let other = match (is_account(left), is_account(right)) {
            (true, false) => right,
            (false, true) => left,
            _ => return None,
        };
        match self.fold(other, depth) {
            Folded::Known(value) => {
                let text = value.text(self.dialect)?;
                (!text.contains('@')).then_some(differs)
            }
            _ => None,
        }
    }
}

fn names_account(expr: &Expr) -> bool {
    let word = match unwrapped(expr) {
        Expr::Identifier(ident) if ident.quote_style.is_none() => Some(ident),
        Expr::Function(function) if arguments(function).is_none_or(|some| some.is_empty()) => {
            name::last(&function.name)
        }
        _ => None,
    };
    word.is_some_and(|word| {
        let word = word.value.to_ascii_lowercase();
        matches!(
            word.as_str(),
            "current_user" | "session_user" | "system_user" | "user"
        )
    })
}

/// Whether a word is the time of day or a date, in numbers never 0.
fn is_moment(word: &str) -> bool {
    matches!(
        word,
        "curdate"
            | "current_date"
            | "current_timestamp"
            | "localtime"
            | "localtimestamp"
            | "now"
            | "sysdate"
            | "unix_timestamp"
            | "utc_date"
            | "utc_timestamp"
    )
}

fn modulus(expr: &Expr) -> Option<f64> {
    let Expr::Value(value) = unwrapped(expr) else {
        return None;
    };
    let Value::Number(digits, _) = &value.value else {
        return None;
    };
    digits
        .parse()
        .ok()
        .filter(|value: &f64| value.fract() == 0.0 && *value >= 1.0)
}

/// What all values within two bounds answer, if they answer alike.
fn answered(left: Envelope, op: &BinaryOperator, right: Envelope) -> Option<bool> {
    let below = left.1 < right.0;
    let above = left.0 > right.1;
    let not_above = left.1 <= right.0;
    let not_below = left.0 >= right.1;
    let point = not_above && not_below;
    let (holds, fails) = match op {
        BinaryOperator::Lt => (below, not_below),
        BinaryOperator::LtEq => (not_above, above),
        BinaryOperator::Gt => (above, not_above),
        BinaryOperator::GtEq => (not_below, below),
        BinaryOperator::NotEq => (below || above, point),
        BinaryOperator::Eq => (point, below || above),
        _ => (false, false),
    };
    match (holds, fails) {
        (true, _) => Some(true),
        (_, true) => Some(false),
        _ => None,
    }
}
