//! The worst texts that we know of, in every dialect, in a real Envoy: each costs its own call
//! at most, and memory stays bounded.

use std::fmt::Write as _;

use lictor_engine::sql::Dialect;
use lictor_lab::call::Call;
use lictor_lab::client::Answer;
use lictor_lab::identity_provider::cast::Caller;
use lictor_tests::company::{Company, POLICY};
use lictor_tests::transport::Transport;
use lictor_tests::worst::{self, Fate};
use serde_json::json;

/// How much more memory all worst texts together may leave behind, in KiB.
const GROWTH_KIB: u64 = 32 * 1024;
/// How much more the same texts may add when they come again.
const GROWTH_OF_REPETITION_KIB: u64 = 8 * 1024;

/// The policy of the suites with an API of each dialect, below `/sql/`.
fn policy() -> String {
    let mut apis = String::from("apis:\n");
    for dialect in Dialect::ALL {
        let name = dialect.name();
        let _ = writeln!(
            apis,
            "- {{name: {name}, match: {{path: /sql/{name}}}, sql: {{dialect: {name}, at: $.query}}}}"
        );
    }
    let rule = "- id: no-drops\n  effect: deny\n  match: {action.effect: drop}\n  \
        reason: Nothing is dropped here.\n";
    let policy = POLICY.replacen("apis:\n", &apis, 1);
    policy.replacen("rules:\n", &format!("rules:\n{rule}"), 1)
}

/// Plays a text without waiting for its record, which takes longer than everything else.
fn play(company: &Company, token: &str, dialect: Dialect, text: &str) -> (Call, Answer) {
    let path = format!("/sql/{}", dialect.name());
    let call = Call::new("POST", &path).json(&json!({"query": text}));
    let call = call.token(Some(token));
    let answer = Transport::Http1.send(company.envoy.address(), &call);
    (call, answer.expect("an answer"))
}

/// Plays every text in one dialect; afterwards the guard still tells good from bad.
fn play_all(company: &Company, dialect: Dialect) {
    let token = Caller::Ana.token(&company.provider).expect("a token");
    for worst in worst::all() {
        let (call, answer) = play(company, &token, dialect, &worst.text);
        let code = &answer.json()["code"];
        let told = format!(
            "{} in {}: {} {code}",
            worst.what,
            dialect.name(),
            answer.status
        );
        let is_refused = [400, 403, 413].contains(&answer.status) && code.is_string();
        assert!(is_refused || answer.status == 200, "{told}");
        if is_refused {
            assert!(company.upstream.seen(call.agent()).is_none(), "{told}");
        }
        if worst.fate == Fate::Stopped && reads_as_code(dialect, &worst.what) {
            assert!(is_refused, "{told}");
        }
    }
    assert_serves(company, dialect);
}

fn assert_serves(company: &Company, dialect: Dialect) {
    let path = format!("/sql/{}", dialect.name());
    let call = |text: &str| Call::new("POST", &path).json(&json!({"query": text}));
    company.play(Caller::Ana, &call("SELECT 1")).assert_passed();
    company
        .play(Caller::Ana, &call("DROP TABLE orders"))
        .assert_denied_by("no-drops");
}

/// Whether a database of this dialect runs the DROP in a text. Where it is inside a string or a
/// comment for all servers of the dialect, the text is a read.
fn reads_as_code(dialect: Dialect, what: &str) -> bool {
    let escapes = matches!(
        dialect,
        Dialect::Mysql
            | Dialect::Mariadb
            | Dialect::Bigquery
            | Dialect::Clickhouse
            | Dialect::Databricks
            | Dialect::Spark
            | Dialect::Hive
            | Dialect::Snowflake
            | Dialect::Redshift
    );
    match what {
        "backslash" => !escapes,
        "backslash and quote" => escapes,
        _ => true,
    }
}

#[test]
fn the_worst_texts_cost_their_own_call_at_most() {
    let company = Company::start(&policy());
    let memory = || company.envoy.process().memory_kib().expect("it runs");
    let at_start = memory();
    for dialect in Dialect::ALL {
        play_all(&company, dialect);
    }
    let after_all = memory();
    for dialect in [Dialect::Postgres, Dialect::Generic, Dialect::Mssql] {
        play_all(&company, dialect);
    }
    let after_repetition = memory();
    println!(
        "memory in KiB: {at_start}, {after_all} after all, {after_repetition} after repetition"
    );
    assert!(after_all < at_start + GROWTH_KIB, "{at_start} {after_all}");
    assert!(
        after_repetition < after_all + GROWTH_OF_REPETITION_KIB,
        "{after_all} {after_repetition}"
    );
    for statistic in [
        "vm_reload_success",
        "vm_reload_backoff",
        "vm_reload_failure",
    ] {
        let reloads = company
            .envoy
            .admin()
            .statistic(&format!("wasm.lictor.{statistic}"));
        assert_eq!(reloads.expect("a statistic"), 0, "{statistic}");
    }
}
