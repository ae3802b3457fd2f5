//! The few shapes that a document is made of.

use serde_json::{Value, json};

/// Text that is not empty.
pub(super) fn text() -> Value {
    json!({"type": "string", "minLength": 1})
}

/// One text or a list of them.
pub(super) fn texts() -> Value {
    one_or_list(&text())
}

/// One of these words.
pub(super) fn words<'w>(words: impl IntoIterator<Item = &'w str>) -> Value {
    json!({"enum": words.into_iter().collect::<Vec<_>>()})
}

/// A thing, or a list of such things.
pub(super) fn one_or_list(item: &Value) -> Value {
    json!({"anyOf": [item, {"type": "array", "items": item}]})
}

/// A name that serves in metrics and records.
pub(super) fn name() -> Value {
    json!({"type": "string", "pattern": "^[a-z0-9_-]{1,64}$"})
}

/// A mapping with these keys and no other.
pub(super) fn mapping(required: &[&str], properties: Value) -> Value {
    json!({
        "type": "object",
        "required": required,
        "properties": properties,
        "additionalProperties": false,
    })
}

/// A mapping whose keys are the author's own.
pub(super) fn each(value: &Value) -> Value {
    json!({"type": "object", "additionalProperties": value})
}

/// A list.
pub(super) fn list(item: &Value) -> Value {
    json!({"type": "array", "items": item})
}

/// The same with a word for whoever writes it.
pub(super) fn about(description: &str, mut schema: Value) -> Value {
    if let Some(members) = schema.as_object_mut() {
        members.insert("description".to_owned(), json!(description));
    }
    schema
}
