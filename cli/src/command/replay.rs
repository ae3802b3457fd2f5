//! `lictor replay`: access logs with records, and a candidate policy, to what would change.
//!
//! Reads line by line: the size of a log does not matter.

mod people;
mod program;
mod tally;

use std::io::Write;
use std::path::{Path, PathBuf};

use clap::{Arg, ArgAction, ArgMatches, value_parser};

use crate::document::Document;
use crate::ending::{Ending, Failure};
use crate::paint::Paint;
use crate::plain;
use crate::replay::Bounds;
use crate::source;
use tally::Tally;

/// What the command takes.
pub fn arguments(command: clap::Command) -> clap::Command {
    command
        .arg(
            Arg::new("logs")
                .value_name("LOG")
                .num_args(0..)
                .value_parser(value_parser!(PathBuf))
                .help("Access logs, one JSON object a line; standard input if not given"),
        )
        .arg(
            Arg::new("policy")
                .long("policy")
                .value_name("PATH")
                .required(true)
                .value_parser(value_parser!(PathBuf))
                .help("The candidate policy"),
        )
        .arg(
            Arg::new("examples")
                .long("examples")
                .value_name("NUMBER")
                .value_parser(value_parser!(u16))
                .default_value("3")
                .help("How many examples to keep of each kind"),
        )
        .arg(
            Arg::new("json")
                .long("json")
                .action(ArgAction::SetTrue)
                .help("Print one JSON object"),
        )
        .after_help("Exit codes: 0 nothing would change, 1 something would or can't be told, 2 nothing to work with")
}

/// Replays and prints.
pub fn run(matches: &ArgMatches, out: &mut dyn Write) -> Result<Ending, Failure> {
    let policy = matches.get_one::<PathBuf>("policy").cloned();
    let document = Document::read(&policy.unwrap_or_default())?;
    let mut bounds = Bounds::of(&document)?;
    let examples = matches.get_one::<u16>("examples").copied().unwrap_or(3);
    let mut tally = Tally::new(usize::from(examples));
    let logs: Vec<&PathBuf> = matches.get_many("logs").into_iter().flatten().collect();
    if logs.is_empty() {
        read(None, &mut bounds, &mut tally)?;
    }
    for log in logs {
        read(Some(log), &mut bounds, &mut tally)?;
    }
    if tally.records() == 0 {
        let message = "expected lines of JSON with lictor's records in them";
        return Err(Failure::Usage(message.to_owned()));
    }
    if matches.get_flag("json") {
        writeln!(out, "{}", plain::json(&program::json(&tally)))?;
    } else {
        people::write(&tally, Paint::for_standard_output(), out)?;
    }
    Ok(if tally.is_clear() {
        Ending::Clear
    } else {
        Ending::Found
    })
}

fn read(log: Option<&PathBuf>, bounds: &mut Bounds<'_>, tally: &mut Tally) -> Result<(), Failure> {
    let path = log
        .map(PathBuf::as_path)
        .filter(|path| *path != Path::new("-"));
    source::each_line(path, |line, is_text| match is_text {
        true => tally.add(line, bounds),
        false => tally.without_record = tally.without_record.saturating_add(1),
    })
}
