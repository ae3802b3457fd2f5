//! Whether the branches of an OR cover everything: `x IS NULL OR x IS NOT NULL`.

use std::collections::BTreeSet;

use sqlparser::ast::{BinaryOperator, Expr, UnaryOperator};

use super::{DEPTH, Folded, Judge};

/// A question about one column, and whether it is asked or denied.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Claim {
    column: String,
    question: &'static str,
    value: String,
    positive: bool,
}

/// Whether one branch says the opposite of another.
pub(super) fn covers(judge: Judge<'_>, operands: &[&Expr]) -> bool {
    let mut claims = BTreeSet::new();
    for operand in operands {
        let Some(mut claim) = claim(judge, operand) else {
            continue;
        };
        claim.positive = !claim.positive;
        if claims.contains(&claim) {
            return true;
        }
        claim.positive = !claim.positive;
        claims.insert(claim);
    }
    false
}

fn claim(judge: Judge<'_>, mut expr: &Expr) -> Option<Claim> {
    let mut positive = true;
    loop {
        match expr {
            Expr::Nested(inner) => expr = inner,
            Expr::UnaryOp {
                op: UnaryOperator::Not | UnaryOperator::BangNot,
                expr: inner,
            } => {
                positive = !positive;
                expr = inner;
            }
            _ => break,
        }
    }
    let (column, question, value, asked) = question(judge, expr)?;
    Some(Claim {
        column,
        question,
        value,
        positive: asked == positive,
    })
}

fn question(judge: Judge<'_>, expr: &Expr) -> Option<(String, &'static str, String, bool)> {
    let plain = |column: &Expr, question, asked| {
        Some((judge.column(column)?, question, String::new(), asked))
    };
    match expr {
        Expr::IsNull(column) => plain(column, "null", true),
        Expr::IsNotNull(column) => plain(column, "null", false),
        Expr::IsTrue(column) => plain(column, "true", true),
        Expr::IsNotTrue(column) => plain(column, "true", false),
        Expr::IsFalse(column) => plain(column, "false", true),
        Expr::IsNotFalse(column) => plain(column, "false", false),
        Expr::Identifier(_) | Expr::CompoundIdentifier(_) => plain(expr, "holds", true),
        Expr::Like {
            expr,
            pattern,
            negated,
            ..
        } => Some((
            judge.column(expr)?,
            "like",
            known(judge, pattern)?,
            !negated,
        )),
        Expr::BinaryOp { left, op, right } => {
            let (question, asked) = match op {
                BinaryOperator::Eq => ("=", true),
                BinaryOperator::NotEq => ("=", false),
                BinaryOperator::Lt => ("<", true),
                BinaryOperator::GtEq => ("<", false),
                BinaryOperator::Gt => (">", true),
                BinaryOperator::LtEq => (">", false),
                _ => return None,
            };
            Some((judge.column(left)?, question, known(judge, right)?, asked))
        }
        _ => None,
    }
}

fn known(judge: Judge<'_>, expr: &Expr) -> Option<String> {
    // Literals only: deeper, a text could make every level fold its inside twice.
    match judge.fold(expr, DEPTH.saturating_sub(3)) {
        Folded::Known(constant) => constant.text(),
        _ => None,
    }
}
