//! How a command ended, as its exit code says it.

use std::path::PathBuf;
use std::process::ExitCode;
use std::{fmt, io};

use crate::finding::Finding;

/// How a command ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    /// Everything was told: exit code 0.
    Clear,
    /// Something was refused, or could not be told: exit code 1.
    Found,
    /// The command line or its input makes no sense: exit code 2.
    Unusable,
}

impl From<Ending> for ExitCode {
    fn from(ending: Ending) -> Self {
        Self::from(match ending {
            Ending::Clear => 0,
            Ending::Found => 1,
            Ending::Unusable => 2,
        })
    }
}

/// Why a command could not do its work. Always exit code 2.
#[derive(Debug)]
pub enum Failure {
    /// The command line or its input makes no sense; says what was expected.
    Usage(String),
    /// Files that hold mistakes: every one.
    Findings(Vec<Finding>),
    /// A file that can't be read.
    File(PathBuf, io::Error),
    /// The output can't be written.
    Output(io::Error),
}

impl From<io::Error> for Failure {
    fn from(source: io::Error) -> Self {
        Self::Output(source)
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Usage(message) => out.write_str(message),
            Self::Findings(findings) => {
                for finding in findings {
                    writeln!(out, "{}: {}", finding.source.name, finding.mistake)?;
                }
                Ok(())
            }
            Self::File(path, source) => write!(out, "`{}`: {source}", path.display()),
            Self::Output(source) => write!(out, "the output can't be written: {source}"),
        }
    }
}

impl std::error::Error for Failure {}
