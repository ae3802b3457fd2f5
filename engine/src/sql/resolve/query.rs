//! Queries: what comes out of them, column by column.

use sqlparser::ast::{
    ConnectByKind, Distinct, Expr, GroupByExpr, GroupByWithModifier, LimitClause, NamedWindowExpr,
    ObjectName, OrderByKind, Query, Select, SelectFlavor, SetExpr, SetQuantifier, TopQuantity,
};

use super::Resolver;
use super::output::{Output, Shown};
use super::scope::{Relation, Rows, Scope};
use crate::sql::name;
use crate::sql::part::{self, Part};

impl Resolver<'_> {
    pub(super) fn query(&mut self, query: &Query, outer: Option<&Scope<'_>>) -> Output {
        self.bracketed(query, outer, &[])
    }

    /// A query with what stands behind its brackets: the keys of its order.
    fn bracketed(
        &mut self,
        query: &Query,
        outer: Option<&Scope<'_>>,
        behind: &[Part<'_>],
    ) -> Output {
        if !self.facts.may_go_on() {
            return Output::default();
        }
        let known = self.ctes.len();
        if let Some(with) = &query.with {
            self.with(with, outer);
        }
        let mut end = end_of(query);
        end.extend_from_slice(behind);
        let output = self.body(&query.body, outer, &end);
        if !query.pipe_operators.is_empty() {
            self.facts.give_up();
        }
        self.ctes.truncate(known);
        output
    }

    pub(super) fn body(
        &mut self,
        body: &SetExpr,
        outer: Option<&Scope<'_>>,
        end: &[Part<'_>],
    ) -> Output {
        match body {
            SetExpr::Select(select) => self.select(select, outer, end),
            SetExpr::Query(query) => self.bracketed(query, outer, end),
            other => {
                let output = self.member(other, outer);
                if !end.is_empty() {
                    let mut scope = Scope::inside(outer);
                    let rows = Rows::Query(output.clone());
                    scope.relations.push(Relation::unnamed(rows));
                    self.parts(end.to_vec(), &scope);
                }
                output
            }
        }
    }

    fn member(&mut self, member: &SetExpr, outer: Option<&Scope<'_>>) -> Output {
        match member {
            SetExpr::Select(_) | SetExpr::Query(_) => self.body(member, outer, &[]),
            SetExpr::SetOperation { .. } => self.operation(member, outer),
            SetExpr::Values(values) => {
                let scope = Scope::inside(outer);
                let mut output = Output::default();
                for row in &values.rows {
                    let mut shown = Output::default();
                    for (place, expr) in row.content.iter().enumerate() {
                        let name = format!("column{}", place.saturating_add(1));
                        let origins = self.value(expr, &scope);
                        shown.columns.push(Shown::named(name, origins));
                    }
                    output = self.united(output, shown, &SetQuantifier::All);
                }
                self.within_bounds(&output.columns);
                output
            }
            SetExpr::Insert(statement)
            | SetExpr::Update(statement)
            | SetExpr::Delete(statement)
            | SetExpr::Merge(statement) => self.changed(statement),
            SetExpr::Table(table) => {
                let parts = table.schema_name.iter().chain(&table.table_name);
                let name = ObjectName::from(parts.cloned().collect::<Vec<_>>());
                self.everything_of(&name)
            }
        }
    }

    fn operation(&mut self, whole: &SetExpr, outer: Option<&Scope<'_>>) -> Output {
        // Chains of UNION lean to the left and are long: walked, not recursed into.
        let mut members = Vec::new();
        let mut rest = whole;
        while let SetExpr::SetOperation {
            left,
            right,
            set_quantifier,
            ..
        } = rest
        {
            members.push((&**right, set_quantifier));
            rest = left;
        }
        let mut output = self.body(rest, outer, &[]);
        while let Some((member, quantifier)) = members.pop() {
            let more = self.member(member, outer);
            output = self.united(output, more, quantifier);
        }
        output
    }

    fn united(&mut self, output: Output, more: Output, quantifier: &SetQuantifier) -> Output {
        let by_name = matches!(
            quantifier,
            SetQuantifier::ByName | SetQuantifier::AllByName | SetQuantifier::DistinctByName
        );
        self.facts.worked(output.work_of_uniting(&more));
        if by_name {
            let pairs = output.columns.len().saturating_mul(more.columns.len());
            self.facts.looked_at(pairs);
        }
        if !self.facts.is_complete() {
            return output;
        }
        if by_name {
            output.united_by_name(more)
        } else {
            output.united(more)
        }
    }

    fn select(&mut self, select: &Select, outer: Option<&Scope<'_>>, end: &[Part<'_>]) -> Output {
        let mut scope = Scope::inside(outer);
        for tables in &select.from {
            self.tables(tables, &mut scope);
        }
        for view in &select.lateral_views {
            let origins = self.value(&view.lateral_view, &scope);
            let columns = view.lateral_col_alias.iter();
            let columns = columns.map(|ident| self.column_name(ident)).collect();
            let called = name::last(&view.lateral_view_name);
            scope.relations.push(Relation {
                called: called
                    .map(|ident| self.relation_name(ident))
                    .unwrap_or_default(),
                rows: Rows::Function { columns, origins },
            });
        }
        self.predicates(select.prewhere.iter().chain(&select.selection), &scope);
        if select.flavor == SelectFlavor::FromFirstNoSelect {
            scope.aliases = self.all_in(&scope);
        }
        self.projection(&select.projection, select.exclude.as_ref(), &mut scope);
        if let Some(Distinct::On(exprs)) = &select.distinct {
            self.keys(exprs, &scope);
        }
        self.grouped(select, &scope);
        for part in end {
            if !matches!(part, Part::Expr(expr) if self.is_alias(expr, &scope)) {
                self.parts(vec![*part], &scope);
            }
        }
        let output = scope.into_output();
        if let Some(into) = &select.into {
            for target in &into.targets {
                self.selected_into(target, &output);
            }
        }
        output
    }

    fn grouped(&mut self, select: &Select, scope: &Scope<'_>) {
        for connect in &select.connect_by {
            match connect {
                ConnectByKind::ConnectBy { relationships, .. } => {
                    self.predicates(relationships, scope);
                }
                ConnectByKind::StartWith { condition, .. } => {
                    self.predicates([&**condition], scope);
                }
            }
        }
        let modifiers = match &select.group_by {
            GroupByExpr::All(modifiers) => modifiers,
            GroupByExpr::Expressions(exprs, modifiers) => {
                self.predicates(exprs, scope);
                modifiers
            }
        };
        for modifier in modifiers {
            if let GroupByWithModifier::GroupingSets(expr) = modifier {
                self.predicates([expr], scope);
            }
        }
        let exprs = select.cluster_by.iter().chain(&select.distribute_by);
        self.predicates(exprs.chain(&select.having).chain(&select.qualify), scope);
        if let Some(TopQuantity::Expr(expr)) =
            select.top.as_ref().and_then(|top| top.quantity.as_ref())
        {
            self.predicates([expr], scope);
        }
        let mut parts = Vec::new();
        part::of_order(&select.sort_by, &mut parts);
        for window in &select.named_window {
            if let NamedWindowExpr::WindowSpec(spec) = &window.1 {
                part::of_window(spec, &mut parts);
            }
        }
        if !parts.is_empty() {
            self.parts(parts, scope);
        }
    }

    /// Keys of an order: what the query gives a name to comes before what it reads.
    fn keys<'e>(&mut self, exprs: impl IntoIterator<Item = &'e Expr>, scope: &Scope<'_>) {
        for expr in exprs {
            if !self.is_alias(expr, scope) {
                self.value(expr, scope);
            }
        }
    }

    fn is_alias(&self, expr: &Expr, scope: &Scope<'_>) -> bool {
        matches!(expr, Expr::Identifier(ident) if scope.alias(&self.column_name(ident)).is_some())
    }
}

/// What stands behind the body of a query: its order and its bounds.
fn end_of(query: &Query) -> Vec<Part<'_>> {
    let mut end = Vec::new();
    if let Some(order) = &query.order_by {
        if let OrderByKind::Expressions(keys) = &order.kind {
            part::of_order(keys, &mut end);
        }
        let interpolated = order
            .interpolate
            .iter()
            .flat_map(|all| all.exprs.iter().flatten());
        end.extend(
            interpolated
                .filter_map(|one| one.expr.as_ref())
                .map(Part::Expr),
        );
    }
    match &query.limit_clause {
        Some(LimitClause::LimitOffset {
            limit,
            offset,
            limit_by,
        }) => {
            let bounds = limit
                .iter()
                .chain(offset.as_ref().map(|offset| &offset.value));
            end.extend(bounds.chain(limit_by).map(Part::Expr));
        }
        Some(LimitClause::OffsetCommaLimit { offset, limit }) => {
            end.extend([offset, limit].map(Part::Expr));
        }
        None => {}
    }
    let rows = query
        .fetch
        .as_ref()
        .and_then(|fetch| fetch.quantity.as_ref());
    let settings = query
        .settings
        .iter()
        .flatten()
        .map(|setting| &setting.value);
    end.extend(rows.into_iter().chain(settings).map(Part::Expr));
    end.retain(|part| !matches!(part, Part::Expr(Expr::Value(_))));
    end
}
