//! The corpus through the engine: every case of every file under `tests/corpus`.
//!
//! A case is a call, who makes it, and what must come of it: decision, rules, code, status,
//! actions, words of the reply and of the record.

#[path = "corpus/case.rs"]
mod case;
#[path = "corpus/check.rs"]
mod check;

use std::fs;
use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus")
}

fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    let mut entries: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    entries.sort();
    for path in entries {
        if path.is_dir() {
            files(&path, found);
        } else if path
            .extension()
            .is_some_and(|extension| extension == "yaml")
        {
            found.push(path);
        }
    }
}

fn policies() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../policies")
}

/// A failure per case that came out otherwise.
fn run(file: &Path, shared: &[u8], cases: &mut usize) -> Vec<String> {
    let name = file.file_name().unwrap().to_string_lossy().into_owned();
    let mut failures = Vec::new();
    for case in case::read(&fs::read(file).unwrap(), shared) {
        *cases += 1;
        let found = check::failures(&case).into_iter();
        failures.extend(found.map(|failure| format!("{name}: {}: {failure}", case.name)));
    }
    failures
}

fn assert_none(failures: &[String], cases: usize) {
    assert!(
        failures.is_empty(),
        "{} failures in {cases} cases:\n{}",
        failures.len(),
        failures.join("\n")
    );
}

/// Every ready-made policy, in place of the rules of the shared document.
#[test]
fn every_policy_stops_what_it_says() {
    let shared = fs::read_to_string(root().join("policy.yaml")).unwrap();
    let (before, _) = shared.split_once("\nrules:\n").unwrap();
    let mut found = Vec::new();
    files(&policies(), &mut found);
    let rules: Vec<_> = found
        .iter()
        .filter(|path| path.parent() == Some(&policies()))
        .collect();
    assert!(rules.len() >= 2, "policies are missing");
    for file in rules {
        let rules = fs::read_to_string(file).unwrap();
        let rules = rules.split_once("\nrules:\n").expect("a pack has rules").1;
        let document = format!("{before}\nrules:\n{rules}default: allow\n");
        let cases_file = policies().join("cases").join(file.file_name().unwrap());
        let mut cases = 0;
        let failures = run(&cases_file, document.as_bytes(), &mut cases);
        assert!(
            cases >= 8,
            "{} has {cases} cases only",
            cases_file.display()
        );
        assert_none(&failures, cases);
    }
}

#[test]
fn every_case_comes_out_as_it_says() {
    let mut paths = Vec::new();
    files(&root(), &mut paths);
    let shared = fs::read(root().join("policy.yaml")).unwrap();
    let (mut cases, mut failures) = (0, Vec::new());
    for path in paths.iter().filter(|path| !path.ends_with("policy.yaml")) {
        failures.extend(run(path, &shared, &mut cases));
    }
    assert!(cases >= 60, "only {cases} cases found");
    assert_none(&failures, cases);
}
