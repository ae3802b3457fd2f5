//! PostgreSQL's simple query protocol: a text goes out as it is, rows and errors come back.
//!
//! See "Frontend/Backend Protocol" in its manual. Nothing is quoted, split or prepared on the
//! way, so what the server sees is the text.

use std::io::{self, Read, Write};
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::time::Duration;

const VERSION: u32 = 196_608;
const PATIENCE: Duration = Duration::from_secs(30);

/// A session.
pub(super) struct Session(UnixStream);

/// What a text came to.
#[derive(Debug, Default)]
pub(super) struct Answer {
    /// Rows of all its results, values as text.
    pub(super) rows: Vec<Vec<String>>,
    /// Whether a transaction is left open, and whether it has failed.
    pub(super) transaction: Option<Transaction>,
}

/// An open transaction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Transaction {
    /// It can be committed.
    Sound,
    /// It can't.
    Failed,
}

impl Session {
    /// Opens a session of the superuser `judge`.
    pub(super) fn open(socket: &Path) -> io::Result<Self> {
        let stream = UnixStream::connect(socket)?;
        stream.set_read_timeout(Some(PATIENCE))?;
        let mut session = Self(stream);
        let mut start = VERSION.to_be_bytes().to_vec();
        start.extend(b"user\0judge\0database\0postgres\0\0");
        session.send(None, &start)?;
        session.answer()?;
        Ok(session)
    }

    /// Runs a text.
    pub(super) fn run(&mut self, text: &str) -> io::Result<Answer> {
        let mut query = text.as_bytes().to_vec();
        query.push(0);
        self.send(Some(b'Q'), &query)?;
        self.answer()
    }

    fn send(&mut self, kind: Option<u8>, body: &[u8]) -> io::Result<()> {
        let mut message: Vec<u8> = kind.into_iter().collect();
        let length = u32::try_from(body.len() + 4).map_err(io::Error::other)?;
        message.extend(length.to_be_bytes());
        message.extend(body);
        self.0.write_all(&message)
    }

    fn answer(&mut self) -> io::Result<Answer> {
        let mut answer = Answer::default();
        loop {
            let (kind, body) = self.receive()?;
            match kind {
                b'D' => answer.rows.push(row(&body)),
                // The server waits for data that nobody has.
                b'G' => self.send(Some(b'f'), b"no data\0")?,
                b'Z' => {
                    answer.transaction = match body.first() {
                        Some(b'T') => Some(Transaction::Sound),
                        Some(b'E') => Some(Transaction::Failed),
                        _ => None,
                    };
                    return Ok(answer);
                }
                _ => {}
            }
        }
    }

    fn receive(&mut self) -> io::Result<(u8, Vec<u8>)> {
        let mut head = [0; 5];
        self.0.read_exact(&mut head)?;
        let [kind, length @ ..] = head;
        let length = usize::try_from(u32::from_be_bytes(length)).map_err(io::Error::other)?;
        let mut body = vec![0; length.saturating_sub(4)];
        self.0.read_exact(&mut body)?;
        Ok((kind, body))
    }
}

/// The values of a row, null as the word.
fn row(body: &[u8]) -> Vec<String> {
    let mut values = Vec::new();
    let mut rest = body.get(2..).unwrap_or_default();
    while let Some((length, after)) = rest.split_first_chunk() {
        let length = usize::try_from(i32::from_be_bytes(*length)).ok();
        let (value, after) = after.split_at(length.unwrap_or_default().min(after.len()));
        values.push(length.map_or_else(
            || "null".to_owned(),
            |_| String::from_utf8_lossy(value).into_owned(),
        ));
        rest = after;
    }
    values
}
