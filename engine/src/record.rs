//! The audit record of one exchange, and the chain that shows when one is missing or changed.
//!
//! It holds what was done to what by whom, and why it was decided so; never a literal of a
//! statement, a query string, a body or a claim beyond who asks.

mod chain;
mod principal;
mod sink;

use std::borrow::Cow;
use std::collections::BTreeSet;

pub use chain::{Chain, Chained};

use self::chain::Link;
use self::sink::{Json, Members, Sink, Struct};
use crate::action::{Action, ColumnUse, Edge, Effect, Usage};
use crate::limits;
use crate::protocol::{Fact, FactValue};
use crate::session::{Outcome, Session};

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

/// A record that is in no chain: where an exchange did not get as far as its own, or where
/// its own failed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Least<'a> {
    id: &'a str,
    decision: &'static str,
}

impl<'a> Least<'a> {
    /// What a host sets first, so that even a crash of the filter leaves a record.
    #[must_use]
    pub const fn provisional(id: &'a str) -> Self {
        Self::of(id, &Outcome::Denied)
    }

    /// The least that can be said of an exchange that ended so.
    #[must_use]
    pub const fn of(id: &'a str, outcome: &Outcome) -> Self {
        Self {
            id,
            decision: decision(outcome),
        }
    }

    /// A serialized `google.protobuf.Struct`.
    #[must_use]
    pub fn to_struct(&self) -> Vec<u8> {
        let mut sink = Struct(Vec::with_capacity(128));
        self.fill(&mut sink.members());
        sink.0
    }

    /// The same as JSON.
    #[must_use]
    pub fn to_json(&self) -> String {
        let mut sink = Json(String::with_capacity(128));
        sink.object(|members| self.fill(members));
        sink.0
    }

    fn fill<S: Sink>(&self, members: &mut Members<'_, S>) {
        members.text("code", "host.interrupted");
        members.text("decision", self.decision);
        members.text("id", self.id);
        members.number("v", VERSION);
    }
}

/// Writes the record of an exchange. Members stand in the order of their names.
fn fill<S: Sink>(session: &Session, ending: &Ending, link: &Link, members: &mut Members<'_, S>) {
    let shown = session.actions.iter().take(limits::RECORD_ACTIONS);
    members.member("actions", |sink| sink.list(shown, action));
    let omitted = session.actions.len().saturating_sub(limits::RECORD_ACTIONS);
    let omitted = omitted.saturating_add(session.actions_dropped);
    if omitted > 0 {
        members.number(
            "actions_omitted",
            u32::try_from(omitted).unwrap_or(u32::MAX),
        );
    }
    let api = session.api();
    members.text_or_null("api", api.map(|api| api.name.as_str()));
    if !session.approved.is_empty() {
        members.member("approved", |sink| sink.texts(&session.approved));
    }
    if !session.facts.is_empty() {
        members.member("attributes", |sink| facts(sink, &session.facts));
    }
    members.member("chain", |sink| sink.object(|members| link.fill(members)));
    if let Some(code) = session.code {
        members.text("code", code);
    }
    if !session.criteria.is_empty() {
        members.member("criteria", |sink| sink.texts(&session.criteria));
    }
    members.number("decided_us", ending.decided_us);
    members.text("decision", decision(&session.outcome));
    let environment = session.environment();
    if !environment.is_empty() {
        members.text("environment", environment);
    }
    if !session.faulty.is_empty() {
        members.member("errors", |sink| sink.list(&session.faulty, faulty));
    }
    members.text("id", &session.id);
    members.member("lineage", |sink| lineage(sink, &session.actions));
    members.text("policy", &session.guard.hash);
    members.member("principal", |sink| {
        principal::write(sink, &session.principal)
    });
    members.text_or_null("protocol", api.map(|api| api.protocol.name()));
    if !session.reason.is_empty() {
        members.text("reason", &session.reason);
    }
    members.member("request", |sink| request(sink, session));
    members.member("response", |sink| response(sink, ending));
    members.member("rules", |sink| sink.texts(&session.rules));
    if !session.shadow.is_empty() {
        members.member("shadow", |sink| sink.texts(&session.shadow));
    }
    if !session.tagged.is_empty() {
        members.member("tagged", |sink| sink.texts(&session.tagged));
    }
    if !session.tags.is_empty() {
        members.member("tags", |sink| sink.texts(&session.tags));
    }
    members.number("v", VERSION);
}

/// A rule that took part though an expression of it had no answer.
fn faulty<S: Sink>(sink: &mut S, (rule, error): &(String, &'static str)) {
    sink.object(|members| {
        members.text("error", error);
        members.text("rule", rule);
    });
}

/// What is told besides actions, by the names of OpenTelemetry.
fn facts<S: Sink>(sink: &mut S, facts: &[Fact]) {
    let short = |text: &str| cut(text, limits::RECORD_FACT_BYTES).into_owned();
    sink.object(|members| {
        for fact in facts {
            members.member(fact.name, |sink| match &fact.value {
                FactValue::Text(text) => sink.text(&short(text)),
                FactValue::Texts(texts) => {
                    let shown = texts.iter().take(limits::RECORD_FACTS);
                    sink.texts(shown.map(|text| short(text)));
                }
                FactValue::Count(count) => sink.number(u32::try_from(*count).unwrap_or(u32::MAX)),
            });
        }
    });
}

const fn decision(outcome: &Outcome) -> &'static str {
    match outcome {
        Outcome::Allowed => "allow",
        Outcome::Denied => "deny",
        Outcome::Asked => "ask",
        Outcome::Undecided | Outcome::SelfTest => "none",
    }
}

fn action<S: Sink>(sink: &mut S, action: &Action) {
    sink.object(|members| {
        if let Some(cause) = action.cause {
            members.text("cause", cause.name());
        }
        if !action.columns.is_empty() {
            members.member("columns", |sink| columns(sink, &action.columns));
        }
        members.text("effect", action.effect.name());
        if let Some(fingerprint) = &action.fingerprint {
            members.text("fingerprint", fingerprint);
        }
        members.text("operation", &action.operation);
        members.text("reach", action.reach.name());
        members.member("resources", |sink| {
            sink.texts(action.resources.iter().map(ToString::to_string));
        });
        if let Some(statement) = &action.statement {
            members.text("statement", &cut(statement, limits::RECORD_STATEMENT_BYTES));
        }
    });
}

/// The columns of an action, by what is done with them.
fn columns<S: Sink>(sink: &mut S, columns: &[ColumnUse]) {
    sink.object(|members| {
        for usage in [Usage::Output, Usage::Predicate, Usage::Written] {
            let mut of_usage = columns.iter().filter(|one| one.usage == usage).peekable();
            if of_usage.peek().is_some() {
                let shown = of_usage.take(limits::RECORD_COLUMNS);
                members.member(usage.name(), |sink| {
                    sink.texts(shown.map(|one| one.column.to_string()));
                });
            }
        }
    });
}

/// Which columns become which columns of tables: what a result shows is gone with it.
fn edges(actions: &[Action]) -> Vec<&Edge> {
    let edges = actions.iter().flat_map(|action| &action.lineage);
    let kept = edges.filter(|edge| !edge.target.table.is_empty());
    kept.take(limits::RECORD_EDGES).collect()
}

/// What was read and what was written, over all actions.
fn lineage<S: Sink>(sink: &mut S, actions: &[Action]) {
    let names = |wants_reads: bool| -> BTreeSet<String> {
        let chosen = actions
            .iter()
            .filter(|action| (action.effect == Effect::Read) == wants_reads);
        let resources = chosen.flat_map(|action| &action.resources);
        resources.map(ToString::to_string).collect()
    };
    let edges = edges(actions);
    sink.object(|members| {
        if !edges.is_empty() {
            members.member("columns", |sink| {
                sink.list(edges, |sink, edge| {
                    sink.object(|members| {
                        members.text("from", &edge.source.to_string());
                        members.text("to", &edge.target.to_string());
                    });
                });
            });
        }
        members.member("reads", |sink| sink.texts(names(true)));
        members.member("writes", |sink| sink.texts(names(false)));
    });
}

fn request<S: Sink>(sink: &mut S, session: &Session) {
    let head = &session.head;
    sink.object(|members| {
        members.text("host", &cut(head.host(), limits::RECORD_PATH_BYTES));
        members.text("method", &cut(head.method().unwrap_or_default(), 32));
        members.text("path", &cut(&session.path, limits::RECORD_PATH_BYTES));
    });
}

fn response<S: Sink>(sink: &mut S, ending: &Ending) {
    sink.object(|members| {
        if !ending.details.is_empty() {
            members.text("details", &ending.details);
        }
        members.number("status", ending.status);
    });
}

/// At most `bytes` bytes of a text, with an ellipsis where some of it is gone.
fn cut(text: &str, bytes: usize) -> Cow<'_, str> {
    if text.len() <= bytes {
        return Cow::Borrowed(text);
    }
    let mut cut: String = text
        .char_indices()
        .take_while(|(start, letter)| start.saturating_add(letter.len_utf8()) <= bytes)
        .map(|(_, letter)| letter)
        .collect();
    cut.push('…');
    Cow::Owned(cut)
}
