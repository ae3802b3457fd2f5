//! Who acts, and for whom (RFC 8693).

use super::*;
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

#[test]
fn the_actor_asks_and_inherits_nothing() {
    let found = principal(
        r#"{"sub":"alice","groups":["dba"],"roles":["admin"],"scope":"read","azp":"app",
            "email":"alice@example.com","email_verified":true,
            "act":{"sub":"bot","act":{"sub":"planner","act":{"client_id":"chat"}}}}"#,
    )
    .unwrap();
    assert_eq!((found.subject.as_str(), found.kind), ("bot", Kind::Agent));
    assert!(found.groups.is_empty() && found.roles.is_empty() && found.email.is_empty());
    assert_eq!(found.scopes, ["read"]);
    let acts_for = found.acts_for.clone().unwrap();
    assert_eq!(
        (acts_for.subject.as_str(), acts_for.kind),
        ("alice", Kind::Human)
    );
    assert_eq!(
        (acts_for.groups, acts_for.roles),
        (vec!["dba".to_owned()], vec!["admin".to_owned()])
    );
    assert_eq!(acts_for.email, "alice@example.com");
    assert_eq!(found.earlier_actors, ["planner", "chat"]);
}

#[test]
fn an_actor_has_the_groups_of_its_own_claims() {
    let found =
        principal(r#"{"sub":"alice","groups":["dba"],"act":{"sub":"bot","groups":["bots"]}}"#);
    assert_eq!(found.unwrap().groups, ["bots"]);
}

#[test]
fn an_actor_is_an_agent_unless_it_is_a_service() {
    for (actor, kind) in [
        (r#"{"sub":"x"}"#, Kind::Agent),
        (r#"{"sub":"x","client_type":"service"}"#, Kind::Service),
        (r#"{"sub":"x","sub_profile":"service"}"#, Kind::Service),
        (r#"{"sub":"x","sub_profile":"user"}"#, Kind::Agent),
        (
            r#"{"sub":"x","client_type":["service","agent"]}"#,
            Kind::Agent,
        ),
        (r#"{"sub":"x","client_id":"x"}"#, Kind::Agent),
    ] {
        let found = principal(&format!(r#"{{"sub":"alice","act":{actor}}}"#)).unwrap();
        assert_eq!(found.kind, kind, "{actor}");
    }
}

#[test]
fn no_actor_is_not_an_actor() {
    let found = principal(r#"{"sub":"alice","act":null}"#).unwrap();
    assert_eq!((found.subject.as_str(), found.kind), ("alice", Kind::Human));
}

#[test]
fn a_chain_ends_somewhere() {
    let chain = |length: usize| {
        let inner = (0..length).fold(r#"{"sub":"x"}"#.to_owned(), |inner, _| {
            format!(r#"{{"sub":"x","act":{inner}}}"#)
        });
        format!(r#"{{"sub":"alice","act":{inner}}}"#)
    };
    assert_eq!(code(&chain(limits::ACTORS)), "");
    assert_eq!(code(&chain(limits::ACTORS + 1)), "identity.too_large");
}

#[test]
fn only_whom_may_act_names_may_act() {
    for (may_act, actor, expected) in [
        (r#"{"sub":"bot"}"#, r#"{"sub":"bot"}"#, ""),
        (
            r#"{"sub":"bot"}"#,
            r#"{"sub":"other"}"#,
            "identity.actor_not_allowed",
        ),
        (r#"[{"sub":"a"},{"sub":"bot"}]"#, r#"{"sub":"bot"}"#, ""),
        (
            r#"[{"sub":"a"},{"sub":"b"}]"#,
            r#"{"sub":"bot"}"#,
            "identity.actor_not_allowed",
        ),
        (r#"{"sub":"bot","iss":"idp"}"#, r#"{"sub":"bot"}"#, ""),
        (
            r#"{"sub":"bot","iss":"idp"}"#,
            r#"{"sub":"bot","iss":"idp"}"#,
            "",
        ),
        (
            r#"{"sub":"bot","iss":"idp"}"#,
            r#"{"sub":"bot","iss":"x"}"#,
            "identity.actor_not_allowed",
        ),
        (r#"{"client_id":"app"}"#, r#"{"sub":"bot"}"#, ""),
        (
            r#"{"client_id":"app"}"#,
            r#"{"sub":"bot","client_id":"x"}"#,
            "identity.actor_not_allowed",
        ),
        (
            r#"{"sub":"bot","tenant":"t"}"#,
            r#"{"sub":"bot"}"#,
            "identity.actor_not_allowed",
        ),
        (
            r#"{"sub":"bot","tenant":"t"}"#,
            r#"{"sub":"bot","tenant":"t"}"#,
            "",
        ),
        ("{}", r#"{"sub":"bot"}"#, "identity.actor_not_allowed"),
        ("[]", r#"{"sub":"bot"}"#, "identity.actor_not_allowed"),
        (
            r#"{"sub":7}"#,
            r#"{"sub":"bot"}"#,
            "identity.actor_not_allowed",
        ),
        (r#""bot""#, r#"{"sub":"bot"}"#, "identity.claim_malformed"),
        ("null", r#"{"sub":"bot"}"#, ""),
        // Whom it names may act, not must.
        (r#"{"sub":"bot"}"#, "null", ""),
    ] {
        let claims = format!(
            r#"{{"sub":"alice","iss":"idp","azp":"app","may_act":{may_act},"act":{actor}}}"#
        );
        assert_eq!(code(&claims), expected, "{claims}");
    }
}

#[test]
fn an_agent_with_somebodys_token_acts_for_that_somebody() {
    let reading = reading(|token| token.agent_clients = vec![crate::glob::Glob::new("bot-*", 0)]);
    let found = principal_by(
        &reading,
        r#"{"sub":"alice","azp":"bot-7","groups":["dba"]}"#,
    )
    .unwrap();
    assert_eq!((found.subject.as_str(), found.kind), ("bot-7", Kind::Agent));
    assert!(found.groups.is_empty());
    let acts_for = found.acts_for.clone().unwrap();
    assert_eq!(
        (acts_for.subject.as_str(), acts_for.kind),
        ("alice", Kind::Human)
    );
    assert_eq!(acts_for.groups, ["dba"]);

    // Whatever else says that an agent is at work: the groups stay those of the subject.
    let mut strict = reading.clone();
    strict.tokens[0].agent_when = when("agent");
    let claims = r#"{"sub":"alice","azp":"bot-7","client_type":"agent","groups":["dba"]}"#;
    let found = principal_by(&strict, claims).unwrap();
    assert_eq!((found.subject.as_str(), found.groups.len()), ("bot-7", 0));

    // On its own account it is alone.
    for claims in [
        r#"{"sub":"bot-7","azp":"bot-7","groups":["bots"]}"#,
        r#"{"sub":"uuid","azp":"bot-7","groups":["bots"],"gty":"client-credentials"}"#,
    ] {
        let alone = principal_by(&reading, claims).unwrap();
        assert_eq!(
            (alone.kind, alone.acts_for.clone()),
            (Kind::Agent, None),
            "{claims}"
        );
        assert_eq!(alone.groups, ["bots"]);
    }
    let other = principal_by(&reading, r#"{"sub":"alice","azp":"web"}"#).unwrap();
    assert_eq!((other.kind, other.acts_for.clone()), (Kind::Human, None));
    let profile = r#"{"sub":"alice","azp":"web","client_profile":"ai_agent"}"#;
    let found = principal_by(&reading, profile).unwrap();
    assert_eq!((found.subject.as_str(), found.kind), ("web", Kind::Agent));

    let forbidden = r#"{"sub":"alice","azp":"bot-7","may_act":{"sub":"bot-8"}}"#;
    let refusal = principal_by(&reading, forbidden).unwrap_err();
    assert_eq!(refusal.code, "identity.actor_not_allowed");
}
