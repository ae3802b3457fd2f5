//! MERGE, by its branches.

use sqlparser::ast::{
    Merge, MergeAction, MergeClause, MergeClauseKind, MergeInsertKind, MergeUpdateKind, TableFactor,
};

use super::{Extent, Reach, Walker};
use crate::action::{Effect, Resource};

const OPERATION: &str = "MERGE";

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
        // A condition that always holds matches every row of the target.
        let matched = self.judge(false, None).reach(&merge.on);
        for clause in &merge.clauses {
            self.merge_clause(clause, &tables, matched, source);
        }
        self.changing(&[], None, merge.output.as_ref());
        source
    }

    fn merge_clause(
        &mut self,
        clause: &MergeClause,
        tables: &[Resource],
        matched: Extent,
        source: Extent,
    ) {
        self.exprs(&clause.predicate);
        let judged = |predicate| self.judge(false, None).reach(predicate);
        let kept = clause.predicate.as_ref().map(judged);
        let reach = match (clause.clause_kind, kept) {
            // Rows without a partner in the source: nothing but the predicate bounds them.
            (MergeClauseKind::NotMatchedBySource, kept) => kept.unwrap_or(Extent::WHOLE),
            (_, Some(kept)) if kept.reach == Reach::Filtered => kept,
            (_, _) => matched,
        };
        let tables = tables.iter().cloned();
        match &clause.action {
            MergeAction::Insert(insert) => {
                match &insert.kind {
                    MergeInsertKind::Values(values) => {
                        values.rows.iter().for_each(|row| self.exprs(&row.content));
                    }
                    MergeInsertKind::Row | MergeInsertKind::Wildcard => {}
                }
                self.exprs(&insert.insert_predicate);
                let rows = if source.is_none() {
                    Extent::UNKNOWN
                } else {
                    source
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
                if update.delete_predicate.is_some() {
                    self.found(Effect::Delete, OPERATION, reach, tables.clone());
                }
                self.found(Effect::Update, OPERATION, reach, tables);
            }
            MergeAction::Delete { .. } => self.found(Effect::Delete, OPERATION, reach, tables),
            MergeAction::DoNothing { .. } => {}
        }
    }
}
