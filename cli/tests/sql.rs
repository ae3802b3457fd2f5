//! The `lictor sql` command as others run it: what it prints, and its exit code.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test that can't go on fails"
)]

#[path = "process/lictor.rs"]
mod process;

use process::{Folder, lictor};
use serde_json::{Value, json};

const HIDDEN: &str = "WITH gone AS (DELETE FROM users RETURNING *) SELECT * FROM gone";

#[test]
fn an_account_names_effects_tables_and_the_reason_of_the_reach() {
    let run = lictor(&["sql", "--dialect", "postgres", HIDDEN], "");
    assert_eq!(run.code, 0, "{}", run.errors);
    let line = run.out.lines().find(|line| line.contains("delete "));
    let line = line.unwrap_or_else(|| panic!("{}", run.out));
    let words: Vec<_> = line.split_whitespace().collect();
    assert_eq!(words[..3], ["delete", "all", "table:users"]);
    assert!(line.ends_with("there is no condition"), "{line}");
    assert!(run.out.contains("fingerprint\n  "), "{}", run.out);
    assert!(!run.out.contains('\x1b'), "colours without a terminal");
}

#[test]
fn a_text_is_taken_from_argument_file_and_standard_input_alike() {
    let folder = Folder::with(&[("text.sql", HIDDEN)]);
    let by_argument = lictor(&["sql", HIDDEN], "");
    let by_file = folder.run(&["sql", "--file", "text.sql"]);
    let by_input = lictor(&["sql"], HIDDEN);
    assert!(by_argument.out.contains("table:users"));
    assert_eq!(by_argument.out, by_file.out);
    assert_eq!(by_argument.out, by_input.out);
}

#[test]
fn json_has_the_documented_shape() {
    let text = "DELETE FROM users WHERE name = 'secret' LIMIT 5";
    let run = lictor(&["sql", "--dialect", "mysql", "--json", text], "");
    assert_eq!(run.code, 0);
    let told = run.json();
    assert_eq!(told["dialect"], "mysql");
    assert_eq!(told["kinds"], json!(["delete"]));
    let actions = told["actions"].as_array().expect("a list");
    let delete = actions.iter().find(|action| action["effect"] == "delete");
    let delete = delete.expect("a delete");
    assert_eq!(delete["resources"], json!(["table:users"]));
    assert_eq!(
        (&delete["reach"], &delete["rows"]),
        (&json!("limited"), &json!(5))
    );
    for member in ["operation", "cause", "columns", "lineage"] {
        assert!(delete.get(member).is_some(), "{member}");
    }
    assert!(told["statement"].is_string() && told["fingerprint"].is_string());
    assert!(!run.out.contains("secret"), "{}", run.out);
}

#[test]
fn a_refusal_has_its_code_and_exit_code_and_shows_nothing_of_the_text() {
    let text = "SELECT 'secret' -- \r; DROP TABLE t";
    let run = lictor(&["sql", text], "");
    assert_eq!(run.code, 1);
    assert!(
        run.out.starts_with("refused sql.lexical_ambiguity: "),
        "{}",
        run.out
    );
    assert!(!run.out.contains("secret"));
    let run = lictor(&["sql", "--json", "SELEC 'secret'"], "");
    assert_eq!(run.code, 1);
    let refusal = &run.json()["refusal"];
    assert_eq!(refusal["code"], "sql.syntax");
    assert!(refusal["advice"].is_string());
    assert!(!run.out.contains("secret"));
}

#[test]
fn what_can_not_be_told_is_a_finding() {
    let run = lictor(
        &[
            "sql",
            "--dialect",
            "postgres",
            "DO $$ BEGIN EXECUTE s; END $$",
        ],
        "",
    );
    assert_eq!(run.code, 1, "{}", run.out);
    assert!(run.out.contains("unknown"), "{}", run.out);
}

#[test]
fn a_schema_is_read_and_its_mistakes_have_positions() {
    let good =
        "search_path: [public]\ntables:\n  public.users: {columns: [id, email], keys: [id]}\n";
    let bad = "tables:\n  users: {colums: [id]}\n";
    let folder = Folder::with(&[("good.yaml", good), ("bad.yaml", bad)]);
    let text = "SELECT * FROM users";
    let arguments = [
        "sql",
        "--dialect",
        "postgres",
        "--json",
        "--schema",
        "good.yaml",
        text,
    ];
    assert_eq!(folder.run(&arguments).code, 0);
    let run = folder.run(&["sql", "--schema", "bad.yaml", text]);
    assert_eq!(run.code, 2);
    assert!(run.errors.contains("line 2"), "{}", run.errors);
    assert!(run.errors.contains("colums"), "{}", run.errors);
}

#[test]
fn lines_become_predictions_in_order() {
    let cases = [
        json!({"id": "a", "dialect": "postgres", "sql": "SELECT id FROM s.t"}),
        json!({"id": "b", "dialect": "tsql", "sql": "DELETE FROM t"}),
        json!({"id": "c", "dialect": "postgres", "sql": "SELEC 1"}),
        json!({"id": "d", "sql": "BEGIN"}),
    ];
    let lines: String = cases.iter().map(|case| format!("{case}\n")).collect();
    let run = lictor(&["sql", "--jsonl"], &lines);
    assert_eq!(run.code, 0, "{}", run.errors);
    let told = |line: &str| serde_json::from_str(line).expect("JSON");
    let told: Vec<Value> = run.out.lines().map(told).collect();
    let decisions: Vec<_> = told
        .iter()
        .map(|line| (&line["id"], &line["decision"]))
        .collect();
    let expected = ["a", "b", "c", "d"].map(Value::from);
    assert_eq!(
        decisions
            .iter()
            .map(|(id, _)| (*id).clone())
            .collect::<Vec<_>>(),
        expected
    );
    assert_eq!(told[0]["decision"], "allow");
    assert_eq!(told[0]["tables_read"], json!(["s.t"]));
    assert_eq!(told[1]["bulk"], json!([["delete", "t", "no_where"]]));
    assert_eq!(told[2]["decision"], "block");
    assert_eq!(told[2]["ok"], false);
    assert_eq!(told[3]["decision"], "block", "a session is no read");
    assert!(told.iter().all(|line| line["ns"].is_u64()));
}

#[test]
fn a_command_line_without_sense_has_its_own_exit_code() {
    for arguments in [
        &["sql", "--dialect", "latin", "SELECT 1"][..],
        &["sql", "--file", "nowhere.sql"],
        &["sql", "--json", "--jsonl"],
        &["squl"],
        &[],
    ] {
        let run = lictor(arguments, "");
        assert_eq!(run.code, 2, "{arguments:?}");
        assert!(
            run.out.is_empty() && !run.errors.is_empty(),
            "{arguments:?}"
        );
    }
    let run = lictor(&["sql", "--jsonl"], "{\"id\": 1}\n");
    assert_eq!(run.code, 2);
    assert!(
        run.errors
            .contains("line 1: expected text for the key `sql`"),
        "{}",
        run.errors
    );
    assert_eq!(lictor(&["--help"], "").code, 0);
}
