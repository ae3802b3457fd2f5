//! A program and facts become an answer, or the fault why there is none.
//!
//! INVARIANT (no allocation): values are borrowed from the facts and the program. Depth is
//! bounded by the check at load, work by a budget of steps.

mod calculate;
mod call;
mod compare;
mod series;

use std::cell::Cell;

use super::function::Function;
use super::node::{Constant, Id, Join, Node, Quantifier};
use super::program::Program;
use super::text::{Case, Text, plain};
use super::value::Val;
use super::{Facts, Fault};
use crate::limits;
use crate::value::Value;

pub use series::Series;

/// One evaluation.
pub struct Scope<'a> {
    program: &'a Program,
    facts: &'a dyn Facts,
    /// Steps that it shares with other expressions.
    shared: Option<&'a Cell<u32>>,
    steps: Cell<u32>,
    slots: [Cell<Val<'a>>; limits::EXPRESSION_LOOPS],
}

/// A value that is there: the two that are not become faults, an open scalar what it holds.
#[inline]
pub fn present(value: Val<'_>) -> Result<Val<'_>, Fault> {
    match value {
        Val::Missing => Err(Fault::NoSuchKey),
        Val::Unknown => Err(Fault::Unknown),
        Val::Dyn(value) => Ok(opened(value)),
        known => Ok(known),
    }
}

fn opened<'a>(value: &'a Value<'a>) -> Val<'a> {
    match value {
        Value::Null => Val::Null,
        Value::Bool(value) => Val::Bool(*value),
        Value::Number(value) => Val::Double(*value),
        Value::Text(text) => Val::Text(text),
        Value::List(_) | Value::Object(_) => Val::Dyn(value),
    }
}

impl<'a> Scope<'a> {
    /// An evaluation that has not begun.
    pub fn new(program: &'a Program, facts: &'a dyn Facts) -> Self {
        let shared = facts.steps_left();
        let left = shared.map_or(u32::MAX, Cell::get);
        Self {
            program,
            facts,
            shared,
            steps: Cell::new(limits::EXPRESSION_STEPS.min(left)),
            slots: [const { Cell::new(Val::Missing) }; limits::EXPRESSION_LOOPS],
        }
    }

    /// Takes what it cost from what all expressions share.
    pub fn settle(&self) {
        if let Some(shared) = self.shared {
            let at_first = limits::EXPRESSION_STEPS.min(shared.get());
            let taken = at_first.saturating_sub(self.steps.get());
            shared.set(shared.get().saturating_sub(taken));
        }
    }

    /// Takes steps from what is left.
    fn charge(&self, steps: u32) -> Result<(), Fault> {
        let left = self.steps.get().checked_sub(steps);
        self.steps.set(left.unwrap_or(0));
        left.map(|_| ()).ok_or(Fault::TooMuch)
    }

    /// Takes the steps that looking through so many bytes costs.
    fn charge_bytes(&self, bytes: usize) -> Result<(), Fault> {
        self.charge(u32::try_from(bytes / 64).unwrap_or(u32::MAX))
    }

    /// The answer of a node that gives a truth value.
    pub fn truth(&self, id: Id) -> Result<bool, Fault> {
        match self.program.node(id)? {
            Node::And { start, count } => self.all(start, count, false),
            Node::Or { start, count } => self.all(start, count, true),
            Node::Not(of) => self.truth(of).map(|truth| !truth),
            Node::IfThere(of) => match self.truth(of) {
                Err(Fault::NoSuchKey) => Ok(false),
                answer => answer,
            },
            Node::Is {
                of,
                text,
                is_negated,
            } => {
                let is = self.is(of, text)?;
                Ok(is != is_negated)
            }
            Node::Compare { how, left, right } => {
                self.compare(how, self.read(left)?, self.read(right)?)
            }
            Node::Than { how, of, number } => {
                let constant = self.program.constant_at(number)?;
                self.with(of, |value| match (value, constant) {
                    (Val::Int(value), Constant::Int(number)) => Ok(how.holds(value.cmp(number))),
                    (other, _) => self.compare(how, present(other)?, constant.val()),
                })
            }
            Node::Call {
                function: function @ (Function::StartsWith | Function::EndsWith),
                start,
                ..
            } => self.stands_at_end(function, start),
            Node::OneOf { member, list } => self.one_of(member, list),
            Node::In { member, of } => self.is_in(self.read(member)?, self.read(of)?),
            Node::HasField { of, field } => self.has_field(of, field),
            Node::HasMember { of, name } => self.has_member(of, name),
            Node::Choice { condition, start } => {
                let arm = if self.truth(condition)? { 0 } else { 1 };
                self.truth(self.program.child(start, arm)?)
            }
            Node::Loop {
                how,
                slot,
                list,
                body,
            } if how != Quantifier::Count => self.ask_each(how, slot, list, body),
            Node::Joined {
                how,
                count,
                text,
                start,
            } => self.joined(how, text, start, count.into()),
            Node::Matches { of, pattern } => self.matches(of, pattern),
            _ => match self.value(id)? {
                Val::Bool(truth) => Ok(truth),
                _ => Err(Fault::NoSuchOverload),
            },
        }
    }

    /// The value of a node.
    pub fn value(&self, id: Id) -> Result<Val<'a>, Fault> {
        match self.program.node(id)? {
            Node::Constant(index) => Ok(self.program.constant_at(index)?.val()),
            Node::Root(root) => present(self.facts.root(root.into())),
            Node::Fact { root, field } => match self.facts.root(root.into()) {
                Val::Record(record) => present(record.field(field.into())),
                other => present(other).and(Err(Fault::NoSuchOverload)),
            },
            Node::Element(slot) => present(self.slot(slot)?.get()),
            Node::Column { slot, field } => match self.slot(slot)?.get() {
                Val::Record(record) => present(record.field(field.into())),
                other => present(other).and(Err(Fault::NoSuchOverload)),
            },
            Node::Field { of, field } => match self.value(of)? {
                Val::Record(record) => present(record.field(field.into())),
                _ => Err(Fault::NoSuchOverload),
            },
            Node::Member { of, name } => {
                let of = self.read(of)?;
                present(self.member(of, self.text_at(name)?)?)
            }
            Node::At { of, key } => {
                let of = self.value(of)?;
                self.at(of, self.value(key)?)
            }
            Node::Declared { of, kind } => {
                let value = self.value(of)?;
                if let Some(series) = Series::list(value).or(Series::keys(value)) {
                    self.charge(u32::try_from(series.len()).unwrap_or(u32::MAX))?;
                }
                call::declared(value, self.program.kind_at(kind)?)
            }
            Node::Negate(of) => calculate::negated(self.value(of)?),
            Node::Calculate { how, left, right } => {
                calculate::calculated(how, self.value(left)?, self.value(right)?)
            }
            Node::Choice { condition, start } => {
                let arm = if self.truth(condition)? { 0 } else { 1 };
                self.value(self.program.child(start, arm)?)
            }
            Node::Loop {
                how: Quantifier::Count,
                slot,
                list,
                body,
            } => self.count(slot, list, body).map(Val::Int),
            Node::Call {
                function,
                count,
                start,
            } => self.call(function, start, count),
            Node::Join { .. } => Err(Fault::NoSuchOverload),
            Node::And { .. }
            | Node::Or { .. }
            | Node::Not(_)
            | Node::IfThere(_)
            | Node::Is { .. }
            | Node::Compare { .. }
            | Node::Than { .. }
            | Node::In { .. }
            | Node::OneOf { .. }
            | Node::HasField { .. }
            | Node::HasMember { .. }
            | Node::Loop { .. }
            | Node::Joined { .. }
            | Node::Matches { .. } => self.truth(id).map(Val::Bool),
        }
    }

    /// The value of a node.
    fn read(&self, id: Id) -> Result<Val<'a>, Fault> {
        self.with(id, present)
    }

    /// What a closure makes of a value, present or not. The commonest nodes hand it over as
    /// they got it: copying a value that was just written stalls for longer than all else.
    #[inline(always)]
    fn with<T>(&self, id: Id, take: impl FnOnce(Val<'a>) -> Result<T, Fault>) -> Result<T, Fault> {
        match self.program.node(id)? {
            Node::Fact { root, field } => match self.facts.root(root.into()) {
                Val::Record(record) => take(record.field(field.into())),
                other => present(other).and(Err(Fault::NoSuchOverload)),
            },
            Node::Column { slot, field } => match self.slot(slot)?.get() {
                Val::Record(record) => take(record.field(field.into())),
                other => present(other).and(Err(Fault::NoSuchOverload)),
            },
            Node::Root(root) => take(self.facts.root(root.into())),
            Node::Element(slot) => take(self.slot(slot)?.get()),
            _ => take(self.value(id)?),
        }
    }

    fn text_at(&self, index: u16) -> Result<&'a str, Fault> {
        match self.program.constant_at(index)? {
            Constant::Text(text) => Ok(text),
            _ => Err(Fault::Invalid),
        }
    }

    fn slot(&self, slot: u8) -> Result<&Cell<Val<'a>>, Fault> {
        self.slots.get(usize::from(slot)).ok_or(Fault::Invalid)
    }

    /// `&&`, or `||` if one that holds settles it. What settles it absorbs every fault.
    fn all(&self, start: u16, count: u16, settles: bool) -> Result<bool, Fault> {
        let mut fault = None;
        for child in self.program.children(start, count)? {
            match self.truth(*child) {
                Ok(truth) if truth == settles => return Ok(settles),
                Ok(_) => {}
                Err(other) => fault = Some(fault.map_or(other, |one: Fault| one.or(other))),
            }
        }
        fault.map_or(Ok(!settles), Err)
    }

    fn is(&self, of: Id, text: u16) -> Result<bool, Fault> {
        let expected = self.text_at(text)?;
        self.with(of, |value| match value {
            Val::Text(text) => Ok(text == expected),
            other => present(other).map(|value| is_text(value, expected)),
        })
    }

    fn stands_at_end(&self, function: Function, start: u16) -> Result<bool, Fault> {
        let other = self.value(self.program.child(start, 1)?)?;
        let is_start = function == Function::StartsWith;
        self.with(self.program.child(start, 0)?, |text| {
            if let (Val::Text(text), Val::Text(other)) = (text, other) {
                return Ok(if is_start {
                    text.starts_with(other)
                } else {
                    text.ends_with(other)
                });
            }
            match (Text::of(present(text)?), Text::of(other)) {
                (Some(text), Some(other)) if is_start => Ok(text.starts_with(other)),
                (Some(text), Some(other)) => Ok(text.ends_with(other)),
                _ => Err(Fault::NoSuchOverload),
            }
        })
    }

    fn has_field(&self, of: Id, field: u16) -> Result<bool, Fault> {
        match self.value(of)? {
            Val::Record(record) => is_there(record.field(field.into())),
            _ => Err(Fault::NoSuchOverload),
        }
    }

    fn has_member(&self, of: Id, name: u16) -> Result<bool, Fault> {
        is_there(self.member(self.read(of)?, self.text_at(name)?)?)
    }

    /// The value of a key, `Missing` if there is none.
    fn member(&self, of: Val<'a>, name: &str) -> Result<Val<'a>, Fault> {
        match of {
            Val::Dyn(value @ Value::Object(members)) => {
                // Looked for one by one: many look-ups in a large object are much work.
                self.charge(u32::try_from(members.len() / 32).unwrap_or(u32::MAX))?;
                Ok(value.member(name).map_or(Val::Missing, Val::Dyn))
            }
            Val::Map(entries) => Ok(match entries.value(name) {
                Val::Missing if !entries.is_complete() => Val::Unknown,
                value => value,
            }),
            _ => Err(Fault::NoSuchOverload),
        }
    }

    fn one_of(&self, member: Id, list: u16) -> Result<bool, Fault> {
        let list = self.program.named_at(list)?;
        self.with(member, |member| match member {
            Val::Text(text) => Ok(list.holds(plain(text))),
            other => {
                let text = Text::of(present(other)?);
                Ok(text.is_some_and(|text| list.holds(text)))
            }
        })
    }

    fn joined(&self, how: Join, text: Id, start: u16, count: u16) -> Result<bool, Fault> {
        let Some(text) = Text::of(self.value(text)?) else {
            return Err(Fault::NoSuchOverload);
        };
        let parts = self.program.children(start, count)?;
        let rest = match how {
            Join::Ends => self.strip(text, parts.iter().rev(), false)?,
            _ => self.strip(text, parts.iter(), true)?,
        };
        let is_all = rest.is_some_and(|rest| rest.text.is_empty());
        Ok(match how {
            Join::Equal => is_all,
            Join::Unequal => !is_all,
            Join::Starts | Join::Ends => rest.is_some(),
        })
    }

    /// What is left of a text without these parts, if they stand at its start or end. All of
    /// them are evaluated: a fault of one is a fault of the text that they make.
    fn strip<'n>(
        &self,
        text: Text<'a>,
        parts: impl Iterator<Item = &'n Id>,
        is_from_start: bool,
    ) -> Result<Option<Text<'a>>, Fault> {
        let mut rest = Some(text);
        for part in parts {
            let part = Text::of(self.value(*part)?).ok_or(Fault::NoSuchOverload)?;
            self.charge_bytes(part.text.len())?;
            let length = part.text.len();
            rest = rest.and_then(|rest| {
                let split = rest.text.len().saturating_sub(length);
                let left = match is_from_start {
                    true if rest.starts_with(part) => rest.text.get(length..),
                    false if rest.ends_with(part) => rest.text.get(..split),
                    _ => None,
                };
                left.map(|left| rest.with(left))
            });
        }
        Ok(rest)
    }

    fn matches(&self, of: Id, pattern: u16) -> Result<bool, Fault> {
        let text = Text::of(self.value(of)?).ok_or(Fault::NoSuchOverload)?;
        let pattern = self.program.pattern_at(pattern)?;
        if let (Some(start), Case::AsIs) = (pattern.start(), text.case)
            && !text.text.starts_with(start)
        {
            return Ok(false);
        }
        self.charge(pattern.steps(text.text.len()))?;
        if text.is_as_it_is() {
            return pattern.is_in(text.text);
        }
        Err(Fault::NoSuchOverload)
    }

    /// The value at a place of a list or of a key of a map.
    fn at(&self, of: Val<'a>, key: Val<'a>) -> Result<Val<'a>, Fault> {
        if let Some(list) = Series::list(of) {
            let index = calculate::index(key)?;
            return match list.item(index) {
                Val::Missing if !list.is_complete() => Err(Fault::Unknown),
                Val::Missing => Err(Fault::Index),
                item => present(item),
            };
        }
        match Text::of(key) {
            Some(key) if key.is_as_it_is() => present(self.member(of, key.text)?),
            _ => Err(Fault::NoSuchKey),
        }
    }
}

/// Whether a value that is there is that text.
#[inline]
fn is_text(value: Val<'_>, expected: &str) -> bool {
    match value {
        Val::Text(text) => text == expected,
        other => Text::of(other).is_some_and(|text| text.equals(plain(expected))),
    }
}

fn is_there(value: Val<'_>) -> Result<bool, Fault> {
    match value {
        Val::Missing => Ok(false),
        Val::Unknown => Err(Fault::Unknown),
        _ => Ok(true),
    }
}
