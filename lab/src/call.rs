//! One call as a client means it, the same for every protocol that can carry it.
//!
//! Nothing is added behind the caller's back but `host`, `user-agent` and what frames the body.

use std::sync::atomic::{AtomicU64, Ordering};

use serde_json::Value;

/// A request: head, body in pieces, trailers.
#[derive(Debug, Clone)]
pub struct Call {
    /// The method, such as `POST`.
    pub method: String,
    /// Path and query.
    pub path: String,
    /// Host, or `:authority`.
    pub host: String,
    /// Headers, in order; the first one is a `user-agent` that no other call has.
    pub headers: Vec<(String, String)>,
    /// The body; each piece is sent by itself. More than one piece means no `content-length`.
    pub pieces: Vec<Vec<u8>>,
    /// Trailers, sent after the body.
    pub trailers: Vec<(String, String)>,
}

impl Call {
    /// A call without a body.
    #[must_use]
    pub fn new(method: &str, path: &str) -> Self {
        Self {
            method: method.to_owned(),
            path: path.to_owned(),
            host: "lab.internal".to_owned(),
            headers: vec![("user-agent".to_owned(), unique_agent())],
            pieces: Vec::new(),
            trailers: Vec::new(),
        }
    }

    /// A call that reads.
    #[must_use]
    pub fn read(path: &str) -> Self {
        Self::new("GET", path)
    }

    /// A statement for the endpoint `/sql`, as JSON.
    #[must_use]
    pub fn sql(statement: &str) -> Self {
        Self::new("POST", "/sql").json(&serde_json::json!({"query": statement}))
    }

    /// A unary gRPC call: one message, uncompressed.
    #[must_use]
    pub fn grpc(method: &str, message: &[u8]) -> Self {
        let length = u32::try_from(message.len()).unwrap_or(u32::MAX);
        let mut frame = vec![0];
        frame.extend(length.to_be_bytes());
        frame.extend(message);
        Self::new("POST", method)
            .header("content-type", "application/grpc")
            .header("te", "trailers")
            .piece(frame)
    }

    /// Adds a header.
    #[must_use]
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Presents a token, if there is one.
    #[must_use]
    pub fn token(self, token: Option<&str>) -> Self {
        match token {
            Some(token) => self.header("authorization", &format!("Bearer {token}")),
            None => self,
        }
    }

    /// Sends JSON.
    #[must_use]
    pub fn json(self, body: &Value) -> Self {
        self.body("application/json", body.to_string())
    }

    /// Sends this body, of this type.
    #[must_use]
    pub fn body(self, content_type: &str, body: impl Into<Vec<u8>>) -> Self {
        self.header("content-type", content_type).piece(body)
    }

    /// Adds a piece of the body.
    #[must_use]
    pub fn piece(mut self, piece: impl Into<Vec<u8>>) -> Self {
        self.pieces.push(piece.into());
        self
    }

    /// Cuts the body into pieces of this many bytes.
    #[must_use]
    pub fn in_pieces_of(mut self, bytes: usize) -> Self {
        let body = self.pieces.concat();
        self.pieces = body.chunks(bytes.max(1)).map(<[u8]>::to_vec).collect();
        self
    }

    /// Adds a trailer.
    #[must_use]
    pub fn trailer(mut self, name: &str, value: &str) -> Self {
        self.trailers.push((name.to_owned(), value.to_owned()));
        self
    }

    /// The same call once more, with a `user-agent` of its own.
    #[must_use]
    pub fn again(&self) -> Self {
        let mut call = self.clone();
        for (name, value) in &mut call.headers {
            if name == "user-agent" {
                *value = unique_agent();
            }
        }
        call
    }

    /// The user agent, by which the access log's record of this call is found.
    #[must_use]
    pub fn agent(&self) -> &str {
        self.headers
            .iter()
            .find(|(name, _)| name == "user-agent")
            .map_or("", |(_, value)| value)
    }
}

fn unique_agent() -> String {
    static COUNT: AtomicU64 = AtomicU64::new(1);
    format!("lab/{}", COUNT.fetch_add(1, Ordering::Relaxed))
}
