//! The least that can stand behind Envoy: it reads a request and says that it is done.

use std::io::{self, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::thread;

use crate::framing::Reader;

const REPLY: &[u8] = b"HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\ndone";

/// Serves on loopback until the process ends.
///
/// # Errors
///
/// When there is no port.
pub fn start() -> io::Result<SocketAddr> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
    let address = listener.local_addr()?;
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            // A failing connection shows at the client, which checks every answer.
            thread::spawn(move || serve(stream).ok());
        }
    });
    Ok(address)
}

fn serve(mut stream: TcpStream) -> io::Result<()> {
    stream.set_nodelay(true)?;
    let mut reader = Reader::new();
    while reader.message(&mut stream)?.is_some() {
        stream.write_all(REPLY)?;
    }
    Ok(())
}
