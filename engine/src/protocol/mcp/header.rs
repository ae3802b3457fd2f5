//! The header fields of MCP against the body: they mirror it, or the message is refused.
//!
//! Source: Model Context Protocol, revision 2026-07-28, Streamable HTTP, request metadata.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::fault;
use super::message::Message;
use crate::message::Head;
use crate::protocol::Fact;
use crate::refusal::Refusal;
use crate::value::Value;

/// The revision of the protocol that a request is in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Version {
    /// None is named: the first message of a session, or a revision before the header field.
    Unnamed,
    /// The one before Streamable HTTP, which servers still accept.
    V2024,
    /// 2025-03-26, which has lists of messages.
    March2025,
    /// 2025-06-18 and 2025-11-25.
    Session2025,
    /// 2026-07-28, without sessions.
    Modern,
}

const VERSIONS: [(&str, Version); 5] = [
    ("2024-11-05", Version::V2024),
    ("2025-03-26", Version::March2025),
    ("2025-06-18", Version::Session2025),
    ("2025-11-25", Version::Session2025),
    ("2026-07-28", Version::Modern),
];

/// The revisions that the guard knows.
pub(super) fn known_versions() -> impl Iterator<Item = &'static str> {
    VERSIONS.iter().map(|(name, _)| *name)
}

const VERSION: &str = "mcp-protocol-version";
const METHOD: &str = "mcp-method";
const NAME: &str = "mcp-name";
const PARAMETER: &str = "mcp-param-";
/// Where a message itself names its revision.
const META_VERSION: &str = "io.modelcontextprotocol/protocolVersion";

impl Version {
    /// The revision that the head names.
    pub(super) fn of(head: &Head) -> Result<Self, Refusal> {
        let Some(value) = one(head, VERSION).map_err(|_| fault::VERSION)? else {
            return Ok(Self::Unnamed);
        };
        let known = VERSIONS.iter().find(|(known, _)| *known == value);
        known.map(|(_, version)| *version).ok_or(fault::VERSION)
    }

    /// The fact that a record tells.
    pub(super) fn fact(head: &Head) -> Option<Fact> {
        let name = one(head, VERSION).ok()??;
        Some(Fact::text("mcp.protocol.version", name))
    }

    /// Whether a body may be a list of messages.
    pub(super) const fn has_batches(self) -> bool {
        matches!(self, Self::Unnamed | Self::V2024 | Self::March2025)
    }
}

/// The one value of a field that may stand there once.
fn one<'h>(head: &'h Head, name: &'h str) -> Result<Option<&'h str>, Refusal> {
    let mut values = head.headers.all(name);
    match (values.next(), values.next()) {
        (None, _) => Ok(None),
        (Some(value), None) => match std::str::from_utf8(value.trim_ascii()) {
            Ok(text) if !text.bytes().any(|byte| byte.is_ascii_control()) => Ok(Some(text)),
            _ => Err(fault::HEADER),
        },
        _ => Err(fault::HEADER),
    }
}

/// Whether no field says anything of a message.
pub(super) fn check_none(head: &Head) -> Result<(), Refusal> {
    let says = |name: &[u8]| {
        name == METHOD.as_bytes()
            || name == NAME.as_bytes()
            || name.starts_with(PARAMETER.as_bytes())
    };
    match head.headers.iter().any(|(name, _)| says(name)) {
        true => Err(fault::HEADER),
        false => Ok(()),
    }
}

/// Whether the fields say what the message says.
pub(super) fn check(head: &Head, version: Version, message: &Message<'_>) -> Result<(), Refusal> {
    check_version(head, version, message)?;
    let is_modern_call = version == Version::Modern && message.id.is_some();
    match (one(head, METHOD)?, message.method) {
        (None, _) if !is_modern_call => {}
        (Some(said), Some(method)) if said == method => {}
        _ => return Err(fault::HEADER),
    }
    let wanted = match message.method {
        Some("tools/call" | "prompts/get") => "name",
        Some("resources/read" | "resources/subscribe" | "resources/unsubscribe") => "uri",
        Some(method) if method.starts_with("tasks/") => "taskId",
        _ => "",
    };
    let is_required = is_modern_call
        && matches!(
            message.method,
            Some("tools/call" | "prompts/get" | "resources/read")
        );
    match one(head, NAME)? {
        None if !is_required => {}
        Some(said) if is_said(said, message.params.member(wanted)) => {}
        _ => return Err(fault::HEADER),
    }
    check_parameters(head, message)
}

fn is_said(said: &str, value: Option<&Value<'_>>) -> bool {
    let text = value.and_then(Value::text);
    text.is_some() && decoded(said).as_deref() == text
}

/// Whether the revision is the same in both places. One that needs the field is not taken without.
fn check_version(head: &Head, version: Version, message: &Message<'_>) -> Result<(), Refusal> {
    let meta = message.params.member("_meta");
    let said = meta.and_then(|meta| meta.member(META_VERSION));
    let is_same = match said {
        None => version != Version::Modern || message.id.is_none(),
        Some(Value::Text(text)) => one(head, VERSION)? == Some(&**text),
        Some(_) => false,
    };
    if is_same { Ok(()) } else { Err(fault::VERSION) }
}

/// Which argument a field mirrors stands in the server's own description of its tool, so any
/// argument may be it; one that is called alike must be it.
fn check_parameters(head: &Head, message: &Message<'_>) -> Result<(), Refusal> {
    let nothing = Value::Null;
    let arguments = match message.method {
        Some("tools/call") => message.params.member("arguments"),
        _ => None,
    };
    let arguments = arguments.unwrap_or(&nothing);
    for (name, _) in head.headers.iter() {
        let Some(name) = name.strip_prefix(PARAMETER.as_bytes()) else {
            continue;
        };
        let name = std::str::from_utf8(name).map_err(|_| fault::HEADER)?;
        let field = format!("{PARAMETER}{name}");
        let said = one(head, &field)?.and_then(decoded);
        let said = said.ok_or(fault::HEADER)?;
        let is_same = match called(arguments, name) {
            Some(value) => says(value, &said),
            None => any(arguments, &said),
        };
        if !is_same {
            return Err(fault::HEADER);
        }
    }
    Ok(())
}

/// The argument that has the name of a field, but for case, `-` and `_`.
fn called<'v>(arguments: &'v Value<'v>, name: &str) -> Option<&'v Value<'v>> {
    let Value::Object(members) = arguments else {
        return None;
    };
    let plain = |text: &str| text.replace(['-', '_'], "").to_ascii_lowercase();
    let name = plain(name);
    let mut members = members.iter();
    members
        .find(|(member, _)| plain(member) == name)
        .map(|(_, value)| value)
}

/// Whether a value in the arguments, as deep as objects go, is this.
fn any(value: &Value<'_>, said: &str) -> bool {
    match value {
        Value::Object(members) => members.iter().any(|(_, value)| any(value, said)),
        Value::List(_) => false,
        value => says(value, said),
    }
}

fn says(value: &Value<'_>, said: &str) -> bool {
    match value {
        Value::Text(text) => text == said,
        Value::Bool(truth) => said == if *truth { "true" } else { "false" },
        Value::Number(number) => said.parse() == Ok(*number),
        _ => false,
    }
}

/// What a value stands for: itself, or base64 of it in `=?base64?…?=`.
fn decoded(said: &str) -> Option<String> {
    let inner = said
        .strip_prefix("=?base64?")
        .and_then(|rest| rest.strip_suffix("?="));
    match inner {
        Some(inner) => String::from_utf8(STANDARD.decode(inner).ok()?).ok(),
        None => said.is_ascii().then(|| said.to_owned()),
    }
}
