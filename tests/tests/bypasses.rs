//! Ways round a guard that worked against naive filters in a real Envoy; none may work here.

use lictor_lab::call::Call;
use lictor_lab::client::http1::{self, Connection};
use lictor_lab::deadline::wait_for;
use lictor_lab::identity_provider::cast::Caller;
use lictor_tests::company::{Company, POLICY, module};
use lictor_tests::gzip;
use lictor_tests::transport::Transport;

const DROP: &str = r#"{"query": "DROP TABLE orders"}"#;
const READ: &str = r#"{"query": "SELECT count(*) AS n FROM orders"}"#;

fn json(body: &[u8]) -> Call {
    Call::new("POST", "/sql").body("application/json", body)
}

/// With trailers the body never says that it ended: a filter that decides at the body's end lets
/// it all through.
#[test]
fn trailers_do_not_hide_the_end_of_the_body() {
    let company = Company::start_with(POLICY, &module(), |launch| {
        launch.change(
            "codec_type: AUTO",
            "codec_type: AUTO\n          http_protocol_options: {enable_trailers: true}",
        )
    });
    for transport in Transport::ALL {
        let with_trailer = |body: &str| json(body.as_bytes()).trailer("x-checksum", "none");
        company
            .play_over(transport, Caller::Ana, &with_trailer(DROP))
            .assert_denied_by("no-schema-changes");
        let read = company.play_over(transport, Caller::Ana, &with_trailer(READ));
        assert_eq!(read.assert_passed().body.as_deref(), Some(READ.as_bytes()));
        let large = with_trailer(&"x".repeat(600 * 1024));
        company
            .play_over(transport, Caller::Ana, &large)
            .assert_refused(413, "body.too_large");
    }
}

/// Envoy's decompressor adds trailers of its own, and takes the content length away.
#[test]
fn a_compressed_body_is_judged_by_what_it_unfolds_to() {
    let company = Company::shared();
    for transport in Transport::ALL {
        let zipped =
            |body: &str| json(&gzip::wrap(body.as_bytes())).header("content-encoding", "gzip");
        company
            .play_over(transport, Caller::Ana, &zipped(DROP))
            .assert_denied_by("no-schema-changes");
        let read = company.play_over(transport, Caller::Ana, &zipped(READ));
        assert_eq!(read.assert_passed().body.as_deref(), Some(READ.as_bytes()));
    }
}

#[test]
fn an_encoding_that_envoy_leaves_alone_is_refused() {
    let company = Company::shared();
    for encoding in ["br", "zstd", "gzip, br"] {
        let call = json(DROP.as_bytes()).header("content-encoding", encoding);
        company
            .play(Caller::Ana, &call)
            .assert_refused(415, "content.encoded");
    }
    let call = json(DROP.as_bytes()).header("content-encoding", "deflate");
    company
        .play(Caller::Ana, &call)
        .assert_refused(400, "content.compressed");
}

/// Headers are really held: while the body is on its way the upstream does not even see a head.
#[test]
fn the_head_waits_for_the_verdict_on_the_body() {
    let company = Company::shared();
    let token = Caller::Ana.token(&company.provider);
    let call = json(READ.as_bytes()).token(token.as_deref());
    let (first, rest) = READ.as_bytes().split_at(10);
    let mut connection = Connection::open(company.envoy.address()).expect("a connection");
    connection
        .write(&http1::head(&call))
        .expect("the head is sent");
    connection.write(first).expect("a part is sent");
    // Answered by the same worker after it has read the first part: one worker, one event loop.
    company
        .play(Caller::Ana, &Call::read("/v1/orders/1"))
        .assert_passed();
    assert!(company.upstream.seen(call.agent()).is_none());
    connection.write(rest).expect("the rest is sent");
    let answer = connection.read("POST").expect("no hang, but an answer");
    assert_eq!(answer.status, 200, "{}", answer.text());
    assert!(company.upstream.seen(call.agent()).is_some());
}

/// A body longer or shorter than declared would become the next request on the pooled connection.
#[test]
fn what_one_client_sends_never_becomes_the_request_of_another() {
    let company = Company::shared();
    let before = company.upstream.calls();
    let smuggled = format!("{READ}DELETE /v1/orders HTTP/1.1\r\nhost: lab.internal\r\n\r\n");
    let statement = json(smuggled.as_bytes());
    company
        .play(Caller::Ana, &statement)
        .assert_refused(400, "json.trailing_data");
    for round in 0..10 {
        let call = Call::sql(&format!(
            "SELECT {round} AS n, '{}' AS filler",
            "x".repeat(round * 100)
        ));
        let exchange = company.play(Caller::Ana, &call);
        let seen = exchange.assert_passed();
        assert_eq!(seen.body.as_deref(), Some(call.pieces[0].as_slice()));
        assert_eq!(exchange.answer.json()["results"][0]["rows"][0]["n"], round);
    }
    // Tests beside this one call the upstream too, but nobody deletes the collection.
    assert!(company.upstream.calls() >= before + 10);
    let counts = company.upstream.database().row_counts().expect("readable");
    assert_eq!(counts["orders"], 120);
}

#[test]
fn a_request_with_two_lengths_is_refused() {
    let company = Company::shared();
    let token = Caller::Ana.token(&company.provider).unwrap_or_default();
    for (lengths, body) in [
        (
            "content-length: 4\r\ntransfer-encoding: chunked",
            "0\r\n\r\n",
        ),
        ("content-length: 44\r\ncontent-length: 45", READ),
    ] {
        let call = json(b"");
        let agent = call.agent();
        let head = format!(
            "POST /sql HTTP/1.1\r\nhost: lab.internal\r\nuser-agent: {agent}\r\n\
             content-type: application/json\r\nauthorization: Bearer {token}\r\n{lengths}\r\n\r\n{body}"
        );
        let mut connection = Connection::open(company.envoy.address()).expect("a connection");
        connection.write(head.as_bytes()).expect("it is sent");
        let answer = connection.read("POST").expect("an answer");
        assert_eq!(answer.status, 400, "{lengths}");
        assert!(company.upstream.seen(agent).is_none());
    }
}

#[test]
fn no_spelling_of_a_path_slips_past_its_api() {
    let company = Company::shared();
    for path in [
        "/sql",
        "//sql",
        "/./sql",
        "/x/../sql",
        "/%73ql",
        "/live/../sql",
    ] {
        let mut call = json(DROP.as_bytes());
        call.path = path.to_owned();
        company
            .play(Caller::Ana, &call)
            .assert_denied_by("no-schema-changes");
    }
    for path in [
        "/live%2f..%2fsql",
        "/live/..;/sql",
        "/sql%00",
        "/s%2571l",
        "/live\\..\\sql",
    ] {
        let mut call = json(DROP.as_bytes());
        call.path = path.to_owned();
        let exchange = company.play(Caller::Ana, &call);
        exchange.assert_not_seen();
        assert!(
            (400..500).contains(&exchange.answer.status),
            "{exchange:#?}"
        );
    }
}

#[test]
fn headers_of_the_guard_itself_are_stripped() {
    let company = Company::shared();
    let call = Call::read("/v1/orders/1")
        .header("x-lictor-principal", "dana")
        .header("x-lictor-fault", "panic")
        .header("X-Lictor-Anything", "1")
        .header("x-other", "stays");
    for transport in Transport::ALL {
        let mut call = call.clone();
        call.headers
            .iter_mut()
            .for_each(|(name, _)| name.make_ascii_lowercase());
        let exchange = company.play_over(transport, Caller::Ana, &call);
        let seen = exchange.assert_passed();
        let own: Vec<_> = seen
            .headers
            .iter()
            .filter(|(name, _)| name.starts_with("x-lictor"))
            .collect();
        assert!(own.is_empty(), "{own:?}");
        assert_eq!(seen.header("x-other"), Some("stays"));
    }
}

#[test]
fn the_self_test_reaches_nobody() {
    let company = Company::shared();
    for call in [
        Call::read("/.well-known/lictor/self-test"),
        Call::new("POST", "/.well-known/lictor/self-test").body("application/json", DROP),
    ] {
        for transport in Transport::ALL {
            let exchange = company.play_over(transport, Caller::Nobody, &call);
            assert_eq!(exchange.answer.status, 200, "{exchange:#?}");
            exchange.assert_not_seen();
        }
    }
}

/// The listener answers other calls while many bodies are under way and never end.
#[test]
fn held_requests_do_not_hold_up_others() {
    let company = Company::shared();
    let token = Caller::Ana.token(&company.provider);
    let held: Vec<Connection> = (0..50)
        .map(|_| {
            let call = json(READ.as_bytes()).token(token.as_deref());
            let mut connection = Connection::open(company.envoy.address()).expect("a connection");
            connection
                .write(&http1::head(&call))
                .expect("the head is sent");
            connection
        })
        .collect();
    wait_for("fifty held requests", || {
        let active = company
            .envoy
            .admin()
            .statistic("http.main.downstream_rq_active");
        (active.ok()? >= 50).then_some(())
    })
    .expect("they are all under way");
    company
        .play(Caller::Ana, &json(READ.as_bytes()))
        .assert_passed();
    drop(held);
}
