//! A command from crates.io in a folder of its own below `target/tools`.

use std::fs;
use std::path::PathBuf;

use crate::failure::Failure;
use crate::program::Program;
use crate::workspace::Workspace;

/// Whether the lock file that a crate ships is used.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Lock {
    /// As published.
    Kept,
    /// Resolved anew.
    Ignored,
}

/// The path of one command of an exact version of a crate, which is built unless it is there.
///
/// # Errors
///
/// When cargo can't fetch or build it.
pub fn command(
    workspace: &Workspace,
    package: &str,
    version: &str,
    lock: Lock,
    name: &str,
) -> Result<PathBuf, Failure> {
    let folder = workspace.tool(&format!("{package}-{version}"));
    let file = folder.join("bin").join(name);
    if file.is_file() {
        return Ok(file);
    }
    super::say(format_args!(
        "building {package} {version}, which takes a few minutes once"
    ));
    // A folder that outlives an interruption, so that the next attempt goes on from there.
    let build = workspace.tool("build");
    let mut install = Program::cargo(workspace.root())
        .argument("install")
        .argument(package)
        .arguments(&["--version".to_owned(), format!("={version}")])
        .argument("--root")
        .argument(&folder)
        .variable("CARGO_TARGET_DIR", &build);
    if lock == Lock::Kept {
        install = install.argument("--locked");
    }
    install.run()?;
    fs::remove_dir_all(&build).map_err(Failure::file(&build))?;
    Ok(file)
}
