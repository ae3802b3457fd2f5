//! The order of keys, by the way to their mapping.

/// The deepest way in the table: how many steps it has.
pub(super) const DEEPEST: usize = 3;

const DOCUMENT: &[&str] = &[
    "lictor",
    "pack",
    "about",
    "environment",
    "packs",
    "include",
    "identity",
    "schemas",
    "apis",
    "unmatched",
    "types",
    "data",
    "lists",
    "vars",
    "rules",
    "mode",
    "time_zone",
    "default",
    "record",
    "limits",
    "self_test",
];
const RULE: &[&str] = &[
    "id", "effect", "mode", "match", "when", "except", "unless", "approved", "tag", "criteria",
    "reason", "advice",
];
const API: &[&str] = &["name", "match", "environment", "sql", "http"];
const DATA: &[&str] = &[
    "label",
    "tables",
    "columns",
    "paths",
    "methods",
    "tools",
    "functions",
];
const SCHEMA: &[&str] = &["name", "search_path", "tables"];
const PACK: &[&str] = &["name", "mode", "without"];
const CASE_FILE: &[&str] = &["policy", "cases"];
const CASE: &[&str] = &[
    "name", "as", "tokens", "peer", "at", "api", "sql", "request", "expect",
];
const REQUEST: &[&str] = &[
    "method", "host", "path", "headers", "body", "json", "body_hex",
];

/// Each way with its keys in order. A step is a key or `[]`, any item of a list.
const TABLE: &[(&str, &[&str])] = &[
    ("rules.[]", RULE),
    ("apis.[]", API),
    ("data.[]", DATA),
    ("schemas.[]", SCHEMA),
    ("packs.[]", PACK),
    ("policy", DOCUMENT),
    ("policy.rules.[]", RULE),
    ("policy.apis.[]", API),
    ("policy.data.[]", DATA),
    ("policy.packs.[]", PACK),
    ("cases.[]", CASE),
    ("cases.[].request", REQUEST),
    ("[]", RULE),
];

/// The keys of the mapping at the end of a way, in order; nothing where any order will do.
pub(super) fn keys(way: &[String], has: impl Fn(&str) -> bool) -> Option<&'static [&'static str]> {
    if way.is_empty() {
        return Some(if has("cases") { CASE_FILE } else { DOCUMENT });
    }
    let way = way.join(".");
    let found = TABLE.iter().find(|(known, _)| *known == way);
    found.map(|(_, keys)| *keys)
}

/// The places of keys in their order; those that nobody knows stay behind the others as they
/// are. Nothing where they stand in order already.
pub(super) fn places(names: &[&str], keys: &[&str]) -> Option<Vec<usize>> {
    let rank = |name: &str| {
        let known = keys.iter().position(|key| *key == name);
        known.unwrap_or(keys.len())
    };
    let mut places: Vec<usize> = (0..names.len()).collect();
    places.sort_by_key(|place| names.get(*place).map(|name| rank(name)));
    let is_ordered = places
        .iter()
        .enumerate()
        .all(|(index, place)| index == *place);
    (!is_ordered).then_some(places)
}
