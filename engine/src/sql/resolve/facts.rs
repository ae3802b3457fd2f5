//! What is known of columns so far: each once, with what is done with it.
//!
//! Bounded: beyond the limit nothing more is told apart, and everything counts as touched.

use std::collections::{BTreeMap, BTreeSet};

use crate::action::{Column, ColumnUse, Edge, Usage};
use crate::limits::{SQL_COLUMNS, SQL_EDGES, SQL_LOOKED_AT, SQL_QUERY_WORK, SQL_RESOLVING};
use crate::sql::gap::Gap;

/// A column that was met, by number.
pub(super) type Id = u32;

/// Marks what a value is only made of if a name means what is further out. It counts as used,
/// and makes no edge.
const FAR: Id = 1 << 31;

pub(super) const fn far(id: Id) -> Id {
    id | FAR
}

fn place(id: Id) -> Option<usize> {
    usize::try_from(id & !FAR).ok()
}

/// Everything noted of the statements of one text.
#[derive(Default)]
pub(in crate::sql) struct Facts {
    tables: Vec<Known>,
    columns: Vec<Noted>,
    edges: BTreeSet<(Id, Target)>,
    /// Whether something was met whose columns can't be told.
    has_given_up: bool,
    /// Whether what is told depends on the value of a string.
    depends_on_texts: bool,
    work: usize,
    gaps: BTreeSet<Gap>,
}

struct Known {
    name: String,
    columns: BTreeMap<String, Id>,
}

struct Noted {
    table: usize,
    usage: Option<(Usage, bool)>,
    /// Whether it is set, and whether surely so.
    set: Option<bool>,
    name: String,
}

/// A column of a table that is filled, or of the result.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Target {
    table: String,
    name: String,
}

impl Facts {
    /// Whether there is work left for another query.
    pub(super) fn may_go_on(&mut self) -> bool {
        self.worked(SQL_QUERY_WORK);
        !self.has_given_up
    }

    /// Counts work that depends on more than the length of the text.
    pub(super) fn worked(&mut self, steps: usize) {
        self.work = self.work.saturating_add(steps);
        if self.work > SQL_RESOLVING {
            self.exceed();
        }
    }

    /// Counts a look at so many names; whether there is work left.
    pub(super) fn looked_at(&mut self, names: usize) -> bool {
        self.worked(names / SQL_LOOKED_AT);
        !self.has_given_up
    }

    pub(super) fn is_star(&self, id: Id) -> bool {
        self.table_of_star(id).is_some()
    }

    /// The table whose every column this is.
    pub(super) fn table_of_star(&self, id: Id) -> Option<String> {
        let noted = self.columns.get(place(id)?)?;
        let table = self.tables.get(noted.table)?;
        (noted.name == Column::ALL).then(|| table.name.clone())
    }

    /// Nothing more can be told of what the text does with columns.
    pub(in crate::sql) fn give_up(&mut self) {
        self.has_given_up = true;
    }

    pub(super) const fn depend_on_texts(&mut self) {
        self.depends_on_texts = true;
    }

    /// Whether nothing that is told depends on the value of a string.
    pub(in crate::sql) const fn is_free_of_texts(&self) -> bool {
        !self.depends_on_texts && !self.has_given_up
    }

    /// Nothing more can be told, as there is too much of it.
    pub(super) fn exceed(&mut self) {
        self.has_given_up = true;
        self.gaps.insert(Gap::ColumnsBeyondLimits);
    }

    pub(super) fn gap(&mut self, gap: Gap) {
        self.gaps.insert(gap);
    }

    /// The number of a table's column.
    pub(super) fn column(&mut self, table: &str, name: &str) -> Option<Id> {
        self.worked(self.tables.len() / SQL_LOOKED_AT);
        let place = self.tables.iter().position(|known| known.name == table);
        let place = place.unwrap_or_else(|| {
            self.tables.push(Known {
                name: table.to_owned(),
                columns: BTreeMap::new(),
            });
            self.tables.len().saturating_sub(1)
        });
        let known = self.tables.get_mut(place)?;
        if let Some(&id) = known.columns.get(name) {
            return Some(id);
        }
        if self.columns.len() >= SQL_COLUMNS {
            self.exceed();
            return None;
        }
        let id = Id::try_from(self.columns.len()).ok()?;
        known.columns.insert(name.to_owned(), id);
        self.columns.push(Noted {
            table: place,
            usage: None,
            set: None,
            name: name.to_owned(),
        });
        Some(id)
    }

    /// Notes that a column is read, for a decision at least.
    pub(super) fn read(&mut self, id: Id, is_certain: bool) {
        if let Some(noted) = self.noted(id) {
            let (usage, certain) = noted.usage.unwrap_or((Usage::Predicate, false));
            noted.usage = Some((usage, certain || is_certain));
        }
    }

    /// Notes what is done with a column that is read.
    pub(super) fn used(&mut self, id: Id, usage: Usage) {
        if let Some(noted) = self.noted(id) {
            let (known, certain) = noted.usage.unwrap_or((usage, true));
            noted.usage = Some((known.max(usage), certain));
        }
    }

    /// Notes that something of a table is looked up by name.
    pub(in crate::sql) fn looked_up(&mut self, table: &str) {
        if let Some(id) = self.column(table, Column::ALL) {
            self.read(id, false);
            self.used(id, Usage::Output);
        }
    }

    pub(super) fn written(&mut self, table: &str, name: &str, is_certain: bool) {
        if let Some(id) = self.column(table, name)
            && let Some(noted) = self.noted(id)
        {
            noted.set = Some(noted.set.unwrap_or_default() || is_certain);
        }
    }

    pub(super) fn flows_to_result(&mut self, source: Id, name: &str) {
        self.flows(source, "", name);
    }

    pub(super) fn flows(&mut self, source: Id, table: &str, name: &str) {
        if source & FAR != 0 {
            return;
        }
        if self.edges.len() >= SQL_EDGES {
            self.exceed();
            return;
        }
        self.edges.insert((
            source,
            Target {
                table: table.to_owned(),
                name: name.to_owned(),
            },
        ));
    }

    fn noted(&mut self, id: Id) -> Option<&mut Noted> {
        self.columns.get_mut(place(id)?)
    }

    /// Whether every column that the text touches is among those noted.
    pub(in crate::sql) const fn is_complete(&self) -> bool {
        !self.has_given_up
    }

    pub(in crate::sql) fn gaps(&self) -> impl Iterator<Item = Gap> {
        self.gaps.iter().copied()
    }

    /// Every use of every column.
    pub(in crate::sql) fn uses(&self) -> impl Iterator<Item = ColumnUse> {
        self.columns.iter().flat_map(|noted| {
            let column = || self.named(noted);
            let read = noted.usage.map(|(usage, is_certain)| ColumnUse {
                column: column(),
                usage,
                is_certain,
            });
            let written = noted.set.map(|is_certain| ColumnUse {
                column: column(),
                usage: Usage::Written,
                is_certain,
            });
            read.into_iter().chain(written)
        })
    }

    /// Every edge.
    pub(in crate::sql) fn edges(&self) -> impl Iterator<Item = Edge> {
        self.edges.iter().filter_map(|(source, target)| {
            let noted = self.columns.get(place(*source)?)?;
            Some(Edge {
                source: self.named(noted),
                target: Column {
                    table: target.table.clone(),
                    name: target.name.clone(),
                },
            })
        })
    }

    fn named(&self, noted: &Noted) -> Column {
        let table = self.tables.get(noted.table);
        Column {
            table: table.map(|known| known.name.clone()).unwrap_or_default(),
            name: noted.name.clone(),
        }
    }
}
