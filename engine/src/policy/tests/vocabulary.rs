//! Every name that expressions can use answers with the fact of that name.

use std::rc::Rc;

use super::*;
use crate::action::{Arguments, Cause, Column, ColumnUse, Edge, Usage};
use crate::cel::Type;
use crate::identity::Peer;
use crate::policy::ROOTS;
use crate::value::Value;
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

/// Every list and text of it is called like its field, so that a mix-up shows.
fn somebody() -> Principal {
    let texts = |name: &str| vec![name.to_owned()];
    Principal {
        subject: "subject".to_owned(),
        kind: Kind::Agent,
        groups: texts("groups"),
        roles: texts("roles"),
        scopes: texts("scopes"),
        issuer: "issuer".to_owned(),
        audiences: texts("audiences"),
        client_id: "client_id".to_owned(),
        email: "email".to_owned(),
        acr: "acr".to_owned(),
        amr: texts("amr"),
        issued_at: Some(100),
        authenticated_at: Some(200),
        expires_at: Some(300),
        acts_for: Some(OnBehalfOf {
            subject: "for.subject".to_owned(),
            kind: Kind::Human,
            groups: texts("for.groups"),
            roles: texts("for.roles"),
            email: "for.email".to_owned(),
        }),
        earlier_actors: texts("actors"),
        peer: Some(Peer {
            spiffe_id: "spiffe_id".to_owned(),
            trust_domain: "trust_domain".to_owned(),
            namespace: "namespace".to_owned(),
            service_account: "service_account".to_owned(),
        }),
        claims: Value::Object(vec![("dept".into(), Value::from("claims"))]),
    }
}

fn something() -> Action {
    let column = |table: &str, name: &str| Column {
        table: table.to_owned(),
        name: name.to_owned(),
    };
    Action {
        cause: Some(Cause::RowBound),
        columns: vec![ColumnUse {
            column: column("users", "email"),
            usage: Usage::Output,
            is_certain: true,
        }],
        lineage: vec![Edge {
            source: column("users", "email"),
            target: column("copies", "mail"),
        }],
        arguments: Arguments::Known(Rc::new(Value::Object(vec![(
            "id".into(),
            Value::from("x"),
        )]))),
        fingerprint: Some("fingerprint".to_owned()),
        ..action(Effect::Read, Reach::Limited(7), &["users"])
    }
}

/// Expressions that are true of [`somebody`] who does [`something`]: at least one for each field.
const TRUE: [&str; 57] = [
    "request.method == 'POST'",
    "request.host == 'db.internal'",
    "request.path == '/sql'",
    "has(request.query.page) && request.query.page == '2'",
    "has(request.body.amount) && request.body.amount == 5",
    "principal.subject == 'subject'",
    "principal.kind == 'agent'",
    "principal.groups == ['groups']",
    "principal.roles == ['roles']",
    "principal.scopes == ['scopes']",
    "principal.issuer == 'issuer'",
    "principal.audiences == ['audiences']",
    "principal.client_id == 'client_id'",
    "principal.email == 'email'",
    "principal.acr == 'acr'",
    "principal.amr == ['amr']",
    "has(principal.issued_at) && principal.issued_at == timestamp('1970-01-01T00:01:40Z')",
    "has(principal.authenticated_at) && principal.authenticated_at == timestamp('1970-01-01T00:03:20Z')",
    "has(principal.expires_at) && principal.expires_at == timestamp('1970-01-01T00:05:00Z')",
    "has(principal.for) && principal.for.subject == 'for.subject'",
    "has(principal.for) && principal.for.kind == 'human'",
    "has(principal.for) && principal.for.groups == ['for.groups']",
    "has(principal.for) && principal.for.roles == ['for.roles']",
    "has(principal.for) && principal.for.email == 'for.email'",
    "principal.actors == ['actors']",
    "has(principal.peer) && principal.peer.spiffe_id == 'spiffe_id'",
    "has(principal.peer) && principal.peer.trust_domain == 'trust_domain'",
    "has(principal.peer) && principal.peer.namespace == 'namespace'",
    "has(principal.peer) && principal.peer.service_account == 'service_account'",
    "has(claims.dept) && claims.dept == 'claims'",
    "action.effect == 'read'",
    "action.operation == 'READ'",
    "action.reach == 'limited'",
    "has(action.rows) && action.rows == 7",
    "has(action.cause) && action.cause == 'row_bound'",
    "action.tables == ['users']",
    "action.resources.exists(r, r.kind == 'table' && r.name == 'users')",
    "action.columns.exists(c, c.table == 'users' && c.name == 'email' && c.usage == 'output')",
    "action.lineage.exists(e, e.source_table == 'users' && e.source == 'email' && e.target_table == 'copies' && e.target == 'mail')",
    "action.labels == ['pii']",
    "action.output_labels == ['pii']",
    "action.written_labels == []",
    "action.copied_labels == ['pii']",
    "has(action.fingerprint) && action.fingerprint == 'fingerprint'",
    "has(action.arguments.id) && action.arguments.id == 'x'",
    "actions.exists(a, a.effect == 'read')",
    "actions.all(a, a.effect == 'read')",
    "api == 'reports'",
    "environment == 'production'",
    "now.time == timestamp('2026-11-04T12:34:56Z')",
    "now.year == 2026",
    "now.month == 11",
    "now.day == 4",
    "now.weekday == 3",
    "now.hour == 13",
    "now.minute == 34",
    "now.time - timestamp('2026-11-04T12:00:00Z') < duration('1h')",
];

fn policy_of(expression: &str) -> Policy {
    let document = format!(
        "lictor: v1\napis: []\ntime_zone: Europe/Berlin\ndata: [{{label: pii, columns: users.email}}]\n\
         rules:\n- id: r\n  effect: deny\n  match: {{}}\n  when: >-\n    {expression}\ndefault: allow\n"
    );
    match config::compile(document.as_bytes()) {
        Ok(guard) => guard.policy,
        Err(mistakes) => panic!("{expression}: {mistakes:?}"),
    }
}

fn decision_of(expression: &str) -> String {
    let policy = policy_of(expression);
    let (who, what) = (somebody(), [something()]);
    let query = crate::parameters::Parameters::parse("page=2").unwrap();
    let body = crate::json::parse(r#"{"amount":5}"#).unwrap();
    let mut call = call(&who, &what);
    call.request.query = Some(&query);
    call.request.body = Content::Json(&body);
    call.now = Some(policy.now(Moment {
        seconds: 1_793_795_696,
        nanos: 0,
    }));
    let decision = policy.decide(&call);
    format!("{:?} {:?}", decision.verdict, decision.faulty)
}

#[test]
fn every_name_says_what_it_should() {
    for expression in TRUE {
        assert_eq!(decision_of(expression), "Deny []", "{expression}");
        let negated = format!("!({expression})");
        assert_eq!(decision_of(&negated), "Allow []", "{negated}");
    }
}

#[test]
fn every_name_is_among_them() {
    fn missing(prefix: &str, fields: &[crate::cel::Field], found: &mut Vec<String>) {
        for field in fields {
            let name = match prefix {
                "" => field.name.to_owned(),
                prefix => format!("{prefix}.{}", field.name),
            };
            match field.kind {
                Type::Record(record) => missing(&name, record.fields, found),
                Type::List(Type::Record(record)) if field.name != "actions" => {
                    // By the name that the expressions above give a member.
                    let member = match field.name {
                        "resources" => "r",
                        "columns" => "c",
                        _ => "e",
                    };
                    missing(member, record.fields, found);
                }
                _ if TRUE.iter().any(|expression| expression.contains(&name)) => {}
                _ => found.push(name),
            }
        }
    }
    let mut found = Vec::new();
    missing("", &ROOTS, &mut found);
    assert!(found.is_empty(), "{found:?}");
}

#[test]
fn what_can_not_be_told_has_no_answer() {
    let nobody = anonymous();
    let vague = [Action {
        reach: Reach::Unknown,
        ..action(Effect::Delete, Reach::Unknown, &[])
    }];
    for expression in [
        "action.reach == 'all'",
        "action.tables.exists(t, t == 'users')",
        "!action.tables.exists(t, t == 'users')",
        "'pii' in action.labels",
        "!('pii' in action.labels)",
        "action.columns.all(c, c.name == 'id')",
        "has(action.rows) && action.rows > 5",
        "now.hour < 8",
        "has(request.body.force)",
        "'x' in principal.groups && action.reach == 'all' || action.reach == 'key'",
    ] {
        let policy = policy_of(expression);
        let mut call = call(&nobody, &vague);
        call.request.body = Content::Unknown;
        let decision = policy.decide(&call);
        assert_eq!(decision.verdict, Verdict::Deny, "{expression}");
        assert_eq!(decision.faulty.len(), 1, "{expression}");
        assert_eq!(decision.faulty[0].fault.name(), "unknown", "{expression}");
    }
    let known = policy_of("action.reach == 'all' && principal.subject == 'dana'");
    let decision = known.decide(&call(&nobody, &vague));
    assert_eq!(decision.verdict, Verdict::Allow, "what is known decides");
}

#[test]
fn a_column_of_either_of_two_tables_allows_and_exempts_nothing() {
    let column = |table: &str, name: &str| ColumnUse {
        column: Column {
            table: table.to_owned(),
            name: name.to_owned(),
        },
        usage: Usage::Output,
        is_certain: false,
    };
    let either = Action {
        columns: vec![column("open", "x"), column("secret", "x")],
        ..action(Effect::Read, Reach::All, &["open", "secret"])
    };
    let all = Action {
        columns: vec![column("open", Column::ALL)],
        ..action(Effect::Read, Reach::All, &["open"])
    };
    let named = "action.columns.exists(c, c.table == 'open' && c.name == 'x')";
    let other = "action.columns.exists(c, c.name != 'ssn')";
    for (rule, default, actions) in [
        (
            format!("allow, match: {{}}, when: \"{named}\""),
            "deny",
            &either,
        ),
        (
            format!("deny, match: {{}}, unless: \"{named}\""),
            "allow",
            &either,
        ),
        (
            format!("deny, match: {{}}, when: \"!{named}\""),
            "allow",
            &either,
        ),
        (
            format!("deny, match: {{}}, when: \"{named}\""),
            "allow",
            &either,
        ),
        (
            format!("allow, match: {{}}, when: \"{other}\""),
            "deny",
            &all,
        ),
        (
            format!("deny, match: {{}}, unless: \"{other}\""),
            "allow",
            &all,
        ),
    ] {
        let rule = format!("{{id: r, effect: {rule}}}");
        let actions = std::slice::from_ref(actions);
        assert_eq!(verdict(&[&rule], default, actions), Verdict::Deny, "{rule}");
    }
}

#[test]
fn an_edge_from_a_column_of_either_table_exempts_nobody() {
    let document = "
lictor: v1
apis: []
rules:
- id: r
  effect: deny
  match: {action.effect: insert}
  unless: action.lineage.exists(e, e.source_table == 'open')
default: allow
";
    let policy = config::compile(document.as_bytes()).unwrap().policy;
    let nobody = anonymous();
    for (text, expected) in [
        ("INSERT INTO t (a) SELECT x FROM open", Verdict::Allow),
        ("INSERT INTO t (a) SELECT x FROM secret", Verdict::Deny),
        (
            "INSERT INTO t (a) SELECT x FROM open, secret",
            Verdict::Deny,
        ),
    ] {
        let analysis = crate::sql::analyse(text, crate::sql::Dialect::Postgres).unwrap();
        let decision = policy.decide(&call(&nobody, &analysis.actions));
        assert_eq!(decision.verdict, expected, "{text}");
    }
}
