//! Whether two expressions are the same value of the same row.
//!
//! Sound for changes: a row that meets itself under another name of its table is changed.

use sqlparser::ast::{
    BinaryOperator, Expr, Function, FunctionArg, FunctionArgExpr, FunctionArguments, Ident,
    UnaryOperator, Value,
};

use super::{Folded, Judge};
use crate::action::Cause;
use crate::sql::dialect::{Dialect, Folding};
use crate::sql::name;

/// Deepest nesting that is compared; what is deeper counts as different.
const DEPTH: usize = 8;

/// Most brackets, casts and zeros around an expression that are looked through.
const WRAPPINGS: usize = 32;

impl Judge<'_> {
    /// Whether two expressions are the same, of the same row, and look at it.
    pub(super) fn same_value(self, left: &Expr, right: &Expr) -> bool {
        self.notes.twin.set(false);
        let same = !matches!(bare(left), Expr::Value(_))
            && self.same(left, right, 0)
            && self.dependence(left) == Folded::Row;
        if same {
            self.blame(if self.notes.twin.get() {
                Cause::SameTable
            } else {
                Cause::SelfComparison
            });
        }
        same
    }

    fn same(self, left: &Expr, right: &Expr, depth: usize) -> bool {
        if depth > DEPTH {
            return false;
        }
        let next = depth.saturating_add(1);
        let (left, right) = (bare(left), bare(right));
        match (left, right) {
            (Expr::Identifier(_) | Expr::CompoundIdentifier(_), _) => {
                match (path(left), path(right)) {
                    (Some(left), Some(right)) => self.same_column(left, right),
                    _ => false,
                }
            }
            (Expr::Value(left), Expr::Value(right)) => {
                !matches!(left.value, Value::Placeholder(_)) && left.value == right.value
            }
            (
                Expr::BinaryOp { left, op, right },
                Expr::BinaryOp {
                    left: other_left,
                    op: other,
                    right: other_right,
                },
            ) => {
                op == other
                    && self.same(left, other_left, next)
                    && self.same(right, other_right, next)
            }
            (
                Expr::UnaryOp { op, expr },
                Expr::UnaryOp {
                    op: other_op,
                    expr: other,
                },
            ) => op == other_op && self.same(expr, other, next),
            (Expr::Function(left), Expr::Function(right)) => self.same_call(left, right, next),
            _ => false,
        }
    }

    fn same_call(self, left: &Function, right: &Function, depth: usize) -> bool {
        let named = match (name::last(&left.name), name::last(&right.name)) {
            (Some(left), Some(right)) => left.value.eq_ignore_ascii_case(&right.value),
            _ => false,
        };
        let plain = |function: &Function| function.over.is_none() && function.filter.is_none();
        match (arguments(left), arguments(right)) {
            // Without arguments it may well be `random()`.
            (Some(left_values), Some(right_values)) => {
                named
                    && plain(left)
                    && plain(right)
                    && !left_values.is_empty()
                    && left_values.len() == right_values.len()
                    && left_values
                        .iter()
                        .zip(&right_values)
                        .all(|(left, right)| self.same(left, right, depth))
            }
            _ => false,
        }
    }

    /// Whether two names are the same column of the same row.
    fn same_column(self, left: &[Ident], right: &[Ident]) -> bool {
        let (Some((left, left_owner)), Some((right, right_owner))) =
            (left.split_last(), right.split_last())
        else {
            return false;
        };
        let same_owner = match (left_owner.last(), right_owner.last()) {
            // A bare name that could be another table's is an error wherever this one has it.
            (None, _) | (_, None) => true,
            (Some(left), Some(right)) if same_ident(left, right, self.dialect) => true,
            (Some(left), Some(right)) => {
                let twins = self.is_own(left) && self.is_own(right);
                self.notes.twin.set(twins || self.notes.twin.get());
                twins
            }
        };
        same_owner && same_ident(left, right, self.dialect)
    }

    /// Whether what is called so is the table whose rows are let through.
    fn is_own(self, owner: &Ident) -> bool {
        let owner = name::fold(owner, self.dialect);
        self.own.contains(&owner)
    }

    /// Whether a comparison asks for what a row finds in its own table: `id = ANY (SELECT id
    /// FROM t)`, `id >= (SELECT min(id) FROM t)`.
    pub(super) fn meets_itself(self, left: &Expr, op: &BinaryOperator, right: &Expr) -> bool {
        let meets = |value: &Expr, query: &Expr, extreme: &str| {
            let Expr::Subquery(query) = unwrapped(query) else {
                return false;
            };
            let Some(Expr::Function(function)) = self.of_whole_target(query) else {
                return false;
            };
            let named = name::last(&function.name);
            let named = named.is_some_and(|name| name.value.eq_ignore_ascii_case(extreme));
            let column = arguments(function).unwrap_or_default();
            named && matches!(column.as_slice(), [column] if self.same(value, column, 0))
        };
        let found = match op {
            BinaryOperator::GtEq => meets(left, right, "min") || meets(right, left, "max"),
            BinaryOperator::LtEq => meets(left, right, "max") || meets(right, left, "min"),
            _ => false,
        };
        if found {
            self.blame(Cause::SameTable);
        }
        found
    }
}

/// Whether two identifiers name the same column. Columns ignore case more often than tables.
fn same_ident(left: &Ident, right: &Ident, dialect: Dialect) -> bool {
    match (dialect.folding(), left.quote_style, right.quote_style) {
        (Folding::Lower | Folding::Upper, Some(_), Some(_)) => left.value == right.value,
        (Folding::Lower | Folding::Upper, Some(_), None)
        | (Folding::Lower | Folding::Upper, None, Some(_)) => {
            name::fold(left, dialect) == name::fold(right, dialect)
        }
        _ if dialect == Dialect::Clickhouse => left.value == right.value,
        _ => left.value == right.value || same_letters(&left.value, &right.value),
    }
}

fn same_letters(left: &str, right: &str) -> bool {
    left.eq_ignore_ascii_case(right)
        || !left.is_ascii() && left.to_lowercase() == right.to_lowercase()
}

/// The parts of a column's name.
pub(in crate::sql) fn path(expr: &Expr) -> Option<&[Ident]> {
    match expr {
        Expr::Identifier(ident) => Some(std::slice::from_ref(ident)),
        Expr::CompoundIdentifier(idents) => Some(idents),
        _ => None,
    }
}

/// An expression without the brackets around it.
pub(in crate::sql) fn unwrapped(mut expr: &Expr) -> &Expr {
    while let Expr::Nested(inner) = expr {
        expr = inner;
    }
    expr
}

/// An expression without the brackets and casts around it, and without what adds nothing to it.
fn bare(mut expr: &Expr) -> &Expr {
    for _ in 0..WRAPPINGS {
        expr = match expr {
            Expr::Nested(inner)
            | Expr::Cast { expr: inner, .. }
            | Expr::UnaryOp {
                op: UnaryOperator::Plus,
                expr: inner,
            } => inner,
            Expr::BinaryOp { left, op, right } => match (nothing_of(op), op) {
                (Some(nothing), _) if is_literal(right, nothing) => left,
                (Some(nothing), BinaryOperator::Plus | BinaryOperator::Multiply)
                    if is_literal(left, nothing) =>
                {
                    right
                }
                _ => return expr,
            },
            _ => return expr,
        }
    }
    expr
}

/// What an operator may have on its right and change nothing.
const fn nothing_of(op: &BinaryOperator) -> Option<&'static str> {
    match op {
        BinaryOperator::Plus | BinaryOperator::Minus => Some("0"),
        BinaryOperator::Multiply | BinaryOperator::Divide => Some("1"),
        BinaryOperator::StringConcat => Some(""),
        _ => None,
    }
}

fn is_literal(expr: &Expr, expected: &str) -> bool {
    match unwrapped(expr) {
        Expr::Value(value) => match &value.value {
            Value::Number(digits, _) => !expected.is_empty() && digits == expected,
            Value::SingleQuotedString(text) => expected.is_empty() && text.is_empty(),
            _ => false,
        },
        _ => false,
    }
}

/// The arguments of a call that has nothing but values for arguments.
pub(super) fn arguments(function: &Function) -> Option<Vec<&Expr>> {
    let FunctionArguments::List(list) = &function.args else {
        return None;
    };
    let value = |argument| match argument {
        &FunctionArg::Unnamed(FunctionArgExpr::Expr(ref expr)) => Some(expr),
        _ => None,
    };
    list.args.iter().map(value).collect()
}
