//! `cargo xtask demo`: the whole story on this machine, in a real Envoy.

use crate::failure::Failure;
use crate::module::{self, Module};
use crate::program::Program;
use crate::setup::{envoy, wasm_toolchain};
use crate::workspace::Workspace;

/// Makes everything the demo needs and runs it; arguments go to the demo.
pub fn run(workspace: &Workspace, arguments: &[String]) -> Result<(), Failure> {
    eprintln!("==> setup");
    let envoy = envoy::find(workspace)?;
    let toolchain = wasm_toolchain::find(workspace)?;
    eprintln!("==> lictor.wasm");
    module::build(workspace, toolchain, &Module::LICTOR)?;
    eprintln!("==> demo");
    Program::cargo(workspace.root())
        .words("run --quiet --locked --package lictor-lab --bin demo --")
        .arguments(arguments)
        .variable("ENVOY_BIN", envoy)
        .variable("LICTOR_WASM", Module::LICTOR.path(workspace))
        .run()
}
