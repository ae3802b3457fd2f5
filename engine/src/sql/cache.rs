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
use crate::limits::{
    SQL_CACHE_BYTES, SQL_CACHE_ENTRIES, SQL_CACHE_SHAPED_BYTES, SQL_CACHE_TEXT_BYTES,
};

/// Two generations: what is used moves to the younger, and when that is full the older is
/// forgotten. A flood of new texts costs those in use one analysis each, no more.
#[derive(Debug, Default)]
pub struct Cache {
    memory: RefCell<Memory>,
    hits: Cell<u64>,
    misses: Cell<u64>,
}

#[derive(Debug, Default)]
struct Memory {
    generations: Generations,
    /// Where keys are made, so that a hit needs no memory of its own.
    by_text: Vec<u8>,
    by_shape: Vec<u8>,
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
        let mut memory = self.memory.borrow_mut();
        match memory.look_up(text, database) {
            Ok(analysis) => {
                self.hits.set(self.hits.get().saturating_add(1));
                Ok(analysis)
            }
            Err(shape) => {
                self.misses.set(self.misses.get().saturating_add(1));
                memory.analyse(text, shape, database)
            }
        }
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

/// The strings of a text that has a shape.
type Strings<'t> = Option<Vec<&'t str>>;

impl Memory {
    /// What is known of a text, by itself or by its shape; else what its shape tells.
    fn look_up<'t>(
        &mut self,
        text: &'t str,
        database: &Database,
    ) -> Result<Rc<Analysis>, Strings<'t>> {
        start_key(&mut self.by_text, Kind::Text, database);
        self.by_text.extend_from_slice(text.as_bytes());
        end_key(&mut self.by_text);
        if let Some(known) = self.generations.take(&self.by_text) {
            return Ok(known);
        }
        start_key(&mut self.by_shape, Kind::Shape, database);
        let Some(strings) = shape::append(text, &mut self.by_shape) else {
            return Err(None);
        };
        end_key(&mut self.by_shape);
        let Some(known) = self.generations.take(&self.by_shape) else {
            return Err(Some(strings));
        };
        // The shape of a short text costs less than remembering one more text.
        if text.len() > SQL_CACHE_SHAPED_BYTES {
            self.generations.put(&self.by_text, Rc::clone(&known));
        }
        Ok(known)
    }

    /// Works a text out that is not known, and remembers it.
    fn analyse(
        &mut self,
        text: &str,
        shaped: Strings<'_>,
        database: &Database,
    ) -> Result<Rc<Analysis>, SqlError> {
        let strings = shaped.as_deref().unwrap_or_default();
        let (analysis, is_free) = analyse_with_proof(text, database, strings)?;
        let analysis = Rc::new(analysis);
        if is_free && shaped.is_some() {
            self.generations.put(&self.by_shape, Rc::clone(&analysis));
        }
        self.generations.put(&self.by_text, Rc::clone(&analysis));
        Ok(analysis)
    }
}

/// How many bytes tell what a key is of, and how many tell its length.
const KIND_BYTES: usize = 5;
const LENGTH_BYTES: usize = 8;

/// Starts a key that no other kind of text and no other database has.
fn start_key(key: &mut Vec<u8>, kind: Kind, database: &Database) {
    key.clear();
    key.push(kind as u8);
    key.extend(database.id.to_le_bytes());
    key.extend([0; LENGTH_BYTES]);
}

/// Writes the length of a key before its text: most comparisons of keys then end there.
fn end_key(key: &mut [u8]) {
    let length = u64::try_from(key.len()).unwrap_or(u64::MAX).to_le_bytes();
    let place = key.iter_mut().skip(KIND_BYTES);
    for (place, byte) in place.zip(length) {
        *place = byte;
    }
}

impl Generations {
    /// The entry of a key, kept for longer.
    fn take(&mut self, key: &[u8]) -> Option<Rc<Analysis>> {
        if let Some(found) = self.young.entries.get(key) {
            return Some(Rc::clone(found));
        }
        let (key, found) = self.old.entries.remove_entry(key)?;
        self.insert(key, Rc::clone(&found));
        Some(found)
    }

    fn put(&mut self, key: &[u8], analysis: Rc<Analysis>) {
        self.insert(key.into(), analysis);
    }

    fn insert(&mut self, key: Box<[u8]>, analysis: Rc<Analysis>) {
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
