//! The services that lictor knows without a descriptor: one a file, one line in the table.
//!
//! Their types and methods stand in texts beside the code. A line
//! `rpc pkg.Service/Method Input [stream] = effect reach [kind:name]…` says what a method does by
//! its path alone, names in braces being fields; `= *` leaves it to the service's code.

mod big_query_storage;
mod bigtable;
mod etcd;
mod flight_sql;
mod spanner;

use std::collections::BTreeMap;
use std::rc::Rc;

use super::Grpc;
use super::decode::Unknown;
use super::field_path::FieldPath;
use super::operation::{Extent, Name, Operation, Template};
use super::schema::{Draft, Schema, read_text};
use crate::action::{Action, Effect, Reach, ResourceKind};
use crate::embedded;
use crate::message::Request;
use crate::protobuf::{Fields, Payload};
use crate::refusal::Refusal;
use crate::sql::{Database, Dialect};
use crate::value::Value;

/// A service that is compiled in.
#[derive(Debug)]
pub(super) struct BuiltIn {
    /// The word in documents.
    pub name: &'static str,
    /// The file of its types and methods in the short form.
    schema: &'static str,
    /// The dialect of its statements, unless the document says another.
    pub dialect: Dialect,
    /// What a message means whose method is left to code.
    read: fn(&Message<'_>) -> Result<Vec<Action>, Refusal>,
    /// The method that a request over HTTP and JSON means, with what its path says beside the
    /// body; `None` where the service has no such form.
    pub transcode: Option<Transcode>,
    /// Parameters of that form that say how to answer, never what to do.
    pub harmless: &'static [&'static str],
    /// How statements run by handles, where they do.
    pub handles: Option<&'static HandleForm>,
}

/// How statements of a service run by handles.
#[derive(Debug)]
pub(super) struct HandleForm {
    /// The handle that a message names.
    pub named: fn(&Message<'_>) -> Option<Vec<u8>>,
    /// What handles in the answer to a message stand for.
    pub kept: fn(&Message<'_>) -> Option<String>,
    /// The handles in a message of the answer to a call of that method.
    pub given: fn(&str, &[u8]) -> Vec<Vec<u8>>,
}

/// HTTP method and request to the method of gRPC and further members.
pub(super) type Transcode =
    fn(&str, &Request<'_>) -> Option<(&'static str, Vec<(&'static str, String)>)>;

/// A decoded message on its way to actions.
#[derive(Debug, Clone, Copy)]
pub(super) struct Message<'m> {
    /// `package.Service/Method`.
    pub method: &'m str,
    /// The message.
    pub tree: &'m Value<'m>,
    /// Where its statements run.
    pub database: &'m Database,
    /// The request that it came in.
    pub request: &'m Request<'m>,
    /// Whether it is the first of its stream.
    pub is_first: bool,
    /// The statement behind the handle that it names, where one is remembered.
    pub remembered: Option<&'m str>,
    /// The types, for messages in messages.
    pub schema: &'m Schema,
    /// What becomes of fields that they do not have.
    pub unknown: Unknown,
}

/// Every service.
const TABLE: [&BuiltIn; 5] = [
    &big_query_storage::SERVICE,
    &bigtable::SERVICE,
    &etcd::SERVICE,
    &flight_sql::SERVICE,
    &spanner::SERVICE,
];

/// The same by name.
pub(super) fn words() -> [(&'static str, &'static BuiltIn); TABLE.len()] {
    TABLE.map(|service| (service.name, service))
}

/// What every server of gRPC has besides its services.
const EVERYWHERE: &str = "
rpc grpc.health.v1.Health/Check - = session none
rpc grpc.health.v1.Health/Watch - = session none
";

impl BuiltIn {
    /// The protocol of this service; `None` where the database could not be made.
    pub(super) fn protocol(&'static self, database: Option<Rc<Database>>) -> Option<Grpc> {
        let (schema, operations) = compile(&embedded::text(self.schema)?).ok()?;
        Some(Grpc {
            schema: Rc::new(schema),
            operations,
            built_in: Some((self, database?)),
            accepts_unknown_methods: false,
            unknown_fields: Unknown::Refuse,
        })
    }

    /// What a message means.
    pub(super) fn actions(&self, message: &Message<'_>) -> Result<Vec<Action>, Refusal> {
        (self.read)(message)
    }
}

/// The types of every service, for tools that write messages.
#[cfg(not(target_arch = "wasm32"))]
pub(super) fn schemas() -> Vec<Schema> {
    let texts = TABLE.iter();
    let texts = texts.filter_map(|service| embedded::text(service.schema));
    let compiled = texts.filter_map(|text| compile(&text).ok());
    compiled.map(|(schema, _)| schema).collect()
}

type Operations = BTreeMap<Box<str>, Operation>;

/// Types and methods; the line that is wrong.
fn compile(text: &str) -> Result<(Schema, Operations), String> {
    let mut draft = Draft::default();
    read_text(text, &mut draft)?;
    let lines = text.lines().chain(EVERYWHERE.lines());
    let lines: Vec<&str> = lines
        .filter_map(|line| line.trim().strip_prefix("rpc "))
        .collect();
    for line in &lines {
        let (left, _) = line.split_once(" = ").ok_or(*line)?;
        let mut words = left.split(' ');
        let (Some(path), Some(input)) = (words.next(), words.next()) else {
            return Err((*line).to_owned());
        };
        let is_streamed = words.next() == Some("stream");
        draft.method(path.to_owned(), input.to_owned(), is_streamed);
    }
    let schema = draft.finish()?;
    let mut operations = Operations::new();
    for line in lines {
        let (left, right) = line.split_once(" = ").ok_or(line)?;
        let path = left.split(' ').next().unwrap_or_default();
        if right != "*" {
            let input = schema.method(path).and_then(|method| method.input);
            let operation = operation(right, &schema, input).ok_or(line)?;
            operations.insert(path.into(), operation);
        }
    }
    Ok((schema, operations))
}

fn operation(text: &str, schema: &Schema, input: Option<usize>) -> Option<Operation> {
    let mut words = text.split(' ');
    let effect = Effect::named(words.next()?)?;
    let reach = match words.next()? {
        "none" => Reach::None,
        "key" => Reach::Key,
        "filtered" => Reach::Filtered,
        "all" => Reach::All,
        "unknown" => Reach::Unknown,
        _ => return None,
    };
    let resources = words.map(|word| {
        let (kind, name) = word.split_once(':')?;
        let kind = ResourceKind::ALL
            .into_iter()
            .find(|known| known.name() == kind)?;
        let field = name
            .strip_prefix('{')
            .and_then(|name| name.strip_suffix('}'));
        let name = match field {
            Some(field) => {
                Name::Field(FieldPath::read(&format!("$.{field}"), schema, input?).ok()?)
            }
            None => Name::Fixed(name.into()),
        };
        Some(Template { kind, name })
    });
    Some(Operation {
        effect,
        reach: Extent::Fixed(reach),
        resources: resources.collect::<Option<_>>()?,
        sql: None,
    })
}

/// A text member; empty where there is none.
fn text<'v>(value: &'v Value<'_>, name: &str) -> &'v str {
    value.member(name).and_then(Value::text).unwrap_or_default()
}

/// The items of a list member.
fn list<'v, 'm>(value: &'v Value<'m>, name: &str) -> &'v [Value<'m>] {
    match value.member(name) {
        Some(Value::List(items)) => items,
        _ => &[],
    }
}

/// A number member; zero where there is none. Beyond 2^53 it is the largest there is.
fn number(value: &Value<'_>, name: &str) -> u64 {
    match value.member(name) {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "whole and at most 2^53; negative ones become zero"
        )]
        Some(Value::Number(number)) => *number as u64,
        Some(Value::Text(_)) => u64::MAX,
        _ => 0,
    }
}

/// Whether a member is `true`.
fn flag(value: &Value<'_>, name: &str) -> bool {
    value.member(name) == Some(&Value::Bool(true))
}

/// The bytes of every occurrence of a field of that number.
fn field(message: &[u8], number: u32) -> impl Iterator<Item = &[u8]> {
    Fields::of(message)
        .flatten()
        .filter_map(move |field| match field {
            (known, Payload::Bytes(bytes)) if known == number => Some(bytes),
            _ => None,
        })
}

/// The first of them; empty where there is none.
fn first(message: &[u8], number: u32) -> &[u8] {
    field(message, number).next().unwrap_or_default()
}

/// Adds an action unless the same is there already, or there are too many.
fn add(actions: &mut Vec<Action>, action: Action) -> Result<(), Refusal> {
    if actions.contains(&action) {
        return Ok(());
    }
    if actions.len() >= crate::limits::STREAM_ACTIONS {
        return Err(TOO_MANY);
    }
    actions.push(action);
    Ok(())
}

const TOO_MANY: Refusal = Refusal::with_status(
    413,
    "grpc.too_many_actions",
    "expected a message that does at most 256 different things",
    "send fewer operations in one message",
);

#[cfg(test)]
mod tests;
