//! YAML text becomes a [`Node`]: one document, string keys, each key once per mapping.
//!
//! Source: YAML 1.2.2, core schema.

use std::collections::BTreeMap;

use saphyr_parser::{Event, Parser, ScalarStyle, Span};

use super::{Content, Key, Mistake, Node, Position};
use crate::limits;

pub(super) fn read(text: &str) -> Result<Node, Mistake> {
    let mut builder = Builder::default();
    for event in Parser::new_from_str(text) {
        match event {
            Ok((event, span)) => builder.event(event, &span)?,
            Err(error) => {
                return Err(Mistake::at(
                    "document.syntax",
                    position(error.marker()),
                    format!("expected YAML or JSON: {}", error.info()),
                ));
            }
        }
    }
    builder.root.ok_or_else(|| {
        Mistake::at(
            "document.empty",
            Position::default(),
            "expected a document".to_owned(),
        )
    })
}

/// A collection that is still open.
struct Open {
    position: Position,
    anchor: usize,
    items: Items,
}

enum Items {
    List(Vec<Node>),
    Mapping(Vec<(Key, Node)>, Option<Key>),
}

#[derive(Default)]
struct Builder {
    root: Option<Node>,
    open: Vec<Open>,
    anchors: BTreeMap<usize, Node>,
    nodes: usize,
}

impl Builder {
    fn event(&mut self, event: Event<'_>, span: &Span) -> Result<(), Mistake> {
        let position = position(&span.start);
        match event {
            Event::Scalar(text, style, anchor, _) => {
                let content = scalar(&text, style);
                self.finished(anchor, Node { position, content }, 1)
            }
            Event::Alias(anchor) => match self.anchors.get(&anchor).cloned() {
                Some(node) => {
                    let nodes = size(&node);
                    self.finished(0, node, nodes)
                }
                None => Err(Mistake::at(
                    "document.alias",
                    position,
                    "expected an alias of a finished node".to_owned(),
                )),
            },
            Event::SequenceStart(anchor, _) => {
                self.opened(position, anchor, Items::List(Vec::new()))
            }
            Event::MappingStart(anchor, _) => {
                self.opened(position, anchor, Items::Mapping(Vec::new(), None))
            }
            Event::SequenceEnd | Event::MappingEnd => self.closed(),
            Event::DocumentStart(_) if self.root.is_some() => Err(Mistake::at(
                "document.several",
                position,
                "expected one document".to_owned(),
            )),
            Event::Nothing
            | Event::StreamStart
            | Event::StreamEnd
            | Event::DocumentStart(_)
            | Event::DocumentEnd => Ok(()),
        }
    }

    fn opened(&mut self, position: Position, anchor: usize, items: Items) -> Result<(), Mistake> {
        if self.open.len() == limits::DOCUMENT_DEPTH {
            let message = format!(
                "expected at most {} levels of nesting",
                limits::DOCUMENT_DEPTH
            );
            return Err(Mistake::at("document.too_deep", position, message));
        }
        self.open.push(Open {
            position,
            anchor,
            items,
        });
        Ok(())
    }

    fn closed(&mut self) -> Result<(), Mistake> {
        let Some(Open {
            position,
            anchor,
            items,
        }) = self.open.pop()
        else {
            return Ok(());
        };
        let content = match items {
            Items::List(nodes) => Content::List(nodes),
            Items::Mapping(entries, _) => Content::Mapping(entries),
        };
        self.finished(anchor, Node { position, content }, 1)
    }

    fn finished(&mut self, anchor: usize, node: Node, nodes: usize) -> Result<(), Mistake> {
        self.nodes = self.nodes.saturating_add(nodes);
        if self.nodes > limits::DOCUMENT_NODES {
            let message = format!(
                "expected at most {} nodes, aliases counted in full",
                limits::DOCUMENT_NODES
            );
            return Err(Mistake::at("document.too_large", node.position, message));
        }
        if anchor != 0 {
            self.anchors.insert(anchor, node.clone());
        }
        match self.open.last_mut().map(|open| &mut open.items) {
            None => self.root = Some(node),
            Some(Items::List(nodes)) => nodes.push(node),
            Some(Items::Mapping(entries, pending)) => match pending.take() {
                Some(key) => entries.push((key, node)),
                None => *pending = Some(new_key(entries, node)?),
            },
        }
        Ok(())
    }
}

/// The node as a key that the mapping does not have yet.
fn new_key(entries: &[(Key, Node)], node: Node) -> Result<Key, Mistake> {
    let position = node.position;
    let text = match node.content {
        Content::Text(text) => text,
        Content::Bool(value) => value.to_string(),
        Content::Number(value) => value.to_string(),
        other => {
            let message = format!("expected a key that is text, not {}", other.kind());
            return Err(Mistake::at("document.key", position, message));
        }
    };
    if entries.iter().any(|(known, _)| known.text == text) {
        let message = format!("expected the key `{text}` once");
        return Err(Mistake::at("document.duplicate_key", position, message));
    }
    Ok(Key { position, text })
}

/// How many nodes there are in a tree.
fn size(node: &Node) -> usize {
    match &node.content {
        Content::List(nodes) => nodes.iter().map(size).fold(1, usize::saturating_add),
        Content::Mapping(entries) => entries
            .iter()
            .map(|(_, node)| size(node))
            .fold(1, usize::saturating_add),
        _ => 1,
    }
}

fn scalar(text: &str, style: ScalarStyle) -> Content {
    if style != ScalarStyle::Plain {
        return Content::Text(text.to_owned());
    }
    match text {
        "" | "~" | "null" | "Null" | "NULL" => Content::Null,
        "true" | "True" | "TRUE" => Content::Bool(true),
        "false" | "False" | "FALSE" => Content::Bool(false),
        _ => match text.parse::<f64>() {
            Ok(number)
                if text.starts_with(|first: char| first.is_ascii_digit() || first == '-') =>
            {
                Content::Number(number)
            }
            _ => Content::Text(text.to_owned()),
        },
    }
}

fn position(marker: &saphyr_parser::Marker) -> Position {
    Position {
        line: marker.line(),
        column: marker.col().saturating_add(1),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    fn code(text: &str) -> &'static str {
        read(text).unwrap_err().code
    }

    #[test]
    fn yaml_and_json_read_alike() {
        let strip = |node: &Node| format!("{:?}", crate::document::tests::without_positions(node));
        let yaml = read("a: [1, true, ~]\nb: {c: 'x'}\n").unwrap();
        let json = read(r#"{"a": [1, true, null], "b": {"c": "x"}}"#).unwrap();
        assert_eq!(strip(&yaml), strip(&json));
    }

    #[test]
    fn knows_where_a_node_stands() {
        let node = read("a: 1\nb:\n  - x\n").unwrap();
        let Content::Mapping(entries) = &node.content else {
            panic!("expected a mapping");
        };
        let Content::List(items) = &entries[1].1.content else {
            panic!("expected a list");
        };
        assert_eq!(items[0].position, Position { line: 3, column: 5 });
        assert_eq!(entries[1].0.position, Position { line: 2, column: 1 });
    }

    #[test]
    fn an_alias_stands_for_its_node() {
        let node = read("a: &x [1]\nb: *x\n").unwrap();
        let Content::Mapping(entries) = &node.content else {
            panic!("expected a mapping");
        };
        assert_eq!(entries[0].1.content, entries[1].1.content);
    }

    #[test]
    fn refuses_what_is_not_one_plain_document() {
        assert_eq!(code(""), "document.empty");
        assert_eq!(code("a: 1\n---\nb: 2\n"), "document.several");
        assert_eq!(code("a: 1\na: 2\n"), "document.duplicate_key");
        assert_eq!(code("[a]: 1\n"), "document.key");
        assert_eq!(code("a: [1\n"), "document.syntax");
        assert_eq!(code(&"[".repeat(100)), "document.too_deep");
        let mut bomb = "a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n".to_owned();
        for level in 1..8 {
            let inner = format!("*a{},", level - 1).repeat(10);
            bomb.push_str(&format!("a{level}: &a{level} [{inner}]\n"));
        }
        assert_eq!(code(&bomb), "document.too_large");
    }
}
