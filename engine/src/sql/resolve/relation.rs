//! What stands in FROM becomes the relations of a scope.

use sqlparser::ast::{
    Expr, FunctionArg, Ident, ObjectName, ObjectNamePart, Query, TableAlias, TableFactor,
    TableFunctionArgs,
};

use super::Resolver;
use super::aside;
use super::output::{Output, Shown};
use super::scope::{Relation, Rows, Scope};
use crate::sql::dialect::Dialect;
use crate::sql::name;
use crate::sql::part::{self, Part};
use crate::sql::walk::{alias_of, are_hints};

impl Resolver<'_> {
    /// A column's name, folded.
    pub(super) fn column_name(&self, ident: &Ident) -> String {
        self.note_text(ident);
        name::fold_column(ident, self.database.dialect)
    }

    /// What a relation is called, folded so that it can be compared.
    pub(super) fn relation_name(&self, ident: &Ident) -> String {
        self.note_text(ident);
        name::fold_column(ident, self.database.dialect)
    }

    /// Notes a name that is a string: what is told depends on its value.
    pub(super) fn note_text(&self, ident: &Ident) {
        if ident.quote_style == Some('\'') {
            self.has_text_names.set(true);
        }
    }

    /// A word as the name of a relation.
    pub(super) fn folded(&self, word: &str) -> String {
        self.relation_name(&Ident::new(word))
    }

    /// A table's full name.
    pub(super) fn table_name(&self, name: &ObjectName) -> String {
        let joined = name::joined(name, self.database.dialect).unwrap_or_else(|| "?".to_owned());
        self.place.full(joined, name.0.len(), self.database)
    }

    /// Brings one relation into scope.
    pub(super) fn relation(&mut self, relation: &TableFactor, scope: &mut Scope<'_>) {
        let alias = alias_of(relation);
        let beside = aside::of_relation(relation);
        if !beside.is_empty() {
            self.parts(beside, scope);
        }
        match relation {
            TableFactor::Table {
                args: Some(TableFunctionArgs { args, .. }),
                name,
                ..
            } if !are_hints(args, self.database.dialect) => {
                self.function(arguments(args), alias, name::last(name), scope);
            }
            TableFactor::Function { args, name, .. } => {
                self.function(arguments(args), alias, name::last(name), scope);
            }
            TableFactor::Table { name, .. } => {
                let called = alias.map(|alias| &alias.name).or_else(|| name::last(name));
                let called = called
                    .map(|ident| self.relation_name(ident))
                    .unwrap_or_default();
                let rows = self.rows_of(name, scope);
                self.called(called, rows, alias, scope);
            }
            TableFactor::Derived {
                lateral, subquery, ..
            } => {
                let sees_left =
                    *lateral || matches!(self.database.dialect, Dialect::Duckdb | Dialect::Generic);
                self.derived(subquery, alias, sees_left, scope);
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
            TableFactor::UNNEST {
                array_exprs,
                with_offset_alias,
                ..
            } => {
                self.function(exprs(array_exprs), alias, None, scope);
                if let Some(offset) = with_offset_alias {
                    let name = self.column_name(offset);
                    let columns = vec![Shown::named(name, Vec::new())];
                    let rows = Rows::Query(Output { columns });
                    scope.relations.push(Relation::unnamed(rows));
                }
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
        self.queries_in(aside::of_turning(whole), &inner);
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

    pub(super) fn derived(
        &mut self,
        subquery: &Query,
        alias: Option<&TableAlias>,
        sees_left: bool,
        scope: &mut Scope<'_>,
    ) {
        let output = if sees_left {
            self.query(subquery, Some(scope))
        } else {
            self.query(subquery, scope.outer)
        };
        let called = alias.map(|alias| self.relation_name(&alias.name));
        let rows = Rows::Query(output);
        self.called(called.unwrap_or_default(), rows, alias, scope);
    }

    fn function(
        &mut self,
        parts: Vec<Part<'_>>,
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
        if let Some(rows) = self.rows_of_cte(name) {
            return rows;
        }
        let mut origins = Vec::new();
        if let [ObjectNamePart::Identifier(first), .., _] = name.0.as_slice()
            && matches!(self.database.dialect, Dialect::Bigquery | Dialect::Redshift)
            && let Some(ident) = name::last(name)
        {
            // `FROM t, t.items` unnests a column, or there is a schema `t`.
            let column = self.column_name(ident);
            for relation in scope.called(&self.relation_name(first)) {
                self.column_of(relation, &column, false, &mut origins);
            }
        }
        if name::place(name, self.database.dialect).is_some() {
            return Rows::Function {
                columns: Vec::new(),
                origins,
            };
        }
        let full = self.table_name(name);
        if !origins.is_empty() && !self.database.tables.contains_key(&full) {
            return Rows::Function {
                columns: Vec::new(),
                origins,
            };
        }
        Rows::Table(full)
    }
}

fn arguments(arguments: &[FunctionArg]) -> Vec<Part<'_>> {
    let mut parts = Vec::new();
    for argument in arguments {
        part::of_argument(argument, &mut parts);
    }
    parts
}

fn exprs<'e>(exprs: impl IntoIterator<Item = &'e Expr>) -> Vec<Part<'e>> {
    exprs.into_iter().map(Part::Expr).collect()
}
