//! `reach:` of a declared action: a word, or what in the request narrows it.
//!
//! What narrows must be there and not be empty. Never smaller than surely true.

use super::decoder::query_dsl;
use super::place::{self, Place};
use super::source::{BodyForm, View};
use crate::action::{Cause, Effect, Reach};
use crate::document::{Content, Node, Reader};
use crate::limits;
use crate::refusal::Refusal;

const WORDS: [(&str, Reach); 5] = [
    ("none", Reach::None),
    ("key", Reach::Key),
    ("filtered", Reach::Filtered),
    ("all", Reach::All),
    ("unknown", Reach::Unknown),
];

/// What an action reaches.
#[derive(Debug, Clone)]
pub(super) struct Extent {
    /// Places of which each holds the key of one item.
    key: Vec<Place>,
    /// Places that hold how many items there are at most.
    limit: Vec<Place>,
    /// Places that hold a condition.
    filter: Vec<Place>,
    /// Places that hold a condition in the query language of Elasticsearch.
    query_dsl: Vec<Place>,
    otherwise: Reach,
}

pub(super) fn compile(reader: &mut Reader, node: &Node, path: &str) -> Extent {
    let mut extent = Extent::of(Reach::Unknown);
    if let Content::Mapping(_) = &node.content {
        let Some(mut mapping) = reader.mapping(node, path) else {
            return extent;
        };
        let mut places = |key| {
            let found = mapping.optional(key);
            found.map_or_else(Vec::new, |(node, path)| place::compile(reader, node, &path))
        };
        extent.key = places("key");
        extent.limit = places("limit");
        extent.filter = places("filter");
        extent.query_dsl = places("query_dsl");
        let otherwise = mapping.optional("otherwise");
        let otherwise = otherwise.and_then(|(node, path)| reader.word(node, &path, &WORDS));
        mapping.finish(reader);
        extent.otherwise = otherwise.unwrap_or(Reach::All);
    } else if let Some(reach) = reader.word(node, path, &WORDS) {
        extent.otherwise = reach;
    }
    extent
}

impl Extent {
    /// A reach that does not depend on the request.
    pub(super) const fn of(reach: Reach) -> Self {
        Self {
            key: Vec::new(),
            limit: Vec::new(),
            filter: Vec::new(),
            query_dsl: Vec::new(),
            otherwise: reach,
        }
    }

    fn places(&self) -> impl Iterator<Item = &Place> {
        let all = [&self.key, &self.limit, &self.filter, &self.query_dsl];
        all.into_iter().flatten()
    }

    /// The forms of body that it looks at.
    pub(super) fn forms(&self, forms: &mut Vec<BodyForm>) {
        self.places().for_each(|place| place.form(forms));
    }

    /// The query parameters that it looks at.
    pub(super) fn parameters<'p>(&'p self, names: &mut Vec<&'p str>) {
        self.places().for_each(|place| place.parameters(names));
    }

    /// What it is in this request.
    pub(super) fn reach(&self, view: &View<'_, '_>) -> Result<Reach, Refusal> {
        if any_is_there(&self.key, view)? {
            return Ok(Reach::Key);
        }
        if let Some(rows) = least(&self.limit, view)? {
            return Ok(Reach::Limited(rows));
        }
        if any_is_there(&self.filter, view)? || query_dsl::narrows(&self.query_dsl, view)? {
            return Ok(Reach::Filtered);
        }
        Ok(self.otherwise)
    }
}

fn any_is_there(places: &[Place], view: &View<'_, '_>) -> Result<bool, Refusal> {
    let mut is_there = false;
    for place in places {
        place.each(view, &mut |found| {
            is_there |= !found.is_empty();
            Ok(())
        })?;
    }
    Ok(is_there)
}

/// The least bound of those that are bounds.
fn least(places: &[Place], view: &View<'_, '_>) -> Result<Option<u64>, Refusal> {
    let mut least: Option<u64> = None;
    for place in places {
        for text in place.texts(view)? {
            if let Ok(rows) = text.parse::<u64>()
                && (1..=limits::BOUND_ROWS).contains(&rows)
            {
                least = Some(least.map_or(rows, |known| known.min(rows)));
            }
        }
    }
    Ok(least)
}

/// Why an effect reaches that far.
pub(super) const fn cause(effect: Effect, reach: Reach) -> Option<Cause> {
    match (effect, reach) {
        (Effect::Drop | Effect::Truncate | Effect::Alter, Reach::All) => Some(Cause::WholeObject),
        (Effect::Read | Effect::Update | Effect::Delete, Reach::All) => Some(Cause::NoCondition),
        (_, Reach::Key) => Some(Cause::KeyEquality),
        (_, Reach::Limited(_)) => Some(Cause::RowBound),
        (_, Reach::Filtered) => Some(Cause::Condition),
        _ => None,
    }
}
