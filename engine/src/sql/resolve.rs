//! A statement's tree to the columns it touches, and to which columns become which.
//!
//! Guarantees that no column of a table goes unnoticed: what may belong to several tables is
//! listed for each, what can't be told at all counts as every column. Knows the schema, where
//! one is configured; knows nothing of effects and reach.

mod output;
mod scope;

mod aside;
mod change;
mod column;
mod cte;
mod expression;
mod facts;
mod flow;
mod join;
mod projection;
mod query;
mod relation;
mod star;
mod title;
mod word;

use std::cell::Cell;

use sqlparser::ast::{CopySource, CreateProcedureBody, CreateView, Declare, Expr, Set, Statement};

pub(super) use self::facts::Facts;
use self::output::Output;
use super::database::Database;
use super::place::Place;
use crate::action::Usage;

/// Notes the columns of a statement.
pub(super) fn statement(
    statement: &Statement,
    database: &Database,
    place: &Place,
    facts: &mut Facts,
) {
    let mut resolver = Resolver {
        database,
        place,
        facts,
        ctes: Vec::new(),
        has_text_names: Cell::new(false),
    };
    resolver.statement(statement);
    if resolver.has_text_names.get() {
        facts.depend_on_texts();
    }
}

/// Works out what names mean.
struct Resolver<'r> {
    database: &'r Database,
    place: &'r Place,
    facts: &'r mut Facts,
    /// Queries with a name, the innermost last; nothing where one is only told further on.
    ctes: Vec<(String, Option<Output>)>,
    /// Whether a name was given by a string.
    has_text_names: Cell<bool>,
}

impl Resolver<'_> {
    fn statement(&mut self, statement: &Statement) {
        match statement {
            Statement::Query(query) => {
                let output = self.query(query, None);
                self.shown(&output);
            }
            Statement::Insert(_)
            | Statement::Update(_)
            | Statement::Delete(_)
            | Statement::Merge(_) => {
                let output = self.changed(statement);
                self.shown(&output);
            }
            Statement::Explain {
                statement: inner, ..
            }
            | Statement::Prepare {
                statement: inner, ..
            } => self.statement(inner),
            Statement::Declare { stmts, .. } => self.declare(stmts),
            Statement::CreateTable(create) => match (&create.query, &create.clone) {
                (Some(query), _) => {
                    let columns = create.columns.iter().map(|column| &column.name);
                    let columns: Vec<_> = columns.map(|ident| self.column_name(ident)).collect();
                    let output = self.query(query, None);
                    self.made(&create.name, &columns, &output);
                }
                (None, Some(source)) => {
                    let output = self.everything_of(source);
                    self.made(&create.name, &[], &output);
                }
                (None, None) => {}
            },
            Statement::CreateView(CreateView {
                name,
                columns,
                query,
                ..
            }) => {
                let columns = columns.iter().map(|column| &column.name);
                let columns: Vec<_> = columns.map(|ident| self.column_name(ident)).collect();
                let output = self.query(query, None);
                self.made(name, &columns, &output);
            }
            Statement::Copy { source, to, .. } => match source {
                CopySource::Query(query) => {
                    let output = self.query(query, None);
                    self.shown(&output);
                }
                CopySource::Table {
                    table_name,
                    columns,
                } => self.copied(table_name, columns, *to),
            },
            Statement::ExportData(export) => {
                let output = self.query(&export.query, None);
                self.shown(&output);
            }
            Statement::Directory { source, .. } => {
                let output = self.query(source, None);
                self.shown(&output);
            }
            Statement::Unload {
                query: Some(query), ..
            } => {
                let output = self.query(query, None);
                self.shown(&output);
            }
            Statement::CreateProcedure { body, .. } => {
                let statements = match body {
                    CreateProcedureBody::As(statements) => statements.statements(),
                    CreateProcedureBody::BeginAtomic(block) => &block.statements,
                };
                statements.iter().for_each(|inner| self.statement(inner));
            }
            Statement::StartTransaction {
                statements,
                exception: None,
                ..
            } => {
                statements.iter().for_each(|inner| self.statement(inner));
            }
            // They look at no column.
            Statement::Commit { .. }
            | Statement::Deallocate { .. }
            | Statement::Discard { .. }
            | Statement::Drop { .. }
            | Statement::DropFunction(_)
            | Statement::ReleaseSavepoint { .. }
            | Statement::Rollback { .. }
            | Statement::Savepoint { .. }
            | Statement::Truncate(_)
            | Statement::Use(_) => {}
            Statement::Set(Set::SingleAssignment { values, .. })
                if values
                    .iter()
                    .all(|value| matches!(value, Expr::Value(_) | Expr::Identifier(_))) => {}
            // Whatever they read or write, its columns can't be told here.
            _ => self.facts.give_up(),
        }
    }

    fn declare(&mut self, declared: &[Declare]) {
        for one in declared {
            if let Some(query) = &one.for_query {
                let output = self.query(query, None);
                self.shown(&output);
            }
            if one.assignment.is_some() {
                self.facts.give_up();
            }
        }
    }

    /// The output of the outermost query reaches the client.
    fn shown(&mut self, output: &Output) {
        for column in &output.columns {
            for &origin in &column.origins {
                self.facts.used(origin, Usage::Output);
                self.facts.flows_to_result(origin, &column.name);
            }
        }
    }
}

#[cfg(test)]
mod tests;
