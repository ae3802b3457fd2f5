//! Predicates over what is known of their operands: IS, BETWEEN, IN, CASE and their like.

use sqlparser::ast::{BinaryOperator, CaseWhen, Expr, InTarget};

use super::constant::Constant;
use super::logic::{Seen, TRUE, negated};
use super::{Folded, Judge, dependence};

impl Judge<'_> {
    /// Everything that is no operator.
    pub(super) fn predicate(self, expr: &Expr, depth: usize) -> Folded {
        match expr {
            Expr::IsNull(inner) => self.is(inner, depth, |value| *value == Constant::Null),
            Expr::IsNotNull(inner) => self.is(inner, depth, |value| *value != Constant::Null),
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
            Expr::Function(function) => self.coalesced(expr, function, depth),
            other => dependence(other),
        }
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
        if self.same_column(left, right) {
            return Folded::Known(Constant::Truth(!positive));
        }
        let (left, right) = (self.fold(left, depth), self.fold(right, depth));
        match self.computed(&left, &BinaryOperator::Spaceship, &right) {
            Folded::Known(equal) => negated(equal, positive),
            other => other,
        }
    }

    fn between(self, expr: &Expr, low: &Expr, high: &Expr, no: bool, depth: usize) -> Folded {
        if self.same_column(expr, low) && self.same_column(expr, high) {
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
                if let Some(column) = self.selects_whole_target(query)
                    && self.same_column(expr, column)
                {
                    return Folded::Known(Constant::Truth(!no));
                }
                match super::constant_of(query) {
                    Some(value) => self.listed(expr, std::slice::from_ref(value), no, depth),
                    None => Folded::Row,
                }
            }
            InTarget::Unnest(_) | InTarget::Table { .. } => Folded::Row,
        }
    }

    fn listed(self, expr: &Expr, values: &[Expr], no: bool, depth: usize) -> Folded {
        let value = self.fold(expr, depth);
        let mut seen = Seen::default();
        let mut null = false;
        for member in values {
            if self.same_column(expr, member) {
                return Folded::Known(Constant::Truth(!no));
            }
            let member = self.fold(member, depth);
            match self.computed(&value, &BinaryOperator::Eq, &member) {
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
                    return one_of(results);
                }
                Folded::Known(_) => {}
                unknown => results.extend([self.fold(&branch.result, depth), unknown]),
            }
        }
        results.push(match otherwise {
            Some(otherwise) => self.fold(otherwise, depth),
            None => Folded::Known(Constant::Null),
        });
        one_of(results)
    }

    /// `COALESCE` and its like; every other function is not computed.
    fn coalesced(self, whole: &Expr, function: &sqlparser::ast::Function, depth: usize) -> Folded {
        use sqlparser::ast::{FunctionArg, FunctionArgExpr, FunctionArguments};
        let name = crate::sql::name::last(&function.name).map(|name| name.value.to_lowercase());
        let coalesces = matches!(
            name.as_deref(),
            Some("coalesce" | "ifnull" | "nvl" | "isnull")
        );
        let FunctionArguments::List(list) = &function.args else {
            return dependence(whole);
        };
        if !coalesces || list.args.len() < 2 {
            return dependence(whole);
        }
        for argument in &list.args {
            let FunctionArg::Unnamed(FunctionArgExpr::Expr(expr)) = argument else {
                return dependence(whole);
            };
            match self.fold(expr, depth) {
                Folded::Known(Constant::Null) => {}
                Folded::Known(value) => return Folded::Known(value),
                _ => return dependence(whole),
            }
        }
        Folded::Known(Constant::Null)
    }
}

/// The result of a CASE of which one of these is the value.
fn one_of(results: Vec<Folded>) -> Folded {
    let mut results = results.into_iter();
    let Some(first) = results.next() else {
        return Folded::Known(Constant::Null);
    };
    results.fold(first, |known, next| match (&known, &next) {
        (Folded::Row, _) | (_, Folded::Row) => Folded::Row,
        (Folded::Bound, _) | (_, Folded::Bound) => Folded::Bound,
        _ if known == next => known,
        _ => Folded::Open,
    })
}
