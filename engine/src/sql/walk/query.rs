//! Queries: CTEs, set operations, bounds and pipes.

use std::mem;

use sqlparser::ast::{
    Expr, Fetch, LimitClause, OrderBy, OrderByKind, PipeOperator, PivotValueSource, Query, SetExpr,
    Setting, TableSample, With,
};

use super::{Cte, Extent, Walker, literal_bound};
use crate::action::{Resource, ResourceKind};
use crate::sql::name;
use crate::sql::part;

impl Walker<'_> {
    /// Walks a query; gives how much of what it reads comes out of it.
    pub(super) fn query(&mut self, query: &Query) -> Extent {
        let outer = self.scopes.len();
        if let Some(with) = &query.with {
            self.with(with);
        }
        let mut reach = self.set_expr(&query.body);
        self.order(query.order_by.as_ref());
        if let Some(limit) = &query.limit_clause {
            reach = reach.bounded(self.limit(limit));
        }
        if let Some(fetch) = &query.fetch {
            reach = reach.bounded(self.fetch(fetch));
        }
        self.settings(query.settings.as_deref());
        for pipe in &query.pipe_operators {
            reach = self.pipe(reach, pipe);
        }
        self.scopes.truncate(outer);
        reach
    }

    /// Brings the CTEs into scope, one after the other.
    fn with(&mut self, with: &With) {
        for cte in &with.cte_tables {
            let name = name::fold(&cte.alias.name, self.dialect);
            // Where the word RECURSIVE is not asked for, only a union can refer to itself;
            // anything else of the same name is the table.
            let recursive = with.recursive
                || self.dialect.recurses_unasked()
                    && matches!(*cte.query.body, SetExpr::SetOperation { .. });
            let inner = self.scopes.len();
            if recursive {
                self.scopes.push(Cte {
                    name: name.clone(),
                    reach: Extent::NONE,
                    tables: Default::default(),
                });
            }
            let outer = mem::take(&mut self.reads);
            let reach = self.query(&cte.query);
            let tables = mem::replace(&mut self.reads, outer);
            self.prepared = self.prepared.max(reach);
            self.reads.extend(tables.iter().cloned());
            self.scopes.truncate(inner);
            self.scopes.push(Cte {
                name,
                reach,
                tables,
            });
        }
    }

    pub(super) fn set_expr(&mut self, whole: &SetExpr) -> Extent {
        // Chains of UNION lean to the left and are long: walked, not recursed into.
        let mut reach = Extent::NONE;
        let mut rest = whole;
        while let SetExpr::SetOperation { left, right, .. } = rest {
            let right = self.set_member(right);
            reach = reach.added(right);
            rest = left;
        }
        let first = self.set_member(rest);
        reach.added(first)
    }

    fn set_member(&mut self, member: &SetExpr) -> Extent {
        match member {
            SetExpr::Select(select) => self.select(select),
            SetExpr::Query(query) => self.query(query),
            // The right side of an operation that brackets or precedence put there.
            SetExpr::SetOperation { .. } => self.set_expr(member),
            SetExpr::Values(values) => {
                values.rows.iter().for_each(|row| self.exprs(&row.content));
                Extent::NONE
            }
            SetExpr::Insert(statement)
            | SetExpr::Update(statement)
            | SetExpr::Delete(statement)
            | SetExpr::Merge(statement) => {
                self.statement(statement);
                Extent::NONE
            }
            SetExpr::Table(table) => {
                let parts: Vec<_> = table
                    .schema_name
                    .iter()
                    .chain(&table.table_name)
                    .cloned()
                    .collect();
                self.read(&parts.into())
            }
        }
    }

    pub(super) fn order(&mut self, order: Option<&OrderBy>) {
        let Some(order) = order else { return };
        if let OrderByKind::Expressions(keys) = &order.kind {
            let mut parts = Vec::new();
            part::of_order(keys, &mut parts);
            self.parts(parts);
        }
        let interpolated = order
            .interpolate
            .iter()
            .flat_map(|interpolate| interpolate.exprs.iter().flatten())
            .filter_map(|interpolated| interpolated.expr.as_ref());
        self.exprs(interpolated);
    }

    pub(super) fn settings(&mut self, settings: Option<&[Setting]>) {
        for setting in settings.unwrap_or_default() {
            self.exprs([&setting.value]);
            self.set_for_now(&setting.key, &setting.value);
        }
    }

    fn limit(&mut self, limit: &LimitClause) -> Option<u64> {
        match limit {
            LimitClause::LimitOffset {
                limit,
                offset,
                limit_by,
            } => {
                self.exprs(
                    limit
                        .iter()
                        .chain(offset.as_ref().map(|offset| &offset.value)),
                );
                self.exprs(limit_by);
                // ClickHouse's `LIMIT n BY column` bounds each group and not the whole.
                limit
                    .as_ref()
                    .filter(|_| limit_by.is_empty())
                    .and_then(literal_bound)
            }
            LimitClause::OffsetCommaLimit { offset, limit } => {
                self.exprs([offset, limit]);
                literal_bound(limit)
            }
        }
    }

    fn fetch(&mut self, fetch: &Fetch) -> Option<u64> {
        self.exprs(&fetch.quantity);
        if fetch.percent || fetch.with_ties {
            return None;
        }
        match &fetch.quantity {
            Some(quantity) => literal_bound(quantity),
            None => Some(1),
        }
    }

    /// One step of BigQuery's pipe syntax over what reaches it.
    fn pipe(&mut self, reach: Extent, pipe: &PipeOperator) -> Extent {
        match pipe {
            PipeOperator::Limit { expr, offset } => {
                self.exprs(std::iter::once(expr).chain(offset));
                return reach.bounded(literal_bound(expr));
            }
            PipeOperator::Where { expr } => {
                self.exprs([expr]);
                return reach.conditioned(self.judge(&[], None).reach(expr));
            }
            PipeOperator::Union { queries, .. }
            | PipeOperator::Intersect { queries, .. }
            | PipeOperator::Except { queries, .. } => {
                return queries.iter().fold(reach, |reach, query| {
                    let more = self.query(query);
                    reach.added(more)
                });
            }
            PipeOperator::Join(join) => return self.join(reach, join),
            PipeOperator::OrderBy { exprs } => {
                let mut parts = Vec::new();
                part::of_order(exprs, &mut parts);
                self.parts(parts);
            }
            PipeOperator::Select { exprs } | PipeOperator::Extend { exprs } => {
                let ((), nested) = self.apart(|walker| walker.projection(exprs));
                return reach.max(nested);
            }
            PipeOperator::Set { assignments } => self.assignments(assignments),
            PipeOperator::Aggregate {
                full_table_exprs,
                group_by_expr,
            } => self.exprs(
                full_table_exprs
                    .iter()
                    .chain(group_by_expr)
                    .map(|aggregate| &aggregate.expr.expr),
            ),
            PipeOperator::TableSample { sample } => self.sample(sample),
            PipeOperator::Call { function, .. } => {
                self.calls(&function.name);
                let mut parts = Vec::new();
                part::of_function(function, &mut parts);
                self.parts(parts);
            }
            PipeOperator::Pivot {
                aggregate_functions,
                value_source,
                ..
            } => {
                self.exprs(aggregate_functions.iter().map(|aggregate| &aggregate.expr));
                self.pivot_source(value_source);
            }
            PipeOperator::Drop { .. }
            | PipeOperator::As { .. }
            | PipeOperator::Rename { .. }
            | PipeOperator::Unpivot { .. } => {}
        }
        reach
    }

    pub(super) fn pivot_source(&mut self, source: &PivotValueSource) {
        match source {
            PivotValueSource::List(values) => self.exprs(values.iter().map(|value| &value.expr)),
            PivotValueSource::Any(order) => {
                let mut parts = Vec::new();
                part::of_order(order, &mut parts);
                self.parts(parts);
            }
            PivotValueSource::Subquery(query) => {
                self.query(query);
            }
        }
    }

    pub(super) fn sample(&mut self, sample: &TableSample) {
        let quantity = sample.quantity.as_ref().map(|quantity| &quantity.value);
        let bucket = sample.bucket.as_ref().and_then(|bucket| bucket.on.as_ref());
        let exprs: [Option<&Expr>; 3] = [quantity, bucket, sample.offset.as_ref()];
        self.exprs(exprs.into_iter().flatten());
    }

    /// The tables that a change through a name would touch.
    pub(super) fn changed_through(
        &mut self,
        name: &sqlparser::ast::ObjectName,
    ) -> (Vec<Resource>, Extent) {
        let through = self.dialect.changes_through_queries();
        if let Some(cte) = self.cte(name).filter(|_| through) {
            return (cte.tables.iter().cloned().collect(), cte.reach);
        }
        let name = self.resource(ResourceKind::Table, name);
        (vec![name], Extent::WHOLE)
    }
}
