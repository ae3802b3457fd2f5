//! `lictor`: what the filter would make of a call, told without a proxy; and the format of cases,
//! for tests that are not run by the command.
//!
//! Guarantees that the exit code alone says how it went, and that the terminal is told nothing
//! that it could take for a command.

#![cfg_attr(
    test,
    allow(
        clippy::arithmetic_side_effects,
        reason = "a test that overflows fails"
    )
)]

mod account;
mod caret;
pub mod case;
mod command;
pub mod document;
mod ending;
pub mod finding;
mod guarded;
mod moment;
mod paint;
mod plain;
pub mod replay;
mod source;
mod tree;

#[cfg(test)]
mod scratch;

use std::io::{self, BufWriter, ErrorKind, Write};
use std::process::ExitCode;

use command::COMMANDS;
pub use command::list_of_apis;
use ending::Ending;
pub use ending::Failure;
use finding::Finding;
use paint::Paint;
use serde_json::{Value, json};

/// Runs the command that the process was started with.
#[must_use]
pub fn main() -> ExitCode {
    let mut out = BufWriter::new(io::stdout().lock());
    match started(&mut out) {
        Ok(ending) => ending.into(),
        // Who reads has seen enough, as `head` does.
        Err(Failure::Output(source)) if source.kind() == ErrorKind::BrokenPipe => {
            Ending::Clear.into()
        }
        Err(failure) => {
            people(&failure);
            Ending::Unusable.into()
        }
    }
}

fn started(out: &mut dyn Write) -> Result<Ending, Failure> {
    let matches = match command::line().try_get_matches() {
        Ok(matches) => matches,
        Err(told) => {
            told.print()?;
            let is_asked = !told.use_stderr();
            return Ok(if is_asked {
                Ending::Clear
            } else {
                Ending::Unusable
            });
        }
    };
    let chosen = matches.subcommand().and_then(|(name, rest)| {
        let known = COMMANDS.iter().find(|command| command.name == name)?;
        Some((known, rest))
    });
    let Some((command, rest)) = chosen else {
        return Err(Failure::Usage("expected a command".to_owned()));
    };
    let is_json = matches!(rest.try_get_one::<bool>("json"), Ok(Some(true)));
    let ending = match (command.run)(rest, out) {
        Ok(ending) => ending,
        Err(failure) if is_json && !matches!(failure, Failure::Output(_)) => {
            writeln!(out, "{}", plain::json(&program(&failure)))?;
            people(&failure);
            Ending::Unusable
        }
        Err(failure) => return Err(failure),
    };
    out.flush()?;
    Ok(ending)
}

fn people(failure: &Failure) {
    let paint = Paint::for_standard_error();
    match failure {
        Failure::Findings(findings) => {
            for finding in findings {
                eprintln!("{}\n", finding.told(paint));
            }
        }
        other => eprintln!("lictor: {}", plain::shown(&other.to_string())),
    }
}

fn program(failure: &Failure) -> Value {
    let findings = match failure {
        Failure::Findings(findings) => findings.as_slice(),
        _ => &[],
    };
    json!({
        "failure": failure.to_string(),
        "findings": findings.iter().map(Finding::json).collect::<Value>(),
    })
}
