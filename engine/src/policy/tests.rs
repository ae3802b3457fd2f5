//! What rules say about calls, and that their order does not matter.

mod could;
mod labels;
mod properties;
mod vocabulary;

use super::*;
use crate::action::{Action, Arguments, Effect, Reach, Resource, ResourceKind};
use crate::config;
use crate::identity::{Kind, OnBehalfOf, Principal, anonymous};
use crate::value::Value;
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

fn policy(rules: &[&str], default: &str) -> Policy {
    let rules = rules
        .iter()
        .map(|rule| format!("- {rule}\n"))
        .collect::<String>();
    let rules = if rules.is_empty() {
        "[]\n".to_owned()
    } else {
        format!("\n{rules}")
    };
    let document = format!("lictor: v1\napis: []\nrules: {rules}default: {default}\n");
    config::compile(document.as_bytes()).unwrap().policy
}

fn action(effect: Effect, reach: Reach, tables: &[&str]) -> Action {
    let resource = |name: &&str| Resource {
        kind: ResourceKind::Table,
        name: (*name).to_owned(),
    };
    Action {
        effect,
        operation: effect.name().to_uppercase(),
        reach,
        cause: None,
        columns: Vec::new(),
        lineage: Vec::new(),
        resources: tables.iter().map(resource).collect(),
        fingerprint: None,
        statement: None,
        arguments: Arguments::None,
    }
}

fn dana() -> Principal {
    Principal {
        subject: "dana".to_owned(),
        kind: Kind::Human,
        groups: vec!["dba".to_owned()],
        ..anonymous()
    }
}

const fn call<'c>(principal: &'c Principal, actions: &'c [Action]) -> Call<'c> {
    Call {
        api: "reports",
        environment: "production",
        request: Request {
            method: "POST",
            host: "db.internal",
            path: "/sql",
            query: None,
            body: Content::Empty,
        },
        now: None,
        principal,
        claims_are_known: true,
        actions,
    }
}

fn decide<'p>(policy: &'p Policy, principal: &Principal, actions: &[Action]) -> Decision<'p> {
    policy.decide(&call(principal, actions))
}

fn verdict(rules: &[&str], default: &str, actions: &[Action]) -> Verdict {
    decide(&policy(rules, default), &dana(), actions).verdict
}

const NO_DROPS: &str = "{id: no-drops, effect: deny, match: {action.effect: drop}}";
const ALLOW_ALL: &str = "{id: all, effect: allow, match: {}}";
const DROP: fn() -> Action = || action(Effect::Drop, Reach::All, &["users"]);
const READ: fn() -> Action = || action(Effect::Read, Reach::Filtered, &["users"]);

#[test]
fn deny_beats_allow_in_either_order() {
    for rules in [[NO_DROPS, ALLOW_ALL], [ALLOW_ALL, NO_DROPS]] {
        assert_eq!(verdict(&rules, "allow", &[DROP()]), Verdict::Deny);
        assert_eq!(verdict(&rules, "deny", &[READ()]), Verdict::Allow);
    }
}

#[test]
fn a_target_that_nobody_could_tell_may_be_any() {
    let rule = "{id: x, effect: deny, match: {action.tables: users}}";
    let unknown = action(Effect::Delete, Reach::Unknown, &[]);
    assert_eq!(verdict(&[rule], "allow", &[unknown]), Verdict::Deny);
    let nothing = action(Effect::Read, Reach::None, &[]);
    assert_eq!(verdict(&[rule], "allow", &[nothing]), Verdict::Allow);
    let session = action(Effect::Session, Reach::Unknown, &[]);
    assert_eq!(verdict(&[rule], "allow", &[session]), Verdict::Allow);
}

#[test]
fn one_denied_action_denies_the_call() {
    assert_eq!(
        verdict(&[NO_DROPS], "allow", &[READ(), DROP()]),
        Verdict::Deny
    );
    let policy = policy(&[NO_DROPS], "allow");
    assert_eq!(decide(&policy, &dana(), &[READ(), DROP()]).action, Some(1));
}

#[test]
fn with_default_deny_every_action_needs_a_rule() {
    let reads = "{id: reads, effect: allow, match: {action.effect: read}}";
    let inserts = "{id: inserts, effect: allow, match: {action.effect: insert}}";
    let insert = action(Effect::Insert, Reach::None, &["log"]);
    assert_eq!(
        verdict(&[reads], "deny", &[READ(), insert.clone()]),
        Verdict::Deny
    );
    assert_eq!(
        verdict(&[reads, inserts], "deny", &[READ(), insert]),
        Verdict::Allow
    );
    assert_eq!(verdict(&[ALLOW_ALL], "deny", &[]), Verdict::Deny);
}

#[test]
fn a_decision_names_its_rules() {
    let second = "{id: second, effect: deny, match: {action.tables: users}, reason: Because.}";
    let policy = policy(&[NO_DROPS, second, ALLOW_ALL], "deny");
    let principal = dana();
    let denied = decide(&policy, &principal, &[DROP()]);
    assert_eq!(denied.rules, ["no-drops", "second"]);
    let other = action(Effect::Read, Reach::All, &["orders"]);
    assert_eq!(decide(&policy, &principal, &[other]).rules, ["all"]);
    let by_default = self::policy(&[], "deny");
    assert_eq!(
        decide(&by_default, &principal, &[READ()]).rules,
        ["default"]
    );
}

#[test]
fn a_shadow_rule_is_recorded_and_does_not_count() {
    let shadow = "{id: quiet, effect: deny, mode: shadow, match: {action.effect: read}}";
    let policy = policy(&[shadow], "allow");
    let decision = decide(&policy, &dana(), &[READ()]);
    assert_eq!(
        (decision.verdict, decision.shadow),
        (Verdict::Allow, vec!["quiet"])
    );
    let shadow_allow = "{id: quiet, effect: allow, mode: shadow, match: {}}";
    assert_eq!(verdict(&[shadow_allow], "deny", &[READ()]), Verdict::Deny);
}

#[test]
fn except_exempts_where_all_of_it_holds() {
    let rule = "{id: r, effect: deny, match: {action.effect: drop}, except: {principal.groups: dba, principal.kind: human}}";
    assert_eq!(verdict(&[rule], "allow", &[DROP()]), Verdict::Allow);
    let bot = Principal {
        kind: Kind::Agent,
        ..dana()
    };
    let policy = policy(&[rule], "allow");
    assert_eq!(decide(&policy, &bot, &[DROP()]).verdict, Verdict::Deny);
}

#[test]
fn an_action_on_more_than_a_rule_names_is_denied_but_not_allowed() {
    let both = action(Effect::Read, Reach::Filtered, &["orders", "payments"]);
    let deny = "{id: d, effect: deny, match: {action.tables: payments}}";
    assert_eq!(
        verdict(&[deny], "allow", std::slice::from_ref(&both)),
        Verdict::Deny
    );
    let allow = "{id: a, effect: allow, match: {action.tables: orders}}";
    assert_eq!(
        verdict(&[allow], "deny", std::slice::from_ref(&both)),
        Verdict::Deny
    );
    let exempt = "{id: e, effect: deny, match: {}, except: {action.tables: orders}}";
    assert_eq!(verdict(&[exempt], "allow", &[both]), Verdict::Deny);
}

#[test]
fn what_can_not_be_told_is_denied_and_not_allowed() {
    let vague = action(Effect::Delete, Reach::Unknown, &["users"]);
    let deny = "{id: d, effect: deny, match: {action.reach: all}}";
    assert_eq!(
        verdict(&[deny], "allow", std::slice::from_ref(&vague)),
        Verdict::Deny
    );
    let allow =
        "{id: a, effect: allow, match: {action.reach: [key, filtered, limited, none, all]}}";
    assert_eq!(verdict(&[allow], "deny", &[vague]), Verdict::Deny);
    let unknown = action(Effect::Unknown, Reach::None, &[]);
    assert_eq!(
        verdict(&[NO_DROPS], "allow", std::slice::from_ref(&unknown)),
        Verdict::Deny
    );
    assert_eq!(verdict(&[ALLOW_ALL], "deny", &[unknown]), Verdict::Deny);
}

#[test]
fn every_field_is_compared_with_what_it_names() {
    let agent = Principal {
        subject: "bot".to_owned(),
        kind: Kind::Agent,
        issuer: "https://idp".to_owned(),
        acts_for: Some(OnBehalfOf {
            subject: "alice".to_owned(),
            kind: Kind::Human,
            groups: vec!["staff".to_owned()],
            roles: Vec::new(),
            email: String::new(),
        }),
        claims: crate::json::parse(r#"{"mfa":true,"org":{"id":7},"roles":["a","b"]}"#)
            .unwrap()
            .into_owned(),
        ..dana()
    };
    for (field, holds) in [
        ("api: rep*", true),
        ("api: other", false),
        ("environment: production", true),
        ("environment: [staging, test]", false),
        ("request.method: [GET, POST]", true),
        ("request.method: GET", false),
        ("request.path: /sql/**", true),
        ("request.path: /s", false),
        ("request.host: '*.internal'", true),
        ("request.host: '*.example'", false),
        ("principal.kind: [agent, service]", true),
        ("principal.kind: human", false),
        ("principal.subject: b*", true),
        ("principal.subject: dana", false),
        ("principal.groups: [ops, dba]", true),
        ("principal.groups: ops", false),
        ("principal.issuer: https://idp", true),
        ("principal.issuer: https://other", false),
        ("principal.for.subject: alice", true),
        ("principal.for.subject: bob", false),
        ("principal.for.groups: staff", true),
        ("principal.for.groups: dba", false),
        ("claims.mfa: true", true),
        ("claims.mfa: 'true'", false),
        ("claims.org.id: 7", true),
        ("claims.org.id: 8", false),
        ("claims.roles: [b, c]", true),
        ("claims.absent: x", false),
        ("action.operation: drop", true),
        ("action.operation: create", false),
        ("action.reach: all", true),
        ("action.reach: key", false),
        ("action.resources: 'table:use*'", true),
        ("action.resources: 'function:users'", false),
    ] {
        let rule = format!("{{id: r, effect: deny, match: {{{field}}}}}");
        let policy = policy(&[&rule], "allow");
        let expected = if holds { Verdict::Deny } else { Verdict::Allow };
        assert_eq!(
            decide(&policy, &agent, &[DROP()]).verdict,
            expected,
            "{field}"
        );
    }
}

#[test]
fn a_list_stands_for_its_members_under_claims_too() {
    let document = "lictor: v1\napis: []\nlists: {blocked: [acme, evil]}\nrules:\n- {id: r, effect: deny, match: {claims.tenant: [other, $blocked]}}\ndefault: allow\n";
    let policy = config::compile(document.as_bytes()).unwrap().policy;
    for (tenant, verdict) in [
        ("evil", Verdict::Deny),
        ("other", Verdict::Deny),
        ("$blocked", Verdict::Allow),
    ] {
        let claims = Value::Object(vec![("tenant".into(), Value::from(tenant))]);
        let who = Principal { claims, ..dana() };
        assert_eq!(
            decide(&policy, &who, &[DROP()]).verdict,
            verdict,
            "{tenant}"
        );
    }
    let unknown = document.replace("$blocked", "$blokced");
    let mistakes = config::compile(unknown.as_bytes()).unwrap_err();
    assert_eq!(mistakes[0].code, "rule.list");
    let elsewhere = "lictor: v1\napis: []\nidentity: {agent_when: {claims.tenant: $blocked}}\nrules: []\ndefault: allow\n";
    let mistakes = config::compile(elsewhere.as_bytes()).unwrap_err();
    assert_eq!(mistakes[0].code, "rule.claim_value");
}

#[test]
fn letters_that_fold_by_their_place_in_a_word_hide_no_rule() {
    for fill in [0, 20] {
        let fill: String = (0..fill).map(|number| format!(", f{number}")).collect();
        let rule = format!("{{id: r, effect: deny, match: {{action.tables: ['ΣΑΣ*'{fill}]}}}}");
        for name in ["ΣΑΣΑ", "ΣΑΣ", "σασα"] {
            let actions = [action(Effect::Read, Reach::All, &[name])];
            assert_eq!(
                verdict(&[&rule], "allow", &actions),
                Verdict::Deny,
                "{name}"
            );
        }
    }
}

#[test]
fn a_rule_has_one_budget_for_all_statements() {
    let items = (0..50_000).map(|number| Value::from(format!("x{number}")));
    let body = Value::Object(vec![("ids".into(), Value::List(items.collect()))]);
    let rule = |id: &str, effect: &str| {
        format!(
            "{{id: {id}, effect: {effect}, match: {{}}, when: \"has(request.body.ids) && request.body.ids.exists(x, x == 'a')\"}}"
        )
    };
    let rules = [
        rule("one", "deny"),
        rule("two", "ask"),
        rule("plain", "tag, tag: [x]"),
    ];
    let rules = rules.each_ref().map(String::as_str);
    let who = dana();
    for (statements, expected) in [(4, Verdict::Allow), (64, Verdict::Deny)] {
        let actions = vec![action(Effect::Read, Reach::All, &["t"]); statements];
        let mut call = call(&who, &actions);
        call.request.body = Content::Json(&body);
        let policy = policy(&rules, "allow");
        let decision = policy.decide(&call);
        assert_eq!(decision.verdict, expected, "{statements}");
        let faults = decision.faulty.iter().map(|one| one.fault.name());
        assert!(faults.clone().all(|fault| fault == "too_much"));
        assert_eq!(
            faults.count(),
            if expected == Verdict::Deny { 3 } else { 0 }
        );
    }
}

#[test]
fn a_star_takes_what_is_not_there_for_a_match_only_where_that_restricts() {
    let nobody = anonymous();
    for (rule, default) in [
        ("deny, match: {}, except: {principal.email: '*'}", "allow"),
        ("deny, match: {principal.client_id: '*'}", "allow"),
        ("allow, match: {principal.acr: '*'}", "deny"),
    ] {
        let policy = policy(&[&format!("{{id: r, effect: {rule}}}")], default);
        assert_eq!(
            decide(&policy, &nobody, &[DROP()]).verdict,
            Verdict::Deny,
            "{rule}"
        );
    }
    let exempt = policy(
        &["{id: r, effect: deny, match: {}, except: {principal.email: '*'}}"],
        "allow",
    );
    let known = Principal {
        email: "dana@example.com".to_owned(),
        ..dana()
    };
    assert_eq!(decide(&exempt, &known, &[DROP()]).verdict, Verdict::Allow);
}
