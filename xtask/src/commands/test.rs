//! `cargo xtask test`: every test there is, natively, in wasm and through a real Envoy.

use std::path::PathBuf;

use crate::failure::Failure;
use crate::module::{self, Module};
use crate::program::Program;
use crate::setup::wasm_toolchain::{self, TARGET, WasmToolchain};
use crate::setup::{envoy, etcd, node, peers, postgraphile, postgres, wasm_bindgen_runner};
use crate::steps::Steps;
use crate::workspace::Workspace;

/// Runs all tests and names what failed.
pub fn run(workspace: &Workspace, arguments: &[String]) -> Result<(), Failure> {
    super::without_arguments(arguments)?;
    let mut steps = Steps::start();
    let toolchain = steps.run("wasm toolchain", || wasm_toolchain::find(workspace));
    all(workspace, &mut steps, toolchain);
    steps.finish()
}

/// The steps of this command, as `ci` runs them too.
pub fn all(workspace: &Workspace, steps: &mut Steps, toolchain: Option<WasmToolchain>) {
    let tools = steps.run("what the tests need", || Tools::find(workspace));
    let modules = toolchain.and_then(|toolchain| {
        steps.run("wasm modules", || {
            module::build(workspace, toolchain, &Module::LICTOR)?;
            module::build(workspace, toolchain, &Module::FAULTS)
        })
    });
    match tools.zip(modules) {
        Some((tools, ())) => {
            steps.run("native and Envoy tests", || native(workspace, &tools));
        }
        None => steps.not_run("native and Envoy tests", "a tool or a module is missing"),
    }
    if let Some(toolchain) = toolchain {
        steps.run("engine tests in wasm", || {
            engine_in_wasm(workspace, toolchain)
        });
    }
}

/// What the tests run against, each as an environment variable names it.
struct Tools([(&'static str, PathBuf); 5]);

impl Tools {
    fn find(workspace: &Workspace) -> Result<Self, Failure> {
        Ok(Self([
            ("ENVOY_BIN", envoy::find(workspace)?),
            ("POSTGRES_BIN", postgres::find()?),
            ("ETCD_BIN", etcd::find(workspace)?),
            ("PEERS_PYTHON", peers::find(workspace)?),
            ("POSTGRAPHILE", postgraphile::find(workspace)?),
        ]))
    }
}

fn native(workspace: &Workspace, Tools(tools): &Tools) -> Result<(), Failure> {
    let test = Program::cargo(workspace.root())
        .words("test --locked --no-fail-fast")
        .variable("LICTOR_WASM", Module::LICTOR.path(workspace))
        .variable("LICTOR_WASM_FAULTS", Module::FAULTS.path(workspace));
    let with = |test: Program, (name, path): &(&str, PathBuf)| test.variable(name, path);
    tools.iter().fold(test, with).run()
}

fn engine_in_wasm(workspace: &Workspace, toolchain: WasmToolchain) -> Result<(), Failure> {
    node::find()?;
    let runner = wasm_bindgen_runner::find(workspace)?;
    toolchain
        .cargo(workspace)
        .words("test -Z build-std=std,panic_abort --locked --lib")
        .words("--package lictor-decide --package lictor-engine --target")
        .words(TARGET)
        .without_variable("RUSTFLAGS")
        .variable("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER", runner)
        .variable("CARGO_TARGET_DIR", workspace.path("target/wasm"))
        // Seconds for one test. The default of 20 is short for a busy machine.
        .variable("WASM_BINDGEN_TEST_TIMEOUT", "300")
        .run()
}
