//! Queries inside a condition: whether they look at the row, and whether they give rows.
//!
//! A query that looks at no row of the outer one restricts nothing, however it is written.

use std::collections::BTreeSet;

use sqlparser::ast::{
    Expr, GroupByExpr, JoinConstraint, LimitClause, ObjectName, Query, Select, SelectItem, SetExpr,
    TableFactor, TableWithJoins,
};

use super::constant::Constant;
use super::logic::{FALSE, TRUE};
use super::{Folded, Judge};
use crate::action::Cause;
use crate::sql::aggregate;
use crate::sql::name;
use crate::sql::part::{self, Part};
use crate::sql::walk::relation::{alias_of, constraint};

impl Judge<'_> {
    pub(super) fn exists(self, query: &Query, negated: bool) -> Folded {
        match self.has_rows(query) {
            Some(has) => Folded::Known(Constant::Truth(has != negated)),
            None => self.of_query(query),
        }
    }

    /// Whether a query gives rows, where its text alone tells.
    pub(super) fn has_rows(self, query: &Query) -> Option<bool> {
        let nonzero = query.limit_clause.as_ref().is_none_or(keeps_a_row);
        let simple = query.fetch.is_none() && query.pipe_operators.is_empty() && nonzero;
        match &*query.body {
            SetExpr::Select(select) if simple => self.gives_rows(select),
            SetExpr::Values(_) if simple => Some(true),
            _ => None,
        }
    }

    fn gives_rows(self, select: &Select) -> Option<bool> {
        if select.having.is_some() || select.qualify.is_some() || select.top.is_some() {
            return None;
        }
        // Without groups, aggregates give one row, even of nothing.
        if aggregate::is_only(select) {
            return Some(true);
        }
        let Some(condition) = &select.selection else {
            // What stands for a row may be a function that gives none.
            let whole = select.from.is_empty() && !calls(&select.projection);
            return (whole || self.of_whole_rows(select)).then_some(true);
        };
        let own = self.own_inside(select);
        let truth = match &own {
            Some(own) => Judge { own, ..self }.truth(condition, 0),
            None => self.truth(condition, 0),
        };
        match truth {
            TRUE if own.is_some() => {
                self.blame(Cause::SameTable);
                Some(true)
            }
            TRUE if select.from.is_empty() && !calls(&select.projection) => Some(true),
            FALSE | Folded::Known(Constant::Null) => Some(false),
            _ => None,
        }
    }

    /// The one expression that a query takes from every row of the target.
    pub(super) fn of_whole_target(self, query: &Query) -> Option<&Expr> {
        let select = plain_select(query)?;
        if self.of_whole_rows(select) {
            projected(select)
        } else {
            None
        }
    }

    /// Whether a SELECT goes over every row of the target, or meets each in itself.
    fn of_whole_rows(self, select: &Select) -> bool {
        let Some(own) = self.own_inside(select) else {
            return false;
        };
        let inner = Judge { own: &own, ..self };
        let all = |condition| inner.truth(condition, 0) == TRUE;
        let whole = select.selection.as_ref().is_none_or(all);
        if whole {
            self.blame(Cause::SameTable);
        }
        whole
    }

    /// Whether a name is the target's table, or a query that gives all of it.
    fn is_target(self, name: &ObjectName) -> bool {
        let Some(name) = name::joined(name, self.dialect) else {
            return false;
        };
        let ends = |whole: &str, end: &str| {
            whole
                .strip_suffix(end)
                .is_some_and(|schema| schema.ends_with('.'))
        };
        // Whether case matters may be a matter of the server's: what looks alike is the same.
        let lower = name.to_lowercase();
        let is_table = self.target.is_some_and(|target| {
            let target = target.to_lowercase();
            target == lower || ends(&target, &lower) || ends(&lower, &target)
        });
        is_table || self.copies.contains(&name)
    }

    /// What the target is called in a SELECT that goes over it alone.
    fn own_inside(self, select: &Select) -> Option<Vec<String>> {
        let [from] = select.from.as_slice() else {
            return None;
        };
        let (same, name) = match &from.relation {
            TableFactor::Table {
                name, args: None, ..
            } => (self.is_target(name), name::last(name)),
            TableFactor::Derived { subquery, .. } => {
                let inner = plain_select(subquery)?;
                let whole = inner.selection.is_none() && self.own_inside(inner).is_some();
                (whole, None)
            }
            _ => (false, None),
        };
        if !same || !from.joins.is_empty() {
            return None;
        }
        let called = alias_of(&from.relation).map(|alias| &alias.name);
        let called = called.or(name);
        let called = called.map(|called| name::fold(called, self.dialect));
        Some(self.own.iter().cloned().chain(called).collect())
    }

    /// What the value of a query depends on.
    pub(super) fn of_query(self, query: &Query) -> Folded {
        let mut scope = Scope::default();
        scope.query(query, self);
        let outer = scope
            .owners
            .iter()
            .any(|owner| !scope.relations.contains(owner));
        if outer { Folded::Row } else { Folded::Open }
    }
}

/// Whether something shown calls a function.
fn calls(items: &[SelectItem]) -> bool {
    let exprs = items.iter().filter_map(|item| match item {
        SelectItem::UnnamedExpr(expr) | SelectItem::ExprWithAlias { expr, .. } => Some(expr),
        _ => None,
    });
    let mut rest: Vec<Part<'_>> = exprs.map(Part::Expr).collect();
    while let Some(part) = rest.pop() {
        match part {
            Part::Expr(Expr::Function(_)) => return true,
            Part::Expr(expr) => part::of_expr(expr, &mut rest),
            _ => {}
        }
    }
    false
}

/// Whether a LIMIT leaves a row for sure.
fn keeps_a_row(limit: &LimitClause) -> bool {
    match limit {
        LimitClause::LimitOffset {
            limit,
            offset: None,
            ..
        } => limit.as_ref().is_none_or(|limit| match limit {
            Expr::Value(value) => match &value.value {
                sqlparser::ast::Value::Number(digits, _) => {
                    digits.parse().is_ok_and(|rows: u64| rows > 0)
                }
                _ => false,
            },
            _ => false,
        }),
        _ => false,
    }
}

/// The relations inside a query, and the owners that its columns are said to have.
#[derive(Default)]
struct Scope {
    relations: BTreeSet<String>,
    owners: BTreeSet<String>,
}

impl Scope {
    fn query(&mut self, query: &Query, judge: Judge<'_>) {
        for cte in query.with.iter().flat_map(|with| &with.cte_tables) {
            self.query(&cte.query, judge);
        }
        let mut rest = vec![&*query.body];
        while let Some(body) = rest.pop() {
            match body {
                SetExpr::Select(select) => self.select(select, judge),
                SetExpr::Query(query) => self.query(query, judge),
                SetExpr::SetOperation { left, right, .. } => rest.extend([&**left, &**right]),
                _ => {}
            }
        }
    }

    fn select(&mut self, select: &Select, judge: Judge<'_>) {
        for tables in &select.from {
            self.tables(tables, judge);
        }
        let shown = select.projection.iter().filter_map(|item| match item {
            SelectItem::UnnamedExpr(expr) | SelectItem::ExprWithAlias { expr, .. } => Some(expr),
            _ => None,
        });
        let grouped = match &select.group_by {
            GroupByExpr::Expressions(keys, _) => keys.as_slice(),
            GroupByExpr::All(_) => &[],
        };
        let exprs = shown
            .chain(grouped)
            .chain(&select.selection)
            .chain(&select.having);
        exprs.for_each(|expr| self.expr(expr, judge));
    }

    fn tables(&mut self, tables: &TableWithJoins, judge: Judge<'_>) {
        self.relation(&tables.relation, judge);
        for join in &tables.joins {
            self.relation(&join.relation, judge);
            if let Some(JoinConstraint::On(condition)) = constraint(&join.join_operator) {
                self.expr(condition, judge);
            }
        }
    }

    fn relation(&mut self, relation: &TableFactor, judge: Judge<'_>) {
        let called = match (alias_of(relation), relation) {
            (Some(alias), _) => Some(&alias.name),
            (None, TableFactor::Table { name, .. }) => name::last(name),
            (None, _) => None,
        };
        self.relations
            .extend(called.map(|called| name::fold(called, judge.dialect)));
        match relation {
            TableFactor::Derived { subquery, .. } => self.query(subquery, judge),
            TableFactor::NestedJoin {
                table_with_joins, ..
            } => self.tables(table_with_joins, judge),
            _ => {}
        }
    }

    fn expr(&mut self, expr: &Expr, judge: Judge<'_>) {
        let mut rest = vec![Part::Expr(expr)];
        while let Some(part) = rest.pop() {
            match part {
                Part::Expr(expr) => part::of_expr(expr, &mut rest),
                Part::Query(query) => self.query(query, judge),
                Part::Column([.., owner, _]) => {
                    self.owners.insert(name::fold(owner, judge.dialect));
                }
                Part::Column(_) | Part::Star(_) | Part::Table(_) => {}
            }
        }
    }
}

/// The one expression of a query without a table and a condition.
pub(super) fn constant_of(query: &Query) -> Option<&Expr> {
    let select = plain_select(query)?;
    if select.from.is_empty() && select.selection.is_none() {
        projected(select)
    } else {
        None
    }
}

/// The SELECT of a query that does nothing but select.
pub(super) fn plain_select(query: &Query) -> Option<&Select> {
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

/// The one thing that a SELECT shows.
pub(super) fn projected(select: &Select) -> Option<&Expr> {
    match select.projection.as_slice() {
        [SelectItem::UnnamedExpr(expr) | SelectItem::ExprWithAlias { expr, .. }] => Some(expr),
        _ => None,
    }
}

/// Whether a SELECT takes its rows from the catalog's lists of tables and columns alone.
pub(super) fn reads_catalog_only(select: &Select) -> bool {
    let is_catalog = |relation: &TableFactor| match relation {
        TableFactor::Table {
            name, args: None, ..
        } => match name.0.as_slice() {
            [schema, table] => {
                let is = |part: &sqlparser::ast::ObjectNamePart, word: &str| {
                    part.as_ident()
                        .is_some_and(|ident| ident.value.eq_ignore_ascii_case(word))
                };
                is(schema, "information_schema") && (is(table, "tables") || is(table, "columns"))
            }
            _ => false,
        },
        _ => false,
    };
    let alone = |tables: &TableWithJoins| tables.joins.is_empty() && is_catalog(&tables.relation);
    !select.from.is_empty() && select.from.iter().all(alone)
}
