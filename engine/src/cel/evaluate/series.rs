//! Everything that can be gone through: lists of all kinds, and the keys of maps.

use super::{Scope, is_there};
use crate::cel::Fault;
use crate::cel::node::{Id, Quantifier};
use crate::cel::value::{Entries, Items, Val};
use crate::value::Value;

/// Something with members.
#[derive(Clone, Copy)]
pub enum Series<'a> {
    /// A list of facts or of the program.
    Items(&'a dyn Items),
    /// An open list.
    Values(&'a [Value<'a>]),
    /// The keys of a map.
    Keys(&'a dyn Entries),
    /// The keys of an open map.
    Members(&'a [(std::borrow::Cow<'a, str>, Value<'a>)]),
}

impl<'a> Series<'a> {
    /// The list that a value is.
    pub fn list(value: Val<'a>) -> Option<Self> {
        match value {
            Val::List(items) => Some(Self::Items(items)),
            Val::Dyn(Value::List(values)) => Some(Self::Values(values)),
            _ => None,
        }
    }

    /// The map that a value is, as its keys.
    pub fn keys(value: Val<'a>) -> Option<Self> {
        match value {
            Val::Map(entries) => Some(Self::Keys(entries)),
            Val::Dyn(Value::Object(members)) => Some(Self::Members(members)),
            _ => None,
        }
    }

    fn of(value: Val<'a>) -> Result<Self, Fault> {
        let series = Self::list(value).or_else(|| Self::keys(value));
        series.ok_or(Fault::NoSuchOverload)
    }

    /// How many members are known.
    pub fn len(self) -> usize {
        match self {
            Self::Items(items) => items.len(),
            Self::Values(values) => values.len(),
            Self::Keys(entries) => entries.len(),
            Self::Members(members) => members.len(),
        }
    }

    /// The member at that place; `Missing` beyond the end.
    pub fn item(self, index: usize) -> Val<'a> {
        match self {
            Self::Items(items) if index < items.len() => match items.item(index) {
                Val::Missing => Val::Unknown,
                item => item,
            },
            Self::Items(_) => Val::Missing,
            Self::Values(values) => values.get(index).map_or(Val::Missing, Val::Dyn),
            Self::Keys(entries) => entries.key(index).map_or(Val::Missing, Val::Text),
            Self::Members(members) => {
                let member = members.get(index);
                member.map_or(Val::Missing, |(key, _)| Val::Text(key))
            }
        }
    }

    /// Whether there are no more members than these.
    pub fn is_complete(self) -> bool {
        match self {
            Self::Items(items) => items.is_complete(),
            Self::Keys(entries) => entries.is_complete(),
            Self::Values(_) | Self::Members(_) => true,
        }
    }
}

impl<'a> Scope<'a> {
    /// `exists`, `all` and `exists_one`.
    pub(super) fn ask_each(
        &self,
        how: Quantifier,
        slot: u8,
        list: Id,
        body: Id,
    ) -> Result<bool, Fault> {
        if how == Quantifier::ExistsOne {
            return self.count(slot, list, body).map(|count| count == 1);
        }
        let settles = how == Quantifier::Exists;
        let list = Series::of(self.value(list)?)?;
        let mut fault = (!list.is_complete()).then_some(Fault::Unknown);
        for index in 0..list.len() {
            self.charge(1)?;
            self.slot(slot)?.set(list.item(index));
            match self.truth(body) {
                Ok(truth) if truth == settles => return Ok(settles),
                Ok(_) => {}
                Err(other) => fault = Some(fault.map_or(other, |one| one.or(other))),
            }
        }
        fault.map_or(Ok(!settles), Err)
    }

    /// How many members there are for which the body holds. Any fault is a fault of all.
    pub(super) fn count(&self, slot: u8, list: Id, body: Id) -> Result<i64, Fault> {
        let list = Series::of(self.value(list)?)?;
        let mut count = 0_i64;
        for index in 0..list.len() {
            self.charge(1)?;
            self.slot(slot)?.set(list.item(index));
            count = count.saturating_add(i64::from(self.truth(body)?));
        }
        if list.is_complete() {
            Ok(count)
        } else {
            Err(Fault::Unknown)
        }
    }

    /// `in`: a member of a list, or a key of a map.
    pub(super) fn is_in(&self, member: Val<'a>, of: Val<'a>) -> Result<bool, Fault> {
        let Some(list) = Series::list(of) else {
            return self.is_key(member, of);
        };
        let mut fault = (!list.is_complete()).then_some(Fault::Unknown);
        for index in 0..list.len() {
            self.charge(1)?;
            match self.equal(member, list.item(index)) {
                Ok(true) => return Ok(true),
                Ok(false) => {}
                Err(other) => fault = Some(other),
            }
        }
        fault.map_or(Ok(false), Err)
    }

    fn is_key(&self, key: Val<'a>, of: Val<'a>) -> Result<bool, Fault> {
        if Series::keys(of).is_none() {
            return Err(Fault::NoSuchOverload);
        }
        match (super::Text::of(key), key) {
            (Some(key), _) if key.is_as_it_is() => is_there(super::member(of, key.text)?),
            // Keys of other types than texts, which CEL has and our maps do not.
            (_, Val::Bool(_) | Val::Int(_) | Val::Uint(_) | Val::Double(_)) => Ok(false),
            _ => Err(Fault::NoSuchOverload),
        }
    }
}
