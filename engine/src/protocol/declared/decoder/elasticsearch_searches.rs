//! `_msearch` of Elasticsearch and OpenSearch: pairs of lines, where to search and what for.

use super::{Input, elasticsearch_indices, query_dsl};
use crate::action::{Action, Effect, Reach};
use crate::json;
use crate::protocol::declared::declaration::{action, merge};
use crate::refusal::Refusal;
use crate::value::Value;

pub(super) fn decode(input: Input<'_, '_, '_>, actions: &mut Vec<Action>) -> Result<(), Refusal> {
    // Servers skip a line feed at the start, and would then pair the lines another way.
    if input.view.source.text()?.trim_start() != input.view.source.text()? {
        return Err(super::LINE);
    }
    let mut lines = input.view.source.text()?.split('\n');
    while let Some(line) = lines.next() {
        let search = match lines.next() {
            Some(search) if !search.trim().is_empty() => search,
            // What follows the last line feed is nothing.
            None if line.trim().is_empty() => break,
            _ => return Err(super::LINE),
        };
        let place = if line.trim().is_empty() {
            Value::Object(Vec::new())
        } else {
            json::parse(line)?
        };
        let search = json::parse(search)?;
        let named = match (place.member("index"), place.member("indices")) {
            (Some(_), Some(_)) => return Err(super::LINE),
            (one, other) => one.or(other),
        };
        let names = elasticsearch_indices::named(named, input)?;
        let reach = match search.member("query").is_some_and(query_dsl::query_narrows) {
            true => Reach::Filtered,
            false => Reach::All,
        };
        merge(action(Effect::Read, "search", reach, names), actions)?;
    }
    Ok(())
}
