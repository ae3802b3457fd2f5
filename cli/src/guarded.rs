//! What a compiled document says about its rules: their names.

use lictor_engine::config::Guard;

/// The id of every rule, in the order of the document.
pub fn rule_ids(guard: &Guard) -> Vec<&str> {
    let rules = guard.policy.rules.iter();
    rules.map(|rule| rule.id.as_str()).collect()
}
