//! What stands in FROM, as seen by the expressions of one query.

use std::collections::BTreeSet;

use super::facts::Id;
use super::query::{Output, Shown};
use crate::sql::database::Database;

/// One thing that columns can belong to.
#[derive(Clone)]
pub(super) struct Relation {
    /// What it is called here, folded; empty where it has no name.
    pub(super) called: String,
    pub(super) rows: Rows,
}

/// What a relation's columns are.
#[derive(Clone)]
pub(super) enum Rows {
    /// A table by its full name; the schema may have it or not.
    Table(String),
    /// A query, a CTE or a list of values.
    Query(Output),
    /// A function: any column may come out of it, made of these.
    Function {
        columns: Vec<String>,
        origins: Vec<Id>,
    },
}

/// The relations of a query, inside those of the queries around it.
pub(super) struct Scope<'s> {
    pub(super) relations: Vec<Relation>,
    /// Columns that joins have made one, by name.
    pub(super) merged: BTreeSet<String>,
    /// What the query itself gives names to.
    pub(super) aliases: Vec<Shown>,
    pub(super) outer: Option<&'s Scope<'s>>,
}

impl<'s> Scope<'s> {
    pub(super) const fn inside(outer: Option<&'s Scope<'s>>) -> Self {
        Self {
            relations: Vec::new(),
            merged: BTreeSet::new(),
            aliases: Vec::new(),
            outer,
        }
    }

    /// The relation of that name, here or further out.
    pub(super) fn called(&self, name: &str) -> Option<&Relation> {
        let here = self.relations.iter().find(|one| one.called == name);
        here.or_else(|| self.outer?.called(name))
    }

    /// The table of that name, though it is called otherwise here: some databases allow it.
    pub(super) fn table(&self, name: &str) -> Option<&Relation> {
        let is_named = |relation: &&Relation| match &relation.rows {
            Rows::Table(full) => full.rsplit('.').next() == Some(name),
            Rows::Query(_) | Rows::Function { .. } => false,
        };
        let here = self.relations.iter().find(is_named);
        here.or_else(|| self.outer?.table(name))
    }

    /// What the query gives that name to.
    pub(super) fn alias(&self, name: &str) -> Option<&Shown> {
        self.aliases.iter().find(|shown| shown.name == name)
    }
}

/// Whether a relation has a column.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Has {
    No,
    /// Its columns are not known.
    Maybe,
    Yes,
}

impl Relation {
    pub(super) fn has(&self, column: &str, database: &Database) -> Has {
        let known = |is_known: bool| if is_known { Has::Yes } else { Has::No };
        match &self.rows {
            Rows::Table(name) => match database.tables.get(name) {
                Some(table) => known(table.columns.iter().any(|one| one == column)),
                None => Has::Maybe,
            },
            Rows::Query(output) => {
                let named = output.columns.iter().any(|one| one.name == column);
                if !named && output.columns.iter().any(Shown::is_star) {
                    Has::Maybe
                } else {
                    known(named)
                }
            }
            Rows::Function { columns, .. } => {
                if columns.is_empty() {
                    Has::Maybe
                } else {
                    known(columns.iter().any(|one| one == column))
                }
            }
        }
    }
}
