//! The configurations of `envoy/` as a user would take them, and what Envoy says to mistakes.

use std::fs;

use lictor_lab::call::Call;
use lictor_lab::client::http1;
use lictor_lab::envoy::launch::Launch;
use lictor_lab::identity_provider::IdentityProvider;
use lictor_lab::identity_provider::cast::Caller;
use lictor_lab::upstream::Upstream;
use lictor_lab::upstream::database::Database;
use lictor_lab::workspace::configuration;
use lictor_tests::company::{Company, POLICY, module};

const STRING_VALUE: &str =
    "\"@type\": type.googleapis.com/google.protobuf.StringValue\n        value: |\n";
const STRUCT: &str = "\"@type\": type.googleapis.com/google.protobuf.Struct\n        value:\n";

fn prepared(launch: Launch, policy: &str) -> Launch {
    launch
        .guard(&module(), policy)
        .value("UPSTREAM_PORT", "9")
        .jwks(IdentityProvider::new().jwks())
}

#[test]
fn both_configurations_validate_with_the_policy_of_the_demo() {
    let policy = fs::read_to_string(configuration("lictor.yaml")).expect("the policy of the demo");
    for launch in [Launch::recommended(), Launch::smallest()] {
        let launch = prepared(launch.expect("readable"), &policy);
        let (valid, words) = launch.validate().expect("an Envoy");
        assert!(valid, "{words}");
    }
}

#[test]
fn validation_names_every_mistake_of_a_policy() {
    let policy = POLICY
        .replace("default: allow", "default: maybe")
        .replace("dialect: sqlite", "dialect: basic");
    let launch = prepared(Launch::smallest().expect("readable"), &policy);
    let (valid, words) = launch.validate().expect("an Envoy");
    assert!(!valid, "{words}");
    let line = |text: &str| {
        let place = policy.lines().position(|line| line.contains(text));
        format!("line {}", place.expect("in the policy") + 1)
    };
    for text in ["default: maybe", "dialect: basic"] {
        assert!(words.contains(&line(text)), "{}: {words}", line(text));
    }
}

#[test]
fn the_smallest_configuration_guards() {
    let provider = IdentityProvider::new();
    let upstream =
        Upstream::start(Database::in_memory().expect("a database")).expect("an upstream");
    let envoy = Launch::smallest()
        .expect("readable")
        .guard(&module(), POLICY)
        .upstream(upstream.address())
        .jwks(provider.jwks())
        .start()
        .unwrap_or_else(|cause| panic!("{cause}"));
    let token = Caller::Ana.token(&provider);
    for (statement, status, decision) in [
        ("SELECT 1 AS n", 200, "allow"),
        ("DROP TABLE orders", 403, "deny"),
    ] {
        let call = Call::sql(statement).token(token.as_deref());
        let answer = http1::send(envoy.address(), &call).expect("an answer");
        assert_eq!(answer.status, status, "{}", answer.text());
        let logged = envoy.access_log().of(&call).expect("a record");
        assert_eq!(logged["lictor"]["decision"], decision, "{logged:#}");
    }
}

#[test]
fn a_policy_may_be_json_or_a_struct_as_well() {
    let json = r#"{
  "lictor": "v1",
  "apis": [{"name": "reports", "match": {"path": "/sql"}, "sql": {"dialect": "sqlite", "at": "$.query"}}],
  "rules": [{"id": "no-drops", "effect": "deny", "match": {"action.effect": "drop"}}],
  "default": "allow"
}"#;
    for (policy, kind, rule) in [
        (json, STRING_VALUE, "no-drops"),
        (POLICY, STRUCT, "no-schema-changes"),
    ] {
        let company = Company::start_with(policy, &module(), |launch| {
            launch.change(STRING_VALUE, kind)
        });
        company
            .play(Caller::Ana, &Call::sql("SELECT 1 AS n"))
            .assert_passed();
        company
            .play(Caller::Ana, &Call::sql("DROP TABLE orders"))
            .assert_denied_by(rule);
    }
}

/// Without the option Envoy never shows a paused filter the body, and the request would hang for
/// ever. The guard finds out, says so, and refuses.
#[test]
fn where_headers_are_not_held_bodies_are_refused_and_nothing_hangs() {
    let company = Company::start_with(POLICY, &module(), |launch| {
        launch.change("      allow_on_headers_stop_iteration: true\n", "")
    });
    for call in [
        Call::sql("SELECT 1 AS n"),
        Call::sql("SELECT 1 AS n").in_pieces_of(4),
    ] {
        company
            .play(Caller::Ana, &call)
            .assert_refused(500, "host.headers_not_held");
    }
    company
        .play(Caller::Ana, &Call::read("/v1/orders/1"))
        .assert_passed();
    company
        .play(Caller::Ana, &Call::new("DELETE", "/v1/orders"))
        .assert_denied_by("no-bulk-changes");
    let held = company
        .envoy
        .admin()
        .wait_for_statistic("wasmcustom.lictor_headers_held", 2);
    held.expect("an operator can see it");
}

/// An Envoy whose filter has no valid configuration answers, but lets nothing through.
#[test]
fn without_a_valid_policy_nothing_is_served() {
    let company = Company::start_with("lictor: v0\n", &module(), Ok);
    let token = Caller::Ana.token(&company.provider);
    let call = Call::read("/v1/orders/1").token(token.as_deref());
    let answer = http1::send(company.envoy.address(), &call).expect("an answer");
    assert_eq!(answer.status, 500);
    assert!(company.upstream.seen(call.agent()).is_none());
}
