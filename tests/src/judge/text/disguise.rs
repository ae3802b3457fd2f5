//! Ways to hide a statement behind another: in what one reader takes for a comment or a string
//! and another for code.

use crate::judge::chance::Chance;

const HIDINGS: [&str; 42] = [
    "{read}; {change}",
    "{read} ;; {change}",
    "; {change}",
    "{read} END; {change}",
    "SELECT 1 END; {change}",
    "SELECT 1 END\n; {change}",
    "BEGIN; {read}; {change}; COMMIT",
    "ROLLBACK; {change}",
    "{read} --\r; {change}",
    "{read} --\n; {change}",
    "{read} -- ; \r\n; {change}",
    "SELECT 1 --\r\r; {change}",
    "{read} /* */; {change}",
    "{read} /* ; */ ; {change}",
    "{read} /* /* */; {change} */",
    "{read} /* /* */; {change} /* */ */",
    "{read} /* /* */ */; {change}",
    "/* */ {change}",
    "/*! {change} */",
    "/*M! {change} */",
    "/*!50000 {change} */",
    "SELECT 1 /*! ; {change} */",
    "{read} # x\n; {change}",
    "-- {read}\n{change}",
    "SELECT ''';'; {change} --'",
    "SELECT '\\'; {change} --'",
    "SELECT '\\''; {change} --'",
    "SELECT E'\\'; {change} --'",
    "SELECT E'\\''; {change} --'",
    "SELECT e'\\\\'; {change} --'",
    "SELECT N'\\'; {change} --'",
    "SELECT $$ ' $$; {change} --'",
    "SELECT $a$ ' $a$; {change} --'",
    "SELECT $a$; {change}; $a$",
    "SELECT $a$ $b$; {change}; $b$ $a$",
    "SELECT 1$$; {change}; SELECT 1$$",
    "SELECT U&'\\0027'; {change} --'",
    "SELECT \"; {change} --\"",
    "SELECT 1 AS \"a\"\"\"; {change} --\"",
    "SELECT 1 AS `a`; {change} --`",
    "SELECT 1 AS [a]; {change} --]",
    "({read}); {change}",
];

/// What random changes put in.
const PIECES: [&str; 34] = [
    " END ", ";", "--", "--\r", "--\n", "/*", "*/", "/**/", "'", "''", "\"", "$$", "$a$", "\r",
    "\n", "\\", "E'", "(", ")", "::text", " AND ", " OR ", " NOT ", "`", "[", "]", "#", "\u{b}",
    "\u{c}", "\u{a0}", "\u{feff}", "\u{2028}", "/*!", "--;",
];

/// Hides a change behind a read.
pub(super) fn hide(chance: &mut Chance, read: &str, change: &str) -> String {
    let hiding = chance.pick(&HIDINGS);
    hiding.replace("{read}", read).replace("{change}", change)
}

/// Changes a few places of a text at random.
pub(super) fn mutate(chance: &mut Chance, text: String) -> String {
    let mut letters: Vec<char> = text.chars().collect();
    for _ in 0..=chance.below(3) {
        let at = chance.below(letters.len() + 1);
        match chance.below(4) {
            0 => {
                let end = (at + 1 + chance.below(3)).min(letters.len());
                letters.drain(at.min(end)..end);
            }
            1 => comment_for_blank(chance, &mut letters),
            2 => flip_case(chance, &mut letters),
            _ => {
                letters.splice(at..at, chance.pick(&PIECES).chars());
            }
        }
    }
    letters.into_iter().collect()
}

fn comment_for_blank(chance: &mut Chance, letters: &mut Vec<char>) {
    let blanks: Vec<usize> = (0..letters.len())
        .filter(|at| letters[*at] == ' ')
        .collect();
    if blanks.is_empty() {
        return;
    }
    let at = blanks[chance.below(blanks.len())];
    let comment = chance.pick(&["/**/", "/* ; */", "--\n", "\n", "\t", "/* ' */", "/* \" */"]);
    letters.splice(at..=at, comment.chars());
}

fn flip_case(chance: &mut Chance, letters: &mut [char]) {
    for letter in letters {
        if letter.is_ascii_alphabetic() && chance.one_in(3) {
            *letter = if letter.is_ascii_lowercase() {
                letter.to_ascii_uppercase()
            } else {
                letter.to_ascii_lowercase()
            };
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_hiding_hides_the_change() {
        let texts: Vec<String> = (0..2_000)
            .map(|seed| hide(&mut Chance::new(seed), "read", "change"))
            .collect();
        assert!(texts.iter().all(|text| text.contains("change")));
        assert!(texts.iter().any(|text| text == "ROLLBACK; change"));
        assert!(texts.iter().any(|text| text == "SELECT 1 END; change"));
    }
}
