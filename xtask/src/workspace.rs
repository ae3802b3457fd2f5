//! Where things are: the workspace's folders and the modules that the build leaves there.
//!
//! The one place that knows a path below `target/`.

use std::fs;
use std::path::{Path, PathBuf};

use crate::failure::Failure;

/// The checkout that this command belongs to.
pub struct Workspace {
    root: PathBuf,
}

impl Workspace {
    /// The workspace that `cargo xtask` was called in.
    pub fn locate() -> Result<Self, Failure> {
        // Cargo sets the variable for `cargo run`; the value from build time serves a binary
        // that is started by hand.
        let package = std::env::var_os("CARGO_MANIFEST_DIR")
            .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")), PathBuf::from);
        let root = package
            .parent()
            .filter(|root| root.join("Cargo.lock").is_file())
            .ok_or_else(|| {
                Failure::missing("the workspace", "run `cargo xtask` in a checkout of Lictor")
            })?;
        Ok(Self {
            root: root.to_owned(),
        })
    }

    /// The folder of the root manifest.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// A file or folder of the workspace.
    pub fn path(&self, relative: &str) -> PathBuf {
        self.root.join(relative)
    }

    /// A file that cargo built for this machine.
    pub fn built(&self, relative: &str) -> PathBuf {
        let target = std::env::var_os("CARGO_TARGET_DIR");
        let target = target.map_or_else(|| self.path("target"), PathBuf::from);
        target.join(relative)
    }

    /// The folder of one tool that we installed ourselves.
    pub fn tool(&self, name: &str) -> PathBuf {
        self.root.join("target/tools").join(name)
    }

    /// The exact version of a package in `Cargo.lock`.
    pub fn locked_version(&self, package: &str) -> Result<String, Failure> {
        let path = self.path("Cargo.lock");
        let lock = fs::read_to_string(&path).map_err(Failure::file(&path))?;
        version_in(&lock, package).ok_or_else(|| {
            Failure::missing(
                format!("`{package}` in Cargo.lock"),
                "restore the committed Cargo.lock",
            )
        })
    }
}

fn version_in(lock: &str, package: &str) -> Option<String> {
    let entry = lock.split_once(&format!("name = \"{package}\"\n"))?.1;
    let version = entry.strip_prefix("version = \"")?.split_once('"')?.0;
    Some(version.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn version_is_that_of_the_package_with_exactly_this_name() {
        let lock = "[[package]]\nname = \"wasm-bindgen-test\"\nversion = \"0.3.80\"\n\n\
                    [[package]]\nname = \"wasm-bindgen\"\nversion = \"0.2.130\"\n";
        assert_eq!(version_in(lock, "wasm-bindgen").as_deref(), Some("0.2.130"));
        assert_eq!(version_in(lock, "bindgen"), None);
    }
}
