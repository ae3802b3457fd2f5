//! Four clients that each send one call after another over a connection that stays open.
//!
//! Every answer is checked: a bench of wrong answers would be worth nothing.

use std::io::{self, Write};
use std::net::{SocketAddr, TcpStream};
use std::thread;
use std::time::{Duration, Instant};

use lictor_benches::{call, statement};

use crate::framing::Reader;

/// Connections at the same time.
pub const CONNECTIONS: u64 = 4;

const PATIENCE: Duration = Duration::from_secs(10);

/// Which statements are sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Load {
    /// One, again and again.
    Same,
    /// One with new literals each time.
    NewLiterals,
    /// A new one each time.
    New,
}

impl Load {
    /// All, in the order of the report.
    pub const ALL: [Self; 3] = [Self::Same, Self::NewLiterals, Self::New];

    /// The name in the report.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Same => "the same statement again and again",
            Self::NewLiterals => "the same statement with new literals",
            Self::New => "every statement new",
        }
    }

    fn body(self, number: u64) -> Vec<u8> {
        match self {
            Self::Same => call::body(statement::MEDIUM),
            Self::NewLiterals => call::body(&statement::new_literals_each_time(number)),
            Self::New => call::body(&statement::new_each_time(number)),
        }
    }
}

/// Where to send what, and the status that every call must get.
#[derive(Debug, Clone, Copy)]
pub struct Target<'a> {
    /// The listener.
    pub address: SocketAddr,
    /// The caller's token.
    pub token: &'a str,
    /// The expected status.
    pub status: u16,
}

/// Sends `calls` calls, numbered from `first`, and returns how long each took.
///
/// # Errors
///
/// When a connection fails or an answer is not the expected one.
pub fn send(target: Target<'_>, load: Load, first: u64, calls: u64) -> io::Result<Vec<Duration>> {
    let share = calls / CONNECTIONS;
    thread::scope(|scope| {
        let clients: Vec<_> = (0..CONNECTIONS)
            .map(|client| first + client * share)
            .map(|start| scope.spawn(move || one_client(target, load, start, share)))
            .collect();
        let mut times = Vec::new();
        for client in clients {
            times.extend(
                client
                    .join()
                    .map_err(|_| io::Error::other("a client panicked"))??,
            );
        }
        Ok(times)
    })
}

fn one_client(target: Target<'_>, load: Load, first: u64, calls: u64) -> io::Result<Vec<Duration>> {
    let mut connection = Connection::open(target)?;
    let same = load.body(first);
    (first..first + calls)
        .map(|number| match load {
            Load::Same => connection.call(&same),
            Load::NewLiterals | Load::New => connection.call(&load.body(number)),
        })
        .collect()
}

struct Connection<'a> {
    stream: TcpStream,
    target: Target<'a>,
    request: Vec<u8>,
    head_bytes: usize,
    replies: Reader,
}

impl<'a> Connection<'a> {
    fn open(target: Target<'a>) -> io::Result<Self> {
        let stream = TcpStream::connect(target.address)?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(PATIENCE))?;
        let request = format!(
            "POST /sql HTTP/1.1\r\nhost: reports.example.com\r\nuser-agent: bench/1\r\n\
             accept: application/json\r\ncontent-type: application/json\r\n\
             authorization: Bearer {}\r\ncontent-length: {}\r\n\r\n",
            target.token,
            call::BODY_BYTES,
        )
        .into_bytes();
        Ok(Self {
            stream,
            target,
            head_bytes: request.len(),
            request,
            replies: Reader::new(),
        })
    }

    fn call(&mut self, body: &[u8]) -> io::Result<Duration> {
        self.request.truncate(self.head_bytes);
        self.request.extend_from_slice(body);
        let start = Instant::now();
        self.stream.write_all(&self.request)?;
        let reply = self.replies.message(&mut self.stream)?;
        let took = start.elapsed();
        let status = reply
            .as_deref()
            .and_then(|line| line.split(' ').nth(1)?.parse().ok());
        if status == Some(self.target.status) {
            return Ok(took);
        }
        let message = format!("expected status {}, got {reply:?}", self.target.status);
        Err(io::Error::new(io::ErrorKind::InvalidData, message))
    }
}
