//! NOT, AND, OR and comparisons over what is known of their operands.

use sqlparser::ast::{BinaryOperator, Expr, UnaryOperator};

use super::constant::Constant;
use super::itself::unwrapped;
use super::order::Question;
use super::{Folded, Judge, complement, pattern};
use crate::action::Cause;
use crate::sql::dialect::Dialect;

/// Known to hold.
pub(super) const TRUE: Folded = Folded::Known(Constant::Truth(true));
/// Known not to hold.
pub(super) const FALSE: Folded = Folded::Known(Constant::Truth(false));

impl Judge<'_> {
    pub(super) fn unary(self, op: UnaryOperator, expr: &Expr, depth: usize) -> Folded {
        // MySQL's `!` binds tighter than anything, the parser's looser than comparisons.
        if op == UnaryOperator::BangNot && matches!(expr, Expr::BinaryOp { .. }) {
            return Folded::Open;
        }
        match (op, self.fold(expr, depth)) {
            (UnaryOperator::Not | UnaryOperator::BangNot, Folded::Known(value)) => {
                negated(value.as_truth(self.dialect), true)
            }
            (UnaryOperator::Plus, value @ Folded::Known(_)) => value,
            (op, Folded::Known(value)) => match value.number(self.dialect) {
                Some(number) => self.signed(op, number),
                None => Folded::Open,
            },
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
        match Self::connective(op) {
            Some(Connective::And) => self.all(&Self::operands(whole, Connective::And), depth),
            Some(Connective::Or) => self.any(&Self::operands(whole, Connective::Or), depth),
            None => self.compared(left, op, right, depth),
        }
    }

    /// Whether an operator joins conditions in this dialect.
    fn connective(op: &BinaryOperator) -> Option<Connective> {
        match op {
            BinaryOperator::And => Some(Connective::And),
            BinaryOperator::Or => Some(Connective::Or),
            _ => None,
        }
    }

    /// The operands of a chain of one connective. Chains are long and lean to the left, so
    /// they are walked and not recursed into.
    fn operands(whole: &Expr, connective: Connective) -> Vec<&Expr> {
        let mut operands = Vec::new();
        let mut rest = whole;
        while let Expr::BinaryOp { left, op, right } = rest
            && Self::connective(op) == Some(connective)
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
        let rest = seen.of([Folded::Row, Folded::Bound, Folded::Open]);
        match rest {
            Some(Folded::Row) if complement::excludes(self, operands) => FALSE,
            rest => rest.unwrap_or(TRUE),
        }
    }

    fn any(self, operands: &[&Expr], depth: usize) -> Folded {
        let mut seen = Seen::default();
        for operand in operands {
            self.notes.why.set(Cause::AlwaysTrue);
            match self.truth(operand, depth) {
                TRUE => return TRUE,
                other => seen.note(&other),
            }
        }
        if complement::covers(self, operands) {
            self.blame(Cause::SelfComparison);
            return TRUE;
        }
        seen.of([Folded::Open, Folded::Row, Folded::Bound])
            .unwrap_or(FALSE)
    }

    /// A comparison or a computation.
    fn compared(self, left: &Expr, op: &BinaryOperator, right: &Expr, depth: usize) -> Folded {
        if let Some(holds) = of_itself(op)
            && (self.same_value(left, right) || holds && self.meets_itself(left, op, right))
        {
            return Folded::Known(Constant::Truth(holds));
        }
        if let Some((lefts, rights)) = super::row::pair(left, right) {
            return self.rows(&lefts, op, &rights, depth);
        }
        if let Some(truth) = self.by_envelope(left, op, right, depth) {
            return Folded::Known(Constant::Truth(truth));
        }
        let folded = self.side(right, depth);
        pattern::operator(self, left, op, &folded)
            .unwrap_or_else(|| self.computed(&self.side(left, depth), op, &folded))
    }

    /// The value of one side: what is left of something without itself is nothing, null apart.
    fn side(self, expr: &Expr, depth: usize) -> Folded {
        match unwrapped(expr) {
            Expr::BinaryOp {
                left,
                op: BinaryOperator::Minus,
                right,
            } if self.spend() && self.same_value(left, right) => {
                Folded::Known(Constant::number_of(0.0))
            }
            _ => self.fold(expr, depth),
        }
    }

    /// What is known of something made of parts of which not all are known.
    pub(super) fn joined<'f>(self, parts: impl IntoIterator<Item = &'f Folded>) -> Folded {
        let mut seen = Seen::default();
        parts.into_iter().for_each(|part| seen.note(part));
        seen.of([Folded::Row, Folded::Bound])
            .unwrap_or(Folded::Open)
    }

    /// Two values under an operator.
    pub(super) fn computed(self, left: &Folded, op: &BinaryOperator, right: &Folded) -> Folded {
        let (Folded::Known(left), Folded::Known(right)) = (left, right) else {
            return self.joined([left, right]);
        };
        if *left == Constant::Null || *right == Constant::Null {
            return self.with_null(left, op, right);
        }
        let question = match op {
            BinaryOperator::Eq | BinaryOperator::NotEq | BinaryOperator::Spaceship => {
                Question::Equality
            }
            _ => Question::Order,
        };
        match (super::order::of_operator(op), op) {
            (Some(holds), _) => match self.compare(left, right, question) {
                Some(order) => Folded::Known(Constant::Truth(holds(order))),
                None => Folded::Open,
            },
            (None, BinaryOperator::Xor) => {
                match (left.truth(self.dialect), right.truth(self.dialect)) {
                    (Some(left), Some(right)) => Folded::Known(Constant::Truth(left != right)),
                    _ => Folded::Known(Constant::Null),
                }
            }
            (None, op) => self.arithmetic(left, op, right),
        }
    }

    fn with_null(self, left: &Constant, op: &BinaryOperator, right: &Constant) -> Folded {
        let both = left == right;
        match op {
            BinaryOperator::Spaceship => Folded::Known(Constant::Truth(both)),
            // To Oracle NULL is the empty string.
            BinaryOperator::StringConcat if self.dialect == Dialect::Oracle => {
                Folded::Known(match (left, right) {
                    (Constant::Null, other) | (other, _) => other.clone(),
                })
            }
            BinaryOperator::Eq if both => {
                // A setting of the session makes this true.
                if matches!(self.dialect, Dialect::Mssql | Dialect::Postgres) {
                    self.doubt();
                }
                Folded::Known(Constant::Null)
            }
            _ => Folded::Known(Constant::Null),
        }
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
const fn of_itself(op: &BinaryOperator) -> Option<bool> {
    match op {
        BinaryOperator::Eq
        | BinaryOperator::GtEq
        | BinaryOperator::LtEq
        | BinaryOperator::Spaceship => Some(true),
        BinaryOperator::NotEq | BinaryOperator::Gt | BinaryOperator::Lt => Some(false),
        _ => None,
    }
}
