//! The name of a column to the tables that have it.
//!
//! Guarantees that every table that may be meant is told; of several, none is certain.

use sqlparser::ast::Ident;

use super::Resolver;
use super::facts::{Id, far};
use super::scope::{Has, Relation, Rows, Scope};
use super::word;
use crate::action::Column;
use crate::sql::database::Database;
use crate::sql::gap::Gap;
use crate::sql::name;

impl Resolver<'_> {
    /// Notes what a name means: `column`, `relation.column`, `column.field`.
    pub(super) fn path(&mut self, path: &[Ident], scope: &Scope<'_>, origins: &mut Vec<Id>) {
        let Some((last, owner)) = path.split_last() else {
            return;
        };
        let (Some(first), Some(qualifier)) = (owner.first(), owner.last()) else {
            return self.unqualified(last, true, scope, origins);
        };
        if !self.facts.looked_at(scope.length().saturating_mul(2)) {
            return;
        }
        let column = self.column_name(last);
        let owners = self.owners(&self.relation_name(qualifier), owner, scope);
        for relation in &owners {
            self.column_of(relation, &column, owners.len() == 1, origins);
        }
        let mut is_known = !owners.is_empty();
        if let [_, column, _, ..] = path {
            // `relation.column.field`
            let column = self.column_name(column);
            for relation in scope.called(&self.relation_name(first)) {
                self.column_of(relation, &column, owners.is_empty(), origins);
                is_known = true;
            }
        }
        if !is_known && !word::is_sequence(last, self.database.dialect) {
            self.unqualified(first, true, scope, origins);
        }
    }

    /// What goes by a name with the names before it: several, where schemas tell them apart.
    pub(super) fn owners<'x>(
        &self,
        called: &str,
        path: &[Ident],
        scope: &'x Scope<'_>,
    ) -> Vec<&'x Relation> {
        if path.len() > 1 {
            let full = name::joined_idents(path, self.database.dialect);
            let owners: Vec<_> = scope
                .tables(&full)
                .filter(|one| one.called == called)
                .collect();
            if !owners.is_empty() {
                return owners;
            }
        }
        let owners: Vec<_> = scope.called(called).collect();
        if owners.is_empty() {
            return scope.tables(called).collect();
        }
        owners
    }

    /// A name that may be a column's, or something else altogether.
    pub(super) fn perhaps(&mut self, ident: &Ident, scope: &Scope<'_>, origins: &mut Vec<Id>) {
        self.unqualified(ident, false, scope, origins);
    }

    fn unqualified(
        &mut self,
        ident: &Ident,
        is_column: bool,
        scope: &Scope<'_>,
        origins: &mut Vec<Id>,
    ) {
        let name = self.column_name(ident);
        // A string, or a variable.
        if ident.quote_style == Some('\'') || name.starts_with('@') {
            return;
        }
        // In some dialects a string, unless there is such a column. Its name must not be told.
        let may_be_text =
            ident.quote_style == Some('"') && self.database.dialect.double_quote_is_text();
        let is_reserved = word::is_reserved(ident, self.database.dialect);
        if !self.facts.looked_at(scope.width(self.database)) {
            return;
        }
        let owners = owners_of(&name, scope, self.database);
        let is_certain = is_column && owners == 1;
        let before = origins.len();
        for here in scope.outward() {
            let nearer = origins.len();
            if having(here, &name, Has::Yes, self.database)
                .next()
                .is_some()
            {
                for relation in having(here, &name, Has::Yes, self.database) {
                    self.column_of(relation, &name, is_certain, origins);
                }
                return set_far(origins, before, nearer);
            }
            let mut is_told = is_reserved;
            if let Some(shown) = here.alias(&name).filter(|_| !is_reserved) {
                origins.extend_from_slice(&shown.origins);
                is_told = true;
            }
            for relation in &here.relations {
                if relation.called == name && !is_reserved {
                    self.whole(relation, origins);
                    is_told = true;
                }
            }
            for relation in having(here, &name, Has::Maybe, self.database).filter(|_| !is_reserved)
            {
                if may_be_text {
                    self.whole(relation, origins);
                } else {
                    if owners > 1 {
                        self.facts.gap(Gap::OwnerNotInSchema);
                    }
                    self.column_of(relation, &name, is_certain && !is_told, origins);
                }
            }
            set_far(origins, before, nearer);
            if is_told {
                return;
            }
        }
        if owners == 0 && is_column && !may_be_text {
            self.stray(&name, scope, origins);
        }
    }

    /// A name that nothing in the schema explains: the schema may be older than the table.
    fn stray(&mut self, name: &str, scope: &Scope<'_>, origins: &mut Vec<Id>) {
        for relation in scope.outward().flat_map(|here| &here.relations) {
            if let Rows::Table(_) = &relation.rows {
                self.column_of(relation, name, false, origins);
            }
        }
    }

    /// Notes one column of a relation.
    pub(super) fn column_of(
        &mut self,
        relation: &Relation,
        name: &str,
        is_certain: bool,
        origins: &mut Vec<Id>,
    ) {
        if name.starts_with('$') && self.numbered(relation, name, origins) {
            return;
        }
        match &relation.rows {
            Rows::Table(table) => {
                let dialect = self.database.dialect;
                if word::is_row_number(name, dialect)
                    && relation.has(name, self.database) != Has::Yes
                {
                    self.key_of(table, origins);
                }
                if word::is_system_column(name, dialect)
                    && relation.has(name, self.database) == Has::No
                {
                    return;
                }
                if let Some(id) = self.facts.column(table, name) {
                    self.facts.read(id, is_certain);
                    origins.push(id);
                }
            }
            Rows::Query(output) => {
                self.facts.looked_at(output.columns.len());
                let mut named = output.columns.iter().filter(|one| one.name == name);
                let mut next = named.next();
                if next.is_none() {
                    return self.guess(relation, name, is_certain, origins);
                }
                while let Some(one) = next {
                    for &origin in &one.origins {
                        self.facts.read(origin, is_certain);
                        origins.push(origin);
                    }
                    next = named.next();
                }
            }
            Rows::Function { origins: all, .. } => origins.extend_from_slice(all),
        }
    }

    /// A column that goes by a name that is told nowhere.
    fn guess(&mut self, relation: &Relation, name: &str, is_certain: bool, origins: &mut Vec<Id>) {
        let Rows::Query(output) = &relation.rows else {
            return;
        };
        for one in output.columns.iter().filter(|one| one.may_be_any()) {
            for &origin in &one.origins {
                let below = self.facts.table_of_star(origin);
                let id = match below.filter(|_| one.is_star()) {
                    Some(table) => self.facts.column(&table, name),
                    None => Some(origin),
                };
                if let Some(id) = id {
                    self.facts.read(id, is_certain);
                    origins.push(id);
                }
            }
        }
    }

    /// What SQLite's `rowid` may be: a key that is one column.
    fn key_of(&mut self, table: &str, origins: &mut Vec<Id>) {
        let known = self.database.tables.get(table);
        let keys = known.iter().flat_map(|table| &table.keys);
        let mut alone: Vec<&String> = keys.flatten().collect();
        if alone.is_empty() {
            alone.extend(known.iter().flat_map(|table| &table.columns));
        }
        let star = Column::ALL.to_owned();
        if alone.is_empty() {
            alone.push(&star);
        }
        for column in alone {
            if let Some(id) = self.facts.column(table, column) {
                self.facts.read(id, false);
                origins.push(id);
            }
        }
    }
}

/// Marks what was found further out than something else.
fn set_far(origins: &mut [Id], before: usize, nearer: usize) {
    if nearer > before {
        for origin in origins.iter_mut().skip(nearer) {
            *origin = far(*origin);
        }
    }
}

fn having<'x>(
    scope: &'x Scope<'_>,
    name: &'x str,
    has: Has,
    database: &'x Database,
) -> impl Iterator<Item = &'x Relation> {
    let relations = scope.relations.iter();
    relations.filter(move |relation| relation.has(name, database) == has)
}

/// How many may own a column of that name: those that have it in the innermost query that
/// surely knows it count as one.
fn owners_of(name: &str, scope: &Scope<'_>, database: &Database) -> usize {
    let mut owners: usize = 0;
    for here in scope.outward() {
        if having(here, name, Has::Yes, database).next().is_some() {
            return owners.saturating_add(1);
        }
        owners = owners.saturating_add(having(here, name, Has::Maybe, database).count());
    }
    owners
}
