//! What a compiled document says about its rules: their names, and how a record shows them.

use lictor_engine::config::Guard;

/// The id of every rule, in the order of the document.
pub fn rule_ids(guard: &Guard) -> Vec<&str> {
    let rules = guard.policy.rules.iter();
    rules.map(|rule| rule.id.as_str()).collect()
}

/// The words by which a record shows that a rule took part, besides its id.
pub fn rule_tags<'g>(guard: &'g Guard, id: &str) -> &'g [String] {
    let mut rules = guard.policy.rules.iter();
    let rule = rules.find(|rule| rule.id == id);
    rule.map_or(&[], |rule| &rule.tags)
}
