//! Who asks is what Envoy verified, and nothing else.

use lictor_lab::call::Call;
use lictor_lab::identity_provider::IdentityProvider;
use lictor_lab::identity_provider::cast::Caller;
use lictor_tests::company::Company;
use lictor_tests::exchange::Exchange;
use lictor_tests::transport::Transport;
use serde_json::{Value, json};

const ISSUER: &str = "https://idp.example.com";

fn ask(company: &Company, token: &str) -> Exchange {
    let call = Call::sql("SELECT 1 AS n").token(Some(token));
    company.play_raw(Transport::Http1, call)
}

#[test]
fn the_record_names_who_acts_and_for_whom() {
    let company = Company::shared();
    for (caller, principal) in [
        (
            Caller::Dana,
            json!({"subject": "dana", "kind": "human", "groups": ["dba"], "issuer": ISSUER}),
        ),
        (
            Caller::Ana,
            json!({"subject": "ana", "kind": "human", "groups": ["analysts"], "issuer": ISSUER}),
        ),
        (
            Caller::ReportBot,
            json!({"subject": "report-bot", "kind": "agent", "issuer": ISSUER}),
        ),
        (
            Caller::ReportBotForAlice,
            json!({"subject": "report-bot", "kind": "agent", "for": "alice", "issuer": ISSUER}),
        ),
    ] {
        for transport in Transport::ALL {
            let exchange = company.play_over(transport, caller, &Call::sql("SELECT 1 AS n"));
            exchange.assert_passed();
            assert_eq!(exchange.record()["principal"], principal);
        }
    }
}

#[test]
fn rules_tell_callers_apart() {
    let company = Company::shared();
    let schema = Call::sql("CREATE INDEX IF NOT EXISTS by_item ON orders (item)");
    company.play(Caller::Dana, &schema).assert_passed();
    for caller in [Caller::Ana, Caller::ReportBot, Caller::ReportBotForAlice] {
        company
            .play(caller, &schema)
            .assert_denied_by("no-schema-changes");
    }
    let payments = Call::sql("SELECT count(*) FROM payments");
    company.play(Caller::Ana, &payments).assert_passed();
    // An agent is an agent, whomever it acts for.
    company
        .play(Caller::ReportBotForAlice, &payments)
        .assert_denied_by("payments-are-for-humans");
}

#[test]
fn a_caller_without_a_token_is_nobody() {
    let company = Company::shared();
    for transport in Transport::ALL {
        let exchange = company.play_over(transport, Caller::Nobody, &Call::sql("SELECT 1 AS n"));
        exchange.assert_refused(401, "identity.anonymous");
        assert_eq!(exchange.record()["principal"]["kind"], "anonymous");
        let challenge = exchange.answer.header("www-authenticate");
        assert!(
            challenge.is_some_and(|text| text.starts_with("Bearer")),
            "{challenge:?}"
        );
    }
}

#[test]
fn a_token_that_envoy_refuses_leaves_a_record() {
    let company = Company::shared();
    let own = &company.provider;
    let stranger = IdentityProvider::new();
    for (why, status, token) in [
        ("another key", 401, stranger.token(&json!({"sub": "dana"}))),
        (
            "expired",
            401,
            own.token(&json!({"sub": "dana", "exp": 1_000_000_000})),
        ),
        (
            "another issuer",
            401,
            own.token(&json!({"sub": "dana", "iss": "https://other.example.com"})),
        ),
        (
            "another audience",
            403,
            own.token(&json!({"sub": "dana", "aud": "payroll"})),
        ),
        (
            "duplicate claim",
            401,
            own.sign(&format!(r#"{{"iss":"{ISSUER}","sub":"a","sub":"dana"}}"#)),
        ),
        (
            "no signature",
            401,
            "eyJhbGciOiJub25lIn0.eyJzdWIiOiJkYW5hIn0.".to_owned(),
        ),
    ] {
        let exchange = ask(&company, &token);
        exchange.assert_not_seen();
        assert_eq!(exchange.answer.status, status, "{why}");
        let record = exchange.record();
        assert_eq!(record["decision"], "none", "{why}: {exchange:#?}");
        assert_eq!(record["response"]["status"], status, "{why}: {exchange:#?}");
        assert_eq!(
            record["principal"]["kind"], "anonymous",
            "{why}: {exchange:#?}"
        );
    }
}

/// Reading claim by claim fails on a null, and mixes up types; reading the whole does not.
#[test]
fn odd_claims_are_read_for_what_they_are() {
    let company = Company::shared();
    let odd = json!({
        "sub": "ana", "groups": ["analysts", null, 7], "nothing": null, "deep": {"nothing": null},
        "flag": true, "text": "\u{1}", "large": 9_007_199_254_740_993_u64, "empty": "",
    });
    let exchange = ask(&company, &company.provider.token(&odd));
    exchange.assert_passed();
    assert_eq!(exchange.record()["principal"]["subject"], "ana");
    assert_eq!(
        exchange.record()["principal"]["groups"],
        json!(["analysts"])
    );
    // A number is not the text of the same bytes: no agent, no group.
    let lookalike = json!({"sub": "ana", "client_type": ["agents"], "groups": {"dba": true}});
    let exchange = ask(&company, &company.provider.token(&lookalike));
    exchange.assert_passed();
    assert_eq!(exchange.record()["principal"]["kind"], "human");
    assert_eq!(exchange.record()["principal"]["groups"], Value::Null);
}

#[test]
fn a_subject_that_is_no_text_is_nobody_in_particular() {
    let company = Company::shared();
    for claims in [
        json!({"sub": 7}),
        json!({"sub": "alice", "act": {"sub": ["report-bot"]}}),
    ] {
        let exchange = ask(&company, &company.provider.token(&claims));
        exchange.assert_not_seen();
        assert!(
            (400..500).contains(&exchange.answer.status),
            "{exchange:#?}"
        );
    }
}

#[test]
fn neither_header_nor_query_nor_body_makes_a_principal() {
    let company = Company::shared();
    let token = Caller::Dana.token(&company.provider).unwrap_or_default();
    let payload = token.split('.').nth(1).unwrap_or_default();
    let statement = r#"{"query": "DROP TABLE orders", "sub": "dana", "groups": ["dba"]}"#;
    let body = Call::new("POST", "/sql").body("application/json", statement);
    for call in [
        body.clone()
            .header("x-jwt-payload", payload)
            .header("x-forwarded-user", "dana")
            .header("x-forwarded-client-cert", "Subject=\"CN=dana\""),
        body.clone().header("cookie", &format!("token={token}")),
    ] {
        company
            .play(Caller::Nobody, &call)
            .assert_refused(401, "identity.anonymous");
        company
            .play(Caller::Ana, &call)
            .assert_denied_by("no-schema-changes");
    }
    let mut in_query = body;
    in_query.path = format!("/sql?access_token={token}");
    company
        .play(Caller::Nobody, &in_query)
        .assert_refused(401, "identity.anonymous");
}

#[test]
fn the_upstream_never_gets_the_token() {
    let company = Company::shared();
    let exchange = company.play(Caller::Ana, &Call::sql("SELECT 1 AS n"));
    assert_eq!(exchange.assert_passed().header("authorization"), None);
}
