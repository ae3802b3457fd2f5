//! Names among the words of a statement, parts joined by dots.

use sqlparser::ast::Ident;
use sqlparser::tokenizer::{Span, Token, Word};

use super::{Cursor, is_in, is_one_of, plain};
use crate::sql::fallback::verb;

/// Words that stand where a name could, and are none.
const NO_NAMES: [&str; 30] = [
    "AND",
    "AS",
    "BY",
    "DEFAULT",
    "DO",
    "ELSE",
    "END",
    "EXCEPT",
    "FROM",
    "GROUP",
    "HAVING",
    "IN",
    "INTO",
    "INTERSECT",
    "JOIN",
    "LIMIT",
    "MATCHED",
    "ON",
    "OR",
    "ORDER",
    "RETURNING",
    "SET",
    "THEN",
    "TO",
    "UNION",
    "USING",
    "VALUES",
    "WHEN",
    "WHERE",
    "WITH",
];

impl Cursor<'_> {
    /// The names at this place, parted by commas; the place moves behind them.
    ///
    /// `calls_count` says whether a name with a bracket behind it is one: it is where columns
    /// may follow, and a function elsewhere.
    pub(in crate::sql::fallback) fn names(&mut self, calls_count: bool) -> Vec<Vec<Ident>> {
        let mut names = Vec::new();
        loop {
            self.skip(&["ONLY", "LATERAL", "TABLE", "IF", "NOT", "EXISTS"]);
            let Some(name) = self.dotted() else {
                return names;
            };
            if calls_count || !self.is_bracket() {
                names.push(name);
            } else {
                self.called.push(name);
            }
            self.skip_alias();
            if self.ahead(0) != Some(&Token::Comma) {
                return names;
            }
            self.step();
        }
    }

    /// The name at this place; the place moves behind it.
    pub(in crate::sql::fallback) fn dotted(&mut self) -> Option<Vec<Ident>> {
        let mut parts = vec![self.part()?];
        while self.ahead(0) == Some(&Token::Period) {
            self.step();
            // `database..table`
            if self.ahead(0) == Some(&Token::Period) {
                continue;
            }
            match self.ahead(0) {
                Some(Token::Word(word)) => {
                    parts.push(ident(word));
                    self.step();
                }
                Some(Token::LBracket) => parts.extend(self.part()),
                _ => break,
            }
        }
        Some(parts)
    }

    /// The name that ends at this place, and the token before it.
    pub(in crate::sql::fallback) fn ended(&self) -> (Vec<Ident>, Option<&Token>) {
        let mut parts = Vec::new();
        let mut back = 0;
        loop {
            let part = self.at.checked_sub(back).and_then(|at| self.words.get(at));
            let Some(Token::Word(word)) = part.copied() else {
                break;
            };
            parts.push(ident(word));
            back = back.saturating_add(1);
            if self.back(back) != Some(&Token::Period) {
                break;
            }
            back = back.saturating_add(1);
        }
        parts.reverse();
        (parts, self.back(back))
    }

    /// The name of one part at this place.
    pub(in crate::sql::fallback) fn ident(&self) -> Option<Ident> {
        match self.ahead(0)? {
            Token::Word(word) => Some(ident(word)),
            _ => None,
        }
    }

    /// Whether a name follows the word here.
    pub(in crate::sql::fallback) fn is_before_name(&self) -> bool {
        matches!(self.ahead(1), Some(Token::Word(word))
            if word.quote_style.is_some() || !is_in(&NO_NAMES, &word.value))
    }

    fn part(&mut self) -> Option<Ident> {
        // `[name]` where the tokenizer does not know it for a quoted name.
        if let (Some(Token::LBracket), Some(Token::Word(word)), Some(Token::RBracket)) =
            (self.ahead(0), self.ahead(1), self.ahead(2))
        {
            self.at = self.at.saturating_add(3);
            return Some(Ident::with_quote('[', word.value.as_str()));
        }
        let Some(Token::Word(word)) = self.ahead(0) else {
            return None;
        };
        // `ROWS FROM (f(1), g(2))`
        let is_rows =
            word.value.eq_ignore_ascii_case("rows") && is_one_of(self.ahead(1), &["FROM"]);
        if is_rows {
            return None;
        }
        let is_name = word.quote_style.is_some()
            || self.ahead(1) == Some(&Token::Period)
            || !is_in(&NO_NAMES, &word.value) && !verb::is_strong(&word.value);
        if !is_name {
            return None;
        }
        self.step();
        Some(ident(word))
    }

    /// An alias is passed over only where another name follows: it could be a verb.
    fn skip_alias(&mut self) {
        let as_too = usize::from(self.is("AS"));
        let alias = self.ahead(as_too);
        let after = self.ahead(as_too.saturating_add(1));
        if matches!(alias, Some(Token::Word(_)))
            && after == Some(&Token::Comma)
            && !plain(alias).is_some_and(verb::is_strong)
        {
            self.at = self.at.saturating_add(as_too).saturating_add(1);
        }
    }
}

fn ident(word: &Word) -> Ident {
    Ident {
        value: word.value.clone(),
        quote_style: word.quote_style,
        span: Span::empty(),
    }
}
