//! Arrow Flight SQL: commands in descriptors, actions and tickets.
//!
//! Statements are judged where they are sent. What runs by a handle or a ticket is what was
//! judged when the server gave it; one that nobody remembers is refused, because many servers
//! put the statement itself into it.
//!
//! Sources: `format/Flight.proto` and `format/FlightSql.proto` of Apache Arrow.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::super::decode::{MALFORMED, decode};
use super::super::operation::analyse;
use super::super::resources::{columns, named as named_resource};
use super::{BuiltIn, HandleForm, Message, field, first, list, text};
use crate::action::{Action, Effect, Reach, ResourceKind};
use crate::protobuf::{Fields, Payload};
use crate::protocol::HANDLE_UNKNOWN;
use crate::refusal::Refusal;
use crate::sql::Dialect;
use crate::value::Value;

pub(super) static SERVICE: BuiltIn = BuiltIn {
    name: "flight_sql",
    schema: "engine/src/protocol/grpc/built_in/flight_sql.txt",
    dialect: Dialect::Postgres,
    read,
    transcode: None,
    harmless: &[],
    handles: Some(&HandleForm { named, kept, given }),
};

/// Commands that list what there is.
const CATALOG: [&str; 10] = [
    "CommandGetCatalogs",
    "CommandGetDbSchemas",
    "CommandGetTables",
    "CommandGetTableTypes",
    "CommandGetSqlInfo",
    "CommandGetXdbcTypeInfo",
    "CommandGetPrimaryKeys",
    "CommandGetExportedKeys",
    "CommandGetImportedKeys",
    "CommandGetCrossReference",
];

fn read(message: &Message<'_>) -> Result<Vec<Action>, Refusal> {
    let tree = message.tree;
    let (_, method) = message.method.split_once('/').unwrap_or_default();
    match method {
        "DoAction" => action(message),
        "DoGet" => command(&bytes(tree, "ticket"), message),
        "DoPut" | "DoExchange" => match tree.member("flight_descriptor") {
            Some(descriptor) if message.is_first => described(descriptor, message),
            None if !message.is_first => Ok(Vec::new()),
            _ => Err(DESCRIPTOR),
        },
        _ => described(tree, message),
    }
}

/// The command that a message carries: in its descriptor or in its ticket.
fn carried(message: &Message<'_>) -> Vec<u8> {
    let tree = message.tree;
    match message.method.rsplit_once('/') {
        Some((_, "DoGet")) => bytes(tree, "ticket"),
        Some((_, "DoPut" | "DoExchange")) => tree
            .member("flight_descriptor")
            .map(|one| bytes(one, "cmd"))
            .unwrap_or_default(),
        Some((_, "GetFlightInfo" | "GetSchema" | "PollFlightInfo")) => bytes(tree, "cmd"),
        _ => Vec::new(),
    }
}

/// A handle of a prepared statement, or a ticket or a descriptor of the server's own making.
fn named(message: &Message<'_>) -> Option<Vec<u8>> {
    let command = carried(message);
    if command.is_empty() {
        return None;
    }
    match any(&command) {
        Ok(("CommandPreparedStatementQuery" | "CommandPreparedStatementUpdate", content)) => {
            Some(first(content, 1).to_vec())
        }
        Ok(("TicketStatementQuery", _)) | Err(_) => Some(command),
        Ok(_) => None,
    }
}

/// A statement, or the name of a command that lists what there is after a mark that no statement
/// begins with.
fn kept(message: &Message<'_>) -> Option<String> {
    if let Some(known) = message.remembered {
        return Some(known.to_owned());
    }
    let command = match message.method.rsplit_once('/') {
        Some((_, "DoAction")) if text(message.tree, "type") == "CreatePreparedStatement" => {
            bytes(message.tree, "body")
        }
        Some((_, "GetFlightInfo" | "PollFlightInfo")) => carried(message),
        _ => return None,
    };
    let (name, content) = any(&command).ok()?;
    match name {
        "CommandStatementQuery" | "ActionCreatePreparedStatementRequest" => {
            String::from_utf8(first(content, 1).to_vec()).ok()
        }
        name if CATALOG.contains(&name) => Some(format!("{CATALOG_MARK}{name}")),
        _ => None,
    }
}

const CATALOG_MARK: char = '\0';

/// Handles in `Result` and `PutResult`, tickets and descriptors in `FlightInfo` and `PollInfo`.
fn given(method: &str, message: &[u8]) -> Vec<Vec<u8>> {
    let tickets = |info: &[u8]| -> Vec<Vec<u8>> {
        let endpoints = field(info, 3).map(|endpoint| first(first(endpoint, 1), 1).to_vec());
        endpoints.collect()
    };
    let mut given = match method.rsplit_once('/') {
        Some((_, "GetFlightInfo")) => tickets(message),
        Some((_, "PollFlightInfo")) => {
            let mut given = tickets(first(message, 1));
            given.push(first(first(message, 2), 2).to_vec());
            given
        }
        Some((_, "DoAction")) => vec![first(first(first(message, 1), 2), 1).to_vec()],
        Some((_, "DoPut")) => vec![first(first(message, 1), 1).to_vec()],
        _ => Vec::new(),
    };
    given.retain(|handle| !handle.is_empty());
    given
}

fn bytes(tree: &Value<'_>, name: &str) -> Vec<u8> {
    STANDARD.decode(text(tree, name)).unwrap_or_default()
}

fn described(descriptor: &Value<'_>, message: &Message<'_>) -> Result<Vec<Action>, Refusal> {
    let is_command = text(descriptor, "type") == "CMD" && list(descriptor, "path").is_empty();
    if !is_command {
        return Err(OPAQUE);
    }
    command(&bytes(descriptor, "cmd"), message)
}

/// The short name of a command and its content.
fn any(bytes: &[u8]) -> Result<(&str, &[u8]), Refusal> {
    let (mut url, mut value) = (None, None);
    for field in Fields::of(bytes) {
        let (slot, bytes) = match field.map_err(|_| OPAQUE)? {
            (1, Payload::Bytes(bytes)) => (&mut url, bytes),
            (2, Payload::Bytes(bytes)) => (&mut value, bytes),
            _ => return Err(OPAQUE),
        };
        if slot.replace(bytes).is_some() {
            return Err(OPAQUE);
        }
    }
    let url = std::str::from_utf8(url.unwrap_or_default()).map_err(|_| OPAQUE)?;
    let (_, name) = url.rsplit_once('/').ok_or(OPAQUE)?;
    let name = name
        .strip_prefix("arrow.flight.protocol.sql.")
        .ok_or(OPAQUE)?;
    Ok((name, value.unwrap_or_default()))
}

/// A command in a descriptor or a ticket.
fn command(bytes: &[u8], message: &Message<'_>) -> Result<Vec<Action>, Refusal> {
    if let Some(known) = message.remembered {
        return match known.strip_prefix(CATALOG_MARK) {
            Some(name) => Ok(catalog(name)),
            None => statement(known, message),
        };
    }
    let (name, content) =
        any(bytes).map_err(|refusal| match message.method.ends_with("DoGet") {
            true => HANDLE_UNKNOWN,
            false => refusal,
        })?;
    match name {
        "CommandStatementQuery" | "CommandStatementUpdate" => {
            let tree = inner(name, content, message)?;
            statement(text(&tree, "query"), message)
        }
        "CommandPreparedStatementQuery"
        | "CommandPreparedStatementUpdate"
        | "TicketStatementQuery" => Err(HANDLE_UNKNOWN),
        "CommandStatementIngest" => Ok(ingest(&inner(name, content, message)?)),
        name if CATALOG.contains(&name) => Ok(catalog(name)),
        _ => Err(OPAQUE),
    }
}

fn catalog(command: &str) -> Vec<Action> {
    let resources = vec![named_resource(ResourceKind::Object, "catalog")];
    vec![Action::new(Effect::Read, command, Reach::None, resources)]
}

fn inner<'m>(name: &str, content: &'m [u8], message: &Message<'m>) -> Result<Value<'m>, Refusal> {
    let place = message.schema.place(name).ok_or(MALFORMED)?;
    decode(message.schema, place, content, message.unknown)
}

fn statement(text: &str, message: &Message<'_>) -> Result<Vec<Action>, Refusal> {
    analyse([text].into_iter(), message.database, message.request)
}

fn ingest(tree: &Value<'_>) -> Vec<Action> {
    let parts = ["catalog", "schema", "table"].map(|name| text(tree, name));
    let parts: Vec<String> = parts
        .iter()
        .filter(|part| !part.is_empty())
        .map(|part| match part.contains(['.', '"']) {
            true => format!("\"{}\"", part.replace('"', "\"\"")),
            false => (*part).to_owned(),
        })
        .collect();
    let table = named_resource(ResourceKind::Table, &parts.join("."));
    let options = tree.member("table_definition_options");
    let is_replaced = options.is_some_and(|options| text(options, "if_exists") == "REPLACE");
    let mut actions = Vec::new();
    if is_replaced {
        actions.push(Action::new(
            Effect::Drop,
            "INGEST",
            Reach::All,
            vec![table.clone()],
        ));
    }
    let mut action = Action::new(Effect::Insert, "INGEST", Reach::Unknown, vec![table]);
    action.columns = columns(Effect::Insert, &action.resources);
    actions.push(action);
    actions
}

fn action(message: &Message<'_>) -> Result<Vec<Action>, Refusal> {
    let kind = text(message.tree, "type");
    match kind {
        "CreatePreparedStatement" => {
            let body = bytes(message.tree, "body");
            let (name, content) = any(&body)?;
            if name != "ActionCreatePreparedStatementRequest" {
                return Err(OPAQUE);
            }
            let place = message.schema.place(name).ok_or(MALFORMED)?;
            let tree = decode(message.schema, place, content, message.unknown)?;
            statement(text(&tree, "query"), message)
        }
        "ClosePreparedStatement"
        | "BeginTransaction"
        | "EndTransaction"
        | "BeginSavepoint"
        | "EndSavepoint"
        | "CancelQuery"
        | "CancelFlightInfo"
        | "RenewFlightEndpoint"
        | "SetSessionOptions"
        | "GetSessionOptions"
        | "CloseSession" => Ok(vec![Action::new(
            Effect::Session,
            kind,
            Reach::None,
            Vec::new(),
        )]),
        _ => Err(OPAQUE),
    }
}

const OPAQUE: Refusal = Refusal::with_status(
    403,
    "grpc.opaque",
    "expected a command of Flight SQL that carries its statement as text",
    "send the statement itself: plans and commands of the server's own can't be judged",
);
const DESCRIPTOR: Refusal = Refusal::malformed(
    "grpc.descriptor_place",
    "expected a descriptor in the first message of the stream, and in no other",
    "describe a stream where it begins",
);
