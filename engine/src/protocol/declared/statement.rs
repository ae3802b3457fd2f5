//! `sql:` of an operation: every statement of a request becomes what it would do.
//!
//! A statement that is stored under a name and run by it is judged as what it is, or refused
//! where nobody could see it.

use std::borrow::Cow;

use super::condition::{self, When};
use super::database::{Databases, Setting};
use super::place::{self, Found, Place};
use super::prepared;
use super::source::{BodyForm, View};
use crate::action::Action;
use crate::document::{Content, Node, Reader};
use crate::limits;
use crate::refusal::Refusal;

/// Where statements stand, and what they are for.
#[derive(Debug)]
pub(super) struct Statements {
    at: Vec<Place>,
    databases: Databases,
    /// The header fields that bring prepared statements along; none where nothing is said of
    /// them, and an empty list where they are kept elsewhere.
    prepared: Option<Vec<String>>,
    handles: Option<Handles>,
    is_optional: bool,
}

/// Statements that are stored and run by a number.
#[derive(Debug)]
struct Handles {
    made: Vec<Place>,
    used: Vec<Place>,
    fresh: When,
}

/// Reads `sql:`: a place, or a mapping with `at`.
pub(super) fn compile(
    reader: &mut Reader,
    node: &Node,
    path: &str,
    setting: &Setting<'_>,
) -> Option<Statements> {
    let is_mapping = match &node.content {
        Content::Mapping(entries) => entries.iter().any(|(key, _)| key.text == "at"),
        _ => false,
    };
    if !is_mapping {
        return Some(Statements {
            at: place::compile(reader, node, path),
            databases: Databases::new(reader, setting)?,
            prepared: None,
            handles: None,
            is_optional: false,
        });
    }
    let mut mapping = reader.mapping(node, path)?;
    let at = mapping.required(reader, "at");
    let at = at.map(|(node, path)| place::compile(reader, node, &path));
    let prepared = mapping.optional("prepared");
    let prepared = prepared.map(|(node, path)| reader.texts(node, &path));
    let handles = mapping.optional("handles");
    let handles = handles.and_then(|(node, path)| handles_of(reader, node, &path));
    let optional = mapping.optional("optional");
    let is_optional = optional.is_some_and(|(node, path)| match node.content {
        Content::Bool(is_optional) => is_optional,
        _ => {
            let message = "expected true or false".to_owned();
            reader.mistake("document.unexpected", node.position, &path, message);
            false
        }
    });
    let databases = Databases::compile(reader, &mut mapping, setting);
    mapping.finish(reader);
    Some(Statements {
        at: at?,
        databases: databases?,
        prepared: prepared.map(|fields| {
            let fields = fields.into_iter();
            fields
                .map(|(name, _, _)| name.to_ascii_lowercase())
                .collect()
        }),
        handles,
        is_optional,
    })
}

fn handles_of(reader: &mut Reader, node: &Node, path: &str) -> Option<Handles> {
    let mut mapping = reader.mapping(node, path)?;
    let made = mapping.optional("made");
    let used = mapping.required(reader, "used");
    let fresh = mapping.optional("fresh");
    let made = made.map(|(node, path)| place::compile(reader, node, &path));
    let used = used.map(|(node, path)| place::compile(reader, node, &path));
    let fresh = fresh.map(|(node, path)| condition::compile(reader, node, &path));
    mapping.finish(reader);
    Some(Handles {
        made: made.unwrap_or_default(),
        used: used?,
        fresh: fresh.unwrap_or_default(),
    })
}

impl Statements {
    /// The same for a document's own `sql:`, whose places and dialect are all there is.
    pub(super) fn plain(at: Vec<Place>, databases: Databases) -> Self {
        Self {
            at,
            databases,
            prepared: None,
            handles: None,
            is_optional: false,
        }
    }

    /// Every place that it looks at.
    fn places(&self) -> impl Iterator<Item = &Place> {
        let handles = self.handles.iter();
        let handles = handles.flat_map(|known| known.made.iter().chain(&known.used));
        self.at.iter().chain(handles).chain(self.databases.places())
    }

    /// The forms of body in which a statement may stand.
    pub(super) fn forms(&self, forms: &mut Vec<BodyForm>) {
        self.places().for_each(|place| place.form(forms));
    }

    /// The query parameters that it looks at.
    pub(super) fn parameters<'p>(&'p self, names: &mut Vec<&'p str>) {
        self.places().for_each(|place| place.parameters(names));
    }

    /// Adds what the statements of a request would do.
    ///
    /// # Errors
    ///
    /// `sql.missing` where there is none, `sql.too_long`, or what the analysis says.
    pub(super) fn add(
        &self,
        view: &View<'_, '_>,
        actions: &mut Vec<Action>,
    ) -> Result<(), Refusal> {
        let texts = self.texts(view)?;
        let lengths = texts.iter().map(|text| text.len());
        if lengths.fold(0, usize::saturating_add) > limits::SQL_TEXT_BYTES {
            return Err(TOO_LONG);
        }
        if texts.is_empty() {
            return if self.is_optional {
                Ok(())
            } else {
                Err(MISSING)
            };
        }
        let database = self.databases.of(view)?;
        let request = view.source.request;
        for text in &texts {
            let analysis = request.analyses.analyse(text, &database)?;
            actions.extend_from_slice(&analysis.actions);
        }
        Ok(())
    }

    fn texts<'v>(&self, view: &View<'v, '_>) -> Result<Vec<Cow<'v, str>>, Refusal> {
        let mut texts = Vec::new();
        for place in &self.at {
            place.each(view, &mut |found| match found {
                Found::Text(text) => {
                    texts.push(text);
                    Ok(())
                }
                Found::Scalar(_) | Found::Tree(_) => Err(NOT_TEXT),
            })?;
        }
        if let Some(handles) = &self.handles {
            handles.check(view)?;
        }
        match &self.prepared {
            Some(fields) => prepared::resolved(texts, fields, view.source.request.head),
            None => Ok(texts),
        }
    }
}

impl Handles {
    fn check(&self, view: &View<'_, '_>) -> Result<(), Refusal> {
        let mut made = Vec::new();
        for place in &self.made {
            made.extend(place.texts(view)?);
        }
        for place in &self.used {
            for handle in place.texts(view)? {
                if !made.contains(&handle) || !self.fresh.holds(view)? {
                    return Err(HANDLE_UNKNOWN);
                }
            }
        }
        Ok(())
    }
}

const MISSING: Refusal = Refusal::malformed(
    "sql.missing",
    "expected a statement in one of the places that the API declares",
    "send the statement where the API documents it",
);
const NOT_TEXT: Refusal = Refusal::malformed(
    "sql.not_text",
    "expected the statement as text",
    "send the statement as a JSON string",
);
const TOO_LONG: Refusal = Refusal::with_status(
    413,
    "sql.too_long",
    "expected at most 64 KiB of SQL in one request",
    "send fewer or shorter statements",
);
const HANDLE_UNKNOWN: Refusal = Refusal::with_status(
    403,
    "sql.handle_unknown",
    "expected a statement, or one that the same request stores",
    "send the text of the statement",
);
