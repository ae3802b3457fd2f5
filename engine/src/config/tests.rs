//! Documents that compile, and every mistake in those that do not.

use super::*;
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

const DOCUMENT: &str = r#"
lictor: v1
environment: production
identity: {groups: realm_access.roles, agent_when: {claims.client_type: agent}}
apis:
- name: reports
  match: {host: "*.internal", path: /sql, methods: POST}
  sql: {dialect: postgres, at: [$.query, {form: q}]}
- name: orders
  match: {path: /v1/**}
  http:
unmatched: allow
limits: {body_bytes: 1000}
record: {as: [json, member]}
self_test: {cluster: self}
rules:
- id: no-drops
  effect: deny
  match: {action.effect: [drop, truncate], claims.env: [prod, 1, true]}
  except:
  - {principal.groups: dba, principal.kind: human}
  - {action.resources: "table:scratch.*"}
  mode: shadow
default: deny
"#;

/// `code path` of every mistake.
fn mistakes(document: &str) -> Vec<String> {
    let mistakes = compile(document.as_bytes()).unwrap_err();
    mistakes
        .iter()
        .map(|mistake| format!("{} {}", mistake.code, mistake.path))
        .collect()
}

#[test]
fn a_whole_document_compiles() {
    let guard = compile(DOCUMENT.as_bytes()).unwrap();
    assert_eq!(guard.environment, "production");
    assert_eq!(guard.apis.len(), 2);
    assert_eq!(guard.unmatched, Unmatched::Allow);
    assert_eq!(guard.body_bytes, 1000);
    assert_eq!(guard.record_as, [RecordForm::Json, RecordForm::Member]);
    assert_eq!(guard.self_test_cluster.as_deref(), Some("self"));
    assert_eq!(guard.policy.rules[0].except.len(), 2);
    assert!(guard.hash.starts_with("sha256:"));
    assert_eq!(guard.hash.len(), 7 + 64);
}

#[test]
fn an_api_matches_by_host_path_and_method() {
    let guard = compile(DOCUMENT.as_bytes()).unwrap();
    let reports = &guard.apis[0];
    assert!(reports.matches("Db.internal", "/sql", "POST"));
    assert!(!reports.matches("db.external", "/sql", "POST"));
    assert!(!reports.matches("db.internal", "/sql", "GET"));
    assert!(
        reports.matches("db.internal", "/sql", "post"),
        "a server may take it for POST"
    );
    assert!(!reports.matches("db.internal", "/sql/x", "POST"));
    assert!(guard.apis[1].matches("", "/v1/orders/7", "DELETE"));
}

#[test]
fn every_mistake_is_reported_with_its_place() {
    let document = r"
lictor: v1
apis:
- name: Reports
  match: {path: /sql, port: 80}
  sql: {dialect: foxpro, at: query}
- name: orders
  match: {}
- {name: twice, match: {}, http: {paths: [v1]}}
- {name: twice, match: {}, http: {}, sql: {dialect: sqlite, at: {json: $.q, form: q}}}
limits: {body_bytes: 0}
rules:
- {id: default, effect: deny, match: {}}
- {id: a, effect: refuse, match: {action.efect: drop}}
- {id: a, effect: deny, match: {action.effect: destroy, action.resources: payments}, except: {}}
- {id: a, effect: deny}
- {id: b, effect: deny, match: {claims.x: [{}]}}
";
    assert_eq!(
        mistakes(document),
        [
            "api.name apis[0].name",
            "document.unknown_key apis[0].match",
            "document.unexpected apis[0].sql.dialect",
            "api.location apis[0].sql.at",
            "api.protocol apis[1]",
            "api.path_template apis[2].http.paths[0]",
            "api.location apis[3].sql.at",
            "api.protocol apis[3]",
            "rule.id rules[0].id",
            "document.unexpected rules[1].effect",
            "rule.unknown_field rules[1].match.action.efect",
            "document.unexpected rules[2].match.action.effect",
            "rule.resource rules[2].match.action.resources",
            "rule.except rules[2].except",
            "document.missing_key rules[3]",
            "rule.claim_value rules[4].match.claims.x[0]",
            "document.missing_key ",
            "document.unexpected limits.body_bytes",
        ]
    );
}

#[test]
fn a_pattern_that_nothing_could_match_is_a_mistake() {
    for (field, is_mistake) in [
        ("request.path: v1/x", true),
        ("request.path: [/v1/**, '**/edit']", false),
        ("request.host: db.internal:5432", true),
        ("request.host: '*.internal'", false),
        ("action.tables: ' payments'", true),
        ("action.tables: '\"payments'", true),
        ("action.tables: 'public..payments'", true),
        ("action.tables: ['\"Odd. name\"', 'public.*', '*']", false),
        ("action.columns: customers.", true),
        ("action.columns: ['*.ssn', 'a.b.c']", false),
    ] {
        let document = format!(
            "lictor: v1\napis: []\nrules:\n- {{id: a, effect: deny, match: {{{field}}}}}\ndefault: deny\n"
        );
        let found = compile(document.as_bytes()).err().unwrap_or_default();
        let codes: Vec<&str> = found.iter().map(|mistake| mistake.code).collect();
        let expected: &[&str] = if is_mistake { &["rule.pattern"] } else { &[] };
        assert_eq!(codes, expected, "{field}");
    }
}

#[test]
fn the_place_of_a_mistake_is_a_line_and_a_column() {
    let document =
        "lictor: v1\napis: []\nrules:\n- id: a\n  effect: dney\n  match: {}\ndefault: deny\n";
    let mistakes = compile(document.as_bytes()).unwrap_err();
    assert_eq!(
        mistakes[0].to_string(),
        "line 5, column 11: rules[0].effect: expected one of `allow`, `deny`, `ask`, `tag`, `mask`, `cap`, found `dney` (document.unexpected)"
    );
}

#[test]
fn a_mistake_in_an_expression_is_told_where_it_stands() {
    let place = |when: &str| {
        let document = format!(
            "lictor: v1\napis: []\nrules:\n- id: a\n  effect: deny\n  match: {{}}\n  when: {when}\ndefault: deny\n"
        );
        let mistakes = compile(document.as_bytes()).unwrap_err();
        let place = mistakes[0].position;
        let line = document.lines().nth(place.line - 1).unwrap();
        line.chars().skip(place.column - 1).collect::<String>()
    };
    for when in [
        "api == 'x' && apx == 'y'",
        "\"api == 'x' && apx == 'y'\"",
        "'api == \"x\" && apx == \"y\"'",
        ">-\n    api == 'x'\n    && apx == 'y'",
        "|\n    api == 'x' &&\n      apx == 'y'",
    ] {
        assert!(place(when).starts_with("apx"), "{when}: {}", place(when));
    }
}

#[test]
fn a_document_that_is_none_is_one_mistake() {
    assert_eq!(mistakes(""), ["document.empty "]);
    assert_eq!(mistakes("[]"), ["document.unexpected "]);
    assert_eq!(mistakes("lictor: [v1"), ["document.syntax "]);
}

#[test]
fn a_rule_of_a_pack_is_left_out_before_its_id_counts() {
    let document = |pack: &str| {
        format!(
            "lictor: v1\napis: []\npacks: [{pack}]\nrules: [{{id: no-grants, effect: deny, match: {{}}}}]\ndefault: deny\n"
        )
    };
    let twice = document("destructive-sql");
    assert_eq!(mistakes(&twice), ["rule.duplicate_id packs"]);
    let left_out = document("{name: destructive-sql, without: no-grants}");
    assert!(compile(left_out.as_bytes()).is_ok());
    let unknown = document("{name: destructive-sql, without: [no-grants, no-grant]}");
    assert_eq!(mistakes(&unknown), ["packs.without packs"]);
}

#[test]
fn all_packs_stand_beside_each_other() {
    let names = PACKS.join(", ");
    let document = format!("lictor: v1\napis: []\npacks: [{names}]\ndefault: allow\n");
    let guard = compile(document.as_bytes()).unwrap();
    assert!(guard.policy.rules.len() > 80);
    assert_eq!(guard.suspicions(), []);
}

#[test]
fn a_type_is_declared_once_however_its_path_is_written() {
    let document = "lictor: v1\napis: []\ntypes: {claims.a: int, 'claims[\"a\"]': string}\nrules: []\ndefault: deny\n";
    assert_eq!(mistakes(document), ["types.path types.claims[\"a\"]"]);
}

#[test]
fn files_are_put_in_place_before_a_filter_gets_the_document() {
    let text = "lictor: v1\napis: []\ninclude: [rules.yaml]\nrules: []\ndefault: allow\n";
    let mistakes = compile(text.as_bytes()).unwrap_err();
    assert_eq!(mistakes.len(), 1);
    assert_eq!(mistakes[0].code, "document.include");
    assert!(mistakes[0].message.contains("lictor render"));
}
