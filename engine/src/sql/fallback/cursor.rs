//! A place among the words of a statement, with a view to both sides.

mod names;

use std::cell::Cell;

use sqlparser::ast::Ident;
use sqlparser::tokenizer::Token;

use super::verb;
use crate::limits::SQL_LOOKING_AHEAD;
use crate::sql::function;

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
    /// How many words may still be looked at ahead of the place.
    left: Cell<usize>,
    /// The functions that stood among names.
    called: Vec<Vec<Ident>>,
}

impl<'t> Cursor<'t> {
    pub(super) const fn new(words: &'t [&'t Token]) -> Self {
        let left = Cell::new(SQL_LOOKING_AHEAD);
        let called = Vec::new();
        Self {
            words,
            at: 0,
            left,
            called,
        }
    }

    /// The functions that stood among the names so far.
    pub(super) fn take_called(&mut self) -> Vec<Vec<Ident>> {
        std::mem::take(&mut self.called)
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

    /// Whether more words had to be looked at than may be: what was found is not all.
    pub(super) const fn is_spent(&self) -> bool {
        self.left.get() == 0
    }

    /// Takes one word from those that may be looked at; false when there is none left.
    fn looks(&self) -> bool {
        let left = self.left.get().saturating_sub(1);
        self.left.set(left);
        left > 0
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
            .find(|(word, _)| !self.looks() || is_one_of(Some(word), &["LANGUAGE"]))
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

    /// `UPDATE HISTOGRAM ON a`: nothing that can be changed or dropped.
    pub(super) fn is_before_histogram(&self) -> bool {
        is_one_of(self.ahead(1), &["HISTOGRAM"]) && is_one_of(self.ahead(2), &["ON"])
    }

    /// Goes on behind the bracket that opens here.
    pub(super) fn leave_bracket(&mut self) {
        self.at = self.behind_bracket(self.at);
    }

    fn behind_bracket(&self, from: usize) -> usize {
        let mut depth: usize = 0;
        for (place, token) in self.words.iter().enumerate().skip(from) {
            if !self.looks() {
                break;
            }
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

    /// Whether a statement ended just before, be it inside brackets that never close.
    pub(super) fn follows_end(&self) -> bool {
        self.back(1) == Some(&Token::SemiColon)
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
            if !self.looks() {
                break;
            }
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
        function::text_of(self.ahead(0)?)
    }

    /// The text of the strings here, put together, if nothing else is put together with them.
    pub(super) fn lone_text(&self) -> Option<String> {
        let rest = self.words.get(self.at..).unwrap_or_default();
        let (text, length) = function::joined(rest.iter().copied())?;
        match rest.get(length).copied() {
            None | Some(Token::SemiColon | Token::RParen | Token::Comma) => Some(text),
            next if is_one_of(next, &["INTO", "USING", "LANGUAGE"]) => Some(text),
            Some(_) => None,
        }
    }

    /// Whether the text here runs on another server: `('…') AT server`.
    pub(super) fn goes_elsewhere(&self) -> bool {
        let rest = self.words.get(self.at..).unwrap_or_default();
        let length = function::joined(rest.iter().copied()).map_or(0, |(_, length)| length);
        rest.get(length).copied() == Some(&Token::RParen)
            && is_one_of(rest.get(length.saturating_add(1)).copied(), &["AT"])
    }

    /// `SWITCH TO t`, `SWITCH PARTITION 1 TO t`.
    pub(super) fn follows_switch(&self) -> bool {
        self.follows(&["SWITCH"])
            || is_one_of(self.back(2), &["PARTITION"]) && is_one_of(self.back(3), &["SWITCH"])
    }

    /// Passes over `@result =` and `@parameter =`.
    pub(super) fn skip_result(&mut self) {
        if self.ahead(1) == Some(&Token::Eq) {
            self.at = self.at.saturating_add(2);
        }
    }

    pub(super) fn is_before(&self, words: &[&str]) -> bool {
        is_one_of(self.ahead(1), words)
    }

    /// Whether one of these stands first in the bracket behind the word.
    pub(super) fn is_around(&self, words: &[&str]) -> bool {
        is_one_of(self.ahead(2), words)
    }

    /// Whether REPLACE means rows where no statement starts: `FORMAT = JSON REPLACE t`.
    pub(super) fn replaces_rows(&self) -> bool {
        self.is_before(&["INTO", "LOW_PRIORITY", "DELAYED", "PARTITION"])
            || self.back(2) == Some(&Token::Eq)
    }

    /// Whether a variable stands here and no name.
    pub(super) fn is_variable(&self) -> bool {
        let has_mark = self.word().is_some_and(|word| word.starts_with('@'));
        has_mark
            || matches!(
                self.ahead(0),
                Some(Token::AtSign | Token::Colon | Token::Placeholder(_))
            )
    }

    pub(super) fn is_at_sign(&self) -> bool {
        self.ahead(0) == Some(&Token::AtSign)
    }

    /// Whether something is given a value here: `name = value`.
    pub(super) fn assigns(&self) -> bool {
        self.ahead(1) == Some(&Token::Eq)
    }

    /// Whether a name would stand here that only the database knows: `{t:Identifier}`,
    /// `IDENTIFIER($t)`, `TABLE(?)`.
    pub(super) fn is_made_at_run_time(&self) -> bool {
        let called = |word| self.is(word) && self.is_called();
        matches!(self.ahead(0), Some(Token::LBrace | Token::Placeholder(_)))
            || called("IDENTIFIER")
            || called("TABLE")
                && self.ahead(2).is_some_and(|token| {
                    matches!(token, Token::Placeholder(_)) || function::text_of(token).is_some()
                })
    }
}

fn plain(token: Option<&Token>) -> Option<&str> {
    match token? {
        Token::Word(word) if word.quote_style.is_none() => Some(&word.value),
        _ => None,
    }
}

pub(super) fn is_one_of(token: Option<&Token>, words: &[&str]) -> bool {
    plain(token).is_some_and(|here| is_in(words, here))
}

pub(super) fn is_in(words: &[&str], word: &str) -> bool {
    words.iter().any(|known| known.eq_ignore_ascii_case(word))
}
