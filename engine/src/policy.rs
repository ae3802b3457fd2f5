//! What the rules say: a call with its actions and its principal becomes a [`Decision`].
//!
//! Deny beats allow, in whatever order the rules stand. With `default: deny` every action
//! needs a rule that allows it; an action that can't be told is allowed by none.

mod condition;
mod name;

pub use condition::{ActionTest, CallTest, Condition};
pub use name::{NamePattern, ResourcePattern};

use crate::action::{Action, Effect};
use crate::glob::Truth;
use crate::identity::Principal;

/// Everything that rules can ask about.
#[derive(Debug, Clone, Copy)]
pub struct Call<'a> {
    /// Name of the API.
    pub api: &'a str,
    /// The environment that the document names.
    pub environment: &'a str,
    /// HTTP method.
    pub method: &'a str,
    /// Host without port.
    pub host: &'a str,
    /// Decoded path.
    pub path: &'a str,
    /// Who asks.
    pub principal: &'a Principal,
    /// What the call would do.
    pub actions: &'a [Action],
}

/// What a rule does to the calls that it matches.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RuleEffect {
    /// Lets an action through where the default is deny.
    Allow,
    /// Refuses the call.
    Deny,
}

/// Whether a rule counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// It counts.
    Enforce,
    /// It is only recorded.
    Shadow,
}

/// One rule.
#[derive(Debug, Clone)]
pub struct Rule {
    /// Its name, unique in the document.
    pub id: String,
    /// What it does.
    pub effect: RuleEffect,
    /// Whether it counts.
    pub mode: Mode,
    /// When it applies.
    pub when: Condition,
    /// Who or what is exempt: any of these.
    pub unless: Vec<Condition>,
    /// Why, in words for the client.
    pub reason: String,
    /// What the client can change, in words.
    pub advice: String,
}

impl Rule {
    /// Whether the rule applies to one action of a call.
    #[must_use]
    pub fn applies(&self, call: &Call<'_>, action: &Action) -> Truth {
        let applies = self.when.holds(call, action);
        if applies == Truth::No {
            return Truth::No;
        }
        let exempt = self
            .unless
            .iter()
            .map(|condition| condition.holds(call, action))
            .max()
            .unwrap_or(Truth::No);
        applies.min(exempt.negated())
    }
}

/// A verdict: that of the rules, or the one that holds where no rule decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// The call goes through.
    Allow,
    /// The call is refused.
    Deny,
}

/// What the rules decided, and which of them took part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision<'p> {
    /// The verdict.
    pub verdict: Verdict,
    /// Ids of the rules that decided, in document order; `default` where none did.
    pub rules: Vec<&'p str>,
    /// Ids of rules in shadow mode that would have refused the call.
    pub shadow: Vec<&'p str>,
    /// Why, in the words of the first rule.
    pub reason: &'p str,
    /// What the client can change, in the words of the first rule.
    pub advice: &'p str,
    /// The first action that was refused, by its place in the call.
    pub action: Option<usize>,
}

/// The rules of a document.
#[derive(Debug, Clone)]
pub struct Policy {
    /// Every rule, in document order.
    pub rules: Vec<Rule>,
    /// What happens where no rule decides.
    pub default: Verdict,
}

/// The name under which the default decides.
pub const DEFAULT_RULE: &str = "default";

impl Policy {
    /// Decides about a call.
    #[must_use]
    pub fn decide(&self, call: &Call<'_>) -> Decision<'_> {
        let mut denials = Vec::new();
        let mut shadow = Vec::new();
        let mut permits = Vec::new();
        let mut permitted = vec![false; call.actions.len()];
        for rule in &self.rules {
            match (rule.effect, rule.mode) {
                (RuleEffect::Deny, mode) => {
                    let Some(action) = first_denied(rule, call) else {
                        continue;
                    };
                    match mode {
                        Mode::Enforce => denials.push((rule, action)),
                        Mode::Shadow => shadow.push(rule.id.as_str()),
                    }
                }
                (RuleEffect::Allow, Mode::Enforce) => {
                    if permit(rule, call, &mut permitted) {
                        permits.push(rule.id.as_str());
                    }
                }
                (RuleEffect::Allow, Mode::Shadow) => {}
            }
        }
        if let Some((first, action)) = denials.first() {
            return Decision {
                verdict: Verdict::Deny,
                rules: denials.iter().map(|(rule, _)| rule.id.as_str()).collect(),
                shadow,
                reason: &first.reason,
                advice: &first.advice,
                action: Some(*action),
            };
        }
        self.undenied(permits, shadow, &permitted)
    }

    fn undenied<'p>(
        &'p self,
        permits: Vec<&'p str>,
        shadow: Vec<&'p str>,
        permitted: &[bool],
    ) -> Decision<'p> {
        let uncovered = permitted.iter().position(|permitted| !permitted);
        let is_covered = !permitted.is_empty() && uncovered.is_none();
        let (verdict, reason) = match self.default {
            Verdict::Allow => (Verdict::Allow, ""),
            Verdict::Deny if is_covered => (Verdict::Allow, ""),
            Verdict::Deny => (Verdict::Deny, "No rule allows this."),
        };
        let rules = if permits.is_empty() || verdict == Verdict::Deny {
            vec![DEFAULT_RULE]
        } else {
            permits
        };
        Decision {
            verdict,
            rules,
            shadow,
            reason,
            advice: "",
            action: uncovered.filter(|_| verdict == Verdict::Deny),
        }
    }
}

/// INVARIANT (errors restrict): what can't be told counts as a match of a deny rule.
fn first_denied(rule: &Rule, call: &Call<'_>) -> Option<usize> {
    let mut actions = call.actions.iter();
    actions.position(|action| rule.applies(call, action) >= Truth::Maybe)
}

/// INVARIANT (errors restrict): what can't be told is allowed by no rule, and neither is what
/// is not understood.
fn permit(rule: &Rule, call: &Call<'_>, permitted: &mut [bool]) -> bool {
    let mut took_part = false;
    for (action, permitted) in call.actions.iter().zip(permitted) {
        if action.effect != Effect::Unknown && rule.applies(call, action) == Truth::Yes {
            *permitted = true;
            took_part = true;
        }
    }
    took_part
}

#[cfg(test)]
mod tests;
