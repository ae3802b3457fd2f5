//! Conditions whose verdict is the same whatever the values of their literals.
//!
//! Comparisons of a column with a literal, a placeholder or another column, joined by AND:
//! each depends on the row, so none folds to a constant and none cancels another.

use sqlparser::ast::{BinaryOperator, Expr, InTarget};

use super::{DEPTH, is_niladic};

/// Whether a condition is such a one.
pub(super) fn is_plain(condition: &Expr) -> bool {
    let mut rest = vec![(condition, 0_usize)];
    while let Some((expr, depth)) = rest.pop() {
        // What is nested deeper than the judge folds is not judged by its parts.
        if depth > DEPTH {
            return false;
        }
        let deeper = depth.saturating_add(1);
        let is_plain = match expr {
            Expr::Nested(inner) => {
                rest.push((inner, deeper));
                true
            }
            Expr::BinaryOp {
                left,
                op: BinaryOperator::And,
                right,
            } => {
                rest.extend([(&**left, depth), (&**right, deeper)]);
                true
            }
            Expr::BinaryOp { left, op, right } => {
                compares(op) && is_column(left) && is_operand(right)
            }
            Expr::IsNull(inner) | Expr::IsNotNull(inner) => is_column(inner),
            Expr::Between {
                expr, low, high, ..
            } => is_column(expr) && is_operand(low) && is_operand(high),
            Expr::In {
                expr,
                target: InTarget::List(values),
                ..
            } => is_column(expr) && values.iter().all(is_operand),
            _ => false,
        };
        if !is_plain {
            return false;
        }
    }
    true
}

const fn compares(op: &BinaryOperator) -> bool {
    matches!(
        op,
        BinaryOperator::Eq
            | BinaryOperator::NotEq
            | BinaryOperator::Lt
            | BinaryOperator::LtEq
            | BinaryOperator::Gt
            | BinaryOperator::GtEq
    )
}

fn is_column(expr: &Expr) -> bool {
    match expr {
        Expr::Identifier(ident) => !is_niladic(ident),
        other => matches!(other, Expr::CompoundIdentifier(_)),
    }
}

fn is_operand(expr: &Expr) -> bool {
    is_column(expr) || matches!(expr, Expr::Value(_))
}
