//! The `lictor explain` command as others run it.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test that can't go on fails"
)]

#[path = "process/lictor.rs"]
mod process;

use process::Folder;
use serde_json::json;

const POLICY: &str = "lictor: v1
identity: {agent_when: {claims.client_type: agent}}
apis:
- {name: reports, match: {path: /sql}, sql: {dialect: postgres, at: $.query}}
- {name: orders, match: {path: /v1/**}, http: {}}
rules:
- id: no-bulk
  effect: deny
  match: {action.effect: [delete, update], action.reach: all}
  except: {principal.groups: dba}
  reason: This would change every row.
- id: agents-at-night
  effect: deny
  match: {principal.kind: agent}
  when: now.hour < 6 || now.hour >= 22
- id: role
  effect: deny
  match: {principal.roles: intern, action.effect: delete}
default: allow
";
const CASES: &str = "cases:
- {name: all rows, as: {sub: ana}, sql: DELETE FROM t, expect: {decision: deny}}
";

fn folder() -> Folder {
    Folder::with(&[("shop.yaml", POLICY), ("shop.cases.yaml", CASES)])
}

#[test]
fn a_case_is_explained_with_the_rules_that_matched() {
    let folder = folder();
    let run = folder
        .run(&["explain", "shop.cases.yaml:all rows"])
        .ended(1);
    for told in [
        "call POST shop.internal/sql of the API reports (sql)",
        "who asks ana (human)",
        "  1  delete   all       table:t  no condition",
        "decision deny by no-bulk\n  This would change every row.",
        "no-bulk (deny) applies to 1  line 7\n    + match    action.effect",
        "    - except   principal.groups",
        "role (deny) comes close: one thing is otherwise  line 16\n    - match    principal.roles",
        "1 more come nowhere near",
    ] {
        assert!(run.out.contains(told), "{told}\n{}", run.out);
    }
    let run = folder.run(&["explain", "shop.cases.yaml:all row"]).ended(2);
    assert!(
        run.errors.contains("did you mean `all rows`?"),
        "{}",
        run.errors
    );
}

#[test]
fn an_exemption_and_an_expression_are_told_with_their_parts() {
    let folder = folder();
    let run = folder
        .run(&[
            "explain",
            "--policy",
            "shop.yaml",
            "--sql",
            "DELETE FROM t",
            "--as",
            r#"{"sub":"dana","groups":["dba"]}"#,
        ])
        .ended(0);
    assert!(run.out.contains("no-bulk (deny) is exempt"), "{}", run.out);
    let claims = r#"{"sub":"bot","client_type":"agent"}"#;
    let run = folder
        .run(&[
            "explain",
            "--policy",
            "shop.yaml",
            "--sql",
            "SELECT 1",
            "--as",
            claims,
            "--at",
            "2026-11-04T23:00:00Z",
        ])
        .ended(1);
    assert!(
        run.out.contains("agents-at-night (deny) applies to 1"),
        "{}",
        run.out
    );
    assert!(
        run.out.contains("      - when     now.hour < 6"),
        "{}",
        run.out
    );
    assert!(
        run.out.contains("      + when     now.hour >= 22"),
        "{}",
        run.out
    );
}

#[test]
fn a_request_is_given_as_to_curl() {
    let folder = folder();
    folder.write("claims.json", r#"{"sub":"ana"}"#);
    let arguments = [
        "explain",
        "--policy",
        "shop.yaml",
        "--json",
        "--as",
        "@claims.json",
    ];
    let with = |more: &[&'static str]| {
        let all: Vec<_> = arguments.iter().chain(more).copied().collect();
        folder.run(&all)
    };
    let told = with(&[
        "-X",
        "DELETE",
        "--url",
        "https://shop.example.com:8443/v1/orders?x=1",
    ])
    .ended(1)
    .json();
    assert_eq!(
        told["record"]["request"],
        json!({"method": "DELETE", "host": "shop.example.com", "path": "/v1/orders"})
    );
    assert_eq!(told["rules"][0]["nearness"], "applies");
    assert_eq!(told["rules"][0]["tests"][0]["what"], "action.effect");
    let told = with(&["--url", "/sql", "-d", r#"{"query": "DROP TABLE t"}"#])
        .ended(0)
        .json();
    assert_eq!(told["record"]["actions"][0]["effect"], "drop");
    let told = with(&[
        "--url",
        "/sql",
        "-H",
        "Content-Type: text/plain",
        "-d",
        "SELEC",
    ])
    .ended(1)
    .json();
    assert_eq!(told["record"]["code"], "content.type_unexpected");
    assert_eq!(told["rules"], json!([]));
    with(&["--url", "/sql", "-H", "nonsense"]).ended(2);
    with(&[]).ended(2);
}

#[test]
fn a_record_is_explained_and_what_it_lacks_is_named() {
    let folder = folder();
    let case = ["explain", "--json", "shop.cases.yaml:all rows"];
    let record = folder.run(&case).ended(1).json()["record"].clone();
    folder.write("access.log", &format!("{}\n", json!({"lictor": record})));
    let run = folder
        .run(&["explain", "--policy", "shop.yaml", "--record", "access.log"])
        .ended(1);
    assert!(run.out.contains("decision deny by no-bulk"), "{}", run.out);
    assert!(!run.out.contains("does not hold"), "{}", run.out);
    let without = POLICY.replacen("effect: deny", "effect: deny\n  mode: shadow", 1);
    folder.write("other.yaml", &without);
    let run = folder
        .run_with(
            &["explain", "--policy", "other.yaml", "--record", "-"],
            &record.to_string(),
        )
        .ended(1);
    assert!(run.out.contains("decision unknown"), "{}", run.out);
    assert!(
        run.out
            .contains("what the record does not hold\n  principal.roles\n"),
        "{}",
        run.out
    );
    let run = folder
        .run_with(
            &["explain", "--policy", "other.yaml", "--record", "-"],
            "nothing",
        )
        .ended(2);
    assert!(run.errors.contains("no such record"), "{}", run.errors);
}
