//! What an MCP server answers: lists of tools lose those that can't be called, and what the server
//! asks of the client is judged before the client sees it.
//!
//! Whatever request it comes for: a list is a list, and a request a request, in an answer of JSON
//! and in a stream, by itself and among others.

use std::rc::Rc;

use super::fault;
use super::header::Version;
use super::message::has_one_spelling;
use super::pin::Held;
use super::problem::{self, Refused, Waiting};
use super::{Core, request, splice};
use crate::content;
use crate::event_stream::{self, EventStream};
use crate::json;
use crate::message::{Head, Request};
use crate::protocol::{Answer, Body, Denied, Fact, FactValue, Judge};
use crate::refusal::Refusal;
use crate::value::Value;

/// Reads the answer to one request.
#[derive(Debug)]
pub(super) struct Reader {
    core: Rc<Core>,
    version: Version,
    /// The requests that were not answered yet.
    waiting: Vec<Waiting>,
    /// The stream, where the answer is one.
    events: Option<EventStream>,
    /// Whether nothing may follow: what the client waits for was refused.
    is_over: bool,
    /// Whether the answer is no error of HTTP.
    is_success: bool,
    changed: Vec<String>,
}

/// What becomes of a message.
enum Fate {
    Stays,
    Becomes(String),
    Goes,
}

impl Reader {
    pub(super) fn new(core: Rc<Core>, request: &Request<'_>) -> Self {
        let version = Version::of(request.head);
        Self {
            core,
            version: version.unwrap_or(Version::Unnamed),
            waiting: problem::waiting(request.body).1,
            events: None,
            is_over: false,
            is_success: false,
            changed: Vec::new(),
        }
    }
}

impl Answer for Reader {
    fn begins(&mut self, head: &Head) -> Result<Body, Refusal> {
        let mut types = head.headers.all("content-type");
        let media = match (types.next(), types.next()) {
            (media, None) => media.unwrap_or_default(),
            _ => return Err(fault::ANSWER_TYPE),
        };
        let essence = media.split(|byte| *byte == b';').next().unwrap_or_default();
        let essence = essence.trim_ascii().to_ascii_lowercase();
        self.is_success = head
            .headers
            .first(":status")
            .is_some_and(|status| status.starts_with(b"2"));
        match essence.as_slice() {
            b"text/event-stream" => {
                self.events = Some(EventStream::default());
                Ok(Body::Messages)
            }
            b"application/json" => Ok(Body::Held),
            other if other.ends_with(b"json") => Ok(Body::Held),
            // Clients read nothing else but to tell what went wrong.
            _ if !self.is_success || self.waiting.is_empty() => Ok(Body::Streamed),
            _ => Err(fault::ANSWER_TYPE),
        }
    }

    fn read(
        &mut self,
        bytes: &[u8],
        is_end: bool,
        judge: &mut dyn Judge,
        out: &mut Vec<u8>,
    ) -> Result<(), Refusal> {
        match self.events.take() {
            Some(mut events) => {
                let read = self.stream(&mut events, (bytes, is_end), judge, out);
                self.events = Some(events);
                read
            }
            None if bytes.is_empty() => Ok(()),
            None => {
                let text = content::text(bytes).map_err(|_| fault::ANSWER)?;
                match self.text(text, judge)? {
                    Fate::Stays => out.extend_from_slice(bytes),
                    Fate::Becomes(text) => out.extend_from_slice(text.as_bytes()),
                    Fate::Goes => {}
                }
                Ok(())
            }
        }
    }

    fn cut_off(&mut self, denied: &Denied, out: &mut Vec<u8>) {
        let answers = self.answers(denied);
        answers
            .iter()
            .for_each(|text| event_stream::write(Some("message"), None, text, out));
    }
}

impl Reader {
    fn stream(
        &mut self,
        events: &mut EventStream,
        (bytes, is_end): (&[u8], bool),
        judge: &mut dyn Judge,
        out: &mut Vec<u8>,
    ) -> Result<(), Refusal> {
        if self.is_over {
            return Ok(());
        }
        events.push(bytes, is_end);
        while let Some(event) = events.next()? {
            let fate = match event.data.as_deref() {
                None | Some("") => Fate::Stays,
                Some(data) => self.text(data, judge)?,
            };
            match fate {
                Fate::Stays => event.write(out),
                Fate::Becomes(text) => event_stream::write(event.name, event.id, &text, out),
                Fate::Goes => {}
            }
            if self.is_over {
                break;
            }
        }
        Ok(())
    }

    /// One message, or a list of them.
    fn text(&mut self, text: &str, judge: &mut dyn Judge) -> Result<Fate, Refusal> {
        let value = json::parse(text).map_err(|_| fault::ANSWER)?;
        let Value::List(messages) = &value else {
            return self.message(text, &value, judge);
        };
        let places = splice::items(text, &[]).unwrap_or_default();
        let mut is_same = true;
        let mut kept = Vec::new();
        for (place, message) in places.into_iter().zip(messages) {
            let text = text.get(place).unwrap_or_default();
            let fate = self.message(text, message, judge)?;
            is_same &= matches!(fate, Fate::Stays);
            kept.push(match fate {
                Fate::Stays => Some(text.to_owned()),
                Fate::Becomes(text) => Some(text),
                Fate::Goes => None,
            });
        }
        if is_same && kept.len() == messages.len() {
            return Ok(Fate::Stays);
        }
        let text = splice::without(text, &[], &kept);
        text.map(Fate::Becomes).ok_or(fault::ANSWER)
    }

    fn message(
        &mut self,
        text: &str,
        message: &Value<'_>,
        judge: &mut dyn Judge,
    ) -> Result<Fate, Refusal> {
        let names = ["id", "method", "params", "result", "error"];
        if !matches!(message, Value::Object(_)) || !has_one_spelling(message, &names) {
            return Err(fault::ANSWER);
        }
        let [id, method, params, result, error] = names.map(|name| message.member(name));
        match (method, result, error) {
            // What the client is only told makes it do nothing.
            (Some(Value::Text(_)), None, None) if id.is_none() => Ok(Fate::Stays),
            (Some(Value::Text(method)), None, None) => {
                let params = params.unwrap_or(&Value::Null);
                match self.asked(&[(method, params)], judge)? {
                    None => Ok(Fate::Stays),
                    Some(denied) => Ok(self.refuse_request(&denied)),
                }
            }
            (None, Some(result), None) => self.result(text, (id, result), judge),
            (None, None, Some(error)) => {
                let data = error
                    .member("data")
                    .and_then(|data| data.member("elicitations"));
                let asked = data.map_or(&[][..], Value::each);
                let asked: Vec<_> = asked
                    .iter()
                    .map(|one| (request::ELICITATION, one))
                    .collect();
                self.answered(id, &asked, judge)
            }
            // What went wrong, or nothing that anybody waits for: no message.
            (None, None, None) if !self.is_success || self.waiting.is_empty() => Ok(Fate::Stays),
            _ => Err(fault::ANSWER),
        }
    }

    /// A result: a list of tools, or what is asked of the client before there can be one.
    fn result(
        &mut self,
        text: &str,
        (id, result): (Option<&Value<'_>>, &Value<'_>),
        judge: &mut dyn Judge,
    ) -> Result<Fate, Refusal> {
        if !has_one_spelling(result, &["tools", "inputRequests"]) {
            return Err(fault::ANSWER);
        }
        let mut asked = Vec::new();
        match result.member("inputRequests") {
            None | Some(Value::Null) => {}
            Some(Value::Object(members)) => {
                for (_, one) in members {
                    let method = one.member("method").and_then(Value::text);
                    let params = one.member("params").unwrap_or(&Value::Null);
                    if !has_one_spelling(one, &["method", "params"]) {
                        return Err(fault::ANSWER);
                    }
                    asked.push((method.ok_or(fault::ANSWER)?, params));
                }
            }
            Some(_) => return Err(fault::ANSWER),
        }
        let fate = self.answered(id, &asked, judge)?;
        match (fate, result.member("tools")) {
            (Fate::Stays, Some(Value::List(tools))) => self.tools(text, tools, judge),
            (Fate::Stays, Some(tools)) if *tools != Value::Null => Err(fault::ANSWER),
            (fate, _) => Ok(fate),
        }
    }

    /// An answer to a request of the client, with what it asks the client to do.
    fn answered(
        &mut self,
        id: Option<&Value<'_>>,
        asked: &[(&str, &Value<'_>)],
        judge: &mut dyn Judge,
    ) -> Result<Fate, Refusal> {
        let place = self.waiting.iter().position(|one| Some(&one.id) == id);
        let waiting = match (place, id) {
            (Some(place), _) => Some(self.waiting.remove(place)),
            (None, Some(id)) => Some(Waiting {
                id: id.clone().into_owned(),
                is_tool_call: false,
            }),
            (None, None) => None,
        };
        match (self.asked(asked, judge)?, waiting) {
            (None, _) => Ok(Fate::Stays),
            (Some(_), None) => Ok(Fate::Goes),
            (Some(denied), Some(waiting)) => Ok(Fate::Becomes(self.told(&waiting, &denied))),
        }
    }

    /// Why the client must not do what the server asks of it, if it must not.
    fn asked(
        &self,
        asked: &[(&str, &Value<'_>)],
        judge: &mut dyn Judge,
    ) -> Result<Option<Denied>, Refusal> {
        let mut actions = Vec::new();
        for (method, params) in asked {
            request::add(&self.core, method, params, &mut actions)?;
        }
        if actions.is_empty() {
            return Ok(None);
        }
        Ok(judge.judge(actions).err())
    }

    /// A request of the server does not reach the client, which is told so in place of what it
    /// waits for.
    fn refuse_request(&mut self, denied: &Denied) -> Fate {
        let mut answers = self.answers(denied);
        self.is_over = !answers.is_empty();
        self.waiting.clear();
        match answers.pop() {
            None => Fate::Goes,
            Some(only) if answers.is_empty() => Fate::Becomes(only),
            Some(last) => Fate::Becomes(format!("[{},{last}]", answers.join(","))),
        }
    }

    fn answers(&self, denied: &Denied) -> Vec<String> {
        self.waiting
            .iter()
            .map(|one| self.told(one, denied))
            .collect()
    }

    fn told(&self, waiting: &Waiting, denied: &Denied) -> String {
        let line = denied.line();
        let answer = Refused::of(denied, &line).answer(waiting, self.version);
        serde_json::to_string(&answer).unwrap_or_default()
    }

    fn tools(
        &mut self,
        text: &str,
        tools: &[Value<'_>],
        judge: &mut dyn Judge,
    ) -> Result<Fate, Refusal> {
        let places = splice::items(text, &splice::TOOLS).unwrap_or_default();
        let mut kept = Vec::new();
        for (place, tool) in places.into_iter().zip(tools) {
            let is_kept = self.keeps(tool, judge);
            kept.push(text.get(place).filter(|_| is_kept).map(str::to_owned));
        }
        if !self.changed.is_empty() {
            judge.note(Fact {
                name: "lictor.tool.changed",
                value: FactValue::Texts(self.changed.clone()),
            });
        }
        if kept.len() == tools.len() && kept.iter().all(Option::is_some) {
            return Ok(Fate::Stays);
        }
        let text = splice::without(text, &splice::TOOLS, &kept);
        text.map(Fate::Becomes).ok_or(fault::ANSWER)
    }

    /// Whether the client is offered a tool.
    fn keeps(&mut self, tool: &Value<'_>, judge: &mut dyn Judge) -> bool {
        let name = tool.member("name").and_then(Value::text);
        let Some(name) = name.filter(|_| has_one_spelling(tool, &["name"])) else {
            return false;
        };
        let held = self.core.pins.as_ref().map(|pins| pins.hold(name, tool));
        if held == Some(Held::Changed) && !self.changed.iter().any(|known| known == name) {
            self.changed.push(name.to_owned());
        }
        let offered = self.core.tools.offered("tools/call", name);
        matches!(held, None | Some(Held::Same))
            && offered.is_ok_and(|action| judge.could_pass(vec![action]))
    }
}

#[cfg(test)]
mod tests;
