//! `lictor fmt`: policies and cases to the same with their keys in one order and their white space
//! in place.
//!
//! Guarantees that a file means the same afterwards, that no comment is lost, and that formatting
//! twice changes nothing more: whatever would break that is left as it is.

mod block;
mod flow;
mod order;
mod outline;
mod space;

use std::fs;
use std::io::{Read as _, Write};
use std::path::PathBuf;

use clap::{Arg, ArgAction, ArgMatches, value_parser};
use lictor_engine::document;
use serde_json::{Value, json};

use crate::document::read_text;
use crate::ending::{Ending, Failure};
use crate::finding::{Finding, Source};
use crate::plain::{self, shown};
use crate::tree;

/// What the command takes.
pub fn arguments(command: clap::Command) -> clap::Command {
    let flag = |name: &'static str| Arg::new(name).long(name).action(ArgAction::SetTrue);
    command
        .arg(
            Arg::new("files")
                .value_name("FILE")
                .required(true)
                .num_args(1..)
                .value_parser(value_parser!(PathBuf))
                .help("Policies and files of cases; `-` for standard input, printed"),
        )
        .arg(flag("check").help("Change nothing, and name the files that would change"))
        .arg(flag("json").help("Print one JSON object"))
        .after_help(
            "Exit codes: 0 formatted, or nothing to do; 1 with --check: something to do; \
             2 nothing to work with",
        )
}

/// Formats and writes.
pub fn run(matches: &ArgMatches, out: &mut dyn Write) -> Result<Ending, Failure> {
    let files: Vec<&PathBuf> = matches.get_many("files").into_iter().flatten().collect();
    if let [only] = files.as_slice()
        && only.as_os_str() == "-"
    {
        return standard_input(out);
    }
    let is_check = matches.get_flag("check");
    let mut changed: Vec<String> = Vec::new();
    for path in files {
        let text = read_text(path)?;
        let after = formatted(&text, &path.display().to_string())?;
        if after == text {
            continue;
        }
        changed.push(path.display().to_string());
        if !is_check {
            fs::write(path, after).map_err(|source| Failure::File(path.clone(), source))?;
        }
    }
    if matches.get_flag("json") {
        let told: Value = json!({ "changed": changed });
        writeln!(out, "{}", plain::json(&told))?;
    } else {
        for path in &changed {
            writeln!(out, "{}", shown(path))?;
        }
    }
    Ok(if is_check && !changed.is_empty() {
        Ending::Found
    } else {
        Ending::Clear
    })
}

fn standard_input(out: &mut dyn Write) -> Result<Ending, Failure> {
    let mut text = String::new();
    let read = std::io::stdin().read_to_string(&mut text);
    read.map_err(|source| Failure::File(PathBuf::from("standard input"), source))?;
    let text = formatted(&text, "standard input")?;
    out.write_all(plain::for_standard_output(text).as_bytes())?;
    Ok(Ending::Clear)
}

/// The text in its one form.
fn formatted(text: &str, name: &str) -> Result<String, Failure> {
    let before = document::read(text.as_bytes()).map_err(|mistake| {
        let source = Source::of(name.as_ref(), text.to_owned());
        Failure::Findings(vec![Finding::mistake(&source, mistake)])
    })?;
    let before = tree::json(&before);
    let means_the_same = |after: &String| {
        let after = document::read(after.as_bytes()).ok();
        after.is_some_and(|after| tree::json(&after) == before)
    };
    let spaced = Some(space::tidied(text)).filter(means_the_same);
    let spaced = spaced.unwrap_or_else(|| text.to_owned());
    let ordered = Some(in_order(&spaced)).filter(means_the_same);
    Ok(ordered.unwrap_or(spaced))
}

/// Keys in order: the innermost mappings first, so that each moves as a whole.
fn in_order(text: &str) -> String {
    let mut text = text.to_owned();
    for depth in (0..=order::DEEPEST).rev() {
        text = flow::in_order(&text, depth);
        text = block::in_order(&text, depth);
    }
    space::tidied(&text)
}

#[cfg(test)]
mod tests;
