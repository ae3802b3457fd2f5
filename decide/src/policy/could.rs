//! Whether a call could be let through, whatever can't be told of it: for lists of what a
//! caller may do, where a mistake hides or shows a name and lets nothing through.

use std::cell::LazyCell;

use super::facts::Actions;
use super::{Call, Mode, Policy, RuleEffect, Verdict};
use crate::glob::Truth;

impl Policy {
    /// Whether no rule surely denies it, and, where rules must allow, each action has one that
    /// may.
    #[must_use]
    pub fn could_pass(&self, call: &Call<'_>) -> bool {
        if self.mode == Mode::Shadow {
            return true;
        }
        let actions = LazyCell::new(|| Actions::of(call, &self.data));
        let mut is_denied = false;
        let mut may_be_allowed = vec![self.default == Verdict::Allow; call.actions.len()];
        self.index.each(call, |place| {
            let Some(rule) = self
                .rules
                .get(place)
                .filter(|rule| rule.mode == Mode::Enforce)
            else {
                return;
            };
            let of_call = rule.matching.holds_for_call(call);
            if of_call == Truth::No || matches!(rule.effect, RuleEffect::Ask | RuleEffect::Tag) {
                return;
            }
            actions.begin_rule();
            for (seen, allowed) in actions.0.iter().zip(&mut may_be_allowed) {
                match (
                    rule.effect,
                    rule.applies(of_call, call, &actions, seen).truth,
                ) {
                    (RuleEffect::Deny, Truth::Yes) => is_denied = true,
                    (RuleEffect::Allow, Truth::Yes | Truth::Maybe) => *allowed = true,
                    _ => {}
                }
            }
        });
        !is_denied && may_be_allowed.iter().all(|allowed| *allowed)
    }
}
