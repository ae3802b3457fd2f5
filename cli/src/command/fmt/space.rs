//! White space in its place: none at the end of lines, one empty line at most, a line feed at the
//! end. What stands inside of a text is left alone.

use super::outline::Outline;

/// The text with its white space in place.
pub(super) fn tidied(text: &str) -> String {
    let text = text.replace("\r\n", "\n");
    let outline = Outline::of(&text);
    let mut tidied = String::with_capacity(text.len());
    let mut was_blank = true;
    for (number, line) in (1..).zip(text.split('\n')) {
        if outline.is_continued(number) {
            tidied.push_str(line);
            tidied.push('\n');
            was_blank = false;
            continue;
        }
        let line = line.trim_end();
        if line.is_empty() && was_blank {
            continue;
        }
        was_blank = line.is_empty();
        tidied.push_str(line);
        tidied.push('\n');
    }
    while tidied.ends_with("\n\n") {
        tidied.pop();
    }
    tidied
}
