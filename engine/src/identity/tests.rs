//! Principals from metadata as Envoy writes it.

use super::*;
use crate::{config, json, limits};
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

mod delegation;
mod peers;
mod providers;
mod several;

fn metadata(claims: &str) -> Vec<u8> {
    metadata_of("jwt", &json::parse(claims).unwrap())
}

/// A reading of one token, with changes.
fn reading(change: impl FnOnce(&mut TokenReading)) -> Reading {
    let mut reading = Reading::default();
    change(&mut reading.tokens[0]);
    reading
}

fn when(value: &'static str) -> ClaimTest {
    ClaimTest {
        matches: vec![ClaimMatch {
            path: vec!["client_type".to_owned()],
            values: vec![Value::from(value)],
        }],
        expression: None,
    }
}

#[test]
fn an_expression_tells_an_agent() {
    let document = |expression: &str| {
        let document = format!(
            "lictor: v1\napis: []\nrules: []\ndefault: deny\nidentity:\n  agent_when: {expression}\n"
        );
        config::compile(document.as_bytes()).unwrap().reading
    };
    let reading = document(r#"has(claims.kind) && claims.kind.startsWith("bot")"#);
    for (claims, kind) in [
        (r#"{"sub":"a","kind":"bot-7"}"#, Kind::Agent),
        (r#"{"sub":"a","kind":"person"}"#, Kind::Human),
        (r#"{"sub":"a"}"#, Kind::Human),
        // What has no answer makes an agent.
        (r#"{"sub":"a","kind":7}"#, Kind::Agent),
    ] {
        assert_eq!(
            principal_by(&reading, claims).unwrap().kind,
            kind,
            "{claims}"
        );
    }
}

fn principal_by(reading: &Reading, claims: &str) -> Result<Rc<Principal>, Refusal> {
    reading.principal(&metadata(claims), None)
}

fn principal(claims: &str) -> Result<Rc<Principal>, Refusal> {
    let reading = reading(|token| {
        token.agent_when = when("agent");
        token.service_when = when("service");
    });
    principal_by(&reading, claims)
}

fn code(claims: &str) -> &'static str {
    principal(claims).map_or_else(|refusal| refusal.code, |_| "")
}

#[test]
fn a_plain_token_is_a_human_with_all_that_it_says() {
    let found = principal(
        r#"{"sub":"dana","iss":"idp","groups":["dba","ops"],"roles":"admin","n":null,
            "scope":"read write","scp":["read","audit"],"aud":["a","b"],"azp":"app",
            "email":"dana@example.com","email_verified":true,"acr":"2","amr":["pwd","otp"],
            "iat":1700000000,"auth_time":1699999000,"exp":1700003600}"#,
    )
    .unwrap();
    assert_eq!((found.subject.as_str(), found.kind), ("dana", Kind::Human));
    assert_eq!(found.groups, ["dba", "ops"]);
    assert_eq!(found.roles, ["admin"]);
    assert_eq!(found.scopes, ["read", "write", "audit"]);
    assert_eq!(found.audiences, ["a", "b"]);
    assert_eq!(
        (found.issuer.as_str(), found.client_id.as_str()),
        ("idp", "app")
    );
    assert_eq!(
        (found.email.as_str(), found.acr.as_str()),
        ("dana@example.com", "2")
    );
    assert_eq!(found.amr, ["pwd", "otp"]);
    assert_eq!(found.issued_at, Some(1_700_000_000));
    assert_eq!(found.authenticated_at, Some(1_699_999_000));
    assert_eq!(found.expires_at, Some(1_700_003_600));
    assert_eq!((found.acts_for.clone(), found.peer.clone()), (None, None));
}

#[test]
fn claims_tell_agents_and_services() {
    for (claims, kind) in [
        (r#"{"sub":"a","client_type":"agent"}"#, Kind::Agent),
        (r#"{"sub":"a","client_type":["x","agent"]}"#, Kind::Agent),
        (r#"{"sub":"a","client_type":"service"}"#, Kind::Service),
        (r#"{"sub":"a","client_type":"other"}"#, Kind::Human),
        (r#"{"sub":"a","sub_profile":"user ai_agent"}"#, Kind::Agent),
        (r#"{"sub":"a","sub_profile":"service"}"#, Kind::Service),
        // A service by the standard's words is an agent by the operator's.
        (
            r#"{"sub":"a","client_id":"a","client_type":"agent"}"#,
            Kind::Agent,
        ),
    ] {
        assert_eq!(principal(claims).unwrap().kind, kind, "{claims}");
    }
}

#[test]
fn without_verified_metadata_nobody_asks() {
    let kind = |bytes: &[u8]| {
        Reading::default()
            .principal(bytes, None)
            .map(|found| found.kind)
    };
    assert_eq!(kind(b""), Ok(Kind::Anonymous));
    let mut spoofed = metadata(r#"{"sub":"root"}"#);
    let name = spoofed
        .windows(5)
        .position(|bytes| bytes == b"envoy")
        .unwrap();
    spoofed[name] = b'x';
    assert_eq!(kind(&spoofed), Ok(Kind::Anonymous));
    let other_key = metadata_of("jwt_header", &json::parse(r#"{"alg":"ES256"}"#).unwrap());
    assert_eq!(kind(&other_key), Ok(Kind::Anonymous));
}

#[test]
fn an_address_counts_only_where_it_was_verified() {
    let email =
        |reading: &Reading, claims: &str| principal_by(reading, claims).unwrap().email.clone();
    let cautious = Reading::default();
    for (claims, expected) in [
        (r#"{"sub":"a","email":"a@b","email_verified":true}"#, "a@b"),
        (
            r#"{"sub":"a","email":"a@b","email_verified":"true"}"#,
            "a@b",
        ),
        (r#"{"sub":"a","email":"a@b","email_verified":false}"#, ""),
        (r#"{"sub":"a","email":"a@b","email_verified":null}"#, ""),
        (r#"{"sub":"a","email":"a@b"}"#, ""),
    ] {
        assert_eq!(email(&cautious, claims), expected, "{claims}");
    }
    let trusting = reading(|token| token.needs_verified_email = false);
    assert_eq!(email(&trusting, r#"{"sub":"a","email":"a@b"}"#), "a@b");
}

#[test]
fn refuses_claims_of_another_type() {
    for claims in [
        r#"{"sub":7}"#,
        r#"{"sub":["a"]}"#,
        r#"{"sub":"a","act":["x"]}"#,
        r#"{"sub":"a","act":{"sub":["x"]}}"#,
        r#"{"sub":"a","act":{"sub":"x","act":true}}"#,
        r#"{"sub":"a","act":{"sub":"x","groups":{"dba":true}}}"#,
        r#"{"sub":"a","iss":{}}"#,
        r#"{"sub":"a","groups":{"dba":true}}"#,
        r#"{"sub":"a","groups":["dba",7]}"#,
        r#"{"sub":"a","groups":["dba",["x"]]}"#,
        r#"{"sub":"a","groups":7}"#,
        r#"{"sub":"a","roles":[null]}"#,
        r#"{"sub":"a","scope":true}"#,
        r#"{"sub":"a","aud":[1]}"#,
        r#"{"sub":"a","azp":["x"]}"#,
        r#"{"sub":"a","acr":1}"#,
        r#"{"sub":"a","amr":{}}"#,
        r#"{"sub":"a","iat":"now"}"#,
        r#"{"sub":"a","email":[],"email_verified":true}"#,
    ] {
        assert_eq!(code(claims), "identity.claim_malformed", "{claims}");
    }
}

#[test]
fn a_detail_names_the_claim_and_not_what_it_says() {
    let refusal = principal(r#"{"sub":"a","groups":["secret",7]}"#).unwrap_err();
    assert_eq!(
        refusal.detail,
        "expected the claim `groups` to be text or a list of texts"
    );
}

#[test]
fn a_token_that_names_nobody_is_nobody() {
    for claims in [
        "{}",
        r#"{"sub":""}"#,
        r#"{"sub":null,"client_id":"x"}"#,
        r#"{"code":16,"message":"Jwt is expired"}"#,
        r#"{"sub":"a","act":{}}"#,
        r#"{"sub":"a","act":{"sub":""}}"#,
    ] {
        assert_eq!(code(claims), "identity.no_subject", "{claims}");
    }
}

/// Without this a rule that refuses the members of a group would let them through.
#[test]
fn refuses_tokens_whose_groups_are_kept_elsewhere() {
    for claims in [
        r#"{"sub":"a","_claim_names":{"groups":"src1"},"_claim_sources":{"src1":{}}}"#,
        r#"{"sub":"a","hasgroups":true}"#,
    ] {
        assert_eq!(code(claims), "identity.groups_elsewhere", "{claims}");
    }
    let without_groups = reading(|token| token.groups.clear());
    assert!(principal_by(&without_groups, r#"{"sub":"a","hasgroups":true}"#).is_ok());
    assert_eq!(code(r#"{"sub":"a","_claim_names":{"address":"src1"}}"#), "");
}

#[test]
fn refuses_what_is_too_large() {
    let many: Vec<String> = (0..=limits::CLAIM_LIST)
        .map(|one| format!("\"{one}\""))
        .collect();
    let long = "x".repeat(limits::CLAIM_TEXT_BYTES + 1);
    for claims in [
        format!(r#"{{"sub":"a","groups":[{}]}}"#, many.join(",")),
        format!(r#"{{"sub":"{long}"}}"#),
        format!(r#"{{"sub":"a","scope":"{long}"}}"#),
        format!(r#"{{"sub":"a","act":{{"sub":"{long}"}}}}"#),
        format!(
            r#"{{"sub":"a","other":"{}"}}"#,
            "x".repeat(limits::CLAIM_BYTES)
        ),
    ] {
        assert_eq!(code(&claims), "identity.too_large");
    }
    assert_eq!(code(&format!(r#"{{"sub":"a","other":"{long}"}}"#)), "");
}

#[test]
fn bytes_that_are_no_metadata_are_refused() {
    let refusal = Reading::default()
        .principal(&[0x0a, 0xff], None)
        .unwrap_err();
    assert_eq!(refusal.code, "identity.unreadable");
    let no_object = metadata_of("jwt", &Value::from("dana"));
    let refusal = Reading::default().principal(&no_object, None).unwrap_err();
    assert_eq!(refusal.code, "identity.claim_malformed");
}
