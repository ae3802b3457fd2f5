//! UPDATE, DELETE and TRUNCATE.

use sqlparser::ast::{
    Assignment, AssignmentTarget, Delete, Expr, FromTable, ObjectName, OrderByExpr, OutputClause,
    SelectItem, TableFactor, TableWithJoins, Truncate, Update, UpdateTableFromKind,
};

use super::relation::alias_of;
use super::target::{Sources, Target};
use super::{Extent, Reach, Walker, literal_bound};
use crate::action::Effect;
use crate::sql::part;

impl Walker<'_> {
    /// Walks an UPDATE; gives the reach of what it reads elsewhere.
    pub(super) fn update(&mut self, update: &Update) -> Extent {
        const OPERATION: &str = "UPDATE";
        let from = match &update.from {
            Some(UpdateTableFromKind::BeforeSet(from) | UpdateTableFromKind::AfterSet(from)) => {
                from.as_slice()
            }
            None => &[],
        };
        // First the FROM list: SQL Server names the target there, by its alias.
        let lists = from.iter().chain(std::iter::once(&update.table));
        lists.clone().for_each(|tables| self.aliases(tables));
        let sources = Sources::of(lists.clone(), self.dialect);
        let changed = self.changed_by(update);
        // Where tables are joined, those that are changed go by what they are called.
        let alias = alias_of(&update.table.relation)
            .filter(|_| update.table.joins.is_empty())
            .map(|alias| &alias.name);
        let target = self.target(&changed, alias, &sources);
        let limit = update.limit.as_ref().and_then(literal_bound);
        let reach = self.change_reach(&target, &sources, update.selection.as_ref());
        if changed.is_empty() {
            // A query, a function or a name made at run time stands where the table should.
            self.unknown(OPERATION);
        }
        let read = self.beside(lists, &target);
        self.found(
            Effect::Update,
            OPERATION,
            reach.bounded(limit),
            target.tables,
        );
        let shown = self.changing(
            &update.assignments,
            update.returning.as_deref(),
            update.output.as_ref(),
        );
        self.letting(
            update.selection.as_ref(),
            &update.order_by,
            update.limit.as_ref(),
        );
        self.settings(update.settings.as_deref());
        let left = update
            .selection
            .as_ref()
            .map_or(Extent::WHOLE, |condition| {
                self.judge(&[], None).reach(condition)
            });
        read.conditioned(left).max(shown)
    }

    /// The tables that an UPDATE sets columns of. One with joins, as in MySQL, sets those
    /// that its assignments name, or any.
    fn changed_by(&self, update: &Update) -> Vec<ObjectName> {
        match (&update.table.relation, update.table.joins.as_slice()) {
            (
                TableFactor::Table {
                    name, args: None, ..
                },
                [],
            ) => vec![name.clone()],
            (_, []) => Vec::new(),
            _ => match update.assignments.iter().map(owner).collect() {
                Some(owners) => owners,
                None => Sources::of([&update.table], self.dialect).calls().collect(),
            },
        }
    }

    /// Walks a DELETE; gives the reach of what it reads elsewhere.
    pub(super) fn delete(&mut self, delete: &Delete) -> Extent {
        const OPERATION: &str = "DELETE";
        let (FromTable::WithFromKeyword(from) | FromTable::WithoutKeyword(from)) = &delete.from;
        let using = delete.using.as_deref().unwrap_or_default();
        // First the USING list: MySQL names the target there, by its alias.
        let lists = using.iter().chain(from);
        lists.clone().for_each(|tables| self.aliases(tables));
        let sources = Sources::of(lists.clone(), self.dialect);
        // `DELETE a FROM a JOIN b` names what it changes apart.
        let changed: Vec<ObjectName> = if delete.tables.is_empty() {
            Sources::of(from, self.dialect).tables().cloned().collect()
        } else {
            delete.tables.clone()
        };
        if changed.is_empty() {
            self.unknown(OPERATION);
        }
        let aliases = from
            .iter()
            .filter(|_| delete.tables.is_empty())
            .filter_map(|tables| alias_of(&tables.relation).map(|alias| &alias.name));
        let target = self.target(&changed, aliases, &sources);
        let limit = delete.limit.as_ref().and_then(literal_bound);
        let reach = self.change_reach(&target, &sources, delete.selection.as_ref());
        let read = self.beside(lists, &target);
        self.found(
            Effect::Delete,
            OPERATION,
            reach.bounded(limit),
            target.tables,
        );
        let shown = self.changing(&[], delete.returning.as_deref(), delete.output.as_ref());
        self.letting(
            delete.selection.as_ref(),
            &delete.order_by,
            delete.limit.as_ref(),
        );
        self.settings(delete.settings.as_deref());
        let left = delete
            .selection
            .as_ref()
            .map_or(Extent::WHOLE, |condition| {
                self.judge(&[], None).reach(condition)
            });
        read.conditioned(left).max(shown)
    }

    /// Walks the relations of a change that are not its target.
    fn beside<'f>(
        &mut self,
        lists: impl Iterator<Item = &'f TableWithJoins>,
        target: &Target,
    ) -> Extent {
        let mut reach = Extent::NONE;
        for tables in lists {
            reach = reach.max(self.unless_changed(&tables.relation, target));
            for join in &tables.joins {
                reach = reach.max(self.unless_changed(&join.relation, target));
                self.join_condition(&join.join_operator);
            }
        }
        reach
    }

    fn unless_changed(&mut self, relation: &TableFactor, target: &Target) -> Extent {
        match relation {
            TableFactor::Table { .. } if target.is(relation, self.dialect) => Extent::NONE,
            TableFactor::NestedJoin {
                table_with_joins, ..
            } => self.beside(std::iter::once(&**table_with_joins), target),
            other => self.relation(other),
        }
    }

    /// Walks what a change sets and shows; gives the reach of the queries in it.
    pub(super) fn changing(
        &mut self,
        assignments: &[Assignment],
        returning: Option<&[SelectItem]>,
        output: Option<&OutputClause>,
    ) -> Extent {
        let ((), shown) = self.apart(|walker| {
            walker.assignments(assignments);
            walker.projection(returning.unwrap_or_default());
            match output {
                Some(OutputClause::Output {
                    select_items,
                    into_table,
                    ..
                }) => {
                    walker.projection(select_items);
                    if let Some(into) = into_table {
                        walker.output_into(into);
                    }
                }
                Some(OutputClause::Returning { select_items, .. }) => {
                    walker.projection(select_items);
                }
                None => {}
            }
        });
        shown
    }

    /// `OUTPUT … INTO`: the rows that were changed are also added to a table.
    fn output_into(&mut self, into: &sqlparser::ast::SelectInto) {
        for target in &into.targets {
            let idents = match target {
                Expr::Identifier(ident) => vec![ident.clone()],
                Expr::CompoundIdentifier(idents) => idents.clone(),
                _ => {
                    self.unknown("OUTPUT INTO");
                    continue;
                }
            };
            let table = self.table(&ObjectName::from(idents));
            self.found(Effect::Insert, "OUTPUT INTO", Reach::Unknown, [table]);
        }
    }

    pub(super) fn assignments(&mut self, assignments: &[Assignment]) {
        self.exprs(assignments.iter().map(|assignment| &assignment.value));
    }

    /// Walks what lets rows through.
    fn letting(
        &mut self,
        selection: Option<&Expr>,
        order_by: &[OrderByExpr],
        limit: Option<&Expr>,
    ) {
        self.exprs(selection.into_iter().chain(limit));
        let mut parts = Vec::new();
        part::of_order(order_by, &mut parts);
        if !parts.is_empty() {
            self.parts(parts);
        }
    }

    pub(super) fn truncate(&mut self, truncate: &Truncate) {
        const OPERATION: &str = "TRUNCATE";
        self.exprs(truncate.partitions.iter().flatten());
        let targets = truncate.table_names.iter();
        let tables: Vec<_> = targets.map(|target| self.table(&target.name)).collect();
        self.found(Effect::Truncate, OPERATION, Reach::All, tables);
    }
}

/// The name before the column that an assignment sets.
fn owner(assignment: &Assignment) -> Option<ObjectName> {
    match &assignment.target {
        AssignmentTarget::ColumnName(name) => match name.0.split_last()? {
            (_, []) => None,
            (_, owner) => Some(ObjectName(owner.to_vec())),
        },
        AssignmentTarget::Tuple(_) => None,
    }
}
