//! Who asks is what Envoy verified, and nothing else.

use lictor_lab::call::Call;
use lictor_lab::envoy::LaunchError;
use lictor_lab::envoy::launch::Launch;
use lictor_lab::identity_provider::IdentityProvider;
use lictor_lab::identity_provider::cast::Caller;
use lictor_tests::company::{Company, POLICY, module};
use lictor_tests::exchange::Exchange;
use lictor_tests::transport::Transport;
use serde_json::json;

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
        "sub": "ana", "groups": ["analysts"], "nothing": null, "deep": {"nothing": null}, "acr": null,
        "flag": true, "text": "\u{1}", "large": 9_007_199_254_740_993_u64, "empty": "",
    });
    let exchange = ask(&company, &company.provider.token(&odd));
    exchange.assert_passed();
    assert_eq!(exchange.record()["principal"]["subject"], "ana");
    assert_eq!(
        exchange.record()["principal"]["groups"],
        json!(["analysts"])
    );
    // A list is not the text of the same bytes: no agent.
    let lookalike = json!({"sub": "ana", "client_type": ["agents"]});
    let exchange = ask(&company, &company.provider.token(&lookalike));
    exchange.assert_passed();
    assert_eq!(exchange.record()["principal"]["kind"], "human");
}

#[test]
fn a_verified_token_that_does_not_tell_who_asks_is_refused() {
    let company = Company::shared();
    let many: Vec<String> = (0..2000).map(|number| format!("g{number}")).collect();
    for (code, claims) in [
        ("identity.no_subject", json!({"client_id": "x"})),
        ("identity.no_subject", json!({"sub": "a", "act": {}})),
        (
            "identity.claim_malformed",
            json!({"sub": "a", "groups": ["dba", null, 7]}),
        ),
        (
            "identity.claim_malformed",
            json!({"sub": "a", "groups": {"dba": true}}),
        ),
        (
            "identity.claim_malformed",
            json!({"sub": "a", "act": {"sub": ["x"]}}),
        ),
        ("identity.too_large", json!({"sub": "a", "groups": many})),
        (
            "identity.groups_elsewhere",
            json!({"sub": "a", "_claim_names": {"groups": "s"}}),
        ),
        (
            "identity.actor_not_allowed",
            json!({"sub": "a", "may_act": {"sub": "bot"}, "act": {"sub": "other-bot"}}),
        ),
    ] {
        let exchange = ask(&company, &company.provider.token(&claims));
        exchange.assert_refused(403, code);
        assert_eq!(exchange.record()["principal"]["kind"], "anonymous");
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

/// A company whose Envoy and document are changed.
fn changed(identity: &str, change: impl FnOnce(Launch) -> Result<Launch, LaunchError>) -> Company {
    let ours = "identity:\n  metadata: jwt\n  agent_when: {client_type: agent}\n";
    assert!(
        POLICY.contains(ours),
        "the policy of the suites has changed"
    );
    let policy = POLICY.replace(ours, &format!("identity: {{{identity}}}\n"));
    Company::start_with(&policy, &module(), change)
}

/// What istiod makes of a RequestAuthentication: the key `payload`, scopes as a list, and the
/// token left in place.
#[test]
fn a_token_as_istio_hands_it_over_is_read_without_a_word() {
    let company = changed("agent_clients: report-bot", |launch| {
        launch.change(
            "payload_in_metadata: jwt",
            "payload_in_metadata: payload
                  normalize_payload_in_metadata: {space_delimited_claims: [scope, permission]}",
        )
    });
    let claims = json!({"sub": "alice", "groups": ["dba"], "azp": "report-bot", "scope": "a b"});
    let exchange = ask(&company, &company.provider.token(&claims));
    exchange.assert_passed();
    assert_eq!(
        exchange.record()["principal"],
        json!({"subject": "report-bot", "kind": "agent", "for": "alice", "client": "report-bot", "issuer": ISSUER})
    );
}

/// People by one provider, workloads by another, each with a header of its own.
fn two_providers(identity: &str) -> (Company, IdentityProvider) {
    let pods = IdentityProvider::new();
    let keys = pods.jwks();
    let company = changed(identity, |launch| {
        let provider = format!(
            "providers:
                pods:
                  issuer: https://pods.example.com
                  from_headers: [{{name: x-pod-token}}]
                  payload_in_metadata: pods
                  failed_status_in_metadata: why
                  local_jwks: {{inline_string: '{keys}'}}"
        );
        let launch = launch.change("providers:", &provider)?;
        launch.change(
            "requires: {requires_any: {requirements: [{provider_name: idp}, {allow_missing: {}}]}}",
            "requires: {requires_all: {requirements: [
                  {requires_any: {requirements: [{provider_name: idp}, {allow_missing: {}}]}},
                  {requires_any: {requirements: [{provider_name: pods}, {allow_missing_or_failed: {}}]}}]}}",
        )
    });
    (company, pods)
}

const TWO: &str = "tokens: [{metadata: jwt}, {metadata: pods, provider: kubernetes, issuer: 'https://pods.example.com'}]";

fn pod(provider: &IdentityProvider) -> String {
    provider.token(&json!({
        "iss": "https://pods.example.com", "sub": "system:serviceaccount:shop:cart",
        "kubernetes.io": {"namespace": "shop", "serviceaccount": {"name": "cart"}},
    }))
}

#[test]
fn which_of_two_tokens_counts_must_be_said() {
    for (several, expected) in [("", None), (", several: first", Some("dana"))] {
        let (company, pods) = two_providers(&format!("{TWO}{several}"));
        let call = Call::sql("SELECT 1 AS n");
        let workload = company.play_raw(
            Transport::Http1,
            call.clone().header("x-pod-token", &pod(&pods)),
        );
        workload.assert_passed();
        let principal = &workload.record()["principal"];
        assert_eq!(principal["subject"], "system:serviceaccount:shop:cart");
        assert_eq!(principal["kind"], "service");
        assert_eq!(principal["groups"][1], "system:serviceaccounts:shop");

        let both = call
            .token(Some(&company.provider.token(&json!({"sub": "dana"}))))
            .header("x-pod-token", &pod(&pods));
        let exchange = company.play_raw(Transport::Http1, both);
        match expected {
            None => exchange.assert_refused(403, "identity.ambiguous"),
            Some(subject) => {
                exchange.assert_passed();
                assert_eq!(exchange.record()["principal"]["subject"], subject);
            }
        }
    }
}

/// Envoy may let a call go on whose token it did not take. It is nobody's then, whatever it says,
/// also where Envoy leaves the reason beside the claims.
#[test]
fn a_token_that_envoy_let_go_unverified_is_no_identity() {
    let (company, pods) = two_providers(TWO);
    let stranger = IdentityProvider::new();
    let expired = json!({
        "iss": "https://pods.example.com", "sub": "system:serviceaccount:shop:cart", "exp": 1_000_000_000,
    });
    for token in [pod(&stranger), pods.token(&expired), "x.y.z".to_owned()] {
        let call = Call::sql("SELECT 1 AS n").header("x-pod-token", &token);
        let exchange = company.play_raw(Transport::Http1, call.clone());
        exchange.assert_refused(401, "identity.anonymous");
        let dana = company.provider.token(&json!({"sub": "dana"}));
        let exchange = company.play_raw(Transport::Http1, call.token(Some(&dana)));
        exchange.assert_passed();
        assert_eq!(exchange.record()["principal"]["subject"], "dana");
    }
}
