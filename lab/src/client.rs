//! A [`Call`](crate::call::Call) becomes an [`Answer`], over HTTP/1.1 or HTTP/2.
//!
//! Both clients are as plain as can be: bytes go out as given, nothing is retried or followed.

use serde_json::Value;

pub mod http1;
pub mod http2;

mod parse;

/// What came back.
#[derive(Debug, Clone, Default)]
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// Headers, in order, names in lower case.
    pub headers: Vec<(String, String)>,
    /// The whole body.
    pub body: Vec<u8>,
    /// Trailers, names in lower case.
    pub trailers: Vec<(String, String)>,
}

impl Answer {
    /// The first header of that name.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        find(&self.headers, name)
    }

    /// The body as text, for a person to read.
    #[must_use]
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// The body as JSON, or null.
    #[must_use]
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_default()
    }

    /// The gRPC status, from the trailers or a trailers-only answer.
    #[must_use]
    pub fn grpc_status(&self) -> Option<u32> {
        self.grpc("grpc-status")?.parse().ok()
    }

    /// The gRPC message, still percent-encoded.
    #[must_use]
    pub fn grpc_message(&self) -> Option<&str> {
        self.grpc("grpc-message")
    }

    fn grpc(&self, name: &str) -> Option<&str> {
        find(&self.trailers, name).or_else(|| self.header(name))
    }
}

fn find<'fields>(fields: &'fields [(String, String)], name: &str) -> Option<&'fields str> {
    fields
        .iter()
        .find(|(field, _)| field == name)
        .map(|(_, value)| value.as_str())
}
