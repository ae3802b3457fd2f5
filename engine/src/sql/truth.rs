//! A condition to whether it lets every row through.
//!
//! Three-valued folding with the dialect's own coercions. What can't be computed is never
//! taken for restricting unless it looks at the row: a function of constants is `Open`.

mod complement;
mod constant;
mod logic;
mod pattern;
mod plain;
mod predicate;

use std::cell::Cell;

use sqlparser::ast::{BinaryOperator, Expr, Query, SetExpr};

use self::constant::Constant;
use super::dialect::Dialect;
use super::name;
use super::part::{self, Part};
use super::walk::Extent;
use crate::action::{Cause, Reach};

/// What is known of the value of an expression.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Folded {
    /// The same for every row, and computed.
    Known(Constant),
    /// The same for every row, but not computed.
    Open,
    /// The same for every row, and given at run time.
    Bound,
    /// Depends on the row.
    Row,
}

/// Deepest nesting that is folded; what is deeper counts as not computed.
const DEPTH: usize = 24;

/// Where a condition stands.
#[derive(Clone, Copy)]
pub(super) struct Judge<'j> {
    pub(super) dialect: Dialect,
    /// Only one relation is in scope: a qualifier says nothing.
    pub(super) alone: bool,
    /// The folded name of the table whose rows are let through, where there is one.
    pub(super) target: Option<&'j str>,
    /// Set where a verdict may depend on the value of a literal.
    pub(super) weighs_literals: &'j Cell<bool>,
}

impl Judge<'_> {
    /// How much of a whole table a condition leaves.
    pub(super) fn reach(self, condition: &Expr) -> Extent {
        if !plain::is_plain(condition) {
            self.weighs_literals.set(true);
        }
        match self.truth(condition, 0) {
            Folded::Known(constant) if constant.truth(self.dialect) == Some(true) => {
                Extent::because(Reach::All, why_always(condition))
            }
            // In MySQL `||` is OR and binds loosest, or it joins strings: a mode decides,
            // and the parser's tree is that of the second.
            Folded::Known(_) | Folded::Row if self.joins_by_pipes(condition) => Extent::UNKNOWN,
            Folded::Known(_) | Folded::Row => Reach::Filtered.into(),
            Folded::Open | Folded::Bound => Extent::UNKNOWN,
        }
    }

    fn joins_by_pipes(self, condition: &Expr) -> bool {
        if !matches!(self.dialect, Dialect::Mysql | Dialect::Mariadb) {
            return false;
        }
        let mut rest = vec![Part::Expr(condition)];
        while let Some(part) = rest.pop() {
            if let Part::Expr(expr) = part {
                if matches!(
                    expr,
                    Expr::BinaryOp {
                        op: BinaryOperator::StringConcat,
                        ..
                    }
                ) {
                    return true;
                }
                part::of_expr(expr, &mut rest);
            }
        }
        false
    }

    /// The value of a condition: a constant is a truth or null.
    fn truth(self, condition: &Expr, depth: usize) -> Folded {
        match self.fold(condition, depth) {
            Folded::Known(constant) => Folded::Known(constant.as_truth(self.dialect)),
            other => other,
        }
    }

    /// The value of an expression.
    fn fold(self, expr: &Expr, depth: usize) -> Folded {
        let Some(deeper) = Some(depth.saturating_add(1)).filter(|&deeper| deeper <= DEPTH) else {
            return Folded::Open;
        };
        match expr {
            Expr::Nested(inner) | Expr::Collate { expr: inner, .. } => self.fold(inner, deeper),
            Expr::Value(value) => constant::of_value(&value.value, self.dialect),
            Expr::Cast {
                expr, data_type, ..
            } => match self.fold(expr, deeper) {
                Folded::Known(value) => constant::cast(value, data_type),
                other => other,
            },
            Expr::Convert {
                expr,
                data_type: Some(data_type),
                ..
            } => match self.fold(expr, deeper) {
                Folded::Known(value) => constant::cast(value, data_type),
                other => other,
            },
            Expr::UnaryOp { op, expr } => self.unary(*op, expr, deeper),
            Expr::BinaryOp { left, op, right } => self.binary(expr, left, op, right, deeper),
            Expr::Identifier(ident) if is_niladic(ident) => Folded::Open,
            Expr::Exists { subquery, negated } => self.exists(subquery, *negated),
            Expr::Subquery(query) => match constant_of(query) {
                Some(inner) => self.fold(inner, deeper),
                None => Folded::Row,
            },
            other => self.predicate(other, deeper),
        }
    }

    fn exists(self, query: &Query, negated: bool) -> Folded {
        // `EXISTS (SELECT 1)`, and `EXISTS (SELECT … FROM the table itself)`.
        if constant_of(query).is_some() || self.selects_whole_target(query).is_some() {
            return Folded::Known(Constant::Truth(!negated));
        }
        Folded::Row
    }

    /// The one expression that a query takes from every row of the target.
    fn selects_whole_target(self, query: &Query) -> Option<&Expr> {
        let target = self.target?;
        let select = plain_select(query)?;
        let [from] = select.from.as_slice() else {
            return None;
        };
        let sqlparser::ast::TableFactor::Table {
            name, args: None, ..
        } = &from.relation
        else {
            return None;
        };
        let whole = select
            .selection
            .as_ref()
            .is_none_or(|condition| self.reach(condition).reach == Reach::All);
        let same = name::joined(name, self.dialect).as_deref() == Some(target);
        if whole && same && from.joins.is_empty() {
            projected(select)
        } else {
            None
        }
    }

    /// Whether two expressions are the same column of the same row.
    fn same_column(self, left: &Expr, right: &Expr) -> bool {
        match (self.column(left), self.column(right)) {
            (Some(left), Some(right)) => left == right,
            _ => false,
        }
    }

    /// The name of the column that an expression is.
    fn column(self, expr: &Expr) -> Option<String> {
        match expr {
            Expr::Identifier(ident) => Some(name::fold(ident, self.dialect)),
            Expr::CompoundIdentifier(idents) if self.alone => {
                idents.last().map(|ident| name::fold(ident, self.dialect))
            }
            Expr::CompoundIdentifier(idents) => Some(name::joined_idents(idents, self.dialect)),
            Expr::Nested(inner) | Expr::Cast { expr: inner, .. } => match &**inner {
                // One step only, so that nothing here recurses with the depth of a text.
                Expr::Identifier(ident) => Some(name::fold(ident, self.dialect)),
                _ => None,
            },
            _ => None,
        }
    }
}

/// Why a condition holds for every row: by what it looks at.
fn why_always(condition: &Expr) -> Cause {
    let mut cause = Cause::AlwaysTrue;
    let mut rest = vec![Part::Expr(condition)];
    while let Some(part) = rest.pop() {
        match part {
            Part::Column(_) => cause = Cause::SelfComparison,
            Part::Query(query) if constant_of(query).is_none() => return Cause::SameTable,
            Part::Query(_) | Part::Star(_) | Part::Table(_) => {}
            Part::Expr(inner) => part::of_expr(inner, &mut rest),
        }
    }
    cause
}

/// Whether a word that looks like a column is a function without brackets.
fn is_niladic(ident: &sqlparser::ast::Ident) -> bool {
    const NILADIC: [&str; 16] = [
        "current_catalog",
        "current_date",
        "current_role",
        "current_schema",
        "current_time",
        "current_timestamp",
        "current_user",
        "localtime",
        "localtimestamp",
        "session_user",
        "sysdate",
        "system_user",
        "systimestamp",
        "utc_date",
        "utc_time",
        "utc_timestamp",
    ];
    let is = |name: &&str| name.eq_ignore_ascii_case(&ident.value);
    ident.quote_style.is_none() && NILADIC.iter().any(is)
}

/// What the parts of an expression depend on.
fn dependence(expr: &Expr) -> Folded {
    let mut dependence = Folded::Open;
    let mut rest = vec![Part::Expr(expr)];
    while let Some(part) = rest.pop() {
        match part {
            Part::Column(_) | Part::Star(_) | Part::Query(_) | Part::Table(_) => {
                return Folded::Row;
            }
            Part::Expr(Expr::Value(value)) => {
                if matches!(value.value, sqlparser::ast::Value::Placeholder(_)) {
                    dependence = Folded::Bound;
                }
            }
            Part::Expr(inner) => part::of_expr(inner, &mut rest),
        }
    }
    dependence
}

/// The one expression of a query without a table and a condition.
fn constant_of(query: &Query) -> Option<&Expr> {
    let select = plain_select(query)?;
    if select.from.is_empty() && select.selection.is_none() {
        projected(select)
    } else {
        None
    }
}

/// The SELECT of a query that does nothing but select.
fn plain_select(query: &Query) -> Option<&sqlparser::ast::Select> {
    let bare = query.with.is_none()
        && query.limit_clause.is_none()
        && query.fetch.is_none()
        && query.pipe_operators.is_empty();
    match &*query.body {
        SetExpr::Select(select)
            if bare
                && select.top.is_none()
                && select.having.is_none()
                && select.qualify.is_none() =>
        {
            Some(select)
        }
        _ => None,
    }
}

fn projected(select: &sqlparser::ast::Select) -> Option<&Expr> {
    match select.projection.as_slice() {
        [
            sqlparser::ast::SelectItem::UnnamedExpr(expr)
            | sqlparser::ast::SelectItem::ExprWithAlias { expr, .. },
        ] => Some(expr),
        _ => None,
    }
}
