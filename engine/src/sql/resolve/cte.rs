//! Queries that go by a name: what WITH brings into scope, also where they refer to themselves.

use sqlparser::ast::{Cte, Ident, ObjectName, ObjectNamePart, SetExpr, With};

use super::Resolver;
use super::output::Output;
use super::scope::{Rows, Scope};
use crate::limits::SQL_RECURSIVE_ROUNDS;
use crate::sql::name;

impl Resolver<'_> {
    pub(super) fn with(&mut self, with: &With, outer: Option<&Scope<'_>>) {
        if with.recursive && with.cte_tables.len() > 1 {
            // PostgreSQL lets one refer to those behind it.
            for cte in &with.cte_tables {
                self.ctes.push((self.cte_name(&cte.alias.name), None));
            }
        }
        for cte in &with.cte_tables {
            let refers_to_itself = (with.recursive || self.database.dialect.recurses_unasked())
                && matches!(*cte.query.body, SetExpr::SetOperation { .. });
            let output = if refers_to_itself {
                self.recursive(cte, outer)
            } else {
                let output = self.query(&cte.query, outer);
                output.renamed(self.names_of(cte))
            };
            let name = self.cte_name(&cte.alias.name);
            self.ctes.push((name, Some(output)));
        }
    }

    /// A query that refers to itself has the columns of its first part. Each round brings
    /// what they are made of one step further, until nothing changes.
    fn recursive(&mut self, cte: &Cte, outer: Option<&Scope<'_>>) -> Output {
        let known = self.ctes.len();
        if let Some(with) = &cte.query.with {
            self.with(with, outer);
        }
        let mut first = &*cte.query.body;
        while let SetExpr::SetOperation { left, .. } = first {
            first = left;
        }
        let output = self.body(first, outer, &[]);
        let mut output = output.renamed(self.names_of(cte));
        for _ in 0..SQL_RECURSIVE_ROUNDS {
            self.ctes.truncate(known);
            let name = self.cte_name(&cte.alias.name);
            self.ctes.push((name, Some(output.clone())));
            let whole = self.query(&cte.query, outer);
            let whole = whole.renamed(self.names_of(cte));
            self.ctes.truncate(known);
            if whole == output {
                return whole;
            }
            output = whole;
        }
        self.facts.worked(output.columns.len().saturating_mul(8));
        output.blended()
    }

    fn names_of(&self, cte: &Cte) -> Vec<String> {
        let columns = cte.alias.columns.iter();
        columns.map(|one| self.column_name(&one.name)).collect()
    }

    /// What a CTE is called, folded as the names of tables are, which it hides.
    pub(super) fn cte_name(&self, ident: &Ident) -> String {
        self.note_text(ident);
        name::fold(ident, self.database.dialect)
    }

    pub(super) fn rows_of_cte(&mut self, name: &ObjectName) -> Option<Rows> {
        let [ObjectNamePart::Identifier(ident)] = name.0.as_slice() else {
            return None;
        };
        let called = self.cte_name(ident);
        self.facts.looked_at(self.ctes.len());
        let mut known = self.ctes.iter().rev();
        let (_, output) = known.find(|(known, _)| *known == called)?;
        let Some(output) = output.clone() else {
            // It refers to a query that is only told behind it.
            self.facts.give_up();
            return Some(Rows::Query(Output::default()));
        };
        self.facts.worked(output.columns.len());
        Some(Rows::Query(output))
    }
}
