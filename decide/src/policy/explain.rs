//! Why each rule applies to an action or does not: every test with its answer, none skipped.
//!
//! For people and tools. Slower than deciding, and never part of it.

use super::facts::{Actions, CallFacts};
use super::rule::{Answer, Expression};
use super::{Call, Condition, Policy, Rule, Seen};
use crate::cel::Fault;
use crate::glob::Truth;

/// What one rule says of one action.
#[derive(Debug)]
pub struct Account<'p> {
    /// The rule.
    pub rule: &'p Rule,
    /// The action, by its place in the call.
    pub action: usize,
    /// Whether the rule applies.
    pub truth: Truth,
    /// Every test of it.
    pub steps: Vec<Step>,
}

/// One test with its answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// The key of the rule under which it stands: `match`, `when`, `except`, `unless`,
    /// `approved`.
    pub key: &'static str,
    /// The field, or the part of the expression.
    pub what: String,
    /// What it says.
    pub truth: Truth,
    /// Why it has no answer.
    pub fault: Option<Fault>,
}

impl Policy {
    /// What every rule says of every action of a call, by rule, then by action.
    #[must_use]
    pub fn explain(&self, call: &Call<'_>) -> Vec<Account<'_>> {
        let actions = Actions::of(call, &self.data);
        let mut accounts = Vec::new();
        for rule in &self.rules {
            actions.begin_rule();
            let all = actions.0.iter();
            let of_call = rule.matching.holds_for_call(call);
            let truths = all.map(|seen| rule.applies(of_call, call, &actions, seen).truth);
            let truths: Vec<Truth> = truths.collect();
            for ((place, seen), truth) in actions.0.iter().enumerate().zip(truths) {
                // What is told of the parts takes nothing from the answers themselves.
                actions.begin_rule();
                let facts = CallFacts {
                    call,
                    actions: &actions,
                    action: seen,
                };
                accounts.push(Account {
                    rule,
                    action: place,
                    truth,
                    steps: steps(rule, call, seen, &facts),
                });
            }
        }
        accounts
    }
}

fn steps(rule: &Rule, call: &Call<'_>, seen: &Seen<'_>, facts: &CallFacts<'_, '_>) -> Vec<Step> {
    let mut steps = Vec::new();
    fields("match", &rule.matching, call, seen, &mut steps);
    if let Some(expression) = &rule.when {
        parts("when", expression, facts, &mut steps);
    }
    for condition in &rule.except {
        fields("except", condition, call, seen, &mut steps);
    }
    for expression in &rule.unless {
        parts("unless", expression, facts, &mut steps);
    }
    if let Some(expression) = &rule.approved {
        parts("approved", expression, facts, &mut steps);
    }
    steps
}

fn fields(
    key: &'static str,
    condition: &Condition,
    call: &Call<'_>,
    seen: &Seen<'_>,
    steps: &mut Vec<Step>,
) {
    let calls = condition.call.iter();
    let calls = calls.map(|(field, test)| (field, test.holds(call)));
    let actions = condition.action.iter();
    let actions = actions.map(|(field, test)| (field, test.holds(seen)));
    steps.extend(calls.chain(actions).map(|(field, truth)| Step {
        key,
        what: field.clone(),
        truth,
        fault: None,
    }));
}

fn parts(
    key: &'static str,
    expression: &Expression,
    facts: &CallFacts<'_, '_>,
    steps: &mut Vec<Step>,
) {
    let mut traced = Vec::new();
    expression.program.trace(facts, &mut traced);
    for (range, result) in traced {
        let letters = expression.text.chars();
        let part: String = letters
            .skip(range.start)
            .take(range.end.saturating_sub(range.start))
            .collect();
        if part.trim() == expression.text.trim() {
            continue;
        }
        let (truth, fault) = match result {
            Ok(holds) => (Truth::from(holds), None),
            Err(fault) => (Truth::Maybe, Some(fault)),
        };
        steps.push(Step {
            key,
            what: part,
            truth,
            fault,
        });
    }
    let Answer { truth, fault } = expression.holds(facts);
    steps.push(Step {
        key,
        what: expression.text.clone(),
        truth,
        fault,
    });
}
