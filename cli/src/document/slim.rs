//! An OpenAPI document to what the filter reads of it.
//!
//! Guarantees that a name that the API gives (of a path, a property, a component) stays, whatever
//! it is called.

use lictor_engine::document::{Content, Node};

/// Keys of prose and of what is there for people only.
const FOR_PEOPLE: [&str; 12] = [
    "contact",
    "description",
    "example",
    "examples",
    "externalDocs",
    "license",
    "links",
    "securitySchemes",
    "summary",
    "tags",
    "termsOfService",
    "title",
];

/// Keys whose members are named by the API.
const NAMED: [&str; 14] = [
    "$defs",
    "callbacks",
    "content",
    "dependentSchemas",
    "encoding",
    "headers",
    "parameters",
    "pathItems",
    "paths",
    "patternProperties",
    "properties",
    "requestBodies",
    "responses",
    "schemas",
];

/// The document without prose. The depth was bounded when the file was read.
pub(super) fn openapi(node: &Node) -> Node {
    slim(node, false)
}

fn slim(node: &Node, holds_names: bool) -> Node {
    let content = match &node.content {
        Content::Mapping(entries) => {
            let kept = entries
                .iter()
                .filter(|(key, _)| holds_names || !is_for_people(&key.text));
            Content::Mapping(
                kept.map(|(key, node)| {
                    let is_named = !holds_names && NAMED.contains(&key.text.as_str());
                    let is_ours = key.text == "x-lictor";
                    let node = if is_ours {
                        node.clone()
                    } else {
                        slim(node, is_named)
                    };
                    (key.clone(), node)
                })
                .collect(),
            )
        }
        Content::List(items) => Content::List(items.iter().map(|item| slim(item, false)).collect()),
        other => other.clone(),
    };
    Node {
        position: node.position,
        content,
    }
}

fn is_for_people(key: &str) -> bool {
    FOR_PEOPLE.contains(&key) || key.starts_with("x-") && key != "x-lictor"
}
