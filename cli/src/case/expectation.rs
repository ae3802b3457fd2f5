//! The table of what a case can expect, and where in the outcome each is found.

use serde_json::{Value, json};

use super::Outcome;

/// One thing that a case can expect.
pub(super) struct Expectation {
    /// The key under `expect:`.
    pub(super) what: &'static str,
    /// What may be expected.
    pub(super) shape: Shape,
    /// What was found, put as the expectation is put.
    pub(super) found: fn(&Outcome, &Value) -> Value,
}

/// What values an expectation has.
#[derive(Clone, Copy)]
pub(super) struct Shape {
    pub(super) name: &'static str,
    pub(super) accepts: fn(&Value) -> bool,
}

const TEXT_OR_NULL: Shape = Shape {
    name: "text or null",
    accepts: |value| value.is_string() || value.is_null(),
};
const TEXTS: Shape = Shape {
    name: "a list of texts",
    accepts: |value| {
        let items = value.as_array();
        items.is_some_and(|items| items.iter().all(Value::is_string))
    },
};
const MEMBERS: Shape = Shape {
    name: "a mapping",
    accepts: Value::is_object,
};
const TEXT_OR_MEMBERS: Shape = Shape {
    name: "a text or a mapping",
    accepts: |value| value.is_string() || value.is_object(),
};
const STATUS: Shape = Shape {
    name: "a status of HTTP",
    accepts: |value| value.as_u64().is_some_and(|status| status < 1000),
};
const DECISION: Shape = Shape {
    name: "one of `allow`, `ask`, `deny`",
    accepts: |value| matches!(value.as_str(), Some("allow" | "ask" | "deny")),
};

/// Everything that a case can expect.
pub(super) const TABLE: &[Expectation] = &[
    of("decision", DECISION, |outcome, _| {
        outcome.record.get("decision").cloned().unwrap_or_default()
    }),
    of("rules", TEXTS, |outcome, _| list(outcome, "rules")),
    of("shadow", TEXTS, |outcome, _| list(outcome, "shadow")),
    of("approved", TEXTS, |outcome, _| list(outcome, "approved")),
    of("tagged", TEXTS, |outcome, _| list(outcome, "tagged")),
    of("tags", TEXTS, |outcome, _| list(outcome, "tags")),
    of("criteria", TEXTS, |outcome, _| list(outcome, "criteria")),
    of("errors", TEXTS, |outcome, _| errors(&outcome.record)),
    of("code", TEXT_OR_NULL, |outcome, _| one(outcome, "code")),
    of("status", STATUS, |outcome, _| json!(outcome.status)),
    of("reason", TEXT_OR_NULL, |outcome, _| one(outcome, "reason")),
    of("api", TEXT_OR_NULL, |outcome, _| one(outcome, "api")),
    of("protocol", TEXT_OR_NULL, |outcome, _| {
        one(outcome, "protocol")
    }),
    of("actions", TEXTS, |outcome, _| actions(&outcome.record)),
    of("statements", TEXTS, |outcome, _| {
        statements(&outcome.record)
    }),
    of("lineage", MEMBERS, |outcome, _| one(outcome, "lineage")),
    of("principal", MEMBERS, |outcome, expected| {
        let principal = one(outcome, "principal");
        part(&principal, expected)
    }),
    of("reply", MEMBERS, |outcome, expected| {
        part(&outcome.reply, expected)
    }),
    of("answer", TEXT_OR_MEMBERS, |outcome, expected| {
        part(&outcome.answer, expected)
    }),
    of("answer_has", TEXTS, |outcome, expected| {
        let said = text_of(&outcome.answer);
        let texts = expected.as_array().into_iter().flatten();
        let there = texts.filter(|text| text.as_str().is_some_and(|text| said.contains(text)));
        there.cloned().collect()
    }),
    of("record", MEMBERS, |outcome, expected| {
        part(&outcome.record, expected)
    }),
    of("absent", TEXTS, absent),
];

const fn of(what: &'static str, shape: Shape, found: fn(&Outcome, &Value) -> Value) -> Expectation {
    Expectation { what, shape, found }
}

fn one(outcome: &Outcome, name: &str) -> Value {
    outcome.record.get(name).cloned().unwrap_or_default()
}

/// A list that the record leaves out where it would be empty.
fn list(outcome: &Outcome, name: &str) -> Value {
    let found = outcome.record.get(name).cloned();
    found.unwrap_or_else(|| json!([]))
}

/// `delete all table:users`: effect, reach and resources, as a person would say it.
fn actions(record: &Value) -> Value {
    let said = each_action(record).map(|action| {
        let resources = action.get("resources").and_then(Value::as_array);
        let words = [action.get("effect"), action.get("reach")];
        let words = words
            .into_iter()
            .flatten()
            .chain(resources.into_iter().flatten());
        let words: Vec<&str> = words.filter_map(Value::as_str).collect();
        Value::from(words.join(" "))
    });
    said.collect()
}

/// `rule: word`: rules that took part though an expression of theirs had no answer.
fn errors(record: &Value) -> Value {
    let errors = record.get("errors").and_then(Value::as_array);
    let said = errors.into_iter().flatten().map(|error| {
        let word = |name| error.get(name).and_then(Value::as_str).unwrap_or_default();
        Value::from(format!("{}: {}", word("rule"), word("error")))
    });
    said.collect()
}

fn statements(record: &Value) -> Value {
    let statements = each_action(record).map(|action| action.get("statement"));
    let mut statements: Vec<Value> = statements.flatten().cloned().collect();
    statements.dedup();
    Value::Array(statements)
}

fn each_action(record: &Value) -> impl Iterator<Item = &Value> {
    let actions = record.get("actions").and_then(Value::as_array);
    actions.into_iter().flatten()
}

/// The members that are expected, out of all, at every depth.
fn part(found: &Value, expected: &Value) -> Value {
    match (found, expected) {
        (Value::Object(found), Value::Object(expected)) => {
            let members = expected.iter().map(|(name, expected)| {
                let found = found.get(name).unwrap_or(&Value::Null);
                (name.clone(), part(found, expected))
            });
            Value::Object(members.collect())
        }
        _ => found.clone(),
    }
}

/// A text as it stands, anything else as JSON.
fn text_of(value: &Value) -> String {
    value
        .as_str()
        .map_or_else(|| value.to_string(), str::to_owned)
}

/// Texts that must stand neither in the record nor in what the client gets.
fn absent(outcome: &Outcome, expected: &Value) -> Value {
    let answer = text_of(&outcome.answer);
    let said = format!("{}{}{answer}", outcome.record, outcome.reply);
    let texts = expected.as_array().into_iter().flatten();
    let gone = texts.filter(|text| text.as_str().is_some_and(|text| !said.contains(text)));
    gone.cloned().collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::part;

    #[test]
    fn a_fragment_is_compared_member_by_member() {
        let found = json!({"a": {"b": 1, "c": [1, 2]}, "d": null});
        let fragment = json!({"a": {"c": [1, 2]}, "e": null});
        assert_eq!(part(&found, &fragment), fragment);
        assert_ne!(
            part(&found, &json!({"a": {"c": [1]}})),
            json!({"a": {"c": [1]}})
        );
        assert_ne!(
            part(&found, &json!({"a": {"b": {}}})),
            json!({"a": {"b": {}}})
        );
    }
}
