//! The corpus through the engine: every case of every file under `tests/corpus`, and the cases of
//! every ready-made policy.
//!
//! The format is that of `lictor test`, and so is the code that reads and checks it. Here a case
//! also has to come out the same whatever the order and the case of its header fields.

use std::fs;
use std::path::{Path, PathBuf};

use lictor_cli::Failure;
use lictor_cli::case::{self, Call, Case, CaseFile};
use lictor_engine::config::{self, PACKS};
use lictor_engine::struct_value;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus")
}

fn policies() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../policies")
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

/// A failure per case that came out otherwise.
fn run(file: &Path, policy: &Path, cases: &mut usize) -> Vec<String> {
    let name = file.file_name().unwrap().to_string_lossy();
    let file = match CaseFile::read(file, Some(policy)) {
        Ok(file) => file,
        Err(failure) => return vec![told(&failure)],
    };
    let mut failures = Vec::new();
    for case in &file.cases {
        *cases += 1;
        let found = one(&file, case).into_iter();
        failures.extend(found.map(|failure| format!("{name}: {}: {failure}", case.name)));
    }
    failures
}

fn told(failure: &Failure) -> String {
    failure.to_string()
}

fn one(file: &CaseFile, case: &Case) -> Vec<String> {
    let outcome = case::run(&file.guard, &case.call);
    let read = struct_value::read(&outcome.structured).unwrap();
    assert_eq!(
        serde_json::to_value(read).unwrap(),
        outcome.record,
        "{}",
        case.name
    );
    let differences = case::differences(case, &outcome).into_iter();
    let mut failures: Vec<String> = differences
        .map(|one| {
            format!(
                "{}: expected {}, found {}",
                one.what, one.expected, one.found
            )
        })
        .collect();
    // INVARIANT: the verdict does not depend on how an answer is cut into pieces.
    if case.call.answer.is_some() {
        for piece_bytes in [1, 7] {
            let cut = case::run_in_pieces(&file.guard, &case.call, piece_bytes);
            if (&cut.answer, &cut.record) != (&outcome.answer, &outcome.record) {
                failures.push(format!(
                    "the answer depends on its pieces: {} in place of {}",
                    cut.answer, outcome.answer
                ));
            }
        }
    }
    // INVARIANT: the verdict does not depend on the order or the case of header fields.
    let shuffled = case::run(&file.guard, &shuffled(&case.call));
    if has_unique_headers(&case.call) && shuffled.record["actions"] != outcome.record["actions"] {
        failures.push("the actions depend on the order or case of header fields".to_owned());
    }
    if shuffled.record["decision"] != outcome.record["decision"] {
        failures.push("the decision depends on the order or case of header fields".to_owned());
    }
    failures
}

fn shuffled(call: &Call) -> Call {
    let headers = call.headers.iter().rev();
    Call {
        headers: headers
            .map(|(name, value)| (name.to_uppercase(), value.clone()))
            .collect(),
        ..call.clone()
    }
}

fn has_unique_headers(call: &Call) -> bool {
    let mut names: Vec<_> = call.headers.iter().map(|(name, _)| name).collect();
    names.sort();
    names.windows(2).all(|pair| pair[0] != pair[1])
}

fn assert_none(failures: &[String], cases: usize) {
    assert!(
        failures.is_empty(),
        "{} failures in {cases} cases:\n{}",
        failures.len(),
        failures.join("\n")
    );
}

/// Every pack, by the cases that stand beside it. A file of cases brings its own document, which
/// takes the pack; those of `NAME.yaml` may go on in `NAME.more.yaml`.
#[test]
fn every_policy_stops_what_it_says() {
    let mut all = Vec::new();
    files(&policies().join("cases"), &mut all);
    let (mut cases, mut failures) = (0, Vec::new());
    for pack in PACKS {
        let rules = config::pack(pack).unwrap();
        let (before, mut said) = (cases, String::new());
        for path in all.iter().filter(|path| is_of(path, pack)) {
            failures.extend(run(path, path, &mut cases));
            said += &fs::read_to_string(path).unwrap();
        }
        assert!(said.contains(&format!("packs: [{pack}]")), "{pack}");
        if cases - before < 12 {
            failures.push(format!("{pack}: {} cases only", cases - before));
        }
        let unseen = marks(&rules).filter(|mark| !said.contains(mark));
        failures.extend(unseen.map(|mark| format!("{pack}: no case shows `{mark}`")));
    }
    assert_none(&failures, cases);
}

fn is_of(cases: &Path, pack: &str) -> bool {
    let name = cases.file_name().unwrap().to_string_lossy();
    name.split('.').next() == Some(pack)
}

/// What shows a rule in a case: its id, or of a rule that tags the tags.
fn marks(rules: &str) -> impl Iterator<Item = &str> {
    rules.split("\n- id: ").skip(1).map(|rule| {
        let tags = rule.lines().find_map(|line| line.strip_prefix("  tag: "));
        tags.unwrap_or_else(|| rule.lines().next().unwrap_or_default())
    })
}

/// The manual of the packs has a line for every rule, with its criteria.
#[test]
fn every_rule_of_a_pack_is_in_its_manual() {
    let manual = fs::read_to_string(policies().join("../docs/policies.md")).unwrap();
    for pack in PACKS {
        let rules = config::pack(pack).unwrap();
        assert!(manual.contains(&format!("\n## {pack}\n")), "{pack}");
        for rule in rules.split("\n- id: ").skip(1) {
            let id = rule.lines().next().unwrap_or_default();
            let row = format!("\n| `{id}` |");
            let row = manual.split(&row).nth(1).unwrap_or_else(|| panic!("{id}"));
            let criteria = rule.lines().find_map(|line| {
                let list = line.strip_prefix("  criteria: [")?;
                list.strip_suffix(']')
            });
            let last = format!(" {} |", criteria.unwrap_or_default()).replace("  ", " ");
            let row = row.lines().next().unwrap_or_default();
            assert!(row.ends_with(&last), "{id}: {row}");
        }
    }
}

/// Nothing lies about: every file of `policies/` is a pack that is built in.
#[test]
fn every_policy_is_built_in() {
    let entries = fs::read_dir(policies()).unwrap();
    for path in entries.map(|entry| entry.unwrap().path()) {
        let is_pack = path
            .extension()
            .is_some_and(|extension| extension == "yaml");
        let name = path.file_stem().unwrap().to_string_lossy();
        let is_known = PACKS.iter().any(|known| *known == name);
        assert!(
            is_known || !is_pack,
            "`{name}` is not in the table of packs"
        );
    }
}

/// Every API that is built in shows what it lets through and what it refuses.
#[test]
fn every_api_has_its_cases() {
    for name in lictor_engine::protocol::declared::names() {
        let path = root().join("apis").join(format!("{name}.yaml"));
        let file = CaseFile::read(&path, None).unwrap_or_else(|failure| panic!("{failure}"));
        let decided = |decision: &str| {
            let cases = file.cases.iter();
            let expected = cases.filter(|case| {
                let mut expected = case.expect.iter();
                expected.any(|one| one.what == "decision" && one.value == decision)
            });
            expected.count()
        };
        let (allowed, denied) = (decided("allow"), decided("deny"));
        assert!(allowed + denied >= 8, "{name}: {allowed} + {denied} cases");
        assert!(
            allowed > 0 && denied > 0,
            "{name}: {allowed} + {denied} cases"
        );
        let text = fs::read_to_string(&path).unwrap();
        let (by_name, with_more) = (format!("use: {name}}}"), format!("use: {{api: {name},"));
        assert!(
            text.contains(&by_name) || text.contains(&with_more),
            "{name}"
        );
    }
}

#[test]
fn every_case_comes_out_as_it_says() {
    let mut paths = Vec::new();
    files(&root(), &mut paths);
    let shared = root().join("policy.yaml");
    let (mut cases, mut failures) = (0, Vec::new());
    for path in paths.iter().filter(|path| **path != shared) {
        failures.extend(run(path, &shared, &mut cases));
    }
    assert!(cases >= 60, "only {cases} cases found");
    assert_none(&failures, cases);
}
