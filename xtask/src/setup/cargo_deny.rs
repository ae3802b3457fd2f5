//! `cargo-deny`, which checks licences, sources, bans and advisories of the dependency tree.

use std::path::PathBuf;

use crate::failure::Failure;
use crate::workspace::Workspace;

use super::cargo_install::{self, Lock};
use super::say;

const VERSION: &str = "0.20.2";

/// The path of `cargo-deny`.
///
/// # Errors
///
/// When it is neither there nor can be built.
pub fn find(workspace: &Workspace) -> Result<PathBuf, Failure> {
    let command =
        cargo_install::command(workspace, "cargo-deny", VERSION, Lock::Kept, "cargo-deny")?;
    say(format_args!("cargo-deny {VERSION}"));
    Ok(command)
}
