//! The vendors' own clients, and servers that come as Python packages, at the versions that
//! `tests/peers/requirements.txt` names.
//!
//! A copy of that file in the environment says what is installed, so that a changed version is
//! noticed and a second run starts at once.

use std::fs;
use std::path::PathBuf;

use crate::failure::Failure;
use crate::workspace::Workspace;

use super::{python, say};

/// The interpreter that finds them.
///
/// # Errors
///
/// When they can't be had.
pub fn find(workspace: &Workspace) -> Result<PathBuf, Failure> {
    let wanted = workspace.path("tests/peers/requirements.txt");
    let packages = fs::read_to_string(&wanted).map_err(Failure::file(&wanted))?;
    let folder = workspace.tool("peers");
    let installed = folder.join("installed.txt");
    let interpreter = folder.join("bin/python3");
    if fs::read_to_string(&installed).is_ok_and(|installed| installed == packages) {
        say("the clients and servers of the tests, as in an earlier run");
        return Ok(interpreter);
    }
    say("installing clients and servers into target/tools, which takes a minute once");
    python::make_environment(&folder)?;
    python::installer(&folder)
        .argument("--requirement")
        .argument(&wanted)
        .run()?;
    fs::write(&installed, packages).map_err(Failure::file(&installed))?;
    Ok(interpreter)
}
