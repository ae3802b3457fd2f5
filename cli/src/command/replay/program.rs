//! A tally to one JSON object, in the shape that `docs/cli.md` describes.

use serde_json::{Value, json};

use super::tally::{Group, Tally};

/// The object.
pub(super) fn json(tally: &Tally) -> Value {
    let changes = tally.changes.iter().map(|(change, groups)| {
        let principals = groups.iter().map(|(who, group)| {
            json!({"principal": who, "calls": group.count, "examples": group.examples})
        });
        json!({
            "from": change.from,
            "to": change.to,
            "rule": change.rule,
            "calls": groups.values().map(|group| group.count).sum::<usize>(),
            "principals": principals.collect::<Value>(),
        })
    });
    let unknown = tally.unknown.iter().map(|(what, group): (_, &Group)| {
        json!({"without": what, "calls": group.count, "examples": group.examples})
    });
    json!({
        "records": tally.records(),
        "same": tally.same,
        "changed": tally.changed(),
        "unknown": tally.unknown_ones(),
        "unread": tally.unread,
        "lines_without_record": tally.without_record,
        "changes": changes.collect::<Value>(),
        "not_told": unknown.collect::<Value>(),
        "shadow": tally.shadow,
    })
}
