//! What holds for any rules and any call: order does not matter, a rule never weakens another,
//! and the index leaves out nothing that could match.

use super::*;
use crate::glob::Truth;
use crate::policy::Index;
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

/// Numbers that are the same in every run.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, most: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % most
    }

    fn pick<'t>(&mut self, texts: &[&'t str]) -> &'t str {
        texts[self.below(texts.len())]
    }
}

const FIELDS: [&str; 25] = [
    "action.effect: drop",
    "action.effect: [read, delete]",
    "action.reach: all",
    "action.reach: [key, limited]",
    "action.tables: users",
    "action.tables: [public.users, 'or*']",
    "action.tables: '*'",
    "action.operation: [read, DROP]",
    "action.labels: pii",
    "action.output_labels: [pii, money]",
    "action.resources: 'table:pay*'",
    "action.resources: ['path:/v1/*', 'function:pg_*']",
    "action.resources: 'method:v1/**'",
    "action.resources: ['tool:merge', 'path:**/orders', 'table:public.*']",
    "api: reports",
    "api: '*s'",
    "environment: staging",
    "request.path: /sql/**",
    "request.path: /other",
    "request.method: POST",
    "principal.kind: [human, agent]",
    "principal.groups: [dba, 'team-*']",
    "principal.subject: dana",
    "claims.department: [sales, research]",
    "principal.for.subject: '*'",
];

const OTHERS: [(ResourceKind, &str); 8] = [
    (ResourceKind::Function, "pg_sleep"),
    (ResourceKind::Function, "Public.PG_sleep"),
    (ResourceKind::Path, "/v1/orders"),
    (ResourceKind::Path, "v1"),
    (ResourceKind::Method, "v1/orders"),
    (ResourceKind::Method, "shop/orders"),
    (ResourceKind::Tool, "merge"),
    (ResourceKind::Key, "merge"),
];

/// Expressions, some of which have no answer for some calls.
const WHENS: [&str; 14] = [
    "request.path == '/sql'",
    "request.path == '/other' && now.hour > 3",
    "request.path.startsWith('/sq') && action.reach == 'all'",
    "request.path.startsWith('/x')",
    "request.path.matches('^/sql$')",
    "request.path.matches('^/internal/[0-9]+')",
    "now.hour > 3 && principal.subject == 'dana'",
    "principal.subject == ''",
    "principal.issuer.startsWith('https://')",
    "environment == 'staging' || now.hour < 3",
    "environment != 'staging' && api == 'reports'",
    "has(claims.department) && claims.department == 'sales' && request.method == 'POST'",
    "request.method == 'GET' && action.effect == 'drop'",
    "principal.email == 'dana@example.com'",
];

/// One rule with this effect.
fn rule(numbers: &mut Numbers, id: usize, effect: &str) -> String {
    let mut fields = Vec::new();
    for _ in 0..numbers.below(3) {
        let field = numbers.pick(&FIELDS);
        let name = field.split(':').next().unwrap();
        if !fields.iter().any(|known: &&str| known.starts_with(name)) {
            fields.push(field);
        }
    }
    let except = match numbers.below(3) {
        0 => format!(", except: {{{}}}", numbers.pick(&FIELDS)),
        _ => String::new(),
    };
    let when = match numbers.below(3) {
        0 => format!(", when: \"{}\"", numbers.pick(&WHENS)),
        _ => String::new(),
    };
    let mode = if numbers.below(8) == 0 {
        ", mode: shadow"
    } else {
        ""
    };
    format!(
        "{{id: r{id}, effect: {effect}, match: {{{}}}{when}{except}{mode}}}",
        fields.join(", ")
    )
}

fn rules(numbers: &mut Numbers) -> Vec<String> {
    let count = numbers.below(7);
    (0..count)
        .map(|id| {
            let effect = numbers.pick(&["allow", "deny", "ask"]);
            rule(numbers, id, effect)
        })
        .collect()
}

fn compiled(rules: &[String], default: &str) -> Policy {
    let data = "data:\n- {label: pii, tables: users}\n- {label: money, columns: ['pay*.amount']}\n";
    let rules: String = rules.iter().map(|rule| format!("\n- {rule}")).collect();
    let rules = if rules.is_empty() { " []" } else { &rules };
    let document = format!("lictor: v1\napis: []\n{data}default: {default}\nrules:{rules}\n");
    config::compile(document.as_bytes()).unwrap().policy
}

fn principal(numbers: &mut Numbers) -> Principal {
    Principal {
        subject: numbers.pick(&["dana", "bot", ""]).to_owned(),
        kind: [Kind::Human, Kind::Agent, Kind::Anonymous][numbers.below(3)],
        groups: vec![numbers.pick(&["dba", "team-a", "other"]).to_owned()],
        claims: crate::json::parse(numbers.pick(&[
            "{}",
            r#"{"department":"sales"}"#,
            r#"{"department":["x","research"]}"#,
            r#"{"department":7}"#,
        ]))
        .unwrap()
        .into_owned(),
        ..anonymous()
    }
}

fn actions(numbers: &mut Numbers) -> Vec<Action> {
    let count = 1 + numbers.below(2);
    (0..count)
        .map(|_| {
            let effect = [Effect::Read, Effect::Delete, Effect::Drop, Effect::Session];
            let reach = [Reach::All, Reach::Key, Reach::Unknown, Reach::None];
            let tables = [
                &[][..],
                &["users"][..],
                &["Public.Users"][..],
                &["orders", "public.users"][..],
                &["payments"][..],
            ];
            let (effect, reach) = (effect[numbers.below(4)], reach[numbers.below(4)]);
            let mut action = action(effect, reach, tables[numbers.below(5)]);
            let (kind, name) = OTHERS[numbers.below(OTHERS.len())];
            if numbers.below(2) == 0 {
                let name = name.to_owned();
                action.resources.push(Resource { kind, name });
            }
            action
        })
        .collect()
}

const fn severity(verdict: Verdict) -> u8 {
    match verdict {
        Verdict::Allow => 0,
        Verdict::Ask => 1,
        Verdict::Deny => 2,
    }
}

#[test]
fn order_does_not_matter() {
    let mut numbers = Numbers(1);
    for _ in 0..3000 {
        let mut rules = rules(&mut numbers);
        let default = numbers.pick(&["allow", "deny"]);
        let (who, what) = (principal(&mut numbers), actions(&mut numbers));
        let policy = compiled(&rules, default);
        let one = decide(&policy, &who, &what);
        let again = decide(&policy, &who, &what);
        assert_eq!(one, again);
        rules.reverse();
        let reversed = compiled(&rules, default);
        let other = decide(&reversed, &who, &what);
        let sorted = |ids: &[&str]| {
            let mut ids: Vec<String> = ids.iter().map(|&id| id.to_owned()).collect();
            ids.sort();
            ids
        };
        assert_eq!(one.verdict, other.verdict, "{rules:?}");
        assert_eq!(sorted(&one.rules), sorted(&other.rules), "{rules:?}");
        assert_eq!(sorted(&one.shadow), sorted(&other.shadow), "{rules:?}");
    }
}

#[test]
fn a_rule_never_weakens_another() {
    let mut numbers = Numbers(2);
    let mut changed = [0; 3];
    for _ in 0..3000 {
        let mut rules = rules(&mut numbers);
        let default = numbers.pick(&["allow", "deny"]);
        let (who, what) = (principal(&mut numbers), actions(&mut numbers));
        let policy = compiled(&rules, default);
        let before = decide(&policy, &who, &what);
        let effect = numbers.below(3);
        rules.push(rule(&mut numbers, 99, ["allow", "ask", "deny"][effect]));
        let policy = compiled(&rules, default);
        let after = decide(&policy, &who, &what);
        let (was, is) = (severity(before.verdict), severity(after.verdict));
        let by_rule = before.rules.first() != Some(&"default");
        let is_sound = match effect {
            // It may lift the default, and nothing that a rule said.
            0 => is == was || is < 2 && !by_rule,
            // It may ask where nothing refused.
            1 => is == was || is == 1 && was == 0,
            _ => is == was || is == 2,
        };
        assert!(is_sound, "{before:?} became {after:?} by {rules:?}");
        changed[effect] += usize::from(is != was);
    }
    assert!(changed.iter().all(|count| *count > 20), "{changed:?}");
}

#[test]
fn the_index_leaves_out_nothing_that_could_match() {
    let mut numbers = Numbers(3);
    for _ in 0..3000 {
        let rules = rules(&mut numbers);
        let default = numbers.pick(&["allow", "deny"]);
        let (who, what) = (principal(&mut numbers), actions(&mut numbers));
        let indexed = compiled(&rules, default);
        let mut every = compiled(&rules, default);
        every.index = Index::of_all(every.rules.len());
        assert_eq!(
            decide(&indexed, &who, &what),
            decide(&every, &who, &what),
            "{rules:?}"
        );
    }
}

#[test]
fn an_account_of_a_rule_says_what_the_decision_says() {
    let mut numbers = Numbers(4);
    for _ in 0..1000 {
        let rules = rules(&mut numbers);
        let (who, what) = (principal(&mut numbers), actions(&mut numbers));
        let policy = compiled(&rules, "allow");
        let decision = decide(&policy, &who, &what);
        let accounts = policy.explain(&call(&who, &what));
        for account in &accounts {
            let rule = account.rule;
            let takes_part = decision.rules.contains(&rule.id.as_str())
                || decision.shadow.contains(&rule.id.as_str());
            if rule.effect == RuleEffect::Deny && account.truth != Truth::No {
                assert!(takes_part, "{account:?} {decision:?}");
            }
            let least = account
                .steps
                .iter()
                .filter(|step| step.key == "match")
                .map(|step| step.truth)
                .min();
            assert!(account.truth <= least.unwrap_or(Truth::Yes), "{account:?}");
        }
        assert_eq!(accounts.len(), policy.rules.len() * what.len());
    }
}
