//! `lictor pin`: a list of tools to the fingerprints that `pins` of an MCP API takes.

use std::fs;
use std::io::{Read as _, Write, stdin};

use clap::{Arg, ArgAction, ArgMatches};
use lictor_engine::protocol::pins;
use serde_json::{Map, Value, json};

use crate::ending::{Ending, Failure};
use crate::plain;

/// What the command takes.
pub fn arguments(command: clap::Command) -> clap::Command {
    command
        .arg(
            Arg::new("list")
                .value_name("PATH")
                .help("An answer to tools/list, as JSON; standard input where none is given"),
        )
        .arg(
            Arg::new("json")
                .long("json")
                .action(ArgAction::SetTrue)
                .help("Print one JSON object"),
        )
        .after_help("Example: lictor pin tools.json > pins.yaml\n\nExit code: 0, or 2 for a text that is no list of tools")
}

/// Prints a line of YAML for each tool.
pub fn run(matches: &ArgMatches, out: &mut dyn Write) -> Result<Ending, Failure> {
    let mut text = String::new();
    match matches.get_one::<String>("list") {
        Some(path) => {
            text = fs::read_to_string(path).map_err(|error| Failure::File(path.into(), error))?;
        }
        None => {
            stdin().read_to_string(&mut text)?;
        }
    }
    let pins = pins(text.trim()).map_err(|error| Failure::Usage(error.to_string()))?;
    if pins.is_empty() {
        let message = "expected an answer to tools/list with tools in it".to_owned();
        return Err(Failure::Usage(message));
    }
    if matches.get_flag("json") {
        let pins = pins.into_iter().map(|(name, pin)| (name, json!(pin)));
        let pins: Map<String, Value> = pins.collect();
        writeln!(out, "{}", plain::json(&json!({ "pins": pins })))?;
        return Ok(Ending::Clear);
    }
    for (name, pin) in pins {
        // Text of JSON is text of YAML, too.
        writeln!(out, "{}: \"{pin}\"", Value::from(name))?;
    }
    Ok(Ending::Clear)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn printed(list: &str) -> Result<String, Failure> {
        printed_with(list, &[])
    }

    fn printed_with(list: &str, words: &[&str]) -> Result<String, Failure> {
        let folder = std::env::temp_dir().join(format!("lictor-pin-{}", std::process::id()));
        fs::create_dir_all(&folder)?;
        let path = folder.join(format!("{}.json", list.len()));
        fs::write(&path, list)?;
        let command = arguments(clap::Command::new("pin"));
        let words = words.iter().map(std::ffi::OsStr::new);
        let line = ["pin".as_ref(), path.as_os_str()].into_iter().chain(words);
        let matches = command.get_matches_from(line);
        let mut out = Vec::new();
        run(&matches, &mut out)?;
        Ok(String::from_utf8_lossy(&out).into_owned())
    }

    #[test]
    fn each_tool_is_a_line() {
        let list = r#"{"result":{"tools":[{"name":"echo"},{"name":"a: b"}]}}"#;
        let lines = printed(list).unwrap_or_default();
        assert!(lines.starts_with("\"echo\": \"sha256:"), "{lines}");
        assert_eq!(lines.lines().count(), 2);
    }

    #[test]
    fn programs_get_an_object() {
        let list = r#"{"result":{"tools":[{"name":"echo"}]}}"#;
        let printed = printed_with(list, &["--json"]).unwrap_or_default();
        let told: Value = serde_json::from_str(&printed).unwrap_or_default();
        let pin = told.pointer("/pins/echo").and_then(Value::as_str);
        assert!(
            pin.is_some_and(|pin| pin.starts_with("sha256:")),
            "{printed}"
        );
    }

    #[test]
    fn what_is_no_list_is_told() {
        assert!(printed("{}").is_err());
        assert!(printed("nonsense").is_err());
    }
}
