//! Changes: which columns they set, from which others, and what they return.

use sqlparser::ast::{
    Delete, Expr, FromTable, Insert, Merge, MergeAction, MergeInsertExpr, MergeInsertKind,
    MergeUpdateExpr, MergeUpdateKind, ObjectName, OnConflictAction, OnInsert, OrderByExpr,
    OutputClause, SelectItem, Statement, TableFactor, TableObject, TableWithJoins, Update,
    UpdateTableFromKind,
};

use super::Resolver;
use super::output::{Output, Shown};
use super::scope::{Relation, Rows, Scope};
use crate::sql::name;

impl Resolver<'_> {
    /// A change; what it returns is its output.
    pub(super) fn changed(&mut self, statement: &Statement) -> Output {
        match statement {
            Statement::Insert(insert) => self.insert(insert),
            Statement::Update(update) => self.update(update),
            Statement::Delete(delete) => self.delete(delete),
            Statement::Merge(merge) => self.merge(merge),
            _ => {
                self.facts.give_up();
                Output::default()
            }
        }
    }

    fn insert(&mut self, insert: &Insert) -> Output {
        let source = insert.source.as_ref().map(|query| self.query(query, None));
        let source = source.unwrap_or_default();
        let TableObject::TableName(table) = &insert.table else {
            if matches!(insert.table, TableObject::TableQuery(_)) {
                self.facts.give_up();
            }
            self.sent(&source);
            return Output::default();
        };
        if !insert.multi_table_into_clauses.is_empty()
            || !insert.multi_table_when_clauses.is_empty()
        {
            self.facts.give_up();
            return Output::default();
        }
        let full = self.table_name(table);
        let columns = self.listed_columns(insert);
        if insert.assignments.is_empty() {
            self.filled(&full, &columns, &source);
        }
        let mut scope = Scope::inside(None);
        self.inserted_into(insert, table, &mut scope);
        let targets = scope.relations.clone();
        self.assigned(&insert.assignments, &targets, &scope);
        self.predicates(insert.partitioned.iter().flatten(), &scope);
        let added = self.added(insert, &columns, source);
        scope.joined.push(added);
        self.on_insert(insert, &targets, &scope);
        scope.joined.clear();
        self.returned(insert.returning.as_deref(), insert.output.as_ref(), scope)
    }

    /// The columns that an INSERT names.
    fn listed_columns(&self, insert: &Insert) -> Vec<String> {
        let named = insert.columns.iter().filter_map(name::last);
        let named = named.chain(&insert.after_columns);
        named.map(|ident| self.column_name(ident)).collect()
    }

    /// Brings the table that gets rows into scope.
    fn inserted_into(&mut self, insert: &Insert, table: &ObjectName, scope: &mut Scope<'_>) {
        let alias = insert.table_alias.as_ref().map(|alias| &alias.alias);
        let called = alias.or_else(|| name::last(table));
        let called = called.map(|ident| self.relation_name(ident));
        let rows = self.rows_of(table, &Scope::inside(None));
        scope.relations.push(Relation {
            called: called.unwrap_or_default(),
            rows,
        });
    }

    /// The row that could not be added, by the name it has in what is done instead.
    fn added(&mut self, insert: &Insert, columns: &[String], source: Output) -> Relation {
        let alias = insert.insert_alias.as_ref();
        let called = alias.and_then(|alias| name::last(&alias.row_alias));
        let called = called.map(|ident| self.relation_name(ident));
        let mut names = columns.to_vec();
        if let Some(aliases) = alias.and_then(|alias| alias.col_aliases.as_ref()) {
            names = aliases
                .iter()
                .map(|ident| self.column_name(ident))
                .collect();
        }
        let output = if names.is_empty() || source.has_star() {
            let origins = source.origins();
            Output {
                columns: vec![Shown::guessed("?".to_owned(), origins)],
            }
        } else {
            source.renamed(names)
        };
        Relation {
            called: called.unwrap_or_else(|| self.folded("excluded")),
            rows: Rows::Query(output),
        }
    }

    fn on_insert(&mut self, insert: &Insert, targets: &[Relation], scope: &Scope<'_>) {
        match &insert.on {
            Some(OnInsert::DuplicateKeyUpdate(assignments)) => {
                self.assigned(assignments, targets, scope);
            }
            Some(OnInsert::OnConflict(conflict)) => {
                if let OnConflictAction::DoUpdate(update) = &conflict.action {
                    self.assigned(&update.assignments, targets, scope);
                    self.predicates(&update.selection, scope);
                }
            }
            Some(_) => self.facts.give_up(),
            None => {}
        }
    }

    fn update(&mut self, update: &Update) -> Output {
        let from = match &update.from {
            Some(UpdateTableFromKind::BeforeSet(from) | UpdateTableFromKind::AfterSet(from)) => {
                from.as_slice()
            }
            None => &[],
        };
        let mut scope = Scope::inside(None);
        let targets = self.targets(std::slice::from_ref(&update.table), from, &mut scope);
        self.assigned(&update.assignments, &targets, &scope);
        self.predicates(&update.selection, &scope);
        self.bounded(&update.order_by, update.limit.as_ref(), &scope);
        self.returned(update.returning.as_deref(), update.output.as_ref(), scope)
    }

    fn delete(&mut self, delete: &Delete) -> Output {
        let mut scope = Scope::inside(None);
        let (FromTable::WithFromKeyword(from) | FromTable::WithoutKeyword(from)) = &delete.from;
        let using = delete.using.as_deref().unwrap_or_default();
        self.targets(from, using, &mut scope);
        self.predicates(&delete.selection, &scope);
        self.bounded(&delete.order_by, delete.limit.as_ref(), &scope);
        if let [only] = delete.tables.as_slice() {
            // What is deleted stands first, as elsewhere.
            let called = name::last(only).map(|ident| self.relation_name(ident));
            let called = called.unwrap_or_default();
            let place = scope.relations.iter().position(|one| one.called == called);
            scope.relations.rotate_left(place.unwrap_or_default());
        }
        self.returned(delete.returning.as_deref(), delete.output.as_ref(), scope)
    }

    /// Brings what is changed into scope, and then what else the change looks at. The name of
    /// what is changed may be an alias that is told there.
    fn targets(
        &mut self,
        changed: &[TableWithJoins],
        others: &[TableWithJoins],
        scope: &mut Scope<'_>,
    ) -> Vec<Relation> {
        let mut targets = Vec::new();
        for tables in others {
            self.tables(tables, scope);
        }
        let before = scope.relations.len();
        for tables in changed {
            match self.told_elsewhere(tables, scope) {
                Some(place) => {
                    if let Some(first) = scope.relations.get_mut(..=place) {
                        first.rotate_right(1);
                    }
                    targets.extend(scope.relations.first().cloned());
                }
                None => {
                    let from = scope.relations.len();
                    self.tables(tables, scope);
                    targets.extend(scope.relations.iter().skip(from).cloned());
                }
            }
        }
        if scope.relations.len() > before {
            scope.relations.rotate_left(before);
        }
        targets
    }

    /// The relation whose alias is all that is said of the target.
    fn told_elsewhere(&self, tables: &TableWithJoins, scope: &Scope<'_>) -> Option<usize> {
        let TableFactor::Table {
            name,
            alias: None,
            args: None,
            ..
        } = &tables.relation
        else {
            return None;
        };
        let ([_], true) = (name.0.as_slice(), tables.joins.is_empty()) else {
            return None;
        };
        let called = self.relation_name(name::last(name)?);
        let mut relations = scope.relations.iter();
        relations.position(|relation| relation.called == called)
    }

    /// ORDER BY and LIMIT of a change.
    fn bounded(&mut self, order: &[OrderByExpr], limit: Option<&Expr>, scope: &Scope<'_>) {
        self.predicates(order.iter().map(|key| &key.expr).chain(limit), scope);
    }

    fn merge(&mut self, merge: &Merge) -> Output {
        let mut scope = Scope::inside(None);
        self.relation(&merge.table, &mut scope);
        let targets = scope.relations.clone();
        self.relation(&merge.source, &mut scope);
        self.predicates([&*merge.on], &scope);
        for clause in &merge.clauses {
            self.predicates(&clause.predicate, &scope);
            match &clause.action {
                MergeAction::Insert(insert) => self.merge_insert(insert, &targets, &scope),
                MergeAction::Update(update) => self.merge_update(update, &targets, &scope),
                MergeAction::Delete { .. } | MergeAction::DoNothing { .. } => {}
            }
        }
        self.returned(None, merge.output.as_ref(), scope)
    }

    fn merge_insert(&mut self, insert: &MergeInsertExpr, targets: &[Relation], scope: &Scope<'_>) {
        let idents = insert.columns.iter().filter_map(name::last);
        let columns: Vec<String> = idents.map(|ident| self.column_name(ident)).collect();
        let mut output = Output::default();
        match &insert.kind {
            MergeInsertKind::Values(values) => {
                for expr in values.rows.iter().flat_map(|row| &row.content) {
                    let origins = self.value(expr, scope);
                    output.columns.push(self.titled(expr, origins));
                }
            }
            MergeInsertKind::Row | MergeInsertKind::Wildcard => {
                output.columns = self.all_beside(targets, scope);
            }
        }
        self.predicates(&insert.insert_predicate, scope);
        self.filled(&first_table(targets), &columns, &output);
    }

    fn merge_update(&mut self, update: &MergeUpdateExpr, targets: &[Relation], scope: &Scope<'_>) {
        match &update.kind {
            MergeUpdateKind::Set(assignments) => self.assigned(assignments, targets, scope),
            MergeUpdateKind::Wildcard => {
                let columns = self.all_beside(targets, scope);
                self.filled(&first_table(targets), &[], &Output { columns });
            }
        }
        let predicates = update.update_predicate.iter();
        self.predicates(predicates.chain(&update.delete_predicate), scope);
    }

    /// Every column of what stands beside the targets.
    fn all_beside(&mut self, targets: &[Relation], scope: &Scope<'_>) -> Vec<Shown> {
        let mut shown = Vec::new();
        for relation in scope.relations.iter().skip(targets.len()) {
            shown.append(&mut self.all_of(relation));
        }
        shown
    }

    fn returned(
        &mut self,
        returning: Option<&[SelectItem]>,
        output: Option<&OutputClause>,
        mut scope: Scope<'_>,
    ) -> Output {
        let (items, into) = match output {
            Some(OutputClause::Output {
                select_items,
                into_table,
                ..
            }) => (select_items.as_slice(), into_table.as_ref()),
            Some(OutputClause::Returning { select_items, .. }) => (select_items.as_slice(), None),
            None => (returning.unwrap_or_default(), None),
        };
        if items.is_empty() {
            return Output::default();
        }
        // What the row was before and what it is now.
        if let Some(target) = scope.relations.first().cloned() {
            for called in ["inserted", "deleted", "old", "new"] {
                scope.joined.push(Relation {
                    called: self.folded(called),
                    rows: target.rows.clone(),
                });
            }
        }
        self.projection(items, None, &mut scope);
        let output = scope.into_output();
        for target in into.iter().flat_map(|into| &into.targets) {
            self.selected_into(target, &output);
        }
        output
    }
}

/// The name of the table that stands first.
fn first_table(targets: &[Relation]) -> String {
    match targets.first().map(|relation| &relation.rows) {
        Some(Rows::Table(name)) => name.clone(),
        _ => String::new(),
    }
}
