//! Words for people: text that others wrote, made harmless for a terminal, and numbers with
//! their nouns.

/// The same text with a mark in place of each character that a terminal would obey, or that
/// would make what stands there look like something else.
pub fn shown(text: &str) -> String {
    text.chars()
        .map(|letter| if misleads(letter) { '\u{fffd}' } else { letter })
        .collect()
}

/// `1 case`, `2 cases`.
pub fn counted(number: usize, noun: &str) -> String {
    let ending = if number == 1 { "" } else { "s" };
    format!("{number} {noun}{ending}")
}

fn misleads(letter: char) -> bool {
    let turns = matches!(letter, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}');
    letter.is_control() || turns
}

#[cfg(test)]
mod tests {
    use super::shown;

    #[test]
    fn a_terminal_is_given_no_commands() {
        assert_eq!(shown("a\x1b[2Jb\u{202e}c"), "a\u{fffd}[2Jb\u{fffd}c");
        assert_eq!(shown("naïve ünïcode"), "naïve ünïcode");
    }
}
