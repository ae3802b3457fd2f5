//! Twenty policies in a row under load: no error, no wrong decision, no dropped connection.

use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use lictor_lab::call::Call;
use lictor_lab::client::http1::Connection;
use lictor_lab::deadline::wait_for;
use lictor_lab::envoy::extension::Verdict;
use lictor_lab::identity_provider::cast::Caller;
use lictor_tests::company::{Company, POLICY, module};

const RELOADS: usize = 20;
const CLIENTS: usize = 4;

/// The policy of the suites with the number of its edition in the id of a rule.
fn edition(number: usize) -> String {
    POLICY.replace(
        "id: no-schema-changes",
        &format!("id: no-schema-changes-{number}"),
    )
}

fn edition_of(rule: &str) -> usize {
    let number = rule.strip_prefix("no-schema-changes-");
    number
        .and_then(|number| number.parse().ok())
        .unwrap_or_else(|| panic!("decided by `{rule}`"))
}

/// Which edition refuses, asked over a new connection.
fn asked(company: &Company) -> usize {
    let exchange = company.play(Caller::Ana, &Call::sql("DROP TABLE orders"));
    assert_eq!(exchange.answer.status, 403, "{exchange:#?}");
    exchange.assert_not_seen();
    edition_of(exchange.answer.json()["rule"].as_str().unwrap_or_default())
}

/// Calls over one connection until told to stop; the number of calls.
fn client(company: &Company, stop: &AtomicBool) -> usize {
    let token = Caller::Ana.token(&company.provider);
    let mut connection = Connection::open(company.envoy.address()).expect("a connection");
    let (mut calls, mut latest) = (0, 0);
    while !stop.load(Ordering::Relaxed) {
        let read = Call::sql("SELECT 1 AS n").token(token.as_deref());
        let answer = connection.send(&read).expect("the connection stays open");
        assert_eq!(answer.status, 200, "{}", answer.text());
        let drop = Call::sql("DROP TABLE orders").token(token.as_deref());
        let answer = connection.send(&drop).expect("the connection stays open");
        assert_eq!(answer.status, 403, "{}", answer.text());
        let edition = edition_of(answer.json()["rule"].as_str().unwrap_or_default());
        assert!(edition >= latest, "edition {edition} after {latest}");
        latest = edition;
        calls += 2;
    }
    assert_eq!(
        latest, RELOADS,
        "the connection is still decided by an old policy"
    );
    calls
}

#[test]
fn twenty_reloads_under_load_cost_nobody_anything() {
    let company = Company::start_with(&edition(0), &module(), |launch| Ok(launch.concurrency(2)));
    let stop = AtomicBool::new(false);
    let calls = thread::scope(|scope| {
        let clients: Vec<_> = (0..CLIENTS)
            .map(|_| scope.spawn(|| client(&company, &stop)))
            .collect();
        let reloaded = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            (1..=RELOADS).for_each(|number| reload(&company, number));
        }));
        stop.store(true, Ordering::Relaxed);
        let calls: usize = clients
            .into_iter()
            .map(|client| client.join().expect("no wrong answer"))
            .sum();
        reloaded.expect("every policy takes effect");
        calls
    });
    assert!(calls > CLIENTS * RELOADS, "{calls} calls are no load");
    let records = company.envoy.access_log().records().expect("readable");
    let errors: Vec<_> = records
        .iter()
        .filter(|record| record["code"].as_u64() >= Some(500))
        .collect();
    assert!(errors.is_empty(), "{errors:#?}");
}

fn reload(company: &Company, number: usize) {
    let verdict = company.envoy.extension().replace_policy(&edition(number));
    assert_eq!(verdict.expect("a verdict"), Verdict::Accepted);
    // Two workers: each of them gets the policy on its own.
    let mut in_a_row = 0;
    wait_for("the new policy on both workers", || {
        in_a_row = if asked(company) == number {
            in_a_row + 1
        } else {
            0
        };
        (in_a_row == 4).then_some(())
    })
    .expect("it takes effect");
}

#[test]
fn a_bad_policy_is_refused_and_the_old_one_goes_on() {
    let company = Company::start(&edition(1));
    for bad in [
        "lictor: v1\nrules: 7\n".to_owned(),
        "no: [yaml".to_owned(),
        String::new(),
        edition(2).replace("effect: deny", "effect: perhaps"),
        edition(2).replace("default: allow", "defautl: allow"),
    ] {
        let verdict = company.envoy.extension().replace_policy(&bad);
        assert_eq!(verdict.expect("a verdict"), Verdict::Rejected, "{bad}");
        assert_eq!(asked(&company), 1);
    }
    let verdict = company.envoy.extension().replace_policy(&edition(3));
    assert_eq!(verdict.expect("a verdict"), Verdict::Accepted);
    wait_for("the next good policy", || {
        (asked(&company) == 3).then_some(())
    })
    .expect("it takes effect");
}
