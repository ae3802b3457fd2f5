//! `lictor <command>`: a command line to an answer on standard output and an exit code.

use std::process::ExitCode;

fn main() -> ExitCode {
    lictor_cli::main()
}
