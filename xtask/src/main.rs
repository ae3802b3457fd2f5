//! `cargo xtask <command>`: everything a contributor or the CI runs, from one table.
//!
//! Needs only the Rust toolchain and the standard library, because it is the first thing a
//! newcomer compiles; whatever else a command needs, `setup` finds or installs.

mod commands;
mod failure;
mod load_time;
mod module;
mod program;
mod setup;
mod steps;
mod workspace;

use std::process::ExitCode;

use commands::COMMANDS;
use failure::Failure;
use workspace::Workspace;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match run(&arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("\nerror: {failure}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &[String]) -> Result<(), Failure> {
    let Some((name, rest)) = arguments.split_first() else {
        print_usage();
        return Ok(());
    };
    if ["help", "--help", "-h"].contains(&name.as_str()) {
        print_usage();
        return Ok(());
    }
    let command = COMMANDS
        .iter()
        .find(|command| command.name == name)
        .ok_or_else(|| {
            Failure::usage(format!(
                "there is no command `{name}`, see `cargo xtask help`"
            ))
        })?;
    let rest = rest.strip_prefix(&["--".to_owned()]).unwrap_or(rest);
    (command.run)(&Workspace::locate()?, rest)
}

fn print_usage() {
    println!("usage: cargo xtask <command>\n");
    for command in COMMANDS {
        println!("  {:<8} {}", command.name, command.about);
    }
}
