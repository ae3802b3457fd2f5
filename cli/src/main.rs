//! `lictor <command>`: a command line to an answer on standard output and an exit code.
//!
//! Guarantees that the exit code alone says how it went, and that the terminal is told nothing
//! that it could take for a command.

mod command;
mod ending;
mod paint;
mod plain;

use std::io::{self, BufWriter, ErrorKind, Write};
use std::process::ExitCode;

use command::COMMANDS;
use ending::{Ending, Failure};

fn main() -> ExitCode {
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
