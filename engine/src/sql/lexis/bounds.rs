//! Tokens to a refusal when their tree would be too large or too deep to build and free.
//!
//! Counts before anything is parsed: nothing here depends on what the tokens mean.

use std::mem;

use sqlparser::keywords::Keyword;
use sqlparser::tokenizer::{Token, TokenWithSpan};

use super::{is_literal, words};
use crate::limits::{
    SQL_BRACKET_DEPTH, SQL_CHAIN, SQL_CHAIN_COPIED, SQL_QUERIES, SQL_STATEMENTS, SQL_TOKENS,
};
use crate::sql::error::SqlError;

/// Checks every bound that tokens show.
pub(super) fn check(tokens: &[TokenWithSpan]) -> Result<(), SqlError> {
    let mut counts = Counts::default();
    for token in words(tokens) {
        counts.take(token)?;
    }
    if counts.started {
        counts.statements = counts.statements.saturating_add(1);
    }
    match counts.statements {
        0 => Err(SqlError::Empty),
        many if many > SQL_STATEMENTS => Err(SqlError::TooManyStatements),
        _ => Ok(()),
    }
}

#[derive(Default)]
struct Counts {
    tokens: usize,
    queries: usize,
    statements: usize,
    /// Whether a token came since the last `;`.
    started: bool,
    /// Whether an operator came whose left side the parser copies.
    copies: bool,
    level: Level,
    /// The levels around the current brackets.
    around: Vec<Level>,
}

/// What was counted between two brackets.
#[derive(Default)]
struct Level {
    /// Since the last comma.
    chain: usize,
    /// The longest between two commas.
    longest: usize,
}

impl Level {
    fn end_chain(&mut self) {
        self.longest = self.longest.max(self.chain);
        self.chain = 0;
    }

    fn lengthen(&mut self, links: usize) {
        self.chain = self.chain.saturating_add(links);
    }
}

impl Counts {
    fn take(&mut self, token: &Token) -> Result<(), SqlError> {
        self.tokens = self.tokens.saturating_add(1);
        self.started |= *token != Token::SemiColon;
        match token {
            Token::LParen | Token::LBracket | Token::LBrace => {
                self.level.lengthen(1);
                self.around.push(mem::take(&mut self.level));
            }
            Token::RParen | Token::RBracket | Token::RBrace => self.close(),
            Token::Comma => self.level.end_chain(),
            Token::SemiColon => self.end_statement(),
            token => self.link(token),
        }
        self.within_limits()
    }

    /// What stands in brackets may be the first link of the chain around them.
    fn close(&mut self) {
        let outer = self.around.pop().unwrap_or_default();
        let mut inner = mem::replace(&mut self.level, outer);
        inner.end_chain();
        self.level.lengthen(inner.longest);
    }

    fn end_statement(&mut self) {
        self.level.end_chain();
        if self.started {
            self.statements = self.statements.saturating_add(1);
        }
        self.started = false;
    }

    /// Counts what can make a chain longer: anything but plain words and literals.
    fn link(&mut self, token: &Token) {
        let links = match token {
            Token::Word(word) => {
                if starts_query(word.keyword) {
                    self.queries = self.queries.saturating_add(1);
                }
                self.copies |= copies_left(word.keyword);
                word.keyword != Keyword::NoKeyword
            }
            Token::Period | Token::Placeholder(_) => false,
            token => !is_literal(token),
        };
        self.level.lengthen(usize::from(links));
    }

    fn within_limits(&self) -> Result<(), SqlError> {
        let chain = if self.copies {
            SQL_CHAIN_COPIED
        } else {
            SQL_CHAIN
        };
        if self.around.len() > SQL_BRACKET_DEPTH {
            return Err(SqlError::TooDeep);
        }
        if self.statements > SQL_STATEMENTS {
            return Err(SqlError::TooManyStatements);
        }
        let longest = self.level.longest.max(self.level.chain);
        if self.tokens > SQL_TOKENS || self.queries > SQL_QUERIES || longest > chain {
            return Err(SqlError::TooComplex);
        }
        Ok(())
    }
}

const fn copies_left(keyword: Keyword) -> bool {
    matches!(
        keyword,
        Keyword::DIV | Keyword::REGEXP | Keyword::MATCH | Keyword::GLOB
    )
}

const fn starts_query(keyword: Keyword) -> bool {
    matches!(
        keyword,
        Keyword::SELECT
            | Keyword::VALUES
            | Keyword::FROM
            | Keyword::TABLE
            | Keyword::WITH
            | Keyword::INSERT
            | Keyword::UPDATE
            | Keyword::DELETE
            | Keyword::MERGE
    )
}
