//! gRPC, gRPC-Web and the JSON form of the same services: messages become trees by their
//! descriptors, trees become actions.
//!
//! INVARIANT (nothing unread): a method that no descriptor declares, a field that its message
//! does not have and a frame that is not whole are refused unless the document says otherwise;
//! then they are told as a call whose effects nobody knows.

mod built_in;
mod compile;
mod decode;
#[cfg(not(target_arch = "wasm32"))]
mod encode;
mod field_path;
pub mod frame;
mod handles;
mod operation;
mod resources;
mod schema;
mod transcode;

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::rc::Rc;

pub use compile::descriptors;
pub(super) use compile::{compile, named};
#[cfg(not(target_arch = "wasm32"))]
pub use encode::encode;
pub use schema::Schema;

use self::built_in::{BuiltIn, Message};
use self::decode::Unknown;
use self::frame::Carriage;
use self::operation::Operation;
use super::{Body, Handles, Intent, Protocol, UPGRADE};
use crate::action::{Action, Arguments, Effect, Reach, ResourceKind};
use crate::content::{self, Media};
use crate::json;
use crate::message::{Head, Request};
use crate::parameters::Parameters;
use crate::refusal::Refusal;
use crate::sql::Database;
use crate::value::Value;

#[derive(Debug)]
struct Grpc {
    schema: Rc<Schema>,
    operations: BTreeMap<Box<str>, Operation>,
    built_in: Option<(&'static BuiltIn, Rc<Database>)>,
    accepts_unknown_methods: bool,
    unknown_fields: Unknown,
}

/// What is known of a method.
#[derive(Debug, Clone, Copy)]
struct Known {
    /// The type of its messages; `None` where nobody looks into them.
    input: Option<usize>,
    is_streamed: bool,
}

/// Which message of a call it is.
#[derive(Debug, Clone, Copy)]
enum Turn<'m> {
    /// The first or only one, with what is remembered of the handle that it names.
    First(Option<&'m str>),
    /// One after the first of its stream.
    Later,
}

impl Protocol for Grpc {
    fn name(&self) -> &str {
        "grpc"
    }

    fn body(&self, head: &Head) -> Result<Body, Refusal> {
        if head.is_upgrade() {
            return Err(UPGRADE);
        }
        match Carriage::of(head) {
            Some(Carriage::Grpc) => {
                let known = self.known(method_of(head)?)?;
                frame::compression(head)?;
                Ok(if known.is_streamed {
                    Body::Messages
                } else {
                    Body::Held
                })
            }
            Some(Carriage::Web | Carriage::WebText) => Ok(Body::Held),
            None => Ok(Body::Held),
        }
    }

    fn read(&self, request: &Request<'_>) -> Result<Intent, Refusal> {
        match Carriage::of(request.head) {
            Some(Carriage::WebText) => {
                let body = frame::from_text(request.body)?;
                self.frames(&body, request)
            }
            Some(_) => self.frames(request.body, request),
            None => self.json(request),
        }
    }

    fn read_next(&self, request: &Request<'_>) -> Result<Intent, Refusal> {
        self.message(request, Turn::Later)
    }

    fn handles(&self) -> Option<&dyn Handles> {
        let (built_in, _) = self.built_in.as_ref()?;
        built_in.handles.is_some().then_some(self as &dyn Handles)
    }
}

impl Grpc {
    fn known(&self, method: &str) -> Result<Known, Refusal> {
        if let Some(method) = self.schema.method(method) {
            return Ok(Known {
                input: method.input,
                is_streamed: method.is_streamed,
            });
        }
        if self.accepts_unknown_methods || self.operations.contains_key(method) {
            return Ok(Known {
                input: None,
                is_streamed: true,
            });
        }
        Err(METHOD)
    }

    /// The one message of a call, or the first of a stream.
    fn frames(&self, body: &[u8], request: &Request<'_>) -> Result<Intent, Refusal> {
        self.message(&Request { body, ..*request }, Turn::First(None))
    }

    fn message(&self, request: &Request<'_>, turn: Turn<'_>) -> Result<Intent, Refusal> {
        let method = method_of(request.head)?;
        let known = self.known(method)?;
        if request.body.is_empty() {
            return Err(MISSING);
        }
        let mut rest = request.body;
        let bytes = frame::next(&mut rest, frame::compression(request.head)?)?;
        if !rest.is_empty() {
            return Err(SECOND);
        }
        let tree = match known.input {
            Some(input) => Some(decode::decode(
                &self.schema,
                input,
                &bytes,
                self.unknown_fields,
            )?),
            None => None,
        };
        self.intent(method, tree, request, turn)
    }

    fn intent(
        &self,
        method: &str,
        tree: Option<Value<'_>>,
        request: &Request<'_>,
        turn: Turn<'_>,
    ) -> Result<Intent, Refusal> {
        let empty = Value::Object(Vec::new());
        let mut actions = match (self.operations.get(method), &self.built_in) {
            (Some(operation), _) => {
                operation.actions(method, tree.as_ref().unwrap_or(&empty), request)?
            }
            (None, Some((built_in, database))) => built_in.actions(&Message {
                method,
                tree: tree.as_ref().unwrap_or(&empty),
                database,
                request,
                is_first: matches!(turn, Turn::First(_)),
                remembered: match turn {
                    Turn::First(remembered) => remembered,
                    Turn::Later => None,
                },
                schema: &self.schema,
                unknown: self.unknown_fields,
            })?,
            (None, None) => vec![call(method)],
        };
        if tree.is_none() {
            for action in &mut actions {
                action.arguments = Arguments::Unknown;
            }
        }
        let wanted = request.wanted;
        let Some(tree) = tree.filter(|_| wanted.arguments || wanted.body) else {
            return Ok(actions.into());
        };
        let tree = tree.into_owned();
        if wanted.arguments {
            let arguments = Rc::new(tree.clone());
            for action in actions
                .iter_mut()
                .filter(|action| action.statement.is_none())
            {
                action.arguments = Arguments::Known(Rc::clone(&arguments));
            }
        }
        Ok(Intent {
            actions,
            body: wanted.body.then_some(tree),
            facts: Vec::new(),
        })
    }

    /// The same services over HTTP and JSON, where they have that form.
    fn json(&self, request: &Request<'_>) -> Result<Intent, Refusal> {
        let built_in = self.built_in.as_ref().map(|(built_in, _)| *built_in);
        let Some((built_in, transcode)) = built_in.and_then(|one| Some((one, one.transcode?)))
        else {
            return Err(CONTENT_TYPE);
        };
        if request.head.is_grpc() {
            return Err(CONTENT_TYPE);
        }
        // Gateways take fields of a message, and Google's the method itself, from parameters.
        let query = Parameters::parse(request.query)?;
        if !query.names().all(|name| built_in.harmless.contains(&name)) {
            return Err(PARAMETER);
        }
        let json = match content::media(request.head)? {
            _ if request.body.is_empty() => Value::Object(Vec::new()),
            // Gateways read a body as JSON whatever it is called.
            Media::Json | Media::Form | Media::Text | Media::Absent => {
                json::parse(content::text(request.body)?)?
            }
            Media::Other => return Err(CONTENT_TYPE),
        };
        let http_method = request.head.method()?;
        let (method, extra) = transcode(http_method, request).ok_or(METHOD)?;
        let Some(input) = self.known(method)?.input else {
            return self.intent(method, None, request, Turn::First(None));
        };
        let json = with(json, extra)?;
        let tree = transcode::from_json(&self.schema, input, &json, 0)?;
        self.intent(method, Some(tree), request, Turn::First(None))
    }
}

/// The members that path and query say, beside those of the body.
fn with<'v>(json: Value<'v>, extra: Vec<(&'static str, String)>) -> Result<Value<'v>, Refusal> {
    let Value::Object(mut members) = json else {
        return Err(decode::MALFORMED);
    };
    for (name, text) in extra {
        if members.iter().any(|(known, _)| known == name) {
            return Err(decode::REPEATED);
        }
        members.push((Cow::Borrowed(name), Value::from(text)));
    }
    Ok(Value::Object(members))
}

/// A method of which nothing but its path is known.
fn call(method: &str) -> Action {
    let resource = resources::named(ResourceKind::Method, method);
    Action::new(Effect::Call, method, Reach::Unknown, vec![resource])
}

/// `package.Service/Method`, which must stand in the path just so: a server that does not
/// decode it or drops a query must not see another one.
fn method_of(head: &Head) -> Result<&str, Refusal> {
    let target = head.target()?;
    let is_plain = |text: &str| {
        let known = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'/');
        text.bytes().all(known) && text.matches('/').count() == 1
    };
    match target.strip_prefix('/') {
        Some(method) if is_plain(method) && head.method()? == "POST" => Ok(method),
        _ => Err(METHOD),
    }
}

const METHOD: Refusal = Refusal::with_status(
    404,
    "grpc.method_unknown",
    "expected POST to a method that the guard has a descriptor of",
    "call a method that the API declares",
);
const CONTENT_TYPE: Refusal = Refusal::with_status(
    415,
    "grpc.content_type",
    "expected `application/grpc`, `application/grpc-web` or `application/grpc-web-text`, with Protocol Buffers",
    "call the API with a gRPC client",
);
const PARAMETER: Refusal = Refusal::malformed(
    "grpc.parameter",
    "expected the members of the message in the body, not in the query",
    "send what the message holds in its body",
);
const MISSING: Refusal = Refusal::malformed(
    "grpc.message_missing",
    "expected a message",
    "send a message, be it an empty one",
);
const SECOND: Refusal = Refusal::malformed(
    "grpc.message_repeated",
    "expected one message, because the method takes no stream",
    "send one message in a call",
);

#[cfg(test)]
mod tests;
