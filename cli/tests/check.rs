//! The `lictor check` command as others run it.

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

const GOOD: &str = "lictor: v1
apis: [{name: reports, match: {path: /sql}, sql: {dialect: postgres, at: $.query}}]
rules:
- {id: no-drops, effect: deny, match: {action.effect: drop}}
default: allow
";

#[test]
fn a_good_policy_is_told_with_its_hash() {
    let folder = Folder::with(&[("policy.yaml", GOOD)]);
    let run = folder.run(&["check", "policy.yaml"]).ended(0);
    assert!(
        run.out.starts_with("policy.yaml: good, 1 rule\nsha256:"),
        "{}",
        run.out
    );
    let told = folder
        .run(&["check", "--json", "policy.yaml"])
        .ended(0)
        .json();
    assert_eq!(told["files"][0]["accepted"], true);
    assert_eq!(told["files"][0]["findings"], json!([]));
}

#[test]
fn every_mistake_is_told_with_its_line_and_a_mark() {
    let bad = GOOD
        .replace("effect: deny", "efect: deny")
        .replace("postgres", "latin")
        .replace("default: allow", "defualt: allow");
    let folder = Folder::with(&[("policy.yaml", &bad)]);
    let run = folder.run(&["check", "policy.yaml"]).ended(1);
    for told in [
        "policy.yaml:2:60 mistake[document.unexpected] expected one of `generic`",
        "policy.yaml:4:18 mistake[document.unknown_key] unknown key `efect`, did you mean `effect`?\n   in rules[0]\n    4 | - {id: no-drops, efect: deny, match: {action.effect: drop}}\n      |                  ^^^^^\n",
        "policy.yaml:5:1 mistake[document.unknown_key] unknown key `defualt`, did you mean `default`?",
        "policy.yaml: 5 mistakes",
    ] {
        assert!(run.out.contains(told), "{told}\n{}", run.out);
    }
    let told = folder
        .run(&["check", "--json", "policy.yaml"])
        .ended(1)
        .json();
    let finding = &told["files"][0]["findings"][0];
    assert_eq!(finding["code"], "document.missing_key");
    assert!(finding["line"].is_u64() && finding["path"].is_string());
}

#[test]
fn what_is_valid_but_hardly_meant_is_a_suspicion() {
    let odd = GOOD.replace(
        "default: allow",
        "- {id: elsewhere, effect: deny, match: {api: nowhere}}\ndefault: allow",
    );
    let folder = Folder::with(&[("policy.yaml", &odd)]);
    let run = folder.run(&["check", "policy.yaml"]).ended(1);
    assert!(
        run.out
            .contains("policy.yaml:5:3 suspicion[suspicion.never]"),
        "{}",
        run.out
    );
    assert!(
        run.out.contains("the filter takes it; 1 suspicion"),
        "{}",
        run.out
    );
    folder
        .run(&["check", "--mistakes-only", "policy.yaml"])
        .ended(0);
    let unused = GOOD.replace("rules:", "data: [{label: pii, tables: [people]}]\nrules:");
    folder.write("policy.yaml", &unused);
    let run = folder.run(&["check", "policy.yaml"]).ended(1);
    let told = "policy.yaml suspicion[suspicion.unused_label]";
    assert!(run.out.starts_with(told), "{}", run.out);
}

#[test]
fn included_files_are_checked_with_the_document() {
    let whole = GOOD.replace("lictor: v1", "lictor: v1\ninclude: more.yaml");
    let folder = Folder::with(&[
        ("policy.yaml", &whole),
        (
            "more.yaml",
            "lists: {dba: [a]}\nrules:\n- {id: no-drops, effect: deny, match: {}}\n",
        ),
    ]);
    let run = folder.run(&["check", "policy.yaml"]).ended(1);
    assert!(
        run.out.contains("more.yaml:3:3 mistake[rule.duplicate_id]"),
        "{}",
        run.out
    );
}

#[test]
fn a_file_to_include_is_no_document() {
    let rules = "- {id: x, effect: deny, match: {}}\n";
    let folder = Folder::with(&[
        ("rules.yaml", rules),
        ("pack.yaml", &format!("pack: p\nrules:\n{rules}")),
    ]);
    for file in ["rules.yaml", "pack.yaml"] {
        let run = folder.run(&["check", file]).ended(1);
        assert!(run.out.contains("[include.fragment]"), "{}", run.out);
    }
}

#[test]
fn a_program_is_told_why_there_is_nothing_to_work_with() {
    let folder = Folder::with(&[("policy.yaml", &GOOD.replace("deny", "dney"))]);
    let run = folder.run(&["render", "--json", "policy.yaml"]).ended(2);
    assert_eq!(run.json()["findings"][0]["line"], 4);
    assert!(run.errors.contains("policy.yaml:4:26"), "{}", run.errors);
    let run = folder.run(&["check", "--json", "nowhere.yaml"]).ended(2);
    assert!(
        run.json()["failure"]
            .as_str()
            .expect("text")
            .contains("nowhere.yaml")
    );
}

#[test]
fn a_file_can_not_speak_to_the_terminal() {
    let bad = "lictor: v1\nrules: []\n\"a\\e[2Jb\": 1\n";
    let folder = Folder::with(&[("policy.yaml", bad)]);
    let run = folder.run(&["check", "policy.yaml"]).ended(1);
    assert!(!run.out.contains('\x1b'), "{:?}", run.out);
    folder.run(&["check", "nowhere.yaml"]).ended(2);
    folder.run(&["check"]).ended(2);
}
