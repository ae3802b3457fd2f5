//! Whether the branches of an OR leave nothing out: `x IS NULL OR x IS NOT NULL`, `x < 5 OR
//! x > 3`. Turned round: whether the operands of an AND exclude each other. Null apart.

use sqlparser::ast::{BinaryOperator, Expr, InTarget, UnaryOperator};

use super::constant::Constant;
use super::itself::{path, unwrapped};
use super::order::of_operator;
use super::{DEPTH, Folded, Judge};

/// Something said about a value of the row.
struct Claim<'e> {
    subject: &'e Expr,
    says: Says,
}

enum Says {
    /// That it compares so with a constant.
    Compares(BinaryOperator, Constant),
    /// The answer to a question with two answers.
    Answers(&'static str, Option<Constant>, bool),
}

/// Whether one branch holds wherever another doesn't.
pub(super) fn covers(judge: Judge<'_>, operands: &[&Expr]) -> bool {
    any_pair(judge, operands, true)
}

/// Whether one operand fails wherever another doesn't.
pub(super) fn excludes(judge: Judge<'_>, operands: &[&Expr]) -> bool {
    any_pair(judge, operands, false)
}

fn any_pair(judge: Judge<'_>, operands: &[&Expr], positive: bool) -> bool {
    // How two constants of two branches compare is nobody's doubt but this one's.
    let doubtful = judge.notes.doubtful.get();
    let found = operands.len() > 1 && meet(judge, operands, positive);
    // Where no step is left, the pairs that nobody looked at are.
    let is_spent = judge.notes.left.get() == 0;
    judge.notes.doubtful.set(doubtful || is_spent);
    found
}

fn meet(judge: Judge<'_>, operands: &[&Expr], positive: bool) -> bool {
    // Two equalities leave something out, so a long list of them costs nothing.
    let (mut equalities, mut others): (Vec<Claim<'_>>, Vec<Claim<'_>>) = Default::default();
    for operand in operands {
        let Some(claim) = claim(judge, operand, positive) else {
            continue;
        };
        let name = column(claim.subject);
        let meets = |known: &Claim<'_>| {
            // Most claims are about other columns: those cost no step.
            let other = column(known.subject);
            let may = match (name, other) {
                (Some(name), Some(other)) => name.eq_ignore_ascii_case(other) || !name.is_ascii(),
                _ => true,
            };
            may && judge.spend()
                && complete(judge, &known.says, &claim.says)
                && judge.same_value(known.subject, claim.subject)
        };
        let is_equality = matches!(claim.says, Says::Compares(BinaryOperator::Eq, _));
        if others.iter().any(meets) || !is_equality && equalities.iter().any(meets) {
            return true;
        }
        let list = if is_equality {
            &mut equalities
        } else {
            &mut others
        };
        list.push(claim);
    }
    false
}

/// The last part of the name of a column.
fn column(subject: &Expr) -> Option<&str> {
    let name = path(unwrapped(subject))?.last()?;
    Some(name.value.as_str())
}

/// Whether two claims about one value leave out none of its values.
fn complete(judge: Judge<'_>, left: &Says, right: &Says) -> bool {
    match (left, right) {
        (Says::Answers(asked, about, yes), Says::Answers(other, also, no)) => {
            asked == other && about == also && yes != no
        }
        (Says::Compares(left_op, left), Says::Compares(right_op, right)) => {
            let order = judge.compare(left, right, super::order::Question::Order);
            order.is_some_and(|order| spans(left_op, order, right_op))
        }
        // What compares is not null: one of the two holds for whatever is there.
        (Says::Compares(..), Says::Answers("null", _, false))
        | (Says::Answers("null", _, false), Says::Compares(..)) => true,
        _ => false,
    }
}

/// Whether `x left_op a OR x right_op b` leaves nothing out, by how `a` compares with `b`.
fn spans(left_op: &BinaryOperator, order: std::cmp::Ordering, right_op: &BinaryOperator) -> bool {
    // A value below both, at the lesser, between, at the larger, above both.
    let places: &[(i8, i8)] = match order {
        std::cmp::Ordering::Less => &[(-1, -1), (0, -1), (1, -1), (1, 0), (1, 1)],
        std::cmp::Ordering::Equal => &[(-1, -1), (0, 0), (1, 1)],
        std::cmp::Ordering::Greater => &[(-1, -1), (-1, 0), (-1, 1), (0, 1), (1, 1)],
    };
    let (Some(left), Some(right)) = (of_operator(left_op), of_operator(right_op)) else {
        return false;
    };
    places
        .iter()
        .all(|(at_left, at_right)| left(at_left.cmp(&0)) || right(at_right.cmp(&0)))
}

/// What an operand says, or what it denies where `positive` is not set.
fn claim<'e>(judge: Judge<'_>, mut expr: &'e Expr, mut positive: bool) -> Option<Claim<'e>> {
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
    if let Expr::BinaryOp { left, op, right } = expr
        && let Some(claim) = comparison(judge, left, op, right, positive)
    {
        return Some(claim);
    }
    let (subject, question, about, asked) = question(judge, expr)?;
    Some(Claim {
        subject,
        says: Says::Answers(question, about, asked == positive),
    })
}

fn comparison<'e>(
    judge: Judge<'_>,
    left: &'e Expr,
    op: &BinaryOperator,
    right: &'e Expr,
    positive: bool,
) -> Option<Claim<'e>> {
    let (subject, op, value) = match (known(judge, left), known(judge, right)) {
        (None, Some(value)) => (left, op.clone(), value),
        (Some(value), None) => (right, flipped(op), value),
        _ => return None,
    };
    let op = if positive { op } else { denied(&op)? };
    of_operator(&op)?;
    Some(Claim {
        subject,
        says: Says::Compares(op, value),
    })
}

fn flipped(op: &BinaryOperator) -> BinaryOperator {
    match op {
        BinaryOperator::Lt => BinaryOperator::Gt,
        BinaryOperator::LtEq => BinaryOperator::GtEq,
        BinaryOperator::Gt => BinaryOperator::Lt,
        BinaryOperator::GtEq => BinaryOperator::LtEq,
        other => other.clone(),
    }
}

fn denied(op: &BinaryOperator) -> Option<BinaryOperator> {
    match op {
        BinaryOperator::Eq => Some(BinaryOperator::NotEq),
        BinaryOperator::NotEq => Some(BinaryOperator::Eq),
        BinaryOperator::Lt => Some(BinaryOperator::GtEq),
        BinaryOperator::GtEq => Some(BinaryOperator::Lt),
        BinaryOperator::Gt => Some(BinaryOperator::LtEq),
        BinaryOperator::LtEq => Some(BinaryOperator::Gt),
        _ => None,
    }
}

type Question<'e> = (&'e Expr, &'static str, Option<Constant>, bool);

fn question<'e>(judge: Judge<'_>, expr: &'e Expr) -> Option<Question<'e>> {
    match expr {
        Expr::IsNull(subject) => Some((subject, "null", None, true)),
        Expr::IsNotNull(subject) => Some((subject, "null", None, false)),
        Expr::IsTrue(subject) => Some((subject, "true", None, true)),
        Expr::IsNotTrue(subject) => Some((subject, "true", None, false)),
        Expr::IsFalse(subject) => Some((subject, "false", None, true)),
        Expr::IsNotFalse(subject) => Some((subject, "false", None, false)),
        Expr::Like {
            expr,
            pattern,
            negated,
            ..
        } => Some((expr, "like", Some(known(judge, pattern)?), !negated)),
        Expr::In {
            expr,
            target: InTarget::List(values),
            negated,
            ..
        } => match values.as_slice() {
            [value] => Some((expr, "in", Some(known(judge, value)?), !negated)),
            _ => None,
        },
        other => Some((other, "holds", None, true)),
    }
}

fn known(judge: Judge<'_>, expr: &Expr) -> Option<Constant> {
    // Literals only: deeper, a text could make every level fold its inside twice.
    match judge.fold(expr, DEPTH.saturating_sub(3)) {
        Folded::Known(Constant::Null) => None,
        Folded::Known(constant) => Some(constant),
        _ => None,
    }
}
