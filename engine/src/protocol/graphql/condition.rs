//! A condition as an object of columns and operators: whether it lets every row through.
//!
//! Hasura and the filter plug-in of PostGraphile write conditions in this way, with other words
//! for the same. It is judged as the same condition in SQL is. What nobody knows the meaning of
//! counts as letting through.

use crate::action::Cause;
use crate::sql::{Comparison, Condition, Operand};
use crate::value::Value;

/// Most parts of one conjunction or disjunction; of more nothing is told.
const PARTS: usize = 64;
/// Deepest nesting that is judged. Keeps what is made of it from being too deep to be let go.
const DEPTH: usize = 16;

/// Why every row passes, where that can't be ruled out.
pub(super) fn lets_all_through(condition: &Value<'_>) -> Option<Cause> {
    match condition {
        Value::Object(members) if members.is_empty() => Some(Cause::NoCondition),
        Value::Null => Some(Cause::NoCondition),
        _ if surely_restricts(condition) => None,
        _ => Place::default().condition(condition).lets_all_through(),
    }
}

/// Whether a column is compared with a value where everything else must hold as well: then
/// nothing needs to be judged.
fn surely_restricts(condition: &Value<'_>) -> bool {
    let Value::Object(members) = condition else {
        return false;
    };
    members.iter().any(|(name, value)| match (&**name, value) {
        ("_eq" | "_gt" | "_lt" | "_lte" | "equalTo", operand) => operand_of(operand).is_some(),
        ("none" | "predicate", _) => false,
        (name, Value::Object(_)) if joint(name).is_none() => surely_restricts(value),
        _ => false,
    })
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

/// Where in a condition something stands.
#[derive(Debug, Clone, Default)]
struct Place {
    /// The relations that lead there and the column, with dots between; empty at the top.
    path: String,
    /// Whether what holds here makes the whole fail.
    is_denied: bool,
    depth: usize,
}

impl Place {
    fn denied(&self) -> Self {
        Self {
            is_denied: !self.is_denied,
            ..self.clone()
        }
    }

    fn under(&self, name: &str) -> Self {
        let path = match self.path.is_empty() {
            true => name.to_owned(),
            false => format!("{}.{name}", self.path),
        };
        Self {
            path,
            ..self.clone()
        }
    }

    /// What nobody knows the meaning of.
    fn vague(&self) -> Condition {
        Condition::constant(!self.is_denied)
    }

    fn condition(&self, value: &Value<'_>) -> Condition {
        let place = Self {
            depth: self.depth.saturating_add(1),
            ..self.clone()
        };
        match value {
            _ if place.depth > DEPTH => self.vague(),
            Value::Object(members) if members.len() <= PARTS => {
                let parts = members.iter();
                Condition::all(parts.map(|(name, value)| place.member(name, value)))
            }
            Value::List(items) if (1..=PARTS).contains(&items.len()) => place.any(items),
            Value::Number(_) | Value::Text(_) | Value::Bool(_) => self.asks("is", value),
            _ => self.vague(),
        }
    }

    fn any(&self, items: &[Value<'_>]) -> Condition {
        Condition::any(items.iter().map(|item| self.condition(item)))
    }

    fn member(&self, name: &str, value: &Value<'_>) -> Condition {
        let parts = value.each();
        match (joint(name), value) {
            (_, Value::Null) => self.vague(),
            (Some(_), _) if parts.len() > PARTS => self.vague(),
            (Some(Joint::And), _) => Condition::all(parts.iter().map(|part| self.condition(part))),
            (Some(Joint::Or), _) => self.any(parts),
            (Some(Joint::Not), _) => self.denied().condition(value).denied(),
            (None, Value::Object(inner)) => match name {
                _ if self.compares(name, inner) => self.comparison(name, value),
                "none" if !self.path.is_empty() => self.denied().condition(value).denied(),
                "count" if self.is_aggregate() => self.count(value),
                _ => self.under(name).condition(value),
            },
            (None, _) if !self.path.is_empty() && is_operator(name) => self.comparison(name, value),
            (None, _) if name.starts_with('_') => self.vague(),
            (None, _) => self.under(name).asks("is", value),
        }
    }

    /// Whether an object under that name is what a column is compared with, and no column.
    fn compares(&self, name: &str, inner: &[(std::borrow::Cow<'_, str>, Value<'_>)]) -> bool {
        let is_column = inner.iter().all(|(name, _)| is_operator(name));
        !self.path.is_empty() && is_operator(name) && !is_column
    }

    fn is_aggregate(&self) -> bool {
        self.path.ends_with("_aggregate") || self.path.ends_with("Aggregate")
    }

    /// `orders_aggregate: {count: {predicate: {_gt: 3}}}`
    fn count(&self, value: &Value<'_>) -> Condition {
        let Some(Value::Object(operators)) = value.member("predicate") else {
            return self.vague();
        };
        Condition::all(operators.iter().map(|(operator, operand)| {
            match (ordered(&plain(operator)), operand_of(operand)) {
                (Some(comparison), Some(operand)) => {
                    Condition::counts(&self.path, comparison, operand)
                }
                _ => self.vague(),
            }
        }))
    }

    /// Something about the column that other questions in the same words are the same as.
    fn asks(&self, question: &str, operand: &Value<'_>) -> Condition {
        let text = serde_json::to_string(operand).unwrap_or_default();
        Condition::asks(&self.path, question, Operand::Text(text))
    }

    fn comparison(&self, operator: &str, operand: &Value<'_>) -> Condition {
        self.compared(&plain(operator), operand)
    }

    fn compared(&self, word: &str, operand: &Value<'_>) -> Condition {
        const DENIALS: [&str; 10] = [
            "neq",
            "nin",
            "nlike",
            "nilike",
            "nsimilar",
            "nregex",
            "niregex",
            "nincludes",
            "nstartswith",
            "nendswith",
        ];
        if DENIALS.contains(&word) {
            let base = word.strip_prefix('n').unwrap_or(word);
            return self.denied().compared(base, operand).denied();
        }
        if let (Some(comparison), Some(value)) = (ordered(word), operand_of(operand)) {
            // Every text is at least the empty one.
            let is_least = word == "gte" && *operand == Value::from("");
            return match is_least {
                true => self.vague(),
                false => Condition::compares(&self.path, comparison, value),
            };
        }
        match (word, operand) {
            (_, Value::Null) => self.vague(),
            ("in", Value::List(items)) if items.len() <= PARTS => {
                Condition::any(items.iter().map(|item| self.compared("eq", item)))
            }
            // Every row of most columns has a value.
            ("isnull", Value::Bool(is_null)) if *is_null == self.is_denied => self.vague(),
            ("isnull", Value::Bool(true)) => Condition::is_null(&self.path),
            ("isnull", Value::Bool(false)) => Condition::is_null(&self.path).denied(),
            ("cast", Value::Object(casts)) => Condition::all(
                casts
                    .iter()
                    .map(|(kind, inner)| self.under(kind).condition(inner)),
            ),
            ("regex" | "iregex", Value::Text(pattern)) if !lets_all_match(word, pattern) => {
                let pattern = Operand::Text(pattern.clone().into_owned());
                Condition::compares(&self.path, Comparison::Matches, pattern)
            }
            (_, Value::Text(pattern)) if lets_all_match(word, pattern) => self.vague(),
            ("contains" | "haskeysall", Value::List(keys)) if keys.is_empty() => self.vague(),
            ("contains" | "haskeysall", Value::Object(keys)) if keys.is_empty() => self.vague(),
            _ => self.asks(word, operand),
        }
    }
}

/// The comparison of a word that asks for an order.
fn ordered(word: &str) -> Option<Comparison> {
    Some(match word {
        "eq" => Comparison::Equal,
        "gt" => Comparison::Greater,
        "gte" => Comparison::AtLeast,
        "lt" => Comparison::Less,
        "lte" => Comparison::AtMost,
        _ => return None,
    })
}

/// A value that is no list, no object and not null.
fn operand_of(value: &Value<'_>) -> Option<Operand> {
    match value {
        Value::Bool(truth) => Some(Operand::Truth(*truth)),
        Value::Number(number) => Some(Operand::Number(number.to_string())),
        Value::Text(text) => Some(Operand::Text(text.clone().into_owned())),
        _ => None,
    }
}

/// Whether a pattern of that operator says next to nothing of what it matches.
fn lets_all_match(word: &str, pattern: &str) -> bool {
    let mut is_escaped = false;
    let mut letters = pattern.chars().filter(|letter| {
        let counts = !is_escaped && letter.is_alphanumeric();
        is_escaped = *letter == '\\' && !is_escaped;
        counts
    });
    match word {
        "like" | "ilike" => pattern.contains('%') && pattern.chars().all(|one| "%_".contains(one)),
        "similar" | "regex" | "iregex" => {
            let open = ["(|", "||", "|)"];
            letters.next().is_none()
                || pattern.starts_with('|')
                || pattern.ends_with('|')
                || open.iter().any(|part| pattern.contains(part))
                || word == "similar" && pattern.split('|').any(|one| one == "%")
        }
        "matches" | "matchesfulltext" => letters.next().is_none(),
        "includes" | "startswith" | "endswith" => pattern.is_empty(),
        _ => false,
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
        "notincludes" => "nincludes",
        "notstartswith" => "nstartswith",
        "notendswith" => "nendswith",
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

    fn lets_all(text: &str) -> bool {
        lets_all_through(&json::parse(text).unwrap()).is_some()
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
            r#"{"_or": [{"id": {"_gt": 5}}, {"id": {"_lt": 10}}]}"#,
            r#"{"_not": {"_and": [{"id": {"_eq": 1}}, {"id": {"_neq": 1}}]}}"#,
            r#"{"_not": {"id": {"_eq": 1, "_neq": 1}}}"#,
            r#"{"_not": {"id": {"_is_null": true}}}"#,
            r#"{"_or": [{"_and": [{"id": {"_eq": 1}}]}, {"id": {"_neq": 1}}]}"#,
            r#"{"_or": [{"id": {"_eq": 1}}, {"_or": [{"id": {"_neq": 1}}]}]}"#,
            r#"{"_or": [{"id": {"_in": [1, 2]}}, {"id": {"_neq": 1}}]}"#,
            r#"{"_or": [{"id": {"_eq": 1}}, {"_not": {"_and": [{"id": {"_eq": 1}}]}}]}"#,
            r#"{"_or": [{"name": {"_ilike": "a%"}}, {"name": {"_nilike": "a%"}}]}"#,
            r#"{"_or": [{"a": {"_has_key": "x"}}, {"_not": {"a": {"_has_key": "x"}}}]}"#,
            r#"{"_not": {"id": {"_in": []}}}"#,
            r#"{"_not": {"id": {"_eq": null}}}"#,
            r#"{"name": {"_regex": "a*"}}"#,
            r#"{"name": {"_regex": "a|"}}"#,
            r#"{"name": {"_regex": "\\w"}}"#,
            r#"{"name": {"_like": "%_%"}}"#,
            r#"{"name": {"_similar": "%|a"}}"#,
            r#"{"name": {"_gte": ""}}"#,
            r#"{"owner": {"_id": {}}}"#,
            r#"{"data": {"_contains": []}}"#,
            r#"{"id": {"_cast": {"String": {"_like": "%"}}}}"#,
            r#"{"orders_aggregate": {"count": {"predicate": {"_gte": 0}}}}"#,
            r#"{"orders": {"none": {"id": {"in": []}}}}"#,
            r#"[{"id": {"_eq": 1}}, {}]"#,
            "[null]",
        ] {
            assert!(lets_all(text), "{text}");
        }
    }

    #[test]
    fn what_is_too_large_to_be_judged_restricts_nothing() {
        let part = r#"{"id": {"_ilike": "a"}},"#;
        let many = format!(
            r#"{{"_or": [{}{{"b": {{"_eq": 1}}}}]}}"#,
            part.repeat(PARTS)
        );
        let deep = format!(
            "{}{{\"id\": {{\"_ilike\": \"a\"}}}}{}",
            r#"{"_and": "#.repeat(20),
            "}".repeat(20)
        );
        assert!(lets_all(&many) && lets_all(&deep));
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
            r#"{"_or": []}"#,
            r#"{"id": {"_in": []}}"#,
            r#"{"_not": {}}"#,
            r#"{"_id": {"_eq": 1}}"#,
            r#"{"id": {"_in": [1, 2]}}"#,
            r#"{"data": {"_contains": {"a": 1}}}"#,
            r#"{"orders_aggregate": {"count": {"predicate": {"_gt": 3}}}}"#,
            r#"{"_or": [{"id": {"_gt": 10}}, {"id": {"_lt": 5}}]}"#,
            r#"[{"id": {"_eq": 1}}]"#,
            "[1, 2]",
        ] {
            assert!(!lets_all(text), "{text}");
        }
    }
}
