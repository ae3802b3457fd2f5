//! A refusal as clients of MCP read it, and the models behind them.
//!
//! A call of a tool is answered by a result that says `isError`, so that the model sees why; any
//! other request by an error of JSON-RPC. Both come with status 200: what official clients do with
//! the body of another status is to throw it away. Where nothing can be answered by its id, or the
//! specification asks for it, the status is that of the refusal.
//!
//! Source: Model Context Protocol, tools (error handling), Streamable HTTP, authorization.

use super::header::{self, Version};
use super::{Authorization, fault};
use crate::json;
use crate::message::{Head, Request};
use crate::protocol::Denied;
use crate::reply::{Form, Problem, Reply};
use crate::value::Value;

/// The code of an error that is the guard's: of those that MCP leaves to implementations.
const REFUSED: i32 = -32_010;

/// What was refused, and why.
#[derive(Debug, Clone, Copy)]
pub(super) struct Refused<'a> {
    code: &'a str,
    rule: Option<&'a str>,
    line: &'a str,
    advice: &'a str,
    record: &'a str,
}

/// A request that waits for an answer.
#[derive(Debug, Clone)]
pub(super) struct Waiting {
    pub(super) id: Value<'static>,
    pub(super) is_tool_call: bool,
}

impl<'a> Refused<'a> {
    /// A refusal that a part of an answer met.
    pub(super) fn of(denied: &'a Denied, line: &'a str) -> Self {
        Self {
            code: denied.code,
            rule: denied.rule.as_deref(),
            line,
            advice: &denied.advice,
            record: &denied.record,
        }
    }

    /// The answer to a request: a result of a tool, or an error.
    pub(super) fn answer(&self, waiting: &Waiting, version: Version) -> Value<'a> {
        let what = match waiting.is_tool_call {
            true => ("result", self.result(version)),
            false => ("error", self.error()),
        };
        message(waiting.id.clone(), what)
    }

    fn result(&self, version: Version) -> Value<'a> {
        let content = object([("type", "text".into()), ("text", self.line.into())]);
        let mut members = vec![
            ("content".into(), Value::List(vec![content])),
            ("isError".into(), Value::Bool(true)),
            ("_meta".into(), object([("lictor/refusal", self.data())])),
        ];
        if version == Version::Modern {
            members.push(("resultType".into(), "complete".into()));
        }
        Value::Object(members)
    }

    fn error(&self) -> Value<'a> {
        let code = Value::Number(f64::from(number(self.code)));
        object([
            ("code", code),
            ("message", self.line.into()),
            ("data", self.data()),
        ])
    }

    fn data(&self) -> Value<'a> {
        let mut members = vec![("code".into(), self.code.into())];
        let more = [
            ("rule", self.rule.unwrap_or_default()),
            ("advice", self.advice),
            ("record", self.record),
        ];
        let more = more.into_iter().filter(|(_, text)| !text.is_empty());
        members.extend(more.map(|(name, text)| (name.into(), text.into())));
        if self.code == fault::VERSION.code {
            let versions = header::known_versions();
            members.push(("supported".into(), Value::texts(versions)));
        }
        Value::Object(members)
    }
}

/// The number that JSON-RPC and MCP have for a code.
fn number(code: &str) -> i32 {
    match code {
        _ if code.starts_with("json.") || code.starts_with("content.") => -32_700,
        _ if code == fault::HEADER.code => -32_020,
        _ if code == fault::VERSION.code => -32_022,
        _ if code == fault::UNKNOWN.code => -32_601,
        _ if [fault::MESSAGE.code, fault::BATCH.code, fault::MESSAGES.code].contains(&code) => {
            -32_600
        }
        _ if [
            fault::PARAMETERS.code,
            fault::LOCATION.code,
            fault::PROMPT.code,
        ]
        .contains(&code) =>
        {
            -32_602
        }
        _ => REFUSED,
    }
}

fn object<'a, const N: usize>(members: [(&'static str, Value<'a>); N]) -> Value<'a> {
    let members = members.into_iter();
    Value::Object(members.map(|(name, value)| (name.into(), value)).collect())
}

fn message<'a>(id: Value<'a>, (name, value): (&'static str, Value<'a>)) -> Value<'a> {
    object([("jsonrpc", "2.0".into()), ("id", id), (name, value)])
}

/// The requests of a body that wait for an answer, as far as it can be read.
pub(super) fn waiting(body: &[u8]) -> (bool, Vec<Waiting>) {
    let text = std::str::from_utf8(body).unwrap_or_default();
    let Ok(body) = json::parse(text) else {
        return (false, Vec::new());
    };
    let is_list = matches!(body, Value::List(_));
    let waiting = body.each().iter().filter_map(|message| {
        let method = message.member("method").and_then(Value::text)?;
        let id = message.member("id")?;
        let is_id = matches!(id, Value::Text(_) | Value::Number(_));
        is_id.then(|| Waiting {
            id: id.clone().into_owned(),
            is_tool_call: method == "tools/call",
        })
    });
    (is_list, waiting.collect())
}

/// The reply to a request that is refused.
pub(super) fn reply(problem: &Problem<'_>, authorization: &Authorization) -> Reply {
    let mut reply = problem.reply(Form::Http);
    let line = problem.message();
    let refused = Refused {
        code: problem.code,
        rule: problem.rule,
        line: &line,
        advice: problem.advice,
        record: problem.record,
    };
    let version = problem.request.map(|request| Version::of(request.head));
    let version = version.and_then(Result::ok).unwrap_or(Version::Unnamed);
    let (is_list, waiting) = problem
        .request
        .map_or((false, Vec::new()), |request| waiting(request.body));
    let keeps_status = problem.status == 401
        || [fault::HEADER.code, fault::VERSION.code].contains(&problem.code)
        || problem.code == fault::UNKNOWN.code && version == Version::Modern;
    let body = if waiting.is_empty() {
        message(Value::Null, ("error", refused.error()))
    } else {
        if !keeps_status {
            reply.status = 200;
        }
        let answer = |one: &Waiting| match keeps_status {
            true => message(one.id.clone(), ("error", refused.error())),
            false => refused.answer(one, version),
        };
        let mut answers: Vec<Value<'_>> = waiting.iter().map(answer).collect();
        match answers.pop() {
            Some(only) if !is_list => only,
            last => {
                answers.extend(last);
                Value::List(answers)
            }
        }
    };
    let text = serde_json::to_string(&body).unwrap_or_default();
    let is_stream = reply.status == 200 && problem.request.is_some_and(wants_stream);
    let (media, text) = match is_stream {
        true => (
            "text/event-stream",
            format!("event: message\ndata: {text}\n\n"),
        ),
        false => ("application/json", text),
    };
    for (name, value) in &mut reply.headers {
        if *name == "content-type" {
            *value = media.into();
        } else if *name == "www-authenticate" {
            *value = authorization.challenge().into();
        }
    }
    reply.body = text.into_bytes();
    reply
}

/// Whether a client takes nothing but a stream of events.
fn wants_stream(request: &Request<'_>) -> bool {
    let accepts = |head: &Head, media: &[u8]| {
        let mut values = head.headers.all("accept");
        values.any(|value| {
            value
                .windows(media.len())
                .any(|part| part.eq_ignore_ascii_case(media))
        })
    };
    let head = request.head;
    let others: [&[u8]; 3] = [b"application/json", b"application/*", b"*/*"];
    accepts(head, b"text/event-stream") && !others.iter().any(|media| accepts(head, media))
}
