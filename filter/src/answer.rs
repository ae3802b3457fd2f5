//! The answer of an exchange, where its session looks into it.
//!
//! INVARIANT (fail closed): what the session did not hand out never reaches the client. Where
//! the host does not take the bytes that shall stand instead, or a callback panics, the answer
//! ends there.

use lictor_engine::message::Head;
use lictor_engine::session::{Answered, HostFault, Session, Step};
use proxy_wasm::types::{Action, BufferType, MapType};

use crate::exchange::{moment, send};
use crate::host;

/// Where an answer stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    /// It goes by unseen.
    Unseen,
    /// Held until all of it is there.
    Held,
    /// Handed over as it comes.
    Streamed,
    /// Replaced by a reply of the filter's own, which the host shows here again.
    Replaced,
    /// Nothing more of it may pass.
    Blank,
    /// The host could not be made to take anything out: it keeps what it has.
    Stuck,
}

impl Answer {
    /// Takes in the head.
    pub fn headers(&mut self, session: &mut Session, is_complete: bool) -> Action {
        if !session.reads_answer() || *self != Self::Unseen {
            return Action::Continue;
        }
        let step = match host::headers(MapType::HttpResponseHeaders) {
            Ok(headers) => session.answer_begins(&Head { headers }),
            Err(_) => session.refuse_for_host(HostFault::Unreadable),
        };
        match step {
            Step::Reply(reply) => self.replace(&reply),
            Step::Hold | Step::Messages if !is_complete => {
                // It may become longer or shorter.
                if host::remove_response_header(b"content-length").is_err() {
                    return self.stuck();
                }
                if step == Step::Hold {
                    *self = Self::Held;
                    return Action::Pause;
                }
                *self = Self::Streamed;
                Action::Continue
            }
            _ => Action::Continue,
        }
    }

    /// Takes in a piece of the body, or all of it.
    pub fn body(&mut self, session: &mut Session, total_bytes: usize, is_complete: bool) -> Action {
        match self {
            Self::Unseen | Self::Replaced => Action::Continue,
            Self::Stuck => Action::Pause,
            Self::Blank => self.blank(),
            Self::Held if !is_complete && !session.is_too_large(total_bytes) => Action::Pause,
            Self::Held | Self::Streamed => self.read(session, is_complete),
        }
    }

    /// Takes in the end of an answer that has trailers.
    pub fn trailers(&mut self, session: &mut Session) -> Action {
        match self {
            Self::Unseen | Self::Replaced | Self::Blank => Action::Continue,
            Self::Stuck => Action::Pause,
            Self::Held | Self::Streamed => self.read(session, true),
        }
    }

    fn read(&mut self, session: &mut Session, is_end: bool) -> Action {
        #[cfg(feature = "faults")]
        crate::faults::strike(crate::faults::Phase::ResponseBody);
        let is_held = *self == Self::Held;
        let Ok(piece) = host::buffer(BufferType::HttpResponseBody, usize::MAX) else {
            return self.stuck();
        };
        let now = moment(host::now_ns());
        let bytes = match session.answer(&piece, is_end, is_held, now) {
            Answered::Bytes(bytes) => bytes,
            Answered::Reply(reply) => return self.replace(&reply),
        };
        if host::set_response_body(piece.len(), &bytes).is_err() {
            return self.stuck();
        }
        if is_held && host::set_response_length(bytes.len()).is_err() {
            return self.stuck();
        }
        Action::Continue
    }

    fn replace(&mut self, reply: &lictor_engine::reply::Reply) -> Action {
        *self = Self::Replaced;
        send(reply);
        Action::Pause
    }

    fn stuck(&mut self) -> Action {
        *self = Self::Stuck;
        Action::Pause
    }

    fn blank(&mut self) -> Action {
        let length =
            host::buffer(BufferType::HttpResponseBody, usize::MAX).map(|bytes| bytes.len());
        match length.and_then(|length| host::set_response_body(length, b"")) {
            Ok(()) => Action::Continue,
            Err(_) => self.stuck(),
        }
    }

    /// Ends an answer whose callback panicked.
    pub fn panicked(&mut self, session: Option<&mut Session>) -> Action {
        let Some(session) = session else {
            return self.stuck();
        };
        session.answer_failed();
        let step = session.refuse_for_host(HostFault::Panic);
        match (*self, step) {
            (Self::Unseen | Self::Held, Step::Reply(reply)) => self.replace(&reply),
            (Self::Streamed | Self::Blank, _) => {
                *self = Self::Blank;
                self.blank()
            }
            (Self::Replaced, _) => Action::Continue,
            _ => self.stuck(),
        }
    }
}
