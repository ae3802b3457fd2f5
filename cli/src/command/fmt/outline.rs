//! A text of YAML to its mappings, each with the places of its keys.

use saphyr_parser::{Event, Marker, Parser, ScalarStyle, Span};

/// Where things stand in a text.
#[derive(Default)]
pub(super) struct Outline {
    pub(super) mappings: Vec<Mapping>,
    /// For each line whether it continues something which began on a line before: it holds
    /// neither keys nor comments.
    continued: Vec<bool>,
}

/// One mapping.
pub(super) struct Mapping {
    /// The keys on the way to it, `[]` for an item of a list.
    pub(super) way: Vec<String>,
    pub(super) is_flow: bool,
    /// The first and the last line, from 1.
    pub(super) lines: (usize, usize),
    /// The closing brace, where it is a mapping in braces.
    pub(super) end: usize,
    pub(super) keys: Vec<Key>,
}

/// One key of a mapping.
pub(super) struct Key {
    pub(super) name: String,
    /// Line, from 1.
    pub(super) line: usize,
    /// Column, from 0.
    pub(super) column: usize,
    /// Character in the text.
    pub(super) index: usize,
}

impl Outline {
    /// The outline of a text that is YAML; an empty one where it is not.
    pub(super) fn of(text: &str) -> Self {
        let mut builder = Builder {
            letters: text.chars().collect(),
            lines: text.lines().map(str::to_owned).collect(),
            open: Vec::new(),
            outline: Self::default(),
        };
        for event in Parser::new_from_str(text) {
            match event {
                Ok((event, span)) => builder.event(event, &span),
                Err(_) => return Self::default(),
            }
        }
        builder.outline
    }

    /// Whether a line continues what began before it.
    pub(super) fn is_continued(&self, line: usize) -> bool {
        let place = line.checked_sub(1);
        let flag = place.and_then(|place| self.continued.get(place));
        flag.copied().unwrap_or(false)
    }
}

struct Builder {
    letters: Vec<char>,
    lines: Vec<String>,
    open: Vec<Open>,
    outline: Outline,
}

/// A collection that is still open.
struct Open {
    way: Vec<String>,
    is_flow: bool,
    start: Marker,
    /// Keys of a mapping, and whether the next node is one.
    keys: Option<(Vec<Key>, bool)>,
}

impl Builder {
    fn event(&mut self, event: Event<'_>, span: &Span) {
        match event {
            Event::Scalar(text, style, ..) => {
                self.continues(style, span);
                self.node(&text, span);
            }
            Event::Alias(_) => self.node("", span),
            Event::MappingStart(..) => self.opened(span, Some((Vec::new(), true))),
            Event::SequenceStart(..) => self.opened(span, None),
            Event::MappingEnd | Event::SequenceEnd => self.closed(span),
            _ => {}
        }
    }

    /// A key, or a value after one.
    fn node(&mut self, text: &str, span: &Span) {
        let Some((keys, is_key)) = self.open.last_mut().and_then(|open| open.keys.as_mut()) else {
            return;
        };
        if *is_key {
            keys.push(Key {
                name: text.to_owned(),
                line: span.start.line(),
                column: span.start.col(),
                index: span.start.index(),
            });
        }
        *is_key = !*is_key;
    }

    fn opened(&mut self, span: &Span, keys: Option<(Vec<Key>, bool)>) {
        let mut way = Vec::new();
        if let Some(parent) = self.open.last() {
            way.clone_from(&parent.way);
            way.push(match &parent.keys {
                Some((keys, _)) => keys.last().map_or_else(String::new, |key| key.name.clone()),
                None => "[]".to_owned(),
            });
        }
        self.node("", span);
        let first = self.letters.get(span.start.index());
        self.open.push(Open {
            way,
            is_flow: first == Some(if keys.is_some() { &'{' } else { &'[' }),
            start: span.start,
            keys,
        });
    }

    fn closed(&mut self, span: &Span) {
        let Some(open) = self.open.pop() else {
            return;
        };
        let first = open.start.line();
        // A list of lines starts with its first item, which may be a list in brackets.
        let closing = self.letters.get(span.start.index());
        let is_flow = open.is_flow && matches!(closing, Some('}' | ']'));
        let last = if is_flow { span.start.line() } else { first };
        if last > first {
            self.continued(first, last);
        }
        if let Some((keys, _)) = open.keys {
            self.outline.mappings.push(Mapping {
                way: open.way,
                is_flow,
                lines: (first, last),
                end: span.start.index(),
                keys,
            });
        }
    }

    /// The last line of what ends there: some things end only where the next begins.
    fn last_line(&self, end: Marker) -> usize {
        let line = end
            .line()
            .checked_sub(1)
            .and_then(|place| self.lines.get(place));
        let mut before = line
            .into_iter()
            .flat_map(|line| line.chars())
            .take(end.col());
        match before.all(|letter| letter == ' ') {
            true => end.line().saturating_sub(1),
            false => end.line(),
        }
    }

    /// Something goes on from one line to another.
    fn continued(&mut self, first: usize, last: usize) {
        let flags = &mut self.outline.continued;
        if flags.len() < last {
            flags.resize(last, false);
        }
        let on = flags.get_mut(first..last).unwrap_or_default();
        on.fill(true);
    }

    fn continues(&mut self, style: ScalarStyle, span: &Span) {
        let start = span.start.line();
        let last = match style {
            ScalarStyle::Literal | ScalarStyle::Folded => self.end_of_block(start),
            _ => self.last_line(span.end),
        };
        if last > start {
            self.continued(start, last);
        }
    }

    /// The last line of a block scalar whose key stands on a line: what is indented more.
    fn end_of_block(&self, start: usize) -> usize {
        let key = self.open.last().and_then(|open| open.keys.as_ref());
        let column = key.and_then(|(keys, _)| keys.last()).map(|key| key.column);
        let column = column.unwrap_or(0);
        let mut last = start;
        for (number, line) in (1..).zip(&self.lines).skip(start) {
            let indent = line.chars().take_while(|letter| *letter == ' ').count();
            let is_blank = line.trim().is_empty();
            if !is_blank && indent <= column {
                break;
            }
            if !is_blank {
                last = number;
            }
        }
        last
    }
}
