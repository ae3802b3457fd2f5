//! A Rust toolchain that builds for `wasm32-unknown-unknown` with unwinding panics.
//!
//! No prebuilt standard library for that target unwinds, so the library is built from its
//! source: the active toolchain with its `rust-src` component, or else Debian's packages.

use std::fs;
use std::path::{Path, PathBuf};

use crate::failure::Failure;
use crate::program::{self, Program};
use crate::workspace::Workspace;

use super::{Version, apt, say};

/// The target of everything that runs inside Envoy.
pub const TARGET: &str = "wasm32-unknown-unknown";

const DEBIAN_CARGO: &str = "/usr/bin/cargo";
const DEBIAN_RUSTC: &str = "/usr/bin/rustc";
const DEBIAN_LINKER: &str = "wasm-ld-19";
const DEBIAN_PACKAGES: [&str; 5] = [
    "rustc-web",
    "cargo-web",
    "rust-web-src",
    "libstd-rust-web-dev",
    "lld-19",
];
// The `rust-version` of the workspace.
const OLDEST: Version = Version(1, 95);

const REMEDY: &str = "with rustup: `rustup component add rust-src`\n  \
    on Debian or Ubuntu: `apt-get install rustc-web cargo-web rust-web-src libstd-rust-web-dev lld-19`";

/// Which toolchain builds for wasm.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WasmToolchain {
    /// The one that runs this command.
    Active,
    /// Debian's own, next to the active one.
    Debian,
}

/// Finds a toolchain, or makes one complete.
///
/// # Errors
///
/// When neither way is to be had; names both.
pub fn find(workspace: &Workspace) -> Result<WasmToolchain, Failure> {
    let remembered = workspace.tool("wasm-toolchain");
    if active_has_source(workspace) {
        say("the active toolchain, with its rust-src component");
        return Ok(WasmToolchain::Active);
    }
    if remembered.is_file() && debian_is_complete() {
        say("Debian's rustc, as in an earlier run");
        return Ok(WasmToolchain::Debian);
    }
    if add_component(workspace) {
        return Ok(WasmToolchain::Active);
    }
    install_debian()?;
    remember(&remembered)?;
    Ok(WasmToolchain::Debian)
}

impl WasmToolchain {
    /// `cargo` of this toolchain, set up so that it may build the standard library.
    pub fn cargo(self, workspace: &Workspace) -> Program {
        let cargo = match self {
            Self::Active => Program::cargo(workspace.root()),
            Self::Debian => debian_cargo(workspace),
        };
        // `-Z build-std` is the one unstable option we use, and no stable release takes it.
        cargo
            .variable("RUSTC_BOOTSTRAP", "1")
            .without_variable("CARGO_ENCODED_RUSTFLAGS")
    }

    /// Whether this toolchain brings clippy.
    pub const fn has_clippy(self) -> bool {
        matches!(self, Self::Active)
    }
}

fn active_has_source(workspace: &Workspace) -> bool {
    Program::new("rustc")
        .words("--print sysroot")
        .folder(workspace.root())
        .output()
        .is_ok_and(|sysroot| has_source(Path::new(sysroot.trim())))
}

fn has_source(sysroot: &Path) -> bool {
    sysroot
        .join("lib/rustlib/src/rust/library/Cargo.lock")
        .is_file()
}

fn add_component(workspace: &Workspace) -> bool {
    if program::find("rustup").is_none() {
        return false;
    }
    say("adding rust-src to the active toolchain");
    let added = Program::new("rustup")
        .words("component add rust-src")
        .variable("RUSTUP_MAX_RETRIES", "1")
        .without_variable("RUST_BACKTRACE")
        .folder(workspace.root())
        .run();
    let is_complete = added.is_ok() && active_has_source(workspace);
    if !is_complete {
        say("that failed: looking for Debian's packages instead");
    }
    is_complete
}

fn debian_cargo(workspace: &Workspace) -> Program {
    let mut cargo = Program::new(DEBIAN_CARGO)
        .folder(workspace.root())
        .variable("RUSTC", DEBIAN_RUSTC)
        .variable("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER", DEBIAN_LINKER);
    // What rustup and the outer cargo put there belongs to another compiler.
    for name in [
        "CARGO",
        "LD_LIBRARY_PATH",
        "RUSTC_WRAPPER",
        "RUSTC_WORKSPACE_WRAPPER",
        "RUSTUP_TOOLCHAIN",
    ] {
        cargo = cargo.without_variable(name);
    }
    cargo
}

fn debian_is_complete() -> bool {
    let version = Program::new(DEBIAN_RUSTC)
        .argument("--version")
        .without_variable("LD_LIBRARY_PATH")
        .output();
    version.is_ok_and(|text| Version::first_in(&text).is_some_and(|found| found >= OLDEST))
        && PathBuf::from(DEBIAN_CARGO).is_file()
        && has_source(Path::new("/usr"))
        && program::find(DEBIAN_LINKER).is_some()
}

fn install_debian() -> Result<(), Failure> {
    let missing = || Failure::missing("a Rust standard library for wasm32", REMEDY);
    if !debian_is_complete() {
        if !apt::is_there() {
            return Err(missing());
        }
        apt::install(&DEBIAN_PACKAGES).map_err(|failure| {
            say(failure);
            missing()
        })?;
    }
    if !debian_is_complete() {
        return Err(missing());
    }
    say("Debian's rustc");
    Ok(())
}

fn remember(file: &Path) -> Result<(), Failure> {
    if let Some(folder) = file.parent() {
        fs::create_dir_all(folder).map_err(Failure::file(folder))?;
    }
    fs::write(file, "debian\n").map_err(Failure::file(file))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn remedy_names_every_package_that_would_be_installed() {
        for package in DEBIAN_PACKAGES {
            assert!(REMEDY.contains(package), "`{package}` is not in the remedy");
        }
    }
}
