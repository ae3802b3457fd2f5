//! The table of commands: what the help prints and what the command line is matched against.

mod apis;
mod check;
mod completions;
mod explain;
mod fmt;
mod pin;
mod render;
mod replay;
mod schema;
mod sql;
mod test;

pub use apis::list as list_of_apis;

use std::io::Write;

use clap::ArgMatches;

use crate::ending::{Ending, Failure};

/// One command.
pub struct Command {
    /// What a person types.
    pub name: &'static str,
    /// One line for the help.
    pub about: &'static str,
    /// Adds what the command takes.
    pub arguments: fn(clap::Command) -> clap::Command,
    /// Does it.
    pub run: fn(&ArgMatches, &mut dyn Write) -> Result<Ending, Failure>,
}

/// Every command.
pub const COMMANDS: &[Command] = &[
    Command {
        name: "check",
        about: "Tell every mistake of policy files, and what is suspicious",
        arguments: check::arguments,
        run: check::run,
    },
    Command {
        name: "test",
        about: "Run cases against a policy",
        arguments: test::arguments,
        run: test::run,
    },
    Command {
        name: "explain",
        about: "Tell why a call is decided as it is",
        arguments: explain::arguments,
        run: explain::run,
    },
    Command {
        name: "replay",
        about: "Tell what a policy would change about calls that were made",
        arguments: replay::arguments,
        run: replay::run,
    },
    Command {
        name: "render",
        about: "Print a policy as Envoy, Istio or Envoy Gateway take it",
        arguments: render::arguments,
        run: render::run,
    },
    Command {
        name: "pin",
        about: "Print the fingerprints of an MCP server's tools",
        arguments: pin::arguments,
        run: pin::run,
    },
    Command {
        name: "fmt",
        about: "Put the keys of policies and cases in order",
        arguments: fmt::arguments,
        run: fmt::run,
    },
    Command {
        name: "schema",
        about: "Print the JSON Schema of the document, for editors",
        arguments: schema::arguments,
        run: schema::run,
    },
    Command {
        name: "sql",
        about: "Tell what a text of SQL would do",
        arguments: sql::arguments,
        run: sql::run,
    },
    Command {
        name: "apis",
        about: "Tell which APIs are known, or print the definition of one",
        arguments: apis::arguments,
        run: apis::run,
    },
    Command {
        name: "completions",
        about: "Print the completions of a shell",
        arguments: completions::arguments,
        run: completions::run,
    },
];

/// The whole command line.
pub fn line() -> clap::Command {
    let line = clap::Command::new("lictor")
        .about("A guard that knows what a call would do")
        .version(env!("CARGO_PKG_VERSION"))
        .subcommand_required(true)
        .arg_required_else_help(true);
    COMMANDS.iter().fold(line, |line, command| {
        let own = clap::Command::new(command.name).about(command.about);
        line.subcommand((command.arguments)(own))
    })
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_command_line_is_sound() {
        super::line().debug_assert();
    }

    /// Scripts rely on it; completions are a script themselves.
    #[test]
    fn every_command_speaks_json_and_is_documented() {
        let docs = include_str!("../../docs/cli.md");
        for command in super::COMMANDS {
            let line = (command.arguments)(clap::Command::new(command.name));
            let mut arguments = line.get_arguments();
            let has_json = arguments.any(|one| one.get_long() == Some("json"));
            assert!(
                has_json || command.name == "completions",
                "{}",
                command.name
            );
            let name = format!("| `lictor {}", command.name);
            assert!(
                docs.contains(&name),
                "{} is not in docs/cli.md",
                command.name
            );
        }
    }
}
