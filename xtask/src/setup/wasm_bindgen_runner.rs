//! `wasm-bindgen-test-runner`, which cargo calls to run tests compiled to wasm.
//!
//! Always of the version that `Cargo.lock` names: it refuses modules of any other.

use std::path::PathBuf;

use crate::failure::Failure;
use crate::workspace::Workspace;

use super::cargo_install::{self, Lock};
use super::say;

/// The path of the runner.
///
/// # Errors
///
/// When it is neither there nor can be built.
pub fn find(workspace: &Workspace) -> Result<PathBuf, Failure> {
    let version = workspace.locked_version("wasm-bindgen")?;
    // The lock file it ships names a version of a dependency that no longer exists.
    let runner = cargo_install::command(
        workspace,
        "wasm-bindgen-cli",
        &version,
        Lock::Ignored,
        "wasm-bindgen-test-runner",
    )?;
    say(format_args!("wasm-bindgen-test-runner {version}"));
    Ok(runner)
}
