//! HTTP/1.1 (RFC 9112) over one blocking connection: bytes exactly as given.

use std::io::{self, BufReader, Write as _};
use std::net::{Shutdown, SocketAddr, TcpStream};

use super::{Answer, parse};
use crate::call::Call;
use crate::deadline::PATIENCE;

/// A connection that stays open between calls.
#[derive(Debug)]
pub struct Connection {
    reader: BufReader<TcpStream>,
}

impl Connection {
    /// Connects.
    ///
    /// # Errors
    /// When nobody listens there.
    pub fn open(address: SocketAddr) -> io::Result<Self> {
        let stream = TcpStream::connect(address)?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(PATIENCE))?;
        stream.set_write_timeout(Some(PATIENCE))?;
        Ok(Self {
            reader: BufReader::new(stream),
        })
    }

    /// Sends these bytes, whatever they are.
    ///
    /// # Errors
    /// When the peer has closed the connection.
    pub fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.reader.get_mut().write_all(bytes)
    }

    /// Says that nothing more will be sent.
    ///
    /// # Errors
    /// When the peer has closed the connection.
    pub fn finish_writing(&mut self) -> io::Result<()> {
        self.reader.get_ref().shutdown(Shutdown::Write)
    }

    /// Reads the answer to a call with that method; interim answers are left out, an upgrade is
    /// given back before its first frame.
    ///
    /// # Errors
    /// When the answer is cut short or is not HTTP/1.1.
    pub fn read(&mut self, method: &str) -> io::Result<Answer> {
        parse::answer(&mut self.reader, method)
    }

    /// Reads until these bytes have come, however much comes after them.
    ///
    /// # Errors
    /// When the peer ends before.
    pub fn read_until(&mut self, end: &[u8]) -> io::Result<Vec<u8>> {
        let mut bytes = Vec::new();
        while !bytes.ends_with(end) {
            bytes.extend(self.read_bytes(1)?);
        }
        Ok(bytes)
    }

    /// Reads exactly this many bytes of an upgraded connection.
    ///
    /// # Errors
    /// When the peer sends fewer.
    pub fn read_bytes(&mut self, count: usize) -> io::Result<Vec<u8>> {
        let mut bytes = vec![0; count];
        io::Read::read_exact(&mut self.reader, &mut bytes)?;
        Ok(bytes)
    }

    /// Sends a call and reads its answer.
    ///
    /// # Errors
    /// As [`write`](Self::write) and [`read`](Self::read).
    pub fn send(&mut self, call: &Call) -> io::Result<Answer> {
        self.write(&head(call))?;
        self.write_body(call)
            // A refusal may come, and the connection close, before the body is through.
            .or_else(|cause| {
                if is_closed(&cause) {
                    Ok(())
                } else {
                    Err(cause)
                }
            })?;
        self.read(&call.method)
    }

    fn write_body(&mut self, call: &Call) -> io::Result<()> {
        if !is_chunked(call) {
            return self.write(&call.pieces.concat());
        }
        for piece in call.pieces.iter().filter(|piece| !piece.is_empty()) {
            let mut chunk = format!("{:x}\r\n", piece.len()).into_bytes();
            chunk.extend(piece);
            chunk.extend(b"\r\n");
            self.write(&chunk)?;
        }
        let trailers: String = call.trailers.iter().map(field_line).collect();
        self.write(format!("0\r\n{trailers}\r\n").as_bytes())
    }
}

/// Sends a call over a connection of its own.
///
/// # Errors
/// When the connection fails or the answer is no HTTP/1.1.
pub fn send(address: SocketAddr, call: &Call) -> io::Result<Answer> {
    Connection::open(address)?.send(call)
}

/// The bytes of a call up to the end of its head.
#[must_use]
pub fn head(call: &Call) -> Vec<u8> {
    let mut lines = format!(
        "{} {} HTTP/1.1\r\nhost: {}\r\n",
        call.method, call.path, call.host
    );
    lines.extend(call.headers.iter().map(field_line));
    if is_chunked(call) {
        lines.push_str("transfer-encoding: chunked\r\n");
        if !call.trailers.is_empty() {
            lines.push_str("te: trailers\r\n");
        }
    } else if let Some(length) = length(call) {
        lines.push_str(&format!("content-length: {length}\r\n"));
    }
    lines.push_str("\r\n");
    lines.into_bytes()
}

fn is_chunked(call: &Call) -> bool {
    call.pieces.len() > 1 || !call.trailers.is_empty()
}

fn length(call: &Call) -> Option<usize> {
    let given = call
        .headers
        .iter()
        .any(|(name, _)| name == "content-length");
    let body = call.pieces.first()?;
    (!given).then_some(body.len())
}

fn field_line((name, value): &(String, String)) -> String {
    format!("{name}: {value}\r\n")
}

fn is_closed(cause: &io::Error) -> bool {
    matches!(
        cause.kind(),
        io::ErrorKind::BrokenPipe | io::ErrorKind::ConnectionReset
    )
}
