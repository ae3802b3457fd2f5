//! The `lictor replay` command as others run it.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test that can't go on fails"
)]

#[path = "process/lictor.rs"]
mod process;

use process::Folder;
use serde_json::{Value, json};

const POLICY: &str = "lictor: v1
identity: {agent_when: {claims.client_type: agent}}
apis: [{name: reports, match: {path: /sql}, sql: {dialect: postgres, at: $.query}}]
rules:
- {id: no-drops, effect: deny, match: {action.effect: drop}}
default: allow
";

const ANA: &str = r#"{"sub":"ana"}"#;
const BOT: &str = r#"{"sub":"bot","client_type":"agent"}"#;
const CALLS: [(&str, &str); 5] = [
    (ANA, "DROP TABLE t"),
    (ANA, "SELECT a FROM t WHERE b = 1"),
    (BOT, "SELECT a FROM t"),
    (BOT, "DELETE FROM t WHERE id = 7"),
    (ANA, "SELEC"),
];

fn record(folder: &Folder, claims: &str, sql: &str) -> Value {
    let run = folder.run(&[
        "explain", "--policy", "now.yaml", "--json", "--as", claims, "--sql", sql,
    ]);
    run.json()["record"].clone()
}

/// A folder with the policy of now and a log of calls under it.
fn folder() -> Folder {
    let folder = Folder::with(&[("now.yaml", POLICY)]);
    let mut log = "a line without a record\n\n".to_owned();
    for (number, (claims, sql)) in CALLS.iter().enumerate() {
        let record = record(&folder, claims, sql);
        // In every form in which records are logged.
        let line = match number % 3 {
            0 => record,
            1 => json!({"code": 200, "lictor": record}),
            _ => json!({"body": record.to_string()}),
        };
        log.push_str(&format!("{line}\n"));
    }
    folder.write("access.log", &log);
    folder
}

fn replay(folder: &Folder, rules: &str, code: i32) -> Value {
    let policy = POLICY.replacen("rules:\n", &format!("rules:\n{rules}"), 1);
    folder.write("next.yaml", &policy);
    let arguments = ["replay", "access.log", "--policy", "next.yaml", "--json"];
    folder.run(&arguments).ended(code).json()
}

#[test]
fn the_same_policy_changes_nothing() {
    let folder = folder();
    let told = replay(&folder, "", 0);
    assert_eq!(told["records"], 5);
    assert_eq!(told["same"], 4);
    assert_eq!(told["unread"], json!({"sql.syntax": 1}));
    assert_eq!(told["lines_without_record"], 1);
    let run = folder
        .run(&["replay", "access.log", "--policy", "now.yaml"])
        .ended(0);
    assert!(
        run.out.contains(
            "5 records: 4 the same, 0 otherwise, 0 can't be told, 1 refused before any rule"
        ),
        "{}",
        run.out
    );
}

#[test]
fn a_change_is_told_by_rule_and_principal_with_examples() {
    let folder = folder();
    let rule =
        "- {id: bots-name-rows, effect: deny, match: {principal.kind: agent, action.reach: all}}\n";
    let told = replay(&folder, rule, 1);
    assert_eq!((&told["same"], &told["changed"]), (&json!(3), &json!(1)));
    let change = &told["changes"][0];
    assert_eq!(
        (&change["from"], &change["to"]),
        (&json!("allow"), &json!("deny"))
    );
    assert_eq!(change["rule"], "bots-name-rows");
    assert_eq!(change["principals"][0]["principal"], "bot (agent)");
    let example = change["principals"][0]["examples"][0]
        .as_str()
        .expect("text");
    assert!(
        example.ends_with("POST /sql  read all table:t"),
        "{example}"
    );
    let run = folder
        .run(&["replay", "access.log", "--policy", "next.yaml"])
        .ended(1);
    assert!(
        run.out
            .contains("allow -> deny by bots-name-rows 1 call\n        1  bot (agent)\n"),
        "{}",
        run.out
    );
}

#[test]
fn a_rule_that_is_gone_lets_calls_through_and_a_shadow_rule_counts() {
    let folder = folder();
    folder.write(
        "next.yaml",
        &POLICY.replace("effect: deny", "effect: deny, mode: shadow"),
    );
    let told = folder
        .run(&["replay", "access.log", "--policy", "next.yaml", "--json"])
        .ended(1)
        .json();
    let change = &told["changes"][0];
    assert_eq!(
        (&change["to"], &change["rule"]),
        (&json!("allow"), &json!("no-drops"))
    );
    assert_eq!(told["shadow"], json!({"no-drops": 1}));
}

#[test]
fn what_hangs_on_a_value_that_no_record_holds_is_not_guessed() {
    let folder = folder();
    for (rule, unknown, without) in [
        // Asked for by calls that read only.
        (
            "match: {claims.team: red, action.effect: read}",
            2,
            "claims",
        ),
        (
            "match: {action.effect: delete}, when: 'has(claims.x) && claims.x == 1'",
            1,
            "claims",
        ),
        (
            "match: {action.effect: delete, principal.roles: intern}",
            1,
            "principal.roles",
        ),
        (
            "match: {action.effect: delete}, except: {principal.scopes: admin}",
            1,
            "principal.scopes",
        ),
        // Nothing hangs on it: no call does this.
        ("match: {action.effect: grant, claims.team: red}", 0, ""),
        // Known after all: whatever the claim is, somebody else is refused by it.
        ("match: {action.effect: drop, claims.team: red}", 0, ""),
    ] {
        let rule = format!("- {{id: x, effect: deny, {rule}}}\n");
        let told = replay(&folder, &rule, i32::from(unknown > 0));
        assert_eq!(told["unknown"], unknown, "{rule}: {told}");
        assert_eq!(told["changed"], 0, "{rule}");
        if unknown > 0 {
            assert_eq!(told["not_told"][0]["without"], without, "{rule}");
        }
    }
}

#[test]
fn with_default_deny_an_allow_rule_that_asks_for_a_lacking_value_is_not_guessed() {
    let folder = folder();
    let policy = POLICY
        .replace("default: allow", "default: deny")
        .replace("rules:\n", "rules:\n- {id: reads, effect: allow, match: {action.effect: read, principal.email: '*'}}\n");
    folder.write("next.yaml", &policy);
    let told = folder
        .run(&["replay", "access.log", "--policy", "next.yaml", "--json"])
        .ended(1)
        .json();
    assert_eq!(
        (&told["unknown"], &told["changed"]),
        (&json!(2), &json!(1)),
        "{told}"
    );
    assert_eq!(told["not_told"][0]["without"], "principal.email");
    assert_eq!(told["changes"][0]["rule"], "default");
}

#[test]
fn a_call_of_another_api_is_not_told() {
    let folder = folder();
    folder.write("next.yaml", &POLICY.replace("name: reports", "name: other"));
    let told = folder
        .run(&["replay", "access.log", "--policy", "next.yaml", "--json"])
        .ended(1)
        .json();
    assert_eq!(told["unknown"], 4, "{told}");
    folder.write("empty.log", "nothing\n");
    folder
        .run(&["replay", "empty.log", "--policy", "now.yaml"])
        .ended(2);
    folder
        .run(&["replay", "nowhere.log", "--policy", "now.yaml"])
        .ended(2);
}
