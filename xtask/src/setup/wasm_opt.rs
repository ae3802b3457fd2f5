//! `wasm-opt` of Binaryen, which makes a module a tenth smaller: from npm, kept in
//! `target/tools`.

use std::path::PathBuf;

use crate::program::{self, Program};
use crate::workspace::Workspace;

use super::say;

/// Exact, so that everybody builds the same module.
const PACKAGE: &str = "binaryen@132.0.0";

/// The program as a script for `node`; nothing where it can't be had. A module is as right
/// without it, only larger.
pub fn find(workspace: &Workspace) -> Option<PathBuf> {
    let folder = workspace.path("target/tools/binaryen");
    let script = folder.join("node_modules/binaryen/bin/wasm-opt");
    if script.exists() {
        return Some(script);
    }
    if program::find("node").is_none() || program::find("npm").is_none() {
        say("without npm the module is not made smaller");
        return None;
    }
    let installed = Program::new("npm")
        .words("install --silent --no-audit --no-fund --prefix")
        .argument(&folder)
        .argument(PACKAGE)
        .run();
    if installed.is_err() || !script.exists() {
        say("npm could not get Binaryen: the module is not made smaller");
        return None;
    }
    Some(script)
}
