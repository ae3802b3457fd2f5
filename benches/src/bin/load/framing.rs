//! Where an HTTP/1.1 message with a declared length ends. Reads what Envoy and our own client
//! write, nothing else.

use std::io::{self, Read};
use std::net::TcpStream;

/// One direction of a connection that carries one message at a time.
pub struct Reader {
    bytes: Vec<u8>,
    filled: usize,
}

impl Reader {
    /// Room for a message of the bench.
    pub fn new() -> Self {
        Self {
            bytes: vec![0; 16 * 1024],
            filled: 0,
        }
    }

    /// Reads a whole message and returns its start line; `None` where the peer is done.
    ///
    /// # Errors
    ///
    /// When the connection fails or the message does not declare its length.
    pub fn message(&mut self, stream: &mut TcpStream) -> io::Result<Option<String>> {
        self.filled = 0;
        loop {
            let room = self.bytes.get_mut(self.filled..).unwrap_or_default();
            match stream.read(room)? {
                0 if self.filled == 0 => return Ok(None),
                0 => return Err(io::ErrorKind::UnexpectedEof.into()),
                more => self.filled += more,
            }
            if let Some((start_line, end)) = complete(&self.bytes[..self.filled])?
                && self.filled >= end
            {
                return Ok(Some(start_line));
            }
        }
    }
}

/// Start line and length of a message, once its head is there.
fn complete(bytes: &[u8]) -> io::Result<Option<(String, usize)>> {
    let Some(head_end) = bytes.windows(4).position(|window| window == b"\r\n\r\n") else {
        return Ok(None);
    };
    let head = String::from_utf8_lossy(&bytes[..head_end]);
    let mut lines = head.lines();
    let start_line = lines.next().unwrap_or_default().to_owned();
    let body_bytes: Option<usize> = lines
        .filter_map(|line| line.split_once(": "))
        .find(|(name, _)| name.eq_ignore_ascii_case("content-length"))
        .and_then(|(_, length)| length.parse().ok());
    match body_bytes {
        Some(body_bytes) => Ok(Some((start_line, head_end + 4 + body_bytes))),
        None => Err(io::Error::new(
            io::ErrorKind::InvalidData,
            "expected a content-length",
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn message_ends_where_its_length_says() {
        let head = b"HTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\n\r\n";
        let found = complete(head).expect("well formed").expect("whole head");
        assert_eq!(found, ("HTTP/1.1 403 Forbidden".to_owned(), head.len() + 2));
        assert_eq!(complete(&head[..20]).expect("so far well formed"), None);
        assert!(complete(b"HTTP/1.1 200 OK\r\n\r\n").is_err());
    }
}
