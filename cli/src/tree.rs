//! A node of a document to the JSON value that it stands for.

use lictor_engine::document::{Content, Node};
use serde_json::Value;

/// Beyond this a number in a document is not surely the one that was written.
const WHOLE_MOST: f64 = 9_007_199_254_740_992.0;

/// The node as JSON.
pub fn json(node: &Node) -> Value {
    match &node.content {
        Content::Null => Value::Null,
        Content::Bool(value) => Value::from(*value),
        Content::Number(value) => number(*value),
        Content::Text(text) => Value::from(text.as_str()),
        Content::List(nodes) => nodes.iter().map(json).collect(),
        Content::Mapping(entries) => {
            let members = entries.iter();
            Value::Object(
                members
                    .map(|(key, node)| (key.text.clone(), json(node)))
                    .collect(),
            )
        }
    }
}

fn number(value: f64) -> Value {
    if value.fract() == 0.0 && value.abs() <= WHOLE_MOST {
        #[expect(clippy::cast_possible_truncation, reason = "whole and within 2^53")]
        let whole = value as i64;
        return Value::from(whole);
    }
    Value::from(value)
}

/// The value of a key of a mapping.
pub fn member<'n>(node: &'n Node, name: &str) -> Option<&'n Node> {
    let Content::Mapping(entries) = &node.content else {
        return None;
    };
    let mut entries = entries.iter();
    entries
        .find(|(key, _)| key.text == name)
        .map(|(_, node)| node)
}

/// The items of a list, or the node itself as the only one.
pub fn each(node: &Node) -> &[Node] {
    match &node.content {
        Content::List(nodes) => nodes,
        _ => std::slice::from_ref(node),
    }
}

/// The text that a node is.
pub fn text(node: &Node) -> Option<&str> {
    match &node.content {
        Content::Text(text) => Some(text),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use lictor_engine::document;
    use serde_json::json;

    #[test]
    fn numbers_stay_what_they_are() {
        let node = document::read(b"[1, 2.5, -3, 1e300, true, ~, '1']").unwrap();
        assert_eq!(
            super::json(&node),
            json!([1, 2.5, -3, 1e300, true, null, "1"])
        );
    }
}
