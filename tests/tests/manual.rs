//! Every example of the manual, run: documents compile, mistakes have the code that the manual
//! gives them, cases come out as they say.
//!
//! A block of YAML is a fragment of a document; what every document must have is added. A block
//! of cases runs under the fragment before it. A block after `<!-- mistake: CODE -->` must be
//! refused with that code.

use std::fs;
use std::path::{Path, PathBuf};

use lictor_cli::case::{self, CaseFile};
use lictor_cli::document::Document;

/// The manuals whose examples are documents and cases.
const MANUALS: [&str; 7] = [
    "docs/apis.md",
    "docs/graphql.md",
    "docs/guard-your-own-api.md",
    "docs/mcp.md",
    "docs/openapi.md",
    "docs/policies.md",
    "docs/policy.md",
];

/// What every document must have, for fragments without it.
const REST: [(&str, &str); 5] = [
    ("lictor:", "lictor: v1"),
    (
        "identity:",
        "identity: {agent_when: {claims.client_type: agent}}",
    ),
    (
        "apis:",
        "apis: [{name: reports, match: {path: /sql}, sql: {dialect: postgres, at: $.query}}]",
    ),
    ("rules:", "rules: []"),
    ("default:", "default: allow"),
];

/// A block of a manual.
struct Block {
    line: usize,
    language: String,
    text: String,
    mistake: Option<String>,
}

fn blocks(manual: &str) -> Vec<Block> {
    let mut blocks = Vec::new();
    let mut mistake = None;
    let mut open: Option<Block> = None;
    for (number, line) in (1..).zip(manual.lines()) {
        match (&mut open, line.strip_prefix("```")) {
            (Some(_), Some(_)) => blocks.extend(open.take()),
            (Some(block), None) => {
                block.text.push_str(line);
                block.text.push('\n');
            }
            (None, Some(language)) => {
                open = Some(Block {
                    line: number,
                    language: language.to_owned(),
                    text: String::new(),
                    mistake: mistake.take(),
                });
            }
            (None, None) => {
                let marked = line.strip_prefix("<!-- mistake: ");
                let code = marked.and_then(|rest| rest.strip_suffix(" -->"));
                mistake = code.map(str::to_owned).or(mistake);
            }
        }
    }
    blocks
}

/// The fragment, with the rest of a document after it: lines keep their numbers.
fn whole(fragment: &str) -> String {
    let has = |key: &str| fragment.lines().any(|line| line.starts_with(key));
    let rest = REST.iter().filter(|(key, _)| !has(key));
    let rest: Vec<&str> = rest.map(|(_, line)| *line).collect();
    format!("{fragment}{}\n", rest.join("\n"))
}

fn written(name: &str, text: &str) -> PathBuf {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    fs::write(&path, text).unwrap();
    path
}

/// What is wrong with a fragment.
fn compiled(block: &Block, policy: &Path) -> Vec<String> {
    let document = Document::read(policy).unwrap();
    let codes: Vec<_> = match document.compile() {
        Ok(_) => Vec::new(),
        Err(findings) => findings.into_iter().map(|one| one.mistake).collect(),
    };
    match &block.mistake {
        Some(code) if codes.iter().any(|mistake| mistake.code == code) => Vec::new(),
        Some(code) => vec![format!("expected {code}, found {codes:?}")],
        None => codes.iter().map(ToString::to_string).collect(),
    }
}

fn run(cases: &Path, policy: &Path) -> Vec<String> {
    let file = match CaseFile::read(cases, Some(policy)) {
        Ok(file) => file,
        Err(failure) => return vec![failure.to_string()],
    };
    let mut failures = Vec::new();
    for case in &file.cases {
        let outcome = case::run(&file.guard, &case.call);
        let differences = case::differences(case, &outcome).into_iter();
        failures.extend(differences.map(|one| {
            let (what, expected, found) = (one.what, one.expected, one.found);
            format!("{}: {what}: expected {expected}, found {found}", case.name)
        }));
    }
    failures
}

#[test]
fn every_example_of_the_manual_does_what_it_says() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let (mut documents, mut cases) = (0, 0);
    let mut failures = Vec::new();
    for manual in MANUALS {
        let text = fs::read_to_string(root.join(manual)).unwrap();
        let mut policy = PathBuf::new();
        for block in blocks(&text) {
            let found = match block.language.as_str() {
                "yaml" => {
                    documents += 1;
                    let name = format!("manual-{documents}.yaml");
                    policy = written(&name, &whole(&block.text));
                    compiled(&block, &policy)
                }
                "yaml cases" => {
                    cases += 1;
                    let name = format!("manual-{cases}.cases.yaml");
                    run(&written(&name, &format!("cases:\n{}", block.text)), &policy)
                }
                _ => continue,
            };
            failures.extend(
                found
                    .iter()
                    .map(|one| format!("{manual}:{}: {one}", block.line)),
            );
        }
    }
    assert!(
        documents >= 10 && cases >= 6,
        "the manual has lost its examples"
    );
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}
