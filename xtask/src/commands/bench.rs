//! `cargo xtask bench`: the engine alone with criterion, then the filter in a real Envoy.

use crate::failure::Failure;
use crate::module::{self, Module};
use crate::program::Program;
use crate::setup::{envoy, wasm_toolchain};
use crate::steps::Steps;
use crate::workspace::Workspace;

/// Runs all benches; arguments go to criterion.
pub fn run(workspace: &Workspace, arguments: &[String]) -> Result<(), Failure> {
    let mut steps = Steps::start();
    steps.run("engine benches", || engine(workspace, arguments));
    let modules = steps.run("wasm modules", || {
        let toolchain = wasm_toolchain::find(workspace)?;
        module::build(workspace, toolchain, &Module::LICTOR)?;
        module::build(workspace, toolchain, &Module::EMPTY)
    });
    if modules.is_some() {
        steps.run("load bench in Envoy", || load(workspace));
    }
    steps.finish()
}

fn engine(workspace: &Workspace, arguments: &[String]) -> Result<(), Failure> {
    Program::cargo(workspace.root())
        .words("bench --locked --package lictor-benches --benches --")
        .arguments(arguments)
        .run()
}

fn load(workspace: &Workspace) -> Result<(), Failure> {
    Program::cargo(workspace.root())
        .words("run --quiet --locked --release --package lictor-benches --bin load")
        .variable("ENVOY_BIN", envoy::find(workspace)?)
        .variable("LICTOR_WASM", Module::LICTOR.path(workspace))
        .variable("EMPTY_FILTER_WASM", Module::EMPTY.path(workspace))
        .run()
}
