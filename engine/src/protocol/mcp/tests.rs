//! Messages to actions, header fields against bodies, and refusals that clients understand.

use super::*;
use crate::document;
use crate::message::Wanted;
use crate::sql::Cache;
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

fn protocol(text: &str) -> Box<dyn Protocol> {
    let node = document::read(text.as_bytes()).unwrap();
    let mut reader = Reader::default();
    let protocol = compile(&mut reader, &node, "mcp", &Given::default());
    let mistakes = reader.into_mistakes();
    assert!(mistakes.is_empty(), "{mistakes:?}");
    protocol.unwrap()
}

/// What becomes of a request with these header fields.
fn with<T>(
    method: &str,
    fields: &[(&str, &str)],
    body: &str,
    then: impl FnOnce(&Request<'_>) -> T,
) -> T {
    let mut head = Head::default();
    head.headers.push(b":method", method.as_bytes());
    if !body.is_empty() {
        head.headers.push(b"content-type", b"application/json");
    }
    for (name, value) in fields {
        head.headers.push(name.as_bytes(), value.as_bytes());
    }
    then(&Request {
        head: &head,
        path: "/mcp",
        query: "",
        body: body.as_bytes(),
        analyses: &Cache::default(),
        wanted: Wanted::default(),
    })
}

fn told_with(fields: &[(&str, &str)], body: &str) -> Result<Vec<String>, &'static str> {
    let mcp = protocol("{dialect: postgres, methods: {acme/export: export}}");
    let intent = with("POST", fields, body, |request| mcp.read(request));
    let actions = intent.map_err(|refusal| refusal.code)?.actions;
    let told = actions.iter().map(|action| {
        let resources = action.resources.iter();
        let resources: String = resources.map(|one| format!(" {one}")).collect();
        let (effect, reach) = (action.effect.name(), action.reach.name());
        format!("{effect} {reach} {}{resources}", action.operation)
    });
    Ok(told.collect())
}

fn told(method: &str, params: &str) -> Result<Vec<String>, &'static str> {
    let body = format!(r#"{{"jsonrpc":"2.0","id":1,"method":"{method}","params":{params}}}"#);
    told_with(&[], &body)
}

fn one(text: &str) -> Result<Vec<String>, &'static str> {
    Ok(vec![text.to_owned()])
}

#[test]
fn each_method_is_told_as_what_it_does() {
    for (method, params, expected) in [
        (
            "initialize",
            "{\"protocolVersion\":\"2025-11-25\"}",
            "session none initialize",
        ),
        ("ping", "{}", "session none ping"),
        ("server/discover", "{}", "session none server/discover"),
        ("tools/list", "{}", "read none tools/list object:tools"),
        (
            "prompts/list",
            "{}",
            "read none prompts/list object:prompts",
        ),
        (
            "resources/templates/list",
            "{}",
            "read none resources/templates/list object:resources/templates",
        ),
        (
            "resources/list",
            "{}",
            "read all resources/list object:resources",
        ),
        (
            "resources/read",
            r#"{"uri":"file:///srv/a.txt"}"#,
            "read key resources/read location:file:///srv/a.txt",
        ),
        (
            "prompts/get",
            r#"{"name":"code_review"}"#,
            "read key prompts/get prompt:code_review",
        ),
        (
            "completion/complete",
            r#"{"ref":{"type":"ref/prompt","name":"p"},"argument":{"name":"a","value":"x"}}"#,
            "read limited completion/complete prompt:p",
        ),
        (
            "tasks/result",
            r#"{"taskId":"1"}"#,
            "read key tasks/result object:task",
        ),
        (
            "acme/export",
            "{}",
            "export unknown acme/export method:acme/export",
        ),
    ] {
        assert_eq!(told(method, params), one(expected), "{method}");
    }
    assert_eq!(
        told(
            "tools/call",
            r#"{"name":"run_query","arguments":{"sql":"DROP TABLE users"}}"#
        ),
        Ok(vec![
            "invoke unknown tools/call tool:run_query".to_owned(),
            "drop all DROP TABLE table:users".to_owned()
        ])
    );
    assert_eq!(
        told(
            "subscriptions/listen",
            r#"{"notifications":{"resourceSubscriptions":["memo:a"]}}"#
        ),
        Ok(vec![
            "session none subscriptions/listen".to_owned(),
            "read key subscriptions/listen location:memo:a".to_owned()
        ])
    );
}

#[test]
fn what_is_not_known_is_refused() {
    for (method, params, code) in [
        ("tools/Call", "{}", "mcp.method_unknown"),
        ("acme/import", "{}", "mcp.method_unknown"),
        ("tools/call", "{}", "mcp.parameters"),
        ("tools/call", r#"{"name":"a","Name":"b"}"#, "mcp.parameters"),
        (
            "tools/call",
            r#"{"name":"a","arguments":[]}"#,
            "tool.arguments",
        ),
        ("resources/read", r#"{"uri":"file:///a/../b"}"#, "mcp.uri"),
        ("prompts/get", r#"{"name":"a b"}"#, "mcp.prompt_name"),
        (
            "completion/complete",
            r#"{"ref":{"type":"ref/tool","name":"p"}}"#,
            "mcp.parameters",
        ),
        (
            "subscriptions/listen",
            r#"{"notifications":{"resourceSubscriptions":"memo:a"}}"#,
            "mcp.parameters",
        ),
    ] {
        assert_eq!(told(method, params), Err(code), "{method} {params}");
    }
}

#[test]
fn a_message_has_the_shape_of_json_rpc() {
    for (body, expected) in [
        (
            r#"{"jsonrpc":"2.0","method":"notifications/initialized"}"#,
            one("session none notifications/initialized"),
        ),
        (
            r#"{"jsonrpc":"2.0","id":"s","result":{}}"#,
            one("session none answer"),
        ),
        (
            r#"{"jsonrpc":"2.0","id":1,"error":{"code":1,"message":""}}"#,
            one("session none answer"),
        ),
        (
            r#"{"jsonrpc":"1.0","id":1,"method":"ping"}"#,
            Err("mcp.message"),
        ),
        (r#"{"id":1,"method":"ping"}"#, Err("mcp.message")),
        (
            r#"{"jsonrpc":"2.0","id":null,"method":"ping"}"#,
            Err("mcp.message"),
        ),
        (
            r#"{"jsonrpc":"2.0","id":1e300,"method":"ping"}"#,
            Err("mcp.message"),
        ),
        (
            r#"{"jsonrpc":"2.0","id":1,"method":"ping","result":{}}"#,
            Err("mcp.message"),
        ),
        (
            r#"{"jsonrpc":"2.0","id":1,"method":"ping","Method":"tools/call"}"#,
            Err("mcp.message"),
        ),
        (
            r#"{"jsonrpc":"2.0","id":1,"method":"ping","params":[]}"#,
            Err("mcp.message"),
        ),
        (
            r#"{"jsonrpc":"2.0","method":"tools/call","params":{"name":"a"}}"#,
            Err("mcp.message"),
        ),
        (r#"{"jsonrpc":"2.0","id":1}"#, Err("mcp.message")),
        ("7", Err("mcp.message")),
        (
            r#"{"jsonrpc":"2.0","id":1,"id":2,"method":"ping"}"#,
            Err("json.duplicate_key"),
        ),
    ] {
        assert_eq!(told_with(&[], body), expected, "{body}");
    }
}

const BATCH: &str = r#"[{"jsonrpc":"2.0","id":1,"method":"ping"},{"jsonrpc":"2.0","id":2,"method":"tools/call","params":{"name":"x","arguments":{"sql":"TRUNCATE t"}}}]"#;

#[test]
fn lists_of_messages_are_of_one_revision_only() {
    let told = told_with(&[("mcp-protocol-version", "2025-03-26")], BATCH).unwrap();
    assert_eq!(told.len(), 3);
    assert!(told[2].starts_with("truncate all"));
    for version in ["2025-06-18", "2025-11-25", "2026-07-28"] {
        let field = [("mcp-protocol-version", version)];
        assert_eq!(told_with(&field, BATCH), Err("mcp.batch"));
    }
    assert_eq!(
        told_with(&[("mcp-method", "ping")], BATCH),
        Err("mcp.header_mismatch")
    );
    assert_eq!(told_with(&[], "[]"), Err("mcp.too_many"));
    let init = r#"[{"jsonrpc":"2.0","id":1,"method":"initialize"}]"#;
    assert_eq!(told_with(&[], init), Err("mcp.batch"));
    let many = format!(
        "[{}]",
        vec![r#"{"jsonrpc":"2.0","id":1,"method":"ping"}"#; 65].join(",")
    );
    assert_eq!(told_with(&[], &many), Err("mcp.too_many"));
}

#[test]
fn header_fields_say_what_the_body_says() {
    let body = r#"{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"run","arguments":{"region":"eu","size":42,"deep":{"dry":true}},"_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28"}}}"#;
    let version = ("mcp-protocol-version", "2026-07-28");
    let method = ("mcp-method", "tools/call");
    let name = ("mcp-name", "run");
    for more in [
        ("x-other", "1"),
        ("mcp-param-region", "eu"),
        ("mcp-param-Region", "=?base64?ZXU=?="),
        ("mcp-param-size", "42.0"),
        ("mcp-param-dry-run", "true"),
    ] {
        let told = told_with(&[version, method, name, more], body);
        assert!(told.is_ok(), "{more:?} {told:?}");
    }
    let encoded = ("mcp-name", "=?base64?cnVu?=");
    assert!(told_with(&[version, method, encoded], body).is_ok());
    for fields in [
        &[version, method][..],
        &[version, name],
        &[version, ("mcp-method", "tools/list"), name],
        &[version, method, ("mcp-name", "other")],
        &[version, method, ("mcp-name", "=?base64?b3RoZXI=?=")],
        &[version, method, ("mcp-name", "=?base64?%%%?=")],
        &[version, method, name, name],
        &[version, method, method, name],
        &[version, method, name, ("mcp-param-region", "us")],
        &[version, method, name, ("mcp-param-size", "43")],
        &[version, method, name, ("mcp-param-other", "x")],
        &[
            version,
            method,
            name,
            ("mcp-param-region", "eu"),
            ("mcp-param-region", "us"),
        ],
    ] {
        assert_eq!(
            told_with(fields, body),
            Err("mcp.header_mismatch"),
            "{fields:?}"
        );
    }
    for fields in [
        &[method, name][..],
        &[("mcp-protocol-version", "2025-11-25"), method, name],
        &[("mcp-protocol-version", "2099-01-01"), method, name],
        &[version, version, method, name],
    ] {
        assert_eq!(told_with(fields, body), Err("mcp.version"), "{fields:?}");
    }
    // Earlier revisions have no such fields, but what stands there must be true.
    let old = r#"{"jsonrpc":"2.0","id":1,"method":"ping"}"#;
    assert!(told_with(&[("mcp-protocol-version", "2025-06-18")], old).is_ok());
    assert_eq!(
        told_with(&[("mcp-method", "tools/list")], old),
        Err("mcp.header_mismatch")
    );
    assert_eq!(
        told_with(&[("mcp-name", "x")], old),
        Err("mcp.header_mismatch")
    );
    assert_eq!(told_with(&[version], old), Err("mcp.version"));
}

#[test]
fn streams_and_ends_of_sessions_have_no_body() {
    let mcp = protocol("{}");
    for method in ["GET", "DELETE"] {
        let read = with(method, &[], "", |request| mcp.read(request));
        assert_eq!(read.unwrap().actions[0].effect, Effect::Session);
        let read = with(method, &[], "{}", |request| mcp.read(request));
        assert_eq!(read.unwrap_err().code, "mcp.body_unexpected");
    }
    let read = with("PUT", &[], "{}", |request| mcp.read(request));
    assert_eq!(read.unwrap_err().code, "mcp.http_method");
    let plain = with("POST", &[("content-type", "text/plain")], "", |request| {
        mcp.read(request)
    });
    assert_eq!(plain.unwrap_err().code, "content.type_unexpected");
}

#[test]
fn records_name_methods_tools_and_resources_but_no_session() {
    let mcp = protocol("{}");
    let body =
        r#"{"jsonrpc":"2.0","id":1,"method":"resources/read","params":{"uri":"memo:a?token=s"}}"#;
    let fields = [
        ("mcp-protocol-version", "2025-11-25"),
        ("mcp-session-id", "secret"),
    ];
    let intent = with("POST", &fields, body, |request| mcp.read(request)).unwrap();
    let facts: Vec<_> = intent
        .facts
        .iter()
        .map(|fact| (fact.name, format!("{:?}", fact.value)))
        .collect();
    assert_eq!(
        facts,
        [
            ("mcp.protocol.version", "Text(\"2025-11-25\")".to_owned()),
            ("mcp.method.name", "Text(\"resources/read\")".to_owned()),
            ("mcp.resource.uri", "Text(\"memo:a\")".to_owned()),
        ]
    );
    let intent = with("POST", &[], BATCH, |request| mcp.read(request)).unwrap();
    assert!(
        intent
            .facts
            .iter()
            .any(|fact| fact.name == "gen_ai.tool.name")
    );
}

fn refused(code: &'static str, status: u16, fields: &[(&str, &str)], body: &str) -> (u16, String) {
    let mcp = protocol("{}");
    let reply = with("POST", fields, body, |request| {
        mcp.problem(&Problem {
            status,
            code,
            rule: (code == "policy.denied").then_some("no-drops"),
            detail: "No drops.",
            advice: "",
            record: "r1",
            path: "/mcp",
            request: Some(request),
        })
    });
    let reply = reply.unwrap();
    (reply.status, String::from_utf8(reply.body).unwrap())
}

const CALL: &str = r#"{"jsonrpc":"2.0","id":"c1","method":"tools/call","params":{"name":"x"}}"#;
const DENIED: &str = "policy.denied";

#[test]
fn a_denied_call_of_a_tool_is_a_result_that_the_model_sees() {
    assert_eq!(
        refused(DENIED, 403, &[], CALL),
        (200, r#"{"jsonrpc":"2.0","id":"c1","result":{"content":[{"type":"text","text":"No drops. (no-drops, record r1)"}],"isError":true,"_meta":{"lictor/refusal":{"code":"policy.denied","rule":"no-drops","record":"r1"}}}}"#.to_owned())
    );
    let (_, modern) = refused(DENIED, 403, &[("mcp-protocol-version", "2026-07-28")], CALL);
    assert!(modern.contains(r#""resultType":"complete""#));
    let (status, stream) = refused(DENIED, 403, &[("accept", "text/event-stream")], CALL);
    assert!(
        status == 200 && stream.starts_with("event: message\ndata: {") && stream.ends_with("}\n\n")
    );
    let both = [("accept", "application/json, text/event-stream")];
    assert!(refused(DENIED, 403, &both, CALL).1.starts_with('{'));
}

#[test]
fn other_requests_are_answered_by_errors() {
    let read = r#"{"jsonrpc":"2.0","id":7,"method":"resources/read","params":{}}"#;
    let (status, body) = refused(DENIED, 403, &[], read);
    assert_eq!(status, 200);
    assert!(
        body.starts_with(r#"{"jsonrpc":"2.0","id":7,"error":{"code":-32010,"message":"No drops."#),
        "{body}"
    );
    for (code, number) in [
        ("mcp.method_unknown", "-32601"),
        ("mcp.uri", "-32602"),
        ("mcp.message", "-32600"),
        ("json.too_deep", "-32700"),
        ("sql.syntax", "-32010"),
    ] {
        assert!(refused(code, 400, &[], read).1.contains(number), "{code}");
    }
    let (status, body) = refused("mcp.header_mismatch", 400, &[], CALL);
    assert!(status == 400 && body.contains(r#""error":{"code":-32020"#));
    let (status, body) = refused("mcp.version", 400, &[], CALL);
    assert!(status == 400 && body.contains("-32022") && body.contains("2026-07-28"));
}

#[test]
fn what_nobody_waits_for_is_refused_by_its_status() {
    let (status, body) = refused(
        DENIED,
        403,
        &[],
        r#"{"jsonrpc":"2.0","method":"notifications/initialized"}"#,
    );
    assert!(status == 403 && body.starts_with(r#"{"jsonrpc":"2.0","id":null,"error""#));
    assert_eq!(refused("json.syntax", 400, &[], "{").0, 400);
    let (status, body) = refused(DENIED, 403, &[], BATCH);
    assert!(
        status == 200
            && body.starts_with('[')
            && body.contains("isError")
            && body.contains("-32010")
    );
}

#[test]
fn who_is_not_known_learns_where_to_ask() {
    let mcp = protocol(
        "authorization: {resource_metadata: 'https://a/.well-known/oauth-protected-resource', scope: 'mcp:tools'}",
    );
    let problem = Problem {
        status: 401,
        code: "identity.anonymous",
        rule: None,
        detail: "",
        advice: "",
        record: "r1",
        path: "/mcp",
        request: None,
    };
    let reply = mcp.problem(&problem).unwrap();
    assert_eq!(reply.status, 401);
    let challenge = r#"Bearer resource_metadata="https://a/.well-known/oauth-protected-resource", scope="mcp:tools""#;
    assert!(
        reply
            .headers
            .contains(&("www-authenticate".into(), challenge.into()))
    );
}
