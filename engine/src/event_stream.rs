//! `text/event-stream`: bytes, cut anywhere, become whole events with the bytes that they came in.
//!
//! The events do not depend on how the bytes are cut. What readers of such streams take apart in
//! different ways is refused (fields in another spelling, a field twice, text that is not UTF-8)
//! or written so that they can't: see [`Event::write`].
//!
//! Source: HTML Living Standard, section 9.2 (server-sent events).

use std::borrow::Cow;

use crate::limits;
use crate::refusal::Refusal;

/// One event, or a block of comments and empty lines that is none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event<'a> {
    /// The value of its field `event`.
    pub name: Option<&'a str>,
    /// The values of its fields `data`, joined by line feeds.
    pub data: Option<Cow<'a, str>>,
    /// The value of its field `id`.
    pub id: Option<&'a str>,
    /// All of it with the empty line that ends it, without a byte order mark before it.
    pub bytes: &'a [u8],
}

impl Event<'_> {
    /// Appends the event so that every reader finds the same in it: as it came, but for JSON over
    /// several lines, which is put on one, and line ends that only some readers take for such
    /// (U+0085, U+2028, U+2029), which are escaped, as they can only stand in a text of JSON.
    pub fn write(&self, out: &mut Vec<u8>) {
        let data = self.data.as_deref().unwrap_or_default();
        let is_odd = data.contains('\n') || (!data.is_ascii() && data.contains(LINE_ENDS));
        if !is_odd && self.bytes.ends_with(b"\n\n") && !self.bytes.contains(&b'\r') {
            return out.extend_from_slice(self.bytes);
        }
        let lines = self.bytes.split(|byte| matches!(byte, b'\n' | b'\r'));
        let is_data = |line: &[u8]| line == b"data" || line.starts_with(b"data:");
        for line in lines.filter(|line| !line.is_empty() && !is_data(line)) {
            out.extend_from_slice(line);
            out.push(b'\n');
        }
        if self.data.is_some() {
            write_data(data, out);
        }
        out.push(b'\n');
    }
}

/// What some readers take for the end of a line, and the standard does not.
const LINE_ENDS: [char; 3] = ['\u{85}', '\u{2028}', '\u{2029}'];

/// Appends an event whose data is JSON.
pub fn write(name: Option<&str>, id: Option<&str>, data: &str, out: &mut Vec<u8>) {
    for (field, value) in [("event", name), ("id", id)] {
        if let Some(value) = value {
            out.extend_from_slice(field.as_bytes());
            out.extend_from_slice(b": ");
            out.extend_from_slice(value.as_bytes());
            out.push(b'\n');
        }
    }
    write_data(data, out);
    out.push(b'\n');
}

fn write_data(data: &str, out: &mut Vec<u8>) {
    out.extend_from_slice(b"data: ");
    for character in data.chars() {
        match character {
            '\n' | '\r' => out.push(b' '),
            '\u{85}' => out.extend_from_slice(b"\\u0085"),
            '\u{2028}' => out.extend_from_slice(b"\\u2028"),
            '\u{2029}' => out.extend_from_slice(b"\\u2029"),
            other => out.extend_from_slice(other.encode_utf8(&mut [0; 4]).as_bytes()),
        }
    }
    out.push(b'\n');
}

/// Takes a stream apart. [`EventStream::push`] gives it bytes, [`EventStream::next`] takes out the
/// events that are whole.
#[derive(Debug, Default)]
pub struct EventStream {
    pending: Vec<u8>,
    /// Where the first event starts that was not taken out.
    start: usize,
    /// Where its last line starts that was looked at.
    line: usize,
    /// Up to where it was looked at.
    seen: usize,
    has_begun: bool,
    is_end: bool,
}

impl EventStream {
    /// Takes the next bytes; with `is_end` what is left is the last event, ended or not.
    pub fn push(&mut self, bytes: &[u8], is_end: bool) {
        self.pending.drain(..self.start.min(self.pending.len()));
        self.line = self.line.saturating_sub(self.start);
        self.seen = self.seen.saturating_sub(self.start);
        self.start = 0;
        self.pending.extend_from_slice(bytes);
        self.is_end = is_end;
    }

    /// The next event that is whole.
    ///
    /// # Errors
    ///
    /// `event.too_large`, `event.not_text` or `event.field`; nothing that comes after it is to be
    /// read.
    #[expect(
        clippy::should_implement_trait,
        reason = "it lends what it gives, which an iterator can't"
    )]
    pub fn next(&mut self) -> Result<Option<Event<'_>>, Refusal> {
        let found = self.boundary();
        let (start, end) = (self.start, found.unwrap_or(self.pending.len()));
        if end.saturating_sub(start) > limits::EVENT_BYTES {
            return Err(TOO_LARGE);
        }
        if found.is_none() && (!self.is_end || start == end) {
            return Ok(None);
        }
        self.start = end;
        let is_first = !std::mem::replace(&mut self.has_begun, true);
        let bytes = self.pending.get(start..end).unwrap_or_default();
        let unmarked = bytes.strip_prefix(b"\xef\xbb\xbf").filter(|_| is_first);
        event(unmarked.unwrap_or(bytes)).map(Some)
    }

    /// The end of the first event, where its empty line is there.
    ///
    /// A carriage return at the end of what is there waits for what follows, as a line feed would
    /// belong to it.
    fn boundary(&mut self) -> Option<usize> {
        loop {
            let rest = self.pending.get(self.seen..)?;
            let Some(length) = rest.iter().position(|byte| matches!(byte, b'\n' | b'\r')) else {
                self.seen = self.pending.len();
                return None;
            };
            let end = self.seen.saturating_add(length);
            let next = end.saturating_add(1);
            let after = match (self.pending.get(end), self.pending.get(next)) {
                (Some(b'\r'), Some(b'\n')) => next.saturating_add(1),
                (Some(b'\r'), None) if !self.is_end => {
                    self.seen = end;
                    return None;
                }
                _ => next,
            };
            let is_empty = end == self.line;
            self.line = after;
            self.seen = after;
            if is_empty {
                return Some(after);
            }
        }
    }
}

fn event(bytes: &[u8]) -> Result<Event<'_>, Refusal> {
    let text = std::str::from_utf8(bytes).map_err(|_| NOT_TEXT)?;
    let mut event = Event {
        name: None,
        data: None,
        id: None,
        bytes,
    };
    let mut has_retry = false;
    for line in text.split(['\n', '\r']) {
        let (field, value) = line.split_once(':').unwrap_or((line, ""));
        let value = value.strip_prefix(' ').unwrap_or(value);
        let is_twice = match field {
            // An empty line, or a comment.
            "" => false,
            "data" => {
                match &mut event.data {
                    Some(data) => {
                        let data = data.to_mut();
                        data.push('\n');
                        data.push_str(value);
                    }
                    None => event.data = Some(Cow::Borrowed(value)),
                }
                false
            }
            "event" => event.name.replace(value).is_some(),
            "id" => event.id.replace(value).is_some(),
            "retry" => std::mem::replace(&mut has_retry, true),
            _ => true,
        };
        let is_odd = field != "data" && value.contains(LINE_ENDS);
        if is_twice || is_odd {
            return Err(FIELD);
        }
    }
    Ok(event)
}

const TOO_LARGE: Refusal = Refusal::with_status(
    502,
    "event.too_large",
    "expected an event of at most 4 MiB",
    "ask for less in one event",
);
const NOT_TEXT: Refusal = Refusal::with_status(
    502,
    "event.not_text",
    "expected events that are valid UTF-8",
    "",
);
const FIELD: Refusal = Refusal::with_status(
    502,
    "event.field",
    "expected the fields `data`, `event`, `id` and `retry` in this spelling, the last three once in an event",
    "",
);

#[cfg(test)]
mod tests;
