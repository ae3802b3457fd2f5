//! Operators over what is known of their operands.

use std::cmp::Ordering;

use sqlparser::ast::{BinaryOperator, Expr, UnaryOperator};

use super::constant::{Constant, compare};
use super::{Folded, Judge, complement, pattern};
use crate::sql::dialect::Dialect;

/// Known to hold.
pub(super) const TRUE: Folded = Folded::Known(Constant::Truth(true));
/// Known not to hold.
const FALSE: Folded = Folded::Known(Constant::Truth(false));

impl Judge<'_> {
    pub(super) fn unary(self, op: UnaryOperator, expr: &Expr, depth: usize) -> Folded {
        match (op, self.fold(expr, depth)) {
            (UnaryOperator::Not | UnaryOperator::BangNot, Folded::Known(value)) => {
                negated(value.as_truth(self.dialect), true)
            }
            (UnaryOperator::Minus, Folded::Known(value)) => match value.number(self.dialect) {
                Some(number) => Folded::Known(Constant::Number(-number)),
                None => Folded::Open,
            },
            (UnaryOperator::Plus, value @ Folded::Known(_)) => value,
            (_, Folded::Known(_)) => Folded::Open,
            (_, other) => other,
        }
    }

    pub(super) fn binary(
        self,
        whole: &Expr,
        left: &Expr,
        op: &BinaryOperator,
        right: &Expr,
        depth: usize,
    ) -> Folded {
        match self.connective(op) {
            Some(Connective::And) => self.all(&self.operands(whole, Connective::And), depth),
            Some(Connective::Or) => self.any(&self.operands(whole, Connective::Or), depth),
            None => {
                if self.same_column(left, right)
                    && let Some(truth) = of_equals(op)
                {
                    return Folded::Known(Constant::Truth(truth));
                }
                let right = self.fold(right, depth);
                pattern::operator(op, &right)
                    .unwrap_or_else(|| self.computed(&self.fold(left, depth), op, &right))
            }
        }
    }

    /// Whether an operator joins conditions in this dialect.
    fn connective(self, op: &BinaryOperator) -> Option<Connective> {
        let mysql = matches!(self.dialect, Dialect::Mysql | Dialect::Mariadb);
        match op {
            BinaryOperator::And => Some(Connective::And),
            BinaryOperator::Or => Some(Connective::Or),
            BinaryOperator::StringConcat if mysql => Some(Connective::Or),
            BinaryOperator::PGOverlap if mysql => Some(Connective::And),
            _ => None,
        }
    }

    /// The operands of a chain of one connective. Chains are long and lean to the left, so
    /// they are walked and not recursed into.
    fn operands(self, whole: &Expr, connective: Connective) -> Vec<&Expr> {
        let mut operands = Vec::new();
        let mut rest = whole;
        while let Expr::BinaryOp { left, op, right } = rest
            && self.connective(op) == Some(connective)
        {
            operands.push(&**right);
            rest = left;
        }
        operands.push(rest);
        operands
    }

    fn all(self, operands: &[&Expr], depth: usize) -> Folded {
        let mut seen = Seen::default();
        for operand in operands {
            match self.truth(operand, depth) {
                FALSE => return FALSE,
                other => seen.note(&other),
            }
        }
        seen.of([Folded::Row, Folded::Bound, Folded::Open])
            .unwrap_or(TRUE)
    }

    fn any(self, operands: &[&Expr], depth: usize) -> Folded {
        let mut seen = Seen::default();
        for operand in operands {
            match self.truth(operand, depth) {
                TRUE => return TRUE,
                other => seen.note(&other),
            }
        }
        if complement::covers(self, operands) {
            return TRUE;
        }
        seen.of([Folded::Open, Folded::Row, Folded::Bound])
            .unwrap_or(FALSE)
    }

    pub(super) fn computed(self, left: &Folded, op: &BinaryOperator, right: &Folded) -> Folded {
        let (Folded::Known(left), Folded::Known(right)) = (left, right) else {
            return self.joined([left, right]);
        };
        match op {
            BinaryOperator::Spaceship => {
                let equal = match (left, right) {
                    (Constant::Null, Constant::Null) => Some(true),
                    (Constant::Null, _) | (_, Constant::Null) => Some(false),
                    (left, right) => compare(left, right, self.dialect).map(Ordering::is_eq),
                };
                equal.map_or(Folded::Open, |equal| Folded::Known(Constant::Truth(equal)))
            }
            _ if *left == Constant::Null || *right == Constant::Null => {
                Folded::Known(Constant::Null)
            }
            BinaryOperator::Xor => match (left.truth(self.dialect), right.truth(self.dialect)) {
                (Some(left), Some(right)) => Folded::Known(Constant::Truth(left != right)),
                _ => Folded::Known(Constant::Null),
            },
            BinaryOperator::StringConcat => match (left.text(), right.text()) {
                (Some(left), Some(right)) => Folded::Known(Constant::Text(left + &right)),
                _ => Folded::Open,
            },
            op => match (of_order(op), arithmetic(op)) {
                (Some(holds), _) => match compare(left, right, self.dialect) {
                    Some(order) => Folded::Known(Constant::Truth(holds(order))),
                    None => Folded::Open,
                },
                (None, Some(compute)) => {
                    match (left.number(self.dialect), right.number(self.dialect)) {
                        (Some(left), Some(right)) => {
                            Folded::Known(Constant::Number(compute(left, right)))
                        }
                        _ => Folded::Open,
                    }
                }
                (None, None) => Folded::Open,
            },
        }
    }

    /// What is known of something made of parts of which not all are known.
    pub(super) fn joined<'f>(self, parts: impl IntoIterator<Item = &'f Folded>) -> Folded {
        let mut seen = Seen::default();
        parts.into_iter().for_each(|part| seen.note(part));
        seen.of([Folded::Row, Folded::Bound])
            .unwrap_or(Folded::Open)
    }
}

/// What joins conditions.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Connective {
    And,
    Or,
}

/// What has been met among operands.
#[derive(Default)]
pub(super) struct Seen {
    row: bool,
    bound: bool,
    open: bool,
    null: bool,
}

impl Seen {
    pub(super) fn note(&mut self, folded: &Folded) {
        match folded {
            Folded::Row => self.row = true,
            Folded::Bound => self.bound = true,
            Folded::Open => self.open = true,
            Folded::Known(Constant::Null) => self.null = true,
            Folded::Known(_) => {}
        }
    }

    /// The first of these that has been met, then null.
    pub(super) fn of<const N: usize>(&self, order: [Folded; N]) -> Option<Folded> {
        let met = |kind: &Folded| match kind {
            Folded::Row => self.row,
            Folded::Bound => self.bound,
            Folded::Open => self.open,
            Folded::Known(_) => false,
        };
        let null = self.null.then_some(Folded::Known(Constant::Null));
        order.into_iter().find(met).or(null)
    }
}

pub(super) fn negated(value: Constant, negate: bool) -> Folded {
    Folded::Known(match value {
        Constant::Truth(truth) => Constant::Truth(truth != negate),
        other => other,
    })
}

/// What a comparison of something with itself gives, null apart.
const fn of_equals(op: &BinaryOperator) -> Option<bool> {
    match op {
        BinaryOperator::Eq
        | BinaryOperator::GtEq
        | BinaryOperator::LtEq
        | BinaryOperator::Spaceship => Some(true),
        BinaryOperator::NotEq | BinaryOperator::Gt | BinaryOperator::Lt => Some(false),
        _ => None,
    }
}

fn of_order(op: &BinaryOperator) -> Option<fn(Ordering) -> bool> {
    match op {
        BinaryOperator::Eq => Some(Ordering::is_eq),
        BinaryOperator::NotEq => Some(Ordering::is_ne),
        BinaryOperator::Gt => Some(Ordering::is_gt),
        BinaryOperator::GtEq => Some(Ordering::is_ge),
        BinaryOperator::Lt => Some(Ordering::is_lt),
        BinaryOperator::LtEq => Some(Ordering::is_le),
        _ => None,
    }
}

fn arithmetic(op: &BinaryOperator) -> Option<fn(f64, f64) -> f64> {
    match op {
        BinaryOperator::Plus => Some(|left, right| left + right),
        BinaryOperator::Minus => Some(|left, right| left - right),
        BinaryOperator::Multiply => Some(|left, right| left * right),
        _ => None,
    }
}
