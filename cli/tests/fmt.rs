//! The `lictor fmt` command as others run it.

#![allow(
    clippy::expect_used,
    clippy::panic,
    reason = "a test that can't go on fails"
)]

#[path = "process/lictor.rs"]
mod process;

use process::Folder;

const MIXED: &str = "rules: []\nlictor: v1  # the version\n";
const ORDERED: &str = "lictor: v1  # the version\nrules: []\n";

#[test]
fn a_file_is_written_anew_unless_it_is_only_checked() {
    let folder = Folder::with(&[("a.yaml", MIXED), ("b.yaml", ORDERED)]);
    let run = folder.run(&["fmt", "--check", "a.yaml", "b.yaml"]).ended(1);
    assert_eq!(run.out, "a.yaml\n");
    assert_eq!(folder.read("a.yaml"), MIXED);
    let run = folder.run(&["fmt", "--json", "a.yaml", "b.yaml"]).ended(0);
    assert_eq!(run.json()["changed"], serde_json::json!(["a.yaml"]));
    assert_eq!(folder.read("a.yaml"), ORDERED);
    assert_eq!(folder.read("b.yaml"), ORDERED);
    folder.run(&["fmt", "--check", "a.yaml", "b.yaml"]).ended(0);
}

#[test]
fn standard_input_is_printed() {
    let folder = Folder::new();
    let run = folder.run_with(&["fmt", "-"], MIXED).ended(0);
    assert_eq!(run.out, ORDERED);
    let run = folder.run_with(&["fmt", "-"], "a: [\n").ended(2);
    assert!(run.errors.contains("document.syntax"), "{}", run.errors);
}
