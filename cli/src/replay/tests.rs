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

/// Rules that ask for what a record holds, for what it does not, and for both in every place.
const RULES: [&str; 16] = [
    "effect: deny, match: {action.effect: delete}",
    "effect: deny, match: {claims.team: red}",
    "effect: deny, match: {principal.roles: clerk, action.effect: [read, delete]}",
    "effect: deny, match: {action.effect: read}, except: {principal.roles: clerk}",
    "effect: deny, match: {action.effect: read}, except: {principal.roles: clerk, principal.groups: dba}",
    "effect: deny, match: {action.effect: [read, delete]}, unless: 'has(claims.team) && claims.team == \"red\"'",
    "effect: deny, match: {}, when: 'has(claims.team) && claims.team == \"red\" && action.effect == \"delete\"'",
    "effect: deny, match: {}, when: 'principal.scopes.exists(one, one == \"admin\") || principal.kind == \"agent\"'",
    "effect: deny, match: {principal.peer.namespace: shop}",
    "effect: deny, match: {action.reach: limited}, when: 'has(action.rows) && action.rows > 10'",
    "effect: ask, match: {action.effect: delete}, approved: 'has(claims.ok) && claims.ok == true'",
    "effect: ask, match: {principal.for.groups: dba}",
    "effect: allow, match: {action.effect: read}",
    "effect: allow, match: {principal.email: '*@example.com'}",
    "effect: allow, match: {}, when: 'principal.roles.exists(one, one == \"clerk\")'",
    "effect: allow, match: {action.effect: [read, delete]}, except: {claims.team: red}",
];

const CALLERS: [&str; 5] = [
    "{sub: ana, groups: [dba], roles: [clerk], team: red, ok: true}",
    "{sub: bob, scope: admin read, email: bob@example.com, email_verified: true}",
    "{sub: bot, client_type: agent, team: blue}",
    "{sub: alice, groups: [dba], roles: [clerk], act: {sub: bot, roles: [clerk]}}",
    "{sub: eve}",
];

const STATEMENTS: [&str; 3] = [
    "SELECT a FROM t WHERE b = 1",
    "SELECT a FROM t LIMIT 20",
    "DELETE FROM t WHERE a = 1",
];

#[test]
fn whatever_rules_ask_for_nothing_is_guessed() {
    let mut cases = "cases:\n".to_owned();
    for (number, claims) in CALLERS.iter().enumerate() {
        for (place, sql) in STATEMENTS.iter().enumerate() {
            let peer = if place == 0 {
                "peer: spiffe://x/ns/shop/sa/a, "
            } else {
                ""
            };
            cases += &format!(
                "- {{name: c{number}-{place}, {peer}as: {claims}, sql: {sql}, expect: {{decision: allow}}}}\n"
            );
        }
    }
    let folder = crate::scratch::Scratch::folder();
    let (policy, file) = (
        folder.path().join("p.yaml"),
        folder.path().join("p.cases.yaml"),
    );
    fs::write(&file, cases).unwrap();
    let (mut told, mut unknown) = (0, 0);
    for first in RULES {
        for second in RULES {
            for default in ["allow", "deny"] {
                let text = format!(
                    "lictor: v1\nidentity: {{agent_when: {{client_type: agent}}}}\napis: [{{name: s, match: {{path: /sql}}, sql: {{dialect: postgres, at: $.query}}}}]\nrules:\n- {{id: a, {first}}}\n- {{id: b, {second}}}\ndefault: {default}\n"
                );
                fs::write(&policy, text).unwrap();
                let file =
                    CaseFile::read(&file, None).unwrap_or_else(|failure| panic!("{failure}"));
                let (more, less) = replay(&file);
                told += more;
                unknown += less;
            }
        }
    }
    println!("{told} told, {unknown} not");
    assert!(told > 2000 && unknown > 1000, "{told} told, {unknown} not");
}
