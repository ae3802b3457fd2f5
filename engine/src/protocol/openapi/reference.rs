//! `$ref` within one document to the node that is meant.

use crate::document::{Content, Node};

/// Most references after one another. Stops references to themselves.
const MOST_STEPS: usize = 16;

/// A document in which references are looked up.
#[derive(Clone, Copy)]
pub(super) struct Root<'n>(pub(super) &'n Node);

/// Why a reference leads nowhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Dangling;

impl<'n> Root<'n> {
    /// What a node stands for, with the name of the schema or component that it refers to.
    pub(super) fn resolve(self, node: &'n Node) -> Result<(&'n Node, Option<&'n str>), Dangling> {
        let (mut node, mut name) = (node, None);
        for _ in 0..MOST_STEPS {
            let Some(reference) = member(node, "$ref").and_then(text) else {
                return Ok((node, name));
            };
            node = self.at(reference).ok_or(Dangling)?;
            name = reference.rsplit('/').next();
        }
        Err(Dangling)
    }

    /// The node at a JSON pointer in the form of a fragment (RFC 6901, section 6).
    fn at(self, reference: &str) -> Option<&'n Node> {
        let pointer = reference.strip_prefix('#')?;
        let mut node = self.0;
        for step in pointer.split('/').skip(1) {
            let step = crate::path::percent_decode(step, crate::path::Plus::Literal)?;
            let step = step.replace("~1", "/").replace("~0", "~");
            node = match &node.content {
                Content::List(items) => items.get(step.parse::<usize>().ok()?)?,
                _ => member(node, &step)?,
            };
        }
        Some(node)
    }
}

/// The value of a key of a mapping.
pub(super) fn member<'n>(node: &'n Node, name: &str) -> Option<&'n Node> {
    let mut entries = entries(node);
    entries.find(|(key, _)| *key == name).map(|(_, node)| node)
}

/// The keys and values of a mapping; none of anything else.
pub(super) fn entries(node: &Node) -> impl Iterator<Item = (&str, &Node)> {
    let entries = match &node.content {
        Content::Mapping(entries) => entries.as_slice(),
        _ => &[],
    };
    entries.iter().map(|(key, node)| (key.text.as_str(), node))
}

/// The items of a list; none of anything else.
pub(super) fn items(node: Option<&Node>) -> &[Node] {
    match node.map(|node| &node.content) {
        Some(Content::List(items)) => items,
        _ => &[],
    }
}

/// The text that a node is.
pub(super) fn text(node: &Node) -> Option<&str> {
    match &node.content {
        Content::Text(text) => Some(text),
        _ => None,
    }
}
