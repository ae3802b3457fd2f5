//! Predicates over what is known of their operands: IS, BETWEEN, IN, CASE and their like.

use sqlparser::ast::{BinaryOperator, CaseWhen, Expr, InTarget};

use super::constant::Constant;
use super::itself::unwrapped;
use super::logic::{Seen, TRUE, negated};
use super::{Folded, Judge, row, subquery};
use crate::action::Cause;

impl Judge<'_> {
    /// Everything that is no operator.
    pub(super) fn predicate(self, expr: &Expr, depth: usize) -> Folded {
        match expr {
            Expr::IsNull(inner) => self.nullness(inner, depth),
            Expr::IsNotNull(inner) => match self.nullness(inner, depth) {
                Folded::Known(null) => negated(null, true),
                other => other,
            },
            Expr::IsTrue(inner) => self.is_truth(inner, depth, Some(true), true),
            Expr::IsNotTrue(inner) => self.is_truth(inner, depth, Some(true), false),
            Expr::IsFalse(inner) => self.is_truth(inner, depth, Some(false), true),
            Expr::IsNotFalse(inner) => self.is_truth(inner, depth, Some(false), false),
            Expr::IsUnknown(inner) => self.is_truth(inner, depth, None, true),
            Expr::IsNotUnknown(inner) => self.is_truth(inner, depth, None, false),
            Expr::IsNotDistinctFrom(left, right) => self.distinct(left, right, depth, false),
            Expr::IsDistinctFrom(left, right) => self.distinct(left, right, depth, true),
            Expr::Between {
                expr,
                negated,
                low,
                high,
            } => self.between(expr, low, high, *negated, depth),
            Expr::In {
                expr,
                target,
                negated,
                ..
            } => self.contained(expr, target, *negated, depth),
            Expr::Like { .. }
            | Expr::ILike { .. }
            | Expr::SimilarTo { .. }
            | Expr::RLike { .. } => self.like(expr, depth),
            Expr::Case {
                operand,
                conditions,
                else_result,
                ..
            } => self.case(
                operand.as_deref(),
                conditions,
                else_result.as_deref(),
                depth,
            ),
            Expr::Function(function) => self.call(expr, function, depth),
            Expr::AnyOp {
                left,
                compare_op,
                right,
                ..
            } => self.any_of(expr, left, compare_op, right, depth),
            other => self.dependence(other),
        }
    }

    /// Whether a value is null.
    pub(super) fn nullness(self, expr: &Expr, depth: usize) -> Folded {
        if matches!(
            unwrapped(expr),
            Expr::IsNull(_)
                | Expr::IsNotNull(_)
                | Expr::IsTrue(_)
                | Expr::IsNotTrue(_)
                | Expr::IsFalse(_)
                | Expr::IsNotFalse(_)
                | Expr::IsDistinctFrom(..)
                | Expr::IsNotDistinctFrom(..)
                | Expr::Exists { .. }
        ) {
            return Folded::Known(Constant::Truth(false));
        }
        self.is(expr, depth, |value| *value == Constant::Null)
    }

    fn is(self, expr: &Expr, depth: usize, holds: impl Fn(&Constant) -> bool) -> Folded {
        match self.fold(expr, depth) {
            Folded::Known(value) => Folded::Known(Constant::Truth(holds(&value))),
            other => other,
        }
    }

    fn is_truth(self, expr: &Expr, depth: usize, truth: Option<bool>, positive: bool) -> Folded {
        self.is(expr, depth, |value| {
            (value.truth(self.dialect) == truth) == positive
        })
    }

    fn distinct(self, left: &Expr, right: &Expr, depth: usize, positive: bool) -> Folded {
        if self.same_value(left, right) {
            return Folded::Known(Constant::Truth(!positive));
        }
        let (left, right) = (self.fold(left, depth), self.fold(right, depth));
        match self.computed(&left, &BinaryOperator::Spaceship, &right) {
            Folded::Known(equal) => negated(equal, positive),
            other => other,
        }
    }

    /// `x = ANY (…)`.
    fn any_of(
        self,
        whole: &Expr,
        left: &Expr,
        op: &BinaryOperator,
        right: &Expr,
        depth: usize,
    ) -> Folded {
        let reflexive = matches!(
            op,
            BinaryOperator::Eq | BinaryOperator::GtEq | BinaryOperator::LtEq
        );
        match unwrapped(right) {
            Expr::Subquery(query) if reflexive && self.is_in_itself(left, query) => TRUE,
            Expr::Array(array) if *op == BinaryOperator::Eq => {
                self.listed(left, &array.elem, false, depth)
            }
            Expr::Tuple(values) if *op == BinaryOperator::Eq => {
                self.listed(left, values, false, depth)
            }
            _ => self.dependence(whole),
        }
    }

    /// Whether a query over the whole target shows the same value for each row.
    fn is_in_itself(self, value: &Expr, query: &sqlparser::ast::Query) -> bool {
        let found = self
            .of_whole_target(query)
            .is_some_and(|column| self.same_value(value, column));
        if found {
            self.blame(Cause::SameTable);
        }
        found
    }

    fn between(self, expr: &Expr, low: &Expr, high: &Expr, no: bool, depth: usize) -> Folded {
        if self.same_value(expr, low) && self.same_value(expr, high) {
            return Folded::Known(Constant::Truth(!no));
        }
        let value = self.fold(expr, depth);
        let above = self.computed(&value, &BinaryOperator::GtEq, &self.fold(low, depth));
        let below = self.computed(&value, &BinaryOperator::LtEq, &self.fold(high, depth));
        match (above, below) {
            (Folded::Known(above), Folded::Known(below)) => {
                match (above.truth(self.dialect), below.truth(self.dialect)) {
                    (Some(above), Some(below)) => {
                        Folded::Known(Constant::Truth((above && below) != no))
                    }
                    (Some(false), None) | (None, Some(false)) => Folded::Known(Constant::Truth(no)),
                    _ => Folded::Known(Constant::Null),
                }
            }
            (above, below) => self.joined([&above, &below]),
        }
    }

    fn contained(self, expr: &Expr, target: &InTarget, no: bool, depth: usize) -> Folded {
        match target {
            InTarget::List(values) => self.listed(expr, values, no, depth),
            InTarget::Subquery(query) => {
                if self.is_in_itself(expr, query) {
                    return Folded::Known(Constant::Truth(!no));
                }
                if let Some(value) = subquery::constant_of(query) {
                    return self.listed(expr, std::slice::from_ref(value), no, depth);
                }
                match self.has_rows(query) {
                    Some(false) => Folded::Known(Constant::Truth(no)),
                    _ => self.joined([&self.fold(expr, depth), &self.of_query(query)]),
                }
            }
            InTarget::Unnest(_) | InTarget::Table { .. } => Folded::Row,
        }
    }

    pub(super) fn listed(self, expr: &Expr, values: &[Expr], no: bool, depth: usize) -> Folded {
        let value = self.fold(expr, depth);
        let mut seen = Seen::default();
        let mut null = false;
        for member in values {
            if self.same_value(expr, member) {
                return Folded::Known(Constant::Truth(!no));
            }
            let equal = match row::pair(expr, member) {
                Some((left, right)) => self.rows(&left, &BinaryOperator::Eq, &right, depth),
                None => {
                    let member = self.fold(member, depth);
                    self.computed(&value, &BinaryOperator::Eq, &member)
                }
            };
            match equal {
                TRUE => return Folded::Known(Constant::Truth(!no)),
                Folded::Known(Constant::Null) => null = true,
                other => seen.note(&other),
            }
        }
        match seen.of([Folded::Row, Folded::Bound, Folded::Open]) {
            Some(unknown) => unknown,
            None if null => Folded::Known(Constant::Null),
            None => Folded::Known(Constant::Truth(no)),
        }
    }

    fn case(
        self,
        operand: Option<&Expr>,
        branches: &[CaseWhen],
        otherwise: Option<&Expr>,
        depth: usize,
    ) -> Folded {
        let operand = operand.map(|operand| self.fold(operand, depth));
        let mut results = Vec::new();
        let mut unsure = Seen::default();
        for branch in branches {
            let condition = match &operand {
                Some(operand) => {
                    let value = self.fold(&branch.condition, depth);
                    self.computed(operand, &BinaryOperator::Eq, &value)
                }
                None => self.truth(&branch.condition, depth),
            };
            match condition {
                TRUE => {
                    results.push(self.fold(&branch.result, depth));
                    return one_of(results, &choice(&unsure));
                }
                Folded::Known(_) => {}
                unknown => {
                    results.push(self.fold(&branch.result, depth));
                    unsure.note(&unknown);
                }
            }
        }
        results.push(match otherwise {
            Some(otherwise) => self.fold(otherwise, depth),
            None => Folded::Known(Constant::Null),
        });
        one_of(results, &choice(&unsure))
    }
}

/// What the choice between branches depends on.
fn choice(unsure: &Seen) -> Folded {
    unsure
        .of([Folded::Row, Folded::Bound, Folded::Open])
        .unwrap_or(Folded::Open)
}

/// The result of a choice of which one of these is the value.
pub(super) fn one_of(mut results: Vec<Folded>, choice: &Folded) -> Folded {
    let Some(first) = results.pop() else {
        return Folded::Known(Constant::Null);
    };
    if results.iter().all(|result| *result == first) {
        first
    } else {
        choice.clone()
    }
}
