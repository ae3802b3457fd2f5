//! One rule: when it applies, what it does, and who is exempt.

use std::fmt;

use super::facts::{Actions, CallFacts};
use super::{Call, Condition, Seen};
use crate::cel::{Fault, Program};
use crate::glob::Truth;
use crate::position::Position;

/// What a rule does to the calls that it matches.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RuleEffect {
    /// Lets an action through where the default is deny.
    Allow,
    /// Refuses the call.
    Deny,
    /// Refuses the call unless it is approved.
    Ask,
    /// Adds words to the record.
    Tag,
}

impl RuleEffect {
    /// Every effect with its word.
    pub const WORDS: [(&'static str, Self); 4] = [
        ("allow", Self::Allow),
        ("deny", Self::Deny),
        ("ask", Self::Ask),
        ("tag", Self::Tag),
    ];

    /// The word used in documents and records.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Allow => "allow",
            Self::Deny => "deny",
            Self::Ask => "ask",
            Self::Tag => "tag",
        }
    }

    /// Whether what can't be told counts as a match.
    #[must_use]
    pub const fn is_restricting(self) -> bool {
        !matches!(self, Self::Allow)
    }
}

/// Whether a rule counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// It counts.
    Enforce,
    /// It is only recorded.
    Shadow,
}

/// Where a rule was written.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Origin {
    /// The pack or file; empty for the document itself.
    pub source: String,
    /// Line and column.
    pub position: Position,
    /// The way to it from the root of its document.
    pub path: String,
}

/// An expression with its text.
pub struct Expression {
    /// As written.
    pub text: String,
    /// Compiled.
    pub program: Program,
}

impl fmt::Debug for Expression {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.text)
    }
}

impl Expression {
    /// What it says; why it can't be told, where it can't.
    pub(super) fn holds(&self, facts: &CallFacts<'_, '_>) -> Answer {
        match self.program.evaluate(facts) {
            Ok(holds) => Answer::from(Truth::from(holds)),
            Err(fault) => Answer {
                truth: Truth::Maybe,
                fault: Some(fault),
            },
        }
    }
}

/// What a rule says of an action, and why it can't be told, where it can't.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Answer {
    /// Whether it applies.
    pub truth: Truth,
    /// Why an expression of it has no answer.
    pub fault: Option<Fault>,
}

impl From<Truth> for Answer {
    fn from(truth: Truth) -> Self {
        Self { truth, fault: None }
    }
}

impl Answer {
    fn and(self, other: Self) -> Self {
        let fault = self.fault.or(other.fault);
        Self {
            truth: self.truth.min(other.truth),
            fault,
        }
    }

    fn negated(self) -> Self {
        Self {
            truth: self.truth.negated(),
            ..self
        }
    }
}

/// One rule.
#[derive(Debug)]
pub struct Rule {
    /// Its name, unique in the document.
    pub id: String,
    /// What it does.
    pub effect: RuleEffect,
    /// Whether it counts.
    pub mode: Mode,
    /// Fields that must all hold.
    pub matching: Condition,
    /// What must hold besides.
    pub when: Option<Expression>,
    /// Who or what is exempt, by fields: any of these.
    pub except: Vec<Condition>,
    /// Who or what is exempt, by expression: any of these.
    pub unless: Vec<Expression>,
    /// What counts as an approval, for a rule that asks.
    pub approved: Option<Expression>,
    /// Words for the record, for a rule that tags.
    pub tags: Vec<String>,
    /// Criteria of an audit that the rule gives evidence for.
    pub criteria: Vec<String>,
    /// Why, in words for the client.
    pub reason: String,
    /// What the client can change, in words.
    pub advice: String,
    /// Where it was written.
    pub origin: Origin,
}

impl Rule {
    /// Whether the rule applies to one action of a call; `of_call` is what its fields say of the
    /// call.
    pub(super) fn applies<'a>(
        &self,
        of_call: Truth,
        call: &Call<'_>,
        actions: &Actions<'a>,
        seen: &Seen<'a>,
    ) -> Answer {
        if of_call == Truth::No {
            return Answer::from(Truth::No);
        }
        let truth = of_call.min(self.matching.holds_for_action(seen));
        if truth == Truth::No {
            return Answer::from(Truth::No);
        }
        let facts = CallFacts {
            call,
            actions,
            action: seen,
        };
        let mut answer = Answer::from(truth);
        if let Some(when) = &self.when {
            answer = answer.and(when.holds(&facts));
        }
        if answer.truth == Truth::No {
            return answer;
        }
        answer.and(self.exempts(call, &facts, seen).negated())
    }

    fn exempts(&self, call: &Call<'_>, facts: &CallFacts<'_, '_>, seen: &Seen<'_>) -> Answer {
        let mut most = Answer::from(Truth::No);
        for condition in &self.except {
            let truth = condition.holds(call, seen);
            if truth > most.truth {
                most = Answer::from(truth);
            }
        }
        for expression in &self.unless {
            if most.truth == Truth::Yes {
                break;
            }
            let answer = expression.holds(facts);
            if answer.truth > most.truth {
                most = answer;
            }
        }
        most
    }

    /// INVARIANT (errors restrict): what can't be told is no approval.
    pub(super) fn is_approved(&self, facts: &CallFacts<'_, '_>) -> bool {
        let approved = self.approved.as_ref();
        approved.is_some_and(|expression| expression.holds(facts).truth == Truth::Yes)
    }

    /// Every expression of the rule.
    pub fn expressions(&self) -> impl Iterator<Item = &Expression> {
        let unless = self.unless.iter();
        self.when.iter().chain(unless).chain(&self.approved)
    }

    /// Whether an expression of it names the fact, or what is below it.
    #[must_use]
    pub fn reads(&self, fact: &str) -> bool {
        self.expressions().any(|expression| {
            expression.program.reads().any(|read| {
                let below = read.strip_prefix(fact);
                below.is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
            })
        })
    }
}
