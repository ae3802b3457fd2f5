//! The keys of mappings that are written line by line, in order, with the comments above them.

use super::order;
use super::outline::{Mapping, Outline};

/// The text with the keys in order of every mapping of that depth.
pub(super) fn in_order(text: &str, depth: usize) -> String {
    let outline = Outline::of(text);
    let lines: Vec<&str> = text.lines().collect();
    let page = Page {
        outline: &outline,
        lines: &lines,
    };
    let chosen = outline.mappings.iter();
    let chosen = chosen.filter(|mapping| !mapping.is_flow && mapping.way.len() == depth);
    let mut edits: Vec<(usize, usize, Vec<String>)> =
        chosen.filter_map(|mapping| page.edit(mapping)).collect();
    edits.sort();
    let mut ordered: Vec<String> = Vec::with_capacity(lines.len());
    let mut next = 1;
    for (first, end, moved) in edits {
        ordered.extend((next..first).map(|line| page.line(line).to_owned()));
        ordered.extend(moved);
        next = end;
    }
    ordered.extend((next..=lines.len()).map(|line| page.line(line).to_owned()));
    ordered.join("\n") + "\n"
}

/// A text by its lines, counted from 1.
struct Page<'p> {
    outline: &'p Outline,
    lines: &'p [&'p str],
}

/// The lines of one entry: comments and blank lines above it, then its own.
struct Entry {
    above: Vec<String>,
    /// The first is cut off at the column of the keys.
    own: Vec<String>,
}

impl Page<'_> {
    fn line(&self, number: usize) -> &str {
        let place = number.checked_sub(1);
        place
            .and_then(|place| self.lines.get(place))
            .copied()
            .unwrap_or_default()
    }

    /// Whether a line holds no content: it is blank, or a comment.
    fn is_aside(&self, number: usize) -> bool {
        let line = self.line(number).trim_start();
        !self.outline.is_continued(number) && (line.is_empty() || line.starts_with('#'))
    }

    fn indent(&self, number: usize) -> usize {
        let letters = self.line(number).chars();
        letters.take_while(|letter| *letter == ' ').count()
    }

    /// First line, line after the last, and what takes their place.
    fn edit(&self, mapping: &Mapping) -> Option<(usize, usize, Vec<String>)> {
        let names: Vec<&str> = mapping.keys.iter().map(|key| key.name.as_str()).collect();
        let keys = order::keys(&mapping.way, |name| names.contains(&name))?;
        let places = order::places(&names, keys)?;
        let first = mapping.keys.first()?;
        let column = first.column;
        let has_lines_of_their_own = mapping
            .keys
            .iter()
            .skip(1)
            .all(|key| key.column == column && self.indent(key.line) == column);
        if !has_lines_of_their_own {
            return None;
        }
        let end = self.end(first.line, column);
        let mut starts: Vec<usize> = mapping
            .keys
            .iter()
            .skip(1)
            .map(|key| self.start(key.line))
            .collect();
        starts.insert(0, first.line);
        let ends = starts.iter().skip(1).copied().chain([end]);
        let entries = mapping.keys.iter().zip(starts.iter().copied().zip(ends));
        let entries: Vec<Entry> = entries
            .map(|(key, (start, end))| self.entry(start, key.line, end, column))
            .collect();
        let prefix: String = self.line(first.line).chars().take(column).collect();
        let ordered = places.iter().filter_map(|place| entries.get(*place));
        Some((first.line, end, joined(ordered, &prefix)))
    }

    /// The line after the last of a mapping that starts there. Comments below it are part of it
    /// where they are indented as it is; those at the end of a file stay there.
    fn end(&self, first: usize, column: usize) -> usize {
        let second = first.saturating_add(1);
        let mut end = second;
        for number in second..=self.lines.len() {
            let is_content = !self.is_aside(number);
            let is_outside = !self.outline.is_continued(number) && self.indent(number) < column;
            if is_content && is_outside {
                break;
            }
            if is_content
                || (self.indent(number) >= column.max(1) && !self.line(number).trim().is_empty())
            {
                end = number.saturating_add(1);
            }
        }
        end
    }

    /// The first line of what stands above a key and goes with it.
    fn start(&self, key: usize) -> usize {
        let above = (1..key).rev().take_while(|number| self.is_aside(*number));
        above.last().unwrap_or(key)
    }

    fn entry(&self, start: usize, key: usize, end: usize, column: usize) -> Entry {
        let head: String = self.line(key).chars().skip(column).collect();
        let body = (key.saturating_add(1)..end).map(|number| self.line(number).to_owned());
        Entry {
            above: (start..key)
                .map(|number| self.line(number).to_owned())
                .collect(),
            own: std::iter::once(head).chain(body).collect(),
        }
    }
}

/// The lines of all entries. The prefix, which may hold the dash of a list, goes to the first.
fn joined<'e>(entries: impl Iterator<Item = &'e Entry>, prefix: &str) -> Vec<String> {
    let blanks = " ".repeat(prefix.chars().count());
    let dash = prefix.chars().take_while(|letter| *letter == ' ').count();
    let mut lines = Vec::new();
    for (index, entry) in entries.enumerate() {
        let above = entry.above.iter();
        match index {
            // What was above it stands above the whole now.
            0 => lines.extend(
                above
                    .filter(|line| !line.is_empty())
                    .map(|line| format!("{}{}", " ".repeat(dash), line.trim_start())),
            ),
            _ => lines.extend(above.cloned()),
        }
        let mut own = entry.own.iter();
        let head = own.next().map_or("", String::as_str);
        let start = if index == 0 { prefix } else { &blanks };
        lines.push(format!("{start}{head}"));
        lines.extend(own.cloned());
    }
    lines
}
