//! A place among the words of a statement, with a view to both sides.

use sqlparser::ast::Ident;
use sqlparser::tokenizer::{Token, Word};

use super::verb;

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

/// Words of a block that start no call.
const CONTROL: [&str; 40] = [
    "BEGIN",
    "CASE",
    "CATCH",
    "CONSTANT",
    "CONTINUE",
    "CURSOR",
    "DECLARE",
    "ELSE",
    "ELSEIF",
    "ELSIF",
    "END",
    "EXCEPTION",
    "EXIT",
    "FOR",
    "FUNCTION",
    "GOTO",
    "IF",
    "IS",
    "ITERATE",
    "LEAVE",
    "LET",
    "LOOP",
    "NULL",
    "PRAGMA",
    "PRINT",
    "PROCEDURE",
    "RAISE",
    "RAISERROR",
    "REPEAT",
    "RESIGNAL",
    "RETURN",
    "SIGNAL",
    "SUBTYPE",
    "THEN",
    "THROW",
    "TRY",
    "TYPE",
    "UNTIL",
    "WHEN",
    "WHILE",
];

pub(super) struct Cursor<'t> {
    words: &'t [&'t Token],
    at: usize,
}

impl<'t> Cursor<'t> {
    pub(super) const fn new(words: &'t [&'t Token]) -> Self {
        Self { words, at: 0 }
    }

    /// The token so many places on.
    fn ahead(&self, places: usize) -> Option<&'t Token> {
        self.words.get(self.at.checked_add(places)?).copied()
    }

    /// The token so many places back.
    fn back(&self, places: usize) -> Option<&'t Token> {
        self.words.get(self.at.checked_sub(places)?).copied()
    }

    pub(super) fn step(&mut self) {
        self.at = self.at.saturating_add(1);
    }

    pub(super) fn is_over(&self) -> bool {
        self.at >= self.words.len()
    }

    /// Whether a statement ends here.
    pub(super) fn is_end(&self) -> bool {
        matches!(self.ahead(0), None | Some(Token::SemiColon))
    }

    pub(super) fn is_bracket(&self) -> bool {
        self.ahead(0) == Some(&Token::LParen)
    }

    /// Whether no other word follows that could be what this one is about.
    pub(super) fn is_last_word(&self) -> bool {
        match self.ahead(1) {
            Some(Token::Word(word)) if word.quote_style.is_none() => is_in(
                &["AS", "CASCADE", "FROM", "RENAME", "RESTRICT", "SET", "TO"],
                &word.value,
            ),
            Some(Token::Word(_) | Token::LBracket) => false,
            _ => true,
        }
    }

    /// Whether the statement names no language, or one that is SQL.
    pub(super) fn has_readable_language(&self) -> bool {
        let mut pairs = self.words.iter().zip(self.words.iter().skip(1));
        let named = pairs
            .find(|(word, _)| is_one_of(Some(word), &["LANGUAGE"]))
            .map(|(_, language)| *language);
        named.is_none() || is_one_of(named, &["SQL", "PLPGSQL", "PLSQL"])
    }

    pub(super) fn take_bracket(&mut self) -> bool {
        let is = self.is_bracket();
        if is {
            self.step();
        }
        is
    }

    /// The word here, unless it is in quotes.
    pub(super) fn word(&self) -> Option<&'t str> {
        plain(self.ahead(0))
    }

    pub(super) fn is(&self, word: &str) -> bool {
        self.word()
            .is_some_and(|here| here.eq_ignore_ascii_case(word))
    }

    pub(super) fn take(&mut self, words: &[&str]) -> bool {
        let is = words.iter().any(|word| self.is(word));
        if is {
            self.step();
        }
        is
    }

    pub(super) fn skip(&mut self, words: &[&str]) {
        while self.take(words) {}
    }

    /// `TOP 5`, `TOP (5) PERCENT`.
    pub(super) fn skip_top(&mut self) {
        if !self.take(&["TOP"]) {
            return;
        }
        if self.is_bracket() {
            self.leave_bracket();
        } else {
            self.step();
        }
        self.skip(&["PERCENT"]);
    }

    /// Goes on behind the bracket that opens here.
    pub(super) fn leave_bracket(&mut self) {
        self.at = self.behind_bracket(self.at);
    }

    fn behind_bracket(&self, from: usize) -> usize {
        let mut depth: usize = 0;
        for (place, token) in self.words.iter().enumerate().skip(from) {
            match token {
                Token::LParen => depth = depth.saturating_add(1),
                Token::RParen => {
                    depth = depth.saturating_sub(1);
                    if depth == 0 {
                        return place.saturating_add(1);
                    }
                }
                _ => {}
            }
        }
        self.words.len()
    }

    pub(super) fn follows(&self, words: &[&str]) -> bool {
        is_one_of(self.back(1), words)
    }

    /// Whether the word before the one before is this.
    pub(super) fn follows_after_one(&self, word: &str) -> bool {
        is_one_of(self.back(2), &[word])
    }

    pub(super) fn follows_comma(&self) -> bool {
        self.back(1) == Some(&Token::Comma)
    }

    /// Whether a statement may start here.
    pub(super) fn may_start(&self) -> bool {
        const OPENERS: [&str; 14] = [
            "ANALYZE", "AS", "ATOMIC", "BEGIN", "DECLARE", "DO", "ELSE", "EXPLAIN", "IS", "LOOP",
            "REPEAT", "THEN", "TRY", "VERBOSE",
        ];
        match self.back(1) {
            None
            | Some(
                Token::SemiColon
                | Token::LParen
                | Token::RParen
                | Token::ShiftRight
                | Token::Colon
                | Token::LBrace,
            ) => true,
            before => is_one_of(before, &OPENERS),
        }
    }

    pub(super) fn is_part_of_a_name(&self) -> bool {
        self.back(1) == Some(&Token::Period) || self.ahead(1) == Some(&Token::Period)
    }

    pub(super) fn is_called(&self) -> bool {
        self.ahead(1) == Some(&Token::LParen)
    }

    /// Whether the word after DROP says that a whole object goes, and not a part of one.
    pub(super) fn is_kind_of_object(&self) -> bool {
        self.word().is_some_and(verb::is_whole)
    }

    /// Whether a query gets its name here: `name AS (`, `name (columns) AS (`.
    pub(super) fn is_cte(&self) -> bool {
        if !matches!(self.ahead(0), Some(Token::Word(_))) {
            return false;
        }
        let mut behind = self.at.saturating_add(1);
        if self.ahead(1) == Some(&Token::LParen) {
            behind = self.behind_bracket(behind);
        }
        let at = |place: usize| self.words.get(place).copied();
        is_one_of(at(behind), &["AS"])
            && (at(behind.saturating_add(1)) == Some(&Token::LParen)
                || is_one_of(at(behind.saturating_add(1)), &["MATERIALIZED", "NOT"]))
    }

    pub(super) fn name(&self) -> Option<&'t str> {
        match self.ahead(0)? {
            Token::Word(word) => Some(&word.value),
            _ => None,
        }
    }

    /// Whether a procedure is called by its name alone, as blocks of Oracle do.
    pub(super) fn calls_by_name(&self) -> bool {
        let Some(Token::Word(word)) = self.ahead(0) else {
            return false;
        };
        let is_control = word.quote_style.is_none() && is_in(&CONTROL, &word.value);
        !is_control
            && matches!(
                self.ahead(1),
                Some(Token::LParen | Token::Period | Token::SemiColon)
            )
    }

    /// `SET is_cycle USING path`, the word USING being passed already.
    pub(super) fn follows_a_setting(&self) -> bool {
        is_one_of(self.back(1), &["USING"]) && is_one_of(self.back(3), &["SET", "DEFAULT"])
    }

    /// The first of these words up to the end of the statement, those in brackets left out.
    pub(super) fn first_of(&self, words: &[&'static str]) -> Option<&'static str> {
        let rest = self.words.get(self.at..).unwrap_or_default();
        let mut depth: usize = 0;
        for token in rest.iter().copied() {
            match token {
                Token::SemiColon if depth == 0 => return None,
                Token::LParen => depth = depth.saturating_add(1),
                Token::RParen => depth = depth.checked_sub(1)?,
                token if depth == 0 => {
                    let here = plain(Some(token)).unwrap_or_default();
                    let mut known = words.iter().copied();
                    if let Some(word) = known.find(|word| word.eq_ignore_ascii_case(here)) {
                        return Some(word);
                    }
                }
                _ => {}
            }
        }
        None
    }

    /// The string here.
    pub(super) fn text(&self) -> Option<&'t str> {
        crate::sql::function::text_of(self.ahead(0)?)
    }

    /// The text of the strings here, put together, if nothing else is put together with them.
    pub(super) fn lone_text(&self) -> Option<String> {
        let mut text = String::new();
        let mut place: usize = 0;
        loop {
            text.push_str(crate::sql::function::text_of(self.ahead(place)?)?);
            place = place.saturating_add(1);
            match self.ahead(place) {
                Some(Token::StringConcat | Token::Plus) => place = place.saturating_add(1),
                None | Some(Token::SemiColon | Token::RParen | Token::Comma) => return Some(text),
                other if is_one_of(other, &["INTO", "USING", "LANGUAGE"]) => return Some(text),
                Some(_) => return None,
            }
        }
    }

    /// The names at this place, parted by commas; the place moves behind them.
    ///
    /// `calls_count` says whether a name with a bracket behind it is one: it is where columns
    /// may follow, and a function elsewhere.
    pub(super) fn names(&mut self, calls_count: bool) -> Vec<Vec<Ident>> {
        let mut names = Vec::new();
        loop {
            self.skip(&["ONLY", "LATERAL", "TABLE", "IF", "NOT", "EXISTS"]);
            let Some(name) = self.dotted() else {
                return names;
            };
            if calls_count || !self.is_bracket() {
                names.push(name);
            }
            self.skip_alias();
            if self.ahead(0) != Some(&Token::Comma) {
                return names;
            }
            self.step();
        }
    }

    fn dotted(&mut self) -> Option<Vec<Ident>> {
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
        span: sqlparser::tokenizer::Span::empty(),
    }
}

fn plain(token: Option<&Token>) -> Option<&str> {
    match token? {
        Token::Word(word) if word.quote_style.is_none() => Some(&word.value),
        _ => None,
    }
}

fn is_one_of(token: Option<&Token>, words: &[&str]) -> bool {
    plain(token).is_some_and(|here| is_in(words, here))
}

fn is_in(words: &[&str], word: &str) -> bool {
    words.iter().any(|known| known.eq_ignore_ascii_case(word))
}
