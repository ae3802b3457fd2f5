//! Node.js, which runs the engine's tests compiled to wasm.

use crate::failure::Failure;
use crate::program::{self, Program};

use super::{Version, apt, say};

// The first with WebAssembly exceptions, reference types and multiple values all at once.
const OLDEST: Version = Version(18, 0);

/// Makes sure that `node` is on the PATH.
///
/// # Errors
///
/// When it is not, or is too old, and can't be installed.
pub fn find() -> Result<(), Failure> {
    if version().is_none() && apt::is_there() {
        apt::install(&["nodejs"])?;
    }
    match version() {
        Some(found) if found >= OLDEST => {
            say(format_args!("node {found}"));
            Ok(())
        }
        _ => Err(Failure::missing(
            format!("node {OLDEST} or newer"),
            "install Node.js from your system's packages and see that `node` is on the PATH",
        )),
    }
}

fn version() -> Option<Version> {
    program::find("node")?;
    Version::first_in(&Program::new("node").argument("--version").output().ok()?)
}
