//! The table of commands: what `cargo xtask help` prints and what the command line is matched
//! against.

mod accuracy;
mod bench;
mod ci;
mod demo;
mod test;
mod wasm;

use crate::failure::Failure;
use crate::workspace::Workspace;

/// One command of `cargo xtask`.
pub struct Command {
    /// What a person types.
    pub name: &'static str,
    /// One line for the help.
    pub about: &'static str,
    /// Does it, with the arguments after the name.
    pub run: fn(&Workspace, &[String]) -> Result<(), Failure>,
}

/// Every command, in the order of a newcomer's interest.
pub const COMMANDS: &[Command] = &[
    Command {
        name: "demo",
        about: "tells the story in a real Envoy; `--serve` leaves it running",
        run: demo::run,
    },
    Command {
        name: "test",
        about: "runs every test: native, engine in wasm, real Envoy",
        run: test::run,
    },
    Command {
        name: "wasm",
        about: "builds target/lictor.wasm, prints its size and load time",
        run: wasm::run,
    },
    Command {
        name: "bench",
        about: "measures the engine natively and the filter in Envoy",
        run: bench::run,
    },
    Command {
        name: "accuracy",
        about: "scores `lictor sql` on labelled statements; `--corpora FOLDER` says where",
        run: accuracy::run,
    },
    Command {
        name: "ci",
        about: "runs everything that must pass before a merge",
        run: ci::run,
    },
];

/// Refuses arguments on behalf of commands that take none.
fn without_arguments(arguments: &[String]) -> Result<(), Failure> {
    match arguments.first() {
        None => Ok(()),
        Some(argument) => Err(Failure::usage(format!("unexpected argument `{argument}`"))),
    }
}
