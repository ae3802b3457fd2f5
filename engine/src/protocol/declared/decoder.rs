//! `decode:` of an operation: grammars that can't be declared, each in its own file.

mod elasticsearch_bulk;
mod elasticsearch_indices;
mod elasticsearch_searches;
mod flux;
mod pipes;
mod postgrest;
pub(super) mod query_dsl;

use super::place::{self, Place};
use super::source::{BodyForm, View};
use crate::action::Action;
use crate::document::{Content, Node, Reader};
use crate::refusal::Refusal;
use crate::sql::Dialect;

/// What a decoder is given.
#[derive(Clone, Copy)]
struct Input<'d, 'v, 'r> {
    view: &'d View<'v, 'r>,
    /// Where the text stands, for those that read a text.
    places: &'d [Place],
    dialect: Option<Dialect>,
}

type Decode = fn(input: Input<'_, '_, '_>, actions: &mut Vec<Action>) -> Result<(), Refusal>;

/// A line of the table.
struct Entry {
    name: &'static str,
    /// The form of body that it reads, where it takes no places.
    body: Option<BodyForm>,
    decode: Decode,
}

/// Every decoder.
const TABLE: [Entry; 6] = [
    Entry {
        name: "elasticsearch_bulk",
        body: Some(BodyForm::Text),
        decode: elasticsearch_bulk::decode,
    },
    Entry {
        name: "elasticsearch_searches",
        body: Some(BodyForm::Text),
        decode: elasticsearch_searches::decode,
    },
    Entry {
        name: "esql",
        body: None,
        decode: pipes::esql,
    },
    Entry {
        name: "flux",
        body: None,
        decode: flux::decode,
    },
    Entry {
        name: "postgrest",
        body: Some(BodyForm::Json),
        decode: postgrest::decode,
    },
    Entry {
        name: "ppl",
        body: None,
        decode: pipes::ppl,
    },
];

/// The name of every decoder, and whether it is told where its text stands.
pub fn names() -> impl Iterator<Item = (&'static str, bool)> {
    TABLE.iter().map(|entry| (entry.name, entry.body.is_none()))
}

/// A decoder and what it is told.
#[derive(Debug)]
pub(super) struct Decoding {
    entry: usize,
    places: Vec<Place>,
}

/// Reads `decode:`: the name of a decoder, or a mapping of its name and where its text stands.
pub(super) fn compile(reader: &mut Reader, node: &Node, path: &str) -> Vec<Decoding> {
    let mut all = Vec::new();
    let number = |name: &str| TABLE.iter().position(|entry| entry.name == name);
    for (node, path) in reader.one_or_list(node, path) {
        match &node.content {
            Content::Text(name) if let Some(entry) = number(name) => all.push(Decoding {
                entry,
                places: Vec::new(),
            }),
            Content::Mapping(entries) if let [(key, node)] = entries.as_slice() => {
                if let Some(entry) = number(&key.text) {
                    let places = place::compile(reader, node, &path);
                    all.push(Decoding { entry, places });
                } else {
                    unknown(reader, node, &path);
                }
            }
            _ => unknown(reader, node, &path),
        }
    }
    all
}

fn unknown(reader: &mut Reader, node: &Node, path: &str) {
    let names: Vec<&str> = names().map(|(name, _)| name).collect();
    let message = format!("expected one of `{}`", names.join("`, `"));
    reader.mistake("api.decoder", node.position, path, message);
}

impl Decoding {
    /// The forms of body that it reads.
    pub(super) fn forms(&self, forms: &mut Vec<BodyForm>) {
        forms.extend(TABLE.get(self.entry).and_then(|entry| entry.body));
        self.places.iter().for_each(|place| place.form(forms));
    }

    /// The query parameters that it reads.
    pub(super) fn parameters<'p>(&'p self, names: &mut Vec<&'p str>) {
        self.places.iter().for_each(|place| place.parameters(names));
    }

    /// Adds what it reads.
    pub(super) fn add(
        &self,
        view: &View<'_, '_>,
        dialect: Option<Dialect>,
        actions: &mut Vec<Action>,
    ) -> Result<(), Refusal> {
        let input = Input {
            view,
            places: &self.places,
            dialect,
        };
        match TABLE.get(self.entry) {
            Some(entry) => (entry.decode)(input, actions),
            None => Ok(()),
        }
    }
}

/// A line that is not what the API documents.
const LINE: Refusal = Refusal::malformed(
    "api.line",
    "expected lines of JSON as the API documents them",
    "send an action and its source in a line each",
);

/// A decoder whose place holds nothing.
const QUERY_MISSING: Refusal = Refusal::malformed(
    "api.query_missing",
    "expected a query in one of the places that the API declares",
    "send the query where the API documents it",
);
