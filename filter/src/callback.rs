//! The border around every callback: a panic becomes a value there.
//!
//! INVARIANT (one bad call costs one call): a panic that crossed into the host would take
//! down the virtual machine with every request in it.

use std::panic::{self, AssertUnwindSafe};

use proxy_wasm::types::LogLevel;

use crate::host;

/// What a callback says after it panicked.
#[derive(Debug, Clone, Copy)]
pub struct Panicked;

/// Runs the body of a callback.
pub fn caught<T>(body: impl FnOnce() -> T) -> Result<T, Panicked> {
    // Whoever called goes on only to end the exchange, never to use what the panic left.
    panic::catch_unwind(AssertUnwindSafe(body)).map_err(|_| Panicked)
}

/// Logs where a panic was. Its message stays out of the log: it could hold what a client sent.
pub fn install_panic_hook() {
    panic::set_hook(Box::new(|panic| {
        let place = panic.location();
        let (file, line) = place.map_or(("?", 0), |place| (place.file(), place.line()));
        host::log(
            LogLevel::Critical,
            &format!("lictor: panic at {file}:{line}"),
        );
    }));
}
