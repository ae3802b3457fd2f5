//! Why a command stopped, in words that say what to do next.
//!
//! Every failure names the thing that is missing or the command that failed; nothing here is
//! ever shown as a Rust value.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};
use std::process::ExitStatus;

/// What stopped a command.
#[derive(Debug)]
pub enum Failure {
    /// Something that can't be found or installed, and how a person can get it.
    Missing {
        /// The thing, as a person would call it.
        thing: String,
        /// What to do about it.
        remedy: String,
    },
    /// A program that could not be started.
    Start {
        /// The command line.
        command: String,
        /// What the system said.
        source: io::Error,
    },
    /// A program that ended with an error.
    Exit {
        /// The command line.
        command: String,
        /// How it ended.
        status: ExitStatus,
    },
    /// A file or folder that could not be read or written.
    File {
        /// Which one.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// A result outside what we hold ourselves to, or input nobody can make sense of.
    Refused(String),
}

impl Failure {
    /// Something is missing; `remedy` says how to get it.
    pub fn missing(thing: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self::Missing {
            thing: thing.into(),
            remedy: remedy.into(),
        }
    }

    /// The command line makes no sense.
    pub fn usage(message: impl Into<String>) -> Self {
        Self::Refused(message.into())
    }

    /// For `map_err` on file operations.
    pub fn file(path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_owned();
        move |source| Self::File { path, source }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing { thing, remedy } => write!(out, "{thing} is missing\n  {remedy}"),
            Self::Start { command, source } => write!(out, "can't start `{command}`: {source}"),
            Self::Exit { command, status } => write!(out, "`{command}` failed ({status})"),
            Self::File { path, source } => write!(out, "{}: {source}", path.display()),
            Self::Refused(message) => out.write_str(message),
        }
    }
}

impl std::error::Error for Failure {}
