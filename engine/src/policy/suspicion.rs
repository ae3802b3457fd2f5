//! What is valid in a document and yet hardly meant so: rules that can't take effect, labels
//! that no rule asks for.
//!
//! For people and tools; deciding knows nothing of it.

mod wider;

use super::cover::{covers, empty_field};
use super::{ActionTest, CallTest, Mode, Policy, Rule, RuleEffect, TextField, Verdict};
use crate::document::{Mistake, Position};

use wider::Wider;

/// What a document says beside its rules.
#[derive(Debug, Clone, Copy)]
pub struct Surroundings<'a> {
    /// The names of its APIs.
    pub apis: &'a [&'a str],
    /// Every environment in which a call can be made; none where routes name their own.
    pub environments: Option<&'a [&'a str]>,
}

/// What looks as if it were not meant so, in the order of the rules.
#[must_use]
pub fn suspicions(policy: &Policy, around: Surroundings<'_>) -> Vec<Mistake> {
    let mut found = Vec::new();
    let wider = Wider::new(&policy.rules);
    for (place, rule) in policy.rules.iter().enumerate() {
        // A pack speaks of labels and times that a document need not have.
        if !rule.origin.source.is_empty() {
            continue;
        }
        if let Some(why) = never(rule, around) {
            found.push(told(rule, "suspicion.never", &why));
            continue;
        }
        if rule.effect == RuleEffect::Allow && policy.default == Verdict::Allow {
            let why = "it allows what the default allows anyway".to_owned();
            found.push(told(rule, "suspicion.no_effect", &why));
        }
        if let Some(constant) = rule.when.as_ref().and_then(|when| when.program.constant())
            && constant
        {
            let why = "its `when` is always true".to_owned();
            found.push(told(rule, "suspicion.always_true", &why));
        }
        compare(policy, &wider, place, &mut found);
    }
    found.extend(unused_labels(policy));
    found
}

/// Rules that leave nothing for this one to do.
fn compare(policy: &Policy, wider: &Wider, place: usize, found: &mut Vec<Mistake>) {
    let Some(rule) = policy.rules.get(place) else {
        return;
    };
    for other_place in wider.than(&rule.matching) {
        let Some(other) = policy.rules.get(other_place) else {
            continue;
        };
        let is_plain = other.when.is_none()
            && other.except.is_empty()
            && other.unless.is_empty()
            && other.approved.is_none();
        let counts = other.mode == Mode::Enforce || rule.mode == Mode::Shadow;
        if other_place == place || !is_plain || !counts || !covers(&other.matching, &rule.matching)
        {
            continue;
        }
        let is_twin = covers(&rule.matching, &other.matching)
            && rule.when.is_none()
            && rule.except.is_empty()
            && rule.unless.is_empty();
        let (code, why) = match (rule.effect, other.effect) {
            (RuleEffect::Tag, _) | (_, RuleEffect::Tag) => continue,
            (own, same) if own == same && !(is_twin && place < other_place) => (
                "suspicion.shadowed",
                format!("`{}` matches whatever it matches", other.id),
            ),
            (RuleEffect::Allow, RuleEffect::Deny) => (
                "suspicion.contradicts",
                format!("`{}` denies whatever it allows", other.id),
            ),
            (RuleEffect::Ask, RuleEffect::Deny) => (
                "suspicion.contradicts",
                format!("`{}` denies whatever it asks about", other.id),
            ),
            _ => continue,
        };
        found.push(told(rule, code, &why));
        return;
    }
}

fn unused_labels(policy: &Policy) -> Vec<Mistake> {
    let by_expression = ["labels", "output_labels", "written_labels", "copied_labels"];
    let reads_labels = policy.rules.iter().any(|rule| {
        by_expression
            .iter()
            .any(|list| rule.reads(&format!("action.{list}")) || rule.reads("actions"))
    });
    if reads_labels {
        return Vec::new();
    }
    let conditions = policy.rules.iter();
    let conditions =
        conditions.flat_map(|rule| rule.except.iter().chain(std::iter::once(&rule.matching)));
    let mut asked = super::LabelSet::default();
    for (_, test) in conditions.flat_map(|condition| &condition.action) {
        if let ActionTest::Labels(_, labels) = test {
            asked = asked.with(*labels);
        }
    }
    let unused = policy.data.names.iter().filter(|name| {
        policy
            .data
            .label(name)
            .is_some_and(|label| !asked.meets(label))
    });
    unused
        .map(|name| Mistake {
            code: "suspicion.unused_label",
            source: String::new(),
            position: Position::default(),
            path: "data".to_owned(),
            message: format!("no rule asks for the label `{name}`"),
        })
        .collect()
}

fn told(rule: &Rule, code: &'static str, why: &str) -> Mistake {
    Mistake {
        code,
        source: rule.origin.source.clone(),
        position: rule.origin.position,
        path: rule.origin.path.clone(),
        message: format!("`{}`: {why}", rule.id),
    }
}

/// Why a rule can never match.
fn never(rule: &Rule, around: Surroundings<'_>) -> Option<String> {
    if let Some(field) = empty_field(&rule.matching) {
        // A pack speaks of what a document need not have.
        let is_pack = !rule.origin.source.is_empty();
        return (!is_pack).then(|| format!("it can never match: `{field}` has no value"));
    }
    for (_, test) in &rule.matching.call {
        let CallTest::Text(field, globs) = test else {
            continue;
        };
        let (what, known) = match field {
            TextField::Api => ("no API", Some(around.apis)),
            TextField::Environment => ("no environment", around.environments),
            _ => continue,
        };
        let Some(known) = known else {
            continue;
        };
        if !known.iter().any(|name| globs.matches(name)) && rule.origin.source.is_empty() {
            return Some(format!(
                "it can never match: {what} of the document has that name"
            ));
        }
    }
    let constant = |value: bool| {
        move |expression: &super::Expression| expression.program.constant() == Some(value)
    };
    if rule.when.as_ref().is_some_and(constant(false)) {
        return Some("it can never match: its `when` is always false".to_owned());
    }
    if rule.unless.iter().any(constant(true)) {
        return Some("it can never match: its `unless` is always true".to_owned());
    }
    let exempt = rule.except.iter();
    let mut exempt = exempt.filter(|condition| covers(condition, &rule.matching));
    exempt
        .next()
        .map(|_| "it can never match: its `except` exempts whatever it matches".to_owned())
}

#[cfg(test)]
mod tests {
    use crate::config;
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    /// `code path` of every suspicion in these rules.
    fn suspicions(head: &str, rules: &[&str]) -> Vec<String> {
        let listed: String = rules.iter().map(|rule| format!("\n- {rule}")).collect();
        let rules = if rules.is_empty() { " []" } else { &listed };
        let document = format!(
            "lictor: v1\nenvironment: production\napis:\n- {{name: orders, match: {{}}, http: {{}}}}\n{head}\nrules:{rules}\n"
        );
        let guard = config::compile(document.as_bytes()).unwrap();
        let found = guard.suspicions().into_iter();
        found
            .map(|one| format!("{} {}", one.code, one.path))
            .collect()
    }

    #[test]
    fn what_is_hardly_meant_so_is_told() {
        let wide = "{id: wide, effect: deny, match: {action.effect: [drop, alter]}}";
        for (head, rules, expected) in [
            ("default: allow", vec![wide], vec![]),
            (
                "default: allow",
                vec![
                    wide,
                    "{id: narrow, effect: deny, match: {action.effect: drop, api: orders}}",
                ],
                vec!["suspicion.shadowed rules[1]"],
            ),
            (
                "default: deny",
                vec!["{id: a, effect: allow, match: {action.effect: drop}}", wide],
                vec!["suspicion.contradicts rules[0]"],
            ),
            (
                "default: allow",
                vec!["{id: a, effect: deny, match: {api: reports}}"],
                vec!["suspicion.never rules[0]"],
            ),
            (
                "default: allow",
                vec!["{id: a, effect: deny, match: {environment: staging}}"],
                vec!["suspicion.never rules[0]"],
            ),
            (
                "default: allow",
                vec!["{id: a, effect: deny, match: {api: orders}, except: {api: ord*}}"],
                vec!["suspicion.never rules[0]"],
            ),
            (
                "default: allow\nlists: {nobody: []}",
                vec!["{id: a, effect: deny, match: {principal.subject: $nobody}}"],
                vec!["suspicion.never rules[0]"],
            ),
            (
                "default: allow",
                vec!["{id: a, effect: allow, match: {}}"],
                vec!["suspicion.no_effect rules[0]"],
            ),
            (
                "default: allow\ndata: [{label: pii, tables: customers}]",
                vec![],
                vec!["suspicion.unused_label data"],
            ),
            (
                "default: allow\npacks: [production-changes, pii]",
                vec![],
                vec![],
            ),
            (
                "default: deny",
                vec![
                    "{id: a, effect: allow, match: {action.tables: orders}}",
                    "{id: b, effect: allow, match: {action.tables: orders}}",
                ],
                vec!["suspicion.shadowed rules[1]"],
            ),
            (
                "default: deny",
                vec![
                    "{id: a, effect: allow, match: {action.tables: orders}, except: {principal.kind: agent}}",
                    "{id: b, effect: allow, match: {action.tables: shop.orders}}",
                ],
                vec![],
            ),
        ] {
            assert_eq!(suspicions(head, &rules), expected, "{head} {rules:?}");
        }
    }
}
