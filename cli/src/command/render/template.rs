//! Placeholders such as `${NAME}` in a template become values that stay in their place.

use std::collections::{BTreeMap, BTreeSet};

/// A value and how it is put in.
pub(super) enum Kind {
    /// A document, line by line at the column of its placeholder.
    Block(String),
    /// JSON, as it is.
    Plain(String),
    /// A word that somebody gave: quoted unless it is plain.
    Word(String),
}

/// The placeholders of a template; those in comments only explain.
pub(super) fn names(template: &str) -> BTreeSet<&str> {
    let lines = template.lines().filter(|line| !is_comment(line));
    let pieces = lines.flat_map(|line| line.split("${").skip(1));
    pieces
        .filter_map(|piece| Some(piece.split_once('}')?.0))
        .collect()
}

fn is_comment(line: &str) -> bool {
    line.trim_start().starts_with('#')
}

/// The template with every placeholder filled, or which of them have no value.
pub(super) fn fill(template: &str, values: &BTreeMap<&str, Kind>) -> Result<String, String> {
    let missing: Vec<&str> = names(template)
        .into_iter()
        .filter(|name| !values.contains_key(name))
        .collect();
    if !missing.is_empty() {
        return Err(format!(
            "expected `--set NAME=VALUE` for `{}`",
            missing.join("`, `")
        ));
    }
    let mut filled = String::with_capacity(template.len());
    for line in template.split_inclusive('\n') {
        match is_comment(line) {
            true => filled.push_str(line),
            false => fill_line(line, values, &mut filled)?,
        }
    }
    Ok(filled)
}

fn fill_line(line: &str, values: &BTreeMap<&str, Kind>, out: &mut String) -> Result<(), String> {
    let mut rest = line;
    let mut before = String::new();
    while let Some((start, after)) = rest.split_once("${") {
        before.push_str(start);
        let Some((name, tail)) = after.split_once('}') else {
            return Err("expected `}` after a placeholder".to_owned());
        };
        let value = values.get(name).ok_or("expected a value")?;
        let is_quoted = before.ends_with('\'') && tail.starts_with('\'');
        let text = match value {
            Kind::Block(text) => block(text, &before),
            Kind::Plain(text) => text.clone(),
            Kind::Word(text) if is_quoted => one_line(text)?.replace('\'', "''"),
            Kind::Word(text) => word(text)?,
        };
        before.push_str(&text);
        rest = tail;
    }
    out.push_str(&before);
    out.push_str(rest);
    Ok(())
}

/// Lines at the column of the placeholder; empty ones stay empty.
fn block(text: &str, before: &str) -> String {
    let mut lines = text
        .trim_end()
        .split('\n')
        .map(|line| line.trim_end_matches('\r'));
    let mut block = lines.next().unwrap_or_default().to_owned();
    for line in lines {
        block.push('\n');
        if !line.is_empty() {
            block.push_str(before);
            block.push_str(line);
        }
    }
    block
}

fn one_line(text: &str) -> Result<String, String> {
    let flat = text.replace(['\n', '\r', '\t'], " ");
    match flat.chars().any(char::is_control) {
        true => Err("expected values without control characters".to_owned()),
        false => Ok(flat),
    }
}

/// Plain where YAML reads it as one word, else in single quotes.
fn word(text: &str) -> Result<String, String> {
    let flat = one_line(text)?;
    let is_plain = |letter: char| letter.is_ascii_alphanumeric() || "_-./@:".contains(letter);
    let is_word = flat.starts_with(|first: char| first.is_ascii_alphanumeric() || first == '/')
        && flat.chars().all(is_plain)
        && !flat.ends_with(':');
    Ok(match is_word {
        true => flat,
        false => format!("'{}'", flat.replace('\'', "''")),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_stays_in_its_place() {
        let values = BTreeMap::from([
            ("A", Kind::Word("it's: {x}\ny".to_owned())),
            ("B", Kind::Block("a:\n\n- b # ${A}\n".to_owned())),
            ("C", Kind::Word("https://idp.example.com".to_owned())),
        ]);
        let filled = fill(
            "# ${D}\na: ${A}\nq: '${A}'\nc: ${C}\nb: |\n  ${B}\n",
            &values,
        );
        let expected = "# ${D}\na: 'it''s: {x} y'\nq: 'it''s: {x} y'\nc: https://idp.example.com\nb: |\n  a:\n\n  - b # ${A}\n";
        assert_eq!(filled.unwrap(), expected);
        assert!(
            fill("x: ${X} ${Y}", &values)
                .unwrap_err()
                .contains("`X`, `Y`")
        );
    }
}
