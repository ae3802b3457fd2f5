//! Walks a [`Node`] and collects every mistake on the way.
//!
//! A mapping is read key by key; what was not asked for is an unknown key, so a typo is never
//! passed over.

use super::{Content, Key, Mistake, Node, Position, advice};

/// Collects mistakes; hands out values where there are none.
#[derive(Debug, Default)]
pub struct Reader {
    mistakes: Vec<Mistake>,
    reading: Reading,
}

/// A pack or file, or the document itself, that is being read.
#[derive(Debug, Default)]
pub struct Reading {
    source: String,
    text: String,
}

impl Reader {
    /// Says which pack or file is read from now on, and what it holds: mistakes name it, and
    /// find their place within a text of several words. Returns what was read before.
    pub fn enter(&mut self, source: &str, text: &str) -> Reading {
        self.go_back(Reading {
            source: source.to_owned(),
            text: text.to_owned(),
        })
    }

    /// Goes on with what was read before.
    pub fn go_back(&mut self, reading: Reading) -> Reading {
        std::mem::replace(&mut self.reading, reading)
    }

    /// What is read now.
    #[must_use]
    pub fn source(&self) -> &str {
        &self.reading.source
    }

    /// The place of a character within a text that starts at `start`, as far as the way in
    /// which it was written lets it be told: escapes count as what they stand for.
    #[must_use]
    pub fn within(&self, start: Position, offset: usize) -> Position {
        let skipped = start.line.saturating_sub(1);
        let mut lines = (start.line..).zip(self.reading.text.lines().skip(skipped));
        let Some((mut line, mut text)) = lines.next() else {
            return start;
        };
        let is_quoted = text
            .chars()
            .nth(start.column.saturating_sub(1))
            .is_some_and(|first| "\"'".contains(first));
        let before = text.chars().take(start.column.saturating_sub(1));
        // A block keeps what is indented more than its first line; other texts keep nothing.
        let is_block = before.clone().all(|letter| letter == ' ');
        let most = if is_block { before.count() } else { usize::MAX };
        let mut column = start.column.saturating_add(usize::from(is_quoted));
        let mut rest = offset;
        loop {
            let length = text
                .chars()
                .count()
                .saturating_sub(column.saturating_sub(1));
            let next = if rest > length { lines.next() } else { None };
            let Some((below, next)) = next else {
                return Position {
                    line,
                    column: column.saturating_add(rest),
                };
            };
            // The end of the line counts as the space or the line feed that it became.
            rest = rest.saturating_sub(length.saturating_add(1));
            let indent = next.chars().take_while(|letter| *letter == ' ').count();
            (line, text, column) = (below, next, indent.min(most).saturating_add(1));
        }
    }

    /// Every mistake so far, in the order in which they were found.
    #[must_use]
    pub fn into_mistakes(self) -> Vec<Mistake> {
        self.mistakes
    }

    /// Whether nothing was wrong so far.
    #[must_use]
    pub fn is_clean(&self) -> bool {
        self.mistakes.is_empty()
    }

    /// Notes a mistake.
    pub fn mistake(&mut self, code: &'static str, position: Position, path: &str, message: String) {
        self.mistakes.push(Mistake {
            code,
            source: self.reading.source.clone(),
            position,
            path: path.to_owned(),
            message,
        });
    }

    /// The node as a mapping to be read key by key.
    pub fn mapping<'n>(&mut self, node: &'n Node, path: &str) -> Option<Mapping<'n>> {
        let Content::Mapping(entries) = &node.content else {
            self.expected("a mapping", node, path);
            return None;
        };
        Some(Mapping {
            position: node.position,
            path: path.to_owned(),
            entries,
            asked: Vec::new(),
        })
    }

    /// The same for a key that may stand alone: without a value nothing is said.
    pub fn mapping_or_nothing<'n>(&mut self, node: &'n Node, path: &str) -> Option<Mapping<'n>> {
        if node.content != Content::Null {
            return self.mapping(node, path);
        }
        Some(Mapping {
            position: node.position,
            path: path.to_owned(),
            entries: &[],
            asked: Vec::new(),
        })
    }

    /// The node as a list, each item with its path.
    pub fn list<'n>(&mut self, node: &'n Node, path: &str) -> Vec<(&'n Node, String)> {
        let Content::List(items) = &node.content else {
            self.expected("a list", node, path);
            return Vec::new();
        };
        let numbered = items.iter().enumerate();
        numbered
            .map(|(index, item)| (item, format!("{path}[{index}]")))
            .collect()
    }

    /// The items of a list, or the node itself as the only one.
    pub fn one_or_list<'n>(&mut self, node: &'n Node, path: &str) -> Vec<(&'n Node, String)> {
        match &node.content {
            Content::List(_) => self.list(node, path),
            _ => vec![(node, path.to_owned())],
        }
    }

    /// The node as text that is not empty.
    pub fn text<'n>(&mut self, node: &'n Node, path: &str) -> Option<&'n str> {
        match &node.content {
            Content::Text(text) if !text.is_empty() => Some(text),
            _ => {
                self.expected("text", node, path);
                None
            }
        }
    }

    /// The node as one text or a list of texts, with their positions.
    pub fn texts<'n>(&mut self, node: &'n Node, path: &str) -> Vec<(&'n str, Position, String)> {
        let mut texts = Vec::new();
        for (item, path) in self.one_or_list(node, path) {
            if let Some(text) = self.text(item, &path) {
                texts.push((text, item.position, path));
            }
        }
        texts
    }

    /// The node as a whole number from `least` to `most`.
    pub fn whole(&mut self, node: &Node, path: &str, least: u32, most: u32) -> Option<u32> {
        if let Content::Number(number) = node.content
            && number.fract() == 0.0
            && (f64::from(least)..=f64::from(most)).contains(&number)
        {
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "whole and within u32"
            )]
            return Some(number as u32);
        }
        self.expected(
            &format!("a whole number from {least} to {most}"),
            node,
            path,
        );
        None
    }

    /// The node as one of these words.
    pub fn word<T: Copy>(&mut self, node: &Node, path: &str, words: &[(&str, T)]) -> Option<T> {
        if let Content::Text(text) = &node.content
            && let Some((_, value)) = words.iter().find(|(word, _)| word == text)
        {
            return Some(*value);
        }
        let known: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
        self.expected(&format!("one of `{}`", known.join("`, `")), node, path);
        None
    }

    fn expected(&mut self, what: &str, node: &Node, path: &str) {
        let found = match &node.content {
            Content::Text(text) => format!("`{text}`"),
            other => other.kind().to_owned(),
        };
        let message = format!("expected {what}, found {found}");
        self.mistake("document.unexpected", node.position, path, message);
    }
}

/// A mapping that is being read.
#[derive(Debug)]
pub struct Mapping<'n> {
    /// Where the mapping starts.
    pub position: Position,
    /// The way to it from the root.
    pub path: String,
    entries: &'n [(Key, Node)],
    asked: Vec<&'static str>,
}

impl<'n> Mapping<'n> {
    /// The value of a key with its path, if the key is there.
    pub fn optional(&mut self, key: &'static str) -> Option<(&'n Node, String)> {
        self.asked.push(key);
        let (_, node) = self.entries.iter().find(|(known, _)| known.text == key)?;
        Some((node, self.below(key)))
    }

    /// The value of a key with its path; a mistake if it is not there.
    pub fn required(
        &mut self,
        reader: &mut Reader,
        key: &'static str,
    ) -> Option<(&'n Node, String)> {
        let found = self.optional(key);
        if found.is_none() {
            let message = format!("expected the key `{key}`");
            reader.mistake("document.missing_key", self.position, &self.path, message);
        }
        found
    }

    /// Every entry with its path, for mappings whose keys are the author's own.
    pub fn entries(&self) -> impl Iterator<Item = (&'n Key, &'n Node, String)> {
        self.entries
            .iter()
            .map(|(key, node)| (key, node, self.below(&key.text)))
    }

    /// Ends the reading: every key that nobody asked for is a mistake.
    pub fn finish(self, reader: &mut Reader) {
        for (key, _) in self.entries {
            if !self.asked.contains(&key.text.as_str()) {
                let advice = advice(&key.text, self.asked.iter().copied(), || {
                    format!("expected one of `{}`", self.asked.join("`, `"))
                });
                let message = format!("unknown key `{}`, {advice}", key.text);
                reader.mistake("document.unknown_key", key.position, &self.path, message);
            }
        }
    }

    fn below(&self, key: &str) -> String {
        if self.path.is_empty() {
            key.to_owned()
        } else {
            format!("{}.{key}", self.path)
        }
    }
}
