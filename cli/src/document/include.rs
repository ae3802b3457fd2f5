//! `include:` of a document to the files that go into it, in order.
//!
//! An included file holds rules and what rules name, or more includes; it can't change what is
//! guarded or how callers are identified.

use std::ffi::OsStr;
use std::path::{Component, Path, PathBuf};
use std::rc::Rc;

use lictor_engine::document::{self, Content, Mistake, Node, Position, Reader};

use super::file::read_text;
use crate::ending::Failure;
use crate::finding::{Finding, Source};
use crate::tree;

/// The key that names the files.
pub(super) const KEY: &str = "include";

/// What an included file may hold, besides more includes.
pub(super) const SHARED_KEYS: [&str; 6] = ["packs", "types", "lists", "vars", "data", "rules"];

/// Most files of one document. Stops includes that multiply.
const MOST_FILES: usize = 256;

/// One file of a document.
pub(super) struct Part {
    pub(super) path: PathBuf,
    pub(super) source: Rc<Source>,
    pub(super) tree: Node,
}

/// Every file of a document, its own first, without `include:`.
pub(super) fn resolve(path: &Path, source: &Rc<Source>, tree: &Node) -> Result<Vec<Part>, Failure> {
    let mut resolver = Resolver::default();
    resolver.add(path, source, tree)?;
    if resolver.findings.is_empty() {
        Ok(resolver.parts)
    } else {
        Err(Failure::Findings(resolver.findings))
    }
}

#[derive(Default)]
struct Resolver {
    parts: Vec<Part>,
    findings: Vec<Finding>,
}

impl Resolver {
    fn add(&mut self, path: &Path, source: &Rc<Source>, tree: &Node) -> Result<(), Failure> {
        self.parts.push(Part {
            path: path.to_owned(),
            source: Rc::clone(source),
            tree: without_include(tree),
        });
        let Some(list) = tree::member(tree, KEY) else {
            return Ok(());
        };
        let mut reader = Reader::default();
        let names = reader.texts(list, KEY);
        let owned: Vec<_> = names
            .into_iter()
            .map(|(name, position, path)| (name.to_owned(), position, path))
            .collect();
        self.tell(source, reader.into_mistakes());
        for (name, position, at) in owned {
            if let Err((code, message)) = self.include(path, &name)? {
                self.tell(source, vec![mistake(code, position, at, message)]);
            }
        }
        Ok(())
    }

    /// Takes in one file. The inner error is of the document that names it.
    fn include(&mut self, from: &Path, name: &str) -> Result<Result<(), Wrong>, Failure> {
        let path = match place(from, name) {
            Ok(path) => path,
            Err(wrong) => return Ok(Err(wrong)),
        };
        if self.parts.iter().any(|part| is_same(&part.path, &path)) {
            let message = format!("expected each file once, found `{name}` again");
            return Ok(Err(("include.repeated", message)));
        }
        if self.parts.len() >= MOST_FILES {
            let message = format!("expected at most {MOST_FILES} files");
            return Ok(Err(("include.too_many", message)));
        }
        let text = match read_text(&path) {
            Ok(text) => text,
            Err(failure) => {
                let message = format!("expected a file that can be read: {failure}");
                return Ok(Err(("include.unreadable", message)));
            }
        };
        let source = Source::of(&path, text);
        match document::read(source.text.as_bytes()) {
            Ok(tree) => {
                let tree = as_mapping(tree);
                self.tell(&source, foreign_keys(&tree));
                self.add(&path, &source, &tree)?;
            }
            Err(mistake) => self.tell(&source, vec![mistake]),
        }
        Ok(Ok(()))
    }

    fn tell(&mut self, source: &Rc<Source>, mistakes: Vec<Mistake>) {
        let told = mistakes.into_iter();
        self.findings
            .extend(told.map(|mistake| Finding::mistake(source, mistake)));
    }
}

/// What is wrong with a file that is meant to be included, where a document was expected.
pub(super) fn fragment(tree: &Node) -> Option<Mistake> {
    let has = |key: &str| tree::member(tree, key).is_some();
    let is_fragment = matches!(tree.content, Content::List(_))
        || has("rules") && !["lictor", "apis", "default"].into_iter().any(has);
    is_fragment.then(|| {
        let message = "expected a whole document; an included file or a pack is checked with the \
                       document that asks for it"
            .to_owned();
        mistake("include.fragment", tree.position, String::new(), message)
    })
}

/// A code and what was expected.
type Wrong = (&'static str, String);

/// The file of that name, seen from the file that names it.
fn place(from: &Path, name: &str) -> Result<PathBuf, Wrong> {
    let extension = Path::new(name).extension().and_then(OsStr::to_str);
    // What is included is shown where it is wrong: no place for files that hold something else.
    if !matches!(extension, Some("yaml" | "yml" | "json")) {
        let message = format!("expected the name of a YAML or JSON file, found `{name}`");
        return Err(("include.name", message));
    }
    relative(from, name).map_err(|message| ("include.name", message))
}

/// The path of a name, seen from the file that names it; else what was expected.
pub(super) fn relative(from: &Path, name: &str) -> Result<PathBuf, String> {
    let path = Path::new(name);
    let is_plain = |part: Component<'_>| !matches!(part, Component::RootDir | Component::Prefix(_));
    if !path.components().all(is_plain) {
        return Err(format!(
            "expected a path relative to this file, found `{name}`"
        ));
    }
    let folder = from.parent().unwrap_or_else(|| Path::new(""));
    Ok(folder.join(path))
}

fn is_same(left: &Path, right: &Path) -> bool {
    match (left.canonicalize(), right.canonicalize()) {
        (Ok(left), Ok(right)) => left == right,
        _ => left == right,
    }
}

/// A file that is a list is a list of rules.
fn as_mapping(tree: Node) -> Node {
    if !matches!(tree.content, Content::List(_)) {
        return tree;
    }
    let position = tree.position;
    let key = document::Key {
        position,
        text: "rules".to_owned(),
    };
    Node {
        position,
        content: Content::Mapping(vec![(key, tree)]),
    }
}

fn foreign_keys(tree: &Node) -> Vec<Mistake> {
    let mut reader = Reader::default();
    if let Some(mut mapping) = reader.mapping(tree, "") {
        mapping.optional(KEY);
        for key in SHARED_KEYS {
            mapping.optional(key);
        }
        mapping.finish(&mut reader);
    }
    reader.into_mistakes()
}

fn without_include(tree: &Node) -> Node {
    let Content::Mapping(entries) = &tree.content else {
        return tree.clone();
    };
    let kept = entries.iter().filter(|(key, _)| key.text != KEY);
    Node {
        position: tree.position,
        content: Content::Mapping(kept.cloned().collect()),
    }
}

fn mistake(code: &'static str, position: Position, path: String, message: String) -> Mistake {
    Mistake {
        code,
        source: String::new(),
        position,
        path,
        message,
    }
}
