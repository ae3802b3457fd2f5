//! The same call over every protocol that can carry it.

use std::io;
use std::net::SocketAddr;

use lictor_lab::call::Call;
use lictor_lab::client::{Answer, http1, http2};

/// A protocol between client and Envoy.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Transport {
    /// HTTP/1.1.
    Http1,
    /// HTTP/2 with prior knowledge.
    Http2,
}

impl Transport {
    /// All of them.
    pub const ALL: [Self; 2] = [Self::Http1, Self::Http2];

    /// Sends a call over a connection of its own.
    ///
    /// # Errors
    /// When the connection or the stream fails.
    pub fn send(self, address: SocketAddr, call: &Call) -> io::Result<Answer> {
        match self {
            Self::Http1 => http1::send(address, call),
            Self::Http2 => http2::send(address, call),
        }
    }
}
