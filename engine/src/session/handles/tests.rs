//! Statements that run by handles, from the answer that gives one to the call that runs it.

use std::collections::BTreeMap;
use std::rc::Rc;

use super::super::*;
use crate::message::Head;
use crate::policy::Moment;
use crate::protobuf::{write_bytes, write_message, write_varint};
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

const MOMENT: Moment = Moment {
    seconds: 1_793_793_600,
    nanos: 0,
};

const POLICY: &str = "
lictor: v1
identity: {anonymous: allow}
apis:
- {name: flight, match: {host: flight}, use: flight_sql}
- {name: other, match: {host: other}, use: flight_sql}
- {name: rows, match: {host: rows}, use: bigtable}
rules:
- {id: no-drops, effect: deny, match: {action.effect: drop}}
default: allow
";

/// What all workers know.
type Memory = BTreeMap<[u8; 32], String>;

fn frame(message: &[u8]) -> Vec<u8> {
    let length = u32::try_from(message.len()).unwrap();
    [&[0][..], &length.to_be_bytes(), message].concat()
}

fn message(fill: impl FnOnce(&mut Vec<u8>)) -> Vec<u8> {
    let mut bytes = Vec::new();
    fill(&mut bytes);
    bytes
}

fn any(name: &str, content: &[u8]) -> Vec<u8> {
    message(|out| {
        let url = format!("type.googleapis.com/arrow.flight.protocol.sql.{name}");
        write_bytes(out, 1, url.as_bytes());
        write_bytes(out, 2, content);
    })
}

/// A call, then its answer byte by byte; gives the code and what the actions are.
fn call(
    memory: &mut Memory,
    (host, path): (&str, &str),
    request: &[u8],
    answer: &[u8],
) -> (Option<&'static str>, Vec<String>) {
    let guard = crate::config::compile(POLICY.as_bytes()).unwrap();
    let mut head = Head::default();
    for (name, value) in [
        (":method", "POST"),
        (":path", path),
        (":authority", host),
        ("content-type", "application/grpc"),
    ] {
        head.headers.push(name.as_bytes(), value.as_bytes());
    }
    let mut session = Session::new(Rc::new(guard), head, "r1".to_owned());
    let body = frame(request);
    let opened = session.open(b"", None, true);
    if let Some(key) = session.handle(&body) {
        session.recall(memory.get(&key).cloned());
    }
    let step = match opened {
        Step::Messages => session.messages(&body, true, MOMENT).1,
        _ => {
            let refused = session.decode(&body);
            refused.unwrap_or_else(|| session.decide(&body, MOMENT))
        }
    };
    if step == Step::Pass {
        for byte in frame(answer) {
            for remembered in session.answered(&[byte]) {
                memory.insert(remembered.key, remembered.text);
            }
        }
    }
    let told = session.actions.iter();
    let told = told.map(|action| format!("{} {}", action.effect.name(), action.reach.name()));
    (session.code(), told.collect())
}

const INFO: (&str, &str) = (
    "flight",
    "/arrow.flight.protocol.FlightService/GetFlightInfo",
);
const GET: (&str, &str) = ("flight", "/arrow.flight.protocol.FlightService/DoGet");
const ACT: (&str, &str) = ("flight", "/arrow.flight.protocol.FlightService/DoAction");
const PUT: (&str, &str) = ("flight", "/arrow.flight.protocol.FlightService/DoPut");

fn descriptor(command: &[u8]) -> Vec<u8> {
    message(|out| {
        write_varint(out, 1, 2);
        write_bytes(out, 2, command);
    })
}

fn info(ticket: &[u8]) -> Vec<u8> {
    message(|info| {
        write_message(info, 3, |endpoint| {
            write_message(endpoint, 1, |out| write_bytes(out, 1, ticket));
        });
    })
}

fn ticket(ticket: &[u8]) -> Vec<u8> {
    message(|out| write_bytes(out, 1, ticket))
}

#[test]
fn a_ticket_stands_for_the_query_that_it_was_given_for() {
    let mut memory = Memory::new();
    let query = message(|out| write_bytes(out, 1, b"SELECT 1 FROM orders"));
    let query = descriptor(&any("CommandStatementQuery", &query));
    assert_eq!(
        call(&mut memory, GET, &ticket(b"t1"), b"").0,
        Some("grpc.handle_unknown")
    );
    assert_eq!(call(&mut memory, INFO, &query, &info(b"t1")).0, None);
    assert_eq!(
        call(&mut memory, GET, &ticket(b"t1"), b""),
        (None, vec!["read all".to_owned()])
    );
    for (way, name) in [(GET, &b"t2"[..]), (("other", GET.1), b"t1")] {
        assert_eq!(
            call(&mut memory, way, &ticket(name), b"").0,
            Some("grpc.handle_unknown")
        );
    }
}

#[test]
fn a_prepared_statement_is_judged_when_it_is_prepared_and_when_it_runs() {
    let mut memory = Memory::new();
    let prepare = |sql: &str| {
        let request = message(|out| write_bytes(out, 1, sql.as_bytes()));
        message(|out| {
            write_bytes(out, 1, b"CreatePreparedStatement");
            write_bytes(
                out,
                2,
                &any("ActionCreatePreparedStatementRequest", &request),
            );
        })
    };
    let handle = message(|out| write_bytes(out, 1, b"h1"));
    let given = any("ActionCreatePreparedStatementResult", &handle);
    let given = message(|out| write_bytes(out, 1, &given));
    assert_eq!(
        call(&mut memory, ACT, &prepare("DROP TABLE t"), &given).0,
        Some("policy.denied")
    );
    assert!(memory.is_empty());
    let delete = "DELETE FROM orders WHERE id = ?";
    assert_eq!(call(&mut memory, ACT, &prepare(delete), &given).0, None);
    let run = message(|out| {
        let update = any("CommandPreparedStatementUpdate", &handle);
        write_bytes(out, 1, &descriptor(&update));
    });
    let told = call(&mut memory, PUT, &run, b"");
    assert_eq!(
        (told.0, told.1[0].split(' ').next()),
        (None, Some("delete"))
    );
    let query = descriptor(&any("CommandPreparedStatementQuery", &handle));
    assert_eq!(call(&mut memory, INFO, &query, &info(b"t1")).0, None);
    assert!(call(&mut memory, GET, &ticket(b"t1"), b"").1[0].starts_with("delete"));
}

#[test]
fn a_ticket_of_the_catalog_is_one_too() {
    let mut memory = Memory::new();
    let tables = descriptor(&any("CommandGetTables", b""));
    assert_eq!(call(&mut memory, INFO, &tables, &info(b"t1")).0, None);
    assert_eq!(call(&mut memory, GET, &ticket(b"t1"), b"").1, ["read none"]);
}

#[test]
fn a_query_of_bigtable_runs_by_what_was_prepared() {
    const PREPARE: (&str, &str) = ("rows", "/google.bigtable.v2.Bigtable/PrepareQuery");
    const EXECUTE: (&str, &str) = ("rows", "/google.bigtable.v2.Bigtable/ExecuteQuery");
    let mut memory = Memory::new();
    let prepare = message(|out| write_bytes(out, 3, b"SELECT a FROM people"));
    let execute = message(|out| write_bytes(out, 9, b"p1"));
    assert_eq!(
        call(&mut memory, EXECUTE, &execute, b"").0,
        Some("grpc.handle_unknown")
    );
    let prepared = message(|out| write_bytes(out, 2, b"p1"));
    assert_eq!(call(&mut memory, PREPARE, &prepare, &prepared).0, None);
    assert_eq!(call(&mut memory, EXECUTE, &execute, b"").1, ["read all"]);
}

#[test]
fn what_is_too_long_is_not_remembered() {
    let mut memory = Memory::new();
    let sql = format!(
        "SELECT 1 FROM orders{}",
        " ".repeat(crate::limits::HANDLE_TEXT_BYTES)
    );
    let query = message(|out| write_bytes(out, 1, sql.as_bytes()));
    let query = descriptor(&any("CommandStatementQuery", &query));
    assert_eq!(call(&mut memory, INFO, &query, &info(b"t1")).0, None);
    assert!(memory.is_empty());
}
