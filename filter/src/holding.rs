//! Whether Envoy holds the headers of a request until its body is judged.
//!
//! With `allow_on_headers_stop_iteration: true` it does. Without, a filter that pauses in the
//! headers never sees the body and the request hangs. Nothing tells a filter which of the two
//! holds, so it is found out: at start by a request to itself where a cluster for that is
//! configured, and by the first body that arrives after a pause.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::rc::{Rc, Weak};

use proxy_wasm::types::LogLevel;

use crate::exchange::Exchange;
use crate::host;
use crate::metrics::Metrics;

/// What is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Headers {
    /// Not found out yet.
    Unknown = 0,
    /// They are held.
    Held = 1,
    /// They are not, so a request with a body can't be judged in time.
    NotHeld = 2,
}

/// How long a request may wait for its body while nothing is known, in nanoseconds.
const PATIENCE_NS: u64 = 5_000_000_000;

/// What is known, and the requests that wait for their body meanwhile.
#[derive(Debug)]
pub struct Holding {
    headers: Cell<Headers>,
    waiting: RefCell<BTreeMap<u32, Waiting>>,
}

/// A request that waits for its body.
#[derive(Debug)]
struct Waiting {
    since_ns: u64,
    exchange: Weak<RefCell<Exchange>>,
}

impl Default for Holding {
    fn default() -> Self {
        Self {
            headers: Cell::new(Headers::Unknown),
            waiting: RefCell::default(),
        }
    }
}

impl Holding {
    /// What is known.
    pub fn headers(&self) -> Headers {
        self.headers.get()
    }

    /// Notes what was found out, in a metric and in the log.
    pub fn found(&self, headers: Headers, metrics: &Metrics) {
        if self.headers.replace(headers) == headers {
            return;
        }
        metrics.set("lictor_headers_held", headers as u64);
        match headers {
            Headers::Unknown => {}
            Headers::Held => {
                host::log(LogLevel::Info, "lictor: headers are held until the verdict")
            }
            Headers::NotHeld => host::log(
                LogLevel::Error,
                "lictor: headers are not held, requests with a body are refused: set \
                 allow_on_headers_stop_iteration: true in the plugin configuration",
            ),
        }
        if headers == Headers::Held {
            self.waiting.borrow_mut().clear();
        }
    }

    /// A request pauses in its headers.
    pub fn waits(&self, context: u32, exchange: Weak<RefCell<Exchange>>) {
        if self.headers() == Headers::Unknown {
            self.waiting.borrow_mut().insert(
                context,
                Waiting {
                    since_ns: host::now_ns(),
                    exchange,
                },
            );
        }
    }

    /// A request waits no longer.
    pub fn ended(&self, context: u32) {
        if self.headers() != Headers::Held {
            self.waiting.borrow_mut().remove(&context);
        }
    }

    /// Requests that have waited too long, or in vain.
    pub fn given_up(&self) -> Vec<(u32, Rc<RefCell<Exchange>>)> {
        let now = host::now_ns();
        let is_over = |since: u64| {
            self.headers() == Headers::NotHeld || now.saturating_sub(since) >= PATIENCE_NS
        };
        let mut over = Vec::new();
        self.waiting.borrow_mut().retain(|&context, waiting| {
            if is_over(waiting.since_ns) {
                over.extend(
                    waiting
                        .exchange
                        .upgrade()
                        .map(|exchange| (context, exchange)),
                );
                return false;
            }
            true
        });
        over
    }
}
