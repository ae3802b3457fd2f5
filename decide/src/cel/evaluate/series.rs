//! Everything that can be gone through: lists of all kinds, and the keys of maps.

use std::ops::Range;

use super::{Scope, is_there};
use crate::cel::Fault;
use crate::cel::node::{Id, Node, Quantifier};
use crate::cel::value::{Entries, Items, PlainTest, Val};
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
            Self::Items(items) => match items.item(index) {
                Val::Missing if index < items.len() => Val::Unknown,
                item => item,
            },
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

/// So many members as steps.
fn steps(members: usize) -> u32 {
    u32::try_from(members).unwrap_or(u32::MAX)
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
        let list = Series::of(self.read(list)?)?;
        let plain = self.plain_test(slot, body, settles);
        let mut fault = (!list.is_complete()).then_some(Fault::Unknown);
        let slot = self.slot(slot)?;
        let (mut index, length) = (0, list.len());
        while index < length {
            if let (Some(plain), Series::Items(items)) = (&plain, list) {
                index = self.pass_over(items, index..length, plain)?;
                if index == length {
                    break;
                }
            }
            self.charge(1)?;
            slot.set(list.item(index));
            match self.truth(body) {
                Ok(truth) if truth == settles => return Ok(settles),
                Ok(_) => {}
                Err(other) => fault = Some(fault.map_or(other, |one| one.or(other))),
            }
            index = index.saturating_add(1);
        }
        fault.map_or(Ok(!settles), Err)
    }

    /// The first place whose member a test does not pass over. Each that it does is a step.
    fn pass_over(
        &self,
        items: &dyn Items,
        places: Range<usize>,
        plain: &PlainTest<'_>,
    ) -> Result<usize, Fault> {
        let left = usize::try_from(self.steps.get()).unwrap_or(usize::MAX);
        let end = places.end.min(places.start.saturating_add(left));
        let next = items.next(places.start..end, plain);
        self.charge(steps(next.saturating_sub(places.start)))?;
        Ok(next)
    }

    /// The comparison with a constant text by which a condition says, for most members, what
    /// does not settle the loop.
    fn plain_test(&self, slot: u8, body: Id, settles: bool) -> Option<PlainTest<'a>> {
        let (start, count) = match self.program.node(body).ok()? {
            Node::And { start, count } if settles => (start, count),
            Node::Or { start, count } if !settles => (start, count),
            node => return self.plain_comparison(slot, node, settles),
        };
        let operands = self.program.children(start, count).ok()?;
        operands.iter().find_map(|operand| {
            let node = self.program.node(*operand).ok()?;
            self.plain_comparison(slot, node, settles)
        })
    }

    fn plain_comparison(&self, slot: u8, node: Node, settles: bool) -> Option<PlainTest<'a>> {
        let Node::Is {
            of,
            text,
            is_negated,
        } = node
        else {
            return None;
        };
        let field = match self.program.node(of).ok()? {
            Node::Element(own) if own == slot => None,
            Node::Column { slot: own, field } if own == slot => Some(usize::from(field)),
            _ => return None,
        };
        Some(PlainTest {
            field,
            text: self.text_at(text).ok()?,
            is_equal: settles == is_negated,
        })
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
        if let Series::Items(items) = list
            && let Some(answer) = self.is_among(member, items)?
        {
            return Ok(answer);
        }
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

    /// Whether a text or number is in a list of nothing else; without an answer where it is
    /// not as plain as that.
    fn is_among(&self, member: Val<'_>, items: &dyn Items) -> Result<Option<bool>, Fault> {
        let length = items.len();
        for index in 0..length {
            let is_found = match (items.item(index), member) {
                (Val::Text(found), Val::Text(text)) => found == text,
                (Val::Int(found), Val::Int(number)) => found == number,
                _ => return Ok(None),
            };
            if is_found {
                self.charge(steps(index))?;
                return Ok(Some(true));
            }
        }
        self.charge(steps(length))?;
        Ok(items.is_complete().then_some(false))
    }

    fn is_key(&self, key: Val<'a>, of: Val<'a>) -> Result<bool, Fault> {
        if Series::keys(of).is_none() {
            return Err(Fault::NoSuchOverload);
        }
        match (super::Text::of(key), key) {
            (Some(key), _) if key.is_as_it_is() => is_there(self.member(of, key.text)?),
            // Keys of other types than texts, which CEL has and our maps do not.
            (_, Val::Bool(_) | Val::Int(_) | Val::Uint(_) | Val::Double(_)) => Ok(false),
            _ => Err(Fault::NoSuchOverload),
        }
    }
}
