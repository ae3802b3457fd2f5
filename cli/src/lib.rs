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
mod replay;
mod source;
mod tree;

#[cfg(test)]
mod scratch;

use std::io::{self, BufWriter, ErrorKind, Write};
use std::process::ExitCode;

use command::COMMANDS;
use ending::Ending;
pub use ending::Failure;
use paint::Paint;

/// Runs the command that the process was started with.
#[must_use]
pub fn main() -> ExitCode {
    let mut out = BufWriter::new(io::stdout().lock());
    let ending = run(&mut out).and_then(|ending| {
        out.flush()?;
        Ok(ending)
    });
    match ending {
        Ok(ending) => ending.into(),
        // Who reads has seen enough, as `head` does.
        Err(Failure::Output(source)) if source.kind() == ErrorKind::BrokenPipe => {
            Ending::Clear.into()
        }
        Err(Failure::Findings(findings)) => {
            let paint = Paint::for_standard_error();
            for finding in findings {
                eprintln!("{}\n", finding.told(paint));
            }
            Ending::Unusable.into()
        }
        Err(failure) => {
            eprintln!("lictor: {}", plain::shown(&failure.to_string()));
            Ending::Unusable.into()
        }
    }
}

fn run(out: &mut dyn Write) -> Result<Ending, Failure> {
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
    match chosen {
        Some((command, rest)) => (command.run)(rest, out),
        None => Err(Failure::Usage("expected a command".to_owned())),
    }
}
