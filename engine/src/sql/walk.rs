//! A statement's tree to findings.
//!
//! Exhaustive over what the parser can produce: a new kind of statement, query or table does
//! not compile until it is classified here. Expressions are walked by [`part`] without
//! recursion, queries by a recursion that the parser's own limit bounds.

mod alter;
mod called;
mod change;
mod column;
mod create;
mod execute;
mod extent;
mod insert;
mod key;
mod literal;
mod merge;
mod object;
mod query;
mod range;
pub(super) mod relation;
mod select;
mod session;
mod statement;
mod target;
mod transfer;

use std::collections::BTreeSet;
use std::mem;

use sqlparser::ast::{Expr, Ident, ObjectName};

pub(super) use self::called::OPERATION as FUNCTION;
pub(super) use self::execute::{only_tells, runs_its_text};
pub(super) use self::extent::Extent;
pub(super) use self::relation::{alias_of, are_hints, constraint};
use super::database::Database;
use super::dialect::Dialect;
use super::finding::{Finding, Findings};
use super::gap::Gap;
use super::name;
use super::part::{self, Part};
use super::place::Place;
use super::resolve::Facts;
use super::truth::{Judge, Notes};
use crate::action::{Effect, Reach, Resource, ResourceKind};

/// Collects what statements do.
pub(super) struct Walker<'d> {
    database: &'d Database,
    dialect: Dialect,
    pub(super) findings: Findings,
    /// SQL in string literals that the statements run.
    pub(super) texts: Vec<String>,
    /// The statements that the text has prepared so far.
    named: BTreeSet<String>,
    /// The CTEs in scope, the innermost last.
    scopes: Vec<Cte>,
    /// What the statement being walked reads.
    reads: BTreeSet<Resource>,
    /// The functions called that nobody knows.
    called: BTreeSet<Resource>,
    /// The longest reach of the queries inside expressions walked since it was last taken.
    nested: Extent,
    /// The longest reach of the CTEs of the statement being walked.
    prepared: Extent,
    /// How often something was found.
    told: usize,
    /// What judging conditions left behind.
    notes: Notes,
    /// What could not be told.
    pub(super) gaps: BTreeSet<Gap>,
    /// What is done with columns.
    pub(super) columns: Facts,
    /// Where names without a schema are looked for.
    pub(super) place: Place,
    /// What the relations of the FROM list being walked are called, where a name that starts
    /// with one of them is a column of it.
    ranges: Option<BTreeSet<String>>,
    /// Whether what is walked runs later, for rows that can't be told now.
    is_deferred: bool,
}

/// A name that stands for a query.
struct Cte {
    name: String,
    reach: Extent,
    /// The tables it reads, which a change through its name would touch.
    tables: BTreeSet<Resource>,
}

impl<'d> Walker<'d> {
    pub(super) fn new(database: &'d Database) -> Self {
        Self {
            database,
            dialect: database.dialect,
            findings: Findings::default(),
            texts: Vec::new(),
            named: BTreeSet::new(),
            scopes: Vec::new(),
            reads: BTreeSet::new(),
            called: BTreeSet::new(),
            nested: Extent::NONE,
            prepared: Extent::NONE,
            told: 0,
            notes: Notes::default(),
            gaps: BTreeSet::new(),
            columns: Facts::default(),
            place: Place::default(),
            ranges: None,
            is_deferred: false,
        }
    }

    pub(super) const fn database(&self) -> &'d Database {
        self.database
    }

    pub(super) const fn dialect(&self) -> Dialect {
        self.dialect
    }

    /// Records an effect.
    pub(super) fn found(
        &mut self,
        effect: Effect,
        operation: &'static str,
        extent: impl Into<Extent>,
        resources: impl IntoIterator<Item = Resource>,
    ) {
        self.told = self.told.saturating_add(1);
        self.findings.add(Finding {
            effect,
            operation,
            extent: if self.is_deferred {
                Extent::UNKNOWN
            } else {
                extent.into()
            },
            resources: resources.into_iter().collect(),
        });
    }

    /// Records an effect that touches no rows.
    fn does(
        &mut self,
        effect: Effect,
        operation: &'static str,
        resources: impl IntoIterator<Item = Resource>,
    ) {
        self.found(effect, operation, Reach::None, resources);
    }

    /// Records something that can't be told.
    fn unknown(&mut self, operation: &'static str) {
        self.found(Effect::Unknown, operation, Reach::Unknown, []);
    }

    /// The thing of that name. A name made at run time is unknown, and `?`.
    pub(super) fn resource(&mut self, kind: ResourceKind, name: &ObjectName) -> Resource {
        let parts = name.0.len();
        let mut name = name::joined(name, self.dialect).unwrap_or_else(|| {
            self.gaps.insert(Gap::NameMadeAtRunTime);
            self.unknown("IDENTIFIER");
            "?".to_owned()
        });
        if kind == ResourceKind::Table {
            name = self.place.full(name, parts, self.database);
        }
        Resource { kind, name }
    }

    fn table(&mut self, name: &ObjectName) -> Resource {
        self.resource(ResourceKind::Table, name)
    }

    fn object(&mut self, name: &ObjectName) -> Resource {
        self.resource(ResourceKind::Object, name)
    }

    fn object_named(&self, ident: &Ident) -> Resource {
        Resource {
            kind: ResourceKind::Object,
            name: name::joined_idents(std::slice::from_ref(ident), self.dialect),
        }
    }

    /// Walks expressions for the queries and the functions in them.
    fn exprs<'e>(&mut self, exprs: impl IntoIterator<Item = &'e Expr>) {
        for expr in exprs {
            // Most expressions are leaves; they need no list of parts.
            if !matches!(
                expr,
                Expr::Identifier(_) | Expr::CompoundIdentifier(_) | Expr::Value(_)
            ) {
                self.parts(vec![Part::Expr(expr)]);
            }
        }
    }

    /// Walks parts, and theirs, for the queries and the functions in them.
    fn parts(&mut self, mut rest: Vec<Part<'_>>) {
        while let Some(part) = rest.pop() {
            let reach = match part {
                Part::Expr(expr) => {
                    self.note_called(expr);
                    part::of_expr(expr, &mut rest);
                    continue;
                }
                Part::Query(query) => self.query(query),
                Part::Table(name) => self.read(name),
                Part::Column(_) | Part::Star(_) => continue,
            };
            self.nested = self.nested.max(reach);
        }
    }

    /// Walks something, and gives the reach of the queries in its expressions apart.
    fn apart<T>(&mut self, walk: impl FnOnce(&mut Self) -> T) -> (T, Extent) {
        let outer = mem::replace(&mut self.nested, Extent::NONE);
        let result = walk(self);
        (result, mem::replace(&mut self.nested, outer))
    }

    /// Notes that a table is read, or the CTE of that name.
    fn read(&mut self, name: &ObjectName) -> Extent {
        if let Some(cte) = self.cte(name) {
            return cte.reach;
        }
        if self.is_dual(name) {
            return Extent::NONE;
        }
        if let Some(location) = self.location_of(name) {
            self.found(Effect::Import, "SELECT", Reach::Unknown, [location]);
            return Extent::WHOLE;
        }
        let table = self.table(name);
        self.reads.insert(table);
        Extent::WHOLE
    }

    /// The CTE in scope that a name means.
    fn cte(&self, name: &ObjectName) -> Option<&Cte> {
        let [_] = name.0.as_slice() else {
            return None;
        };
        let name = name::fold(name::last(name)?, self.dialect);
        self.scopes.iter().rev().find(|cte| cte.name == name)
    }

    /// `DUAL`, which holds nothing.
    fn is_dual(&self, name: &ObjectName) -> bool {
        let has_dual = matches!(
            self.dialect,
            Dialect::Oracle | Dialect::Mysql | Dialect::Mariadb
        );
        match name.0.as_slice() {
            [_] if has_dual => name::last(name).is_some_and(|ident| {
                ident.quote_style.is_none() && ident.value.eq_ignore_ascii_case("dual")
            }),
            _ => false,
        }
    }

    /// The place outside of the database that a table's name is.
    pub(super) fn location_of(&self, name: &ObjectName) -> Option<Resource> {
        name::place(name, self.dialect).map(location)
    }

    /// A judge over the rows of what goes by these names.
    const fn judge<'j>(&'j self, own: &'j [String], target: Option<&'j str>) -> Judge<'j> {
        Judge {
            dialect: self.dialect,
            own,
            foreign: &[],
            copies: &[],
            target,
            notes: &self.notes,
        }
    }

    /// The CTEs that give every row of a table and nothing else.
    fn copies(&self, table: Option<&str>) -> Vec<String> {
        let is_copy = |cte: &&Cte| {
            let mut tables = cte.tables.iter();
            let first = tables.next().map(|table| table.name.as_str());
            cte.reach.reach == Reach::All && tables.next().is_none() && first == table
        };
        let copies = self.scopes.iter().filter(is_copy);
        copies.map(|cte| cte.name.clone()).collect()
    }

    /// Notes whether a `||` that a mode may turn into something else was taken for OR.
    pub(super) fn joins_by_pipes(&mut self, joins: bool) {
        self.notes.pipes.set(joins || self.notes.pipes.get());
    }

    /// Whether a verdict on a condition may depend on the value of a literal.
    pub(super) const fn weighs_literals(&self) -> bool {
        self.notes.weighs_literals.get()
    }
}

/// A place outside of the database. Its path or address may hold secrets and is left out.
pub(super) fn location(place: &str) -> Resource {
    Resource {
        kind: ResourceKind::Location,
        name: place.to_owned(),
    }
}

/// A bound given as a plain number.
fn literal_bound(expr: &Expr) -> Option<u64> {
    match expr {
        Expr::Value(value) => match &value.value {
            sqlparser::ast::Value::Number(digits, _) => digits.parse().ok(),
            _ => None,
        },
        Expr::Nested(inner) => match &**inner {
            Expr::Value(_) => literal_bound(inner),
            _ => None,
        },
        _ => None,
    }
}
