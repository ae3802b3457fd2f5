//! The Model Context Protocol over HTTP: each message of a client becomes what it would do.
//!
//! The body is the truth; a header field that says something else is refused. What a server says
//! of its tools, and what stands in `_meta`, never widens a right. A method that is not known is
//! refused unless the operator lists it.
//!
//! Sources: Model Context Protocol, revisions 2025-03-26, 2025-06-18, 2025-11-25 and 2026-07-28;
//! JSON-RPC 2.0.

mod answer;
mod facts;
mod fault;
mod header;
mod location;
mod message;
mod method;
mod pin;
mod problem;
mod request;
mod splice;

use std::rc::Rc;

use self::header::Version;
use self::message::Message;
use self::pin::Pins;
use super::tool::Tools;
use super::{Answer, Body, Given, Intent, Protocol, UPGRADE};
use crate::action::{Action, Effect, Reach};
use crate::content::{self, Media};
use crate::document::{Mapping, Node, Reader};
use crate::json;
use crate::limits;
use crate::message::{Head, Request};
use crate::refusal::Refusal;
use crate::reply::{Problem, Reply};
use crate::value::Value;

pub use self::pin::pins;

/// An MCP server that is guarded.
#[derive(Debug)]
struct Mcp {
    core: Rc<Core>,
    authorization: Authorization,
}

/// What is known of a server, for its calls and its answers.
#[derive(Debug)]
struct Core {
    tools: Tools,
    /// Methods beyond the specification, as the operator tells of them.
    methods: Vec<(String, Effect)>,
    pins: Option<Pins>,
}

/// Where clients learn how to get a token.
#[derive(Debug, Default)]
struct Authorization {
    /// The address of the metadata of the protected resource (RFC 9728).
    metadata: Option<String>,
    /// The scope to ask for.
    scope: Option<String>,
}

impl Authorization {
    fn compile(reader: &mut Reader, mapping: &mut Mapping<'_>) -> Self {
        let Some((node, path)) = mapping.optional("authorization") else {
            return Self::default();
        };
        let Some(mut mapping) = reader.mapping(node, &path) else {
            return Self::default();
        };
        let mut text = |key| {
            let (node, path) = mapping.optional(key)?;
            let text = reader.text(node, &path)?;
            let is_plain =
                |byte: u8| (b' '..=b'~').contains(&byte) && byte != b'"' && byte != b'\\';
            if !text.bytes().all(is_plain) {
                let message = "expected visible ASCII characters without quotes".to_owned();
                reader.mistake("mcp.authorization", node.position, &path, message);
            }
            Some(text.to_owned())
        };
        let (metadata, scope) = (text("resource_metadata"), text("scope"));
        mapping.finish(reader);
        Self { metadata, scope }
    }

    /// What a client that did not say who it is is told.
    fn challenge(&self) -> String {
        let mut challenge = "Bearer".to_owned();
        let parts = [
            ("resource_metadata", &self.metadata),
            ("scope", &self.scope),
        ];
        let mut mark = " ";
        for (name, value) in parts {
            if let Some(value) = value {
                challenge.push_str(&format!("{mark}{name}=\"{value}\""));
                mark = ", ";
            }
        }
        challenge
    }
}

pub(super) fn compile(
    reader: &mut Reader,
    node: &Node,
    path: &str,
    given: &Given,
) -> Option<Box<dyn Protocol>> {
    let mut mapping = reader.mapping_or_nothing(node, path)?;
    let tools = Tools::compile(reader, &mut mapping, given);
    let methods = methods(reader, &mut mapping);
    let pins = mapping.optional("pins");
    let pins = pins.and_then(|(node, path)| Pins::compile(reader, node, &path));
    let authorization = Authorization::compile(reader, &mut mapping);
    mapping.finish(reader);
    let core = Core {
        tools: tools?,
        methods,
        pins,
    };
    Some(Box::new(Mcp {
        core: Rc::new(core),
        authorization,
    }))
}

fn methods(reader: &mut Reader, mapping: &mut Mapping<'_>) -> Vec<(String, Effect)> {
    let words = Effect::ALL.map(|effect| (effect.name(), effect));
    let mut methods = Vec::new();
    if let Some((node, path)) = mapping.optional("methods")
        && let Some(mapping) = reader.mapping(node, &path)
    {
        for (key, node, path) in mapping.entries() {
            let effect = reader.word(node, &path, &words);
            methods.extend(effect.map(|effect| (key.text.clone(), effect)));
        }
    }
    methods
}

impl Protocol for Mcp {
    fn name(&self) -> &'static str {
        "mcp"
    }

    fn body(&self, head: &Head) -> Result<Body, Refusal> {
        if head.is_upgrade() {
            return Err(UPGRADE);
        }
        Ok(Body::Held)
    }

    fn read(&self, request: &Request<'_>) -> Result<Intent, Refusal> {
        let version = Version::of(request.head)?;
        let mut intent = Intent::default();
        intent.facts.extend(Version::fact(request.head));
        match request.head.method()? {
            "POST" => self.core.post(request, version, &mut intent)?,
            // A stream of what the server says by itself, and the end of a session.
            method @ ("GET" | "DELETE") => {
                if !request.body.is_empty() {
                    return Err(fault::BODY);
                }
                header::check_none(request.head)?;
                let action = Action::new(Effect::Session, method, Reach::None, Vec::new());
                intent.actions.push(action);
            }
            _ => return Err(fault::METHOD),
        }
        Ok(intent)
    }

    fn answer(&self, request: &Request<'_>) -> Option<Box<dyn Answer>> {
        Some(Box::new(answer::Reader::new(
            Rc::clone(&self.core),
            request,
        )))
    }

    fn problem(&self, problem: &Problem<'_>) -> Option<Reply> {
        Some(problem::reply(problem, &self.authorization))
    }
}

impl Core {
    fn post(
        &self,
        request: &Request<'_>,
        version: Version,
        intent: &mut Intent,
    ) -> Result<(), Refusal> {
        if content::media(request.head)? != Media::Json {
            return Err(fault::TYPE);
        }
        let body = json::parse(content::text(request.body)?)?;
        let Value::List(values) = &body else {
            let message = Message::read(&body)?;
            header::check(request.head, version, &message)?;
            self.message(&message, request, &mut intent.actions)?;
            facts::add(&[message], intent);
            return Ok(());
        };
        if !version.has_batches() {
            return Err(fault::BATCH);
        }
        if values.is_empty() || values.len() > limits::MCP_MESSAGES {
            return Err(fault::MESSAGES);
        }
        // What a header says of one message can't be true of several.
        header::check_none(request.head)?;
        let mut messages = Vec::new();
        for value in values {
            let message = Message::read(value)?;
            if message.method == Some("initialize") {
                return Err(fault::BATCH);
            }
            self.message(&message, request, &mut intent.actions)?;
            messages.push(message);
        }
        facts::add(&messages, intent);
        Ok(())
    }
}

#[cfg(test)]
mod tests;
