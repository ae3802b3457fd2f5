//! Faults on demand, for tests only: a header field says where to panic or to trap.

use std::cell::Cell;

use lictor_engine::message::Headers;

/// A callback.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Phase {
    /// Request headers.
    RequestHeaders,
    /// Request body.
    RequestBody,
    /// The body of the answer.
    ResponseBody,
    /// The end of the exchange.
    Log,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fault {
    Panic,
    Trap,
}

thread_local! {
    // One virtual machine runs one callback at a time, and the tests that use this send one
    // request at a time.
    static PLANNED: Cell<Option<(Fault, Phase)>> = const { Cell::new(None) };
}

/// Reads `x-lictor-fault: panic-request-body` and the like.
pub fn plan(headers: &Headers) {
    let planned = match headers.first("x-lictor-fault") {
        Some(b"panic" | b"panic-request-headers") => Some((Fault::Panic, Phase::RequestHeaders)),
        Some(b"panic-request-body") => Some((Fault::Panic, Phase::RequestBody)),
        Some(b"panic-response-body") => Some((Fault::Panic, Phase::ResponseBody)),
        Some(b"panic-log") => Some((Fault::Panic, Phase::Log)),
        Some(b"trap" | b"trap-request-headers") => Some((Fault::Trap, Phase::RequestHeaders)),
        Some(b"trap-request-body") => Some((Fault::Trap, Phase::RequestBody)),
        _ => None,
    };
    PLANNED.set(planned);
}

/// Does what was planned for this callback.
#[expect(clippy::panic, reason = "that is what this is for")]
pub fn strike(phase: Phase) {
    match PLANNED.get() {
        Some((Fault::Panic, planned)) if planned == phase => {
            PLANNED.set(None);
            panic!("a fault was asked for");
        }
        Some((Fault::Trap, planned)) if planned == phase => {
            PLANNED.set(None);
            #[cfg(target_arch = "wasm32")]
            core::arch::wasm32::unreachable();
        }
        _ => {}
    }
}
