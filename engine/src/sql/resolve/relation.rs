//! What stands in FROM becomes the relations of a scope.

use sqlparser::ast::{
    Expr, Ident, JoinConstraint, ObjectName, TableAlias, TableFactor, TableFunctionArgs,
    TableWithJoins,
};

use super::Resolver;
use super::query::{Output, Shown};
use super::scope::{Has, Relation, Rows, Scope};
use crate::sql::gap::Gap;
use crate::sql::name;
use crate::sql::part;
use crate::sql::walk::{alias_of, constraint};

impl Resolver<'_> {
    /// A column's name, folded.
    pub(super) fn column_name(&self, ident: &Ident) -> String {
        name::fold_column(ident, self.database.dialect)
    }

    /// What a relation is called, folded so that it can be compared.
    pub(super) fn relation_name(&self, ident: &Ident) -> String {
        name::fold_column(ident, self.database.dialect)
    }

    /// A table's full name.
    pub(super) fn table_name(&self, name: &ObjectName) -> String {
        let joined = name::joined(name, self.database.dialect).unwrap_or_else(|| "?".to_owned());
        match self.database.resolve(&joined) {
            Some((full, _)) => full.to_owned(),
            None => joined,
        }
    }

    /// Brings the relations of a FROM item into scope, and notes what joins look at.
    pub(super) fn tables(&mut self, tables: &TableWithJoins, scope: &mut Scope<'_>) {
        self.relation(&tables.relation, scope);
        for join in &tables.joins {
            let left = scope.relations.len();
            self.relation(&join.relation, scope);
            match constraint(&join.join_operator) {
                Some(JoinConstraint::On(condition)) => self.predicates([condition], scope),
                Some(JoinConstraint::Using(columns) | JoinConstraint::UsingAlias(columns, _)) => {
                    let idents = columns.iter().filter_map(name::last);
                    let names = idents.map(|ident| self.column_name(ident)).collect();
                    self.merged(names, scope);
                }
                Some(JoinConstraint::Natural) => self.natural(left, scope),
                Some(JoinConstraint::None) | None => {}
            }
            if let sqlparser::ast::JoinOperator::AsOf {
                match_condition, ..
            } = &join.join_operator
            {
                self.predicates([match_condition], scope);
            }
        }
    }

    /// Columns that both sides have: compared, and one from now on.
    fn merged(&mut self, names: Vec<String>, scope: &mut Scope<'_>) {
        for name in names {
            let mut origins = Vec::new();
            for relation in &scope.relations {
                let has = relation.has(&name, self.database);
                if has != Has::No {
                    self.column_of(relation, &name, has == Has::Yes, &mut origins);
                }
            }
            scope.merged.insert(name);
        }
    }

    fn natural(&mut self, left: usize, scope: &mut Scope<'_>) {
        let (before, after) = scope.relations.split_at_checked(left).unwrap_or_default();
        let mut names = Vec::new();
        let mut is_told = true;
        for relation in after {
            match &relation.rows {
                Rows::Table(name) if self.database.tables.contains_key(name) => {
                    let table = self.database.tables.get(name);
                    names.extend(table.iter().flat_map(|table| table.columns.iter().cloned()));
                }
                Rows::Query(output) if !output.columns.iter().any(Shown::is_star) => {
                    names.extend(output.columns.iter().map(|one| one.name.clone()));
                }
                _ => is_told = false,
            }
        }
        names.retain(|name| {
            before
                .iter()
                .any(|relation| relation.has(name, self.database) == Has::Yes)
        });
        is_told &= before
            .iter()
            .all(|relation| relation.has("", self.database) == Has::No);
        if !is_told {
            // Any column of either side may be compared.
            self.facts.gap(Gap::ColumnsNotInSchema);
            for relation in &scope.relations {
                self.all_of(relation);
            }
        }
        self.merged(names, scope);
    }

    /// Brings one relation into scope.
    pub(super) fn relation(&mut self, relation: &TableFactor, scope: &mut Scope<'_>) {
        let alias = alias_of(relation);
        match relation {
            TableFactor::Table {
                args: Some(TableFunctionArgs { args, .. }),
                name,
                ..
            } => {
                let mut parts = Vec::new();
                args.iter()
                    .for_each(|argument| part::of_argument(argument, &mut parts));
                self.function(parts, alias, name::last(name), scope);
            }
            TableFactor::Function { args, name, .. } => {
                let mut parts = Vec::new();
                args.iter()
                    .for_each(|argument| part::of_argument(argument, &mut parts));
                self.function(parts, alias, name::last(name), scope);
            }
            TableFactor::Table { name, .. } => {
                let called = alias.map(|alias| &alias.name).or_else(|| name::last(name));
                let called = called
                    .map(|ident| self.relation_name(ident))
                    .unwrap_or_default();
                let rows = self.rows_of(name, scope);
                self.called(called, rows, alias, scope);
            }
            TableFactor::Derived { subquery, .. } => {
                let output = self.query(subquery, Some(scope));
                let called = alias.map(|alias| self.relation_name(&alias.name));
                self.called(
                    called.unwrap_or_default(),
                    Rows::Query(output),
                    alias,
                    scope,
                );
            }
            TableFactor::NestedJoin {
                table_with_joins, ..
            } => {
                let before = scope.relations.len();
                self.tables(table_with_joins, scope);
                if let Some(alias) = alias {
                    let inner = scope.relations.split_off(before);
                    let columns = inner.iter().flat_map(|one| self.listed(one)).collect();
                    let called = self.relation_name(&alias.name);
                    self.called(called, Rows::Query(Output { columns }), Some(alias), scope);
                }
            }
            TableFactor::UNNEST { array_exprs, .. } => {
                self.function(exprs(array_exprs), alias, None, scope);
            }
            TableFactor::TableFunction { expr, .. }
            | TableFactor::JsonTable {
                json_expr: expr, ..
            }
            | TableFactor::OpenJsonTable {
                json_expr: expr, ..
            }
            | TableFactor::UnpivotExpr {
                expression: expr, ..
            } => {
                self.function(exprs([expr]), alias, None, scope);
            }
            TableFactor::XmlTable {
                row_expression,
                passing,
                ..
            } => {
                let passed = passing.arguments.iter().map(|argument| &argument.expr);
                self.function(exprs(passed.chain([row_expression])), alias, None, scope);
            }
            TableFactor::Pivot { table, .. }
            | TableFactor::Unpivot { table, .. }
            | TableFactor::MatchRecognize { table, .. } => {
                self.reshaped(relation, table, alias, scope)
            }
            TableFactor::SemanticView { .. } => self.facts.give_up(),
        }
    }

    /// A table turned on its side: any column of the result may be made of any of its own.
    fn reshaped(
        &mut self,
        whole: &TableFactor,
        table: &TableFactor,
        alias: Option<&TableAlias>,
        scope: &mut Scope<'_>,
    ) {
        let mut inner = Scope::inside(scope.outer);
        self.relation(table, &mut inner);
        // The columns whose values become names are shown no more.
        let mut turned = Vec::new();
        match whole {
            TableFactor::Pivot {
                aggregate_functions,
                value_column,
                ..
            } => {
                self.predicates(aggregate_functions.iter().map(|one| &one.expr), &inner);
                for column in value_column {
                    turned.extend(self.value(column, &inner));
                }
            }
            TableFactor::Unpivot { columns, .. } => {
                self.predicates(columns.iter().map(|one| &one.expr), &inner);
            }
            _ => {}
        }
        let mut origins = Vec::new();
        for relation in &inner.relations {
            let shown = self.all_of(relation).into_iter();
            origins.extend(shown.flat_map(|one| one.origins));
        }
        origins.retain(|origin| !turned.contains(origin));
        let called = alias
            .map(|alias| &alias.name)
            .map(|ident| self.relation_name(ident));
        let fallback = inner.relations.first().map(|one| one.called.clone());
        scope.relations.push(Relation {
            called: called.or(fallback).unwrap_or_default(),
            rows: Rows::Function {
                columns: Vec::new(),
                origins,
            },
        });
    }

    fn function(
        &mut self,
        parts: Vec<part::Part<'_>>,
        alias: Option<&TableAlias>,
        name: Option<&Ident>,
        scope: &mut Scope<'_>,
    ) {
        let origins = self.parts(parts, scope);
        let mut columns: Vec<String> = alias
            .iter()
            .flat_map(|alias| &alias.columns)
            .map(|column| self.column_name(&column.name))
            .collect();
        let called = alias.map(|alias| &alias.name).or(name);
        let called = called
            .map(|ident| self.relation_name(ident))
            .unwrap_or_default();
        // `unnest(a) AS x` is also a column x.
        if !columns.is_empty() {
            columns.push(called.clone());
        }
        scope.relations.push(Relation {
            called,
            rows: Rows::Function { columns, origins },
        });
    }

    fn called(
        &mut self,
        called: String,
        rows: Rows,
        alias: Option<&TableAlias>,
        scope: &mut Scope<'_>,
    ) {
        let names = alias.iter().flat_map(|alias| &alias.columns);
        let names: Vec<String> = names.map(|column| self.column_name(&column.name)).collect();
        let relation = Relation { called, rows };
        if names.is_empty() {
            scope.relations.push(relation);
            return;
        }
        let columns = match relation.rows {
            Rows::Query(output) => output.columns,
            Rows::Table(_) | Rows::Function { .. } => self.listed(&relation),
        };
        let output = Output { columns }.renamed(names);
        scope.relations.push(Relation {
            called: relation.called,
            rows: Rows::Query(output),
        });
    }

    /// The rows that a name stands for: a CTE, a table, or a column of an outer row.
    pub(super) fn rows_of(&mut self, name: &ObjectName, scope: &Scope<'_>) -> Rows {
        if let [_] = name.0.as_slice()
            && let Some(ident) = name::last(name)
        {
            let called = self.relation_name(ident);
            let found = self.ctes.iter().rev().find(|(known, _)| *known == called);
            if let Some((_, output)) = found {
                self.facts.worked(output.columns.len());
                return Rows::Query(output.clone());
            }
        }
        // `FROM t, t.items` unnests a column.
        if let [first, .., _] = name.0.as_slice()
            && let sqlparser::ast::ObjectNamePart::Identifier(first) = first
            && scope.called(&self.relation_name(first)).is_some()
            && let Some(ident) = name::last(name)
        {
            let mut origins = Vec::new();
            let column = self.column_name(ident);
            if let Some(relation) = scope.called(&self.relation_name(first)) {
                self.column_of(relation, &column, true, &mut origins);
            }
            return Rows::Function {
                columns: Vec::new(),
                origins,
            };
        }
        Rows::Table(self.table_name(name))
    }

    /// Every column of a table.
    pub(super) fn everything_of(&mut self, name: &ObjectName) -> Output {
        let rows = self.rows_of(name, &Scope::inside(None));
        let relation = Relation {
            called: String::new(),
            rows,
        };
        Output {
            columns: self.all_of(&relation),
        }
    }
}

fn exprs<'e>(exprs: impl IntoIterator<Item = &'e Expr>) -> Vec<part::Part<'e>> {
    exprs.into_iter().map(part::Part::Expr).collect()
}
