//! The root context: takes in the configuration, makes exchanges, asks itself at start
//! whether headers are held.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::time::Duration;

use lictor_engine::config::{self, Guard};
use lictor_engine::protobuf;
use lictor_engine::record::Chain;
use lictor_engine::session::SELF_TEST_PATH;
use proxy_wasm::traits::{Context, HttpContext, RootContext};
use proxy_wasm::types::{ContextType, LogLevel, MapType};

use crate::callback::caught;
use crate::exchange::{Exchange, Stream};
use crate::holding::{Headers, Holding};
use crate::host;
use crate::metrics::Metrics;
use crate::record_id::RecordIds;

/// Filter state `wasm.lictor`: the record as a `google.protobuf.Struct`.
pub const RECORD: &str = "lictor";

/// What every exchange of one plugin configuration shares.
#[derive(Debug)]
pub struct Shared {
    /// The compiled document.
    pub guard: Rc<Guard>,
    /// The chain of records.
    pub chain: RefCell<Chain>,
    /// Makes the ids of records.
    pub record_ids: RecordIds,
    /// Metrics by name.
    pub metrics: Metrics,
    /// Whether headers are held.
    pub holding: Holding,
}

/// The root context.
#[derive(Debug, Default)]
pub struct Root {
    shared: Option<Rc<Shared>>,
    asked: Cell<u32>,
}

/// How often the filter calls itself before it leaves the question open: listeners may come
/// up late.
const QUESTIONS: u32 = 20;
const TICK_MS: u32 = 250;

impl Root {
    fn configure(&mut self, length: usize) -> bool {
        let Ok(bytes) = host::configuration(length) else {
            host::log(
                LogLevel::Error,
                "lictor: the configuration can't be read from the host",
            );
            return false;
        };
        let guard = match config::compile(&bytes) {
            Ok(guard) => guard,
            Err(mistakes) => {
                for mistake in mistakes {
                    host::log(
                        LogLevel::Error,
                        &format!("lictor: configuration: {mistake}"),
                    );
                }
                return false;
            }
        };
        let Ok(random) = host::random() else {
            host::log(LogLevel::Error, "lictor: the host has no random numbers");
            return false;
        };
        declare_record();
        host::log(LogLevel::Info, &summary(&guard));
        let shared = Rc::new(Shared {
            guard: Rc::new(guard),
            chain: RefCell::new(Chain::new(random)),
            record_ids: RecordIds::default(),
            metrics: Metrics::default(),
            holding: Holding::default(),
        });
        shared
            .metrics
            .set("lictor_headers_held", Headers::Unknown as u64);
        self.shared = Some(shared);
        self.asked.set(0);
        host::tick_every_ms(TICK_MS).is_ok()
    }

    fn tick(&self) {
        let Some(shared) = &self.shared else {
            return;
        };
        for (context, exchange) in shared.holding.given_up() {
            if host::speak_of(context).is_ok() {
                exchange.borrow_mut().give_up(shared);
            }
        }
        match shared.holding.headers() {
            Headers::Held => {
                let _ = host::tick_every_ms(0);
            }
            Headers::Unknown => self.ask(&shared.guard),
            Headers::NotHeld => {}
        }
    }

    fn ask(&self, guard: &Guard) {
        let Some(cluster) = &guard.self_test_cluster else {
            return;
        };
        let asked = self.asked.get();
        if asked >= QUESTIONS {
            return;
        }
        self.asked.set(asked.saturating_add(1));
        // The one host call that goes through the SDK: its dispatcher must know the call to
        // route the answer. An unknown cluster is an error value; the caller catches the rest.
        let sent = proxy_wasm::hostcalls::dispatch_http_call(
            cluster,
            vec![
                (":method", "POST"),
                (":path", SELF_TEST_PATH),
                (":authority", "lictor.self-test"),
                ("content-type", "text/plain"),
            ],
            Some(b"are headers held?"),
            Vec::new(),
            Duration::from_secs(1),
        );
        if sent.is_err() && asked == 0 {
            host::log(
                LogLevel::Warn,
                "lictor: the cluster of self_test can't be called",
            );
        }
    }

    /// Only a timeout says that headers are not held: a cluster that is not up yet, or an
    /// earlier filter that answers, says nothing.
    fn answered(&self) {
        let Some(shared) = &self.shared else {
            return;
        };
        let Ok(headers) = host::headers(MapType::HttpCallResponseHeaders) else {
            return;
        };
        let is_ours = headers.first("content-type") == Some(b"application/json");
        match headers.first(":status") {
            Some(b"200") if is_ours => shared.holding.found(Headers::Held, &shared.metrics),
            Some(b"504") => shared.holding.found(Headers::NotHeld, &shared.metrics),
            _ => {}
        }
    }
}

impl Context for Root {
    fn on_http_call_response(
        &mut self,
        _token: u32,
        _headers: usize,
        _body: usize,
        _trailers: usize,
    ) {
        let _ = caught(|| self.answered());
    }
}

impl RootContext for Root {
    fn on_configure(&mut self, length: usize) -> bool {
        caught(|| self.configure(length)).unwrap_or(false)
    }

    fn on_tick(&mut self) {
        let _ = caught(|| self.tick());
    }

    fn get_type(&self) -> Option<ContextType> {
        Some(ContextType::HttpContext)
    }

    fn create_http_context(&self, context: u32) -> Option<Box<dyn HttpContext>> {
        let shared = self.shared.as_ref()?;
        let exchange = Rc::new(RefCell::new(Exchange::new()));
        Some(Box::new(Stream::new(context, Rc::clone(shared), exchange)))
    }
}

fn summary(guard: &Guard) -> String {
    format!(
        "lictor: loaded {}: {} APIs, {} rules",
        guard.hash,
        guard.apis.len(),
        guard.policy.rules.len()
    )
}

/// Tells Envoy that the record is a message, so that the access log prints it as an object.
///
/// It counts only when done from the root context. Done again it is refused, which is fine.
fn declare_record() {
    const PROTOBUF: u64 = 3;
    const DOWNSTREAM_REQUEST: u64 = 1;
    let mut argument = Vec::with_capacity(64);
    protobuf::write_bytes(&mut argument, 1, RECORD.as_bytes());
    protobuf::write_varint(&mut argument, 3, PROTOBUF);
    protobuf::write_bytes(
        &mut argument,
        4,
        b"type.googleapis.com/google.protobuf.Struct",
    );
    protobuf::write_varint(&mut argument, 5, DOWNSTREAM_REQUEST);
    let _ = host::foreign("declare_property", &argument);
}
