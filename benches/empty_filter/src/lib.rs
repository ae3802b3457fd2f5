//! A filter that holds a request until its whole body is there, and does nothing else.
//!
//! The load bench's reference: what lictor costs on top of this is lictor's own.

#![expect(
    missing_docs,
    reason = "the entry point that the macro writes carries none"
)]

use proxy_wasm::traits::{Context, HttpContext, RootContext};
use proxy_wasm::types::{Action, ContextType};

proxy_wasm::main! {{
    proxy_wasm::set_root_context(|_| Box::new(Root));
}}

struct Root;

impl Context for Root {}

impl RootContext for Root {
    fn get_type(&self) -> Option<ContextType> {
        Some(ContextType::HttpContext)
    }

    fn create_http_context(&self, _context_id: u32) -> Option<Box<dyn HttpContext>> {
        Some(Box::new(Exchange))
    }
}

struct Exchange;

impl Context for Exchange {}

impl HttpContext for Exchange {
    fn on_http_request_headers(&mut self, _count: usize, end_of_stream: bool) -> Action {
        hold_until(end_of_stream)
    }

    fn on_http_request_body(&mut self, _size_bytes: usize, end_of_stream: bool) -> Action {
        hold_until(end_of_stream)
    }

    // A body with trailers never reports its own end, so the request is let go here.
    fn on_http_request_trailers(&mut self, _count: usize) -> Action {
        Action::Continue
    }
}

const fn hold_until(end_of_stream: bool) -> Action {
    if end_of_stream {
        Action::Continue
    } else {
        Action::Pause
    }
}
