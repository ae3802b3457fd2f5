//! A real Envoy as a value: started from a configuration of this repository, ended when dropped.
//!
//! Several may run side by side; each has its own ports, its own folder and its own access log.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;
use std::{fmt, io};

use crate::deadline::TimedOut;
use crate::workspace::Folder;

pub mod access_log;
pub mod admin;
pub mod binary;
pub mod extension;
pub mod launch;
pub mod process;

mod port;
mod template;

use self::access_log::AccessLog;
use self::admin::Admin;
use self::extension::Extension;
use self::port::Reservation;
use self::process::Process;

/// A running Envoy.
pub struct Envoy {
    // Before the rest: fields drop in this order, and the process uses all of them.
    process: Process,
    listener: Reservation,
    admin: Admin,
    access_log: AccessLog,
    extension: Extension,
    ready_after: Duration,
    _folder: Folder,
}

impl Envoy {
    /// Where clients connect.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.listener.address()
    }

    /// Its admin interface.
    #[must_use]
    pub fn admin(&self) -> &Admin {
        &self.admin
    }

    /// What it logged.
    #[must_use]
    pub fn access_log(&self) -> &AccessLog {
        &self.access_log
    }

    /// The filter's configuration, which can be replaced.
    #[must_use]
    pub fn extension(&self) -> &Extension {
        &self.extension
    }

    /// The process, for its memory, its time and its log.
    #[must_use]
    pub fn process(&self) -> &Process {
        &self.process
    }

    /// How long it took from start until it served.
    #[must_use]
    pub fn ready_after(&self) -> Duration {
        self.ready_after
    }
}

/// Why there is no Envoy.
#[derive(Debug)]
pub enum LaunchError {
    /// No binary was found.
    NoBinary,
    /// A placeholder of a configuration has no value.
    NoValue(String),
    /// The text that a test wanted changed does not stand exactly once in the configuration.
    NoSuchText(String),
    /// It ended at once; its own last words.
    Ended(String),
    /// It did not get ready; its own last words.
    NotReady(TimedOut, String),
    /// A file or a port could not be used.
    File(PathBuf, io::Error),
}

impl fmt::Display for LaunchError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoBinary => write!(
                out,
                "no Envoy found: `cargo xtask test` gets one, or set ENVOY_BIN, or put `envoy` on the PATH"
            ),
            Self::NoValue(name) => write!(out, "placeholder `{name}` has no value"),
            Self::NoSuchText(text) => {
                write!(
                    out,
                    "`{text}` does not stand exactly once in the configuration"
                )
            }
            Self::Ended(words) => write!(out, "envoy ended at its start:\n{words}"),
            Self::NotReady(cause, words) => write!(out, "{cause}:\n{words}"),
            Self::File(path, cause) => write!(out, "`{}`: {cause}", path.display()),
        }
    }
}

impl std::error::Error for LaunchError {}
