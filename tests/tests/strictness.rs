//! What two parsers could read differently is refused with a code of its own, before the upstream
//! sees it and without a word of it in any log.

use lictor_lab::call::Call;
use lictor_lab::identity_provider::cast::Caller;
use lictor_tests::company::Company;
use lictor_tests::transport::Transport;

/// Stands in every body below; must never come back.
const SECRET: &str = "hunter2";

fn json(body: &str) -> Call {
    Call::new("POST", "/sql").body("application/json", body)
}

fn form(body: &str) -> Call {
    Call::new("POST", "/sql").body("application/x-www-form-urlencoded", body)
}

fn statement() -> String {
    format!(r#"{{"query": "SELECT '{SECRET}'"}}"#)
}

fn bodies() -> Vec<(u16, &'static str, Call)> {
    let deep = format!("{}{}", "[".repeat(100), "]".repeat(100));
    vec![
        (
            400,
            "json.duplicate_key",
            json(&format!(
                r#"{{"query": "SELECT 1", "query": "SELECT '{SECRET}'"}}"#
            )),
        ),
        (
            400,
            "json.duplicate_key",
            json(&format!(
                r#"{{"query": "SELECT 1", "\u0071uery": "SELECT '{SECRET}'"}}"#
            )),
        ),
        (
            400,
            "json.trailing_data",
            json(&format!("{} {{}}", statement())),
        ),
        (
            400,
            "json.syntax",
            json(&format!(r#"{{"query": "SELECT '{SECRET}'"#)),
        ),
        (
            400,
            "json.too_deep",
            json(&format!(r#"{{"query": "SELECT '{SECRET}'", "a": {deep}}}"#)),
        ),
        (
            400,
            "json.ambiguous_key",
            json(&format!(
                r#"{{"query": "SELECT 1", "Query": "SELECT '{SECRET}'"}}"#
            )),
        ),
        (400, "sql.not_text", json(r#"{"query": ["SELECT 1"]}"#)),
        (400, "sql.missing", json(r#"{"sql": "SELECT 1"}"#)),
        (
            400,
            "sql.syntax",
            json(&format!(
                r#"{{"query": "SELEKT '{SECRET}' FROM orders WHERE"}}"#
            )),
        ),
        (
            400,
            "sql.syntax",
            json(&format!(r#"{{"query": "SELECT '{SECRET}"}}"#)),
        ),
        (
            400,
            "content.not_utf8",
            Call::new("POST", "/sql").body(
                "application/json",
                b"{\"query\": \"SELECT '\xff'\"}".to_vec(),
            ),
        ),
        (
            400,
            "content.byte_order_mark",
            json(&format!("\u{feff}{}", statement())),
        ),
        (
            400,
            "parameters.repeated",
            form(&format!("query=SELECT+1&query=SELECT+'{SECRET}'")),
        ),
        (
            400,
            "parameters.ambiguous",
            form(&format!("query=SELECT+1&QUERY=SELECT+'{SECRET}'")),
        ),
        (
            400,
            "parameters.malformed",
            form(&format!("query=SELECT+%zz'{SECRET}'")),
        ),
        (
            400,
            "parameters.repeated",
            Call::read("/sql?query=SELECT+1&query=SELECT+2"),
        ),
    ]
}

fn heads() -> Vec<(u16, &'static str, Call)> {
    let call = || Call::new("POST", "/sql").piece(statement());
    let with_json = || call().header("content-type", "application/json");
    vec![
        (
            415,
            "content.charset",
            call().header("content-type", "application/json; charset=utf-16"),
        ),
        (
            400,
            "content.type_repeated",
            with_json().header("content-type", "text/plain"),
        ),
        (
            400,
            "content.type_malformed",
            call().header("content-type", "application/json; charset"),
        ),
        (
            415,
            "content.type_unexpected",
            call().header("content-type", "multipart/form-data; boundary=x"),
        ),
        (
            400,
            "http.method_override",
            with_json().header("x-http-method-override", "DELETE"),
        ),
        (
            400,
            "http.method_override",
            Call::read("/v1/orders").header("x-method-override", "DELETE"),
        ),
        (
            400,
            "http.method_override",
            Call::read("/v1/orders?_method=DELETE"),
        ),
        (
            404,
            "http.path_undeclared",
            Call::read("/v1/orders/17/items"),
        ),
    ]
}

#[test]
fn a_body_that_reads_two_ways_is_refused() {
    refused(bodies());
}

#[test]
fn a_head_that_reads_two_ways_is_refused() {
    refused(heads());
}

fn refused(calls: Vec<(u16, &str, Call)>) {
    let company = Company::shared();
    for (status, code, call) in calls {
        for transport in Transport::ALL {
            let exchange = company.play_over(transport, Caller::Dana, &call);
            exchange.assert_refused(status, code);
            let logged = exchange.logged.to_string();
            assert!(!logged.contains(SECRET), "{logged}");
            let answer = exchange.answer.text();
            assert!(!answer.contains(SECRET), "{answer}");
        }
    }
}
