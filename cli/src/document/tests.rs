//! What becomes one document, and where its mistakes are told.

use std::fs;

use super::*;
use crate::scratch::Scratch;

const WHOLE: &str = "lictor: v1
apis: [{name: reports, match: {path: /sql}, sql: {dialect: postgres, at: $.query}}]
include: [more/rules.yaml]
rules:
- {id: own, effect: deny, match: {action.effect: drop}}
default: allow
";

fn folder(rules: &str) -> Scratch {
    let folder = Scratch::folder();
    fs::create_dir(folder.path().join("more")).unwrap();
    fs::write(folder.path().join("policy.yaml"), WHOLE).unwrap();
    fs::write(folder.path().join("more/rules.yaml"), rules).unwrap();
    folder
}

fn findings(result: Result<Document, Failure>) -> Vec<Finding> {
    match result {
        Err(Failure::Findings(findings)) => findings,
        Ok(document) => document.compile().unwrap_err(),
        Err(other) => panic!("{other}"),
    }
}

#[test]
fn a_document_without_includes_is_handed_on_to_the_byte() {
    let folder = Scratch::folder();
    let path = folder.path().join("policy.yaml");
    let text = WHOLE.replace("include: [more/rules.yaml]", "# nothing more");
    fs::write(&path, &text).unwrap();
    let document = Document::read(&path).unwrap();
    assert_eq!(document.text, text);
    assert_eq!(document.compile().unwrap().policy.rules.len(), 1);
}

#[test]
fn included_rules_follow_those_of_the_document() {
    let folder =
        folder("- {id: other, effect: deny, match: {api: reports}, reason: \"a\\u2028\\\"b\"}\n");
    let document = Document::read(&folder.path().join("policy.yaml")).unwrap();
    let guard = document.compile().unwrap();
    let ids: Vec<_> = guard.policy.rules.iter().map(|rule| &rule.id).collect();
    assert_eq!(ids, ["own", "other"]);
    assert_eq!(guard.policy.rules[1].reason, "a\u{2028}\"b");
    assert_eq!(document.files.len(), 2);
    let _: serde_json::Value = serde_json::from_str(&document.text).unwrap();
}

#[test]
fn a_mistake_is_told_where_it_was_written() {
    let folder = folder("rules:\n# a comment\n- id: other\n  efect: deny\n  match: {}\n");
    let found = findings(Document::read(&folder.path().join("policy.yaml")));
    let told: Vec<_> = found
        .iter()
        .map(|one| {
            let position = one.mistake.position;
            (
                one.source.name.ends_with("rules.yaml"),
                one.mistake.code,
                position.line,
                position.column,
            )
        })
        .collect();
    assert_eq!(
        told,
        [
            (true, "document.missing_key", 3, 3),
            (true, "document.unknown_key", 4, 3)
        ]
    );
    assert!(found[1].mistake.message.ends_with("did you mean `effect`?"));
}

#[test]
fn an_included_file_holds_rules_only() {
    for (rules, code, advice) in [
        ("apis: []\n", "document.unknown_key", ""),
        (
            "ruels: []\n",
            "document.unknown_key",
            "did you mean `rules`?",
        ),
        ("rules: {a: b}\n", "include.clash", ""),
        ("include: ../policy.yaml\n", "include.repeated", ""),
        ("include: /etc/policy.yaml\n", "include.name", ""),
        ("include: ../passwd\n", "include.name", ""),
        ("include: nowhere.yaml\n", "include.unreadable", ""),
        ("rules: [\n", "document.syntax", ""),
    ] {
        let folder = folder(rules);
        let found = findings(Document::read(&folder.path().join("policy.yaml")));
        assert_eq!(found[0].mistake.code, code, "{rules}");
        assert!(found[0].mistake.message.contains(advice), "{rules}");
        assert!(found[0].source.name.ends_with("rules.yaml"), "{rules}");
    }
}

const REFERRING: &str = "lictor: v1
apis:
- {name: orders, match: {path: /v1/**}, openapi: {document: {file: api/orders.yaml}}}
- {name: raw, match: {path: /raw}, openapi: {file: api/orders.yaml, base: /}}
descriptors: [{file: api/all.binpb}]
rules: []
default: allow
";
const OPENAPI: &str = "openapi: 3.1.0
info: {title: Orders, description: long}
paths:
  /v1/orders:
    get: {description: prose, x-other: 1, x-lictor: {title: kept}}
    parameters: [{name: tags, in: query}]
components: {schemas: {title: {properties: {description: {type: string, example: no}}}}}
";

fn referring(policy: &str, api: &str) -> Scratch {
    let folder = Scratch::folder();
    fs::create_dir(folder.path().join("api")).unwrap();
    fs::write(folder.path().join("policy.yaml"), policy).unwrap();
    fs::write(folder.path().join("api/orders.yaml"), api).unwrap();
    fs::write(folder.path().join("api/all.binpb"), [0xff, 0, 1]).unwrap();
    folder
}

#[test]
fn what_a_file_holds_stands_where_it_is_named() {
    let folder = referring(REFERRING, OPENAPI);
    let document = Document::read(&folder.path().join("policy.yaml")).unwrap();
    let read: serde_json::Value = serde_json::from_str(&document.text).unwrap();
    let api = &read["apis"][0]["openapi"]["document"];
    assert_eq!(
        api["paths"]["/v1/orders"]["get"],
        serde_json::json!({"x-lictor": {"title": "kept"}}),
        "only what the filter reads"
    );
    let schema = &api["components"]["schemas"]["title"]["properties"];
    assert_eq!(schema["description"], serde_json::json!({"type": "string"}));
    assert_eq!(read["descriptors"][0]["base64"], "/wAB");
    assert_eq!(
        read["apis"][1]["openapi"]["file"], "api/orders.yaml",
        "beside other keys it is no reference"
    );
    assert_eq!(document.files.len(), 3);
    let again = document::read(document.text.as_bytes()).unwrap();
    assert_eq!(tree::json(&again), read);
}

#[test]
fn a_reference_that_leads_nowhere_is_told_where_it_stands() {
    for (name, api, code, place) in [
        ("api/none.yaml", OPENAPI, "reference.unreadable", (3, 61)),
        ("/etc/passwd.yaml", OPENAPI, "reference.name", (3, 61)),
        ("api/orders", OPENAPI, "reference.name", (3, 61)),
        (
            "api/orders.yaml",
            "a: 1\na: 2\n",
            "document.duplicate_key",
            (2, 1),
        ),
    ] {
        let folder = referring(
            &REFERRING.replace("api/orders.yaml}}", &format!("{name}}}}}")),
            api,
        );
        let found = findings(Document::read(&folder.path().join("policy.yaml")));
        let mistake = &found[0].mistake;
        let position = (mistake.position.line, mistake.position.column);
        assert_eq!((mistake.code, position), (code, place), "{name}");
    }
}

#[test]
fn a_mistake_in_a_file_is_told_there_however_long_its_line_became() {
    let paths: String = (0..20_000)
        .map(|number| format!("  /v1/a{number}: {{get: {{}}}}\n"))
        .collect();
    let folder = referring(REFERRING, &format!("openapi: 3.1.0\npaths:\n{paths}"));
    let document = Document::read(&folder.path().join("policy.yaml")).unwrap();
    let column = document
        .text
        .lines()
        .nth(2)
        .unwrap()
        .find("/v1/a19999")
        .unwrap();
    let mistake = Mistake {
        code: "test",
        source: String::new(),
        position: document::Position { line: 3, column },
        path: String::new(),
        message: String::new(),
    };
    let found = document.finding(mistake);
    assert_eq!(found.mistake.position.line, 20_002);
    assert!(found.source.name.ends_with("orders.yaml"));
}
