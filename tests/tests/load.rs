//! A hundred connections at once: each call gets its own verdict.

use std::thread;

use lictor_lab::call::Call;
use lictor_lab::client::http1::Connection;
use lictor_lab::identity_provider::cast::Caller;
use lictor_tests::company::{Company, POLICY, module};
use serde_json::json;

const CONNECTIONS: u64 = 100;
const CALLS: u64 = 10;

#[test]
fn a_hundred_connections_get_a_hundred_verdicts() {
    let company = Company::start_with(POLICY, &module(), |launch| Ok(launch.concurrency(2)));
    let before = company.upstream.database().row_counts().expect("readable");
    thread::scope(|scope| {
        for number in 0..CONNECTIONS {
            let company = &company;
            scope.spawn(move || client(company, number));
        }
    });
    let after = company.upstream.database().row_counts().expect("readable");
    assert_eq!(before, after);
    let records = company.envoy.access_log().records().expect("readable");
    let decided = |decision: &str| {
        let records = records.iter();
        records
            .filter(|record| record["lictor"]["decision"] == decision)
            .count() as u64
    };
    assert_eq!(decided("allow"), CONNECTIONS * CALLS / 2);
    assert_eq!(decided("deny"), CONNECTIONS * CALLS / 2);
}

/// Every other call must be refused; answers carry a number that no other call has.
fn client(company: &Company, number: u64) {
    let token = Caller::ReportBot.token(&company.provider);
    let mut connection = Connection::open(company.envoy.address()).expect("a connection");
    for round in 0..CALLS {
        let mark = number * CALLS + round;
        let statement = if round % 2 == 0 {
            format!("SELECT {mark} AS n")
        } else {
            format!("DELETE FROM orders WHERE {mark} = {mark}")
        };
        let call = Call::sql(&statement).token(token.as_deref());
        let answer = connection.send(&call).expect("an answer");
        if round % 2 == 0 {
            assert_eq!(answer.status, 200, "{}", answer.text());
            assert_eq!(answer.json()["results"][0]["rows"], json!([{"n": mark}]));
        } else {
            assert_eq!(answer.status, 403, "{}", answer.text());
            assert!(company.upstream.seen(call.agent()).is_none());
        }
        // A record for each call, before the next one.
        company.envoy.access_log().of(&call).expect("a record");
    }
}
