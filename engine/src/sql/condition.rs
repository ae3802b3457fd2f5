//! A condition that comes as a tree and not as text, to whether it lets every row through.
//!
//! It is judged as the same condition in SQL is, so that no other way of writing it says less.

use sqlparser::ast::{
    BinaryOperator, Expr, Function, FunctionArg, FunctionArgExpr, FunctionArgumentList,
    FunctionArguments, Ident, ObjectName, UnaryOperator, Value,
};

use super::dialect::Dialect;
use super::truth::{Judge, Notes};
use crate::action::{Cause, Reach};

/// Longest chain of operands that several are put together to. Keeps it from being too long to be
/// let go by recursion.
const CHAIN: usize = 256;

/// A condition.
#[derive(Debug)]
pub struct Condition(Expr);

/// How a value is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Comparison {
    /// `=`
    Equal,
    /// `<`
    Less,
    /// `<=`
    AtMost,
    /// `>`
    Greater,
    /// `>=`
    AtLeast,
    /// `~`
    Matches,
}

/// A value that is compared with.
#[derive(Debug, Clone)]
pub enum Operand {
    /// True or false.
    Truth(bool),
    /// A number in decimal digits.
    Number(String),
    /// Text.
    Text(String),
}

impl Condition {
    /// What is so for all rows, or for none.
    #[must_use]
    pub fn constant(holds: bool) -> Self {
        Self(value(Value::Boolean(holds)))
    }

    /// Where all of these hold; for all rows where there are none.
    #[must_use]
    pub fn all(parts: impl IntoIterator<Item = Self>) -> Self {
        Self::joined(parts, BinaryOperator::And).unwrap_or_else(|| Self::constant(true))
    }

    /// Where one of these holds; for no row where there are none.
    #[must_use]
    pub fn any(parts: impl IntoIterator<Item = Self>) -> Self {
        Self::joined(parts, BinaryOperator::Or).unwrap_or_else(|| Self::constant(false))
    }

    fn joined(parts: impl IntoIterator<Item = Self>, op: BinaryOperator) -> Option<Self> {
        let mut operands = Vec::new();
        for part in parts {
            flatten(part.0, &op, &mut operands);
        }
        let join = |left, right| Expr::BinaryOp {
            left: Box::new(left),
            op: op.clone(),
            right: Box::new(right),
        };
        operands.into_iter().reduce(join).map(Self)
    }

    /// Where this does not hold.
    #[must_use]
    pub fn denied(self) -> Self {
        Self(Expr::UnaryOp {
            op: UnaryOperator::Not,
            expr: Box::new(self.0),
        })
    }

    /// Where a column has no value.
    #[must_use]
    pub fn is_null(column: &str) -> Self {
        Self(Expr::IsNull(Box::new(named(column))))
    }

    /// Where a column compares so.
    #[must_use]
    pub fn compares(column: &str, comparison: Comparison, operand: Operand) -> Self {
        Self::of(named(column), comparison, operand)
    }

    /// Where the number of rows that belong to this one compares so.
    #[must_use]
    pub fn counts(rows: &str, comparison: Comparison, operand: Operand) -> Self {
        let rows = FunctionArg::Unnamed(FunctionArgExpr::Expr(named(rows)));
        let count = Function {
            name: ObjectName::from(vec![Ident::new("count")]),
            uses_odbc_syntax: false,
            parameters: FunctionArguments::None,
            args: FunctionArguments::List(FunctionArgumentList {
                duplicate_treatment: None,
                args: vec![rows],
                clauses: Vec::new(),
            }),
            filter: None,
            null_treatment: None,
            over: None,
            within_group: Vec::new(),
        };
        Self::of(Expr::Function(count), comparison, operand)
    }

    /// Where a question about a column that has no word in SQL is answered with yes.
    #[must_use]
    pub fn asks(column: &str, question: &str, operand: Operand) -> Self {
        Self(Expr::BinaryOp {
            left: Box::new(named(column)),
            op: BinaryOperator::Custom(question.to_owned()),
            right: Box::new(literal(operand)),
        })
    }

    fn of(left: Expr, comparison: Comparison, operand: Operand) -> Self {
        let (left, right) = (Box::new(left), Box::new(literal(operand)));
        let op = match comparison {
            Comparison::Equal => BinaryOperator::Eq,
            Comparison::Less => BinaryOperator::Lt,
            Comparison::AtMost => BinaryOperator::LtEq,
            Comparison::Greater => BinaryOperator::Gt,
            Comparison::AtLeast => BinaryOperator::GtEq,
            Comparison::Matches => BinaryOperator::PGRegexMatch,
        };
        Self(Expr::BinaryOp { left, op, right })
    }

    /// Why every row passes, where that can't be ruled out.
    #[must_use]
    pub fn lets_all_through(&self) -> Option<Cause> {
        let notes = Notes::default();
        let judge = Judge {
            dialect: Dialect::Postgres,
            own: &[],
            foreign: &[],
            copies: &[],
            target: None,
            notes: &notes,
        };
        let extent = judge.reach(&self.0);
        match extent.reach {
            Reach::Filtered => None,
            _ => Some(extent.cause.unwrap_or(Cause::AlwaysTrue)),
        }
    }
}

/// The operands of a chain: what is joined by the same is one chain, where pairs are found.
fn flatten(expr: Expr, op: &BinaryOperator, operands: &mut Vec<Expr>) {
    match expr {
        Expr::BinaryOp {
            left,
            op: inner,
            right,
        } if inner == *op && operands.len() < CHAIN => {
            flatten(*left, op, operands);
            flatten(*right, op, operands);
        }
        other => operands.push(other),
    }
}

/// A column; in quotes, as no name is a word of SQL here.
fn named(column: &str) -> Expr {
    Expr::Identifier(Ident::with_quote('"', column))
}

fn literal(operand: Operand) -> Expr {
    value(match operand {
        Operand::Truth(truth) => Value::Boolean(truth),
        Operand::Number(digits) => Value::Number(digits, false),
        Operand::Text(text) => Value::SingleQuotedString(text),
    })
}

fn value(value: Value) -> Expr {
    Expr::Value(value.with_empty_span())
}
