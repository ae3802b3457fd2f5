//! `lictor test`: files of cases to what came out otherwise than expected.

mod coverage;
mod junit;
mod people;
mod program;
mod report;
mod select;
mod watch;

use std::fs;
use std::io::Write;
use std::path::PathBuf;

use clap::{Arg, ArgAction, ArgMatches, value_parser};

use crate::ending::{Ending, Failure};
use crate::paint::Paint;
use crate::plain;
use report::Report;

/// What the command takes.
pub fn arguments(command: clap::Command) -> clap::Command {
    let path = |name: &'static str| {
        Arg::new(name)
            .long(name)
            .value_name("PATH")
            .value_parser(value_parser!(PathBuf))
    };
    let flag = |name: &'static str| Arg::new(name).long(name).action(ArgAction::SetTrue);
    command
        .arg(
            Arg::new("files")
                .value_name("FILE")
                .num_args(0..)
                .value_parser(value_parser!(PathBuf))
                .help("Files of cases, policies, or folders; the current folder if not given"),
        )
        .arg(path("policy").help("The policy of files that name none"))
        .arg(
            Arg::new("filter")
                .long("filter")
                .value_name("TEXT")
                .help("Run only cases whose name has this text in it"),
        )
        .arg(
            Arg::new("min-coverage")
                .long("min-coverage")
                .value_name("PERCENT")
                .value_parser(value_parser!(u8).range(0..=100))
                .help("Fail if fewer of the rules took part in a case"),
        )
        .arg(path("junit").help("Write the results as JUnit XML as well"))
        .arg(flag("watch").help("Run again whenever a file changes"))
        .arg(flag("json").help("Print one JSON object"))
        .after_help("Exit codes: 0 all as expected, 1 something else, 2 nothing to work with")
}

/// What was asked for.
struct Request {
    files: Vec<PathBuf>,
    policy: Option<PathBuf>,
    filter: String,
    least_coverage: u8,
    junit: Option<PathBuf>,
    is_json: bool,
}

/// Runs cases and prints, once or until it is stopped.
pub fn run(matches: &ArgMatches, out: &mut dyn Write) -> Result<Ending, Failure> {
    let path = |name| matches.get_one::<PathBuf>(name).cloned();
    let files = matches.get_many::<PathBuf>("files");
    let request = Request {
        files: files.into_iter().flatten().cloned().collect(),
        policy: path("policy"),
        filter: matches
            .get_one::<String>("filter")
            .cloned()
            .unwrap_or_default(),
        least_coverage: matches
            .get_one::<u8>("min-coverage")
            .copied()
            .unwrap_or_default(),
        junit: path("junit"),
        is_json: matches.get_flag("json"),
    };
    if matches.get_flag("watch") {
        watch::until_stopped(&request, out)
    } else {
        once(&request, out)
    }
}

fn once(request: &Request, out: &mut dyn Write) -> Result<Ending, Failure> {
    let files = select::case_files(&request.files)?;
    let report = Report::of(&files, request)?;
    if let Some(path) = &request.junit {
        fs::write(path, junit::of(&report))
            .map_err(|source| Failure::File(path.clone(), source))?;
    }
    if request.is_json {
        writeln!(out, "{}", plain::json(&program::json(&report)))?;
    } else {
        people::write(&report, Paint::for_standard_output(), out)?;
    }
    Ok(if report.is_good() {
        Ending::Clear
    } else {
        Ending::Found
    })
}
