//! Whole exchanges: from the head to the record.

use super::*;
use crate::config;
use crate::policy::Moment;
use crate::record::{Chain, Ending};
use crate::struct_value;
use crate::value::Value;
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

const DOCUMENT: &str = "
lictor: v1
environment: test
apis:
- {name: reports, match: {path: /sql}, sql: {dialect: postgres, at: $.query}}
- {name: orders, match: {path: /v1/orders/**}, http: {paths: [/v1/orders, '/v1/orders/{id}']}}
- {name: services, match: {path: /shop.Orders/*}, http: {}}
limits: {body_bytes: 200}
rules:
- {id: no-drops, effect: deny, match: {action.effect: drop}, reason: Use a migration.}
- {id: no-bulk, effect: deny, match: {action.effect: [delete, update], action.reach: all}}
- {id: quiet, effect: deny, mode: shadow, match: {action.effect: read}}
- {id: no-cancel, effect: deny, match: {action.resources: 'method:shop.Orders/Cancel'}, reason: Ask sales.}
default: allow
";

fn session(fields: &[(&str, &str)]) -> Session {
    let guard = Rc::new(config::compile(DOCUMENT.as_bytes()).unwrap());
    let mut head = Head::default();
    for (name, value) in fields {
        head.headers.push(name.as_bytes(), value.as_bytes());
    }
    Session::new(guard, head, "r1".to_owned())
}

const MOMENT: Moment = Moment {
    seconds: 1_793_793_600,
    nanos: 0,
};

fn metadata() -> Vec<u8> {
    identity::metadata_of(
        "jwt",
        &Value::Object(vec![("sub".into(), Value::from("dana"))]),
    )
}

/// A whole exchange: the last step and the session.
fn run(fields: &[(&str, &str)], body: &[u8]) -> (Step, Session) {
    let mut session = session(fields);
    let mut step = session.open(&metadata(), None, !body.is_empty());
    if step == Step::Hold || step == Step::Decide {
        step = session
            .decode(body)
            .unwrap_or_else(|| session.decide(body, MOMENT));
    }
    (step, session)
}

fn sql(statement: &str) -> (Step, Session) {
    let body = format!("{{\"query\":\"{statement}\"}}");
    run(
        &[
            (":method", "POST"),
            (":path", "/sql"),
            ("content-type", "application/json"),
        ],
        body.as_bytes(),
    )
}

fn reply(step: Step) -> Reply {
    match step {
        Step::Reply(reply) => reply,
        other => panic!("expected a reply, got {other:?}"),
    }
}

fn record(session: &Session) -> serde_json::Value {
    let ending = Ending {
        status: 403,
        details: "d".to_owned(),
        decided_us: 12,
    };
    let mut chain = Chain::new([0; 8]);
    let chained = chain.add(session, &ending);
    let bytes = chained.to_struct();
    let Value::Object(members) = struct_value::read(&bytes).unwrap() else {
        panic!("expected an object");
    };
    let from_struct = serde_json::to_value(Value::Object(members)).unwrap();
    assert_eq!(
        from_struct,
        serde_json::from_str::<serde_json::Value>(&chained.json).unwrap()
    );
    from_struct
}

#[test]
fn a_permitted_call_passes_and_is_recorded() {
    let (step, session) = sql("SELECT name FROM users WHERE age > 42");
    assert_eq!(step, Step::Pass);
    let record = record(&session);
    assert_eq!(record["decision"], "allow");
    assert_eq!(record["rules"], serde_json::json!(["default"]));
    assert_eq!(record["shadow"], serde_json::json!(["quiet"]));
    assert_eq!(record["api"], "reports");
    assert_eq!(record["protocol"], "sql");
    assert_eq!(record["principal"]["subject"], "dana");
    assert_eq!(
        record["lineage"]["reads"],
        serde_json::json!(["table:users"])
    );
    assert_eq!(record["decided_us"], 12);
    assert!(!record.to_string().contains("42"), "{record}");
}

#[test]
fn a_denied_call_says_which_rule_and_why() {
    let (step, session) = sql("DROP TABLE users");
    let reply = reply(step);
    assert_eq!(
        (reply.status, reply.details.as_str()),
        (403, "lictor_denied{no-drops}")
    );
    let body: serde_json::Value = serde_json::from_slice(&reply.body).unwrap();
    assert_eq!(body["rule"], "no-drops");
    assert_eq!(body["detail"], "Use a migration.");
    assert_eq!(body["record"], "r1");
    assert_eq!(record(&session)["code"], "policy.denied");
}

#[test]
fn a_bulk_change_is_told_what_to_change() {
    let (step, _) = sql("DELETE FROM users");
    assert!(
        String::from_utf8(reply(step).body)
            .unwrap()
            .contains("add a WHERE clause")
    );
    let (step, _) = run(&[(":method", "DELETE"), (":path", "/v1/orders")], b"");
    assert!(
        String::from_utf8(reply(step).body)
            .unwrap()
            .contains("name one item in the path")
    );
}

#[test]
fn the_query_string_is_not_recorded() {
    let (_, session) = run(
        &[(":method", "GET"), (":path", "/v1/orders?customer=secret")],
        b"",
    );
    let record = record(&session);
    assert_eq!(record["request"]["path"], "/v1/orders");
    assert!(!record.to_string().contains("secret"));
}

#[test]
fn grpc_clients_are_refused_in_their_own_words() {
    let head = [
        (":method", "POST"),
        (":path", "/shop.Orders/Cancel"),
        ("content-type", "application/grpc"),
    ];
    let (step, _) = run(&head, b"");
    let reply = reply(step);
    assert_eq!(reply.grpc_status, Some(7));
    assert!(reply.body.starts_with(b"Ask sales."));
}

fn code(fields: &[(&str, &str)], body: &[u8]) -> Option<&'static str> {
    run(fields, body).1.code()
}

#[test]
fn whatever_can_not_be_read_is_refused_with_its_code() {
    let json = ("content-type", "application/json");
    let post = (":method", "POST");
    for (fields, body, expected) in [
        (
            vec![post, (":path", "/v1/../sql"), json],
            &b"{}"[..],
            "path.ambiguous",
        ),
        (
            vec![post, (":path", "/nowhere"), json],
            b"{}",
            "api.unmatched",
        ),
        (vec![post, json], b"{}", "message.head_malformed"),
        (
            vec![
                post,
                (":path", "/sql"),
                json,
                ("x-http-method-override", "GET"),
            ],
            b"{}",
            "http.method_override",
        ),
        (
            vec![post, (":path", "/sql"), json, ("content-length", "201")],
            b"{}",
            "body.too_large",
        ),
        (
            vec![post, (":path", "/sql"), json, ("upgrade", "websocket")],
            b"",
            "http.upgrade",
        ),
        (
            vec![post, (":path", "/sql"), json],
            b"{\"query\":\"SELEC\"}",
            "sql.syntax",
        ),
        (
            vec![post, (":path", "/sql"), json],
            b"{\"query\":\"SELECT dblink_exec(c, q) FROM t\"}",
            "action.unknown",
        ),
        (
            vec![post, (":path", "/sql"), json],
            &[b' '; 201],
            "body.too_large",
        ),
    ] {
        assert_eq!(code(&fields, body), Some(expected), "{fields:?}");
    }
}

#[test]
fn nobody_gets_in_without_a_verified_token() {
    let mut session = session(&[(":method", "GET"), (":path", "/v1/orders")]);
    let reply = reply(session.open(b"", None, false));
    assert_eq!(
        (reply.status, reply.details.as_str()),
        (401, "lictor_refused{identity.anonymous}")
    );
}

#[test]
fn an_exchange_that_an_earlier_filter_ended_is_recorded_as_undecided() {
    let session = session(&[(":method", "POST"), (":path", "/sql?x=1")]);
    let record = record(&session);
    assert_eq!(record["decision"], "none");
    assert_eq!(record["api"], "reports");
    assert_eq!(record["request"]["path"], "/sql");
}

#[test]
fn a_decision_without_actions_is_a_refusal() {
    let mut session = session(&[(":method", "GET"), (":path", "/v1/orders")]);
    session.open(&metadata(), None, false);
    assert_eq!(reply(session.decide(b"", MOMENT)).status, 403);
}

#[test]
fn the_self_test_waits_for_its_body() {
    let mut session = session(&[(":method", "POST"), (":path", SELF_TEST_PATH)]);
    assert_eq!(session.open(b"", None, true), Step::Hold);
    assert_eq!(
        reply(session.decode(b"x").unwrap()).body,
        br#"{"headers_held":true}"#
    );
    assert_eq!(record(&session)["decision"], "none");
}

#[test]
fn rules_see_a_method_in_upper_case() {
    let session = session(&[(":method", "post"), (":path", "/sql")]);
    let method = session.with_call(b"", MOMENT, |call| call.request.method.to_owned());
    assert_eq!(method, "POST");
}

#[test]
fn a_compressed_body_is_read_as_what_it_stands_for() {
    const DROP: &[u8] = b"\x78\xda\xab\x56\x2a\x2c\x4d\x2d\xaa\x54\xb2\x52\x72\x09\xf2\x0f\x50\x08\x71\x74\xf2\x71\x55\x28\x51\xaa\x05\x00\x5f\x87\x07\x42";
    let sent = |coding: &str, body: &[u8]| {
        let (_, session) = run(
            &[
                (":method", "POST"),
                (":path", "/sql"),
                ("content-type", "application/json"),
                ("content-encoding", coding),
            ],
            body,
        );
        session.code()
    };
    assert_eq!(sent("deflate", DROP), Some("policy.denied"));
    assert_eq!(sent("gzip", DROP), Some("content.compressed"));
    assert_eq!(sent("identity", DROP), Some("content.not_utf8"));
    assert_eq!(sent("br", DROP), Some("content.encoded"));
    assert_eq!(sent("gzip, deflate", DROP), Some("content.encoded"));
}
