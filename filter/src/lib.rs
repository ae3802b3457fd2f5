//! The proxy-wasm adapter that becomes `lictor.wasm`: callbacks in, host calls out.
//!
//! It translates and nothing else: what a call means, who asks and what is decided is the
//! engine's. A panic in any callback costs that one call.

mod answer;
mod callback;
mod exchange;
#[cfg(feature = "faults")]
mod faults;
mod handles;
mod holding;
mod host;
mod metrics;
mod record;
mod record_id;
mod root;

use proxy_wasm::traits::RootContext;

proxy_wasm::main! {{
    callback::install_panic_hook();
    proxy_wasm::set_root_context(|_| -> Box<dyn RootContext> { Box::new(root::Root::default()) });
}}
