//! What a declared method does: effect, reach and resources, told by fields of its message.

use std::rc::Rc;

use super::field_path::FieldPath;
use super::resources::{self, columns};
use crate::action::{Action, Cause, Effect, Reach, Resource, ResourceKind};
use crate::limits;
use crate::message::Request;
use crate::refusal::Refusal;
use crate::sql::Database;
use crate::value::Value;

/// A declared method.
#[derive(Debug)]
pub(super) struct Operation {
    pub effect: Effect,
    pub reach: Extent,
    pub resources: Vec<Template>,
    pub sql: Option<Statements>,
}

/// How far it reaches.
#[derive(Debug)]
pub(super) enum Extent {
    /// Always as far.
    Fixed(Reach),
    /// To what is named by a field of `key`, to what a field of `filtered` lets through, or
    /// else to everything.
    ByFields {
        key: Vec<FieldPath>,
        filtered: Vec<FieldPath>,
    },
}

/// A resource, or one for each text that stands somewhere.
#[derive(Debug)]
pub(super) struct Template {
    pub kind: ResourceKind,
    pub name: Name,
}

/// How a resource is called.
#[derive(Debug)]
pub(super) enum Name {
    Fixed(Box<str>),
    Field(FieldPath),
}

/// Where SQL stands, and what it is for.
#[derive(Debug)]
pub(super) struct Statements {
    pub database: Rc<Database>,
    pub places: Vec<FieldPath>,
}

impl Operation {
    /// The action of a message, or those of its statements.
    pub(super) fn actions(
        &self,
        method: &str,
        message: &Value<'_>,
        request: &Request<'_>,
    ) -> Result<Vec<Action>, Refusal> {
        if let Some(statements) = &self.sql {
            return statements.actions(message, request);
        }
        let resources = self.resources(method, message);
        let (reach, cause) = match resources.is_empty() {
            // It may be done to anything.
            true => (Reach::Unknown, None),
            false => self.reach.of(message),
        };
        let mut action = Action::new(self.effect, method, reach, resources);
        action.cause = cause;
        action.columns = columns(self.effect, &action.resources);
        Ok(vec![action])
    }

    /// Sorted, each once; none, which stands for any, where a name can't be told.
    fn resources(&self, method: &str, message: &Value<'_>) -> Vec<Resource> {
        if self.resources.is_empty() {
            // A call of the method itself.
            return vec![resources::named(ResourceKind::Method, method)];
        }
        let mut found = Vec::new();
        for template in &self.resources {
            match &template.name {
                Name::Fixed(name) => found.push(resources::named(template.kind, name)),
                Name::Field(path) => {
                    let texts = path.texts(message);
                    if texts.is_empty() || texts.iter().any(|text| text.is_empty()) {
                        return Vec::new();
                    }
                    let texts = texts.iter();
                    found.extend(texts.map(|text| resources::of_path(template.kind, text)));
                }
            }
        }
        found.sort_unstable();
        found.dedup();
        found
    }
}

impl Extent {
    fn of(&self, message: &Value<'_>) -> (Reach, Option<Cause>) {
        let (key, filtered) = match self {
            Self::Fixed(reach) => return (*reach, None),
            Self::ByFields { key, filtered } => (key, filtered),
        };
        let count = |paths: &[FieldPath]| {
            let counts = paths.iter().map(|path| path.count(message));
            counts.fold(0, usize::saturating_add)
        };
        match (count(key), count(filtered)) {
            (1, _) => (Reach::Key, Some(Cause::KeyEquality)),
            (0, 0) => (Reach::All, Some(Cause::NoCondition)),
            (0, _) => (Reach::Filtered, Some(Cause::Condition)),
            (several, _) => match u64::try_from(several) {
                Ok(rows) if rows <= limits::BOUND_ROWS => {
                    (Reach::Limited(rows), Some(Cause::KeyEquality))
                }
                _ => (Reach::Filtered, Some(Cause::KeyEquality)),
            },
        }
    }
}

impl Statements {
    fn actions(&self, message: &Value<'_>, request: &Request<'_>) -> Result<Vec<Action>, Refusal> {
        let places = self.places.iter();
        let texts: Vec<_> = places.flat_map(|place| place.texts(message)).collect();
        analyse(texts.iter().map(|text| &**text), &self.database, request)
    }
}

/// The actions of statements, of which there is at least one.
pub(super) fn analyse<'t>(
    texts: impl Iterator<Item = &'t str>,
    database: &Database,
    request: &Request<'_>,
) -> Result<Vec<Action>, Refusal> {
    let (mut actions, mut bytes, mut count) = (Vec::new(), 0_usize, 0_usize);
    for text in texts.filter(|text| !text.is_empty()) {
        bytes = bytes.saturating_add(text.len());
        count = count.saturating_add(1);
        if bytes > limits::SQL_TEXT_BYTES || count > limits::SQL_STATEMENTS {
            return Err(TOO_LONG);
        }
        let analysis = request.analyses.analyse(text, database)?;
        actions.extend_from_slice(&analysis.actions);
    }
    if count == 0 {
        Err(MISSING)
    } else {
        Ok(actions)
    }
}

const TOO_LONG: Refusal = Refusal::with_status(
    413,
    "sql.too_long",
    "expected at most 64 KiB and 64 statements of SQL in one message",
    "send fewer or shorter statements",
);
const MISSING: Refusal = Refusal::malformed(
    "sql.missing",
    "expected a statement in one of the places that the API declares",
    "send the statement where the API documents it",
);
