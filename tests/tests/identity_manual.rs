//! `docs/identity.md` runs: its documents compile, and its table is what the engine does.

use std::fs;
use std::path::Path;

use lictor_engine::config;
use lictor_engine::identity::PROVIDERS;

fn manual() -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/identity.md");
    fs::read_to_string(path).unwrap()
}

/// Every document of the manual, put into the smallest one around it.
#[test]
fn every_document_compiles() {
    let manual = manual();
    let blocks: Vec<_> = manual
        .split("```yaml\n")
        .skip(1)
        .filter_map(|rest| rest.split("```").next())
        .filter(|block| !block.starts_with("providers:"))
        .collect();
    assert!(blocks.len() >= 16, "only {} blocks found", blocks.len());
    for block in blocks {
        let rules = if block.contains("rules:") {
            ""
        } else {
            "rules: []"
        };
        let document = format!(
            "lictor: v1\napis: [{{name: reports, match: {{path: /sql}}, sql: {{dialect: postgres, at: $.query}}}}]\n{rules}\ndefault: allow\n{block}"
        );
        if let Err(mistakes) = config::compile(document.as_bytes()) {
            panic!("{}\n{block}", mistakes[0]);
        }
    }
}

#[test]
fn the_table_names_every_claim_that_is_read() {
    let manual = manual();
    for provider in &PROVIDERS {
        let start = format!("| `{}` |", provider.name);
        let row = manual
            .lines()
            .find(|line| line.starts_with(&start))
            .unwrap_or_else(|| panic!("no row of {}", provider.name));
        let cells: Vec<_> = row.split('|').skip(1).collect();
        let read = [
            provider.subject,
            provider.groups,
            provider.roles,
            provider.scopes,
            provider.client,
        ];
        for (cell, ways) in cells[1..].iter().zip(read) {
            let named: Vec<_> = cell.split('`').skip(1).step_by(2).collect();
            assert_eq!(named, ways, "{}: {cell}", provider.name);
        }
    }
}
