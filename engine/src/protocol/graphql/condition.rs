//! A condition as an object of columns and operators: what it lets through.
//!
//! Hasura and the filter plug-in of PostGraphile write conditions in this way, with other words
//! for the same. A condition is only taken to restrict where it surely does.

use crate::action::Cause;
use crate::value::Value;

/// Whether a row passes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Truth {
    /// Every row does.
    Always(Cause),
    /// Some do.
    Sometimes,
    /// None does.
    Never,
}

/// What a condition lets through. The depth of values is bounded where they are read.
pub(super) fn truth(condition: &Value<'_>) -> Truth {
    let Value::Object(members) = condition else {
        return Truth::Always(Cause::NoCondition);
    };
    if members.is_empty() {
        return Truth::Always(Cause::NoCondition);
    }
    match all(members.iter().map(|(name, value)| member(name, value))) {
        Truth::Always(_) => Truth::Always(Cause::AlwaysTrue),
        other => other,
    }
}

/// A word that joins conditions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Joint {
    And,
    Or,
    Not,
}

/// The word that joins conditions, if it is one.
pub(super) fn joint(name: &str) -> Option<Joint> {
    match name {
        "_and" | "and" => Some(Joint::And),
        "_or" | "or" => Some(Joint::Or),
        "_not" | "not" => Some(Joint::Not),
        _ => None,
    }
}

fn member(name: &str, value: &Value<'_>) -> Truth {
    match (joint(name), value) {
        (_, Value::Null) => Truth::Always(Cause::NoCondition),
        (Some(Joint::And), _) => all(value.each().iter().map(truth)),
        (Some(Joint::Or), _) => any(value.each()),
        (Some(Joint::Not), _) => match truth(value) {
            Truth::Always(_) => Truth::Never,
            Truth::Sometimes => Truth::Sometimes,
            Truth::Never => Truth::Always(Cause::AlwaysTrue),
        },
        // Nobody knows what such a word means here.
        (None, _) if name.starts_with('_') && !matches!(value, Value::Object(_)) => {
            Truth::Always(Cause::AlwaysTrue)
        }
        (None, Value::Object(operators)) => {
            all(operators
                .iter()
                .map(|(operator, operand)| match is_operator(operator) {
                    true => comparison(&plain(operator), operand),
                    false => member(operator, operand),
                }))
        }
        (None, _) => Truth::Sometimes,
    }
}

fn all(parts: impl Iterator<Item = Truth>) -> Truth {
    let mut all = Truth::Always(Cause::AlwaysTrue);
    for part in parts {
        match part {
            Truth::Never => return Truth::Never,
            Truth::Sometimes => all = Truth::Sometimes,
            Truth::Always(_) => {}
        }
    }
    all
}

fn any(parts: &[Value<'_>]) -> Truth {
    let mut any = Truth::Never;
    for part in parts {
        match truth(part) {
            Truth::Always(_) => return Truth::Always(Cause::AlwaysTrue),
            Truth::Sometimes => any = Truth::Sometimes,
            Truth::Never => {}
        }
    }
    match exhausts(parts) {
        true => Truth::Always(Cause::AlwaysTrue),
        false => any,
    }
}

/// Whether two of the parts leave nothing out: `x = 1 or x <> 1`, `c or not c`.
fn exhausts(parts: &[Value<'_>]) -> bool {
    /// More pairs than this are taken to leave nothing out.
    const MOST: usize = 64;
    if parts.len() > MOST {
        return true;
    }
    parts.iter().enumerate().any(|(index, one)| {
        let rest = parts.iter().skip(index.saturating_add(1));
        rest.into_iter().any(|other| are_opposite(one, other))
    })
}

fn are_opposite(one: &Value<'_>, other: &Value<'_>) -> bool {
    let denies = |one: &Value<'_>, other: &Value<'_>| match only(one) {
        Some((name, inner)) => joint(name) == Some(Joint::Not) && inner == other,
        None => false,
    };
    if denies(one, other) || denies(other, one) {
        return true;
    }
    let (Some((column, left)), Some((same, right))) = (only(one), only(other)) else {
        return false;
    };
    if column != same {
        return false;
    }
    match (only(left), only(right)) {
        (Some((one, left)), Some((other, right))) => {
            let (one, other) = (plain(one), plain(other));
            match (left, right) {
                (Value::Bool(left), Value::Bool(right)) if one == "isnull" && other == "isnull" => {
                    left != right
                }
                // Two values that a row can't both have: one of `<> 1` and `<> 2` holds.
                _ if one == "neq" && other == "neq" => left != right,
                _ => left == right && are_complements(&one, &other),
            }
        }
        _ => false,
    }
}

fn are_complements(one: &str, other: &str) -> bool {
    const PAIRS: [(&str, &str); 9] = [
        ("eq", "neq"),
        ("in", "nin"),
        ("gt", "lte"),
        ("gte", "lt"),
        ("gte", "lte"),
        ("like", "nlike"),
        ("ilike", "nilike"),
        ("regex", "nregex"),
        ("similar", "nsimilar"),
    ];
    PAIRS.contains(&(one, other)) || PAIRS.contains(&(other, one))
}

/// The one member of an object that has no other.
fn only<'v, 'a>(value: &'v Value<'a>) -> Option<(&'v str, &'v Value<'a>)> {
    match value {
        Value::Object(members) => match members.as_slice() {
            [(name, value)] => Some((name, value)),
            _ => None,
        },
        _ => None,
    }
}

fn comparison(operator: &str, operand: &Value<'_>) -> Truth {
    let always = Truth::Always(Cause::AlwaysTrue);
    match (operator, operand) {
        (_, Value::Null) => Truth::Always(Cause::NoCondition),
        ("in", Value::List(items)) if items.is_empty() => Truth::Never,
        ("nin", Value::List(items)) if items.is_empty() => always,
        // Every row of most columns has a value.
        ("isnull", Value::Bool(false)) => Truth::Always(Cause::SelfComparison),
        ("like" | "ilike" | "similar", Value::Text(pattern)) => {
            passes(!pattern.is_empty() && pattern.chars().all(|letter| letter == '%'))
        }
        ("regex" | "iregex", Value::Text(pattern)) => {
            let bare = pattern.trim_start_matches('^').trim_end_matches('$');
            let has_letters = bare.chars().any(char::is_alphanumeric);
            passes(!has_letters)
        }
        ("includes" | "startswith" | "endswith", Value::Text(text)) => passes(text.is_empty()),
        ("cast" | "contains" | "haskeysall", Value::Object(members)) if members.is_empty() => {
            always
        }
        ("cast", Value::Object(casts)) => all(casts.iter().map(|(_, inner)| match inner {
            Value::Object(operators) => all(operators
                .iter()
                .map(|(operator, operand)| comparison(&plain(operator), operand))),
            _ => always,
        })),
        ("haskeysall", Value::List(keys)) => passes(keys.is_empty()),
        _ => Truth::Sometimes,
    }
}

fn passes(always: bool) -> Truth {
    match always {
        true => Truth::Always(Cause::AlwaysTrue),
        false => Truth::Sometimes,
    }
}

/// Whether a name compares a column with a value, rather than leading to another table.
pub(super) fn is_operator(name: &str) -> bool {
    const WORDS: [&str; 19] = [
        "isNull",
        "equalTo",
        "notEqualTo",
        "distinctFrom",
        "notDistinctFrom",
        "in",
        "notIn",
        "lessThan",
        "lessThanOrEqualTo",
        "greaterThan",
        "greaterThanOrEqualTo",
        "like",
        "notLike",
        "likeInsensitive",
        "includes",
        "includesInsensitive",
        "startsWith",
        "endsWith",
        "contains",
    ];
    name.starts_with('_') && joint(name).is_none()
        || WORDS.contains(&name)
        || name.ends_with("Insensitive")
}

/// The one word for an operator that both dialects have.
fn plain(operator: &str) -> String {
    let bare = operator.trim_start_matches('_').replace('_', "");
    let bare = bare.to_ascii_lowercase();
    let bare = bare.strip_suffix("insensitive").unwrap_or(&bare);
    match bare {
        "equalto" | "notdistinctfrom" => "eq",
        "notequalto" | "distinctfrom" | "ne" => "neq",
        "notin" => "nin",
        "lessthan" => "lt",
        "lessthanorequalto" => "lte",
        "greaterthan" => "gt",
        "greaterthanorequalto" => "gte",
        "notlike" => "nlike",
        other => other,
    }
    .to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json;
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    fn of(text: &str) -> Truth {
        truth(&json::parse(text).unwrap())
    }

    #[test]
    fn what_restricts_nothing_is_seen() {
        for text in [
            "null",
            "{}",
            r#"{"_and": []}"#,
            r#"{"_and": [{}]}"#,
            r#"{"_and": {}}"#,
            r#"{"_not": {"_or": []}}"#,
            r#"{"_or": [{"id": {"_eq": 1}}, {}]}"#,
            r#"{"_or": [{"id": {"_eq": 1}}, {"id": {"_neq": 1}}]}"#,
            r#"{"_or": [{"id": {"_neq": 1}}, {"id": {"_neq": 2}}]}"#,
            r#"{"_or": [{"id": {"_eq": 1}}, {"_not": {"id": {"_eq": 1}}}]}"#,
            r#"{"_or": [{"id": {"_is_null": true}}, {"id": {"_is_null": false}}]}"#,
            r#"{"or": [{"id": {"lessThan": 1}}, {"id": {"greaterThanOrEqualTo": 1}}]}"#,
            r#"{"id": {}}"#,
            r#"{"id": {"_eq": null}}"#,
            r#"{"id": {"_nin": []}}"#,
            r#"{"id": {"_is_null": false}}"#,
            r#"{"name": {"_ilike": "%%"}}"#,
            r#"{"name": {"_regex": ".*"}}"#,
            r#"{"name": {"startsWith": ""}}"#,
            r#"{"owner": {"team": {}}}"#,
            r#"{"data": {"_contains": {}}}"#,
            r#"{"_unheard_of": true}"#,
        ] {
            assert!(matches!(of(text), Truth::Always(_)), "{text}");
        }
    }

    #[test]
    fn what_restricts_is_seen_too() {
        for text in [
            r#"{"id": {"_eq": 1}}"#,
            r#"{"_and": [{}, {"id": {"_eq": 1}}]}"#,
            r#"{"_or": [{"id": {"_eq": 1}}, {"id": {"_eq": 2}}]}"#,
            r#"{"_or": {"id": {"_eq": 1}}}"#,
            r#"{"_not": {"id": {"_eq": 1}}}"#,
            r#"{"name": {"_like": "a%"}}"#,
            r#"{"owner": {"team": {"_eq": "x"}}}"#,
            r#"{"name": {"equalTo": "x"}}"#,
        ] {
            assert_eq!(of(text), Truth::Sometimes, "{text}");
        }
        assert_eq!(of(r#"{"_or": []}"#), Truth::Never);
        assert_eq!(of(r#"{"id": {"_in": []}}"#), Truth::Never);
        assert_eq!(of(r#"{"_not": {}}"#), Truth::Never);
    }
}
