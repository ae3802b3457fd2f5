//! What goes wrong on the host's side, as a refusal of the call that it struck.

use crate::refusal::Refusal;

/// What went wrong on the host's side.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HostFault {
    /// A callback panicked.
    Panic,
    /// The host would not hand over what the decision needs.
    Unreadable,
    /// Envoy does not hold headers, so a verdict on the body would come too late.
    HeadersNotHeld,
}

impl HostFault {
    pub(super) const fn refusal(self) -> Refusal {
        const AGAIN: &str = "try again, and tell the operator the record's id";
        match self {
            Self::Panic => {
                Refusal::with_status(500, "host.panic", "the guard failed on this call", AGAIN)
            }
            Self::Unreadable => Refusal::with_status(
                500,
                "host.unreadable",
                "expected the proxy to hand over the whole request",
                AGAIN,
            ),
            Self::HeadersNotHeld => Refusal::with_status(
                500,
                "host.headers_not_held",
                "expected a proxy that holds headers until the body is judged",
                "the operator sets allow_on_headers_stop_iteration: true in the plugin configuration",
            ),
        }
    }
}
