//! The `lictor test` command as others run it.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test that can't go on fails"
)]

#[path = "process/lictor.rs"]
mod process;

use std::io::{BufRead as _, BufReader};

use process::Folder;
use serde_json::json;

const POLICY: &str = "lictor: v1
apis: [{name: reports, match: {path: /reports}, sql: {dialect: postgres, at: {form: q}}}]
rules:
- {id: no-drops, effect: deny, match: {action.effect: drop}, reason: Use a migration.}
- {id: quiet, effect: deny, mode: shadow, match: {action.effect: read, action.reach: all}}
- {id: never, effect: deny, match: {action.effect: grant}}
default: allow
";

const CASES: &str = "cases:
- {name: a drop, as: {sub: ana}, sql: DROP TABLE t, expect: {decision: deny, rules: [no-drops], record: {request: {path: /reports}}}}
- {name: a wide read, as: {sub: ana}, sql: SELECT a FROM t, expect: {decision: allow, shadow: [quiet], rules: [default]}}
- {name: nobody, sql: SELECT 1, expect: {decision: deny, code: identity.anonymous, status: 401}}
";

fn folder(cases: &str) -> Folder {
    Folder::with(&[("shop.yaml", POLICY), ("shop.cases.yaml", cases)])
}

#[test]
fn cases_beside_a_policy_are_found_and_run() {
    let folder = folder(CASES);
    for arguments in [
        &["test"][..],
        &["test", "shop.yaml"],
        &["test", "shop.cases.yaml"],
        &["test", "."],
    ] {
        let run = folder.run(arguments).ended(0);
        assert!(
            run.out.contains("3 cases in 1 file, 0 otherwise"),
            "{}",
            run.out
        );
        assert!(
            run.out
                .contains("1 of 3 rules took part in no case\n  never"),
            "{}",
            run.out
        );
        assert!(!run.out.contains('\x1b'), "colours without a terminal");
    }
    folder.write("cases/shop.yaml", CASES);
    assert!(folder.run(&["test"]).out.contains("6 cases in 2 files"));
}

#[test]
fn a_difference_is_shown_with_what_was_expected_and_found() {
    let folder = folder(&CASES.replace("rules: [no-drops]", "rules: [no-drips], status: 200"));
    let run = folder.run(&["test"]).ended(1);
    assert!(run.out.contains("shop.cases.yaml:2: a drop"), "{}", run.out);
    assert!(
        run.out.contains("    - no-drips\n    + no-drops\n"),
        "{}",
        run.out
    );
    assert!(
        run.out.contains("expected 200\n    found    403"),
        "{}",
        run.out
    );
    assert!(run.out.contains("1 otherwise"), "{}", run.out);
    let told = folder.run(&["test", "--json"]).ended(1).json();
    assert_eq!((&told["cases"], &told["failures"]), (&json!(3), &json!(1)));
    let case = &told["files"][0]["cases"][0];
    assert_eq!(case["passed"], false);
    assert_eq!(case["differences"][0]["what"], "rules");
    assert_eq!(told["coverage"][0]["untested"], json!(["never"]));
}

#[test]
fn coverage_can_be_demanded() {
    let folder = folder(CASES);
    folder.run(&["test", "--min-coverage", "66"]).ended(0);
    folder.run(&["test", "--min-coverage", "67"]).ended(1);
    folder.run(&["test", "--min-coverage", "101"]).ended(2);
}

#[test]
fn a_filter_chooses_cases_by_name() {
    let folder = folder(CASES);
    let run = folder.run(&["test", "--filter", "wide"]).ended(0);
    assert!(run.out.contains("1 case "), "{}", run.out);
    folder.run(&["test", "--filter", "no such"]).ended(2);
}

#[test]
fn results_are_written_for_build_servers() {
    let cases = CASES
        .replace("a drop", "a <drop>")
        .replace("decision: deny, rules", "decision: allow, rules");
    let folder = folder(&cases);
    folder.run(&["test", "--junit", "result.xml"]).ended(1);
    let xml = folder.read("result.xml");
    assert!(
        xml.contains("<testsuites name=\"lictor\" tests=\"3\" failures=\"1\">"),
        "{xml}"
    );
    assert!(xml.contains("name=\"a &lt;drop&gt;\""), "{xml}");
    assert!(
        xml.contains("decision: expected &quot;allow&quot;, found &quot;deny&quot;"),
        "{xml}"
    );
}

#[test]
fn every_mistake_of_a_file_is_told_with_its_line() {
    let cases = "cases:
- {name: a, sql: SELECT 1, expect: {decision: perhaps}}
- {name: a, sql: SELECT 1, request: {path: /}, expect: {decison: deny}}
- {name: b, sql: SELECT 1, api: other, expect: {decision: deny, rules: no-drops}, colour: red}
- {name: c, request: {path: /, headers: {x: 7}, json: {}, body: x}, expect: {decision: deny}}
";
    let run = folder(cases).run(&["test"]).ended(2);
    for told in [
        "shop.cases.yaml:2:47 mistake[case.expect] expected one of `allow`, `ask`, `deny`",
        "shop.cases.yaml:3:3 mistake[case.call] expected either `sql` or `request`",
        "did you mean `decision`?",
        "expected an API named `other` with the key `sql`",
        "shop.cases.yaml:4:72 mistake[case.expect] expected a list of texts",
        "unknown key `colour`",
        "mistake[case.header]",
        "mistake[case.body]",
    ] {
        assert!(run.errors.contains(told), "{told}\n{}", run.errors);
    }
}

#[test]
fn a_policy_may_stand_in_the_file_or_be_named() {
    let own = "policy:\n  lictor: v1\n  include: [rules.yaml]\n  apis: [{name: a, match: {path: /a}, http: {}}]\n  rules: []\n  default: allow\ncases:\n- {name: gone, as: {sub: x}, request: {method: DELETE, path: /a}, expect: {decision: deny, rules: [no-deletes]}}\n";
    let rules = "- {id: no-deletes, effect: deny, match: {action.effect: delete}}\n";
    let named = CASES.replacen("cases:", "policy: ../shop.yaml\ncases:", 1);
    let folder = Folder::with(&[
        ("own.cases.yaml", own),
        ("rules.yaml", rules),
        ("more/other.cases.yaml", &named),
        ("shop.yaml", POLICY),
        ("lost.yaml", CASES),
    ]);
    let run = folder.run(&["test"]).ended(0);
    assert!(
        run.out.contains("4 cases in 2 files, 0 otherwise"),
        "{}",
        run.out
    );
    let run = folder.run(&["test", "lost.yaml"]).ended(2);
    assert!(
        run.errors.contains("expected the key `policy`"),
        "{}",
        run.errors
    );
    folder
        .run(&["test", "lost.yaml", "--policy", "shop.yaml"])
        .ended(0);
}

#[test]
fn a_change_is_noticed() {
    let folder = folder(CASES);
    let mut child = folder.start(&["test", "--watch"]);
    let mut lines = BufReader::new(child.stdout.take().expect("a pipe")).lines();
    let mut until = |wanted: &str| {
        let line = lines.by_ref().map(|line| line.expect("text"));
        assert!(
            line.into_iter().any(|line| line.contains(wanted)),
            "{wanted}"
        );
    };
    until("3 cases in 1 file, 0 otherwise");
    folder.write("shop.yaml", &POLICY.replace("id: no-drops", "id: no-drips"));
    until("3 cases in 1 file, 1 otherwise");
    folder.write("shop.yaml", "lictor: v2\n");
    until("expected the key `apis`");
    child.kill().expect("it still ran");
    child.wait().expect("it ends");
}
