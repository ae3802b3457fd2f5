//! The keys of mappings in braces, each on one line, in order.

use super::order;
use super::outline::{Mapping, Outline};

/// The text with the keys in order of every mapping of that depth.
pub(super) fn in_order(text: &str, depth: usize) -> String {
    let outline = Outline::of(text);
    let letters: Vec<char> = text.chars().collect();
    let mut edits: Vec<(usize, usize, String)> = Vec::new();
    for mapping in &outline.mappings {
        if mapping.is_flow && mapping.way.len() == depth {
            edits.extend(edit(&letters, mapping));
        }
    }
    edits.sort();
    let mut ordered = String::with_capacity(text.len());
    let mut last = 0;
    for (start, end, entries) in edits {
        ordered.extend(letters.get(last..start).unwrap_or_default());
        ordered.push_str(&entries);
        last = end;
    }
    ordered.extend(letters.get(last..).unwrap_or_default());
    ordered
}

/// What takes the place of the entries, from the first key to the closing brace.
fn edit(letters: &[char], mapping: &Mapping) -> Option<(usize, usize, String)> {
    let names: Vec<&str> = mapping.keys.iter().map(|key| key.name.as_str()).collect();
    let keys = order::keys(&mapping.way, |name| names.contains(&name))?;
    let places = order::places(&names, keys)?;
    let end = mapping.end;
    let is_plain = mapping.lines.0 == mapping.lines.1 && letters.get(end) == Some(&'}');
    if !is_plain {
        return None;
    }
    let starts = mapping.keys.iter().map(|key| key.index);
    let ends = mapping
        .keys
        .iter()
        .skip(1)
        .map(|key| key.index)
        .chain([end]);
    let entries: Vec<String> = starts
        .zip(ends)
        .map(|(start, end)| {
            let entry: String = letters.get(start..end).unwrap_or_default().iter().collect();
            let entry = entry.trim_end();
            entry
                .strip_suffix(',')
                .unwrap_or(entry)
                .trim_end()
                .to_owned()
        })
        .collect();
    let ordered: Vec<&str> = places
        .iter()
        .filter_map(|place| entries.get(*place).map(String::as_str))
        .collect();
    Some((mapping.keys.first()?.index, end, ordered.join(", ")))
}
