//! Parts of queries that the parser does not know, left out or put in other words.
//!
//! Guarantees that every column and table of the query stays in it.

use sqlparser::keywords::Keyword;
use sqlparser::tokenizer::{Token, Word};

use super::is;
use crate::sql::dialect::Dialect;

/// Rewrites what it can; tells whether there was something.
pub(super) fn simplified(words: &mut Vec<Token>, dialect: Dialect) -> bool {
    let framed = frames(words);
    let spread = composites(words);
    let nested = grouping_sets(words);
    let lateral = lateral_xml(words);
    let passed = passed_xml(words);
    let reworded = dialect == Dialect::Postgres && reworded(words);
    framed || spread || nested || lateral || passed || reworded
}

/// `ROWS BETWEEN … EXCLUDE TIES`: which rows of its window a function looks at. PostgreSQL
/// lets no column stand there.
fn frames(words: &mut Vec<Token>) -> bool {
    let before = words.len();
    let mut from = 0;
    while let Some(start) = words.iter().skip(from).position(starts_frame) {
        let start = from.saturating_add(start);
        from = start.saturating_add(1);
        let behind = words.get(start..).unwrap_or_default();
        let length = behind.iter().position(|word| *word == Token::RParen);
        let frame = length.and_then(|length| behind.get(..length));
        let Some(frame) = frame.filter(|frame| is_frame(frame)) else {
            continue;
        };
        let end = start.saturating_add(frame.len());
        words.drain(start..end);
    }
    words.len() < before
}

fn starts_frame(token: &Token) -> bool {
    [Keyword::ROWS, Keyword::RANGE, Keyword::GROUPS]
        .iter()
        .any(|&keyword| is(Some(token), keyword))
}

/// Whether words up to a bracket are a frame and hold nothing but values and their types.
fn is_frame(words: &[Token]) -> bool {
    let is_end = matches!(words.last(), Some(Token::Word(word)) if is_one_of(word, &LAST));
    let is_told = |pair: &[Token]| match pair {
        [Token::DoubleColon, Token::Word(_)] => true,
        [_, Token::Word(word)] => is_one_of(word, &INNER) || is_one_of(word, &LAST),
        [_, other] => matches!(
            other,
            Token::Number(..)
                | Token::SingleQuotedString(_)
                | Token::DoubleColon
                | Token::Minus
                | Token::Plus
        ),
        _ => false,
    };
    words.len() > 1 && is_end && words.windows(2).all(is_told)
}

/// Words in a frame.
const INNER: [&str; 6] = ["and", "between", "current", "exclude", "no", "unbounded"];

/// Words that a frame may end with.
const LAST: [&str; 6] = ["following", "group", "others", "preceding", "row", "ties"];

fn is_one_of(word: &Word, words: &[&str]) -> bool {
    let is_it = |one: &&str| one.eq_ignore_ascii_case(&word.value);
    word.quote_style.is_none() && words.iter().any(is_it)
}

/// `(f(x)).*`: every field of a value shows no more than the value.
fn composites(words: &mut Vec<Token>) -> bool {
    let before = words.len();
    let mut kept: Vec<Token> = Vec::with_capacity(before);
    let mut rest = words.as_slice();
    while let Some((first, after)) = rest.split_first() {
        rest = match after {
            [Token::Period, Token::Mul, behind @ ..] if *first == Token::RParen => behind,
            _ => after,
        };
        kept.push(first.clone());
    }
    *words = kept;
    words.len() < before
}

/// Grouping sets in grouping sets: by every column that they name.
fn grouping_sets(words: &mut Vec<Token>) -> bool {
    let mut from = 0;
    let mut is_changed = false;
    while let Some(start) = start_of_sets(words, from) {
        from = start;
        let inner = words.get(start..).unwrap_or_default();
        let Some(length) = length_of_brackets(inner) else {
            break;
        };
        let sets = inner.get(..length).unwrap_or_default();
        if start_of_sets(sets, 0).is_none() {
            continue;
        }
        let Some(flat) = names_in(sets) else {
            continue;
        };
        let end = start.saturating_add(length);
        words.splice(start..end, flat);
        is_changed = true;
    }
    is_changed
}

/// The place behind the first `GROUPING SETS (`.
fn start_of_sets(words: &[Token], from: usize) -> Option<usize> {
    let starts = |three: &[Token]| {
        matches!(three, [first, second, Token::LParen]
            if is(Some(first), Keyword::GROUPING) && is(Some(second), Keyword::SETS))
    };
    let place = words.get(from..)?.windows(3).position(starts)?;
    place.checked_add(from)?.checked_add(3)
}

/// How many words stand before the bracket that closes.
fn length_of_brackets(words: &[Token]) -> Option<usize> {
    let mut depth: usize = 1;
    words.iter().position(|word| {
        match word {
            Token::LParen => depth = depth.saturating_add(1),
            Token::RParen => depth = depth.saturating_sub(1),
            _ => {}
        }
        depth == 0
    })
}

/// The names in nested sets with commas between them, if there is nothing but names.
fn names_in(sets: &[Token]) -> Option<Vec<Token>> {
    let mut flat: Vec<Token> = Vec::new();
    for token in sets {
        let is_structure = [
            Keyword::GROUPING,
            Keyword::SETS,
            Keyword::ROLLUP,
            Keyword::CUBE,
        ]
        .iter()
        .any(|&keyword| is(Some(token), keyword));
        match token {
            Token::LParen | Token::RParen => {}
            _ if is_structure => {}
            Token::Comma if matches!(flat.last(), None | Some(Token::Comma)) => {}
            Token::Comma | Token::Period => flat.push(token.clone()),
            // Two names without a comma between them: a function, an operator.
            Token::Word(_) if matches!(flat.last(), Some(Token::Word(_))) => return None,
            Token::Word(_) => flat.push(token.clone()),
            _ => return None,
        }
    }
    if flat.last() == Some(&Token::Comma) {
        flat.pop();
    }
    if flat.is_empty() {
        flat.extend([Token::LParen, Token::RParen]);
    }
    Some(flat)
}

/// `LATERAL XMLTABLE(…)`: a function looks at what stands before it anyway.
fn lateral_xml(words: &mut Vec<Token>) -> bool {
    let before = words.len();
    while let Some(place) = words
        .windows(2)
        .position(|two| is(two.first(), Keyword::LATERAL) && is(two.get(1), Keyword::XMLTABLE))
    {
        words.remove(place);
    }
    words.len() < before
}

/// `XMLEXISTS(path PASSING BY REF value)`: a function of both.
fn passed_xml(words: &mut Vec<Token>) -> bool {
    let mut is_changed = false;
    let mut from = 0;
    while let Some(start) = words.windows(2).skip(from).position(
        |two| matches!(two, [Token::Word(word), Token::LParen] if is_one_of(word, &["xmlexists"])),
    ) {
        from = from.saturating_add(start).saturating_add(2);
        let behind = words.get(from..).unwrap_or_default();
        let length = length_of_brackets(behind).unwrap_or_default();
        let end = from.saturating_add(length);
        let inner = behind.get(..length).unwrap_or_default().to_vec();
        words.splice(from..end, comma_for_passing(&inner));
        is_changed = true;
    }
    is_changed
}

fn comma_for_passing(inner: &[Token]) -> Vec<Token> {
    let mut kept = Vec::with_capacity(inner.len());
    let mut rest = inner;
    while let Some((first, after)) = rest.split_first() {
        let by = is(Some(first), Keyword::BY)
            && matches!(after.first(), Some(Token::Word(word)) if is_one_of(word, &["ref", "value"]));
        rest = if by {
            after.get(1..).unwrap_or_default()
        } else {
            after
        };
        if is(Some(first), Keyword::PASSING) {
            kept.push(Token::Comma);
        } else if !by {
            kept.push(first.clone());
        }
    }
    kept
}

/// Conditions of PostgreSQL, in words of which the outcome can't be computed either.
fn reworded(words: &mut Vec<Token>) -> bool {
    let mut is_changed = false;
    let mut kept: Vec<Token> = Vec::with_capacity(words.len());
    let mut rest = words.as_slice();
    while let Some((first, after)) = rest.split_first() {
        rest = after;
        match (first, after.split_first()) {
            // `a *= b` compares the bytes of records.
            (Token::Mul, Some((next, behind))) if compares(next) => {
                kept.push(Token::Overlap);
                rest = behind;
            }
            // `BETWEEN SYMMETRIC a AND b`: either may be the lower.
            (Token::Word(word), _)
                if is_one_of(word, &["symmetric"]) && is(kept.last(), Keyword::BETWEEN) =>
            {
                kept.extend([Token::Placeholder("$1".to_owned()), Token::Plus]);
            }
            // `COLLATION FOR (a)`
            (Token::Word(word), Some((Token::LParen, _)))
                if is_one_of(word, &["for"]) && is(kept.last(), Keyword::COLLATION) => {}
            _ => {
                kept.push(first.clone());
                continue;
            }
        }
        is_changed = true;
    }
    *words = kept;
    is_changed
}

const fn compares(token: &Token) -> bool {
    matches!(
        token,
        Token::Eq | Token::Neq | Token::Lt | Token::Gt | Token::LtEq | Token::GtEq
    )
}

#[cfg(test)]
mod tests {
    use super::super::word;
    use crate::action::Reach;
    use crate::sql::{Dialect, Gap, analyse};
    use sqlparser::tokenizer::Token;
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    /// The columns that a text reads, if all of them are told.
    fn columns(text: &str) -> Option<String> {
        let analysis = analyse(text, Dialect::Postgres).ok()?;
        if analysis.gaps.contains(&Gap::NotParsed) {
            return None;
        }
        let columns = analysis.actions.iter().flat_map(|action| &action.columns);
        let told: Vec<_> = columns.map(|one| one.column.name.clone()).collect();
        Some(told.join(" "))
    }

    #[test]
    fn a_frame_is_left_out() {
        for frame in [
            "ROWS BETWEEN 1 PRECEDING AND 2 FOLLOWING EXCLUDE TIES",
            "RANGE BETWEEN '1 year'::interval PRECEDING AND 2::int FOLLOWING EXCLUDE NO OTHERS",
            "GROUPS 1::int PRECEDING EXCLUDE CURRENT ROW",
        ] {
            let text = format!("SELECT sum(a) OVER (PARTITION BY b ORDER BY c {frame}), d FROM t");
            assert_eq!(columns(&text).as_deref(), Some("a b c d"), "{text}");
        }
        let hidden =
            "SELECT sum(a) OVER (ROWS (SELECT max(b) FROM u) PRECEDING EXCLUDE TIES) FROM t";
        assert_eq!(columns(hidden), None);
        // A table by the name `rows`.
        assert!(!super::is_frame(
            &["rows", "CROSS", "JOIN", "u", "group"].map(word)
        ));
    }

    #[test]
    fn fields_of_a_value_are_the_value() {
        let text = "SELECT a, (f(b, c)).* FROM t";
        assert_eq!(columns(text).as_deref(), Some("a b c"));
    }

    #[test]
    fn sets_in_sets_keep_their_columns() {
        let text = "SELECT sum(c) FROM t GROUP BY GROUPING SETS \
                    (a, GROUPING SETS ((), (a, b), ROLLUP (t.d)))";
        assert_eq!(columns(text).as_deref(), Some("a b c d"));
        let called = "SELECT 1 FROM t GROUP BY GROUPING SETS (GROUPING SETS (f(a)))";
        assert_eq!(columns(called), None);
    }

    #[test]
    fn a_table_of_xml_sees_what_stands_before_it() {
        let text = "SELECT x.* FROM t, LATERAL XMLTABLE('/r' PASSING a COLUMNS i int PATH '@i') x";
        assert_eq!(columns(text).as_deref(), Some("a"));
    }

    #[test]
    fn what_is_passed_to_a_path_is_read() {
        let text = "SELECT a FROM t WHERE XMLEXISTS('/r' PASSING BY REF b BY REF)";
        assert_eq!(columns(text).as_deref(), Some("a b"));
    }

    #[test]
    fn what_other_words_look_at_is_read() {
        let text = "SELECT a FROM t WHERE b *= ROW(1) OR c *<> d";
        assert_eq!(columns(text).as_deref(), Some("a b c d"));
        let delete = analyse("DELETE FROM t WHERE 1 *= 1", Dialect::Postgres).unwrap();
        let reach = delete.actions.first().map(|action| action.reach);
        assert_eq!(reach, Some(Reach::Unknown));
        let text = "SELECT COLLATION FOR (a) FROM t WHERE b BETWEEN SYMMETRIC c AND -d";
        assert_eq!(columns(text).as_deref(), Some("a b c d"));
        let delete = "DELETE FROM t WHERE 2 BETWEEN SYMMETRIC 3 AND 1";
        let delete = analyse(delete, Dialect::Postgres).unwrap();
        let reach = delete.actions.first().map(|action| action.reach);
        assert_eq!(reach, Some(Reach::Unknown));
    }

    #[test]
    fn nothing_to_leave_out_is_told() {
        let mut words: Vec<Token> = ["SELECT", "rows", "FROM", "t"].map(word).to_vec();
        assert!(!super::simplified(&mut words, Dialect::Postgres));
        assert_eq!(words.len(), 4);
    }
}
