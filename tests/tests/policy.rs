//! The policy in a real Envoy: what only a proxy can tell (the route's environment, the time) and
//! what a client gets that has to ask.

use lictor_lab::call::Call;
use lictor_lab::client::http1;
use lictor_lab::identity_provider::cast::Caller;
use lictor_tests::company::{Company, POLICY, module};
use serde_json::{Value, json};

/// The policy of the suites with these keys and rules instead of its own.
fn policy(head: &str, rules: &str) -> String {
    let (before, _) = POLICY.split_once("\nrules:\n").expect("rules");
    let before = before.replace("environment: test\n", "");
    format!("{before}\n{head}\nrules:\n{rules}\ndefault: allow\n")
}

/// Status, reply and record of a statement that Ana sends.
fn ask(company: &Company, statement: &str) -> (u16, Value, Value) {
    let token = Caller::Ana.token(&company.provider);
    let call = Call::sql(statement).token(token.as_deref());
    let answer = http1::send(company.envoy.address(), &call).expect("an answer");
    let reply = serde_json::from_str(&answer.text()).unwrap_or(Value::Null);
    let logged = company.envoy.access_log().of(&call).expect("a record");
    (answer.status, reply, logged["lictor"].clone())
}

#[test]
fn a_route_names_its_environment() {
    let policy = policy(
        "environment: {default: staging, route_metadata: environment}",
        "- {id: not-in-production, effect: deny, match: {environment: production, action.effect: create}}",
    );
    let statement = "CREATE TABLE of_a_route (a int)";
    let plain = Company::start(&policy);
    let (status, _, record) = ask(&plain, statement);
    assert_eq!(
        (status, &record["environment"]),
        (200, &json!("staging")),
        "{record:#}"
    );
    let marked = Company::start_with(&policy, &module(), |launch| {
        launch.change(
            "- {match: {prefix: /}, route: {cluster: upstream}}",
            "- {match: {prefix: /}, route: {cluster: upstream}, metadata: {filter_metadata: {lictor: {environment: production}}}}",
        )
    });
    let (status, _, record) = ask(&marked, statement);
    assert_eq!(
        (status, &record["environment"]),
        (403, &json!("production")),
        "{record:#}"
    );
    assert_eq!(record["rules"], json!(["not-in-production"]));
}

#[test]
fn a_client_that_has_to_ask_is_told_what_to_do() {
    let company = Company::start(&policy(
        "environment: test",
        "- {id: ask-first, effect: ask, match: {action.effect: delete}, approved: has(claims.approval), reason: Deleting needs an approval.}\n\
         - {id: note, effect: tag, match: {action.effect: read}, tag: [seen], criteria: [CC7.2]}",
    ));
    let (status, reply, record) = ask(&company, "DELETE FROM orders WHERE id = 1");
    assert_eq!(status, 403);
    assert_eq!(reply["code"], "policy.approval_required", "{reply:#}");
    assert_eq!(reply["rule"], "ask-first");
    assert!(
        reply["advice"]
            .as_str()
            .is_some_and(|advice| !advice.is_empty())
    );
    assert_eq!(record["decision"], "ask");
    let (status, _, record) = ask(&company, "SELECT 1 AS n");
    assert_eq!(status, 200);
    assert_eq!(record["tags"], json!(["seen"]));
    assert_eq!(record["criteria"], json!(["CC7.2"]));
    let page = company.envoy.admin().prometheus().expect("a page");
    let counted = page
        .lines()
        .find(|line| line.contains("\"ask-first\"") && line.contains("\"ask\""));
    assert!(counted.is_some_and(|line| line.ends_with(" 1")), "{page}");
}

#[test]
fn the_time_of_a_call_is_that_of_the_proxy() {
    let company = Company::start(&policy(
        "environment: test",
        "- {id: this-year-or-later, effect: deny, match: {action.effect: drop}, when: now.year >= 2026 && now.time > timestamp(\"2026-01-01T00:00:00Z\")}\n\
         - {id: long-ago, effect: deny, match: {action.effect: read}, when: now.year < 2026}",
    ));
    let (status, _, record) = ask(&company, "DROP TABLE orders");
    assert_eq!(
        (status, &record["rules"]),
        (403, &json!(["this-year-or-later"])),
        "{record:#}"
    );
    let (status, _, _) = ask(&company, "SELECT 1 AS n");
    assert_eq!(status, 200);
}
