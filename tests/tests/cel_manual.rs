//! Every example of the manual of expressions, compiled; every fact is in its table.

use std::fs;
use std::path::Path;

use lictor_engine::cel::{Environment, Field, NamedList, Type, Vars};
use lictor_engine::policy::ROOTS;

fn manual() -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    fs::read_to_string(root.join("docs/expressions.md")).unwrap()
}

/// Lines of the blocks in a language.
fn examples(manual: &str) -> Vec<&str> {
    let blocks = manual.split("```cel\n").skip(1);
    let blocks = blocks.filter_map(|block| block.split("```").next());
    blocks
        .flat_map(str::lines)
        .filter(|line| !line.trim().is_empty())
        .collect()
}

/// What compiling says: the code of the first mistake, the answer that is always the same, or
/// nothing.
fn told(text: &str) -> String {
    let names = |names: &[&str]| {
        names
            .iter()
            .map(|name| (*name).to_owned())
            .collect::<Vec<_>>()
    };
    let declared = [(names(&["claims", "seats"]), Type::Int)];
    let lists = [("admins".to_owned(), NamedList::from(names(&["root"])))];
    let compile = |text: &str, vars: &Vars| {
        let environment = Environment {
            roots: &ROOTS,
            declared: &declared,
            lists: &lists,
            vars,
        };
        lictor_engine::cel::compile(text, &environment, Type::Bool)
    };
    let mut vars = Vars::new();
    let is_agent = compile("principal.kind == 'agent'", &vars).unwrap();
    vars.add("is_agent", is_agent);
    match compile(text, &vars) {
        Ok(program) => program
            .constant()
            .map(|answer| answer.to_string())
            .unwrap_or_default(),
        Err(problems) => problems[0].code.to_owned(),
    }
}

#[test]
fn every_example_does_what_it_says() {
    let manual = manual();
    let examples = examples(&manual);
    let mut wrong = Vec::new();
    for line in &examples {
        let (text, expected) = line.split_once("// =>").unwrap_or((line, ""));
        let found = told(text);
        if found != expected.trim() {
            wrong.push(format!("{line}: {found}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(examples.len() > 60, "{}", examples.len());
}

fn name(kind: Type) -> String {
    match kind {
        Type::Bool => "bool".to_owned(),
        Type::Int => "int".to_owned(),
        Type::Text => "string".to_owned(),
        Type::Timestamp => "timestamp".to_owned(),
        Type::Dyn => "dyn".to_owned(),
        Type::Record(_) => "record".to_owned(),
        Type::List(kind) => format!("list({})", name(*kind)),
        Type::Map(kind) => format!("map(string, {})", name(*kind)),
        _ => "another".to_owned(),
    }
}

/// A line of the table for each field, those of records in lists behind `[]`.
fn rows(prefix: &str, fields: &[Field], into: &mut Vec<String>) {
    for field in fields {
        let path = format!("{prefix}{}", field.name);
        let mark = if field.is_optional { "?" } else { "" };
        into.push(format!(
            "| `{path}` | {}{mark} | {} |",
            name(field.kind),
            field.about
        ));
        match field.kind {
            Type::Record(record) => rows(&format!("{path}."), record.fields, into),
            // The members of `actions` are what `action` is.
            Type::List(Type::Record(record)) if field.name != "actions" => {
                rows(&format!("{path}[]."), record.fields, into);
            }
            _ => {}
        }
    }
}

#[test]
fn every_fact_is_in_the_table() {
    let manual = manual();
    let mut expected = Vec::new();
    rows("", &ROOTS, &mut expected);
    let rest = expected.iter().filter(|row| !manual.contains(row.as_str()));
    let missing: Vec<&str> = rest.map(String::as_str).collect();
    assert!(
        missing.is_empty(),
        "rows that the table does not have:\n{}",
        missing.join("\n")
    );
}
