//! `cargo xtask wasm`: from the filter's source to `target/lictor.wasm`, with its size and the
//! time that Envoy takes to load it.
//!
//! A module above the size budget is a failure.

use std::fs;

use crate::failure::Failure;
use crate::load_time;
use crate::module::{self, Module};
use crate::setup::{envoy, wasm_toolchain};
use crate::steps::Steps;
use crate::workspace::Workspace;

// Envoy compiles a module at start, about a second for each two megabytes.
const SIZE_BUDGET_BYTES: u64 = 3 * 1024 * 1024;

/// Builds the module, then weighs and times it.
pub fn run(workspace: &Workspace, arguments: &[String]) -> Result<(), Failure> {
    super::without_arguments(arguments)?;
    let mut steps = Steps::start();
    if let Some(toolchain) = steps.run("wasm toolchain", || wasm_toolchain::find(workspace)) {
        let built = steps.run("build lictor.wasm", || {
            module::build(workspace, toolchain, &Module::LICTOR)
        });
        if built.is_some() {
            steps.run("size of lictor.wasm", || check_size(workspace));
            steps.run("load time of lictor.wasm", || print_load_time(workspace));
        }
    }
    steps.finish()
}

/// Prints the size of the module and holds it against the budget.
///
/// # Errors
///
/// When it is above.
pub fn check_size(workspace: &Workspace) -> Result<(), Failure> {
    let path = Module::LICTOR.path(workspace);
    let size_bytes = fs::metadata(&path).map_err(Failure::file(&path))?.len();
    println!(
        "    lictor.wasm: {size_bytes} bytes, {} % of the budget",
        size_bytes * 100 / SIZE_BUDGET_BYTES
    );
    if size_bytes > SIZE_BUDGET_BYTES {
        return Err(Failure::Refused(format!(
            "lictor.wasm is larger than {SIZE_BUDGET_BYTES} bytes"
        )));
    }
    Ok(())
}

/// Prints how much longer Envoy takes to start with the module in it.
pub fn print_load_time(workspace: &Workspace) -> Result<(), Failure> {
    let envoy = envoy::find(workspace)?;
    let measured = load_time::measure(workspace, &envoy)?;
    println!(
        "    Envoy is ready after {} ms with lictor.wasm and {} ms without: it loads in {} ms",
        measured.with.as_millis(),
        measured.without.as_millis(),
        measured.with.saturating_sub(measured.without).as_millis(),
    );
    Ok(())
}
