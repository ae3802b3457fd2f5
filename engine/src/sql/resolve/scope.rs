//! What stands in FROM, as seen by the expressions of one query.

use std::collections::BTreeSet;
use std::iter;

use super::facts::Id;
use super::output::{Output, Shown};
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
    /// Names for what joins have made one, which no star shows once more.
    pub(super) joined: Vec<Relation>,
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
            joined: Vec::new(),
            merged: BTreeSet::new(),
            aliases: Vec::new(),
            outer,
        }
    }

    /// This scope, then those around it.
    pub(super) fn outward(&self) -> impl Iterator<Item = &Scope<'s>> {
        iter::successors(Some(self), |scope| scope.outer)
    }

    /// How many names a look at everything in scope compares.
    pub(super) fn width(&self, database: &Database) -> usize {
        let mut width: usize = 0;
        for here in self.outward() {
            width = width.saturating_add(here.aliases.len());
            for relation in &here.relations {
                width = width.saturating_add(relation.width(database));
            }
        }
        width
    }

    /// How many relations there are.
    pub(super) fn length(&self) -> usize {
        let lengths = self.outward().map(|here| here.relations.len());
        lengths.fold(0, usize::saturating_add)
    }

    /// The relations of that name in the innermost query that has one. Some databases take
    /// several, from several schemas.
    pub(super) fn called<'x>(&'x self, name: &str) -> impl Iterator<Item = &'x Relation> {
        self.innermost(move |relation| relation.called == name)
    }

    /// The tables of that name, though they are called otherwise here: some databases allow it.
    /// The name may say a schema too.
    pub(super) fn tables<'x>(&'x self, name: &str) -> impl Iterator<Item = &'x Relation> {
        self.innermost(move |relation| match &relation.rows {
            Rows::Table(full) => full
                .strip_suffix(name)
                .is_some_and(|before| before.is_empty() || before.ends_with('.')),
            Rows::Query(_) | Rows::Function { .. } => false,
        })
    }

    fn innermost(
        &self,
        is_meant: impl Fn(&Relation) -> bool + Copy,
    ) -> impl Iterator<Item = &Relation> {
        let level = self.outward().find(|scope| scope.all().any(is_meant));
        let all = level.into_iter().flat_map(Scope::all);
        all.filter(move |relation| is_meant(relation))
    }

    fn all(&self) -> impl Iterator<Item = &Relation> {
        self.relations.iter().chain(&self.joined)
    }

    /// What the query gives that name to.
    pub(super) fn alias(&self, name: &str) -> Option<&Shown> {
        let mut named = self.aliases.iter().filter(|shown| !shown.may_be_any());
        named.find(|shown| shown.name == name)
    }

    /// What comes out of the query.
    pub(super) fn into_output(self) -> Output {
        Output {
            columns: self.aliases,
        }
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
    pub(super) const fn unnamed(rows: Rows) -> Self {
        Self {
            called: String::new(),
            rows,
        }
    }

    /// How many names a look at its columns compares.
    pub(super) fn width(&self, database: &Database) -> usize {
        let columns = match &self.rows {
            Rows::Table(name) => {
                let table = database.tables.get(name);
                table.map_or(0, |table| table.columns.len())
            }
            Rows::Query(output) => output.columns.len(),
            Rows::Function { columns, .. } => columns.len(),
        };
        columns.saturating_add(1)
    }

    pub(super) fn has(&self, column: &str, database: &Database) -> Has {
        let known = |is_known: bool| if is_known { Has::Yes } else { Has::No };
        match &self.rows {
            Rows::Table(name) => match database.tables.get(name) {
                Some(table) => known(table.columns.iter().any(|one| one == column)),
                None => Has::Maybe,
            },
            Rows::Query(output) => {
                let named = output.columns.iter().any(|one| one.name == column);
                if !named && output.columns.iter().any(Shown::may_be_any) {
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
