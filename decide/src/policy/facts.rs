//! A call, and one of its actions, as expressions see them. Nothing is copied.

use std::cell::Cell;
use std::ops::Range;

use super::Call;
use super::data::{Data, LabelSet};
use super::seen::Seen;
use crate::action::{Arguments, Column, ColumnUse, Edge, Effect, Reach, Resource, ResourceKind};
use crate::cel::{Entries, Facts, Fields, Items, PlainTest, Val};
use crate::limits;
use crate::principal::{OnBehalfOf, Peer, Principal};
use crate::value::Value;

/// The facts of a call, with the action that is judged.
pub(super) struct CallFacts<'f, 'a> {
    /// The call.
    pub call: &'f Call<'f>,
    /// Its actions.
    pub actions: &'f Actions<'a>,
    /// The one that is judged.
    pub action: &'f Seen<'a>,
}

/// Every action of a call.
pub(super) struct Actions<'a>(pub Vec<Seen<'a>>, Cell<u32>);

impl<'a> Actions<'a> {
    /// Actions that no rule is held against yet.
    pub(super) const fn new(seen: Vec<Seen<'a>>) -> Self {
        Self(seen, Cell::new(0))
    }

    /// The actions of a call, with the labels of this data.
    pub(super) fn of(call: &Call<'a>, data: &'a Data) -> Self {
        let mut columns = call.actions.iter().flat_map(|action| &action.columns);
        let has_lineage = call.actions.iter().any(|action| !action.lineage.is_empty());
        let owners_are_certain = !has_lineage || columns.all(|used| used.is_certain);
        let seen = call.actions.iter();
        Self::new(
            seen.map(|action| Seen::new(action, data, owners_are_certain))
                .collect(),
        )
    }

    /// Begins with another rule.
    ///
    /// INVARIANT (order does not matter): each rule has a budget of its own. One for all of
    /// them would let a costly rule change what others say.
    pub(super) fn begin_rule(&self) {
        self.1.set(limits::RULE_STEPS);
    }
}

/// The claims of a caller without a token, and the members of a body that is not there.
static NOTHING: Value<'static> = Value::Object(Vec::new());

impl Facts for CallFacts<'_, '_> {
    fn root(&self, index: usize) -> Val<'_> {
        let call = self.call;
        match index {
            0 => Val::Record(&call.request),
            1 => Val::Record(call.principal),
            2 if !call.claims_are_known => Val::Unknown,
            2 => match &call.principal.claims {
                Value::Null => Val::Dyn(&NOTHING),
                claims => Val::Dyn(claims),
            },
            3 => Val::Record(self.action),
            4 => Val::List(self.actions),
            5 => Val::Text(call.api),
            6 => Val::Text(call.environment),
            7 => match &call.now {
                Some(now) => Val::Record(now),
                None => Val::Unknown,
            },
            _ => Val::Unknown,
        }
    }

    fn steps_left(&self) -> Option<&Cell<u32>> {
        Some(&self.actions.1)
    }
}

impl Items for Actions<'_> {
    fn len(&self) -> usize {
        self.0.len()
    }

    fn item(&self, index: usize) -> Val<'_> {
        self.0
            .get(index)
            .map_or(Val::Missing, |seen| Val::Record(seen))
    }
}

impl Items for Vec<String> {
    fn len(&self) -> usize {
        self.as_slice().len()
    }

    fn item(&self, index: usize) -> Val<'_> {
        self.get(index).map_or(Val::Missing, |text| Val::Text(text))
    }
}

/// The request as expressions see it.
#[derive(Clone, Copy, Default)]
pub struct Request<'a> {
    /// HTTP method.
    pub method: &'a str,
    /// Host without port.
    pub host: &'a str,
    /// Decoded path.
    pub path: &'a str,
    /// Parameters of the query string; none where they could not be told.
    pub query: Option<&'a dyn Entries>,
    /// The body.
    pub body: Content<'a>,
}

/// What is known of a body.
#[derive(Debug, Clone, Copy, Default)]
pub enum Content<'a> {
    /// There is none.
    #[default]
    Empty,
    /// There is one that is not JSON, or that was not held.
    Unknown,
    /// A JSON value.
    Json(&'a Value<'a>),
}

impl Fields for Request<'_> {
    fn field(&self, index: usize) -> Val<'_> {
        match index {
            0 => Val::Text(self.method),
            1 => Val::Text(self.host),
            2 => Val::Text(self.path),
            3 => self.query.map_or(Val::Unknown, Val::Map),
            4 => match self.body {
                Content::Empty => Val::Dyn(&NOTHING),
                Content::Unknown => Val::Unknown,
                Content::Json(value) => Val::Dyn(value),
            },
            _ => Val::Unknown,
        }
    }
}

impl Fields for Principal {
    fn field(&self, index: usize) -> Val<'_> {
        match index {
            0 => Val::Text(&self.subject),
            1 => Val::Text(self.kind.name()),
            2 => Val::List(&self.groups),
            3 => Val::List(&self.roles),
            4 => Val::List(&self.scopes),
            5 => Val::Text(&self.issuer),
            6 => Val::List(&self.audiences),
            7 => Val::Text(&self.client_id),
            8 => Val::Text(&self.email),
            9 => Val::Text(&self.acr),
            10 => Val::List(&self.amr),
            11 => time(self.issued_at),
            12 => time(self.authenticated_at),
            13 => time(self.expires_at),
            14 => match &self.acts_for {
                Some(whom) => Val::Record(whom),
                None => Val::Missing,
            },
            15 => Val::List(&self.earlier_actors),
            16 => match &self.peer {
                Some(peer) => Val::Record(peer),
                None => Val::Missing,
            },
            _ => Val::Unknown,
        }
    }
}

const fn time(seconds: Option<i64>) -> Val<'static> {
    match seconds {
        Some(seconds) => Val::Timestamp { seconds, nanos: 0 },
        None => Val::Missing,
    }
}

impl Fields for Peer {
    fn field(&self, index: usize) -> Val<'_> {
        match index {
            0 => Val::Text(&self.spiffe_id),
            1 => Val::Text(&self.trust_domain),
            2 => Val::Text(&self.namespace),
            3 => Val::Text(&self.service_account),
            _ => Val::Unknown,
        }
    }
}

impl Fields for OnBehalfOf {
    fn field(&self, index: usize) -> Val<'_> {
        match index {
            0 => Val::Text(&self.subject),
            1 => Val::Text(self.kind.name()),
            2 => Val::List(&self.groups),
            3 => Val::List(&self.roles),
            4 => Val::Text(&self.email),
            _ => Val::Unknown,
        }
    }
}

impl Fields for Seen<'_> {
    fn field(&self, index: usize) -> Val<'_> {
        let action = self.action;
        match index {
            0 if action.effect == Effect::Unknown => Val::Unknown,
            0 => Val::Text(action.effect.name()),
            1 => Val::Text(&action.operation),
            2 if action.reach == Reach::Unknown => Val::Unknown,
            2 => Val::Text(action.reach.name()),
            3 => match action.reach {
                Reach::Limited(rows) => Val::Int(i64::try_from(rows).unwrap_or(i64::MAX)),
                Reach::Key => Val::Int(1),
                Reach::None => Val::Int(0),
                Reach::Filtered | Reach::All => Val::Missing,
                Reach::Unknown => Val::Unknown,
            },
            4 if action.reach == Reach::Unknown => Val::Unknown,
            4 => action
                .cause
                .map_or(Val::Missing, |cause| Val::Text(cause.name())),
            5 => Val::List(self.tables()),
            6 => Val::List(self.resources()),
            7 => Val::List(self.columns()),
            8 => Val::List(self.lineage()),
            9..=12 => Val::List(self.label_list(index)),
            13 => match &action.fingerprint {
                Some(text) => Val::Text(text),
                None => Val::Missing,
            },
            14 => match &action.arguments {
                Arguments::None => Val::Dyn(&NOTHING),
                Arguments::Unknown => Val::Unknown,
                Arguments::Known(value) => Val::Dyn(value),
            },
            _ => Val::Unknown,
        }
    }
}

/// A part of an action as a list. `is_complete` is false where there may be more.
#[derive(Debug)]
pub(super) struct Part<'a, T> {
    /// What is known.
    pub items: &'a [T],
    /// Whether that is all.
    pub is_complete: bool,
}

/// Resources by name alone.
#[derive(Debug)]
pub(super) struct Named<'a>(pub Part<'a, Resource>);

impl Items for Named<'_> {
    fn len(&self) -> usize {
        self.0.items.len()
    }

    fn item(&self, index: usize) -> Val<'_> {
        let item = self.0.items.get(index);
        item.map_or(Val::Missing, |one| Val::Text(&one.name))
    }

    fn is_complete(&self) -> bool {
        self.0.is_complete
    }
}

/// Edges of lineage.
#[derive(Debug)]
pub(super) struct Edges<'a> {
    /// Those that are known, with those that may be.
    pub part: Part<'a, Edge>,
    /// Whether each column of the call surely belongs to the table it is told with.
    pub owners_are_certain: bool,
}

impl Items for Edges<'_> {
    fn len(&self) -> usize {
        self.part.items.len()
    }

    fn item(&self, index: usize) -> Val<'_> {
        match self.part.items.get(index) {
            Some(edge) if self.owners_are_certain => Val::Record(edge),
            Some(_) => Val::Unknown,
            None => Val::Missing,
        }
    }

    fn is_complete(&self) -> bool {
        self.part.is_complete
    }
}

impl<T: Fields> Items for Part<'_, T> {
    fn len(&self) -> usize {
        self.items.len()
    }

    fn item(&self, index: usize) -> Val<'_> {
        self.items
            .get(index)
            .map_or(Val::Missing, |one| Val::Record(one))
    }

    fn is_complete(&self) -> bool {
        self.is_complete
    }

    fn next(&self, places: Range<usize>, test: &PlainTest<'_>) -> usize {
        let (Some(items), Some(field)) = (self.items.get(places.clone()), test.field) else {
            return places.start;
        };
        let passed = items
            .iter()
            .take_while(|one| test.passes_over_text(one.field(field)));
        places.start.saturating_add(passed.count())
    }
}

impl Fields for Resource {
    fn field(&self, index: usize) -> Val<'_> {
        match index {
            0 => Val::Text(self.kind.name()),
            1 => Val::Text(&self.name),
            _ => Val::Unknown,
        }
    }
}

impl Fields for ColumnUse {
    /// Where it may be another column, nobody can tell its name, nor its table unless it stands
    /// for all columns of that.
    fn field(&self, index: usize) -> Val<'_> {
        match index {
            0 if !self.is_certain && self.column.name != Column::ALL => Val::Unknown,
            1 if !self.is_certain => Val::Unknown,
            0 => Val::Text(&self.column.table),
            1 => Val::Text(&self.column.name),
            2 => Val::Text(self.usage.name()),
            _ => Val::Unknown,
        }
    }
}

impl Fields for Edge {
    fn field(&self, index: usize) -> Val<'_> {
        match index {
            0 => Val::Text(&self.source.table),
            1 => Val::Text(&self.source.name),
            2 => Val::Text(&self.target.table),
            3 => Val::Text(&self.target.name),
            _ => Val::Unknown,
        }
    }
}

/// The tables of an action: resources come sorted by kind.
pub(super) fn tables(resources: &[Resource]) -> &[Resource] {
    let end = resources.partition_point(|one| one.kind == ResourceKind::Table);
    resources.get(..end).unwrap_or_default()
}

/// Whether every column that is touched is known by its name.
pub(super) fn all_are_named(columns: &[ColumnUse]) -> bool {
    let named = |used: &ColumnUse| used.is_certain && used.column.name != Column::ALL;
    columns.iter().all(named)
}

/// Labels by name.
#[derive(Debug)]
pub(super) struct LabelList<'a> {
    /// The names of all labels.
    pub names: &'a [String],
    /// Those that are surely borne.
    pub sure: LabelSet,
    /// Whether no others may be borne.
    pub is_complete: bool,
}

impl Items for LabelList<'_> {
    fn len(&self) -> usize {
        self.sure.len()
    }

    fn item(&self, index: usize) -> Val<'_> {
        let place = self.sure.nth(index);
        let name = place.and_then(|place| self.names.get(place));
        name.map_or(Val::Missing, |name| Val::Text(name))
    }

    fn is_complete(&self) -> bool {
        self.is_complete
    }
}

/// When a call comes.
#[derive(Debug, Clone, Copy)]
pub struct Now {
    /// The point in time.
    pub moment: super::Moment,
    /// What a clock in the zone of the document shows.
    pub clock: super::Clock,
}

impl Fields for Now {
    fn field(&self, index: usize) -> Val<'_> {
        let clock = &self.clock;
        match index {
            0 => Val::Timestamp {
                seconds: self.moment.seconds,
                nanos: self.moment.nanos,
            },
            1 => Val::Int(clock.year),
            2 => Val::Int(clock.month),
            3 => Val::Int(clock.day),
            4 => Val::Int(clock.weekday),
            5 => Val::Int(clock.hour),
            6 => Val::Int(clock.minute),
            _ => Val::Unknown,
        }
    }
}
