//! A place in a text to the line it is in, with a caret below.

use crate::plain::shown;

/// Widest piece of a line that is shown.
const WIDTH: usize = 72;

/// The line with a caret below the place; nothing where the text has no such place.
pub fn under(text: &str, line: u64, column: u64) -> Option<String> {
    let line = text
        .split('\n')
        .nth(usize::try_from(line).ok()?.checked_sub(1)?)?;
    let column = usize::try_from(column).ok()?.checked_sub(1)?;
    let letters: Vec<char> = line.chars().collect();
    let column = column.min(letters.len());
    let start = column.saturating_sub(WIDTH / 2);
    let piece: String = letters.iter().skip(start).take(WIDTH).collect();
    let blanks = " ".repeat(column.saturating_sub(start));
    Some(format!("{}\n{blanks}^", shown(&piece)))
}

#[cfg(test)]
mod tests {
    use super::under;

    #[test]
    fn the_caret_stands_below_the_place() {
        let text = "SELECT 1\nFROM é WHER x";
        assert_eq!(
            under(text, 2, 8).as_deref(),
            Some("FROM é WHER x\n       ^")
        );
        assert_eq!(under(text, 3, 1), None);
        assert_eq!(under(text, 0, 0), None);
    }

    #[test]
    fn a_long_line_is_cut_around_the_place() {
        let text = format!("{}here{}", "a ".repeat(500), " b".repeat(500));
        let shown = under(&text, 1, 1001).expect("the line is there");
        let (piece, caret) = shown.split_once('\n').expect("two lines");
        assert_eq!(piece.chars().count(), super::WIDTH);
        let at = caret.find('^').expect("a caret");
        assert_eq!(piece.get(at..at + 4), Some("here"));
    }
}
