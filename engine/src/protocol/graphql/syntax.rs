//! Tokens to the operations and fragments of an executable document.
//!
//! Bounded in tokens and in depth. Definitions of types are refused: a server that executes
//! requests has no use for them. Written by hand: a small library grew by 85 KB (apollo-parser) to
//! 199 KB (async-graphql) with a maintained parser, which is more than all of this protocol.
//!
//! Source: GraphQL specification, October 2021, sections 2 and 5.

use std::borrow::Cow;
use std::collections::BTreeSet;

use super::token::{Broken, Token, Tokens};
use crate::limits;

/// What a client can ask for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Query,
    Mutation,
    Subscription,
}

impl Kind {
    /// The keyword.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Query => "query",
            Self::Mutation => "mutation",
            Self::Subscription => "subscription",
        }
    }
}

/// A document that can be executed.
#[derive(Debug, Default)]
pub(super) struct Document<'a> {
    pub(super) operations: Vec<Operation<'a>>,
    pub(super) fragments: Vec<Fragment<'a>>,
}

#[derive(Debug)]
pub(super) struct Operation<'a> {
    pub(super) kind: Kind,
    pub(super) name: Option<&'a str>,
    pub(super) variables: Vec<Variable<'a>>,
    pub(super) selections: Vec<Selection<'a>>,
}

#[derive(Debug)]
pub(super) struct Variable<'a> {
    pub(super) name: &'a str,
    pub(super) default: Option<Literal<'a>>,
}

#[derive(Debug)]
pub(super) struct Fragment<'a> {
    pub(super) name: &'a str,
    pub(super) selections: Vec<Selection<'a>>,
}

#[derive(Debug)]
pub(super) enum Selection<'a> {
    Field(Field<'a>),
    Spread(&'a str),
    Inline(Vec<Selection<'a>>),
}

#[derive(Debug)]
pub(super) struct Field<'a> {
    pub(super) name: &'a str,
    pub(super) arguments: Vec<(&'a str, Literal<'a>)>,
    pub(super) selections: Vec<Selection<'a>>,
}

/// A value as it is written.
#[derive(Debug, PartialEq)]
pub(super) enum Literal<'a> {
    Variable(&'a str),
    Null,
    Bool(bool),
    Number(f64),
    Text(Cow<'a, str>),
    Word(&'a str),
    List(Vec<Literal<'a>>),
    Object(Vec<(&'a str, Literal<'a>)>),
}

/// Why a text is no document that can be executed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fault {
    /// It is no GraphQL.
    Syntax,
    /// It has too many tokens.
    TooLong,
    /// It is nested too deeply.
    TooDeep,
    /// It names something twice that must have one name.
    Repeated,
}

impl From<Broken> for Fault {
    fn from(broken: Broken) -> Self {
        match broken {
            Broken::Syntax => Self::Syntax,
            Broken::TooLong => Self::TooLong,
        }
    }
}

/// Reads a document.
pub(super) fn parse(text: &str) -> Result<Document<'_>, Fault> {
    let mut parser = Parser {
        tokens: Tokens::new(text, limits::GRAPHQL_TOKENS),
        ahead: Token::End,
        depth_left: limits::GRAPHQL_DEPTH,
        is_constant: false,
    };
    parser.advance()?;
    let mut document = Document::default();
    while parser.ahead != Token::End {
        parser.definition(&mut document)?;
    }
    check(&document)?;
    Ok(document)
}

/// Names that stand for one thing. An operation without a name stands alone.
fn check(document: &Document<'_>) -> Result<(), Fault> {
    let operations = || document.operations.iter().map(|one| one.name);
    let is_mixed = document.operations.len() > 1 && operations().any(|name| name.is_none());
    let fragments = document.fragments.iter().map(|one| one.name);
    match is_mixed || repeats(operations().flatten()) || repeats(fragments) {
        true => Err(Fault::Repeated),
        false if document.operations.is_empty() => Err(Fault::Syntax),
        false => Ok(()),
    }
}

fn repeats<'a>(mut names: impl Iterator<Item = &'a str>) -> bool {
    let mut seen = BTreeSet::new();
    names.any(|name| !seen.insert(name))
}

struct Parser<'a> {
    tokens: Tokens<'a>,
    ahead: Token<'a>,
    depth_left: usize,
    /// Whether variables are out of place.
    is_constant: bool,
}

type Parsed<T> = Result<T, Fault>;

impl<'a> Parser<'a> {
    fn advance(&mut self) -> Parsed<Token<'a>> {
        let next = self.tokens.next()?;
        Ok(std::mem::replace(&mut self.ahead, next))
    }

    fn is_at(&self, mark: u8) -> bool {
        self.ahead == Token::Mark(mark)
    }

    fn accept(&mut self, mark: u8) -> Parsed<bool> {
        let is_there = self.is_at(mark);
        if is_there {
            self.advance()?;
        }
        Ok(is_there)
    }

    fn expect(&mut self, mark: u8) -> Parsed<()> {
        match self.accept(mark)? {
            true => Ok(()),
            false => Err(Fault::Syntax),
        }
    }

    fn name(&mut self) -> Parsed<&'a str> {
        match self.advance()? {
            Token::Name(name) => Ok(name),
            _ => Err(Fault::Syntax),
        }
    }

    fn deeper(&mut self) -> Parsed<()> {
        self.depth_left = self.depth_left.checked_sub(1).ok_or(Fault::TooDeep)?;
        Ok(())
    }

    fn back(&mut self) {
        self.depth_left = self.depth_left.saturating_add(1);
    }

    fn definition(&mut self, document: &mut Document<'a>) -> Parsed<()> {
        if self.is_at(b'{') {
            document.operations.push(Operation {
                kind: Kind::Query,
                name: None,
                variables: Vec::new(),
                selections: self.selections()?,
            });
            return Ok(());
        }
        let kind = match self.name()? {
            "query" => Kind::Query,
            "mutation" => Kind::Mutation,
            "subscription" => Kind::Subscription,
            "fragment" => {
                document.fragments.push(self.fragment()?);
                return Ok(());
            }
            _ => return Err(Fault::Syntax),
        };
        let name = match self.ahead {
            Token::Name(_) => Some(self.name()?),
            _ => None,
        };
        let variables = self.variables()?;
        self.directives()?;
        document.operations.push(Operation {
            kind,
            name,
            variables,
            selections: self.selections()?,
        });
        Ok(())
    }

    fn fragment(&mut self) -> Parsed<Fragment<'a>> {
        let name = self.name()?;
        if name == "on" || self.name()? != "on" {
            return Err(Fault::Syntax);
        }
        self.name()?;
        self.directives()?;
        let selections = self.selections()?;
        Ok(Fragment { name, selections })
    }

    fn variables(&mut self) -> Parsed<Vec<Variable<'a>>> {
        let mut variables = Vec::new();
        if !self.accept(b'(')? {
            return Ok(variables);
        }
        while !self.accept(b')')? {
            self.expect(b'$')?;
            let name = self.name()?;
            self.expect(b':')?;
            self.kind_of_value()?;
            self.is_constant = true;
            let default = match self.accept(b'=')? {
                true => Some(self.value()?),
                false => None,
            };
            self.directives()?;
            self.is_constant = false;
            variables.push(Variable { name, default });
        }
        match repeats(variables.iter().map(|one| one.name)) {
            true => Err(Fault::Repeated),
            false if variables.is_empty() => Err(Fault::Syntax),
            false => Ok(variables),
        }
    }

    fn kind_of_value(&mut self) -> Parsed<()> {
        if self.accept(b'[')? {
            self.deeper()?;
            self.kind_of_value()?;
            self.expect(b']')?;
            self.back();
        } else {
            self.name()?;
        }
        self.accept(b'!')?;
        Ok(())
    }

    /// Directives are read and left aside: what may be skipped may also be done.
    fn directives(&mut self) -> Parsed<()> {
        while self.accept(b'@')? {
            self.name()?;
            self.arguments()?;
        }
        Ok(())
    }

    fn arguments(&mut self) -> Parsed<Vec<(&'a str, Literal<'a>)>> {
        if !self.accept(b'(')? {
            return Ok(Vec::new());
        }
        let arguments = self.members(b')')?;
        match arguments.is_empty() {
            true => Err(Fault::Syntax),
            false => Ok(arguments),
        }
    }

    fn members(&mut self, end: u8) -> Parsed<Vec<(&'a str, Literal<'a>)>> {
        let mut members = Vec::new();
        while !self.accept(end)? {
            let name = self.name()?;
            self.expect(b':')?;
            members.push((name, self.value()?));
        }
        match repeats(members.iter().map(|(name, _)| *name)) {
            true => Err(Fault::Repeated),
            false => Ok(members),
        }
    }

    fn selections(&mut self) -> Parsed<Vec<Selection<'a>>> {
        self.expect(b'{')?;
        self.deeper()?;
        let mut selections = Vec::new();
        while !self.accept(b'}')? {
            selections.push(self.selection()?);
        }
        self.back();
        match selections.is_empty() {
            true => Err(Fault::Syntax),
            false => Ok(selections),
        }
    }

    fn selection(&mut self) -> Parsed<Selection<'a>> {
        if self.ahead == Token::Spread {
            self.advance()?;
            return self.spread();
        }
        let alias = self.name()?;
        let name = match self.accept(b':')? {
            true => self.name()?,
            false => alias,
        };
        let arguments = self.arguments()?;
        self.directives()?;
        let selections = match self.is_at(b'{') {
            true => self.selections()?,
            false => Vec::new(),
        };
        Ok(Selection::Field(Field {
            name,
            arguments,
            selections,
        }))
    }

    fn spread(&mut self) -> Parsed<Selection<'a>> {
        match self.ahead {
            Token::Name("on") => {
                self.advance()?;
                self.name()?;
            }
            Token::Name(name) => {
                self.advance()?;
                self.directives()?;
                return Ok(Selection::Spread(name));
            }
            _ => {}
        }
        self.directives()?;
        self.selections().map(Selection::Inline)
    }

    fn value(&mut self) -> Parsed<Literal<'a>> {
        Ok(match self.advance()? {
            Token::Mark(b'$') if !self.is_constant => Literal::Variable(self.name()?),
            Token::Number(number) => Literal::Number(number),
            Token::Text(text) => Literal::Text(text),
            Token::Name("null") => Literal::Null,
            Token::Name("true") => Literal::Bool(true),
            Token::Name("false") => Literal::Bool(false),
            Token::Name(word) => Literal::Word(word),
            Token::Mark(b'[') => {
                self.deeper()?;
                let mut items = Vec::new();
                while !self.accept(b']')? {
                    items.push(self.value()?);
                }
                self.back();
                Literal::List(items)
            }
            Token::Mark(b'{') => {
                self.deeper()?;
                let members = self.members(b'}')?;
                self.back();
                Literal::Object(members)
            }
            _ => return Err(Fault::Syntax),
        })
    }
}

#[cfg(test)]
mod tests;
