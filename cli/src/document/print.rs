//! The files of a document to one text, and for each place in it the place that it came from.
//!
//! The text is JSON, and so YAML: one line for each key, or for each item of a list.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::rc::Rc;

use lictor_engine::document::{Content, Key, Mistake, Node, Position};

use super::include::{Part, SHARED_KEYS};
use super::reference::References;
use crate::finding::{Finding, Source};

/// Where each place of a printed text came from.
#[derive(Debug, Default)]
pub(super) struct Origins {
    places: BTreeMap<(usize, usize), (usize, Position)>,
    sources: Vec<Rc<Source>>,
}

impl Origins {
    /// A mistake in the printed text, told of the file.
    pub(super) fn finding(&self, mut mistake: Mistake) -> Finding {
        let Position { line, column } = mistake.position;
        let before = self.places.range(..=(line, column)).next_back();
        let origin = before.map(|(_, origin)| *origin);
        let (file, position) = origin.unwrap_or_default();
        mistake.position = position;
        let source = self.sources.get(file).or(self.sources.first());
        let nowhere = || Source::of(std::path::Path::new("-"), String::new());
        let source = source.map_or_else(nowhere, Rc::clone);
        Finding::mistake(&source, mistake)
    }
}

/// The text of all files together. Lists and mappings of included files follow those of the
/// document; what two files define is a mistake.
pub(super) fn document(
    parts: &[Part],
    references: &References,
) -> Result<(String, Origins), Vec<Finding>> {
    let mut printer = Printer {
        text: String::new(),
        line: 1,
        column: 1,
        counted: 0,
        references,
        origins: Origins::default(),
    };
    let included = parts.iter().map(|part| &part.source);
    let referred = references.files.iter().map(|(_, source)| source);
    printer.origins.sources = included.chain(referred).map(Rc::clone).collect();
    let mut findings = Vec::new();
    let members = members(parts, references, &mut findings);
    let root = parts.first().map(|part| part.tree.position);
    printer.came_from(0, root.unwrap_or_default());
    printer.members(&members);
    if findings.is_empty() {
        Ok((printer.text, printer.origins))
    } else {
        Err(findings)
    }
}

/// A key of the document with the value that each file has for it.
struct Member<'p> {
    file: usize,
    key: &'p Key,
    values: Vec<(usize, &'p Node)>,
}

fn members<'p>(
    parts: &'p [Part],
    references: &'p References,
    findings: &mut Vec<Finding>,
) -> Vec<Member<'p>> {
    let mut members: Vec<Member<'p>> = Vec::new();
    for (file, part) in parts.iter().enumerate() {
        let Content::Mapping(entries) = &part.tree.content else {
            let message = "expected a mapping".to_owned();
            findings.push(wrong(
                part,
                part.tree.position,
                "document.unexpected",
                message,
            ));
            continue;
        };
        for (key, value) in entries {
            let (from, value) = references.of(file, value);
            let known = members.iter_mut().find(|known| known.key.text == key.text);
            let Some(known) = known else {
                let values = vec![(from, value)];
                members.push(Member { file, key, values });
                continue;
            };
            if can_follow(known, key, value) {
                known.values.push((from, value));
            } else {
                let message = format!(
                    "expected `{}` to have the same shape in every file, and each name once",
                    key.text
                );
                findings.push(wrong(part, key.position, "include.clash", message));
            }
        }
    }
    members
}

fn can_follow(member: &Member<'_>, key: &Key, value: &Node) -> bool {
    let is_shared = SHARED_KEYS.contains(&key.text.as_str());
    is_shared
        && member
            .values
            .iter()
            .all(|(_, before)| match (&before.content, &value.content) {
                (Content::List(_), Content::List(_)) => true,
                (Content::Mapping(before), Content::Mapping(added)) => {
                    let has = |name: &str| before.iter().any(|(key, _)| key.text == name);
                    !added.iter().any(|(key, _)| has(&key.text))
                }
                _ => false,
            })
}

fn wrong(part: &Part, position: Position, code: &'static str, message: String) -> Finding {
    let mistake = Mistake {
        code,
        source: String::new(),
        position,
        path: String::new(),
        message,
    };
    Finding::mistake(&part.source, mistake)
}

struct Printer<'p> {
    text: String,
    line: usize,
    /// The column after the bytes that are counted: lines may be as long as a whole file.
    column: usize,
    counted: usize,
    references: &'p References,
    origins: Origins,
}

impl Printer<'_> {
    /// Notes that what is printed next came from there.
    fn came_from(&mut self, file: usize, position: Position) {
        let added = self.text.get(self.counted..).unwrap_or_default();
        self.column = self.column.saturating_add(added.chars().count());
        self.counted = self.text.len();
        let place = (self.line, self.column);
        self.origins.places.insert(place, (file, position));
    }

    fn new_line(&mut self) {
        self.text.push('\n');
        self.line = self.line.saturating_add(1);
        (self.column, self.counted) = (1, self.text.len());
    }

    fn members(&mut self, members: &[Member<'_>]) {
        self.text.push('{');
        for (index, member) in members.iter().enumerate() {
            self.separate(index);
            self.came_from(member.file, member.key.position);
            string(&mut self.text, &member.key.text);
            self.text.push_str(": ");
            if let Some((file, first)) = member.values.first() {
                self.came_from(*file, first.position);
                self.value_of(member);
            }
        }
        self.text.push('}');
        self.new_line();
    }

    fn separate(&mut self, index: usize) {
        if index > 0 {
            self.text.push(',');
            self.new_line();
        }
    }

    fn value_of(&mut self, member: &Member<'_>) {
        let mut items = Vec::new();
        let mut entries = Vec::new();
        let mut scalar = None;
        for (file, node) in &member.values {
            match &node.content {
                Content::List(nodes) => items.extend(nodes.iter().map(|node| (*file, node))),
                Content::Mapping(pairs) => {
                    entries.extend(pairs.iter().map(|(key, node)| (*file, key, node)));
                }
                _ => scalar = Some((*file, *node)),
            }
        }
        let is_list = matches!(
            member.values.first().map(|(_, node)| &node.content),
            Some(Content::List(_))
        );
        match scalar {
            Some((file, node)) => self.node(file, node),
            None if is_list => self.items(&items),
            None => self.entries(&entries, true),
        }
    }

    fn items(&mut self, items: &[(usize, &Node)]) {
        self.text.push('[');
        for (index, (file, node)) in items.iter().enumerate() {
            self.separate(index);
            if index == 0 {
                self.new_line();
            }
            self.text.push(' ');
            self.node(*file, node);
        }
        self.text.push(']');
    }

    fn entries(&mut self, entries: &[(usize, &Key, &Node)], has_lines: bool) {
        self.text.push('{');
        for (index, (file, key, node)) in entries.iter().enumerate() {
            match (has_lines, index) {
                (true, 0) => self.new_line(),
                (true, _) => self.separate(index),
                (false, 0) => {}
                (false, _) => self.text.push_str(", "),
            }
            if has_lines {
                self.text.push(' ');
            }
            self.came_from(*file, key.position);
            string(&mut self.text, &key.text);
            self.text.push_str(": ");
            self.node(*file, node);
        }
        self.text.push('}');
    }

    /// A value on the line where it starts. The depth was bounded when the file was read.
    fn node(&mut self, file: usize, node: &Node) {
        let references = self.references;
        let (file, node) = references.of(file, node);
        self.came_from(file, node.position);
        match &node.content {
            Content::Null => self.text.push_str("null"),
            Content::Bool(value) => {
                let _ = write!(self.text, "{value}");
            }
            // A number that is too large for any: YAML reads it as what it was.
            Content::Number(value) if value.is_infinite() => self.text.push_str("1e999"),
            Content::Number(value) => {
                let _ = write!(self.text, "{value}");
            }
            Content::Text(text) => string(&mut self.text, text),
            Content::List(nodes) => {
                self.text.push('[');
                for (index, node) in nodes.iter().enumerate() {
                    if index > 0 {
                        self.text.push_str(", ");
                    }
                    self.node(file, node);
                }
                self.text.push(']');
            }
            Content::Mapping(entries) => {
                let entries: Vec<_> = entries
                    .iter()
                    .map(|(key, node)| (file, key, node))
                    .collect();
                self.entries(&entries, false);
            }
        }
    }
}

/// A string that JSON and YAML read alike.
fn string(out: &mut String, text: &str) {
    out.push('"');
    for letter in text.chars() {
        match letter {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            _ if letter.is_control() || is_special(letter) => {
                let _ = write!(out, "\\u{:04x}", u32::from(letter));
            }
            _ => out.push(letter),
        }
    }
    out.push('"');
}

/// Letters that YAML counts among line ends, or does not print.
fn is_special(letter: char) -> bool {
    matches!(
        letter,
        '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}'
    )
}
