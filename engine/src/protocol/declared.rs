//! Declared APIs: a definition says which calls there are, where their statements stand and what
//! else they do.
//!
//! A call of no operation is refused: what a definition does not know can't be judged. Of the
//! operations whose route fits a path, the one that spells out most of it is taken, then the one
//! with the most conditions.

mod arguments;
mod built_in;
mod condition;
mod database;
mod declaration;
mod decoder;
mod definition;
mod insert_data;
mod name;
mod operation;
mod path;
mod place;
mod prepared;
mod problem;
mod reach;
mod route;
mod source;
mod statement;

use self::operation::{Operation, Refused};
use self::problem::ErrorForm;
use self::source::{BodyForm, Source, View};
use super::{Body, Intent, Protocol, UPGRADE};
use crate::message::{Head, Request};
use crate::path as http_path;
use crate::refusal::Refusal;
use crate::reply::{Problem, Reply};
use crate::sql::Dialect;

pub(super) use self::arguments::{Spoken, Told};
pub use self::built_in::{definition, names};
pub(super) use self::database::{database_of, word as dialect_of};
pub use self::decoder::names as decoders;
pub use self::definition::NOTES;
pub(crate) use self::definition::check;
pub(super) use self::definition::{compile_operations, compile_sql, compile_use};

/// An API by its definition.
#[derive(Debug)]
struct Declared {
    name: String,
    /// Where the API starts; empty for the root.
    under: String,
    operations: Vec<Operation>,
    /// Operations and their routes, those that spell out most first.
    order: Vec<(usize, usize)>,
    refusals: Vec<Refused>,
    /// How names of tables are folded.
    dialect: Option<Dialect>,
    errors: Option<ErrorForm>,
}

impl Declared {
    fn new(name: String, operations: Vec<Operation>) -> Self {
        let mut order: Vec<((usize, usize), (usize, usize))> = Vec::new();
        for (number, operation) in operations.iter().enumerate() {
            for (place, route) in operation.routes.iter().enumerate() {
                let rank = (route.weight(), operation.when.len());
                let mut known = order.iter();
                let less = known.position(|(known, _)| *known < rank);
                order.insert(less.unwrap_or(order.len()), (rank, (number, place)));
            }
        }
        Self {
            name,
            under: String::new(),
            operations,
            order: order.into_iter().map(|(_, place)| place).collect(),
            refusals: Vec::new(),
            dialect: None,
            errors: None,
        }
    }

    /// The path within the API.
    fn within<'p>(&self, path: &'p str) -> Option<&'p str> {
        let rest = path.strip_prefix(self.under.as_str())?;
        let is_whole = self.under.is_empty() || rest.is_empty() || rest.starts_with('/');
        is_whole.then_some(rest)
    }

    /// Calls back with each operation that a call may be of, until one takes it.
    fn find<'v, T>(
        &'v self,
        method: &str,
        path: &'v str,
        mut take: impl FnMut(&'v Operation, &[(&'v str, &'v str)]) -> Result<Option<T>, Refusal>,
    ) -> Result<Option<T>, Refusal> {
        let Some(path) = self.within(path) else {
            return Ok(None);
        };
        let inner = path.strip_prefix('/').unwrap_or(path);
        let inner = inner.strip_suffix('/').unwrap_or(inner);
        let segments = inner.split('/').count();
        let mut parameters = Vec::new();
        for (number, place) in &self.order {
            let Some(operation) = self.operations.get(*number) else {
                continue;
            };
            let Some(route) = operation.routes.get(*place) else {
                continue;
            };
            if route.may_fit(segments)
                && route.takes(method)
                && route.fits(path, &mut parameters)
                && let Some(taken) = take(operation, &parameters)?
            {
                return Ok(Some(taken));
            }
        }
        Ok(None)
    }
}

impl Protocol for Declared {
    fn name(&self) -> &str {
        &self.name
    }

    fn body(&self, head: &Head) -> Result<Body, Refusal> {
        if head.is_upgrade() {
            return Err(UPGRADE);
        }
        let path = http_path::decode(http_path::split(head.target()?).0)?;
        let held = self.find(head.method()?, &path, |operation, _| {
            Ok((operation.body != BodyForm::Data).then_some(()))
        })?;
        let streamed = self.find(head.method()?, &path, |_, _| Ok(Some(())))?;
        Ok(match (held, streamed) {
            (None, Some(())) => Body::Streamed,
            _ => Body::Held,
        })
    }

    fn read(&self, request: &Request<'_>) -> Result<Intent, Refusal> {
        let source = Source::new(request)?;
        let method = request.head.method()?;
        let actions = self.find(method, request.path, |operation, parameters| {
            let view = View {
                source: &source,
                body: operation.body,
                parameters,
                item: None,
            };
            for refused in &self.refusals {
                refused.check(&view)?;
            }
            if !operation.when.holds(&view)? {
                return Ok(None);
            }
            operation.read(&view, self.dialect).map(Some)
        })?;
        actions.map(Intent::from).ok_or(UNKNOWN)
    }

    fn problem(&self, problem: &Problem<'_>) -> Option<Reply> {
        let own = self.within(problem.path).and_then(|path| {
            let mut parameters = Vec::new();
            let mut order = self.order.iter();
            order.find_map(|(number, place)| {
                let operation = self.operations.get(*number)?;
                let route = operation.routes.get(*place)?;
                let form = operation.errors.as_ref()?;
                route.fits(path, &mut parameters).then_some(form)
            })
        });
        let form = own.or(self.errors.as_ref());
        form.map(|form| form.reply(problem))
    }
}

const UNKNOWN: Refusal = Refusal::with_status(
    404,
    "api.operation_unknown",
    "expected an operation that the definition of the API has",
    "use an operation that the guard knows, or ask the operator to define it",
);

#[cfg(test)]
mod tests;
