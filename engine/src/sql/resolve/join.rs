//! Joins: what they look at, and the columns that they make one.

use sqlparser::ast::{JoinConstraint, JoinOperator, ObjectName, TableFactor, TableWithJoins};

use super::Resolver;
use super::output::{Output, Shown};
use super::scope::{Has, Relation, Rows, Scope};
use crate::sql::gap::Gap;
use crate::sql::name;
use crate::sql::walk::constraint;

impl Resolver<'_> {
    /// Brings the relations of a FROM item into scope, and notes what joins look at.
    pub(super) fn tables(&mut self, tables: &TableWithJoins, scope: &mut Scope<'_>) {
        self.relation(&tables.relation, scope);
        for join in &tables.joins {
            let left = scope.relations.len();
            let sees_left = matches!(
                join.join_operator,
                JoinOperator::CrossApply | JoinOperator::OuterApply
            );
            match &join.relation {
                TableFactor::Derived {
                    subquery, alias, ..
                } if sees_left => self.derived(subquery, alias.as_ref(), true, scope),
                relation => self.relation(relation, scope),
            }
            self.joined(&join.join_operator, left, scope);
        }
    }

    fn joined(&mut self, operator: &JoinOperator, left: usize, scope: &mut Scope<'_>) {
        match constraint(operator) {
            Some(JoinConstraint::On(condition)) => self.predicates([condition], scope),
            Some(JoinConstraint::Using(columns)) => {
                self.merged(self.last_names(columns), scope);
            }
            Some(JoinConstraint::UsingAlias(columns, alias)) => {
                let columns = self.merged(self.last_names(columns), scope);
                scope.joined.push(Relation {
                    called: self.relation_name(alias),
                    rows: Rows::Query(Output { columns }),
                });
            }
            Some(JoinConstraint::Natural) => self.natural(left, scope),
            Some(JoinConstraint::None) | None => {}
        }
        if let JoinOperator::AsOf {
            match_condition, ..
        } = operator
        {
            self.predicates([match_condition], scope);
        }
    }

    fn last_names(&self, names: &[ObjectName]) -> Vec<String> {
        let idents = names.iter().filter_map(name::last);
        idents.map(|ident| self.column_name(ident)).collect()
    }

    /// Columns that both sides have: compared, and one from now on.
    fn merged(&mut self, names: Vec<String>, scope: &mut Scope<'_>) -> Vec<Shown> {
        let mut shown = Vec::new();
        for name in names {
            if !self.facts.looked_at(scope.width(self.database)) {
                break;
            }
            let mut origins = Vec::new();
            for relation in &scope.relations {
                let has = relation.has(&name, self.database);
                if has != Has::No {
                    self.column_of(relation, &name, has == Has::Yes, &mut origins);
                }
            }
            shown.push(Shown::named(name.clone(), origins));
            scope.merged.insert(name);
        }
        shown
    }

    fn natural(&mut self, left: usize, scope: &mut Scope<'_>) {
        let (before, after) = scope.relations.split_at_checked(left).unwrap_or_default();
        let mut names = Vec::new();
        let mut is_told = true;
        for relation in after {
            match &relation.rows {
                Rows::Table(name) if self.database.tables.contains_key(name) => {
                    let table = self.database.tables.get(name);
                    names.extend(table.iter().flat_map(|table| table.columns.iter().cloned()));
                }
                Rows::Query(output) if !output.columns.iter().any(Shown::may_be_any) => {
                    names.extend(output.columns.iter().map(|one| one.name.clone()));
                }
                _ => is_told = false,
            }
        }
        let pairs = names.len().saturating_mul(scope.width(self.database));
        if !self.facts.looked_at(pairs) {
            return;
        }
        names.retain(|name| {
            before
                .iter()
                .any(|relation| relation.has(name, self.database) == Has::Yes)
        });
        is_told &= before
            .iter()
            .all(|relation| relation.has("", self.database) == Has::No);
        if !is_told {
            // Any column of either side may be compared.
            self.facts.gap(Gap::ColumnsNotInSchema);
            for relation in &scope.relations {
                self.all_of(relation);
            }
            self.facts.worked(scope.relations.len());
        }
        self.merged(names, scope);
    }
}
