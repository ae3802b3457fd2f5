//! Words for people: text that others wrote, made harmless for a terminal, and numbers with
//! their nouns.

use std::io::{IsTerminal as _, stdout};

use serde_json::Value;

/// The same text with a mark in place of each character that a terminal would obey, or that
/// would make what stands there look like something else.
pub fn shown(text: &str) -> String {
    text.chars()
        .map(|letter| if misleads(letter) { '\u{fffd}' } else { letter })
        .collect()
}

/// A text of several lines, as `shown` has each. Line feeds and tabs stay.
fn shown_lines(text: &str) -> String {
    let plain = |letter: char| matches!(letter, '\n' | '\t') || !misleads(letter);
    text.chars()
        .map(|letter| if plain(letter) { letter } else { '\u{fffd}' })
        .collect()
}

/// A text for standard output: to the byte, unless a person looks.
pub fn for_standard_output(text: String) -> String {
    match stdout().is_terminal() {
        true => shown_lines(&text),
        false => text,
    }
}

/// JSON in which what a terminal would obey, or be misled by, is written as an escape. It means
/// the same: such letters stand in strings only.
pub fn json(value: &Value) -> String {
    escaped(&value.to_string())
}

/// The same on several lines.
pub fn json_lines(value: &Value) -> String {
    escaped(&format!("{value:#}"))
}

fn escaped(json: &str) -> String {
    let mut plain = String::with_capacity(json.len());
    for letter in json.chars() {
        if letter != '\n' && misleads(letter) {
            plain.push_str(&format!("\\u{:04x}", u32::from(letter)));
        } else {
            plain.push(letter);
        }
    }
    plain
}

/// `1 case`, `2 cases`.
pub fn counted(number: usize, noun: &str) -> String {
    let ending = if number == 1 { "" } else { "s" };
    format!("{number} {noun}{ending}")
}

/// Every letter of these has a code of at most four hex digits.
fn misleads(letter: char) -> bool {
    let turns = matches!(letter, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}');
    letter.is_control() || turns
}

#[cfg(test)]
mod tests {
    use super::{json, shown, shown_lines};

    #[test]
    fn a_terminal_is_given_no_commands() {
        assert_eq!(shown("a\x1b[2Jb\u{202e}c"), "a\u{fffd}[2Jb\u{fffd}c");
        assert_eq!(shown("naïve ünïcode"), "naïve ünïcode");
        assert_eq!(shown_lines("a\n\tb\r\u{9b}c"), "a\n\tb\u{fffd}\u{fffd}c");
    }

    #[test]
    fn json_means_the_same_without_commands() {
        let value = serde_json::json!({"a\u{9b}": "x\u{202e}\u{1b}\u{7f}é\n"});
        let text = json(&value);
        assert_eq!(text, "{\"a\\u009b\":\"x\\u202e\\u001b\\u007fé\\n\"}");
        let again: serde_json::Value = serde_json::from_str(&text).expect("JSON");
        assert_eq!(again, value);
    }
}
