//! Principals from metadata as Envoy writes it.

use super::*;
use crate::json;
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

fn metadata(claims: &str) -> Vec<u8> {
    metadata_of("jwt", &json::parse(claims).unwrap())
}

fn reading() -> Reading {
    let claim = |value: &'static str| {
        vec![ClaimMatch {
            path: vec!["client_type".to_owned()],
            values: vec![Value::from(value)],
        }]
    };
    Reading {
        metadata: "jwt".to_owned(),
        subject: vec!["sub".to_owned()],
        groups: vec!["realm".to_owned(), "roles".to_owned()],
        agent_when: claim("agent"),
        service_when: claim("service"),
        accepts_anonymous: false,
        known: Known::default(),
    }
}

fn principal(claims: &str) -> Result<Rc<Principal>, Refusal> {
    reading().principal(&metadata(claims))
}

#[test]
fn a_plain_token_is_a_human_with_groups() {
    let found = principal(r#"{"sub":"dana","iss":"idp","realm":{"roles":["dba","ops"]},"n":null}"#)
        .unwrap();
    assert_eq!((found.subject.as_str(), found.kind), ("dana", Kind::Human));
    assert_eq!(found.groups, ["dba", "ops"]);
    assert_eq!(found.issuer, "idp");
    assert_eq!(found.acts_for, None);
}

#[test]
fn claims_tell_agents_and_services() {
    assert_eq!(
        principal(r#"{"sub":"a","client_type":"agent"}"#)
            .unwrap()
            .kind,
        Kind::Agent
    );
    assert_eq!(
        principal(r#"{"sub":"a","client_type":"service"}"#)
            .unwrap()
            .kind,
        Kind::Service
    );
}

#[test]
fn the_actor_asks_and_does_not_inherit_groups() {
    let found = principal(
        r#"{"sub":"alice","realm":{"roles":["dba"]},"act":{"sub":"bot","act":{"sub":"planner"}}}"#,
    )
    .unwrap();
    assert_eq!((found.subject.as_str(), found.kind), ("bot", Kind::Agent));
    assert!(found.groups.is_empty());
    let acts_for = found.acts_for.clone().unwrap();
    assert_eq!(acts_for.subject, "alice");
    assert_eq!(acts_for.groups, ["dba"]);
    assert_eq!(found.earlier_actors, ["planner"]);
}

#[test]
fn without_verified_metadata_nobody_asks() {
    let kind = |bytes: &[u8]| reading().principal(bytes).map(|found| found.kind);
    assert_eq!(kind(b""), Ok(Kind::Anonymous));
    let mut spoofed = metadata(r#"{"sub":"root"}"#);
    let name = spoofed
        .windows(5)
        .position(|bytes| bytes == b"envoy")
        .unwrap();
    spoofed[name] = b'x';
    assert_eq!(kind(&spoofed), Ok(Kind::Anonymous));
}

#[test]
fn refuses_claims_of_another_shape() {
    for claims in [
        r#"{"sub":7}"#,
        r#"{"sub":"a","act":{"sub":["x"]}}"#,
        r#"{"sub":"a","iss":{}}"#,
    ] {
        assert_eq!(
            principal(claims).unwrap_err().code,
            "identity.unreadable",
            "{claims}"
        );
    }
    let chain = (0..20).fold("{\"sub\":\"x\"}".to_owned(), |inner, _| {
        format!("{{\"sub\":\"x\",\"act\":{inner}}}")
    });
    assert_eq!(principal(&chain).unwrap_err().code, "identity.unreadable");
    assert_eq!(
        reading().principal(&[0x0a, 0xff]).unwrap_err().code,
        "identity.unreadable"
    );
}
