//! PostGraphile, a GraphQL server over a PostgreSQL: from npm, kept in `target/tools`.

use std::path::PathBuf;

use crate::failure::Failure;
use crate::program::{self, Program};
use crate::workspace::Workspace;

use super::{apt, node, say};

/// Exact, so that everybody gets the same schema for the same tables.
const PACKAGE: &str = "postgraphile@4.14.1";

/// The program as a script for `node`.
///
/// # Errors
///
/// When there is no Node.js, or npm can't get it.
pub fn find(workspace: &Workspace) -> Result<PathBuf, Failure> {
    node::find()?;
    let folder = workspace.tool(&PACKAGE.replace('@', "-"));
    let script = folder.join("node_modules/postgraphile/cli.js");
    if script.is_file() {
        say(PACKAGE);
        return Ok(script);
    }
    if program::find("npm").is_none() && apt::is_there() {
        apt::install(&["npm"])?;
    }
    say(format_args!("installing {PACKAGE} into target/tools"));
    Program::new("npm")
        .words("install --silent --no-audit --no-fund --prefix")
        .argument(&folder)
        .argument(PACKAGE)
        .run()?;
    Ok(script)
}
