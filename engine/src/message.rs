//! One direction of one exchange, as bytes: the head of a request and its header fields.
//!
//! Nothing is decoded here. Names are lower case; values are whatever the client sent.

use std::ops::Range;

use crate::refusal::Refusal;
use crate::sql;

/// Header fields in one buffer, names in lower case, in the order in which they came.
#[derive(Debug, Clone, Default)]
pub struct Headers {
    bytes: Vec<u8>,
    fields: Vec<(Range<usize>, Range<usize>)>,
}

impl Headers {
    /// Room for `bytes` bytes of names and values.
    #[must_use]
    pub fn with_capacity(bytes: usize) -> Self {
        Self {
            bytes: Vec::with_capacity(bytes),
            fields: Vec::with_capacity(16),
        }
    }

    /// Adds a field.
    pub fn push(&mut self, name: &[u8], value: &[u8]) {
        let start = self.bytes.len();
        self.bytes.extend_from_slice(name);
        let middle = self.bytes.len();
        if let Some(name) = self.bytes.get_mut(start..) {
            name.make_ascii_lowercase();
        }
        self.bytes.extend_from_slice(value);
        self.fields.push((start..middle, middle..self.bytes.len()));
    }

    /// All fields.
    pub fn iter(&self) -> impl Iterator<Item = (&[u8], &[u8])> {
        self.fields.iter().filter_map(|(name, value)| {
            Some((
                self.bytes.get(name.clone())?,
                self.bytes.get(value.clone())?,
            ))
        })
    }

    /// All values of one field, `name` in lower case.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a [u8]> {
        self.iter()
            .filter_map(move |(key, value)| (key == name.as_bytes()).then_some(value))
    }

    /// The first value of one field, `name` in lower case.
    #[must_use]
    pub fn first<'a>(&'a self, name: &'a str) -> Option<&'a [u8]> {
        self.all(name).next()
    }
}

/// The head of a request.
#[derive(Debug, Clone, Default)]
pub struct Head {
    /// All fields, pseudo header fields (`:method`, `:path`, …) included.
    pub headers: Headers,
}

impl Head {
    /// The request method.
    ///
    /// # Errors
    ///
    /// None, several, or not a token: `message.head_malformed`.
    pub fn method(&self) -> Result<&str, Refusal> {
        self.pseudo(":method")
    }

    /// Path and query as the client sent them.
    ///
    /// # Errors
    ///
    /// None, several, or not ASCII: `message.head_malformed`.
    pub fn target(&self) -> Result<&str, Refusal> {
        self.pseudo(":path")
    }

    /// The host without its port, as sent; empty where there is none.
    #[must_use]
    pub fn host(&self) -> &str {
        let authority = self.headers.first(":authority").unwrap_or_default();
        let authority = std::str::from_utf8(authority).unwrap_or_default();
        match authority.rsplit_once(':') {
            Some((host, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => host,
            _ => authority,
        }
    }

    /// Whether the client speaks gRPC (also gRPC-Web), by its content type.
    #[must_use]
    pub fn is_grpc(&self) -> bool {
        self.headers
            .first("content-type")
            .is_some_and(|value| value.starts_with(b"application/grpc"))
    }

    /// Whether the client asks to leave HTTP for another protocol.
    #[must_use]
    pub fn is_upgrade(&self) -> bool {
        self.headers.first("upgrade").is_some() || self.headers.first(":method") == Some(b"CONNECT")
    }

    fn pseudo<'a>(&'a self, name: &'a str) -> Result<&'a str, Refusal> {
        let mut values = self.headers.all(name);
        let (Some(value), None) = (values.next(), values.next()) else {
            return Err(HEAD_MALFORMED);
        };
        match std::str::from_utf8(value) {
            Ok(text) if text.bytes().all(|byte| byte.is_ascii_graphic()) => Ok(text),
            _ => Err(HEAD_MALFORMED),
        }
    }
}

const HEAD_MALFORMED: Refusal = Refusal::malformed(
    "message.head_malformed",
    "expected one method and one path of visible ASCII characters",
    "percent-encode the path",
);

/// A whole request: its head and all of its body.
#[derive(Debug, Clone, Copy)]
pub struct Request<'a> {
    /// The head.
    pub head: &'a Head,
    /// The path, decoded and checked.
    pub path: &'a str,
    /// The query as sent, without the question mark.
    pub query: &'a str,
    /// The body; empty where the protocol did not ask for it.
    pub body: &'a [u8],
    /// Analyses of statements that were seen before.
    pub analyses: &'a sql::Cache,
    /// What rules look at besides actions.
    pub wanted: Wanted,
}

/// What rules look at, so that nothing is put together for nobody.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Wanted {
    /// The body.
    pub body: bool,
    /// The arguments of actions.
    pub arguments: bool,
}
