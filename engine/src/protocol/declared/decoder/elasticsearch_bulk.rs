//! `_bulk` of Elasticsearch and OpenSearch: lines of actions, all but `delete` with a line of
//! source after them.

use super::{Input, elasticsearch_indices};
use crate::action::{Action, Effect, Reach};
use crate::json;
use crate::protocol::declared::declaration::{action, merge};
use crate::refusal::Refusal;
use crate::value::Value;

pub(super) fn decode(input: Input<'_, '_, '_>, actions: &mut Vec<Action>) -> Result<(), Refusal> {
    let mut lines = input.view.source.text()?.split('\n');
    while let Some(line) = lines.next() {
        if line.trim().is_empty() {
            continue;
        }
        let line = json::parse(line)?;
        let Value::Object(members) = &line else {
            return Err(super::LINE);
        };
        let [(word, about)] = members.as_slice() else {
            return Err(super::LINE);
        };
        let effects: &[Effect] = match word.as_ref() {
            "create" => &[Effect::Insert],
            // It replaces an item that is there.
            "index" => &[Effect::Insert, Effect::Update],
            "update" => &[Effect::Update],
            "delete" => &[Effect::Delete],
            _ => return Err(super::LINE),
        };
        let mut effects = effects.to_vec();
        if word != "delete" {
            let source = lines.next().filter(|source| !source.trim().is_empty());
            let source = source.ok_or(super::LINE)?;
            // A script may delete what it is to update.
            if word == "update" && json::parse(source)?.member("script").is_some() {
                effects.push(Effect::Delete);
            }
        }
        for effect in effects {
            let names = elasticsearch_indices::named(about.member("_index"), input)?;
            merge(
                action(effect, &format!("bulk {word}"), Reach::Key, names),
                actions,
            )?;
        }
    }
    Ok(())
}
