//! Which database the statements of an API are for: dialect, schema, and where tables without a
//! schema are looked for, as far as the request chooses.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use super::name::{self, Name, Names};
use super::place::{self, Place};
use super::source::{BodyForm, View};
use crate::action::ResourceKind;
use crate::document::{Mapping, Node, Reader};
use crate::limits;
use crate::protocol::Given;
use crate::refusal::Refusal;
use crate::sql::{Database, Dialect};

/// What the document says about an API beside its definition.
#[derive(Debug, Clone, Copy)]
pub(super) struct Setting<'g> {
    /// The dialect of the document; takes the place of the definition's.
    pub(super) dialect: Option<Dialect>,
    /// The dialect of the definition.
    pub(super) usual: Dialect,
    /// Dialects by what stands in `dialect_by` of the definition.
    pub(super) dialects: &'g [(String, Dialect)],
    /// The name of a schema of the document, and where it stands.
    pub(super) schema: Option<(&'g Node, &'g str)>,
    /// How bodies are read where an operation does not say.
    pub(super) body: BodyForm,
    pub(super) given: &'g Given,
}

/// The databases that statements may be for.
#[derive(Debug)]
pub(super) struct Databases {
    usual: Rc<Database>,
    chosen_by: Option<Place>,
    chosen: Vec<(String, Rc<Database>)>,
    search_path: Vec<Name>,
    /// The usual one with other search paths, by these.
    placed: RefCell<Vec<(Vec<String>, Rc<Database>)>>,
    ids: Rc<Cell<u32>>,
}

impl Databases {
    /// The database of an API that says no more.
    pub(super) fn new(reader: &mut Reader, setting: &Setting<'_>) -> Option<Self> {
        let dialect = setting.dialect.unwrap_or(setting.usual);
        Self::in_dialect(reader, dialect, setting)
    }

    fn in_dialect(reader: &mut Reader, dialect: Dialect, setting: &Setting<'_>) -> Option<Self> {
        let usual = database(reader, dialect, setting)?;
        let mut chosen = Vec::new();
        for (word, dialect) in setting.dialects {
            chosen.push((word.clone(), database(reader, *dialect, setting)?));
        }
        Some(Self {
            usual,
            chosen_by: None,
            chosen,
            search_path: Vec::new(),
            placed: RefCell::default(),
            ids: Rc::clone(&setting.given.ids),
        })
    }

    /// Reads `dialect`, `dialect_by` and `search_path` of `sql:`.
    pub(super) fn compile(
        reader: &mut Reader,
        mapping: &mut Mapping<'_>,
        setting: &Setting<'_>,
    ) -> Option<Self> {
        let dialect = mapping.optional("dialect");
        let dialect = dialect.and_then(|(node, path)| word(reader, node, &path));
        let chosen_by = mapping.optional("dialect_by");
        let chosen_by = chosen_by.and_then(|(node, path)| place::compile_one(reader, node, &path));
        let search_path = mapping.optional("search_path");
        let search_path =
            search_path.map(|(node, path)| name::compile(reader, node, &path, ResourceKind::Table));
        let dialect = setting.dialect.or(dialect).unwrap_or(setting.usual);
        let databases = Self::in_dialect(reader, dialect, setting)?;
        Some(Self {
            chosen_by,
            search_path: search_path.unwrap_or_default(),
            ..databases
        })
    }

    /// Every place that it looks at.
    pub(super) fn places(&self) -> impl Iterator<Item = &Place> {
        let named = self.search_path.iter().flat_map(Name::places);
        named.chain(&self.chosen_by)
    }

    /// The database of a request.
    pub(super) fn of(&self, view: &View<'_, '_>) -> Result<Rc<Database>, Refusal> {
        if let Some(place) = &self.chosen_by {
            let words = place.texts(view)?;
            let mut known = self.chosen.iter();
            if let Some((_, database)) = known.find(|(word, _)| words.iter().any(|one| one == word))
            {
                return Ok(Rc::clone(database));
            }
        }
        if self.search_path.is_empty() || self.usual.tables.is_empty() {
            return Ok(Rc::clone(&self.usual));
        }
        let mut names = Names::default();
        for name in &self.search_path {
            name.add(view, Some(self.usual.dialect), &mut names)?;
        }
        if names.resources.is_empty() {
            return Ok(Rc::clone(&self.usual));
        }
        let path = names.resources.into_iter().map(|resource| resource.name);
        Ok(self.placed(path.collect()))
    }

    /// The usual database with this search path; without any where there were too many.
    fn placed(&self, search_path: Vec<String>) -> Rc<Database> {
        let mut placed = self.placed.borrow_mut();
        let is_full = placed.len() >= limits::API_SEARCH_PATHS;
        let known = |path: &[String], placed: &[(Vec<String>, Rc<Database>)]| {
            let mut known = placed.iter();
            let found = known.find(|(known, _)| known == path);
            found.map(|(_, database)| Rc::clone(database))
        };
        let none = Vec::new();
        if let Some(database) = known(&search_path, &placed) {
            return database;
        }
        if is_full && let Some(database) = known(&none, &placed) {
            return database;
        }
        let search_path = if is_full { none } else { search_path };
        self.ids.set(self.ids.get().saturating_add(1));
        let database = Rc::new(Database {
            search_path: search_path.clone(),
            // Ids of schemas are counted from below.
            id: u32::MAX.saturating_sub(self.ids.get()),
            ..(*self.usual).clone()
        });
        placed.push((search_path, Rc::clone(&database)));
        database
    }
}

/// The word of a dialect.
pub(in crate::protocol) fn word(reader: &mut Reader, node: &Node, path: &str) -> Option<Dialect> {
    let words = Dialect::ALL.map(|dialect| (dialect.name(), dialect));
    reader.word(node, path, &words)
}

fn database(reader: &mut Reader, dialect: Dialect, setting: &Setting<'_>) -> Option<Rc<Database>> {
    database_of(reader, dialect, setting.schema, setting.given)
}

/// The database that the schema of an API makes in a dialect.
pub(in crate::protocol) fn database_of(
    reader: &mut Reader,
    dialect: Dialect,
    schema: Option<(&Node, &str)>,
    given: &Given,
) -> Option<Rc<Database>> {
    /// More than there are dialects, whose databases have the ids below.
    const APART: u32 = 256;
    let Some((node, path)) = schema else {
        return Some(Rc::new(Database::new(dialect)));
    };
    let name = reader.text(node, path)?;
    let mut numbered = (1_u32..).zip(&given.schemas);
    let found = numbered.find(|(_, (known, _))| *known == name);
    let Some((number, (_, schema))) = found else {
        let message = format!("expected the name of a schema in `schemas`, found `{name}`");
        reader.mistake("schema.unknown", node.position, path, message);
        return None;
    };
    let id = number.saturating_mul(APART).saturating_add(dialect as u32);
    match schema.database(dialect, id) {
        Ok(database) => Some(Rc::new(database)),
        Err(name) => {
            let message =
                format!("expected names as in SQL, each once, found `{name}` in the schema");
            reader.mistake("schema.table_name", node.position, path, message);
            None
        }
    }
}
