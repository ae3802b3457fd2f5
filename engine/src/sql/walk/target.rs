//! What an UPDATE or DELETE changes, and whether anything restricts it.

use sqlparser::ast::{
    Expr, Ident, JoinConstraint, JoinOperator, ObjectName, TableFactor, TableWithJoins,
};

use super::relation::{alias_of, constraint};
use super::{Extent, Reach, Walker};
use crate::action::Cause;
use crate::action::Resource;
use crate::sql::dialect::Dialect;
use crate::sql::name;
use crate::sql::part::{self, Part};
use crate::sql::truth::Judge;

/// The tables named in a FROM list, with what they are called there.
pub(super) struct Sources<'s> {
    relations: Vec<(String, Option<&'s ObjectName>)>,
    /// Conditions of joins that drop rows of both sides.
    conditions: Vec<&'s Expr>,
    /// A join by common columns, which drops rows of both sides.
    natural: bool,
}

impl<'s> Sources<'s> {
    pub(super) fn of(
        lists: impl IntoIterator<Item = &'s TableWithJoins>,
        dialect: Dialect,
    ) -> Self {
        let mut sources = Self {
            relations: Vec::new(),
            conditions: Vec::new(),
            natural: false,
        };
        for tables in lists {
            sources.take(tables, dialect);
        }
        sources
    }

    fn take(&mut self, tables: &'s TableWithJoins, dialect: Dialect) {
        self.relation(&tables.relation, dialect);
        for join in &tables.joins {
            self.relation(&join.relation, dialect);
            if !drops_rows(&join.join_operator) {
                continue;
            }
            match constraint(&join.join_operator) {
                Some(JoinConstraint::On(condition)) => self.conditions.push(condition),
                Some(
                    JoinConstraint::Using(_)
                    | JoinConstraint::UsingAlias(..)
                    | JoinConstraint::Natural,
                ) => self.natural = true,
                Some(JoinConstraint::None) | None => {}
            }
        }
    }

    fn relation(&mut self, relation: &'s TableFactor, dialect: Dialect) {
        match relation {
            TableFactor::NestedJoin {
                table_with_joins, ..
            } => self.take(table_with_joins, dialect),
            other => {
                let name = match other {
                    TableFactor::Table { name, .. } => Some(name),
                    _ => None,
                };
                let called = called(other).map(|ident| name::fold(ident, dialect));
                self.relations.push((called.unwrap_or_default(), name));
            }
        }
    }

    /// The table that is called by that name here.
    fn called(&self, name: &str) -> Option<&'s ObjectName> {
        let mut named = self.relations.iter().filter(|relation| relation.0 == name);
        named.next().and_then(|relation| relation.1)
    }

    /// What a table is called here.
    fn names_of(&self, table: &ObjectName, dialect: Dialect) -> impl Iterator<Item = String> {
        let table = name::joined(table, dialect);
        self.relations
            .iter()
            .filter(move |(_, name)| name.and_then(|name| name::joined(name, dialect)) == table)
            .map(|(called, _)| called.clone())
    }

    /// What the tables of a target are called here.
    fn twins(&self, target: &Target, dialect: Dialect) -> impl Iterator<Item = String> {
        self.relations
            .iter()
            .filter(move |(_, name)| {
                let name = name.and_then(|name| name::joined(name, dialect));
                name.is_some_and(|name| target.tables.iter().any(|table| table.name == name))
            })
            .map(|(called, _)| called.clone())
    }

    /// What everything is called here.
    pub(super) fn calls(&self) -> impl Iterator<Item = ObjectName> {
        let quoted = |called: &String| Ident::with_quote('"', called.as_str());
        self.relations
            .iter()
            .map(move |(called, _)| ObjectName::from(vec![quoted(called)]))
    }

    /// The tables themselves.
    pub(super) fn tables(&self) -> impl Iterator<Item = &'s ObjectName> {
        self.relations.iter().filter_map(|relation| relation.1)
    }
}

/// Whether rows of both sides must find a partner.
const fn drops_rows(operator: &JoinOperator) -> bool {
    match operator {
        JoinOperator::Join(_)
        | JoinOperator::Inner(_)
        | JoinOperator::Semi(_)
        | JoinOperator::LeftSemi(_)
        | JoinOperator::Anti(_)
        | JoinOperator::LeftAnti(_)
        | JoinOperator::StraightJoin(_)
        | JoinOperator::CrossJoin(_) => true,
        JoinOperator::Left(_)
        | JoinOperator::LeftOuter(_)
        | JoinOperator::Right(_)
        | JoinOperator::RightOuter(_)
        | JoinOperator::FullOuter(_)
        | JoinOperator::RightSemi(_)
        | JoinOperator::RightAnti(_)
        | JoinOperator::CrossApply
        | JoinOperator::OuterApply
        | JoinOperator::AsOf { .. }
        | JoinOperator::ArrayJoin
        | JoinOperator::LeftArrayJoin
        | JoinOperator::InnerArrayJoin => false,
    }
}

/// What is changed: the tables, what they are called in the statement, and how much of them
/// there is before any condition.
pub(super) struct Target {
    pub(super) tables: Vec<Resource>,
    called: Vec<String>,
    whole: Extent,
}

impl Target {
    /// Whether a relation is what is changed, by what it is called.
    pub(super) fn is(&self, relation: &TableFactor, dialect: Dialect) -> bool {
        called(relation).is_some_and(|ident| self.called.contains(&name::fold(ident, dialect)))
    }
}

/// What a relation is called.
pub(super) fn called(relation: &TableFactor) -> Option<&Ident> {
    match (alias_of(relation), relation) {
        (Some(alias), _) => Some(&alias.name),
        (None, TableFactor::Table { name, .. }) => name::last(name),
        (None, _) => None,
    }
}

impl Walker<'_> {
    /// Resolves the names of what is changed: each may be an alias of a source, or a query.
    pub(super) fn target<'n>(
        &mut self,
        names: impl IntoIterator<Item = &'n ObjectName>,
        aliases: impl IntoIterator<Item = &'n Ident>,
        sources: &Sources<'_>,
    ) -> Target {
        let mut target = Target {
            tables: Vec::new(),
            called: aliases
                .into_iter()
                .map(|alias| name::fold(alias, self.dialect))
                .collect(),
            whole: Extent::NONE,
        };
        for name in names {
            let called = name::last(name).map(|ident| name::fold(ident, self.dialect));
            let called = called.unwrap_or_default();
            let alone = matches!(name.0.as_slice(), [_]);
            let meant = sources.called(&called).filter(|_| alone).unwrap_or(name);
            if self.dialect.changes_through_queries() {
                // SQL Server takes `UPDATE t … FROM t AS x` for one and the same `t`.
                target.called.extend(sources.names_of(meant, self.dialect));
            }
            let (tables, whole) = self.changed_through(meant);
            target.tables.extend(tables);
            target.called.push(called);
            target.whole = target.whole.max(whole);
        }
        target
    }

    /// How much of the target a change reaches.
    pub(super) fn change_reach(
        &self,
        target: &Target,
        sources: &Sources<'_>,
        selection: Option<&Expr>,
    ) -> Extent {
        let others = sources
            .relations
            .iter()
            .any(|(called, _)| !target.called.contains(called));
        let only = match target.tables.as_slice() {
            [only] => Some(only.name.as_str()),
            _ => None,
        };
        // The same table once more in the list: a row meets itself there.
        let own: Vec<String> = match only {
            Some(_) => {
                let twins = sources.twins(target, self.dialect);
                target.called.iter().cloned().chain(twins).collect()
            }
            // Rows of several tables are not one another's.
            None => Vec::new(),
        };
        let foreign: Vec<String> = sources
            .relations
            .iter()
            .map(|(called, _)| called.clone())
            .filter(|called| !own.contains(called) && !target.called.contains(called))
            .collect();
        let copies = self.copies(only);
        let judge = self.judge(&own, only);
        let judge = judge.beside(&foreign).with_copies(&copies);
        let left = |condition: &Expr| {
            if others {
                return self.left_beside(judge, condition, &target.called);
            }
            self.cut_by_key(judge.reach(condition), &own, only, condition)
        };
        let joined = sources.natural && others;
        let conditions = sources.conditions.iter().copied().chain(selection);
        let restricted = conditions
            .map(left)
            .chain(joined.then_some(Extent::from(Reach::Filtered)))
            .min_by_key(|left| {
                (
                    left.reach == Reach::All,
                    left.reach == Reach::Unknown,
                    left.reach,
                )
            });
        let missing = if others {
            Cause::UnrestrictedJoin
        } else {
            Cause::NoCondition
        };
        let left = restricted.unwrap_or(Extent::because(Reach::All, missing));
        target.whole.conditioned(left)
    }

    /// How much a condition on several relations leaves of the one that is called so.
    pub(super) fn left_beside(
        &self,
        judge: Judge<'_>,
        condition: &Expr,
        called: &[String],
    ) -> Extent {
        let left = judge.reach(condition);
        if left.reach == Reach::Unknown && !mentions(condition, called, self.dialect) {
            return Extent::because(Reach::All, Cause::UnrestrictedJoin);
        }
        left
    }
}

/// Whether a condition says something about one of the names. A plain column may be theirs,
/// and a query may refer to it.
fn mentions(condition: &Expr, called: &[String], dialect: Dialect) -> bool {
    let mut rest = vec![Part::Expr(condition)];
    while let Some(part) = rest.pop() {
        match part {
            Part::Expr(expr) => part::of_expr(expr, &mut rest),
            Part::Query(_) => return true,
            Part::Column([_]) => return true,
            Part::Column(path) => {
                let qualifier = path.iter().rev().nth(1);
                if qualifier.is_some_and(|name| called.contains(&name::fold(name, dialect))) {
                    return true;
                }
            }
            Part::Star(owner) => {
                let owner = name::last(owner).map(|ident| name::fold(ident, dialect));
                if owner.is_some_and(|owner| called.contains(&owner)) {
                    return true;
                }
            }
            Part::Table(_) => {}
        }
    }
    false
}
