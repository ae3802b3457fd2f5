//! What Transact-SQL leaves out or adds, in words that the parser knows.
//!
//! Guarantees that no table, no column and no condition goes or comes: hints hold none, and a
//! column that is changed by its own value is read too.

use sqlparser::keywords::Keyword;
use sqlparser::tokenizer::Token;

use super::{is, is_name, word};

/// Rewrites what it can; tells whether there was something.
pub(super) fn completed(words: &mut Vec<Token>) -> bool {
    let hinted = final_hints(words);
    let named = missing_from(words);
    let assigned = compound_assignments(words);
    hinted || named || assigned
}

/// `… OPTION (MAXDOP 1)` at the very end: how to run the statement, not what it does.
fn final_hints(words: &mut Vec<Token>) -> bool {
    let Some(start) = words.iter().rposition(|one| is(Some(one), Keyword::OPTION)) else {
        return false;
    };
    let Some([Token::LParen, hints @ .., Token::RParen]) = words.get(start.saturating_add(1)..)
    else {
        return false;
    };
    let mut depth: usize = 0;
    let is_closed = hints.iter().all(|one| {
        match one {
            Token::LParen => depth = depth.saturating_add(1),
            Token::RParen if depth == 0 => return false,
            Token::RParen => depth = depth.saturating_sub(1),
            _ => {}
        }
        !is(Some(one), Keyword::SELECT)
    });
    if !is_closed || depth > 0 {
        return false;
    }
    words.truncate(start);
    true
}

/// `DELETE t WHERE …`: the word FROM may be left out where no other one follows.
fn missing_from(words: &mut Vec<Token>) -> bool {
    if !is(words.first(), Keyword::DELETE) {
        return false;
    }
    let length = name_at(words.get(1..).unwrap_or_default());
    let behind = words.get(length.saturating_add(1));
    let ends = behind.is_none() || is(behind, Keyword::WHERE) || is(behind, Keyword::OUTPUT);
    if length == 0 || !ends || words.iter().any(|one| is(Some(one), Keyword::INTO)) {
        return false;
    }
    words.insert(1, word("FROM"));
    true
}

/// `SET a += 1` is `SET a = a + 1`.
fn compound_assignments(words: &mut Vec<Token>) -> bool {
    if !is(words.first(), Keyword::UPDATE) {
        return false;
    }
    let ends = |one: &Token| is(Some(one), Keyword::WHERE) || is(Some(one), Keyword::FROM);
    let end = words.iter().position(ends).unwrap_or(words.len());
    let mut rewritten: Vec<Token> = Vec::with_capacity(words.len());
    let mut name = 0;
    let mut rest = words.get(..end).unwrap_or_default();
    while let Some((first, after)) = rest.split_first() {
        if is(Some(first), Keyword::SET) || *first == Token::Comma {
            name = rewritten.len().saturating_add(1);
        }
        match after.split_first() {
            Some((Token::Eq, behind)) if is_operator(first) => {
                let column = rewritten.get(name..).unwrap_or_default().to_vec();
                if name_at(&column) != column.len() || column.is_empty() {
                    return false;
                }
                rewritten.push(Token::Eq);
                rewritten.extend(column);
                rewritten.push(first.clone());
                rest = behind;
            }
            _ => {
                rewritten.push(first.clone());
                rest = after;
            }
        }
    }
    let kept = words.split_off(end);
    let is_changed = rewritten.len() > words.len();
    *words = rewritten;
    words.extend(kept);
    is_changed
}

const fn is_operator(token: &Token) -> bool {
    matches!(
        token,
        Token::Plus | Token::Minus | Token::Mul | Token::Div | Token::Mod
    ) || matches!(token, Token::Ampersand | Token::Pipe | Token::Caret)
}

/// How many words the name at the start takes.
fn name_at(words: &[Token]) -> usize {
    let mut length: usize = 0;
    for pair in words.chunks(2) {
        match pair {
            [part, Token::Period] if is_part(part) => length = length.saturating_add(2),
            [part, ..] if is_part(part) => return length.saturating_add(1),
            _ => return 0,
        }
    }
    0
}

fn is_part(token: &Token) -> bool {
    let is_other = [Keyword::FROM, Keyword::TOP, Keyword::WHERE, Keyword::OUTPUT];
    is_name(token) && !is_other.iter().any(|&keyword| is(Some(token), keyword))
}

#[cfg(test)]
mod tests {
    use crate::action::{Effect, Reach, Usage};
    use crate::sql::{Analysis, Dialect, Gap, analyse};
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    fn parsed(text: &str) -> Analysis {
        let analysis = analyse(text, Dialect::Mssql).unwrap();
        assert!(!analysis.gaps.contains(&Gap::NotParsed), "{text}");
        analysis
    }

    fn told(text: &str) -> (Effect, String, Reach) {
        let action = parsed(text).actions.remove(0);
        let names: Vec<_> = action
            .resources
            .iter()
            .map(|one| one.name.clone())
            .collect();
        (action.effect, names.join(" "), action.reach)
    }

    #[test]
    fn from_may_be_left_out() {
        let delete = |name: &str, reach| (Effect::Delete, name.to_owned(), reach);
        assert_eq!(told("DELETE t WHERE a = 1"), delete("t", Reach::Filtered));
        assert_eq!(told("DELETE s.t"), delete("s.t", Reach::All));
        assert_eq!(
            told("DELETE [s].[t] WHERE 1 = 1"),
            delete("s.t", Reach::All)
        );
        assert_eq!(
            told("DELETE TOP (5) t WHERE a = 1"),
            delete("t", Reach::Limited(5))
        );
    }

    #[test]
    fn an_update_may_be_bounded_before_its_table() {
        let update = "UPDATE TOP (5) t SET a = 1 WHERE b = 2";
        assert_eq!(
            told(update),
            (Effect::Update, "t".to_owned(), Reach::Limited(5))
        );
    }

    #[test]
    fn hints_at_the_end_are_left_out() {
        let read = |reach| (Effect::Read, "t".to_owned(), reach);
        let text = "SELECT a FROM t WHERE b = 1 OPTION (MAXDOP 1, OPTIMIZE FOR (@x = 1))";
        assert_eq!(told(text), read(Reach::Filtered));
        let odd = "SELECT a FROM t OPTION (x (SELECT b FROM u))";
        let analysis = analyse(odd, Dialect::Mssql).unwrap();
        let mut names = analysis.actions.iter().flat_map(|action| &action.resources);
        assert!(names.any(|one| one.name == "u"), "{analysis:?}");
    }

    #[test]
    fn a_column_changed_by_its_own_value_is_read() {
        let analysis = parsed("UPDATE t SET a += 1, t.b -= c WHERE d = 2");
        let columns = analysis.actions.iter().flat_map(|action| &action.columns);
        let read = columns.filter(|one| one.usage != Usage::Written);
        let mut names: Vec<_> = read.map(|one| one.column.name.as_str()).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names, ["a", "b", "c", "d"]);
        let text = "UPDATE t SET a += 1 WHERE d = 2";
        assert_eq!(told(text).2, Reach::Filtered);
    }
}
