//! The rules that can match a call, held against it, become a decision.

use std::cell::LazyCell;
use std::iter;

use super::facts::{Actions, CallFacts};
use super::rule::Answer;
use super::{Call, DEFAULT_RULE, Mode, Policy, Rule, RuleEffect};
use crate::action::Effect;
use crate::cel::Fault;
use crate::glob::Truth;

/// A verdict: that of the rules, or the one that holds where no rule decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// The call goes through.
    Allow,
    /// The call is refused until somebody approves it.
    Ask,
    /// The call is refused.
    Deny,
}

/// A rule that took part though an expression of it had no answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Faulty<'p> {
    /// Its id.
    pub rule: &'p str,
    /// Why there is no answer.
    pub fault: Fault,
}

/// What the rules decided, and which of them took part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision<'p> {
    /// The verdict.
    pub verdict: Verdict,
    /// Ids of the rules that took part, in document order, those that decided first;
    /// `default` where none decided.
    pub rules: Vec<&'p str>,
    /// Ids of rules that only record, and would have taken part.
    pub shadow: Vec<&'p str>,
    /// Ids of rules that asked and found an approval.
    pub approved: Vec<&'p str>,
    /// Rules whose expressions had no answer.
    pub faulty: Vec<Faulty<'p>>,
    /// Ids of rules that tag.
    pub tagged: Vec<&'p str>,
    /// Words for the record.
    pub tags: Vec<&'p str>,
    /// Criteria of an audit that the rules which took part give evidence for.
    pub criteria: Vec<&'p str>,
    /// Why, in the words of the first rule.
    pub reason: &'p str,
    /// What the client can change, in the words of the first rule.
    pub advice: &'p str,
    /// The first action that was refused, by its place in the call.
    pub action: Option<usize>,
}

/// A rule that refuses, with the first action that it refuses.
type Refusing<'p> = (&'p Rule, usize);

/// What the rules say, one after the other.
struct Tally<'p> {
    denials: Vec<Refusing<'p>>,
    questions: Vec<Refusing<'p>>,
    permits: Vec<&'p str>,
    /// Whether a rule allows the action, by its place; none where it needs no rule.
    is_permitted: Vec<bool>,
    mode: Mode,
    decision: Decision<'p>,
}

impl Policy {
    /// Decides about a call.
    #[must_use]
    pub fn decide(&self, call: &Call<'_>) -> Decision<'_> {
        let actions = LazyCell::new(|| Actions::of(call, &self.data));
        let mut tally = Tally::new(self, call.actions.len());
        self.index.each(call, |place| {
            let Some(rule) = self.rules.get(place) else {
                return;
            };
            let of_call = rule.matching.holds_for_call(call);
            if of_call != Truth::No {
                tally.hold(rule, of_call, call, &actions);
            }
        });
        tally.finish(self)
    }
}

impl<'p> Tally<'p> {
    fn new(policy: &Policy, actions: usize) -> Self {
        let need_rules = match policy.default {
            Verdict::Allow => 0,
            Verdict::Ask | Verdict::Deny => actions,
        };
        Self {
            denials: Vec::new(),
            questions: Vec::new(),
            permits: Vec::new(),
            is_permitted: vec![false; need_rules],
            mode: policy.mode,
            decision: Decision {
                verdict: Verdict::Allow,
                rules: Vec::new(),
                shadow: Vec::new(),
                approved: Vec::new(),
                faulty: Vec::new(),
                tagged: Vec::new(),
                tags: Vec::new(),
                criteria: Vec::new(),
                reason: "",
                advice: "",
                action: None,
            },
        }
    }

    /// Holds a rule against every action, as its effect asks for.
    fn hold(&mut self, rule: &'p Rule, of_call: Truth, call: &Call<'_>, actions: &Actions<'_>) {
        actions.begin_rule();
        if rule.effect == RuleEffect::Allow {
            self.hold_allow(rule, of_call, call, actions);
            return;
        }
        let Some((place, answer)) = first(rule, of_call, call, actions) else {
            return;
        };
        self.note_criteria(rule);
        if let (Truth::Maybe, Some(fault)) = (answer.truth, answer.fault) {
            let rule = rule.id.as_str();
            self.decision.faulty.push(Faulty { rule, fault });
        }
        if rule.effect == RuleEffect::Ask && all_are_approved(rule, of_call, call, actions) {
            self.decision.approved.push(&rule.id);
            return;
        }
        if rule.mode == Mode::Shadow || self.mode == Mode::Shadow {
            self.decision.shadow.push(&rule.id);
            return;
        }
        match rule.effect {
            RuleEffect::Deny => self.denials.push((rule, place)),
            RuleEffect::Ask => self.questions.push((rule, place)),
            RuleEffect::Tag => {
                self.decision.tagged.push(&rule.id);
                let tags = rule.tags.iter().map(String::as_str);
                for tag in tags {
                    if !self.decision.tags.contains(&tag) {
                        self.decision.tags.push(tag);
                    }
                }
            }
            RuleEffect::Allow => {}
        }
    }

    fn note_criteria(&mut self, rule: &'p Rule) {
        for criterion in &rule.criteria {
            if !self.decision.criteria.contains(&criterion.as_str()) {
                self.decision.criteria.push(criterion);
            }
        }
    }

    /// INVARIANT (errors restrict): what can't be told is allowed by no rule, and neither is
    /// what is not understood.
    fn hold_allow(
        &mut self,
        rule: &'p Rule,
        of_call: Truth,
        call: &Call<'_>,
        actions: &Actions<'_>,
    ) {
        let is_shadow = rule.mode == Mode::Shadow;
        let mut took_part = false;
        let mut fault = None;
        for (place, seen) in actions.0.iter().enumerate() {
            if seen.action.effect == Effect::Unknown {
                continue;
            }
            let answer = rule.applies(of_call, call, actions, seen);
            if answer.truth == Truth::Yes {
                took_part = true;
                if let Some(permitted) = self.is_permitted.get_mut(place) {
                    *permitted |= !is_shadow;
                }
            } else if answer.truth == Truth::Maybe {
                fault = fault.or(answer.fault);
            }
        }
        let id = rule.id.as_str();
        if let Some(fault) = fault {
            self.decision.faulty.push(Faulty { rule: id, fault });
        }
        if took_part {
            self.note_criteria(rule);
        }
        if took_part && is_shadow && self.mode == Mode::Enforce {
            self.decision.shadow.push(id);
        } else if took_part {
            self.permits.push(id);
        }
    }

    fn finish(self, policy: &'p Policy) -> Decision<'p> {
        let mut decision = self.decision;
        let uncovered = self.is_permitted.iter().position(|permitted| !permitted);
        let is_covered = !self.is_permitted.is_empty() && uncovered.is_none();
        let is_left_to_default = policy.default != Verdict::Allow && !is_covered;
        let is_refused = is_left_to_default && policy.mode == Mode::Enforce;
        let asked = self.questions.iter().map(|(rule, _)| rule.id.as_str());
        if let Some((rule, action)) = self.denials.first() {
            decision.verdict = Verdict::Deny;
            let denied = self.denials.iter().map(|(rule, _)| rule.id.as_str());
            decision.rules = denied.chain(asked).collect();
            (decision.reason, decision.advice) = (&rule.reason, &rule.advice);
            decision.action = Some(*action);
        } else if is_refused {
            // An approval would not help: nothing allows this.
            decision.verdict = Verdict::Deny;
            decision.rules = iter::once(DEFAULT_RULE).chain(asked).collect();
            decision.reason = "No rule allows this.";
            decision.action = uncovered;
        } else if let Some((rule, action)) = self.questions.first() {
            decision.verdict = Verdict::Ask;
            decision.rules = asked.collect();
            (decision.reason, decision.advice) = (&rule.reason, &rule.advice);
            decision.action = Some(*action);
        } else {
            if is_left_to_default {
                decision.shadow.push(DEFAULT_RULE);
            }
            decision.rules = self.permits;
            decision.rules.extend_from_slice(&decision.approved);
            if decision.rules.is_empty() {
                decision.rules.push(DEFAULT_RULE);
            }
        }
        decision
    }
}

/// INVARIANT (errors restrict): what can't be told counts as a match of a restricting rule.
fn first(
    rule: &Rule,
    of_call: Truth,
    call: &Call<'_>,
    actions: &Actions<'_>,
) -> Option<(usize, Answer)> {
    let mut found = None;
    for (place, seen) in actions.0.iter().enumerate() {
        let answer = rule.applies(of_call, call, actions, seen);
        if answer.truth == Truth::Yes {
            return Some((place, answer));
        }
        if answer.truth == Truth::Maybe && found.is_none() {
            found = Some((place, answer));
        }
    }
    found
}

/// Every action that the rule asks about is approved.
fn all_are_approved(rule: &Rule, of_call: Truth, call: &Call<'_>, actions: &Actions<'_>) -> bool {
    let mut asked = actions
        .0
        .iter()
        .filter(|seen| rule.applies(of_call, call, actions, seen).truth != Truth::No);
    asked.all(|seen| {
        rule.is_approved(&CallFacts {
            call,
            actions,
            action: seen,
        })
    })
}
