//! `{file: …}` in a document to what stands in that file: a tree, a text, or bytes as base64.
//!
//! Guarantees that only files of known kinds are read, from places that can hold one, and that a
//! mistake in such a file is told there. Files that are named in such a file are not read.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::rc::Rc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use lictor_engine::document::{self, Content, Key, Mistake, Node, Position};

use super::file::{read_bytes, read_text};
use super::include::{Part, relative};
use super::slim;
use crate::ending::Failure;
use crate::finding::{Finding, Source};
use crate::tree;

/// Keys of a document below which files can be named.
const SECTIONS: [&str; 3] = ["apis", "definitions", "descriptors"];

/// Keys whose value, or an item of it, can stand in a file.
const PLACES: [&str; 6] = [
    "definitions",
    "descriptors",
    "document",
    "openapi",
    "persisted",
    "pins",
];

/// Most files that one document refers to. Stops lists that make the filter's configuration
/// too large to hand over.
const MOST_FILES: usize = 256;

/// What the files hold that a document refers to, by the place of each reference.
#[derive(Default)]
pub(super) struct References {
    found: BTreeMap<(usize, usize, usize), (usize, Node)>,
    /// The files, counted on from those that are included.
    pub(super) files: Vec<(PathBuf, Rc<Source>)>,
}

impl References {
    /// What is meant by a node of that file: itself, or what it refers to.
    pub(super) fn of<'n>(&'n self, file: usize, node: &'n Node) -> (usize, &'n Node) {
        if file_name(node).is_none() {
            return (file, node);
        }
        let Position { line, column } = node.position;
        match self.found.get(&(file, line, column)) {
            Some((file, node)) => (*file, node),
            None => (file, node),
        }
    }
}

/// Whether a document refers to a file.
pub(super) fn is_in(tree: &Node) -> bool {
    !named(tree).is_empty()
}

/// Reads every file that the parts of a document refer to.
pub(super) fn resolve(parts: &[Part]) -> Result<References, Failure> {
    let mut references = References::default();
    let mut findings = Vec::new();
    for (file, part) in parts.iter().enumerate() {
        for place in named(&part.tree) {
            let index = parts.len().saturating_add(references.files.len());
            let read = match references.files.len() >= MOST_FILES {
                true => Err(Wrong::Reference(
                    "reference.too_many",
                    format!("expected at most {MOST_FILES} files"),
                )),
                false => read(&part.path, &place),
            };
            let Position { line, column } = place.node.position;
            match read {
                Ok((path, source, node)) => {
                    references.found.insert((file, line, column), (index, node));
                    references.files.push((path, source));
                }
                Err(Wrong::Reference(code, message)) => findings.push(Finding::mistake(
                    &part.source,
                    Mistake::at(code, place.node.position, message),
                )),
                Err(Wrong::Within(finding)) => findings.push(finding),
            }
        }
    }
    if findings.is_empty() {
        Ok(references)
    } else {
        Err(Failure::Findings(findings))
    }
}

/// What is wrong: with the reference, or with the file.
enum Wrong {
    Reference(&'static str, String),
    Within(Finding),
}

/// A reference.
struct Place<'n> {
    key: &'n str,
    node: &'n Node,
    name: &'n str,
}

/// Every reference of a document, in order.
fn named(tree: &Node) -> Vec<Place<'_>> {
    let mut places = Vec::new();
    for section in SECTIONS {
        if let Some(node) = tree::member(tree, section) {
            walk(section, node, &mut places);
        }
    }
    places
}

/// The depth was bounded when the file was read.
fn walk<'n>(key: &'n str, node: &'n Node, places: &mut Vec<Place<'n>>) {
    match &node.content {
        Content::List(items) => items.iter().for_each(|item| walk(key, item, places)),
        Content::Mapping(entries) => match file_name(node).filter(|_| PLACES.contains(&key)) {
            Some(name) => places.push(Place { key, node, name }),
            None => {
                for (key, node) in entries {
                    walk(&key.text, node, places);
                }
            }
        },
        _ => {}
    }
}

/// The name in a mapping that has nothing but `file`.
fn file_name(node: &Node) -> Option<&str> {
    let Content::Mapping(entries) = &node.content else {
        return None;
    };
    match entries.as_slice() {
        [(key, value)] if key.text == "file" => tree::text(value),
        _ => None,
    }
}

fn read(from: &Path, place: &Place<'_>) -> Result<(PathBuf, Rc<Source>, Node), Wrong> {
    let name = place.name;
    let path =
        relative(from, name).map_err(|message| Wrong::Reference("reference.name", message))?;
    let unreadable = |failure: Failure| {
        let message = format!("expected a file that can be read: {failure}");
        Wrong::Reference("reference.unreadable", message)
    };
    let position = place.node.position;
    match Path::new(name).extension().and_then(OsStr::to_str) {
        Some("yaml" | "yml" | "json") => {
            let source = Source::of(&path, read_text(&path).map_err(unreadable)?);
            let node = document::read(source.text.as_bytes())
                .map_err(|mistake| Wrong::Within(Finding::mistake(&source, mistake)))?;
            let node = match place.key {
                "openapi" | "document" => slim::openapi(&node),
                _ => node,
            };
            Ok((path, source, node))
        }
        Some("graphql" | "gql" | "sql" | "txt") => {
            let text = read_text(&path).map_err(unreadable)?;
            let source = Source::of(&path, text.clone());
            let content = Content::Text(text);
            Ok((path, source, Node { position, content }))
        }
        Some("binpb" | "pb" | "bin" | "desc" | "protoset") => {
            let bytes = read_bytes(&path).map_err(unreadable)?;
            let source = Source::of(&path, String::new());
            Ok((path, source, base64(position, &bytes)))
        }
        _ => {
            let message = format!(
                "expected a file that ends in `.yaml`, `.json`, `.graphql`, `.sql`, `.txt` or \
                 `.binpb`, found `{name}`"
            );
            Err(Wrong::Reference("reference.name", message))
        }
    }
}

fn base64(position: Position, bytes: &[u8]) -> Node {
    let key = Key {
        position,
        text: "base64".to_owned(),
    };
    let value = Node {
        position,
        content: Content::Text(STANDARD.encode(bytes)),
    };
    Node {
        position,
        content: Content::Mapping(vec![(key, value)]),
    }
}
