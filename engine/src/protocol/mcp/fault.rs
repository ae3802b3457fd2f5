//! What keeps a message of MCP from being read in exactly one way.

use crate::refusal::Refusal;

const MESSAGES_ADVICE: &str = "send messages as the specification of MCP has them";

pub(super) const METHOD: Refusal = Refusal::with_status(
    405,
    "mcp.http_method",
    "expected POST, GET or DELETE",
    "send messages by POST",
);
pub(super) const TYPE: Refusal = Refusal::with_status(
    415,
    "content.type_unexpected",
    "expected a body of application/json",
    "send the message as application/json",
);
pub(super) const BODY: Refusal = Refusal::malformed(
    "mcp.body_unexpected",
    "expected a body with POST only",
    "send messages by POST",
);
pub(super) const MESSAGE: Refusal = Refusal::malformed(
    "mcp.message",
    "expected a request, a notification or an answer of JSON-RPC 2.0, with no other members",
    MESSAGES_ADVICE,
);
pub(super) const BATCH: Refusal = Refusal::malformed(
    "mcp.batch",
    "expected one message: lists of them are part of revision 2025-03-26 only, and never hold `initialize`",
    "send each message by itself",
);
pub(super) const MESSAGES: Refusal = Refusal::with_status(
    413,
    "mcp.too_many",
    "expected 1 to 64 messages in one list",
    "send fewer messages at once",
);
pub(super) const PARAMETERS: Refusal = Refusal::malformed(
    "mcp.parameters",
    "expected the parameters that the method has, each spelled as the specification spells it",
    MESSAGES_ADVICE,
);
pub(super) const UNKNOWN: Refusal = Refusal::with_status(
    404,
    "mcp.method_unknown",
    "expected a method that MCP has, or that the guard's configuration lists",
    "use a known method, or ask the operator to list it under `methods`",
);
pub(super) const VERSION: Refusal = Refusal::malformed(
    "mcp.version",
    "expected one MCP-Protocol-Version that the guard knows, the same as in the body",
    "use revision 2025-03-26, 2025-06-18, 2025-11-25 or 2026-07-28",
);
pub(super) const HEADER: Refusal = Refusal::malformed(
    "mcp.header_mismatch",
    "expected Mcp-Method, Mcp-Name and Mcp-Param-* to say what the body says, and to be there where the revision has them",
    "send header fields that mirror the body, or an earlier revision without them",
);
pub(super) const LOCATION: Refusal = Refusal::malformed(
    "mcp.uri",
    "expected a URI of a resource with a scheme, without dot segments, empty segments, a fragment or escapes that hide one, of at most 512 bytes",
    "name the resource by its URI in normal form",
);
pub(super) const PROMPT: Refusal = Refusal::malformed(
    "mcp.prompt_name",
    "expected a prompt whose name has 1 to 128 letters, digits and `_-./:@+`",
    "give the prompt a plain name",
);
pub(super) const UNPINNED: Refusal = Refusal::with_status(
    403,
    "mcp.tool_unpinned",
    "expected a tool that is pinned",
    "use a tool that the server's list offers, or ask the operator to pin this one",
);
pub(super) const CHANGED: Refusal = Refusal::with_status(
    403,
    "mcp.tool_changed",
    "expected the tool as it was when it was pinned",
    "ask the operator to look at what the server says of its tool, and to pin it again",
);
pub(super) const ANSWER: Refusal = Refusal::with_status(
    502,
    "mcp.answer",
    "expected an answer of JSON-RPC that every client reads alike",
    "",
);
pub(super) const ANSWER_TYPE: Refusal = Refusal::with_status(
    502,
    "mcp.answer_type",
    "expected an answer of application/json or text/event-stream",
    "",
);
