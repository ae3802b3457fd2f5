//! INSERT in all its forms, and what it does to rows that are there already.

use sqlparser::ast::{
    Insert, MultiTableInsertIntoClause, MultiTableInsertValue, OnConflictAction, OnInsert, Query,
    SetExpr, SqliteOnConflict, TableObject,
};

use super::{Extent, Reach, Walker, location};
use crate::action::{Effect, Resource, ResourceKind};
use crate::sql::name;
use crate::sql::part;

const OPERATION: &str = "INSERT";

impl Walker<'_> {
    /// Walks an INSERT; gives the reach of what it reads.
    pub(super) fn insert(&mut self, insert: &Insert) -> Extent {
        let (source, shown) = self.apart(|walker| {
            let source = insert.source.as_ref().map(|query| walker.query(query));
            walker.assignments(&insert.assignments);
            walker.exprs(insert.partitioned.iter().flatten());
            source
        });
        let source = source.unwrap_or(Extent::NONE).max(shown);
        let rows = rows(insert, source);
        self.insert_into(&insert.table, insert, rows);
        for clause in all_clauses(insert) {
            self.insert_clause(clause, source);
        }
        self.exprs(
            insert
                .multi_table_when_clauses
                .iter()
                .map(|when| &when.condition),
        );
        let changed = self.changing(&[], insert.returning.as_deref(), insert.output.as_ref());
        self.settings(insert.settings.as_deref());
        source.max(changed)
    }

    fn insert_into(&mut self, object: &TableObject, insert: &Insert, rows: Extent) {
        match object {
            TableObject::TableName(name) => {
                let multiple = !insert.multi_table_into_clauses.is_empty()
                    || !insert.multi_table_when_clauses.is_empty();
                if multiple && name.0.is_empty() {
                    return;
                }
                let (tables, _) = self.changed_through(name);
                self.replaced(insert, &tables);
                self.found(Effect::Insert, OPERATION, rows, tables);
            }
            TableObject::TableFunction(function) => {
                let mut parts = Vec::new();
                part::of_function(function, &mut parts);
                self.parts(parts);
                let name = name::joined(&function.name, self.dialect).unwrap_or_default();
                let function = Resource {
                    kind: ResourceKind::Function,
                    name,
                };
                let place = match function.name.as_str() {
                    "file" | "fileCluster" => "file",
                    "azureBlobStorage" | "gcs" | "hdfs" | "oss" | "s3" | "s3Cluster" | "url" => {
                        "url"
                    }
                    _ => "server",
                };
                let resources = [function, location(place)];
                self.found(Effect::Export, OPERATION, rows, resources);
            }
            TableObject::TableQuery(query) => {
                self.query(query);
                self.unknown(OPERATION);
            }
        }
    }

    /// What happens to rows that are there already.
    fn replaced(&mut self, insert: &Insert, tables: &[Resource]) {
        let tables = || tables.iter().cloned();
        if insert.overwrite {
            let reach = match &insert.partitioned {
                Some(partitions) if !partitions.is_empty() => Reach::Filtered,
                _ => Reach::All,
            };
            self.found(Effect::Delete, "INSERT OVERWRITE", reach, tables());
        }
        let replaces = insert.replace_into || matches!(insert.or, Some(SqliteOnConflict::Replace));
        if replaces {
            self.found(Effect::Update, "REPLACE", Reach::Filtered, tables());
        }
        let assigned = match &insert.on {
            Some(OnInsert::DuplicateKeyUpdate(assignments)) => Some((assignments, None)),
            Some(OnInsert::OnConflict(conflict)) => match &conflict.action {
                OnConflictAction::DoUpdate(update) => {
                    Some((&update.assignments, update.selection.as_ref()))
                }
                OnConflictAction::DoNothing => None,
            },
            // The parser reserves the right to add more: nothing is known of those.
            Some(_) => {
                self.unknown(OPERATION);
                None
            }
            None => None,
        };
        if let Some((assignments, selection)) = assigned {
            self.assignments(assignments);
            self.exprs(selection);
            self.found(Effect::Update, OPERATION, Reach::Filtered, tables());
        }
    }

    fn insert_clause(&mut self, clause: &MultiTableInsertIntoClause, rows: Extent) {
        let table = self.table(&clause.table_name);
        for value in clause.values.iter().flat_map(|values| &values.values) {
            match value {
                MultiTableInsertValue::Expr(expr) => self.exprs([expr]),
                MultiTableInsertValue::Default => {}
            }
        }
        let rows = if rows.is_none() {
            Extent::UNKNOWN
        } else {
            rows
        };
        self.found(Effect::Insert, OPERATION, rows, [table]);
    }
}

fn all_clauses(insert: &Insert) -> impl Iterator<Item = &MultiTableInsertIntoClause> {
    let conditional = insert
        .multi_table_when_clauses
        .iter()
        .flat_map(|when| &when.into_clauses);
    insert
        .multi_table_into_clauses
        .iter()
        .chain(conditional)
        .chain(insert.multi_table_else_clause.iter().flatten())
}

/// How many rows are added.
fn rows(insert: &Insert, source: Extent) -> Extent {
    match &insert.source {
        None => Reach::Limited(1).into(),
        Some(query) if source.is_none() => counted(query).into(),
        Some(_) => source,
    }
}

/// The number of rows of a query that reads no table.
fn counted(query: &Query) -> Reach {
    match &*query.body {
        SetExpr::Values(values) => {
            Reach::Limited(u64::try_from(values.rows.len()).unwrap_or(u64::MAX))
        }
        SetExpr::Select(select) if select.from.is_empty() => Reach::Limited(1),
        _ => Reach::Unknown,
    }
}
