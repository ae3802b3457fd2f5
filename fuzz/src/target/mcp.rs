//! Messages of MCP, to a server and from it: bytes of any sort become actions, an answer, or a
//! refusal.
//!
//! Claims: no input panics; a refusal has a code; a call is an action on its tool; what a client
//! gets does not depend on how an answer is cut, and a list in it has no tool that can't be called.

use lictor_engine::action::{Action, ResourceKind};
use lictor_engine::config::{self, Guard};
use lictor_engine::json;
use lictor_engine::message::{Head, Request, Wanted};
use lictor_engine::protocol::{Body, Denied, Fact, Judge};
use lictor_engine::sql::Cache;
use lictor_engine::value::Value;

const DOCUMENT: &str = "
lictor: v1
apis:
- name: a
  match: {}
  mcp: {tools: {run: {sql: $.sql}, 'files_*': {effect: read, arguments: {path: string}}}}
rules: []
default: allow
";

/// Refuses what has to do with a name that has an `x` in it.
#[derive(Default)]
struct Bench {
    analyses: Cache,
}

fn is_refused(actions: &[Action]) -> bool {
    let mut names = actions.iter().flat_map(|action| &action.resources);
    names.any(|resource| resource.name.contains('x'))
}

impl Judge for Bench {
    fn judge(&mut self, actions: Vec<Action>) -> Result<(), Denied> {
        assert!(!actions.is_empty(), "nothing is judged");
        if !is_refused(&actions) {
            return Ok(());
        }
        Err(Denied {
            code: "policy.denied",
            rule: None,
            detail: String::new(),
            advice: String::new(),
            record: String::new(),
        })
    }

    fn could_pass(&mut self, actions: Vec<Action>) -> bool {
        !is_refused(&actions)
    }

    fn note(&mut self, _fact: Fact) {}

    fn wanted(&self) -> Wanted {
        Wanted::default()
    }

    fn analyses(&self) -> &Cache {
        &self.analyses
    }
}

/// The input is what a client sends, and what a server answers: as JSON and as a stream, in which
/// a bar stands for a line feed, so that seeds are lines.
///
/// # Panics
///
/// When a claim does not hold.
pub fn run(input: &[u8]) {
    let Ok(guard) = config::compile(DOCUMENT.as_bytes()) else {
        unreachable!("the document of this target");
    };
    sent(&guard, input);
    let line_end = |byte: &u8| if *byte == b'|' { b'\n' } else { *byte };
    let stream: Vec<u8> = input.iter().map(line_end).collect();
    let whole = answered(&guard, "text/event-stream", &stream, usize::MAX);
    for piece in [1, 7] {
        let cut = answered(&guard, "text/event-stream", &stream, piece);
        assert_eq!(whole, cut, "an answer that depends on how it is cut");
    }
    if let Ok(text) = answered(&guard, "application/json", input, usize::MAX) {
        has_no_refused_tool(&text);
    }
}

fn request<'a>(guard: &'a Guard, head: &'a Head, body: &'a [u8]) -> Request<'a> {
    Request {
        head,
        path: "/mcp",
        query: "",
        body,
        analyses: &guard.analyses,
        wanted: Wanted {
            body: false,
            arguments: true,
        },
    }
}

fn post() -> Head {
    let mut head = Head::default();
    head.headers.push(b":method", b"POST");
    head.headers.push(b"content-type", b"application/json");
    head
}

fn sent(guard: &Guard, input: &[u8]) {
    let head = post();
    match guard.apis[0].protocol.read(&request(guard, &head, input)) {
        Ok(intent) => {
            let text = String::from_utf8_lossy(input);
            let calls = json::parse(&text).is_ok_and(|body| {
                let mut messages = body.each().iter();
                messages.any(|one| one.member("method").and_then(Value::text) == Some("tools/call"))
            });
            let mut resources = intent.actions.iter().flat_map(|action| &action.resources);
            let has_tool = resources.any(|resource| resource.kind == ResourceKind::Tool);
            assert!(
                !intent.actions.is_empty() && (has_tool || !calls),
                "a call without its tool"
            );
        }
        Err(refusal) => assert!(refusal.code.contains('.') && refusal.status >= 400),
    }
}

/// What a client gets of an answer that comes in pieces of this length.
fn answered(
    guard: &Guard,
    media: &str,
    input: &[u8],
    piece: usize,
) -> Result<String, &'static str> {
    let head = post();
    let call = br#"{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"run"}}"#;
    let request = request(guard, &head, call);
    let Some(mut answer) = guard.apis[0].protocol.answer(&request) else {
        unreachable!("this protocol reads answers");
    };
    let mut head = Head::default();
    head.headers.push(b":status", b"200");
    head.headers.push(b"content-type", media.as_bytes());
    let body = answer.begins(&head).map_err(|refusal| refusal.code)?;
    let mut bench = Bench::default();
    let mut out = Vec::new();
    let is_whole = body == Body::Held;
    for piece in input.chunks(piece) {
        let read = answer.read(piece, is_whole, &mut bench, &mut out);
        read.map_err(|refusal| refusal.code)?;
    }
    if !is_whole {
        let read = answer.read(b"", true, &mut bench, &mut out);
        read.map_err(|refusal| refusal.code)?;
    }
    Ok(String::from_utf8_lossy(&out).into_owned())
}

fn has_no_refused_tool(text: &str) {
    let Ok(answer) = json::parse(text) else {
        assert!(text.is_empty(), "no JSON");
        return;
    };
    for message in answer.each() {
        let Some(Value::List(tools)) = message.at(&["result", "tools"]) else {
            continue;
        };
        for tool in tools {
            let name = tool.member("name").and_then(Value::text);
            assert!(
                name.is_some_and(|name| !name.contains('x')),
                "a refused tool is offered"
            );
        }
    }
}
