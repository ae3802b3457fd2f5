//! Which rules could hold wherever another does: each stands under one of its fields, so that
//! thousands of rules are compared with few each.
//!
//! INVARIANT: what is left out covers nothing of what was asked for.

use std::collections::BTreeMap;

use super::{ActionTest, CallTest};
use crate::lookup::Lookup;
use crate::policy::{Condition, GlobSet, NameSet, Rule};
use crate::value::Value;

/// Rules by a field that others must have for these to cover them.
pub(super) struct Wider {
    by_field: BTreeMap<String, Lookup>,
    always: Vec<u32>,
}

impl Wider {
    /// These rules, known by their places.
    pub(super) fn new(rules: &[Rule]) -> Self {
        let mut times: BTreeMap<(&str, &str), u32> = BTreeMap::new();
        for (field, texts) in rules.iter().flat_map(|rule| keys(&rule.matching)) {
            for text in texts {
                let times = times.entry((field, text)).or_default();
                *times = times.saturating_add(1);
            }
        }
        let others = |(field, texts): &(&str, Vec<&str>)| {
            let each = texts.iter().filter_map(|text| times.get(&(*field, *text)));
            each.fold(0_u32, |sum, times| sum.saturating_add(*times))
        };
        let mut wider = Self {
            by_field: BTreeMap::new(),
            always: Vec::new(),
        };
        for (rule, place) in rules.iter().zip(0..) {
            match keys(&rule.matching).min_by_key(others) {
                Some((field, texts)) => {
                    let lookup = wider.by_field.entry(field.to_owned()).or_default();
                    for text in texts {
                        enter(lookup, text, place);
                    }
                }
                None => wider.always.push(place),
            }
        }
        wider
    }

    /// The places of rules that may hold wherever a condition does, in their order.
    pub(super) fn than(&self, narrow: &Condition) -> Vec<usize> {
        let mut found = self.always.clone();
        for (field, texts) in keys(narrow) {
            // Whatever covers all of the texts covers the first.
            if let (Some(lookup), Some(text)) = (self.by_field.get(field), texts.first()) {
                lookup.each(text, |places| found.extend_from_slice(places));
            }
        }
        found.sort_unstable();
        found.dedup();
        let places = found.into_iter().map(usize::try_from);
        places.filter_map(Result::ok).collect()
    }
}

/// A pattern that ends in `/**` also stands for what is before it.
fn enter(lookup: &mut Lookup, text: &str, place: u32) {
    match text.split_once('*') {
        Some((before, _)) => {
            lookup.insert_before_star(before.trim_end_matches(['/', '.']), place);
        }
        None => lookup.insert_exact(text, place),
    }
}

/// Fields whose texts another condition must have among its own to cover this one.
fn keys(condition: &Condition) -> impl Iterator<Item = (&str, Vec<&str>)> {
    let calls = condition.call.iter();
    let calls = calls.filter_map(|(field, test)| Some((field.as_str(), of_call(test)?)));
    let actions = condition.action.iter();
    let actions = actions.filter_map(|(field, test)| Some((field.as_str(), of_action(test)?)));
    calls.chain(actions)
}

fn of_call(test: &CallTest) -> Option<Vec<&str>> {
    Some(match test {
        CallTest::Text(_, globs) | CallTest::Texts(_, globs) => texts(globs),
        CallTest::Kind(kinds) | CallTest::ForKind(kinds) => {
            kinds.iter().map(|kind| kind.name()).collect()
        }
        CallTest::Claim(claim) => {
            let texts = claim.values.iter().map(Value::text);
            texts.collect::<Option<Vec<&str>>>()?
        }
    })
}

fn of_action(test: &ActionTest) -> Option<Vec<&str>> {
    Some(match test {
        ActionTest::Effect(effects) => effects.iter().map(|effect| effect.name()).collect(),
        ActionTest::Reach(words) => words.iter().map(String::as_str).collect(),
        ActionTest::Cause(causes) => causes.iter().map(|cause| cause.name()).collect(),
        ActionTest::Operation(globs) => texts(globs),
        ActionTest::Tables(names) | ActionTest::Columns(names, _) => last_parts(names),
        ActionTest::Resources(_) | ActionTest::Labels(..) => return None,
    })
}

fn texts(globs: &GlobSet) -> Vec<&str> {
    globs.globs().iter().map(|glob| glob.as_str()).collect()
}

/// Names are compared from the right.
fn last_parts(names: &NameSet) -> Vec<&str> {
    let patterns = names.patterns().iter();
    patterns.map(|pattern| pattern.last()).collect()
}

#[cfg(test)]
mod tests {
    use super::Wider;
    use crate::config;
    use crate::policy::cover::covers;
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    /// Conditions of all kinds of fields, each with values that others have, too.
    fn conditions() -> Vec<String> {
        let fields = [
            ("api", ["orders", "ord*", "'**'", "[orders, reports]"]),
            ("request.path", ["/v1", "/v1/**", "/v1/x", "[/v1/x, /v1/y]"]),
            ("principal.kind", ["agent", "human", "[agent, human]", "[]"]),
            ("principal.groups", ["dba", "'d*'", "'*'", "[dba, ops]"]),
            ("claims.org", ["a", "[a, b]", "7", "[7, a]"]),
            ("action.effect", ["drop", "[drop, alter]", "read", "[]"]),
            ("action.tables", ["x", "s.x", "'s.*'", "\"[x, 's.x']\""]),
            ("action.columns", ["x.a", "'*.a'", "a", "\"[x.a, b]\""]),
            ("action.operation", ["DROP*", "DROP TABLE", "'*'", "drop"]),
        ];
        let mut all = vec!["{}".to_owned()];
        for (place, (field, values)) in fields.iter().enumerate() {
            for value in values {
                let value = value.trim_matches('"');
                all.push(format!("{{{field}: {value}}}"));
                let (other, others) = fields[(place + 1) % fields.len()];
                all.push(format!("{{{field}: {value}, {other}: {}}}", others[0]));
            }
        }
        all
    }

    #[test]
    fn whatever_covers_a_condition_is_found() {
        let rules: String = (0..)
            .zip(conditions())
            .map(|(number, matching)| {
                format!("- {{id: r{number}, effect: deny, match: {matching}}}\n")
            })
            .collect();
        let document = format!("lictor: v1\napis: []\nrules:\n{rules}default: allow\n");
        let rules = config::compile(document.as_bytes()).unwrap().policy.rules;
        let wider = Wider::new(&rules);
        let mut pairs = 0;
        for narrow in &rules {
            if super::super::empty_field(&narrow.matching).is_some() {
                continue;
            }
            let found = wider.than(&narrow.matching);
            for (place, wide) in rules.iter().enumerate() {
                if covers(&wide.matching, &narrow.matching) {
                    pairs += 1;
                    assert!(found.contains(&place), "{} covers {}", wide.id, narrow.id);
                }
            }
        }
        assert!(pairs > 200, "{pairs}");
        let asked: usize = rules
            .iter()
            .map(|rule| wider.than(&rule.matching).len())
            .sum();
        assert!(asked * 3 < rules.len() * rules.len(), "{asked}");
    }
}
