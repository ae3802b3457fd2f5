//! `lictor explain`: one call to what it would do, who asks, and what each rule says of it.

mod given;
mod people;
mod program;
mod recorded;

use std::io::Write;
use std::path::PathBuf;

use clap::{Arg, ArgAction, ArgMatches, value_parser};
use serde_json::Value;

use crate::account::Account;
use crate::ending::{Ending, Failure};
use crate::paint::Paint;
use crate::plain;

/// A call, decided and accounted for.
struct Told {
    /// The record: what the call would do, who asks, what was decided.
    record: Value,
    /// What the caller was told; null where the call goes on.
    reply: Value,
    /// What each rule says.
    accounts: Vec<Account>,
    /// What the rules ask for and a record does not hold.
    lacks: Vec<&'static str>,
}

/// What the command takes.
pub fn arguments(command: clap::Command) -> clap::Command {
    let option = |name: &'static str, value: &'static str, help: &'static str| {
        Arg::new(name).long(name).value_name(value).help(help)
    };
    let flag = |name: &'static str, help: &'static str| {
        Arg::new(name)
            .long(name)
            .action(ArgAction::SetTrue)
            .help(help)
    };
    command
        .arg(Arg::new("case").value_name("FILE:NAME").help("A case, by its file and name"))
        .arg(
            option("policy", "PATH", "The policy")
                .value_parser(value_parser!(PathBuf)),
        )
        .arg(option("url", "URL", "Where a request goes: a URL, or a path").conflicts_with("case"))
        .arg(option("request", "METHOD", "Its method").short('X'))
        .arg(
            option("header", "NAME: VALUE", "A header field of it")
                .short('H')
                .action(ArgAction::Append),
        )
        .arg(option("data", "BODY", "Its body; `@PATH` takes it from a file").short('d'))
        .arg(
            option("sql", "TEXT", "A statement, sent to the first API that takes SQL")
                .conflicts_with_all(["case", "url"]),
        )
        .arg(option("api", "NAME", "The API that the statement is sent to"))
        .arg(option("as", "CLAIMS", "Claims of the verified token, as JSON; or `@PATH`").conflicts_with_all(["case", "record"]))
        .arg(option("peer", "URI", "The name in the peer's certificate").conflicts_with_all(["case", "record"]))
        .arg(option("at", "TIME", "When it comes, such as 2026-11-04T12:00:00Z").conflicts_with_all(["case", "record"]))
        .arg(
            option("record", "PATH", "A record, or a line of an access log with one; `-` for standard input")
                .conflicts_with_all(["case", "url", "sql"]),
        )
        .arg(option("id", "ID", "The id of the record, where there are several").requires("record"))
        .arg(flag("all", "Tell of every rule, also of those that come nowhere near"))
        .arg(flag("json", "Print one JSON object"))
        .after_help("Exit codes: 0 the call goes through, 1 it is refused or can't be told, 2 nothing to work with")
}

/// Explains and prints.
pub fn run(matches: &ArgMatches, out: &mut dyn Write) -> Result<Ending, Failure> {
    let told = given::told(matches)?;
    if matches.get_flag("json") {
        writeln!(out, "{}", plain::json(&program::json(&told)))?;
    } else {
        people::write(
            &told,
            matches.get_flag("all"),
            Paint::for_standard_output(),
            out,
        )?;
    }
    let goes_through = told
        .record
        .get("decision")
        .is_some_and(|decision| decision == "allow");
    Ok(if goes_through && told.lacks.is_empty() {
        Ending::Clear
    } else {
        Ending::Found
    })
}
