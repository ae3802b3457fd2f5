//! MERGE, by its branches.

use sqlparser::ast::{
    Expr, Merge, MergeAction, MergeClause, MergeClauseKind, MergeInsertKind, MergeUpdateKind,
    TableFactor,
};

use super::target::called;
use super::{Extent, Walker};
use crate::action::{Effect, Reach, Resource};
use crate::sql::name;

const OPERATION: &str = "MERGE";

/// What is merged into, and how far its rows are matched.
struct Merged {
    tables: Vec<Resource>,
    /// What it is called in the statement, and its source if that is the same table.
    own: Vec<String>,
    foreign: Vec<String>,
    matched: Extent,
    source: Extent,
}

impl Walker<'_> {
    /// Walks a MERGE; gives the reach of its source.
    pub(super) fn merge(&mut self, merge: &Merge) -> Extent {
        let source = self.relation(&merge.source);
        self.apart(|walker| walker.exprs([&*merge.on]));
        let tables = match &merge.table {
            TableFactor::Table {
                name, args: None, ..
            } => self.changed_through(name).0,
            other => {
                self.relation(other);
                self.unknown(OPERATION);
                Vec::new()
            }
        };
        let fold = |relation| called(relation).map(|called| name::fold(called, self.dialect));
        let (target, from) = (fold(&merge.table), fold(&merge.source));
        let is_twin = self.is_same_table(&merge.source, &tables);
        let mut merged = Merged {
            own: target
                .into_iter()
                .chain(from.clone().filter(|_| is_twin))
                .collect(),
            foreign: from.into_iter().filter(|_| !is_twin).collect(),
            matched: Extent::UNKNOWN,
            source,
            tables,
        };
        // A condition that always holds matches every row of the target.
        merged.matched = self.left_of_merged(&merged, &merge.on);
        for clause in &merge.clauses {
            self.merge_clause(clause, &merged);
        }
        self.changing(&[], None, merge.output.as_ref());
        source
    }

    /// Whether a relation is the one table that is changed.
    fn is_same_table(&self, relation: &TableFactor, tables: &[Resource]) -> bool {
        let name = match relation {
            TableFactor::Table {
                name, args: None, ..
            } => name::joined(name, self.dialect),
            _ => None,
        };
        name.is_some_and(|name| {
            let same = |table: &Resource| table.name.to_lowercase() == name.to_lowercase();
            tables.iter().any(same)
        })
    }

    fn left_of_merged(&self, merged: &Merged, condition: &Expr) -> Extent {
        let table = match merged.tables.as_slice() {
            [only] => Some(only.name.as_str()),
            _ => None,
        };
        let judge = self.judge(&merged.own, table).beside(&merged.foreign);
        self.left_beside(judge, condition, &merged.own)
    }

    fn merge_clause(&mut self, clause: &MergeClause, merged: &Merged) {
        self.exprs(&clause.predicate);
        let kept = clause
            .predicate
            .as_ref()
            .map_or(Extent::WHOLE, |condition| {
                self.left_of_merged(merged, condition)
            });
        let reach = match clause.clause_kind {
            // Rows without a partner in the source: nothing but the predicate bounds them.
            MergeClauseKind::NotMatchedBySource => kept,
            _ if merged.matched.reach == Reach::Unknown && kept.reach == Reach::Filtered => kept,
            _ if clause.predicate.is_some() => merged.matched.conditioned(kept),
            _ => merged.matched,
        };
        let tables = merged.tables.iter().cloned();
        match &clause.action {
            MergeAction::Insert(insert) => {
                match &insert.kind {
                    MergeInsertKind::Values(values) => {
                        values.rows.iter().for_each(|row| self.exprs(&row.content));
                    }
                    MergeInsertKind::Row | MergeInsertKind::Wildcard => {}
                }
                self.exprs(&insert.insert_predicate);
                let rows = if merged.source.is_none() {
                    Extent::UNKNOWN
                } else {
                    merged.source
                };
                self.found(Effect::Insert, OPERATION, rows, tables);
            }
            MergeAction::Update(update) => {
                match &update.kind {
                    MergeUpdateKind::Set(assignments) => self.assignments(assignments),
                    MergeUpdateKind::Wildcard => {}
                }
                self.exprs(
                    update
                        .update_predicate
                        .iter()
                        .chain(&update.delete_predicate),
                );
                let left =
                    |condition: &Expr| reach.conditioned(self.left_of_merged(merged, condition));
                let deleted = update.delete_predicate.as_ref().map(left);
                let updated = update.update_predicate.as_ref().map_or(reach, left);
                if let Some(deleted) = deleted {
                    self.found(Effect::Delete, OPERATION, deleted, tables.clone());
                }
                self.found(Effect::Update, OPERATION, updated, tables);
            }
            MergeAction::Delete { .. } => self.found(Effect::Delete, OPERATION, reach, tables),
            MergeAction::DoNothing { .. } => {}
        }
    }
}
