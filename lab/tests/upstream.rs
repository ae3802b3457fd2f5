//! The clients against the upstream, with nothing in between: what later suites build on.

use lictor_lab::call::Call;
use lictor_lab::client::http1::{self, Connection};
use lictor_lab::client::{Answer, http2};
use lictor_lab::deadline::wait_for;
use lictor_lab::upstream::Upstream;
use lictor_lab::upstream::database::Database;
use serde_json::json;

type Send = fn(std::net::SocketAddr, &Call) -> std::io::Result<Answer>;

const BOTH: [Send; 2] = [http1::send, http2::send];

fn upstream() -> Upstream {
    Upstream::start(Database::in_memory().expect("in memory")).expect("a port")
}

#[test]
fn runs_statements_from_every_place() {
    let upstream = upstream();
    let statement = "SELECT count(*) AS n FROM orders WHERE status = 'open'";
    let form = "query=SELECT+count(*)+AS+n+FROM+orders+WHERE+status+%3D+'open'";
    for call in [
        Call::sql(statement),
        Call::new("POST", "/sql").body("text/plain", statement),
        Call::new("POST", "/sql").body("application/x-www-form-urlencoded", form),
        Call::read(&format!("/sql?{form}")),
    ] {
        for send in BOTH {
            let answer = send(upstream.address(), &call).expect("an answer");
            assert_eq!(
                answer.json()["results"][0]["rows"],
                json!([{"n": 24}]),
                "{call:?}"
            );
        }
    }
}

#[test]
fn orders_can_be_read_changed_and_lost() {
    let upstream = upstream();
    let send = |call: Call| http1::send(upstream.address(), &call).expect("an answer");
    let order = json!({"customer_id": 3, "item": "shelf"});
    assert_eq!(
        send(Call::new("POST", "/v1/orders").json(&order)).status,
        201
    );
    let shelf = send(Call::read("/v1/orders/121")).json();
    assert_eq!(shelf["item"], "shelf");
    send(Call::new("PATCH", "/v1/orders/121").json(&json!({"status": "sent"})));
    assert_eq!(send(Call::read("/v1/orders/121")).json()["status"], "sent");
    let few = send(Call::read("/v1/orders?customer=4&limit=1&colour=red")).json();
    assert_eq!(few["orders"].as_array().map(Vec::len), Some(1));
    send(Call::new("DELETE", "/v1/orders?status=sent"));
    assert_eq!(send(Call::read("/v1/orders/121")).status, 404);
    let orders = || upstream.database().row_counts().expect("readable")["orders"];
    assert_eq!(orders(), 120);
    send(Call::new("DELETE", "/v1/orders?colour=red"));
    assert_eq!(orders(), 0);
}

#[test]
fn pieces_and_trailers_arrive() {
    let upstream = upstream();
    for send in BOTH {
        let call = Call::new("POST", "/anything")
            .body("text/plain", "some words")
            .in_pieces_of(3)
            .trailer("x-checksum", "7");
        let call = call.again();
        let answer = send(upstream.address(), &call).expect("an answer");
        assert_eq!(answer.json()["body_bytes"], 10);
        let seen = upstream.seen(call.agent()).expect("it was seen");
        assert_eq!(seen.body.as_deref(), Some(b"some words".as_slice()));
        assert_eq!(seen.trailers, [("x-checksum".to_owned(), "7".to_owned())]);
    }
}

#[test]
fn a_call_that_is_given_up_leaves_its_head() {
    let upstream = upstream();
    let call = Call::new("POST", "/anything").piece("half");
    http2::abandon(upstream.address(), &call).expect("the stream is reset");
    let seen = wait_for("the head", || upstream.seen(call.agent()));
    assert_eq!(seen.expect("it was seen").body, None);
}

#[test]
fn grpc_comes_back_with_its_status_in_trailers() {
    let upstream = upstream();
    let call = Call::grpc("/shop.Orders/Read", b"seventeen");
    let answer = http2::send(upstream.address(), &call).expect("an answer");
    assert_eq!(
        answer.body,
        [b"\0\0\0\0\x09".as_slice(), b"seventeen"].concat()
    );
    assert_eq!(answer.grpc_status(), Some(0));
}

#[test]
fn an_upgraded_connection_echoes() {
    let upstream = upstream();
    let call = Call::read("/live")
        .header("connection", "upgrade")
        .header("upgrade", "websocket");
    let mut connection = Connection::open(upstream.address()).expect("a connection");
    assert_eq!(connection.send(&call).expect("an answer").status, 101);
    connection.write(b"ping").expect("it is sent");
    assert_eq!(connection.read_bytes(4).expect("its echo"), b"ping");
}

#[test]
fn events_come_one_by_one_and_slow_answers_late() {
    let upstream = upstream();
    for send in BOTH {
        let events = send(upstream.address(), &Call::read("/events")).expect("an answer");
        assert_eq!(events.text(), "data: 1\n\ndata: 2\n\ndata: 3\n\n");
        let slow = send(upstream.address(), &Call::read("/slow?5")).expect("an answer");
        assert_eq!(slow.json()["waited_ms"], 5);
    }
}
