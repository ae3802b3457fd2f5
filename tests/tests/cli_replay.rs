//! Envoy's own access log, replayed under the policy that decided: the same decisions, at the
//! time at which they were made.

use std::fs;
use std::path::Path;
use std::time::{SystemTime, UNIX_EPOCH};

use lictor_cli::document::Document;
use lictor_cli::replay::{Bounds, Facts, Judgement, record_of, word};
use lictor_lab::call::Call;
use lictor_lab::identity_provider::cast::Caller;
use lictor_tests::company::{Company, POLICY};

const STATEMENTS: [&str; 6] = [
    "SELECT id, name FROM customers WHERE id = 7",
    "SELECT c.name, p.amount FROM customers c JOIN payments p ON p.customer_id = c.id",
    "SELECT * FROM orders",
    "DELETE FROM orders",
    "UPDATE orders SET status = 'x' WHERE id = 1",
    "DROP TABLE orders",
];

#[test]
fn the_access_log_replayed_gives_the_decisions_that_were_made() {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join("cli_replay.yaml");
    fs::write(&path, POLICY).unwrap();
    let document = Document::read(&path).unwrap();
    let mut bounds = Bounds::of(&document).unwrap();
    let company = Company::shared();
    let mut decisions = Vec::new();
    for caller in [
        Caller::Dana,
        Caller::Ana,
        Caller::ReportBot,
        Caller::ReportBotForAlice,
    ] {
        for statement in STATEMENTS {
            let exchange = company.play(caller, &Call::sql(statement));
            let record = record_of(&exchange.logged.to_string()).expect("a record in the line");
            assert_eq!(record, *exchange.record());
            let facts =
                Facts::of(&record).unwrap_or_else(|why| panic!("a record {why}: {record:#}"));
            let judged = bounds.judge(&facts, |decision| {
                (word(decision.verdict), decision.rules.join(","))
            });
            let Judgement::Told((decision, rules)) = judged else {
                panic!("{record:#}");
            };
            assert_eq!(record["decision"], decision, "{record:#}");
            let own = record["rules"].as_array().unwrap().iter();
            let own: Vec<&str> = own.filter_map(|id| id.as_str()).collect();
            assert_eq!(rules, own.join(","), "{record:#}");
            decisions.push(decision);
            assert_is_now(&facts);
        }
    }
    assert!(decisions.contains(&"allow") && decisions.contains(&"deny"));
}

/// The record's id tells when the call came.
fn assert_is_now(facts: &Facts) {
    let now = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap()
        .as_secs();
    let then = facts.moment().expect("a time").seconds;
    let apart = i64::try_from(now).unwrap() - then;
    assert!((-60..600).contains(&apart), "{apart} seconds apart");
}
