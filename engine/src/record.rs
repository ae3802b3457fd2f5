//! The audit record of one exchange, and the chain that shows when one is missing or changed.
//!
//! It holds what was done to what by whom, and why it was decided so; never a literal of a
//! statement, a query string, a body or a claim beyond who asks.

mod chain;

use std::borrow::Cow;
use std::collections::BTreeSet;

pub use chain::{Chain, Chained};

use crate::action::{Action, Effect};
use crate::identity::Principal;
use crate::limits;
use crate::session::{Outcome, Session};
use crate::struct_value;
use crate::value::Value;

/// Version of the record's shape.
pub const VERSION: u32 = 1;

/// How an exchange ended, as far as the host can tell.
#[derive(Debug, Clone, Default)]
pub struct Ending {
    /// Status that the client got; 0 where it got none.
    pub status: u32,
    /// Envoy's response code details.
    pub details: String,
    /// Time that decoding and deciding took, in microseconds.
    pub decided_us: u32,
}

type Members = Vec<(Cow<'static, str>, Value<'static>)>;

/// An audit record that is not yet chained. Members stand in the order of their names.
#[derive(Debug, Clone, PartialEq)]
pub struct Record {
    pub(crate) members: Members,
}

impl Record {
    /// The record as a tree.
    #[must_use]
    pub fn to_value(&self) -> Value<'static> {
        Value::Object(self.members.clone())
    }
}

/// The record, as a serialized `Struct`, of an exchange that did not get as far as its own:
/// what a host sets first, so that even a crash of the filter leaves a record.
#[must_use]
pub fn provisional(id: &str) -> Vec<u8> {
    least(id, &Outcome::Denied)
}

/// The least that a record can say: for a host whose own record failed.
#[must_use]
pub fn least(id: &str, outcome: &Outcome) -> Vec<u8> {
    struct_value::write(&[
        ("code".into(), Value::from("host.interrupted")),
        ("decision".into(), Value::from(decision(outcome))),
        ("id".into(), Value::from(id)),
        ("v".into(), Value::from(VERSION)),
    ])
}

pub(crate) fn of(session: &Session, ending: &Ending) -> Record {
    let mut members: Members = Vec::with_capacity(18);
    let mut add = |name: &'static str, value: Value<'static>| members.push((name.into(), value));
    let shown = session.actions.iter().take(limits::RECORD_ACTIONS);
    add("actions", Value::List(shown.map(action).collect()));
    let omitted = session.actions.len().saturating_sub(limits::RECORD_ACTIONS);
    if omitted > 0 {
        add(
            "actions_omitted",
            Value::from(u32::try_from(omitted).unwrap_or(u32::MAX)),
        );
    }
    add(
        "api",
        session
            .api()
            .map_or(Value::Null, |api| Value::from(api.name.clone())),
    );
    if let Some(code) = session.code {
        add("code", Value::from(code));
    }
    add("decided_us", Value::from(ending.decided_us));
    add("decision", Value::from(decision(&session.outcome)));
    if !session.guard.environment.is_empty() {
        add(
            "environment",
            Value::from(session.guard.environment.clone()),
        );
    }
    add("id", Value::from(session.id.clone()));
    add("lineage", lineage(&session.actions));
    add("policy", Value::from(session.guard.hash.clone()));
    add("principal", principal(&session.principal));
    add(
        "protocol",
        session
            .api()
            .map_or(Value::Null, |api| Value::from(api.protocol.name())),
    );
    if !session.reason.is_empty() {
        add("reason", Value::from(session.reason.clone()));
    }
    add("request", request(session));
    add("response", response(ending));
    add("rules", Value::texts(session.rules.clone()));
    if !session.shadow.is_empty() {
        add("shadow", Value::texts(session.shadow.clone()));
    }
    add("v", Value::from(VERSION));
    Record { members }
}

const fn decision(outcome: &Outcome) -> &'static str {
    match outcome {
        Outcome::Allowed => "allow",
        Outcome::Denied => "deny",
        Outcome::Undecided | Outcome::SelfTest => "none",
    }
}

fn action(action: &Action) -> Value<'static> {
    let mut members: Members = vec![("effect".into(), Value::from(action.effect.name()))];
    let mut add = |name: &'static str, value: Value<'static>| members.push((name.into(), value));
    if let Some(fingerprint) = &action.fingerprint {
        add("fingerprint", Value::from(fingerprint.clone()));
    }
    add("operation", Value::from(action.operation.clone()));
    add("reach", Value::from(action.reach.name()));
    add(
        "resources",
        Value::texts(action.resources.iter().map(ToString::to_string)),
    );
    if let Some(statement) = &action.statement {
        add(
            "statement",
            Value::from(cut(statement, limits::RECORD_STATEMENT_BYTES)),
        );
    }
    Value::Object(members)
}

/// What was read and what was written, over all actions.
fn lineage(actions: &[Action]) -> Value<'static> {
    let names = |wants_reads: bool| {
        let chosen = actions
            .iter()
            .filter(|action| (action.effect == Effect::Read) == wants_reads);
        let resources = chosen.flat_map(|action| &action.resources);
        let names: BTreeSet<String> = resources.map(ToString::to_string).collect();
        Value::texts(names)
    };
    Value::Object(vec![
        ("reads".into(), names(true)),
        ("writes".into(), names(false)),
    ])
}

fn principal(principal: &Principal) -> Value<'static> {
    let mut members: Members = Vec::with_capacity(6);
    let mut add = |name: &'static str, value: Value<'static>| members.push((name.into(), value));
    if !principal.earlier_actors.is_empty() {
        add("actors", Value::texts(principal.earlier_actors.clone()));
    }
    if let Some(whom) = &principal.acts_for {
        add("for", Value::from(whom.subject.clone()));
    }
    if !principal.groups.is_empty() {
        let shown = principal.groups.iter().take(limits::RECORD_GROUPS).cloned();
        add("groups", Value::texts(shown));
    }
    if !principal.issuer.is_empty() {
        add("issuer", Value::from(principal.issuer.clone()));
    }
    add("kind", Value::from(principal.kind.name()));
    add("subject", Value::from(principal.subject.clone()));
    Value::Object(members)
}

fn request(session: &Session) -> Value<'static> {
    let head = &session.head;
    Value::Object(vec![
        (
            "host".into(),
            Value::from(cut(head.host(), limits::RECORD_PATH_BYTES)),
        ),
        (
            "method".into(),
            Value::from(cut(head.method().unwrap_or_default(), 32)),
        ),
        (
            "path".into(),
            Value::from(cut(&session.path, limits::RECORD_PATH_BYTES)),
        ),
    ])
}

fn response(ending: &Ending) -> Value<'static> {
    Value::Object(vec![
        ("details".into(), Value::from(ending.details.clone())),
        ("status".into(), Value::from(ending.status)),
    ])
}

/// At most `bytes` bytes of a text, with an ellipsis where some of it is gone.
fn cut(text: &str, bytes: usize) -> String {
    if text.len() <= bytes {
        return text.to_owned();
    }
    let mut cut: String = text
        .char_indices()
        .take_while(|(start, letter)| start.saturating_add(letter.len_utf8()) <= bytes)
        .map(|(_, letter)| letter)
        .collect();
    cut.push('…');
    cut
}
