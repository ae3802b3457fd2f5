//! What each method would do. What a client answers, and what only it and the server know of
//! their session, is none of the data's business; everything else is an action on what it names.

use std::rc::Rc;

use super::message::{Message, has_one_spelling};
use super::{Core, fault, location};
use crate::action::{Action, Arguments, Effect, Reach, Resource, ResourceKind};
use crate::limits;
use crate::message::Request;
use crate::protocol::tool::{self, Call};
use crate::refusal::Refusal;
use crate::value::Value;

/// Every parameter that something is decided by.
const PARAMETERS: &[&str] = &[
    "name",
    "arguments",
    "uri",
    "ref",
    "notifications",
    "inputResponses",
    "_meta",
];

/// What a client's answers are called, whether they come by themselves or with a call.
const ANSWER: &str = "answer";

/// Most values that a server may complete an argument to.
const COMPLETIONS: u64 = 100;

impl Core {
    /// Adds what a message would do.
    pub(super) fn message(
        &self,
        message: &Message<'_>,
        request: &Request<'_>,
        actions: &mut Vec<Action>,
    ) -> Result<(), Refusal> {
        let Some(method) = message.method else {
            actions.push(session(ANSWER));
            return Ok(());
        };
        if !has_one_spelling(message.params, PARAMETERS) {
            return Err(fault::PARAMETERS);
        }
        let reads = |reach, resource| Action::new(Effect::Read, method, reach, vec![resource]);
        match method {
            "tools/call" => self.call(message, request, actions)?,
            "tools/list" | "prompts/list" | "resources/templates/list" => {
                let what = method.strip_suffix("/list").unwrap_or(method);
                actions.push(reads(Reach::None, object(what)));
            }
            "resources/list" => actions.push(reads(Reach::All, object("resources"))),
            "resources/read" | "resources/subscribe" => {
                let location = location::of(message.text("uri")?)?;
                let mut action = reads(Reach::Key, location);
                if request.wanted.arguments {
                    action.arguments = arguments(message.params);
                }
                actions.push(action);
            }
            "subscriptions/listen" => listen(message, actions)?,
            "prompts/get" => {
                let mut action = reads(Reach::Key, prompt(message.text("name")?)?);
                if request.wanted.arguments {
                    let given = message.params.member("arguments");
                    action.arguments = arguments(given.unwrap_or(&Value::Null));
                }
                actions.push(action);
            }
            "completion/complete" => {
                let reach = Reach::Limited(COMPLETIONS);
                actions.push(reads(reach, completed(message)?));
            }
            "tasks/get" | "tasks/result" => actions.push(reads(Reach::Key, object("task"))),
            "tasks/list" => actions.push(reads(Reach::Filtered, object("tasks"))),
            other if SESSION.contains(&other) => actions.push(session(other)),
            other => actions.push(self.listed(other)?),
        }
        if message.params.member("inputResponses").is_some() {
            actions.push(session(ANSWER));
        }
        Ok(())
    }

    fn call(
        &self,
        message: &Message<'_>,
        request: &Request<'_>,
        actions: &mut Vec<Action>,
    ) -> Result<(), Refusal> {
        // A call that nobody waits for would be refused in silence.
        if message.id.is_none() {
            return Err(fault::MESSAGE);
        }
        let call = Call {
            operation: "tools/call",
            name: message.text("name")?,
            arguments: message.params.member("arguments").unwrap_or(&Value::Null),
        };
        if let Some(pins) = &self.pins {
            pins.check(call.name)?;
        }
        self.tools
            .read(&call, (request.analyses, request.wanted), actions)
    }

    /// A method that the operator lists.
    pub(super) fn listed(&self, method: &str) -> Result<Action, Refusal> {
        let mut listed = self.methods.iter();
        let (name, effect) = listed
            .find(|(name, _)| name == method)
            .ok_or(fault::UNKNOWN)?;
        let resource = Resource {
            kind: ResourceKind::Method,
            name: name.clone(),
        };
        let reach = match effect {
            Effect::Session => Reach::None,
            _ => Reach::Unknown,
        };
        Ok(Action::new(*effect, name, reach, vec![resource]))
    }
}

/// Methods that only concern the client and its session.
const SESSION: &[&str] = &[
    "initialize",
    "ping",
    "server/discover",
    "logging/setLevel",
    "resources/unsubscribe",
    "tasks/cancel",
    "tasks/update",
    "notifications/initialized",
    "notifications/cancelled",
    "notifications/progress",
    "notifications/roots/list_changed",
    "notifications/tasks/status",
];

fn session(operation: &str) -> Action {
    Action::new(Effect::Session, operation, Reach::None, Vec::new())
}

fn object(name: &str) -> Resource {
    Resource {
        kind: ResourceKind::Object,
        name: name.to_owned(),
    }
}

fn prompt(name: &str) -> Result<Resource, Refusal> {
    if !tool::is_plain(name) {
        return Err(fault::PROMPT);
    }
    Ok(Resource {
        kind: ResourceKind::Prompt,
        name: name.to_owned(),
    })
}

fn arguments(value: &Value<'_>) -> Arguments {
    let known = match value {
        Value::Null => Value::Object(Vec::new()),
        known => known.clone().into_owned(),
    };
    Arguments::Known(Rc::new(known))
}

/// What stands behind the argument that is to be completed.
fn completed(message: &Message<'_>) -> Result<Resource, Refusal> {
    let reference = message.params.member("ref").ok_or(fault::PARAMETERS)?;
    if !has_one_spelling(reference, &["type", "name", "uri"]) {
        return Err(fault::PARAMETERS);
    }
    let text = |name| reference.member(name).and_then(Value::text);
    match (text("type"), text("name"), text("uri")) {
        (Some("ref/prompt"), Some(name), None) => prompt(name),
        (Some("ref/resource"), None, Some(uri)) => location::of(uri),
        _ => Err(fault::PARAMETERS),
    }
}

/// A stream of what changes; what it tells of resources is read.
fn listen(message: &Message<'_>, actions: &mut Vec<Action>) -> Result<(), Refusal> {
    const NAME: &str = "subscriptions/listen";
    actions.push(session(NAME));
    let wanted = message.params.member("notifications");
    let wanted = wanted.unwrap_or(&Value::Null);
    if !has_one_spelling(wanted, &["resourceSubscriptions"]) {
        return Err(fault::PARAMETERS);
    }
    let uris = match wanted.member("resourceSubscriptions") {
        None | Some(Value::Null) => &[][..],
        Some(Value::List(uris)) if uris.len() <= limits::MCP_MESSAGES => uris,
        Some(_) => return Err(fault::PARAMETERS),
    };
    for uri in uris {
        let location = location::of(uri.text().ok_or(fault::PARAMETERS)?)?;
        actions.push(Action::new(Effect::Read, NAME, Reach::Key, vec![location]));
    }
    Ok(())
}
