//! One operation of a document with its variables: fields with fragments in place, literals as
//! values.
//!
//! Bounded in fields and in the size of all values, however often fragments and variables are
//! used.

use std::borrow::Cow;
use std::cell::Cell;
use std::collections::BTreeMap;

use super::syntax::{Document, Field, Literal, Operation, Selection};
use super::{Kind, fault};
use crate::limits;
use crate::refusal::Refusal;
use crate::value::Value;

/// What a value counts for besides its text.
const NODE_BYTES: usize = 32;

/// An operation that is asked for.
pub(super) struct Scope<'d> {
    pub(super) kind: Kind,
    operation: &'d Operation<'d>,
    fragments: BTreeMap<&'d str, &'d [Selection<'d>]>,
    given: &'d Value<'d>,
    fields_left: Cell<usize>,
    bytes_left: Cell<usize>,
}

impl<'d> Scope<'d> {
    /// The operation of that name, or the only one.
    pub(super) fn new(
        document: &'d Document<'d>,
        name: Option<&str>,
        given: &'d Value<'d>,
    ) -> Result<Self, Refusal> {
        let operations = document.operations.as_slice();
        let operation = match (name, operations) {
            // Servers differ on what an empty name means; with one operation it makes none.
            (None | Some(""), [only]) => Some(only),
            (None | Some(""), _) => None,
            (Some(name), _) => operations.iter().find(|one| one.name == Some(name)),
        };
        let operation = operation.ok_or(fault::OPERATION)?;
        let fragments = document.fragments.iter();
        Ok(Self {
            kind: operation.kind,
            operation,
            fragments: fragments
                .map(|one| (one.name, one.selections.as_slice()))
                .collect(),
            given,
            fields_left: Cell::new(limits::GRAPHQL_FIELDS),
            bytes_left: Cell::new(limits::GRAPHQL_VALUE_BYTES),
        })
    }

    /// The root fields.
    pub(super) fn root(&self) -> Result<Vec<&'d Field<'d>>, Refusal> {
        self.fields(&self.operation.selections)
    }

    /// The fields of a selection, those of fragments on whatever type among them.
    pub(super) fn fields(
        &self,
        selections: &'d [Selection<'d>],
    ) -> Result<Vec<&'d Field<'d>>, Refusal> {
        let mut fields = Vec::new();
        self.collect(selections, limits::GRAPHQL_DEPTH, &mut fields)?;
        Ok(fields)
    }

    /// INVARIANT (cycles end): each fragment in a fragment takes one off `depth_left`, and each
    /// member of each of them one off the fields that are left.
    fn collect(
        &self,
        selections: &'d [Selection<'d>],
        depth_left: usize,
        fields: &mut Vec<&'d Field<'d>>,
    ) -> Result<(), Refusal> {
        let depth_left = depth_left.checked_sub(1).ok_or(fault::TOO_DEEP)?;
        for selection in selections {
            spend(&self.fields_left, 1).ok_or(fault::TOO_LARGE)?;
            match selection {
                Selection::Field(field) => fields.push(field),
                Selection::Inline(inner) => self.collect(inner, depth_left, fields)?,
                Selection::Spread(name) => {
                    let inner = self.fragments.get(name).ok_or(fault::FRAGMENT)?;
                    self.collect(inner, depth_left, fields)?;
                }
            }
        }
        Ok(())
    }

    /// The arguments of a field; those that are a variable without a value are absent.
    pub(super) fn arguments(&self, field: &'d Field<'d>) -> Result<Value<'d>, Refusal> {
        self.object(&field.arguments)
    }

    fn object(&self, members: &'d [(&'d str, Literal<'d>)]) -> Result<Value<'d>, Refusal> {
        let mut object = Vec::with_capacity(members.len());
        for (name, literal) in members {
            if let Some(value) = self.value(literal)? {
                object.push((Cow::Borrowed(*name), value));
            }
        }
        Ok(Value::Object(object))
    }

    /// Variables stand for values, and defaults hold none, so this goes no deeper than the text.
    fn value(&self, literal: &'d Literal<'d>) -> Result<Option<Value<'d>>, Refusal> {
        self.spend(NODE_BYTES)?;
        Ok(Some(match literal {
            Literal::Variable(name) => return self.variable(name),
            Literal::Null => Value::Null,
            Literal::Bool(value) => Value::Bool(*value),
            Literal::Number(value) => Value::Number(*value),
            Literal::Text(text) => self.text(text)?,
            Literal::Word(word) => Value::from(*word),
            Literal::List(items) => {
                let mut values = Vec::with_capacity(items.len());
                for item in items {
                    values.push(self.value(item)?.unwrap_or(Value::Null));
                }
                Value::List(values)
            }
            Literal::Object(members) => self.object(members)?,
        }))
    }

    fn variable(&self, name: &str) -> Result<Option<Value<'d>>, Refusal> {
        let mut declared = self.operation.variables.iter();
        let declared = declared.find(|one| one.name == name);
        let declared = declared.ok_or(fault::VARIABLE)?;
        if let Some(value) = self.given.member(name) {
            return self.copy(value).map(Some);
        }
        match &declared.default {
            Some(literal) => self.value(literal),
            None => Ok(None),
        }
    }

    /// A copy that borrows its texts.
    fn copy(&self, value: &'d Value<'d>) -> Result<Value<'d>, Refusal> {
        self.spend(NODE_BYTES)?;
        Ok(match value {
            Value::Null => Value::Null,
            Value::Bool(value) => Value::Bool(*value),
            Value::Number(value) => Value::Number(*value),
            Value::Text(text) => self.text(text)?,
            Value::List(values) => {
                let values = values.iter().map(|value| self.copy(value));
                Value::List(values.collect::<Result<_, _>>()?)
            }
            Value::Object(members) => {
                let members = members.iter().map(|(name, value)| {
                    self.spend(name.len())?;
                    Ok((Cow::Borrowed(name.as_ref()), self.copy(value)?))
                });
                Value::Object(members.collect::<Result<_, Refusal>>()?)
            }
        })
    }

    fn text(&self, text: &'d str) -> Result<Value<'d>, Refusal> {
        self.spend(text.len())?;
        Ok(Value::from(text))
    }

    fn spend(&self, bytes: usize) -> Result<(), Refusal> {
        spend(&self.bytes_left, bytes).ok_or(fault::TOO_LARGE)
    }
}

/// Takes some off what is left, where so much is left.
fn spend(left: &Cell<usize>, amount: usize) -> Option<()> {
    left.set(left.get().checked_sub(amount)?);
    Some(())
}
