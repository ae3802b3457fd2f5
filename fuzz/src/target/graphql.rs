//! GraphQL requests: bytes of any sort become actions or a refusal.
//!
//! Claims: no input panics; a refusal has a code and tells nothing of a text; what is read is read
//! the same again, and with comments and commas in it; a mutation is never taken for a read.

use lictor_engine::action::{Action, Effect};
use lictor_engine::config::{self, Guard};
use lictor_engine::message::{Head, Request, Wanted};
use lictor_engine::refusal::Refusal;

const DOCUMENT: &str = "
lictor: v1
apis:
- {name: a, match: {}, graphql: {flavour: hasura, tables: {orders: orders}}}
- {name: b, match: {}, graphql: {flavour: postgraphile}}
- {name: c, match: {}, graphql: {}}
rules: []
default: allow
";

/// The input is a JSON body where it starts with a brace or a bracket and a quote, else a query.
///
/// # Panics
///
/// When a claim does not hold.
pub fn run(input: &[u8]) {
    let Ok(guard) = config::compile(DOCUMENT.as_bytes()) else {
        unreachable!("the document of this target");
    };
    let is_json = input.starts_with(b"{\"") || input.starts_with(b"[{\"");
    let media = if is_json {
        "application/json"
    } else {
        "application/graphql"
    };
    for api in 0..guard.apis.len() {
        let read = read(&guard, api, media, input);
        assert_eq!(
            told(&read),
            told(&self::read(&guard, api, media, input)),
            "read otherwise"
        );
        match read {
            Ok(actions) => holds(&guard, api, is_json, input, &actions),
            Err(refusal) => assert!(refusal.code.contains('.') && refusal.status >= 400),
        }
    }
}

fn read(guard: &Guard, api: usize, media: &str, body: &[u8]) -> Result<Vec<Action>, Refusal> {
    let mut head = Head::default();
    head.headers.push(b":method", b"POST");
    head.headers.push(b"content-type", media.as_bytes());
    let request = Request {
        head: &head,
        path: "/graphql",
        query: "",
        body,
        analyses: &guard.analyses,
        wanted: Wanted {
            body: false,
            arguments: true,
        },
    };
    let read = guard.apis[api].protocol.read(&request);
    read.map(|intent| intent.actions)
}

fn told(read: &Result<Vec<Action>, Refusal>) -> Result<&[Action], &'static str> {
    match read {
        Ok(actions) => Ok(actions),
        Err(refusal) => Err(refusal.code),
    }
}

fn holds(guard: &Guard, api: usize, is_json: bool, input: &[u8], actions: &[Action]) {
    for action in actions {
        let is_sorted = action.resources.is_sorted() && action.columns.is_sorted();
        assert!(is_sorted, "resources or columns out of order");
    }
    if is_json {
        return;
    }
    let text = String::from_utf8_lossy(input);
    let word = text.trim_start_matches([' ', '\t', '\r', '\n', ',']);
    let is_single = !text.contains("query") && !text.contains("subscription");
    if word.starts_with("mutation") && is_single {
        let mut fields = actions
            .iter()
            .filter(|action| action.operation == "mutation");
        let is_change = |action: &Action| {
            action.effect != Effect::Read
                || action
                    .resources
                    .iter()
                    .any(|one| one.name == "mutation.__typename")
        };
        assert!(
            fields.next().is_none_or(is_change),
            "a mutation that only reads"
        );
    }
    let commented = [b"# {\n,", input].concat();
    let again = read(guard, api, "application/graphql", &commented);
    assert_eq!(told(&again), Ok(actions), "comments make a difference");
}
