//! How two constants compare.
//!
//! Nothing where the dialect decides by rules that are not known here. Where the answer
//! hangs on a collation or a mode, the likely one is given and noted as doubtful.

use std::cmp::Ordering;

use sqlparser::ast::BinaryOperator;

use super::Judge;
use super::constant::{Constant, Number, truth_word};
use crate::sql::dialect::Dialect;

/// What a comparison wants to know.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Question {
    Equality,
    Order,
}

/// How far inexact numbers must be apart to be told apart.
const APART: f64 = 1e-6;

impl Judge<'_> {
    /// How two constants compare, to tell which is the larger or only whether they differ.
    pub(super) fn compare(
        self,
        left: &Constant,
        right: &Constant,
        question: Question,
    ) -> Option<Ordering> {
        match (left, right) {
            (Constant::Truth(left), Constant::Truth(right)) => Some(left.cmp(right)),
            (Constant::Truth(truth), Constant::Text(word))
                if !self.dialect.numbers_are_truths() =>
            {
                Some(truth.cmp(&truth_word(word)?))
            }
            (Constant::Text(_), Constant::Truth(_)) if !self.dialect.numbers_are_truths() => {
                self.compare(right, left, question).map(Ordering::reverse)
            }
            (
                Constant::Text(left) | Constant::Hex(left),
                Constant::Text(right) | Constant::Hex(right),
            ) => Some(self.compare_texts(left, right, question)),
            (Constant::Text(_), Constant::Number(_)) if !self.dialect.coerces_text() => {
                Some(Ordering::Greater)
            }
            (Constant::Number(_), Constant::Text(_)) if !self.dialect.coerces_text() => {
                Some(Ordering::Less)
            }
            (left, right) => {
                compare_numbers(left.number(self.dialect)?, right.number(self.dialect)?)
            }
        }
    }

    fn compare_texts(self, left: &str, right: &str, question: Question) -> Ordering {
        let exact = left.cmp(right);
        if exact.is_eq() {
            return exact;
        }
        let loose = fold(left).cmp(&fold(right));
        let blind = matches!(
            self.dialect,
            Dialect::Mysql | Dialect::Mariadb | Dialect::Mssql
        );
        let is_plain = |text: &str| text.bytes().all(|byte| byte.is_ascii_alphanumeric());
        if loose.is_eq() {
            // Case and trailing spaces count or not, as the collation says.
            if blind {
                self.doubt();
                return loose;
            }
            return exact;
        }
        let agree = loose == exact && is_plain(left) && is_plain(right);
        let foreign = blind && !(left.is_ascii() && right.is_ascii());
        if foreign || !agree && question == Question::Order {
            self.doubt();
        }
        loose
    }
}

/// Without case and trailing spaces.
fn fold(text: &str) -> String {
    text.trim_end_matches(' ').to_lowercase()
}

fn compare_numbers(left: Number, right: Number) -> Option<Ordering> {
    let order = left.value.partial_cmp(&right.value)?;
    let far = (left.value - right.value).abs() > APART * left.value.abs().max(right.value.abs());
    (far || left.exact && right.exact).then_some(order)
}

/// What an operator that compares makes of an order.
pub(super) fn of_operator(op: &BinaryOperator) -> Option<fn(Ordering) -> bool> {
    match op {
        BinaryOperator::Eq | BinaryOperator::Spaceship => Some(Ordering::is_eq),
        BinaryOperator::NotEq => Some(Ordering::is_ne),
        BinaryOperator::Gt => Some(Ordering::is_gt),
        BinaryOperator::GtEq => Some(Ordering::is_ge),
        BinaryOperator::Lt => Some(Ordering::is_lt),
        BinaryOperator::LtEq => Some(Ordering::is_le),
        _ => None,
    }
}
