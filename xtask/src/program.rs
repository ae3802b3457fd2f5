//! A child program: its command line as a person would type it, run to its end.
//!
//! Output goes straight to the terminal, so that long steps show their own progress. Children
//! never see what cargo told *us* about the package it was running.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::failure::Failure;

/// One run of a program.
pub struct Program {
    command: Command,
}

impl Program {
    /// A program by name (searched on the PATH) or by path.
    pub fn new(program: impl AsRef<OsStr>) -> Self {
        let mut command = Command::new(program);
        for (name, _) in std::env::vars_os() {
            if name.to_str().is_some_and(describes_our_own_package) {
                command.env_remove(name);
            }
        }
        Self { command }
    }

    /// `cargo` of the toolchain that `rust-toolchain.toml` names.
    pub fn cargo(root: &Path) -> Self {
        Self::new("cargo").folder(root)
    }

    /// Adds one argument.
    pub fn argument(mut self, argument: impl AsRef<OsStr>) -> Self {
        self.command.arg(argument);
        self
    }

    /// Adds arguments that hold no blanks, written as one text.
    pub fn words(mut self, words: &str) -> Self {
        self.command.args(words.split_whitespace());
        self
    }

    /// Adds arguments as they are.
    pub fn arguments(mut self, arguments: &[String]) -> Self {
        self.command.args(arguments);
        self
    }

    /// Sets a variable of the child's environment.
    pub fn variable(mut self, name: &str, value: impl AsRef<OsStr>) -> Self {
        self.command.env(name, value);
        self
    }

    /// Hides a variable from the child.
    pub fn without_variable(mut self, name: &str) -> Self {
        self.command.env_remove(name);
        self
    }

    /// Runs in this folder.
    pub fn folder(mut self, folder: &Path) -> Self {
        self.command.current_dir(folder);
        self
    }

    /// Runs to the end with the terminal as output.
    pub fn run(mut self) -> Result<(), Failure> {
        let line = self.line();
        eprintln!("    $ {line}");
        let status = self
            .command
            .stdin(Stdio::null())
            .status()
            .map_err(|source| Failure::Start {
                command: line.clone(),
                source,
            })?;
        if status.success() {
            Ok(())
        } else {
            Err(Failure::Exit {
                command: line,
                status,
            })
        }
    }

    /// Runs to the end and leaves what it printed in a file.
    pub fn into_file(mut self, path: &Path) -> Result<(), Failure> {
        let file = fs::File::create(path).map_err(Failure::file(path))?;
        self.command.stdout(file);
        self.run()
    }

    /// Runs silently to the end and returns what it printed.
    pub fn output(mut self) -> Result<String, Failure> {
        let command = self.line();
        let output = self
            .command
            .stdin(Stdio::null())
            .output()
            .map_err(|source| Failure::Start {
                command: command.clone(),
                source,
            })?;
        if output.status.success() {
            Ok(String::from_utf8_lossy(&output.stdout).into_owned())
        } else {
            Err(Failure::Exit {
                command,
                status: output.status,
            })
        }
    }

    fn line(&self) -> String {
        let program = Path::new(self.command.get_program());
        let shown = program.file_name().unwrap_or(program.as_os_str());
        let words = std::iter::once(shown).chain(self.command.get_args());
        words
            .map(OsStr::to_string_lossy)
            .collect::<Vec<_>>()
            .join(" ")
    }
}

/// The full path of a program on the PATH.
pub fn find(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path)
        .map(|folder| folder.join(name))
        .find(|file| file.is_file())
}

// Build scripts that watch these would otherwise run again for every outer command.
fn describes_our_own_package(variable: &str) -> bool {
    [
        "CARGO_MANIFEST_DIR",
        "CARGO_MANIFEST_PATH",
        "CARGO_BIN_NAME",
        "CARGO_CRATE_NAME",
        "CARGO_PRIMARY_PACKAGE",
    ]
    .contains(&variable)
        || variable.starts_with("CARGO_PKG_")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn command_line_reads_as_typed() {
        let program = Program::new("/usr/bin/cargo")
            .words("build  --release")
            .argument("a b");
        assert_eq!(program.line(), "cargo build --release a b");
    }

    #[test]
    fn what_the_user_set_for_cargo_is_kept() {
        assert!(describes_our_own_package("CARGO_PKG_NAME"));
        assert!(!describes_our_own_package("CARGO_TARGET_DIR"));
        assert!(!describes_our_own_package("CARGO_HOME"));
    }

    #[test]
    fn failing_program_is_named() {
        let failure = Program::new("false").output().expect_err("`false` fails");
        assert!(failure.to_string().contains("`false`"));
    }
}
