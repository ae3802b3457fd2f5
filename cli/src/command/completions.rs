//! `lictor completions`: a shell to the script that completes the command line in it.

use std::io::Write;

use clap::{Arg, ArgMatches, value_parser};
use clap_complete::Shell;

use crate::ending::{Ending, Failure};

/// What the command takes.
pub fn arguments(command: clap::Command) -> clap::Command {
    command
        .arg(
            Arg::new("shell")
                .value_name("SHELL")
                .required(true)
                .value_parser(value_parser!(Shell))
                .help("The shell"),
        )
        .after_help("Example: lictor completions bash > /etc/bash_completion.d/lictor")
}

/// Prints the script.
pub fn run(matches: &ArgMatches, out: &mut dyn Write) -> Result<Ending, Failure> {
    let shell = matches.get_one::<Shell>("shell").copied();
    let shell = shell.ok_or_else(|| Failure::Usage("expected a shell".to_owned()))?;
    // The generator panics where it can't write.
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut super::line(), "lictor", &mut script);
    out.write_all(&script)?;
    Ok(Ending::Clear)
}
