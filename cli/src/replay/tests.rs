//! Never guessed: whatever a call was decided to be, its record replayed under the same policy
//! gives the same decision, or none.

use std::fs;
use std::path::{Path, PathBuf};

use super::{Bounds, Facts, Judgement, word};
use crate::case::{self, CaseFile};

fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files(&path, found);
        } else if path.extension().is_some_and(|end| end == "yaml") {
            found.push(path);
        }
    }
}

/// How many records were told, and how many were not.
fn replay(file: &CaseFile) -> (usize, usize) {
    let mut bounds = Bounds::of(&file.document).unwrap();
    let (mut told, mut unknown) = (0, 0);
    for case in &file.cases {
        let record = case::run(&file.guard, &case.call).record;
        let Ok(facts) = Facts::of(&record) else {
            continue;
        };
        if !matches!(
            record["code"].as_str(),
            None | Some("policy.denied" | "policy.approval_required")
        ) {
            continue;
        }
        let judged = bounds.judge(&facts, |decision| {
            let rules: Vec<String> = decision.rules.iter().map(|id| (*id).to_owned()).collect();
            (word(decision.verdict), rules)
        });
        match judged {
            Judgement::Unknown(lacks) => {
                assert!(!lacks.is_empty(), "{}: {}", file.path.display(), case.name);
                unknown += 1;
            }
            Judgement::Told((decision, rules)) => {
                let at = format!("{}: {}: {record:#}", file.path.display(), case.name);
                assert_eq!(record["decision"], decision, "{at}");
                let own = record["rules"].as_array().unwrap();
                let is_among = |id: &String| own.iter().any(|one| one == id.as_str());
                assert!(rules.iter().all(is_among), "{rules:?} {at}");
                told += 1;
            }
        }
    }
    (told, unknown)
}

#[test]
fn a_record_under_its_own_policy_comes_out_as_it_did_or_can_not_be_told() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut found = Vec::new();
    files(&root.join("tests/corpus"), &mut found);
    files(&root.join("policies/cases"), &mut found);
    let shared = root.join("tests/corpus/policy.yaml");
    let (mut told, mut unknown) = (0, 0);
    for path in found.iter().filter(|path| **path != shared) {
        let Ok(file) = CaseFile::read(path, Some(&shared)) else {
            panic!("{} has mistakes", path.display());
        };
        let (more, less) = replay(&file);
        told += more;
        unknown += less;
    }
    println!("{told} told, {unknown} not");
    assert!(told > 100, "only {told} told, {unknown} not");
}
