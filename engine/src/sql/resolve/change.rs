//! Changes: which columns they set, from which others.

use sqlparser::ast::{
    Assignment, AssignmentTarget, Delete, Expr, FromTable, Ident, Insert, Merge, MergeAction,
    MergeInsertKind, MergeUpdateKind, ObjectName, OnConflictAction, OnInsert, OutputClause,
    SelectItem, Statement, TableObject, TableWithJoins, Update, UpdateTableFromKind,
};

use super::Resolver;
use super::query::{Output, Shown};
use super::scope::{Relation, Rows, Scope};
use crate::action::{Column, Usage};
use crate::sql::name;

impl Resolver<'_> {
    /// A change inside a query; what it returns is its output.
    pub(super) fn changed(&mut self, statement: &Statement) -> Output {
        match statement {
            Statement::Insert(insert) => self.inserted(insert),
            Statement::Update(update) => self.updated(update),
            Statement::Delete(delete) => self.deleted(delete),
            Statement::Merge(merge) => self.merged_into(merge),
            _ => {
                self.facts.give_up();
                Output::default()
            }
        }
    }

    pub(super) fn insert(&mut self, insert: &Insert) {
        let output = self.inserted(insert);
        self.shown(&output);
    }

    pub(super) fn update(&mut self, update: &Update) {
        let output = self.updated(update);
        self.shown(&output);
    }

    pub(super) fn delete(&mut self, delete: &Delete) {
        let output = self.deleted(delete);
        self.shown(&output);
    }

    pub(super) fn merge(&mut self, merge: &Merge) {
        let output = self.merged_into(merge);
        self.shown(&output);
    }

    fn inserted(&mut self, insert: &Insert) -> Output {
        let source = insert.source.as_ref().map(|query| self.query(query, None));
        let TableObject::TableName(table) = &insert.table else {
            if let Some(output) = source {
                self.sent(&output);
            }
            return Output::default();
        };
        if !insert.multi_table_into_clauses.is_empty()
            || !insert.multi_table_when_clauses.is_empty()
        {
            self.facts.give_up();
            return Output::default();
        }
        let named = insert.columns.iter().filter_map(name::last);
        let named = named.chain(&insert.after_columns);
        let columns: Vec<String> = named.map(|ident| self.column_name(ident)).collect();
        if let Some(output) = &source {
            self.filled(table, &columns, output);
        }
        let mut scope = Scope::inside(None);
        let called = insert.table_alias.as_ref().map(|alias| &alias.alias);
        self.target(table, called, &mut scope);
        let full = self.table_name(table);
        self.assigned(&insert.assignments, &full, &scope);
        self.on_insert(insert, &full, &mut scope);
        self.returned(insert.returning.as_deref(), insert.output.as_ref(), scope)
    }

    fn on_insert(&mut self, insert: &Insert, table: &str, scope: &mut Scope<'_>) {
        // The row that could not be added.
        scope.relations.push(Relation {
            called: self.relation_name(&Ident::new("excluded")),
            rows: Rows::Query(Output::default()),
        });
        match &insert.on {
            Some(OnInsert::DuplicateKeyUpdate(assignments)) => {
                self.assigned(assignments, table, scope);
            }
            Some(OnInsert::OnConflict(conflict)) => {
                if let OnConflictAction::DoUpdate(update) = &conflict.action {
                    self.assigned(&update.assignments, table, scope);
                    self.predicates(&update.selection, scope);
                }
            }
            Some(_) => self.facts.give_up(),
            None => {}
        }
        scope.relations.pop();
    }

    fn updated(&mut self, update: &Update) -> Output {
        let mut scope = Scope::inside(None);
        self.tables(&update.table, &mut scope);
        let target = first_table(&scope);
        let from = match &update.from {
            Some(UpdateTableFromKind::BeforeSet(from) | UpdateTableFromKind::AfterSet(from)) => {
                from.as_slice()
            }
            None => &[],
        };
        self.sources(from, &mut scope);
        self.assigned(&update.assignments, &target, &scope);
        self.predicates(&update.selection, &scope);
        for key in &update.order_by {
            self.ordered(&key.expr, &scope);
        }
        self.returned(update.returning.as_deref(), update.output.as_ref(), scope)
    }

    fn deleted(&mut self, delete: &Delete) -> Output {
        let mut scope = Scope::inside(None);
        let (FromTable::WithFromKeyword(from) | FromTable::WithoutKeyword(from)) = &delete.from;
        self.sources(from, &mut scope);
        self.sources(delete.using.as_deref().unwrap_or_default(), &mut scope);
        self.predicates(&delete.selection, &scope);
        for key in &delete.order_by {
            self.ordered(&key.expr, &scope);
        }
        self.returned(delete.returning.as_deref(), delete.output.as_ref(), scope)
    }

    fn merged_into(&mut self, merge: &Merge) -> Output {
        let mut scope = Scope::inside(None);
        for relation in [&merge.table, &merge.source] {
            self.relation(relation, &mut scope);
        }
        let target = first_table(&scope);
        self.predicates([&*merge.on], &scope);
        for clause in &merge.clauses {
            self.predicates(&clause.predicate, &scope);
            match &clause.action {
                MergeAction::Insert(insert) => {
                    let columns = insert.columns.iter().filter_map(name::last);
                    let columns: Vec<String> =
                        columns.map(|ident| self.column_name(ident)).collect();
                    let mut output = Output::default();
                    match &insert.kind {
                        MergeInsertKind::Values(values) => {
                            for expr in values.rows.iter().flat_map(|row| &row.content) {
                                let origins = self.value(expr, &scope);
                                output.push(Shown {
                                    name: String::new(),
                                    origins,
                                });
                            }
                        }
                        MergeInsertKind::Row | MergeInsertKind::Wildcard => {
                            let source = scope.relations.get(1).cloned();
                            let columns = source.map(|one| self.all_of(&one)).unwrap_or_default();
                            output = Output { columns };
                        }
                    }
                    self.predicates(&insert.insert_predicate, &scope);
                    self.flow_into(&target, &columns, &output);
                }
                MergeAction::Update(update) => {
                    match &update.kind {
                        MergeUpdateKind::Set(assignments) => {
                            self.assigned(assignments, &target, &scope);
                        }
                        MergeUpdateKind::Wildcard => {
                            let source = scope.relations.get(1).cloned();
                            let columns = source.map(|one| self.all_of(&one)).unwrap_or_default();
                            self.flow_into(&target, &[], &Output { columns });
                        }
                    }
                    let predicates = update
                        .update_predicate
                        .iter()
                        .chain(&update.delete_predicate);
                    self.predicates(predicates, &scope);
                }
                MergeAction::Delete { .. } | MergeAction::DoNothing { .. } => {}
            }
        }
        self.returned(None, merge.output.as_ref(), scope)
    }

    fn sources(&mut self, tables: &[TableWithJoins], scope: &mut Scope<'_>) {
        for tables in tables {
            self.tables(tables, scope);
        }
    }

    /// Brings the table that is changed into scope.
    fn target(&mut self, table: &ObjectName, alias: Option<&Ident>, scope: &mut Scope<'_>) {
        let called = alias.or_else(|| name::last(table));
        let called = called
            .map(|ident| self.relation_name(ident))
            .unwrap_or_default();
        let rows = self.rows_of(table, &Scope::inside(None));
        scope.relations.push(Relation { called, rows });
    }

    fn assigned(&mut self, assignments: &[Assignment], table: &str, scope: &Scope<'_>) {
        for assignment in assignments {
            let origins = self.value(&assignment.value, scope);
            let targets = match &assignment.target {
                AssignmentTarget::ColumnName(name) => std::slice::from_ref(name),
                AssignmentTarget::Tuple(names) => names,
            };
            for target in targets {
                let Some(ident) = name::last(target) else {
                    self.facts.give_up();
                    continue;
                };
                let column = self.column_name(ident);
                let owner = self
                    .owner(target, scope)
                    .unwrap_or_else(|| table.to_owned());
                self.facts.written(&owner, &column);
                for &origin in &origins {
                    self.facts.used(origin, Usage::Output);
                    self.facts.flows(origin, &owner, &column);
                }
            }
        }
    }

    /// The table before the name of a column that is set.
    fn owner(&self, target: &ObjectName, scope: &Scope<'_>) -> Option<String> {
        let [.., owner, _] = target.0.as_slice() else {
            return None;
        };
        let sqlparser::ast::ObjectNamePart::Identifier(owner) = owner else {
            return None;
        };
        match &scope.called(&self.relation_name(owner))?.rows {
            Rows::Table(name) => Some(name.clone()),
            Rows::Query(_) | Rows::Function { .. } => None,
        }
    }

    fn returned(
        &mut self,
        returning: Option<&[SelectItem]>,
        output: Option<&OutputClause>,
        mut scope: Scope<'_>,
    ) -> Output {
        let items = match output {
            Some(
                OutputClause::Output { select_items, .. }
                | OutputClause::Returning { select_items, .. },
            ) => select_items.as_slice(),
            None => returning.unwrap_or_default(),
        };
        if output.is_some() {
            // What the row was before and what it is now.
            if let Some(target) = scope.relations.first().cloned() {
                for called in ["inserted", "deleted"] {
                    scope.relations.push(Relation {
                        called: self.relation_name(&Ident::new(called)),
                        rows: target.rows.clone(),
                    });
                }
            }
        }
        self.projection(items, None, &mut scope)
    }

    /// A table gets rows of a query.
    pub(super) fn filled(&mut self, table: &ObjectName, columns: &[String], output: &Output) {
        let table = self.table_name(table);
        self.flow_into(&table, columns, output);
    }

    fn flow_into(&mut self, table: &str, columns: &[String], output: &Output) {
        let schema = self
            .database
            .tables
            .get(table)
            .map(|known| known.columns.as_slice());
        let names = if columns.is_empty() {
            schema.unwrap_or_default()
        } else {
            columns
        };
        let has_star = output.columns.iter().any(Shown::is_star);
        for name in columns {
            self.facts.written(table, name);
        }
        for (place, shown) in output.columns.iter().enumerate() {
            // Behind a star nothing has a place of its own any more.
            let name = match names.get(place) {
                Some(name) if !has_star => name.as_str(),
                _ => shown.name.as_str(),
            };
            self.facts.written(table, name);
            for &origin in &shown.origins {
                self.facts.used(origin, Usage::Output);
                self.facts.flows(origin, table, name);
            }
        }
    }

    /// Rows go where no table is.
    fn sent(&mut self, output: &Output) {
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
        self.filled(&table, &[], output);
    }

    /// `COPY table`: its columns go out, or come in.
    pub(super) fn copied(&mut self, table: &ObjectName, columns: &[Ident], goes_out: bool) {
        let full = self.table_name(table);
        let named: Vec<String> = columns
            .iter()
            .map(|ident| self.column_name(ident))
            .collect();
        if !goes_out {
            let star = [Column::ALL.to_owned()];
            let known = self
                .database
                .tables
                .get(&full)
                .map(|known| known.columns.as_slice());
            let all = known.unwrap_or(&star);
            for column in if named.is_empty() { all } else { &named } {
                self.facts.written(&full, column);
            }
            return;
        }
        let mut output = Output::default();
        if named.is_empty() {
            output = self.everything_of(table);
        }
        for name in named {
            let id = self.facts.column(&full, &name);
            if let Some(id) = id {
                self.facts.read(id, true);
            }
            output.push(Shown {
                name,
                origins: id.into_iter().collect(),
            });
        }
        self.shown(&output);
    }
}

/// The name of the table that stands first.
fn first_table(scope: &Scope<'_>) -> String {
    match scope.relations.first().map(|relation| &relation.rows) {
        Some(Rows::Table(name)) => name.clone(),
        _ => String::new(),
    }
}
