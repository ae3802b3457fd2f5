//! A place in a text to the line it is in, with a mark for below.

use lictor_engine::document::Position;

use crate::plain::shown;

/// Widest piece of a line that is shown.
const WIDTH: usize = 72;

/// A piece of a line, and the mark that goes below it.
#[derive(Debug, PartialEq, Eq)]
pub struct Piece {
    /// The piece, fit for a terminal.
    pub line: String,
    /// Blanks, then `^` below what is meant.
    pub mark: String,
}

/// The line with a caret below the place; nothing where the text has no such place.
pub fn under(text: &str, place: Position) -> Option<Piece> {
    piece(text, place, |_| 1)
}

/// The same with the whole word of YAML underlined.
pub fn under_word(text: &str, place: Position) -> Option<Piece> {
    piece(text, place, word_length)
}

/// The same with the whole name of an expression underlined.
pub fn under_name(text: &str, place: Position) -> Option<Piece> {
    piece(text, place, |letters| {
        let is_name = |letter: &&char| letter.is_alphanumeric() || matches!(letter, '_' | '.');
        letters.iter().take_while(is_name).count()
    })
}

fn piece(text: &str, place: Position, length: impl Fn(&[char]) -> usize) -> Option<Piece> {
    let line = text.split('\n').nth(place.line.checked_sub(1)?)?;
    let column = place.column.checked_sub(1)?;
    let letters: Vec<char> = line.trim_end_matches('\r').chars().collect();
    let column = column.min(letters.len());
    let start = column.saturating_sub(WIDTH / 2);
    let visible = letters.iter().skip(start).take(WIDTH);
    let blanks = " ".repeat(column.saturating_sub(start));
    let rest = letters.get(column..).unwrap_or_default();
    let end = start.saturating_add(WIDTH);
    let length = length(rest).clamp(1, end.saturating_sub(column).max(1));
    Some(Piece {
        line: shown(&visible.collect::<String>()),
        mark: format!("{blanks}{}", "^".repeat(length)),
    })
}

/// How many letters the scalar has that starts here.
fn word_length(letters: &[char]) -> usize {
    let quote = letters.first().filter(|first| matches!(first, '"' | '\''));
    let end = match quote {
        Some(quote) => letters
            .iter()
            .skip(1)
            .position(|letter| letter == quote)
            .map(|length| length.saturating_add(2)),
        None => letters.windows(2).position(|pair| match pair {
            [',' | ']' | '}', _] | [' ', '#'] => true,
            [':', next] => *next == ' ',
            _ => false,
        }),
    };
    let end = end.unwrap_or(letters.len());
    let word = letters.get(..end).unwrap_or(letters);
    let is_last = |letter: &char| matches!(letter, ',' | ']' | '}' | ':' | ' ');
    let trailing = word.iter().rev().take_while(|letter| is_last(letter));
    word.len().saturating_sub(trailing.count())
}

#[cfg(test)]
mod tests {
    use super::{Position, under, under_name, under_word};

    fn at(line: usize, column: usize) -> Position {
        Position { line, column }
    }

    #[test]
    fn the_caret_stands_below_the_place() {
        let text = "SELECT 1\nFROM é WHER x";
        let piece = under(text, at(2, 8)).expect("the line is there");
        assert_eq!(piece.line, "FROM é WHER x");
        assert_eq!(piece.mark, "       ^");
        assert_eq!(under(text, at(3, 1)), None);
        assert_eq!(under(text, at(0, 0)), None);
    }

    #[test]
    fn a_whole_word_is_underlined() {
        let mark = |text, column| under_word(text, at(1, column)).expect("there").mark;
        assert_eq!(mark("efect: deny", 1), "^^^^^");
        assert_eq!(mark("{a: [x, 'y z'], b: c}", 9), "        ^^^^^");
        assert_eq!(mark("{a: [x], b: c}", 13), "            ^");
        assert_eq!(mark("a: two words # why", 4), "   ^^^^^^^^^");
        assert_eq!(mark("a: {}", 4), "   ^");
        assert_eq!(mark("", 1), "^");
    }

    #[test]
    fn in_an_expression_a_name_is_underlined() {
        let mark = |column| under_name("a.b_1 == 3", at(1, column)).expect("there").mark;
        assert_eq!(mark(1), "^^^^^");
        assert_eq!(mark(7), "      ^");
    }

    #[test]
    fn a_long_line_is_cut_around_the_place() {
        let text = format!("{}here{}", "a ".repeat(500), " b".repeat(500));
        let piece = under_word(&text, at(1, 1001)).expect("the line is there");
        assert_eq!(piece.line.chars().count(), super::WIDTH);
        let at = piece.mark.find('^').expect("a caret");
        assert_eq!(piece.line.get(at..at + 4), Some("here"));
        assert!(piece.mark.len() <= super::WIDTH);
    }
}
