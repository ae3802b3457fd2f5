//! Analyses that were made before, by text and by shape.
//!
//! A repeated text costs a look-up. So does a new text of a known shape, where the analysis
//! proved that no fact depends on the value of a literal. Bounded in entries and in bytes;
//! ordered maps over whole keys, so that nothing a client sends can make a look-up slow or
//! answer for another text.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::mem;
use std::rc::Rc;

use super::{Analysis, Database, SqlError, analyse_with_proof, shape};
use crate::limits::{SQL_CACHE_BYTES, SQL_CACHE_ENTRIES, SQL_CACHE_TEXT_BYTES};

/// Two generations: what is used moves to the younger, and when that is full the older is
/// forgotten. A flood of new texts costs those in use one analysis each, no more.
#[derive(Debug, Default)]
pub struct Cache {
    generations: RefCell<Generations>,
    hits: Cell<u64>,
    misses: Cell<u64>,
}

#[derive(Debug, Default)]
struct Generations {
    young: Generation,
    old: Generation,
}

#[derive(Debug, Default)]
struct Generation {
    entries: BTreeMap<Box<[u8]>, Rc<Analysis>>,
    bytes: usize,
}

impl Cache {
    /// What a text would do, as [`super::analyse_in`] says, remembered.
    ///
    /// # Errors
    ///
    /// Those of [`super::analyse_in`]; they are not remembered.
    pub fn analyse(&self, text: &str, database: &Database) -> Result<Rc<Analysis>, SqlError> {
        if text.len() > SQL_CACHE_TEXT_BYTES {
            self.misses.set(self.misses.get().saturating_add(1));
            return super::analyse_in(text, database).map(Rc::new);
        }
        let shape = shape::of(text);
        let by_shape = shape
            .as_ref()
            .map(|shape| key(Kind::Shape, database.id, &shape.bytes));
        let by_text = key(Kind::Text, database.id, text.as_bytes());
        let mut generations = self.generations.borrow_mut();
        let known = by_shape.as_deref().and_then(|key| generations.take(key));
        if let Some(analysis) = known.or_else(|| generations.take(&by_text)) {
            self.hits.set(self.hits.get().saturating_add(1));
            return Ok(analysis);
        }
        self.misses.set(self.misses.get().saturating_add(1));
        let strings = shape.map(|shape| shape.strings).unwrap_or_default();
        let (analysis, is_free) = analyse_with_proof(text, database, &strings)?;
        let analysis = Rc::new(analysis);
        let key = by_shape.filter(|_| is_free).unwrap_or(by_text);
        generations.put(key, Rc::clone(&analysis));
        Ok(analysis)
    }

    /// How many look-ups found something and how many did not, since this was last asked.
    pub fn take_counts(&self) -> (u64, u64) {
        (self.hits.take(), self.misses.take())
    }
}

enum Kind {
    Text = 0,
    Shape = 1,
}

/// A key that no other text, shape or database has.
fn key(kind: Kind, database: u32, bytes: &[u8]) -> Box<[u8]> {
    let mut key = Vec::with_capacity(bytes.len().saturating_add(5));
    key.push(kind as u8);
    key.extend(database.to_le_bytes());
    key.extend_from_slice(bytes);
    key.into_boxed_slice()
}

impl Generations {
    /// The entry of a key, kept for longer.
    fn take(&mut self, key: &[u8]) -> Option<Rc<Analysis>> {
        if let Some(found) = self.young.entries.get(key) {
            return Some(Rc::clone(found));
        }
        let (key, found) = self.old.entries.remove_entry(key)?;
        self.put(key, Rc::clone(&found));
        Some(found)
    }

    fn put(&mut self, key: Box<[u8]>, analysis: Rc<Analysis>) {
        let bytes = key.len().saturating_add(size(&analysis));
        let is_full = self.young.entries.len() >= SQL_CACHE_ENTRIES
            || self.young.bytes.saturating_add(bytes) > SQL_CACHE_BYTES;
        if is_full {
            self.old = mem::take(&mut self.young);
        }
        self.young.bytes = self.young.bytes.saturating_add(bytes);
        self.young.entries.insert(key, analysis);
    }
}

/// About how many bytes an analysis takes.
fn size(analysis: &Analysis) -> usize {
    let actions = analysis.actions.iter().map(|action| {
        let resources = action.resources.iter();
        let names = resources.map(|one| one.name.len().saturating_add(mem::size_of_val(one)));
        let texts = [&action.statement, &action.fingerprint];
        let texts = texts.map(|text| text.as_ref().map_or(0, String::len));
        let columns = action.columns.iter().map(|one| {
            let names = one.column.table.len().saturating_add(one.column.name.len());
            names.saturating_add(mem::size_of_val(one))
        });
        let edges = action.lineage.iter().map(|edge| {
            let ends = [&edge.source, &edge.target];
            let names = ends.map(|end| end.table.len().saturating_add(end.name.len()));
            names
                .iter()
                .sum::<usize>()
                .saturating_add(mem::size_of_val(edge))
        });
        names
            .chain(texts)
            .chain(columns)
            .chain(edges)
            .chain([action.operation.len(), mem::size_of_val(action)])
            .fold(0, usize::saturating_add)
    });
    actions.fold(mem::size_of_val(analysis), usize::saturating_add)
}

#[cfg(test)]
mod tests;
