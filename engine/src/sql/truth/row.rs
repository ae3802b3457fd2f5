//! Row values: `(1, 1) = (1, 1)`.

use sqlparser::ast::{BinaryOperator, Expr};

use super::constant::Constant;
use super::itself::{arguments, unwrapped};
use super::logic::{FALSE, Seen, TRUE, negated};
use super::{Folded, Judge};
use crate::sql::name;

/// The members of two rows of the same length.
pub(super) fn pair<'e>(left: &'e Expr, right: &'e Expr) -> Option<(Vec<&'e Expr>, Vec<&'e Expr>)> {
    let (left, right) = (members(left)?, members(right)?);
    (left.len() == right.len()).then_some((left, right))
}

fn members(expr: &Expr) -> Option<Vec<&Expr>> {
    match unwrapped(expr) {
        Expr::Tuple(members) => Some(members.iter().collect()),
        Expr::Function(function)
            if name::last(&function.name)
                .is_some_and(|name| name.value.eq_ignore_ascii_case("row")) =>
        {
            arguments(function)
        }
        _ => None,
    }
}

impl Judge<'_> {
    /// Rows are equal where all members are; one is larger where the first is that differs.
    pub(super) fn rows(
        self,
        left: &[&Expr],
        op: &BinaryOperator,
        right: &[&Expr],
        depth: usize,
    ) -> Folded {
        let mut seen = Seen::default();
        for (left, right) in left.iter().zip(right) {
            let equal = if self.same_value(left, right) {
                TRUE
            } else {
                let (left, right) = (self.fold(left, depth), self.fold(right, depth));
                let equal = self.computed(&left, &BinaryOperator::Eq, &right);
                if equal == FALSE {
                    return match op {
                        BinaryOperator::Eq | BinaryOperator::Spaceship => FALSE,
                        BinaryOperator::NotEq => TRUE,
                        op if seen
                            .of([Folded::Row, Folded::Bound, Folded::Open])
                            .is_none() =>
                        {
                            self.computed(&left, op, &right)
                        }
                        _ => Folded::Row,
                    };
                }
                equal
            };
            seen.note(&equal);
        }
        match seen.of([Folded::Row, Folded::Bound, Folded::Open]) {
            Some(unknown) => unknown,
            None => match op {
                BinaryOperator::Eq
                | BinaryOperator::GtEq
                | BinaryOperator::LtEq
                | BinaryOperator::Spaceship => TRUE,
                BinaryOperator::NotEq | BinaryOperator::Gt | BinaryOperator::Lt => {
                    negated(Constant::Truth(true), true)
                }
                _ => Folded::Open,
            },
        }
    }
}
