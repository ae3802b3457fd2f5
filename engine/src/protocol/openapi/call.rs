//! A request for an operation to the action that it is: reach, arguments and columns.

use std::rc::Rc;

use super::super::template::few;
use super::super::{bulk, http};
use super::operation::Operation;
use super::parameter::Place;
use super::shape::Reached;
use crate::action::{
    Action, Arguments, Cause, Column, ColumnUse, Effect, Reach, Resource, ResourceKind, Usage,
};
use crate::content::{self, Media};
use crate::limits;
use crate::message::Request;
use crate::parameters::Parameters;
use crate::refusal::Refusal;
use crate::value::Value;

/// A request for an operation.
pub(super) struct Call<'c> {
    pub(super) operation: &'c Operation,
    pub(super) request: &'c Request<'c>,
    pub(super) query: &'c Parameters,
    pub(super) body: Option<&'c Value<'c>>,
}

impl Call<'_> {
    /// Refuses parameters of the query that the operation does not have.
    pub(super) fn check_names(&self) -> Result<(), Refusal> {
        let parameters = self.operation.parameters.iter();
        let known: Vec<&str> = parameters
            .filter(|one| one.place == Place::Query)
            .map(|one| one.name.as_str())
            .collect();
        match self.query.names().all(|name| known.contains(&name)) {
            true => Ok(()),
            false => Err(PARAMETER_UNKNOWN),
        }
    }

    /// What it does.
    pub(super) fn action(&self) -> Result<Action, Refusal> {
        let operation = self.operation;
        let arguments = self.arguments()?;
        let mut resources = vec![path_resource(&operation.template.text)];
        resources.extend(operation.extension.resource.clone());
        resources.sort_unstable();
        let (reach, cause) = self.reach()?;
        let mut action = Action::new(operation.effect, operation.name.clone(), reach, resources);
        action.cause = cause;
        action.columns = self.columns();
        if self.request.wanted.arguments {
            action.arguments = arguments;
        }
        Ok(action)
    }

    fn reach(&self) -> Result<(Reach, Option<Cause>), Refusal> {
        let extension = &self.operation.extension;
        if http::hides_members(&extension.bulk, self.request, self.body) {
            return Ok((Reach::All, None));
        }
        if let Some(reach) = bulk::reach(&extension.bulk, self.query, self.body)? {
            return Ok((reach, None));
        }
        if let Some(reach) = extension.reach {
            return Ok((reach, None));
        }
        if extension.is_bulk {
            return Ok((Reach::All, Some(Cause::WholeObject)));
        }
        if let Some(reach) = self.operation.template.reach(self.request.path) {
            return Ok((reach, (reach == Reach::Key).then_some(Cause::KeyEquality)));
        }
        for name in &extension.filters {
            if self.query.value(name)?.is_some_and(http::narrows) {
                return Ok((Reach::Filtered, Some(Cause::Condition)));
            }
        }
        let limit = match &extension.limit {
            Some(name) => self.query.value(name)?.map(str::parse),
            None => None,
        };
        Ok(match (limit, self.operation.effect, self.body) {
            (Some(Ok(rows)), _, _) if (1..=limits::BOUND_ROWS).contains(&rows) => {
                (Reach::Limited(rows), Some(Cause::RowBound))
            }
            // As many are made as come along.
            (_, Effect::Create | Effect::Insert, Some(body)) => {
                let count = u64::try_from(body.each().len()).unwrap_or(u64::MAX);
                (few(count), Some(Cause::RowBound))
            }
            _ => (Reach::All, Some(Cause::NoCondition)),
        })
    }

    /// The parameters, each as its schema says, and the body. Names of the path go first.
    fn arguments(&self) -> Result<Arguments, Refusal> {
        let mut members: Vec<(String, Value<'static>)> = Vec::new();
        let places = [Place::Path, Place::Query, Place::Header].into_iter();
        let ordered = places.flat_map(|place| {
            let all = self.operation.parameters.iter();
            all.filter(move |parameter| parameter.place == place)
        });
        for parameter in ordered {
            let text = match parameter.place {
                Place::Path => {
                    let mut values = self.operation.template.values(self.request.path);
                    let found = values.find(|(name, _)| *name == parameter.name);
                    found.map(|(_, value)| value.to_owned())
                }
                Place::Query => self.query.value(&parameter.name)?.map(str::to_owned),
                Place::Header => {
                    let value = self.request.head.headers.first(&parameter.name);
                    value.map(|value| String::from_utf8_lossy(value).into_owned())
                }
            };
            let Some(text) = text else {
                continue;
            };
            let value = parameter.value(&text);
            let value = match parameter.place {
                Place::Header => value.unwrap_or(Value::Null),
                Place::Path | Place::Query => value.ok_or(PARAMETER)?,
            };
            if !members.iter().any(|(name, _)| *name == parameter.name) {
                members.push((parameter.name.clone(), value));
            }
        }
        if !self.request.wanted.arguments {
            return Ok(Arguments::None);
        }
        for (name, value) in self
            .operation
            .template
            .values(self.request.path)
            .chain(self.query.pairs())
        {
            if !members.iter().any(|(known, _)| known == name) {
                members.push((name.to_owned(), Value::from(value.to_owned())));
            }
        }
        if let Some(body) = self.body {
            members.retain(|(name, _)| name != "body");
            members.push(("body".to_owned(), body.clone().into_owned()));
        } else if !self.request.body.is_empty() || self.is_streamed() {
            // Something came along that nobody read.
            return Ok(Arguments::Unknown);
        }
        let members = members
            .into_iter()
            .map(|(name, value)| (name.into(), value));
        Ok(Arguments::Known(Rc::new(Value::Object(members.collect()))))
    }

    /// Whether there may be a body that was not held.
    fn is_streamed(&self) -> bool {
        let media = content::media(self.request.head);
        matches!(media, Ok(Media::Text | Media::Other))
    }

    /// What comes out, and of what the body sets, the members that are there.
    fn columns(&self) -> Vec<ColumnUse> {
        let output = self.operation.output.iter();
        let mut columns: Vec<_> = output
            .map(|(_, column)| used(column.clone(), Usage::Output))
            .collect();
        let is_write = !matches!(self.operation.effect, Effect::Read);
        if is_write {
            let written = self.operation.written.iter();
            let there = written.filter(|reached| self.is_sent(reached));
            columns.extend(there.map(|(_, column)| used(column.clone(), Usage::Written)));
        }
        columns.sort_unstable();
        columns.dedup();
        columns
    }

    /// Whether a body has what leads to a column; one that was not read may have anything.
    fn is_sent(&self, (outermost, _): &Reached) -> bool {
        let Some(body) = self.body else {
            return true;
        };
        outermost.is_empty()
            || body
                .each()
                .iter()
                .any(|one| one.member(outermost).is_some())
    }
}

/// A path as a resource.
pub(super) fn path_resource(name: &str) -> Resource {
    Resource {
        kind: ResourceKind::Path,
        name: name.to_owned(),
    }
}

/// Any column of what has no name may be one of any table.
pub(super) fn used(column: Column, usage: Usage) -> ColumnUse {
    ColumnUse {
        is_certain: !column.table.is_empty(),
        column,
        usage,
    }
}

const PARAMETER: Refusal = Refusal::malformed(
    "openapi.parameter_invalid",
    "expected parameters of the types that the API documents",
    "send the parameters as the API's OpenAPI document says",
);
const PARAMETER_UNKNOWN: Refusal = Refusal::malformed(
    "openapi.parameter_unknown",
    "expected only parameters that the API documents",
    "leave out parameters that the API's OpenAPI document does not name",
);
