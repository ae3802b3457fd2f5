//! A call under a guard to what came of it.

use std::rc::Rc;

use lictor_engine::config::Guard;
use lictor_engine::identity::PeerFacts;
use lictor_engine::message::Head;
use lictor_engine::policy::Moment;
use lictor_engine::record::{Chain, Ending};
use lictor_engine::session::{Answered, Session, Step};
use lictor_engine::{identity, json};
use serde_json::{Value, json};

use super::{Answer, Call};
use crate::account::{self, Account};

/// What came of a call.
#[derive(Debug, Clone, PartialEq)]
pub struct Outcome {
    /// Status of the reply; 200 where the call goes on to the service.
    pub status: u16,
    /// The body of the reply, null where the call goes on.
    pub reply: Value,
    /// What the client gets of the service's answer, where the case gives one: JSON where it is
    /// that, else text.
    pub answer: Value,
    /// The record.
    pub record: Value,
    /// The record as Envoy is handed it, a serialized `google.protobuf.Struct`.
    pub structured: Vec<u8>,
}

/// Runs a call from its head to its record, as the filter does.
pub fn run(guard: &Rc<Guard>, call: &Call) -> Outcome {
    run_in_pieces(guard, call, usize::MAX)
}

/// The same where the answer of the service comes in pieces of so many bytes.
pub fn run_in_pieces(guard: &Rc<Guard>, call: &Call, piece_bytes: usize) -> Outcome {
    let (mut session, step) = decided(guard, call);
    let given = call.answer.as_ref().filter(|_| step == Step::Pass);
    let Some(given) = given else {
        return outcome(&session, step, Value::Null);
    };
    let at = call.at.unwrap_or(NOON);
    let (answer, replaced) = answered(&mut session, given, piece_bytes.max(1), at);
    outcome(&session, replaced.unwrap_or(step), plain(&answer))
}

/// What the client gets of an answer, or what takes its place.
fn answered(
    session: &mut Session,
    given: &Answer,
    piece_bytes: usize,
    at: Moment,
) -> (Vec<u8>, Option<Step>) {
    let is_held = match session.answer_begins(&head(&given.headers)) {
        Step::Hold => true,
        Step::Messages => false,
        Step::Reply(reply) => return (Vec::new(), Some(Step::Reply(reply))),
        Step::Pass | Step::Decide => return (given.body.clone(), None),
    };
    let piece_bytes = if is_held { usize::MAX } else { piece_bytes };
    let mut seen = Vec::new();
    let pieces = given.body.chunks(piece_bytes.min(given.body.len().max(1)));
    // The end may come by itself.
    for (piece, is_end) in pieces
        .map(|piece| (piece, is_held))
        .chain([(&[][..], true)])
    {
        if is_held && piece.is_empty() && !given.body.is_empty() {
            break;
        }
        match session.answer(piece, is_end, is_held, at) {
            Answered::Bytes(bytes) => seen.extend(bytes),
            Answered::Reply(reply) => return (Vec::new(), Some(Step::Reply(reply))),
        }
    }
    (seen, None)
}

/// JSON where it is that, else text.
fn plain(bytes: &[u8]) -> Value {
    serde_json::from_slice(bytes).unwrap_or_else(|_| json!(String::from_utf8_lossy(bytes)))
}

/// Runs a call and says of each rule why it applies or does not; nothing where the call was
/// refused before any rule was asked.
pub fn explain(guard: &Rc<Guard>, call: &Call) -> (Outcome, Vec<Account>) {
    let (session, step) = decided(guard, call);
    let is_decoded = matches!(
        session.code(),
        None | Some("policy.denied" | "policy.approval_required")
    ) && session.api().is_some();
    let accounts = match is_decoded {
        true => session.with_call(&call.body, call.at.unwrap_or(NOON), |call| {
            account::of_each(&guard.policy, call)
        }),
        false => Vec::new(),
    };
    (outcome(&session, step, Value::Null), accounts)
}

fn decided(guard: &Rc<Guard>, call: &Call) -> (Session, Step) {
    let head = head(&call.headers);
    let at = call.at.unwrap_or(NOON);
    let mut session = Session::new(Rc::clone(guard), head, record_id(at));
    let peer = call.peer.clone().map(|uri_san| PeerFacts { uri_san });
    let metadata = verified(guard, call);
    let mut step = session.open(&metadata, peer.as_ref(), !call.body.is_empty());
    if matches!(step, Step::Hold | Step::Decide) {
        let decoded = session.decode(&call.body);
        step = decoded.unwrap_or_else(|| session.decide(&call.body, at));
    }
    if step == Step::Messages {
        (_, step) = session.messages(&call.body, true, at);
    }
    (session, step)
}

fn head(fields: &[(String, String)]) -> Head {
    let mut head = Head::default();
    for (name, value) in fields {
        head.headers.push(name.as_bytes(), value.as_bytes());
    }
    head
}

fn outcome(session: &Session, step: Step, answer: Value) -> Outcome {
    let (status, reply) = match step {
        Step::Reply(reply) => (reply.status, plain(&reply.body)),
        Step::Pass | Step::Hold | Step::Messages | Step::Decide => (200, Value::Null),
    };
    let ending = Ending {
        status: u32::from(status),
        ..Ending::default()
    };
    let chained = Chain::new([0; 8]).add(session, &ending);
    Outcome {
        status,
        reply,
        answer,
        record: serde_json::from_str(&chained.json).unwrap_or_default(),
        structured: chained.to_struct(),
    }
}

/// The id of the record of a call at that time: the same each time. Source: RFC 9562, 5.7.
fn record_id(at: Moment) -> String {
    let milliseconds = at.seconds.saturating_mul(1000);
    let milliseconds = milliseconds.saturating_add(i64::from(at.nanos / 1_000_000));
    let time = format!("{:012x}", milliseconds.max(0));
    let (high, low) = time.split_at_checked(8).unwrap_or((&time, ""));
    format!("{high}-{low}-7000-8000-000000000000")
}

/// When a case is run that does not say: Wednesday, 4 November 2026, 12:00 UTC.
const NOON: Moment = Moment {
    seconds: 1_793_793_600,
    nanos: 0,
};

/// What Envoy would have left behind for verified tokens with these claims.
fn verified(guard: &Guard, call: &Call) -> Vec<u8> {
    let first = call
        .claims
        .iter()
        .map(|claims| (key(guard, claims), claims));
    let others = call
        .tokens
        .iter()
        .map(|(key, claims)| (key.as_str(), claims));
    let texts: Vec<_> = first
        .chain(others)
        .map(|(key, claims)| (key, claims.to_string()))
        .collect();
    if texts.is_empty() {
        return Vec::new();
    }
    let read = texts
        .iter()
        .map(|(key, text)| Some((*key, json::parse(text).ok()?)));
    match read.collect::<Option<Vec<_>>>() {
        Some(tokens) => identity::metadata_of_each(&tokens),
        // Claims that no verified token can hold: unreadable for the filter as well.
        None => vec![0xff],
    }
}

/// The key under which the document looks for a token of that issuer.
fn key<'g>(guard: &'g Guard, claims: &Value) -> &'g str {
    let issuer = claims.get("iss").and_then(Value::as_str);
    let tokens = &guard.reading.tokens;
    let own = tokens.iter().find(|token| {
        token.issuer.is_empty()
            || issuer.is_some_and(|own| token.issuer.iter().any(|one| one == own))
    });
    let token = own.or(tokens.first());
    let key = token.and_then(|token| token.metadata.first());
    key.map_or("jwt", String::as_str)
}
