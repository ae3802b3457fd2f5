//! `lictor apis`: the definitions that are built in, as a table, or one of them as it is written.

use std::io::Write;

use clap::{Arg, ArgAction, ArgMatches};
use lictor_engine::document::{self, Node};
use lictor_engine::protocol::declared;
use serde_json::{Value, json};

use crate::ending::{Ending, Failure};
use crate::{plain, tree};

/// What the command takes.
pub fn arguments(command: clap::Command) -> clap::Command {
    command
        .arg(
            Arg::new("name")
                .value_name("NAME")
                .help("Print the definition of this API, to start one of your own from"),
        )
        .arg(
            Arg::new("json")
                .long("json")
                .action(ArgAction::SetTrue)
                .help("Print one JSON object"),
        )
        .after_help("Example: lictor apis clickhouse > my-api.yaml\n\nExit code: 0, or 2 for a name that nobody knows")
}

/// Prints the table or a definition.
pub fn run(matches: &ArgMatches, out: &mut dyn Write) -> Result<Ending, Failure> {
    let is_json = matches.get_flag("json");
    if let Some(name) = matches.get_one::<String>("name") {
        let text = declared::definition(name);
        let text =
            text.ok_or_else(|| Failure::Usage(format!("there is no definition `{name}`")))?;
        if is_json {
            let definition = json!({"api": name, "definition": text});
            writeln!(out, "{}", plain::json(&definition))?;
        } else {
            out.write_all(text.as_bytes())?;
        }
        return Ok(Ending::Clear);
    }
    if is_json {
        writeln!(out, "{}", plain::json(&json!({"apis": summaries()})))?;
    } else {
        out.write_all(list().as_bytes())?;
    }
    Ok(Ending::Clear)
}

/// Every definition as a line of a table, as it stands in `docs/apis.md`.
#[must_use]
pub fn list() -> String {
    table(&summaries())
}

fn summaries() -> Vec<Value> {
    declared::names().filter_map(summary).collect()
}

/// What a definition says about itself.
fn summary(name: &str) -> Option<Value> {
    let text = declared::definition(name)?;
    let tree = document::read(text.as_bytes()).ok()?;
    let note = |key| {
        tree::member(&tree, key)
            .and_then(tree::text)
            .unwrap_or_default()
    };
    let operations = tree::member(&tree, "operations").map_or(&[][..], tree::each);
    let names = operations.iter().filter_map(operation);
    Some(json!({
        "api": name,
        "about": note("about"),
        "source": note("source"),
        "dialect": note("dialect"),
        "operations": names.collect::<Vec<_>>(),
        "proven_with": note("proven_with"),
        "limits": note("limits"),
    }))
}

fn operation(node: &Node) -> Option<&str> {
    tree::text(tree::member(node, "name")?)
}

fn table(all: &[Value]) -> String {
    let mut table =
        "| `use:` | What is decoded | Dialect | Proven with | Limits |\n|---|---|---|---|---|\n"
            .to_owned();
    for api in all {
        let word = |key: &str| api.get(key).and_then(Value::as_str).unwrap_or_default();
        let operations = api
            .get("operations")
            .and_then(Value::as_array)
            .map_or(0, Vec::len);
        table.push_str(&format!(
            "| `{}` | {}; {operations} operations | {} | {} | {} |\n",
            word("api"),
            word("about"),
            word("dialect"),
            word("proven_with"),
            word("limits").replace('|', "\\|"),
        ));
    }
    table
}
