//! The mechanical rules of the house, so that nobody has to remember them.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .unwrap()
        .to_owned()
}

/// Every file below a folder, build output left out.
fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if path.is_dir() && name != "target" && !name.starts_with(".git") {
            found.extend(files(&path));
        } else if path.is_file() {
            found.push(path);
        }
    }
    found
}

fn sources() -> Vec<(String, String)> {
    let all = files(&root()).into_iter();
    let rust = all.filter(|path| path.extension().is_some_and(|extension| extension == "rs"));
    rust.map(|path| (shown(&path), fs::read_to_string(&path).unwrap()))
        .collect()
}

fn shown(path: &Path) -> String {
    path.strip_prefix(root()).unwrap().display().to_string()
}

fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// A source without its inline tests.
fn without_tests(source: &str) -> &str {
    source.split("#[cfg(test)]").next().unwrap_or_default()
}

fn assert_none(what: &str, found: Vec<String>) {
    assert!(found.is_empty(), "{what}:\n{}", found.join("\n"));
}

#[test]
fn every_source_opens_with_what_becomes_what() {
    let bare = sources()
        .into_iter()
        .filter(|(_, source)| !source.starts_with("//! "));
    assert_none(
        "without a `//!` header",
        bare.map(|(path, _)| path).collect(),
    );
}

#[test]
fn no_source_is_longer_than_it_may_be() {
    let mut long = Vec::new();
    for (path, source) in sources() {
        let is_test = path.contains("/tests/") || path.ends_with("tests.rs");
        let lines = without_tests(&source).lines().count();
        if !is_test && lines > 500 && !source.contains("LONG FILE:") {
            long.push(format!("{path}: {lines} lines"));
        }
    }
    assert_none("longer than 500 lines without a `LONG FILE:` reason", long);
}

#[test]
fn nothing_is_left_for_later() {
    let marks = [
        "TO".to_owned() + "DO",
        "FIX".to_owned() + "ME",
        "#[ign".to_owned() + "ore",
    ];
    let mut found = Vec::new();
    for (path, source) in sources() {
        found.extend(
            marks
                .iter()
                .filter(|mark| source.contains(*mark))
                .map(|mark| format!("{path}: {mark}")),
        );
    }
    assert_none("unfinished by their own words", found);
}

/// A hash map whose seed a client can guess can be made slow by the names it sends.
#[test]
fn engine_and_filter_use_no_unseeded_hash_map() {
    let mut found = Vec::new();
    for (path, source) in sources() {
        let ours = ["decide/src", "engine/src", "filter/src"];
        let is_ours = ours.iter().any(|folder| path.starts_with(folder));
        let uses = |name: &str| without_tests(&source).contains(name);
        if is_ours
            && (uses("collections::HashMap") || uses("collections::HashSet") || uses("RandomState"))
        {
            found.push(path);
        }
    }
    assert_none("hash maps without a seed", found);
}

/// Whether a source is of the engine, or of what it decides with.
fn is_core(path: &str) -> bool {
    path.starts_with("engine/src") || path.starts_with("decide/src")
}

#[test]
fn the_engine_knows_neither_proxy_nor_clock() {
    let mut found = Vec::new();
    for (path, source) in sources()
        .iter()
        .filter(|(path, _)| is_core(path) && !path.contains("/tests"))
    {
        for foreign in [
            "proxy_wasm",
            "std::time",
            "std::fs",
            "std::net",
            "std::env",
            "std::process",
        ] {
            if without_tests(source).contains(foreign) {
                found.push(format!("{path}: {foreign}"));
            }
        }
    }
    assert_none("the engine reaches out", found);
}

/// A stage imports values and its own children; only `session` wires stages together.
#[test]
fn stages_do_not_import_stages() {
    let stages = ["config", "policy", "record", "session"];
    // `config` compiles into what the stages hold, and `record` prints what the session holds.
    let allowed = [("config", "policy"), ("record", "session"), ("session", "")];
    let mut found = Vec::new();
    for (path, source) in sources()
        .into_iter()
        .filter(|(path, _)| !path.ends_with("tests.rs") && !path.contains("/tests/"))
    {
        let Some(own) = path
            .strip_prefix("engine/src/")
            .and_then(|rest| rest.split(['/', '.']).next())
        else {
            continue;
        };
        for stage in stages {
            let imports = without_tests(&source).contains(&format!("use crate::{stage}"));
            let is_allowed = allowed
                .iter()
                .any(|(from, to)| *from == own && (to.is_empty() || *to == stage));
            if imports && own != stage && !is_allowed {
                found.push(format!("{path} imports {stage}"));
            }
        }
    }
    assert_none("stages that know each other", found);
}

#[test]
fn every_protocol_has_cases_and_a_line_in_the_docs() {
    let docs = read("docs/architecture.md");
    for entry in &lictor_engine::protocol::TABLE {
        let folder = match entry.name {
            "use" => "apis",
            name => name,
        };
        let cases = root().join("tests/corpus").join(folder);
        assert!(cases.is_dir(), "no cases in tests/corpus/{}", entry.name);
        assert!(
            docs.contains(&format!("`{}`", entry.name)),
            "{} is not in docs/architecture.md",
            entry.name
        );
    }
}

/// What `lictor apis` prints is what the docs say.
#[test]
fn the_list_of_apis_is_that_of_the_definitions() {
    let docs = read("docs/apis.md");
    let (_, rest) = docs
        .split_once("<!-- apis: printed by `lictor apis` -->\n")
        .unwrap();
    let (list, _) = rest.split_once("<!-- /apis -->").unwrap();
    assert!(
        list == lictor_cli::list_of_apis(),
        "docs/apis.md is stale: put in what `lictor apis` prints"
    );
}

/// Codes are part of the public face: each stands in the docs, and no other does.
#[test]
fn every_code_is_documented() {
    let docs = read("docs/refusals.md");
    let documented: BTreeSet<String> = docs
        .lines()
        .filter_map(|line| line.strip_prefix("| `")?.split('`').next())
        .map(str::to_owned)
        .collect();
    let mut used = BTreeSet::new();
    for (path, source) in sources() {
        if is_core(&path) && !path.ends_with("tests.rs") {
            // The fields of rules look like codes of the stage `action`.
            let has_fields = path.ends_with("config/fields.rs");
            let found = codes(without_tests(&source)).into_iter();
            used.extend(found.filter(|code| !has_fields || !code.starts_with("action.")));
        }
    }
    let missing: Vec<_> = used.difference(&documented).cloned().collect();
    assert_none("codes that docs/refusals.md does not name", missing);
    let stale: Vec<_> = documented.difference(&used).cloned().collect();
    assert_none("codes in docs/refusals.md that nothing gives", stale);
}

/// Quoted words of the form `stage.what_is_wrong`, of the stages that refuse.
fn codes(source: &str) -> Vec<String> {
    let stages = [
        "action",
        "answer",
        "api",
        "body",
        "cluster",
        "content",
        "data",
        "document",
        "event",
        "expression",
        "graphql",
        "grpc",
        "host",
        "http",
        "identity",
        "json",
        "git",
        "mcp",
        "message",
        "model",
        "openapi",
        "packs",
        "parameters",
        "path",
        "policy",
        "rule",
        "schema",
        "sql",
        "tool",
        "types",
    ];
    let quoted = source
        .match_indices('"')
        .filter_map(|(quote, _)| source[quote + 1..].split('"').next());
    let is_code = |text: &&str| match text.split_once('.') {
        Some((stage, what)) => {
            stages.contains(&stage)
                && !what.is_empty()
                && what
                    .bytes()
                    .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_')
        }
        None => false,
    };
    quoted.filter(is_code).map(str::to_owned).collect()
}

#[test]
fn paths_that_the_docs_name_exist() {
    let mut found = Vec::new();
    let markdown = files(&root())
        .into_iter()
        .filter(|path| path.extension().is_some_and(|extension| extension == "md"));
    for path in markdown {
        let text = fs::read_to_string(&path).unwrap();
        for named in text.split('`').skip(1).step_by(2) {
            let folders = [
                "decide/",
                "engine/",
                "filter/",
                "cli/",
                "fuzz/",
                "lab/",
                "tests/",
                "benches/",
                "envoy/",
                "docs/",
                "xtask/",
                "policies/",
            ];
            let is_path = folders.iter().any(|folder| named.starts_with(folder))
                && !named.contains(['*', ' ', '<', '{']);
            if is_path && !root().join(named).exists() {
                found.push(format!("{}: {named}", shown(&path)));
            }
        }
    }
    assert_none("paths that do not exist", found);
}
