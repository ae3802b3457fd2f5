//! SQL over HTTP: every statement found in the declared places becomes actions.

use super::location::{self, Location};
use super::{Body, Protocol, UPGRADE};
use crate::action::Action;
use crate::document::{Node, Reader};
use crate::limits;
use crate::message::{Head, Request};
use crate::refusal::Refusal;
use crate::sql::Dialect;

#[derive(Debug)]
struct Sql {
    dialect: Dialect,
    locations: Vec<Location>,
}

pub(super) fn compile(reader: &mut Reader, node: &Node, path: &str) -> Option<Box<dyn Protocol>> {
    let mut mapping = reader.mapping(node, path)?;
    let words = Dialect::ALL.map(|dialect| (dialect.name(), dialect));
    let dialect = mapping.required(reader, "dialect");
    let dialect = dialect.and_then(|(node, path)| reader.word(node, &path, &words));
    let locations = mapping.required(reader, "at");
    let locations = locations.map(|(node, path)| location::compile(reader, node, &path));
    mapping.finish(reader);
    Some(Box::new(Sql {
        dialect: dialect?,
        locations: locations?,
    }))
}

impl Protocol for Sql {
    fn name(&self) -> &'static str {
        "sql"
    }

    fn body(&self, head: &Head) -> Result<Body, Refusal> {
        if head.is_upgrade() {
            Err(UPGRADE)
        } else {
            Ok(Body::Held)
        }
    }

    fn actions(&self, request: &Request<'_>) -> Result<Vec<Action>, Refusal> {
        let texts = location::statements(&self.locations, request)?;
        let total = texts
            .iter()
            .map(|text| text.len())
            .fold(0, usize::saturating_add);
        if total > limits::SQL_TEXT_BYTES {
            return Err(TOO_LONG);
        }
        let mut actions = Vec::new();
        for text in texts {
            let analysis = request.analyses.analyse(&text, self.dialect)?;
            actions.extend_from_slice(&analysis.actions);
        }
        Ok(actions)
    }
}

const TOO_LONG: Refusal = Refusal::with_status(
    413,
    "sql.too_long",
    "expected at most 64 KiB of SQL in one request",
    "send fewer or shorter statements",
);

#[cfg(test)]
mod tests;
