//! One exchange: each callback is one step of the engine's session.
//!
//! The request is held from its head to the verdict. The verdict falls in whichever callback
//! comes last: headers, body or trailers; the body's end of stream alone is never relied on,
//! because it does not come where trailers do.

use std::cell::RefCell;
use std::rc::Rc;

use lictor_engine::identity::PeerUse;
use lictor_engine::message::Head;
use lictor_engine::policy::Moment;
use lictor_engine::record::Least;
use lictor_engine::reply::Reply;
use lictor_engine::session::{HostFault, Session, Step};
use proxy_wasm::traits::{Context, HttpContext};
use proxy_wasm::types::{Action, BufferType, MapType};

use crate::answer::Answer;
use crate::callback::{Panicked, caught};
use crate::handles;
use crate::holding::Headers;
use crate::host;
use crate::record::{ending, write, write_least};
use crate::root::Shared;

/// Where an exchange stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stage {
    /// Held until the body is complete.
    Held,
    /// A stream of messages, of which none was judged yet.
    Begun,
    /// A stream of messages: what was judged passes, the rest is kept.
    Streamed,
    /// Let through.
    Passed,
    /// Answered.
    Replied,
}

/// The state of one exchange.
#[derive(Debug)]
pub struct Exchange {
    session: Option<Session>,
    stage: Stage,
    answer: Answer,
    /// The part of a stream that no verdict covers yet; the host has it no more.
    kept: Vec<u8>,
    decided_us: u64,
    has_panicked: bool,
}

impl Exchange {
    /// An exchange of which nothing is known.
    pub const fn new() -> Self {
        Self {
            session: None,
            stage: Stage::Held,
            answer: Answer::Unseen,
            kept: Vec::new(),
            decided_us: 0,
            has_panicked: false,
        }
    }

    fn request_headers(&mut self, shared: &Shared, has_body: bool) -> Step {
        let head = host::headers(MapType::HttpRequestHeaders);
        let is_read = head.is_ok();
        let head = Head {
            headers: head.unwrap_or_default(),
        };
        let id = shared.record_ids.next();
        // Overwritten at the end; where a trap takes the filter away it is what stays.
        write_least(&shared.guard.record_as, &Least::provisional(&id));
        #[cfg(feature = "faults")]
        crate::faults::plan(&head.headers);
        #[cfg(feature = "faults")]
        crate::faults::strike(crate::faults::Phase::RequestHeaders);
        let metadata = host::property(&["metadata"]);
        let peer = match shared.guard.reading.peer {
            PeerUse::Ignore => Ok(None),
            PeerUse::Fact | PeerUse::Identity => host::peer(),
        };
        let environment = shared.guard.environment_of_route.as_deref();
        let environment = environment.map_or(Ok(None), host::route_metadata);
        let is_stripped = strip(&head);
        let session = self
            .session
            .insert(Session::new(Rc::clone(&shared.guard), head, id));
        match (metadata, peer, environment) {
            (Ok(metadata), Ok(peer), Ok(environment)) if is_read && is_stripped => {
                session.place(environment);
                session.open(&metadata.unwrap_or_default(), peer.as_ref(), has_body)
            }
            _ => session.refuse_for_host(HostFault::Unreadable),
        }
    }

    /// INVARIANT (total size): while paused, the host reports the whole buffer each time, not
    /// the new part. Adding sizes up would trip the limit too early.
    fn request_body(&mut self, shared: &Shared, total_bytes: usize, is_complete: bool) -> Step {
        #[cfg(feature = "faults")]
        crate::faults::strike(crate::faults::Phase::RequestBody);
        let Some(session) = &mut self.session else {
            return Step::Hold;
        };
        if session.is_too_large(total_bytes) {
            return session.refuse_too_large();
        }
        if is_complete {
            self.judge(shared)
        } else {
            Step::Hold
        }
    }

    /// Reads all of the body, decodes and decides.
    fn judge(&mut self, shared: &Shared) -> Step {
        let Some(session) = &mut self.session else {
            return Step::Hold;
        };
        // One byte beyond the limit is enough to see that it is exceeded.
        let most = shared.guard.body_bytes.saturating_add(1);
        let Ok(body) = host::buffer(BufferType::HttpRequestBody, most) else {
            return session.refuse_for_host(HostFault::Unreadable);
        };
        let started = host::now_ns();
        recall(session, &body, started);
        let refused = session.decode(&body);
        let decoded = host::now_ns();
        let step = refused.unwrap_or_else(|| session.decide(&body, moment(decoded)));
        let decided = host::now_ns();
        shared
            .metrics
            .took(us(started, decoded), us(decoded, decided));
        shared.metrics.remembered(&shared.guard.analyses);
        self.decided_us = us(started, decided);
        step
    }

    /// Judges the messages of a stream that are whole by now.
    ///
    /// While none was judged the host keeps what came, and hands all of it over each time. From
    /// then on it hands over what is new, and gets back what was judged.
    fn messages(&mut self, shared: &Shared, total_bytes: usize, is_complete: bool) -> Step {
        #[cfg(feature = "faults")]
        crate::faults::strike(crate::faults::Phase::RequestBody);
        let stage = self.stage;
        let Some(session) = &mut self.session else {
            return Step::Hold;
        };
        if stage == Stage::Begun && !is_complete && !is_whole(total_bytes, session) {
            return Step::Messages;
        }
        let Ok(piece) = host::buffer(BufferType::HttpRequestBody, usize::MAX) else {
            return session.refuse_for_host(HostFault::Unreadable);
        };
        let piece_bytes = piece.len();
        let mut bytes = std::mem::take(&mut self.kept);
        bytes.extend(piece);
        let started = host::now_ns();
        recall(session, &bytes, started);
        let (judged, step) = session.messages(&bytes, is_complete, moment(started));
        self.decided_us = self.decided_us.saturating_add(us(started, host::now_ns()));
        shared.metrics.remembered(&shared.guard.analyses);
        if step != Step::Pass {
            return if step == Step::Hold {
                Step::Messages
            } else {
                step
            };
        }
        let passing = bytes.get(..judged).unwrap_or_default();
        if host::set_request_body(piece_bytes, passing).is_err() {
            return session.refuse_for_host(HostFault::Unreadable);
        }
        if stage == Stage::Begun && session.gives_handles() {
            // An answer that is compressed can't be looked into.
            let _ = host::remove_request_header(b"grpc-accept-encoding");
        }
        self.kept = bytes.split_off(judged);
        self.stage = Stage::Streamed;
        Step::Pass
    }

    /// Trailers end a stream: what was judged has passed, and nothing else may be left.
    fn stream_ended(&mut self) -> Step {
        match &mut self.session {
            Some(session) if !self.kept.is_empty() => {
                session.messages(&self.kept, true, moment(host::now_ns())).1
            }
            _ => Step::Pass,
        }
    }

    /// Remembers the handles that the next piece of the answer gives, before the client has it.
    fn response_body(&mut self) {
        // What lictor itself or an earlier filter answers gives none.
        let has_passed = matches!(self.stage, Stage::Passed | Stage::Streamed);
        let session = self
            .session
            .as_mut()
            .filter(|one| has_passed && one.gives_handles());
        let Some(session) = session else {
            return;
        };
        let piece = host::buffer(BufferType::HttpResponseBody, usize::MAX).unwrap_or_default();
        for remembered in session.answered(&piece) {
            handles::remember(&remembered, host::now_ns());
        }
    }

    /// Answers a request that waited for its body in vain.
    pub fn give_up(&mut self, shared: &Shared) {
        if let Some(session) = &mut self.session
            && matches!(self.stage, Stage::Held | Stage::Begun)
        {
            let step = session.refuse_for_host(HostFault::HeadersNotHeld);
            self.follow(step, shared);
        }
    }

    /// Does what a step says.
    fn follow(&mut self, step: Step, shared: &Shared) -> Action {
        match step {
            Step::Hold => Action::Pause,
            Step::Messages => {
                self.stage = Stage::Begun;
                Action::Pause
            }
            Step::Decide => {
                let step = self.judge(shared);
                self.follow(step, shared)
            }
            Step::Pass => {
                self.keep_answer_plain();
                let gives = self.session.as_ref().is_some_and(Session::gives_handles);
                if gives && self.stage != Stage::Streamed {
                    // An answer that is compressed can't be looked into.
                    let _ = host::remove_request_header(b"grpc-accept-encoding");
                }
                if self.stage != Stage::Streamed {
                    self.stage = Stage::Passed;
                }
                Action::Continue
            }
            Step::Reply(reply) => {
                self.stage = Stage::Replied;
                send(&reply);
                Action::Pause
            }
        }
    }

    /// An answer that comes compressed can't be read, so nobody may ask for one.
    fn keep_answer_plain(&mut self) {
        let reads = self.session.as_ref().is_some_and(Session::reads_answer);
        if reads && matches!(self.stage, Stage::Held | Stage::Begun) {
            // Where this fails the answer is refused.
            let _ = host::remove_request_header(b"accept-encoding");
        }
    }

    /// Runs one step of the answer to a request that was let through.
    fn answered(&mut self, step: impl FnOnce(&mut Answer, &mut Session) -> Action) -> Action {
        // What lictor itself or an earlier filter answers is not looked into.
        if !matches!(self.stage, Stage::Passed | Stage::Streamed) {
            return Action::Continue;
        }
        let (answer, session) = (&mut self.answer, &mut self.session);
        let stepped = caught(|| session.as_mut().map(|session| step(answer, session)));
        match stepped {
            Ok(action) => action.unwrap_or(Action::Continue),
            Err(Panicked) => {
                let (answer, session) = (&mut self.answer, &mut self.session);
                caught(|| answer.panicked(session.as_mut())).unwrap_or(Action::Pause)
            }
        }
    }

    /// Ends an exchange whose callback panicked: that costs this call and no other.
    fn panicked(&mut self) -> Action {
        self.stage = Stage::Replied;
        self.has_panicked = true;
        let step = caught(|| {
            self.session
                .as_mut()
                .map(|session| session.refuse_for_host(HostFault::Panic))
        });
        match step {
            Ok(Some(Step::Reply(reply))) => send(&reply),
            _ => {
                let _ = host::reply(500, "lictor_refused{host.panic}", b"", &[], -1);
            }
        }
        Action::Pause
    }

    fn log(&mut self, shared: &Shared) {
        #[cfg(feature = "faults")]
        crate::faults::strike(crate::faults::Phase::Log);
        let session = self.session.get_or_insert_with(|| {
            // An earlier filter ended the exchange: only its head is left to tell of.
            let headers = host::headers(MapType::HttpRequestHeaders).unwrap_or_default();
            Session::new(
                Rc::clone(&shared.guard),
                Head { headers },
                shared.record_ids.next(),
            )
        });
        if self.has_panicked && session.code().is_none() {
            session.refuse_for_host(HostFault::Panic);
        }
        shared.metrics.ended(session);
        let ending = ending(self.decided_us);
        let record = shared.chain.borrow_mut().add(session, &ending);
        write(&shared.guard.record_as, &record);
    }
}

/// Hands a session what is remembered of the handle that its request names.
fn recall(session: &mut Session, bytes: &[u8], now_ns: u64) {
    if let Some(key) = session.handle(bytes) {
        session.recall(handles::recall(&key, now_ns));
    }
}

/// Whether the message at the front of what the host holds is there to its end, as far as its
/// prefix tells, or can't be one.
fn is_whole(total_bytes: usize, session: &Session) -> bool {
    const PREFIX: usize = 5;
    let prefix = host::buffer(BufferType::HttpRequestBody, PREFIX).unwrap_or_default();
    match Session::message_bytes(&prefix) {
        Some(bytes) => bytes <= total_bytes || session.is_too_large(bytes),
        None => total_bytes >= PREFIX,
    }
}

/// A point in time as the engine takes it.
pub fn moment(now_ns: u64) -> Moment {
    Moment {
        seconds: i64::try_from(now_ns / 1_000_000_000).unwrap_or_default(),
        nanos: u32::try_from(now_ns % 1_000_000_000).unwrap_or_default(),
    }
}

/// Answers in place of the upstream.
pub fn send(reply: &Reply) {
    let grpc = reply
        .grpc_status
        .and_then(|status| i32::try_from(status).ok());
    let sent = host::reply(
        reply.status,
        &reply.details,
        &reply.body,
        &reply.headers,
        grpc.unwrap_or(-1),
    );
    // A reply that the host refuses leaves the request held: it never reaches the upstream.
    let _ = sent;
}

/// Takes away what a client could pass off as lictor's own word to the upstream.
fn strip(head: &Head) -> bool {
    let names = head.headers.iter().map(|(name, _)| name);
    let ours = names.filter(|name| name.starts_with(b"x-lictor-"));
    ours.map(host::remove_request_header)
        .all(|removed| removed.is_ok())
}

fn us(from_ns: u64, to_ns: u64) -> u64 {
    to_ns
        .saturating_sub(from_ns)
        .checked_div(1000)
        .unwrap_or_default()
}

/// An exchange as the SDK's dispatcher holds it.
#[derive(Debug)]
pub struct Stream {
    context: u32,
    shared: Rc<Shared>,
    exchange: Rc<RefCell<Exchange>>,
}

impl Stream {
    /// A stream of that id.
    pub const fn new(context: u32, shared: Rc<Shared>, exchange: Rc<RefCell<Exchange>>) -> Self {
        Self {
            context,
            shared,
            exchange,
        }
    }

    /// Runs one step of a request that is still held.
    fn step(&self, step: impl FnOnce(&mut Exchange, &Shared) -> Step) -> Action {
        let mut exchange = self.exchange.borrow_mut();
        match exchange.stage {
            Stage::Passed => return Action::Continue,
            Stage::Replied => return Action::Pause,
            Stage::Held | Stage::Begun | Stage::Streamed => {}
        }
        let action = caught(|| {
            let step = step(&mut exchange, &self.shared);
            exchange.follow(step, &self.shared)
        });
        action.unwrap_or_else(|Panicked| exchange.panicked())
    }

    /// A body or its end after a pause shows that headers are held.
    fn arrived(&self) {
        self.shared.holding.ended(self.context);
        if matches!(self.exchange.borrow().stage, Stage::Held | Stage::Begun) {
            self.shared
                .holding
                .found(Headers::Held, &self.shared.metrics);
        }
    }

    /// Holds the request, unless it is known that holding does not work here.
    fn hold(&self) -> Action {
        if self.shared.holding.headers() == Headers::NotHeld {
            self.exchange.borrow_mut().give_up(&self.shared);
        } else {
            self.shared
                .holding
                .waits(self.context, Rc::downgrade(&self.exchange));
        }
        Action::Pause
    }
}

impl Context for Stream {
    fn on_done(&mut self) -> bool {
        let _ = caught(|| self.shared.holding.ended(self.context));
        true
    }
}

impl HttpContext for Stream {
    fn on_http_request_headers(&mut self, _count: usize, is_complete: bool) -> Action {
        let action = self.step(|exchange, shared| exchange.request_headers(shared, !is_complete));
        let stage = self.exchange.borrow().stage;
        if action == Action::Pause && matches!(stage, Stage::Held | Stage::Begun) {
            return self.hold();
        }
        action
    }

    fn on_http_request_body(&mut self, total_bytes: usize, is_complete: bool) -> Action {
        self.arrived();
        self.step(|exchange, shared| match exchange.stage {
            Stage::Begun | Stage::Streamed => exchange.messages(shared, total_bytes, is_complete),
            _ => exchange.request_body(shared, total_bytes, is_complete),
        })
    }

    fn on_http_request_trailers(&mut self, _count: usize) -> Action {
        self.arrived();
        self.step(|exchange, shared| match exchange.stage {
            Stage::Begun => exchange.messages(shared, usize::MAX, true),
            Stage::Streamed => exchange.stream_ended(),
            _ => exchange.judge(shared),
        })
    }

    fn on_http_response_headers(&mut self, _count: usize, is_complete: bool) -> Action {
        let mut exchange = self.exchange.borrow_mut();
        exchange.answered(|answer, session| answer.headers(session, is_complete))
    }

    fn on_http_response_body(&mut self, total_bytes: usize, is_complete: bool) -> Action {
        let mut exchange = self.exchange.borrow_mut();
        // What is not remembered is refused later.
        let _ = caught(|| exchange.response_body());
        exchange.answered(|answer, session| answer.body(session, total_bytes, is_complete))
    }

    fn on_http_response_trailers(&mut self, _count: usize) -> Action {
        let mut exchange = self.exchange.borrow_mut();
        exchange.answered(|answer, session| answer.trailers(session))
    }

    fn on_log(&mut self) {
        let logged = caught(|| self.exchange.borrow_mut().log(&self.shared));
        if let Err(Panicked) = logged {
            // What was decided has happened: the record must say so even now.
            let exchange = self.exchange.borrow();
            let least = exchange
                .session
                .as_ref()
                .map_or(Least::provisional(""), |session| {
                    Least::of(session.id(), session.outcome())
                });
            write_least(&self.shared.guard.record_as, &least);
        }
    }
}
