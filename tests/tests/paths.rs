//! Every way a request can arrive: each is decided before the upstream sees a byte of it.

use lictor_lab::call::Call;
use lictor_lab::client::http1::{self, Connection};
use lictor_lab::client::http2;
use lictor_lab::identity_provider::cast::Caller;
use lictor_tests::company::Company;
use lictor_tests::transport::Transport;
use serde_json::{Value, json};

const READ: &str = "SELECT count(*) AS n FROM orders WHERE status = 'open'";
const DROP: &str = "DROP TABLE orders";

#[test]
fn a_permitted_query_reaches_the_upstream_as_it_was_sent() {
    let company = Company::shared();
    let call = Call::sql(READ);
    for transport in Transport::ALL {
        let exchange = company.play_over(transport, Caller::Ana, &call);
        let seen = exchange.assert_passed();
        assert_eq!(seen.body.as_deref(), Some(call.pieces[0].as_slice()));
        let length = call.pieces[0].len().to_string();
        if transport == Transport::Http1 {
            assert_eq!(seen.header("content-length"), Some(length.as_str()));
        }
        assert_eq!(exchange.answer.json()["results"][0]["rows"][0]["n"], 24);
    }
}

#[test]
fn the_verdict_does_not_depend_on_how_the_body_is_cut() {
    let company = Company::shared();
    for transport in Transport::ALL {
        for bytes in [1, 7, 1000] {
            let read = Call::sql(READ).in_pieces_of(bytes);
            company
                .play_over(transport, Caller::Ana, &read)
                .assert_passed();
            let drop = Call::sql(DROP).in_pieces_of(bytes);
            company
                .play_over(transport, Caller::Ana, &drop)
                .assert_denied_by("no-schema-changes");
        }
    }
}

#[test]
fn a_request_without_a_body_is_decided_by_its_head() {
    let company = Company::shared();
    for transport in Transport::ALL {
        let item = company.play_over(transport, Caller::Ana, &Call::read("/v1/orders/17"));
        item.assert_passed();
        assert_eq!(item.answer.json()["id"], 17);
        let head = company.play_over(transport, Caller::Ana, &Call::new("HEAD", "/v1/orders/17"));
        head.assert_passed();
        assert!(head.answer.body.is_empty());
        company
            .play_over(transport, Caller::Ana, &Call::new("DELETE", "/v1/orders"))
            .assert_denied_by("no-bulk-changes");
    }
}

#[test]
fn an_empty_body_is_a_body() {
    let company = Company::shared();
    let empty = Call::new("POST", "/sql").body("application/json", "");
    let chunked = empty.clone().piece("");
    for call in [&empty, &chunked] {
        for transport in Transport::ALL {
            let exchange = company.play_over(transport, Caller::Ana, call);
            exchange.assert_not_seen();
            assert_eq!(exchange.answer.status, 400, "{exchange:#?}");
        }
    }
    let deletes = Call::new("DELETE", "/v1/orders").piece("");
    company
        .play(Caller::Ana, &deletes)
        .assert_denied_by("no-bulk-changes");
}

#[test]
fn a_statement_counts_wherever_the_api_takes_it_from() {
    let company = Company::shared();
    let form = Call::new("POST", "/sql").body(
        "application/x-www-form-urlencoded",
        "query=DROP%20TABLE+orders",
    );
    let query = Call::read("/sql?query=DROP+TABLE%20orders");
    let text = Call::new("POST", "/sql").body("text/plain", DROP);
    for call in [form, query, text] {
        company
            .play(Caller::Ana, &call)
            .assert_denied_by("no-schema-changes");
    }
    let form = Call::new("POST", "/sql").body(
        "application/x-www-form-urlencoded",
        "query=SELECT%20count(*)+AS+n+FROM+orders",
    );
    let form = company.play(Caller::Ana, &form);
    form.assert_passed();
    assert_eq!(form.answer.json()["results"][0]["rows"][0]["n"], 120);
}

#[test]
fn a_grpc_call_is_answered_in_grpc() {
    let company = Company::shared();
    let read = Call::grpc("/shop.Orders/Read", b"seventeen");
    let read = company.play_over(Transport::Http2, Caller::Ana, &read);
    let seen = read.assert_passed();
    assert_eq!(seen.body.as_deref(), Some(read.call.pieces[0].as_slice()));
    assert_eq!(read.answer.grpc_status(), Some(0));
    assert_eq!(read.answer.body, read.call.pieces[0]);

    let purge = Call::grpc("/shop.Orders/Purge", b"");
    let purge = company.play_over(Transport::Http2, Caller::Ana, &purge);
    purge.assert_not_seen();
    assert_eq!(purge.answer.status, 200);
    assert_eq!(purge.answer.grpc_status(), Some(7));
    let message = purge.answer.grpc_message().unwrap_or_default();
    assert!(message.contains("use archives"), "{message}");
    assert_eq!(purge.record()["decision"], "deny");
    assert_eq!(purge.logged["details"], "lictor_denied{no-purges}");

    // A browser's gRPC reads the status from a frame of the body.
    let mut web = Call::grpc("/shop.Orders/Purge", b"");
    web.headers.retain(|(name, _)| name != "content-type");
    let web = web.header("content-type", "application/grpc-web");
    for transport in Transport::ALL {
        let purge = company.play_over(transport, Caller::Ana, &web);
        purge.assert_not_seen();
        assert_eq!(purge.answer.status, 200);
        let body = String::from_utf8_lossy(&purge.answer.body).into_owned();
        assert!(
            body.contains("grpc-status:7") || body.contains("grpc-status: 7"),
            "{body:?}"
        );
        assert_eq!(purge.record()["rules"][0], "no-purges");
    }

    let nobody = Call::grpc("/shop.Orders/Read", b"");
    let nobody = company.play_over(Transport::Http2, Caller::Nobody, &nobody);
    nobody.assert_not_seen();
    assert_eq!(nobody.answer.grpc_status(), Some(16));
}

#[test]
fn an_upgrade_passes_only_where_the_api_takes_it() {
    let company = Company::shared();
    let upgrade = |path: &str| {
        Call::read(path)
            .header("connection", "upgrade")
            .header("upgrade", "websocket")
    };
    let token = Caller::Ana.token(&company.provider);
    let call = upgrade("/live").token(token.as_deref());
    let mut connection = Connection::open(company.envoy.address()).expect("a connection");
    let answer = connection.send(&call).expect("an answer");
    assert_eq!(answer.status, 101, "{answer:?}");
    for frame in [b"first".as_slice(), b"second"] {
        connection.write(frame).expect("a frame is sent");
        assert_eq!(connection.read_bytes(frame.len()).expect("its echo"), frame);
    }
    drop(connection);
    let logged = company.envoy.access_log().of(&call).expect("a record");
    assert_eq!(logged["lictor"]["decision"], "allow");
    for path in ["/sql", "/v1/orders"] {
        company
            .play(Caller::Ana, &upgrade(path))
            .assert_refused(403, "http.upgrade");
    }
}

/// The first event arrives while the last is yet to be made: there is none.
#[test]
fn a_stream_of_events_is_not_held() {
    let company = Company::shared();
    let token = Caller::Ana.token(&company.provider);
    let call = Call::read("/events?endless").token(token.as_deref());
    let mut connection = Connection::open(company.envoy.address()).expect("a connection");
    connection.write(&http1::head(&call)).expect("it is sent");
    connection.read_until(b"data: 2").expect("the second event");
    drop(connection);
    let logged = company.envoy.access_log().of(&call).expect("a record");
    assert_eq!(logged["lictor"]["decision"], "allow", "{logged:#}");
}

#[test]
fn a_client_that_asks_before_sending_is_decided_all_the_same() {
    let company = Company::shared();
    let patient = |statement| Call::sql(statement).header("expect", "100-continue");
    company.play(Caller::Ana, &patient(READ)).assert_passed();
    company
        .play(Caller::Ana, &patient(DROP))
        .assert_denied_by("no-schema-changes");
}

#[test]
fn what_no_api_covers_is_not_served() {
    let company = Company::shared();
    for path in ["/", "/other", "/sql/", "/SQL", "/v1", "/v1/orders2"] {
        company
            .play(Caller::Dana, &Call::read(path))
            .assert_refused(404, "api.unmatched");
    }
}

#[test]
fn several_calls_share_a_connection() {
    let company = Company::shared();
    let token = Caller::Ana.token(&company.provider);
    let mut connection = Connection::open(company.envoy.address()).expect("a connection");
    for round in 0..20 {
        let (statement, status) = if round % 2 == 0 {
            (READ, 200)
        } else {
            (DROP, 403)
        };
        let call = Call::sql(statement).token(token.as_deref());
        let answer = connection.send(&call).expect("an answer");
        assert_eq!(answer.status, status, "round {round}: {}", answer.text());
    }
}

#[test]
fn a_refusal_tells_the_client_what_to_do() {
    let company = Company::shared();
    let exchange = company.play(Caller::ReportBot, &Call::sql("DELETE FROM orders"));
    exchange.assert_denied_by("no-bulk-changes");
    let problem = exchange.answer.json();
    assert_eq!(problem["detail"], "This would change every row at once.");
    let advice = problem["advice"].as_str().unwrap_or_default();
    assert!(advice.contains("WHERE"), "{advice}");
}

#[test]
fn a_client_that_goes_away_leaves_a_record_and_nothing_at_the_upstream() {
    let company = Company::shared();
    let token = Caller::Ana.token(&company.provider);
    let half = Call::new("POST", "/sql")
        .body("application/json", r#"{"query": "DROP TAB"#)
        .token(token.as_deref());
    http2::abandon(company.envoy.address(), &half).expect("the stream is reset");
    let logged = company.envoy.access_log().of(&half).expect("a record");
    assert_eq!(logged["lictor"]["decision"], "none", "{logged:#}");
    assert!(company.upstream.seen(half.agent()).is_none());

    let half = half.again().header("content-length", "500");
    let mut connection = Connection::open(company.envoy.address()).expect("a connection");
    connection
        .write(&http1::head(&half))
        .expect("the head is sent");
    connection
        .write(&half.pieces[0])
        .expect("half a body is sent");
    drop(connection);
    let logged = company.envoy.access_log().of(&half).expect("a record");
    assert_eq!(logged["lictor"]["decision"], "none", "{logged:#}");
    assert!(company.upstream.seen(half.agent()).is_none());
}

#[test]
fn the_database_is_untouched_by_what_was_refused() {
    let company = Company::shared();
    let before = company.upstream.database().row_counts().expect("readable");
    for statement in [
        DROP,
        "DELETE FROM payments",
        "UPDATE orders SET status = 'x' WHERE 1 = 1",
        "SELECT 1; DELETE FROM customers WHERE 'a' = 'a'",
        "WITH old AS (SELECT id FROM orders) DELETE FROM customers",
    ] {
        let exchange = company.play(Caller::ReportBot, &Call::sql(statement));
        assert_eq!(exchange.answer.status, 403, "{exchange:#?}");
        exchange.assert_not_seen();
    }
    let after = company.upstream.database().row_counts().expect("readable");
    assert_eq!(before, after);
    let expected = json!({"customers": 40, "orders": 120, "payments": 90});
    assert_eq!(serde_json::to_value(after).unwrap_or(Value::Null), expected);
}
