//! A policy to the most and the least that it can refuse, where facts are lacking.
//!
//! INVARIANT (never guessed): a rule that asks for a lacking fact matches all that it might match
//! in the one, and nothing that it might not match in the other.

use std::collections::BTreeMap;

use lictor_engine::config::Guard;
use lictor_engine::policy::{Condition, Decision, Expression, Index, Policy, Rule};

use super::Facts;
use crate::document::Document;
use crate::ending::Failure;

/// Facts of which the engine itself knows that they can't be told. Rules that restrict match then.
const TOLD_AS_UNKNOWN: [&str; 3] = ["claims", "request.query", "request.body"];

/// A policy, and its bounds for each set of facts that records lack.
pub struct Bounds<'d> {
    document: &'d Document,
    guard: Guard,
    /// Nothing where no rule asks for what is lacking.
    variants: BTreeMap<Vec<&'static str>, Option<Variant>>,
}

struct Variant {
    most: Policy,
    least: Policy,
}

/// What a policy says of a call.
pub enum Judgement<T> {
    /// This.
    Told(T),
    /// It hangs on these facts.
    Unknown(Vec<&'static str>),
}

impl<'d> Bounds<'d> {
    /// The bounds of a document.
    ///
    /// # Errors
    ///
    /// Every mistake of it.
    pub fn of(document: &'d Document) -> Result<Self, Failure> {
        Ok(Self {
            document,
            guard: document.compile().map_err(Failure::Findings)?,
            variants: BTreeMap::new(),
        })
    }

    /// The policy as it is.
    #[must_use]
    pub const fn guard(&self) -> &Guard {
        &self.guard
    }

    /// Decides about a call; `tell` says what is wanted of the decision.
    pub fn judge<T>(&mut self, facts: &Facts, tell: impl Fn(&Decision<'_>) -> T) -> Judgement<T> {
        let lacks: Vec<&'static str> = facts.lacks.iter().copied().collect();
        if !self.variants.contains_key(&lacks) {
            let variant = self.variant(&lacks);
            self.variants.insert(lacks.clone(), variant);
        }
        let variant = self.variants.get(&lacks).and_then(Option::as_ref);
        let (most, least) = match variant {
            Some(variant) => (&variant.most, &variant.least),
            None => (&self.guard.policy, &self.guard.policy),
        };
        let mut decisions: Vec<Decision<'_>> = Vec::new();
        facts.ask_each(&self.guard, |call| {
            decisions.push(most.decide(call));
            decisions.push(least.decide(call));
        });
        match sure(&decisions) {
            Some(decision) => Judgement::Told(tell(&decision)),
            None => Judgement::Unknown(self.asked_by(&decisions, &lacks)),
        }
    }

    fn variant(&self, lacks: &[&'static str]) -> Option<Variant> {
        let mut rules = self.guard.policy.rules.iter();
        if !rules.any(|rule| asks_for(rule, lacks)) {
            return None;
        }
        Some(Variant {
            most: self.bounded(lacks, |rule| most(rule, lacks))?,
            least: self.bounded(lacks, |rule| least(rule, lacks))?,
        })
    }

    /// Programs can't be copied, so the document is compiled anew.
    fn bounded(
        &self,
        lacks: &[&'static str],
        bound: impl Fn(Rule) -> Option<Rule>,
    ) -> Option<Policy> {
        let mut policy = self.document.compile().ok()?.policy;
        let rules = std::mem::take(&mut policy.rules).into_iter();
        policy.rules = rules
            .filter_map(|rule| match asks_for(&rule, lacks) {
                true => bound(rule),
                false => Some(rule),
            })
            .collect();
        policy.index = Index::new(&policy.rules);
        Some(policy)
    }

    /// The lacking facts for which the rules ask that make the difference.
    fn asked_by(&self, decisions: &[Decision<'_>], lacks: &[&'static str]) -> Vec<&'static str> {
        let names = |rule: &&Rule| {
            let id = rule.id.as_str();
            let mut takes_part = decisions
                .iter()
                .map(|one| (one.rules.contains(&id), one.approved.contains(&id)));
            let first = takes_part.next();
            takes_part.any(|one| Some(one) != first)
        };
        let own: Vec<&Rule> = self.guard.policy.rules.iter().filter(names).collect();
        let asked = |lack: &&str| own.iter().any(|rule| asks_for(rule, &[*lack]));
        let asked: Vec<&'static str> = lacks.iter().copied().filter(|lack| asked(lack)).collect();
        match asked.is_empty() {
            true => vec!["action.columns"],
            false => asked,
        }
    }
}

/// What all decisions agree on; nothing where they differ in the verdict.
fn sure<'p>(decisions: &[Decision<'p>]) -> Option<Decision<'p>> {
    let (first, rest) = decisions.split_first()?;
    if rest.iter().any(|other| other.verdict != first.verdict) {
        return None;
    }
    let mut sure = first.clone();
    for other in rest {
        let lists = [
            (&mut sure.rules, &other.rules),
            (&mut sure.shadow, &other.shadow),
            (&mut sure.approved, &other.approved),
            (&mut sure.tagged, &other.tagged),
            (&mut sure.tags, &other.tags),
            (&mut sure.criteria, &other.criteria),
        ];
        for (sure, other) in lists {
            sure.retain(|one| other.contains(one));
        }
    }
    Some(sure)
}

/// Refuses as much as it can: a rule that restricts matches all that it might, an allow rule
/// nothing that is not sure.
fn most(rule: Rule, lacks: &[&str]) -> Option<Rule> {
    if !rule.effect.is_restricting() {
        return narrowed(rule, lacks);
    }
    let blind: Vec<&str> = lacks
        .iter()
        .copied()
        .filter(|lack| !TOLD_AS_UNKNOWN.contains(lack))
        .collect();
    let mut rule = widened(rule, &blind);
    if rule.approved.as_ref().is_some_and(|one| reads(one, lacks)) {
        rule.approved = None;
    }
    Some(rule)
}

/// Refuses as little as it can.
fn least(rule: Rule, lacks: &[&str]) -> Option<Rule> {
    if !rule.effect.is_restricting() {
        return Some(widened(rule, lacks));
    }
    if rule.approved.as_ref().is_some_and(|one| reads(one, lacks)) {
        return None;
    }
    narrowed(rule, lacks)
}

/// The rule without what might keep it from matching.
fn widened(mut rule: Rule, lacks: &[&str]) -> Rule {
    forget(&mut rule.matching, lacks);
    rule.when = rule.when.filter(|when| !reads(when, lacks));
    rule.except.retain(|condition| !names(condition, lacks));
    rule.unless.retain(|unless| !reads(unless, lacks));
    rule
}

/// The rule where it matches whatever the lacking facts are; nothing where that is nowhere.
fn narrowed(mut rule: Rule, lacks: &[&str]) -> Option<Rule> {
    let might_not_match = names(&rule.matching, lacks)
        || rule.when.as_ref().is_some_and(|when| reads(when, lacks))
        || rule.unless.iter().any(|unless| reads(unless, lacks));
    if might_not_match {
        return None;
    }
    for condition in &mut rule.except {
        forget(condition, lacks);
    }
    let exempts_all = rule.except.iter().any(Condition::is_empty);
    (!exempts_all).then_some(rule)
}

fn forget(condition: &mut Condition, lacks: &[&str]) {
    condition
        .call
        .retain(|(field, _)| !is_lacking(field, lacks));
    condition
        .action
        .retain(|(field, _)| !is_lacking(field, lacks));
}

fn names(condition: &Condition, lacks: &[&str]) -> bool {
    let calls = condition.call.iter().map(|(field, _)| field);
    let actions = condition.action.iter().map(|(field, _)| field);
    calls.chain(actions).any(|field| is_lacking(field, lacks))
}

fn reads(expression: &Expression, lacks: &[&str]) -> bool {
    let mut facts = expression.program.reads();
    facts.any(|fact| is_lacking(fact, lacks))
}

fn asks_for(rule: &Rule, lacks: &[&str]) -> bool {
    names(&rule.matching, lacks)
        || rule.except.iter().any(|condition| names(condition, lacks))
        || rule
            .expressions()
            .any(|expression| reads(expression, lacks))
}

/// Whether a fact is one of those that are lacking, or a part of one.
fn is_lacking(fact: &str, lacks: &[&str]) -> bool {
    let one = fact
        .strip_prefix("actions.")
        .map(|rest| format!("action.{rest}"));
    let fact = one.as_deref().unwrap_or(fact);
    lacks.iter().any(|lack| {
        let below = fact.strip_prefix(lack);
        below.is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
    })
}
