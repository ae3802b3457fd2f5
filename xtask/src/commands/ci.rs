//! `cargo xtask ci`: what must pass before a merge, the same here as on a build machine.

use std::path::PathBuf;

use crate::failure::Failure;
use crate::module::{self, Module};
use crate::program::Program;
use crate::setup::cargo_deny;
use crate::setup::wasm_toolchain::{self, TARGET, WasmToolchain};
use crate::steps::Steps;
use crate::workspace::Workspace;

use super::{test, wasm};

/// Runs everything and names what failed.
pub fn run(workspace: &Workspace, arguments: &[String]) -> Result<(), Failure> {
    super::without_arguments(arguments)?;
    let mut steps = Steps::start();
    let cargo = |words: &str| Program::cargo(workspace.root()).words(words);
    steps.run("format", || cargo("fmt --all --check").run());
    steps.run("clippy", || {
        cargo("clippy --workspace --all-targets --all-features --locked -- -D warnings").run()
    });
    steps.run("docs", || {
        cargo("doc --workspace --no-deps --locked")
            .variable("RUSTDOCFLAGS", "-D warnings")
            .run()
    });
    let toolchain = steps.run("wasm toolchain", || wasm_toolchain::find(workspace));
    clippy_for_wasm(workspace, &mut steps, toolchain);
    test::all(workspace, &mut steps, toolchain);
    steps.run("fuzz", || {
        cargo("run --quiet --locked --package lictor-fuzz -- --seconds 60 --inputs 50000").run()
    });
    steps.run("size of lictor.wasm", || wasm::check_size(workspace));
    steps.run("load time of lictor.wasm", || {
        wasm::print_load_time(workspace)
    });
    benches(workspace, &mut steps, toolchain);
    dependencies(workspace, &mut steps);
    steps.finish()
}

fn clippy_for_wasm(workspace: &Workspace, steps: &mut Steps, toolchain: Option<WasmToolchain>) {
    const NAME: &str = "clippy for wasm";
    match toolchain {
        Some(toolchain) if toolchain.has_clippy() => {
            steps.run(NAME, || {
                toolchain
                    .cargo(workspace)
                    .words("clippy -Z build-std=std,panic_unwind --profile wasm --all-features --locked")
                    .words("--package lictor-filter --package lictor-empty-filter --target")
                    .words(TARGET)
                    .words("-- -D warnings")
                    .variable("RUSTFLAGS", module::flags())
                    .variable("CARGO_TARGET_DIR", workspace.path("target/wasm"))
                    .run()
            });
        }
        _ => steps.not_run(
            NAME,
            "this toolchain has no clippy; the native one has checked the filter",
        ),
    }
}

fn benches(workspace: &Workspace, steps: &mut Steps, toolchain: Option<WasmToolchain>) {
    steps.run("benches compile", || {
        Program::cargo(workspace.root())
            .words("bench --no-run --locked --package lictor-benches")
            .run()?;
        let toolchain =
            toolchain.ok_or_else(|| Failure::missing("a wasm toolchain", "see above"))?;
        module::build(workspace, toolchain, &Module::EMPTY)
    });
}

fn dependencies(workspace: &Workspace, steps: &mut Steps) {
    let Some(deny) = steps.run("cargo-deny", || cargo_deny::find(workspace)) else {
        return;
    };
    steps.run("licences, bans, sources", || {
        check(workspace, &deny, "check licenses bans sources").run()
    });
    // The database is a repository on another host than the crates, so it may be out of reach
    // where everything else is not.
    match check(workspace, &deny, "fetch db").run() {
        Ok(()) => {
            steps.run("advisories", || {
                check(workspace, &deny, "check --disable-fetch advisories").run()
            });
        }
        Err(_) => steps.not_run("advisories", "the advisory database can't be reached"),
    }
}

fn check(workspace: &Workspace, deny: &PathBuf, words: &str) -> Program {
    Program::new(deny)
        .folder(workspace.root())
        .words("--all-features")
        .words(words)
}
