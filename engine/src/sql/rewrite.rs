//! A statement that the parser does not know, to one that it knows and that reaches as far.
//!
//! Guarantees that what is left out can't change or read anything: a place in an array, a
//! bound that is put in other words, a cursor that stands on one row. The statement that
//! comes out is walked and never run or shown.

mod mssql;
mod query;

use sqlparser::ast::Statement;
use sqlparser::keywords::Keyword;
use sqlparser::parser::Parser;
use sqlparser::tokenizer::Token;

use super::budget::Budgeted;
use super::dialect::Dialect;
use super::fallback::is_foreign;
use crate::limits::SQL_RECURSION;

/// The statement that some words, white space left out, stand for.
pub(super) fn parsed(words: &[&Token], dialect: Dialect, budgeted: &Budgeted) -> Option<Statement> {
    let first = match words.first() {
        Some(Token::Word(word)) => Some(word.value.as_str()),
        _ => None,
    };
    if is_foreign(first, dialect) {
        return None;
    }
    let mut words: Vec<Token> = words.iter().map(|&word| word.clone()).collect();
    let mutated = mutation(&mut words, dialect);
    let bounded = first_rows(&mut words);
    let cursor = cursor_row(&mut words);
    let placed = array_places(&mut words);
    let simplified = query::simplified(&mut words, dialect);
    let completed = dialect == Dialect::Mssql && mssql::completed(&mut words);
    if !(mutated || bounded || cursor || placed || simplified || completed) {
        return None;
    }
    let mut parser = Parser::new(budgeted)
        .with_recursion_limit(SQL_RECURSION)
        .with_tokens(words);
    let statement = parser.parse_statement().ok()?;
    (parser.peek_token_ref().token == Token::EOF).then_some(statement)
}

/// `ALTER TABLE t DELETE WHERE …` of ClickHouse is a DELETE, and so is its UPDATE.
fn mutation(words: &mut Vec<Token>, dialect: Dialect) -> bool {
    let alters = is(words.first(), Keyword::ALTER) && is(words.get(1), Keyword::TABLE);
    if dialect != Dialect::Clickhouse || !alters {
        return false;
    }
    let names = words.iter().skip(2);
    let length = names
        .take_while(|word| matches!(word, Token::Period) || is_name(word))
        .count();
    let end = length.saturating_add(2);
    let name = words.get(2..end).unwrap_or_default().to_vec();
    let verb = words.get(end).cloned();
    let behind = words.get(end.saturating_add(1)..).unwrap_or_default();
    let mut rewritten = Vec::with_capacity(words.len());
    if is(verb.as_ref(), Keyword::DELETE) && is(behind.first(), Keyword::WHERE) {
        rewritten.extend([word("DELETE"), word("FROM")]);
        rewritten.extend(name);
    } else if is(verb.as_ref(), Keyword::UPDATE) {
        rewritten.push(word("UPDATE"));
        rewritten.extend(name);
        rewritten.push(word("SET"));
    } else {
        return false;
    }
    rewritten.extend_from_slice(behind);
    *words = rewritten;
    true
}

/// `DELETE TOP (5) FROM t` of SQL Server, its bound at the end.
fn first_rows(words: &mut Vec<Token>) -> bool {
    let changes = is(words.first(), Keyword::DELETE) || is(words.first(), Keyword::UPDATE);
    if !changes || !is(words.get(1), Keyword::TOP) {
        return false;
    }
    let bound = match words.get(2..6) {
        Some([Token::LParen, rows @ Token::Number(..), Token::RParen, next]) => Some((rows, next)),
        _ => None,
    };
    let Some((rows, next)) = bound else {
        return false;
    };
    if is(Some(next), Keyword::PERCENT) {
        return false;
    }
    let rows = rows.clone();
    words.drain(1..5);
    words.extend([word("LIMIT"), rows]);
    true
}

/// `WHERE CURRENT OF cursor` is a bound of one row.
fn cursor_row(words: &mut Vec<Token>) -> bool {
    let at = words.windows(3).rposition(|words| {
        matches!(words, [first, second, third]
            if is(Some(first), Keyword::WHERE)
                && is(Some(second), Keyword::CURRENT)
                && is(Some(third), Keyword::OF))
    });
    let Some(at) = at else {
        return false;
    };
    let changes = is(words.first(), Keyword::DELETE) || is(words.first(), Keyword::UPDATE);
    let cursor = at.saturating_add(3);
    let behind = words.get(cursor.saturating_add(1));
    let ends = behind.is_none() || is(behind, Keyword::RETURNING);
    if !changes || !ends || !words.get(cursor).is_some_and(is_name) {
        return false;
    }
    words.drain(at..=cursor);
    words.extend([word("LIMIT"), Token::Number("1".to_owned(), false)]);
    true
}

/// `SET a[1] = …`, `(a[1:2], b)`: a place in an array that is set.
fn array_places(words: &mut Vec<Token>) -> bool {
    let changes = is(words.first(), Keyword::INSERT) || is(words.first(), Keyword::UPDATE);
    if !changes || !words.contains(&Token::LBracket) {
        return false;
    }
    let mut kept: Vec<Token> = Vec::with_capacity(words.len());
    let mut rest = words.as_slice();
    let before = words.len();
    while let Some((first, after)) = rest.split_first() {
        if *first == Token::LBracket
            && let Some((place, behind)) = place(after)
            && names_a_target(&kept, behind)
            && is_harmless(place)
        {
            rest = behind;
            continue;
        }
        kept.push(first.clone());
        rest = after;
    }
    *words = kept;
    words.len() < before
}

/// What stands in a bracket, and what comes behind it.
fn place(words: &[Token]) -> Option<(&[Token], &[Token])> {
    let end = words.iter().position(|word| *word == Token::RBracket)?;
    let (place, behind) = words.split_at_checked(end)?;
    Some((place, behind.get(1..).unwrap_or_default()))
}

/// Whether a bracket between these stands behind the name of a column that is set.
fn names_a_target(before: &[Token], behind: &[Token]) -> bool {
    let starts =
        |word: &Token| matches!(word, Token::Comma | Token::LParen) || is(Some(word), Keyword::SET);
    let names = matches!(before, [.., start, name] if starts(start) && is_name(name));
    names
        && matches!(
            behind.first(),
            Some(Token::LBracket | Token::Eq | Token::Comma | Token::RParen)
        )
}

/// Whether a place holds nothing but numbers, names and signs.
fn is_harmless(place: &[Token]) -> bool {
    place.iter().all(|word| {
        matches!(
            word,
            Token::Number(..) | Token::Colon | Token::Minus | Token::Plus | Token::Placeholder(_)
        )
    })
}

fn is(token: Option<&Token>, keyword: Keyword) -> bool {
    matches!(token, Some(Token::Word(word)) if word.keyword == keyword && word.quote_style.is_none())
}

fn is_name(token: &Token) -> bool {
    matches!(token, Token::Word(word)
        if word.quote_style.is_some()
            || !matches!(word.keyword, Keyword::DELETE | Keyword::UPDATE | Keyword::ON))
}

fn word(word: &str) -> Token {
    Token::make_word(word, None)
}

#[cfg(test)]
mod tests {
    use crate::action::{Cause, Effect, Reach};
    use crate::sql::{Dialect, Gap, analyse};
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    fn change(text: &str, dialect: Dialect) -> Option<(Effect, Reach, Option<Cause>)> {
        let analysis = analyse(text, dialect).ok()?;
        let action = analysis.actions.into_iter().next()?;
        let parsed = !analysis.gaps.contains(&Gap::NotParsed);
        parsed.then_some((action.effect, action.reach, action.cause))
    }

    #[test]
    fn mutations_of_clickhouse_reach_what_their_condition_leaves() {
        let delete = |text| change(text, Dialect::Clickhouse);
        let all = |effect| Some((effect, Reach::All, Some(Cause::AlwaysTrue)));
        assert_eq!(
            delete("ALTER TABLE a.t DELETE WHERE 1"),
            all(Effect::Delete)
        );
        assert_eq!(
            delete("ALTER TABLE t UPDATE x = 2 WHERE 1 = 1"),
            all(Effect::Update)
        );
        assert_eq!(
            delete("ALTER TABLE t DELETE WHERE id = 5"),
            Some((Effect::Delete, Reach::Filtered, Some(Cause::Condition)))
        );
        assert_eq!(
            delete("ALTER TABLE t DELETE WHERE a = 1, DELETE WHERE 1"),
            None
        );
    }

    #[test]
    fn a_bound_in_other_words_is_one() {
        let five = Some((Effect::Delete, Reach::Limited(5), Some(Cause::RowBound)));
        assert_eq!(change("DELETE TOP (5) FROM t", Dialect::Mssql), five);
        assert_eq!(
            change("DELETE TOP (5) FROM t WHERE a = 1", Dialect::Mssql),
            five
        );
        assert_ne!(
            change("DELETE TOP (5) PERCENT FROM t", Dialect::Mssql),
            five
        );
    }

    #[test]
    fn a_cursor_stands_on_one_row() {
        let one = |effect| Some((effect, Reach::Limited(1), Some(Cause::RowBound)));
        let update = "UPDATE t SET a = 1 WHERE CURRENT OF c";
        assert_eq!(change(update, Dialect::Postgres), one(Effect::Update));
        let delete = "DELETE FROM t WHERE CURRENT OF c RETURNING a";
        assert_eq!(change(delete, Dialect::Postgres), one(Effect::Delete));
        let hidden = "DELETE FROM t WHERE 1 = 1 OR CURRENT OF c";
        assert_ne!(change(hidden, Dialect::Postgres), one(Effect::Delete));
    }

    #[test]
    fn a_place_in_an_array_is_its_column() {
        let update = |text| change(text, Dialect::Postgres);
        let all = Some((Effect::Update, Reach::All, Some(Cause::NoCondition)));
        assert_eq!(update("UPDATE t SET a[1] = 2, b[2:][-1:] = 3"), all);
        assert_eq!(update("UPDATE t SET a[(SELECT f())] = 2"), None);
    }
}
