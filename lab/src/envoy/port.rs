//! A port that nobody else gets, known before Envoy starts.
//!
//! Envoy must know its own port in advance, as one of its clusters points to itself. A socket that
//! is bound and does not listen keeps the port without taking a connection; Envoy binds beside it,
//! because both allow their port to be shared.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};

use tokio::net::TcpSocket;

/// A reserved port; free again when dropped.
pub(super) struct Reservation {
    address: SocketAddr,
    _socket: TcpSocket,
}

impl Reservation {
    pub(super) fn new() -> io::Result<Self> {
        let socket = TcpSocket::new_v4()?;
        socket.set_reuseport(true)?;
        socket.bind((Ipv4Addr::LOCALHOST, 0).into())?;
        Ok(Self {
            address: socket.local_addr()?,
            _socket: socket,
        })
    }

    pub(super) fn address(&self) -> SocketAddr {
        self.address
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_reservations_differ() {
        let first = Reservation::new().expect("a port");
        let second = Reservation::new().expect("a port");
        assert_ne!(first.address(), second.address());
    }
}
