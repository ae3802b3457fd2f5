//! The schema against the engine: documents that both take, and changes that both refuse.

use std::path::Path;

use lictor_engine::{config, document};
use serde_json::{Map, Value, json};

use crate::tree;

/// Whether a value is as a schema says, for the keywords that ours is made of.
fn accepts(schema: &Value, value: &Value) -> bool {
    let Some(keywords) = schema.as_object() else {
        panic!("expected a schema, found {schema}");
    };
    keywords
        .iter()
        .all(|(keyword, limit)| match keyword.as_str() {
            "$schema" | "title" | "description" => true,
            "additionalProperties" | "patternProperties" => true,
            "type" => of_type(limit, value),
            "enum" => limit.as_array().unwrap().contains(value),
            "minLength" => value.as_str().is_none_or(|text| !text.is_empty()),
            "minimum" => value
                .as_f64()
                .is_none_or(|number| number >= limit.as_f64().unwrap()),
            "maximum" => value
                .as_f64()
                .is_none_or(|number| number <= limit.as_f64().unwrap()),
            "pattern" => value
                .as_str()
                .is_none_or(|text| matches(limit.as_str().unwrap(), text)),
            "items" => value
                .as_array()
                .is_none_or(|items| items.iter().all(|item| accepts(limit, item))),
            "anyOf" => limit
                .as_array()
                .unwrap()
                .iter()
                .any(|one| accepts(one, value)),
            "oneOf" => {
                limit
                    .as_array()
                    .unwrap()
                    .iter()
                    .filter(|one| accepts(one, value))
                    .count()
                    == 1
            }
            "required" => value.as_object().is_none_or(|members| {
                limit
                    .as_array()
                    .unwrap()
                    .iter()
                    .all(|key| members.contains_key(key.as_str().unwrap()))
            }),
            "propertyNames" => value
                .as_object()
                .is_none_or(|members| members.keys().all(|key| accepts(limit, &json!(key)))),
            "properties" => value
                .as_object()
                .is_none_or(|members| properties(keywords, members)),
            other => panic!("unknown keyword {other}"),
        })
        && (keywords.contains_key("properties")
            || value
                .as_object()
                .is_none_or(|members| properties(keywords, members)))
}

fn properties(keywords: &Map<String, Value>, members: &Map<String, Value>) -> bool {
    members.iter().all(|(key, value)| {
        if let Some(own) = keywords.get("properties").and_then(|all| all.get(key)) {
            return accepts(own, value);
        }
        let patterns = keywords.get("patternProperties").and_then(Value::as_object);
        let mut patterns = patterns.into_iter().flatten();
        if let Some((_, own)) = patterns.find(|(pattern, _)| matches(pattern, key)) {
            return accepts(own, value);
        }
        match keywords.get("additionalProperties") {
            None | Some(Value::Bool(true)) => true,
            Some(Value::Bool(false)) => false,
            Some(schema) => accepts(schema, value),
        }
    })
}

fn of_type(limit: &Value, value: &Value) -> bool {
    let one = |name: &str| match name {
        "object" => value.is_object(),
        "array" => value.is_array(),
        "string" => value.is_string(),
        "integer" => value.is_i64() || value.is_u64(),
        "number" => value.is_number(),
        "boolean" => value.is_boolean(),
        "null" => value.is_null(),
        other => panic!("unknown type {other}"),
    };
    match limit {
        Value::Array(names) => names.iter().any(|name| one(name.as_str().unwrap())),
        name => one(name.as_str().unwrap()),
    }
}

/// The patterns of our schema, and no other.
fn matches(pattern: &str, text: &str) -> bool {
    let is_name = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_';
    let starts = |root: &str| {
        let rest = text.strip_prefix(root);
        rest.is_some_and(|rest| rest.starts_with(['.', '[']))
    };
    match pattern {
        "^[a-z0-9_-]{1,64}$" => {
            (1..=64).contains(&text.len()) && text.bytes().all(|byte| is_name(byte) || byte == b'-')
        }
        "^[a-z_][a-z0-9_]{0,63}$" => {
            (1..=64).contains(&text.len())
                && text.bytes().all(is_name)
                && !text.starts_with(|first: char| first.is_ascii_digit())
        }
        r"^\$" => text.starts_with('$'),
        r"^claims[.\[]" => starts("claims"),
        r"^(claims|request\.body)[.\[]" => starts("claims") || starts("request.body"),
        other => panic!("unknown pattern {other}"),
    }
}

/// Documents that the engine takes: those of the project, and one with every key.
fn documents() -> Vec<Value> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let read = |path: &str| std::fs::read_to_string(root.join(path)).unwrap();
    let whole = include_str!("tests/whole.yaml").to_owned();
    let texts = [
        read("envoy/lictor.yaml"),
        read("tests/corpus/policy.yaml"),
        whole,
    ];
    let parsed = texts.iter().map(|text| {
        if let Err(mistakes) = config::compile(text.as_bytes()) {
            panic!("{mistakes:?}");
        }
        tree::json(&document::read(text.as_bytes()).unwrap())
    });
    parsed.collect()
}

#[test]
fn every_document_of_the_project_is_as_the_schema_says() {
    let schema = super::document();
    for document in documents() {
        assert!(accepts(&schema, &document), "{document:#}");
    }
}

#[test]
fn every_key_of_the_document_is_in_the_schema() {
    let mistakes = config::compile(b"zzzzzzzzzzzzzzzzzzzz: 1\n").unwrap_err();
    let unknown = mistakes
        .iter()
        .find(|one| one.code == "document.unknown_key");
    let keys: Vec<&str> = unknown
        .unwrap()
        .message
        .split('`')
        .skip(3)
        .step_by(2)
        .collect();
    assert!(keys.len() > 10, "{keys:?}");
    let schema = super::document();
    for key in keys {
        assert!(schema["properties"].get(key).is_some(), "{key}");
    }
}

/// Puts an unknown key into each mapping in turn, and a list of lists in place of each value.
fn spoiled(value: &Value, put: &mut dyn FnMut(Value), rebuild: &dyn Fn(Value) -> Value) {
    match value {
        Value::Object(members) => {
            let mut more = members.clone();
            more.insert("zz top".to_owned(), json!(1));
            put(rebuild(Value::Object(more)));
            for (key, member) in members {
                let again = |inner: Value| {
                    let mut changed = members.clone();
                    changed.insert(key.clone(), inner);
                    rebuild(Value::Object(changed))
                };
                put(again(json!([[[1]]])));
                spoiled(member, put, &again);
            }
        }
        Value::Array(items) => {
            for (place, item) in items.iter().enumerate() {
                let again = |inner: Value| {
                    let mut changed = items.clone();
                    changed[place] = inner;
                    rebuild(Value::Array(changed))
                };
                spoiled(item, put, &again);
            }
        }
        _ => {}
    }
}

/// What the schema refuses, the engine must refuse: else an editor would underline what is right.
#[test]
fn what_the_schema_refuses_the_engine_refuses() {
    let schema = super::document();
    let (mut refused, mut all) = (0, 0);
    for document in documents() {
        spoiled(
            &document,
            &mut |spoiled| {
                all += 1;
                if accepts(&schema, &spoiled) {
                    return;
                }
                refused += 1;
                let text = spoiled.to_string();
                assert!(config::compile(text.as_bytes()).is_err(), "{text}");
            },
            &|value| value,
        );
    }
    assert!(
        all > 200 && refused * 10 > all * 9,
        "{refused} of {all} refused"
    );
}
