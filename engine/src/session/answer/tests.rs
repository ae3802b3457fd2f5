//! Answers that are read, changed, replaced and cut off.

use std::rc::Rc;

use super::super::*;
use super::*;
use crate::action::{Action, Effect, Reach, Resource, ResourceKind};
use crate::config;
use crate::protocol::Protocol;
use crate::record::{Chain, Ending};
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

/// Every line of the answer names a tool, which the client sees where it may call it.
#[derive(Debug)]
struct Lines {
    rest: Vec<u8>,
}

impl Answer for Lines {
    fn begins(&mut self, head: &Head) -> Result<Body, Refusal> {
        Ok(match head.headers.first("content-type") {
            Some(b"text/held") => Body::Held,
            Some(b"text/lines") => Body::Messages,
            _ => Body::Streamed,
        })
    }

    fn read(
        &mut self,
        bytes: &[u8],
        _is_end: bool,
        judge: &mut dyn Judge,
        out: &mut Vec<u8>,
    ) -> Result<(), Refusal> {
        self.rest.extend_from_slice(bytes);
        while let Some(end) = self.rest.iter().position(|byte| *byte == b'\n') {
            let line: Vec<u8> = self.rest.drain(..=end).collect();
            let name = String::from_utf8_lossy(&line[..end]).into_owned();
            if name == "broken" {
                return Err(Refusal::with_status(
                    502,
                    "test.broken",
                    "expected a tool",
                    "",
                ));
            }
            match judge.judge(vec![invoke(&name)]) {
                Ok(()) => out.extend(line),
                Err(denied) => out.extend(format!("no: {}\n", denied.line()).into_bytes()),
            }
            judge.note(Fact::text("gen_ai.tool.name", name));
        }
        Ok(())
    }

    fn cut_off(&mut self, denied: &Denied, out: &mut Vec<u8>) {
        out.extend_from_slice(denied.code.as_bytes());
    }
}

fn invoke(name: &str) -> Action {
    let resource = Resource {
        kind: ResourceKind::Tool,
        name: name.to_owned(),
    };
    Action::new(Effect::Invoke, "tool call", Reach::Unknown, vec![resource])
}

#[derive(Debug)]
struct Lister;

impl Protocol for Lister {
    fn name(&self) -> &'static str {
        "lister"
    }

    fn body(&self, _head: &Head) -> Result<Body, Refusal> {
        Ok(Body::Held)
    }

    fn read(&self, _request: &Request<'_>) -> Result<Intent, Refusal> {
        Ok(vec![Action::new(Effect::Read, "list", Reach::None, Vec::new())].into())
    }

    fn answer(&self, _request: &Request<'_>) -> Option<Box<dyn Answer>> {
        Some(Box::new(Lines { rest: Vec::new() }))
    }
}

const DOCUMENT: &str = "
lictor: v1
identity: {anonymous: allow}
apis: [{name: tools, match: {}, http: {}}]
rules:
- {id: no-drops, effect: deny, match: {action.resources: 'tool:drop*'}, reason: Not this one., advice: read instead}
default: allow
";

const MOMENT: Moment = Moment {
    seconds: 1_793_793_600,
    nanos: 0,
};

fn head(fields: &[(&str, &str)]) -> Head {
    let mut head = Head::default();
    for (name, value) in fields {
        head.headers.push(name.as_bytes(), value.as_bytes());
    }
    head
}

/// A session whose request was let through and whose answer is of that type.
fn asked(media: &str) -> (Session, Step) {
    let mut guard = config::compile(DOCUMENT.as_bytes()).unwrap();
    guard.apis[0].protocol = Box::new(Lister);
    let request = head(&[(":method", "GET"), (":path", "/")]);
    let mut session = Session::new(Rc::new(guard), request, "r1".to_owned());
    assert_eq!(session.open(b"", None, true), Step::Hold);
    assert_eq!(session.decode(b""), None);
    assert_eq!(session.decide(b"", MOMENT), Step::Pass);
    assert!(session.reads_answer());
    let step = session.answer_begins(&head(&[(":status", "200"), ("content-type", media)]));
    (session, step)
}

fn bytes(answered: Answered) -> String {
    match answered {
        Answered::Bytes(bytes) => String::from_utf8(bytes).unwrap(),
        Answered::Reply(reply) => panic!("{reply:?}"),
    }
}

#[test]
fn what_is_denied_in_an_answer_never_reaches_the_client_and_stands_in_the_record() {
    let (mut session, step) = asked("text/lines");
    assert_eq!(step, Step::Messages);
    let mut seen = String::new();
    for piece in ["rea", "d\ndrop_t", "able\n", "write\n"] {
        seen += &bytes(session.answer(piece.as_bytes(), false, false, MOMENT));
    }
    assert_eq!(
        seen,
        "read\nno: Not this one. (no-drops, record r1) Advice: read instead.\nwrite\n"
    );
    assert_eq!(session.outcome(), &Outcome::Denied);
    assert_eq!(session.code(), Some("policy.denied"));
    let ending = Ending::default();
    let mut chain = Chain::new([0; 8]);
    let record = chain.add(&session, &ending);
    for part in [
        r#""decision":"deny""#,
        r#""rules":["no-drops"]"#,
        r#""attributes":{"gen_ai.tool.name":"write"}"#,
        r#""resources":["tool:drop_table"]"#,
        r#""operation":"list""#,
    ] {
        assert!(record.json.contains(part), "{part} {}", record.json);
    }
}

#[test]
fn a_stream_that_can_not_be_read_ends_with_last_words() {
    let (mut session, _) = asked("text/lines");
    let answered = session.answer(b"read\nbroken\nwrite\n", false, false, MOMENT);
    assert_eq!(bytes(answered), "read\ntest.broken");
    assert_eq!(bytes(session.answer(b"write\n", true, false, MOMENT)), "");
    assert_eq!(session.code(), Some("test.broken"));
}

#[test]
fn a_held_answer_that_can_not_be_read_is_replaced() {
    let (mut session, step) = asked("text/held");
    assert_eq!(step, Step::Hold);
    let Answered::Reply(reply) = session.answer(b"read\nbroken\n", true, true, MOMENT) else {
        panic!("it passed");
    };
    assert_eq!(reply.status, 502);
}

#[test]
fn what_nobody_looks_into_passes_and_what_is_compressed_does_not() {
    let (mut session, step) = asked("text/other");
    assert_eq!(step, Step::Pass);
    assert_eq!(
        bytes(session.answer(b"drop\n", true, false, MOMENT)),
        "drop\n"
    );
    let (mut session, _) = asked("text/lines");
    let step = session.answer_begins(&head(&[("content-encoding", "gzip")]));
    assert!(matches!(step, Step::Reply(_)));
    assert_eq!(session.code(), Some("answer.encoded"));
    assert_eq!(bytes(session.answer(b"read\n", true, false, MOMENT)), "");
}

#[test]
fn an_answer_that_is_too_large_does_not_pass() {
    let (mut session, _) = asked("text/held");
    let large = vec![b'\n'; session.guard.body_bytes + 1];
    assert!(matches!(
        session.answer(&large, true, true, MOMENT),
        Answered::Reply(_)
    ));
    assert_eq!(session.code(), Some("answer.too_large"));
}

#[test]
fn asking_records_nothing() {
    let (mut session, _) = asked("text/lines");
    let before = session.actions.len();
    let mut bench = Bench {
        session: &mut session,
        now: MOMENT,
    };
    assert!(bench.could_pass(vec![invoke("read")]));
    assert!(!bench.could_pass(vec![invoke("drop_table")]));
    assert!(!bench.could_pass(Vec::new()));
    let unknown = Action::new(Effect::Unknown, "?", Reach::Unknown, Vec::new());
    assert!(!bench.could_pass(vec![unknown]));
    assert_eq!(session.actions.len(), before);
    assert_eq!(session.outcome(), &Outcome::Allowed);
}
