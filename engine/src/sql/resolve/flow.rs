//! Rows and values that go into tables: which columns they set, from which others.

use sqlparser::ast::{Assignment, AssignmentTarget, Expr, Ident, ObjectName};

use super::Resolver;
use super::output::{Output, Shown};
use super::scope::{Has, Relation, Rows, Scope};
use crate::action::{Column, Usage};
use crate::sql::name;

impl Resolver<'_> {
    /// A table is made of the rows of a query.
    pub(super) fn made(&mut self, table: &ObjectName, columns: &[String], output: &Output) {
        let table = self.table_name(table);
        self.flow_into(&table, columns, output);
        for shown in &output.columns {
            self.facts.written(&table, &shown.name, true);
        }
    }

    /// A table that is there gets the rows of a query. Without a list of columns, all of them
    /// are set.
    pub(super) fn filled(&mut self, table: &str, columns: &[String], output: &Output) {
        if !columns.is_empty() {
            return self.flow_into(table, columns, output);
        }
        let known = self.database.tables.get(table);
        let known = known
            .map(|known| known.columns.as_slice())
            .unwrap_or_default();
        self.flow_into(table, known, output);
        if known.is_empty() {
            self.facts.written(table, Column::ALL, false);
        }
    }

    /// Sets columns, the first with the first of the rows.
    fn flow_into(&mut self, table: &str, columns: &[String], output: &Output) {
        for name in columns {
            self.facts.written(table, name, true);
        }
        // Behind a star nothing has a place of its own any more.
        let names = if output.has_star() { &[] } else { columns };
        for (place, shown) in output.columns.iter().enumerate() {
            let name = names.get(place).unwrap_or(&shown.name);
            for &origin in &shown.origins {
                self.facts.used(origin, Usage::Output);
                self.facts.flows(origin, table, name);
            }
        }
    }

    /// Rows go where no table is.
    pub(super) fn sent(&mut self, output: &Output) {
        for &origin in output.columns.iter().flat_map(|one| &one.origins) {
            self.facts.used(origin, Usage::Output);
        }
    }

    /// `SELECT … INTO table`.
    pub(super) fn selected_into(&mut self, target: &Expr, output: &Output) {
        let idents = match target {
            Expr::Identifier(ident) => std::slice::from_ref(ident),
            Expr::CompoundIdentifier(idents) => idents.as_slice(),
            _ => return self.sent(output),
        };
        if idents.iter().any(|ident| ident.value.starts_with('@')) {
            return self.sent(output);
        }
        let table = ObjectName::from(idents.to_vec());
        self.made(&table, &[], output);
    }

    /// Columns that are set one by one, of one of the targets.
    pub(super) fn assigned(
        &mut self,
        assignments: &[Assignment],
        targets: &[Relation],
        scope: &Scope<'_>,
    ) {
        for assignment in assignments {
            let origins = self.value(&assignment.value, scope);
            for &origin in &origins {
                self.facts.used(origin, Usage::Output);
            }
            let names = match &assignment.target {
                AssignmentTarget::ColumnName(name) => std::slice::from_ref(name),
                AssignmentTarget::Tuple(names) => names,
            };
            for name in names {
                let owners = self.set(name, targets, scope);
                for (table, column) in &owners {
                    self.facts.written(table, column, owners.len() == 1);
                    for &origin in &origins {
                        self.facts.flows(origin, table, column);
                    }
                }
            }
        }
    }

    /// The columns that a name on the left side may mean, with their tables.
    fn set(
        &mut self,
        name: &ObjectName,
        targets: &[Relation],
        scope: &Scope<'_>,
    ) -> Vec<(String, String)> {
        let idents = name::idents(name);
        if idents.len() != name.0.len() {
            self.facts.give_up();
            return Vec::new();
        }
        if let [.., owner, last] = idents.as_slice() {
            let column = self.column_name(last);
            let before = idents.split_last().map(|(_, before)| before);
            let called = self.relation_name(owner);
            let owners = self.owners(&called, before.unwrap_or_default(), scope);
            if !owners.is_empty() {
                return tables(owners, &column);
            }
        }
        // A column, or a field of one.
        let column = idents.first().map(|first| self.column_name(first));
        let column = column.unwrap_or_default();
        let having = |has: Has| {
            targets
                .iter()
                .filter(|one| one.has(&column, self.database) == has)
                .collect()
        };
        let mut owners: Vec<&Relation> = having(Has::Yes);
        if owners.is_empty() {
            owners = having(Has::Maybe);
        }
        if owners.is_empty() {
            owners = targets.iter().collect();
        }
        tables(owners, &column)
    }

    /// `COPY table`: its columns go out, or come in.
    pub(super) fn copied(&mut self, table: &ObjectName, columns: &[Ident], goes_out: bool) {
        let full = self.table_name(table);
        let columns = columns.iter().map(|ident| self.column_name(ident));
        let named: Vec<String> = columns.collect();
        if !goes_out {
            return self.filled(&full, &named, &Output::default());
        }
        if named.is_empty() {
            let output = self.everything_of(table);
            return self.shown(&output);
        }
        let mut output = Output::default();
        for name in named {
            let id = self.facts.column(&full, &name);
            if let Some(id) = id {
                self.facts.read(id, true);
            }
            output
                .columns
                .push(Shown::named(name, id.into_iter().collect()));
        }
        self.shown(&output);
    }
}

/// The column in each of the tables.
fn tables(owners: Vec<&Relation>, column: &str) -> Vec<(String, String)> {
    let tables = owners
        .into_iter()
        .filter_map(|relation| match &relation.rows {
            Rows::Table(name) => Some((name.clone(), column.to_owned())),
            Rows::Query(_) | Rows::Function { .. } => None,
        });
    tables.collect()
}
