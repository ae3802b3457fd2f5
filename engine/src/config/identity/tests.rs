//! Documents that say how to tell who asks, and every mistake in those that do not.

use crate::config::compile;
use crate::identity::{PeerUse, Reading, Several};
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

fn document(identity: &str) -> String {
    format!(
        "{{lictor: v1, identity: {identity}, default: deny, rules: [],
          apis: [{{name: orders, match: {{path: /v1/**}}, http: }}]}}"
    )
}

fn reading(identity: &str) -> Reading {
    match compile(document(identity).as_bytes()) {
        Ok(guard) => guard.reading,
        Err(mistakes) => panic!("{identity}: {}", mistakes[0]),
    }
}

/// `code path` of every mistake.
fn mistakes(identity: &str) -> Vec<String> {
    let mistakes = compile(document(identity).as_bytes()).unwrap_err();
    mistakes
        .iter()
        .map(|mistake| format!("{} {}", mistake.code, mistake.path))
        .collect()
}

#[test]
fn without_a_word_there_is_one_token_of_any_provider() {
    let reading = reading("{}");
    assert_eq!(reading.tokens.len(), 1);
    assert_eq!(reading.tokens[0].metadata, ["jwt", "payload"]);
    assert_eq!(reading.tokens[0].provider.name, "generic");
    assert_eq!(reading.peer, PeerUse::Fact);
    assert_eq!(reading.several, Several::Refuse);
    assert!(!reading.accepts_anonymous);
}

#[test]
fn a_provider_chooses_defaults_and_keys_override_them() {
    let reading = reading(
        r#"{provider: keycloak, metadata: idp, issuer: [https://a, https://b],
            roles: [realm_access.roles, 'resource_access["my.app"].roles'],
            groups: [], email: preferred_username, agent_clients: "bot-*",
            agent_when: {'claims["https://example.com/type"]': agent}}"#,
    );
    let token = &reading.tokens[0];
    assert_eq!(token.provider.name, "keycloak");
    assert_eq!(token.metadata, ["idp"]);
    assert_eq!(token.issuer, ["https://a", "https://b"]);
    assert_eq!(token.roles[1], ["resource_access", "my.app", "roles"]);
    assert!(token.groups.is_empty() && !token.has_groups_of_subject);
    assert_eq!(token.client, [["azp"], ["client_id"]]);
    assert_eq!(token.email, [["preferred_username"]]);
    assert!(!token.needs_verified_email);
    assert!(token.agent_clients[0].matches("bot-1"));
    assert_eq!(
        token.agent_when.matches[0].path,
        ["https://example.com/type"]
    );
}

#[test]
fn several_tokens_stand_in_a_list() {
    let reading = reading(
        "{tokens: [{metadata: people, provider: entra}, {metadata: pods, provider: kubernetes}],
          several: first, peer: identity, anonymous: allow}",
    );
    let names: Vec<_> = reading
        .tokens
        .iter()
        .map(|token| token.provider.name)
        .collect();
    assert_eq!(names, ["entra", "kubernetes"]);
    assert_eq!(reading.several, Several::First);
    assert_eq!(reading.peer, PeerUse::Identity);
    assert!(reading.accepts_anonymous);
}

#[test]
fn every_mistake_is_told_with_its_place() {
    for (identity, expected) in [
        (
            "{provider: github}",
            "document.unexpected identity.provider",
        ),
        ("{peer: true}", "document.unexpected identity.peer"),
        ("{several: last}", "document.unexpected identity.several"),
        ("{metadata: []}", "document.unexpected identity.metadata"),
        ("{issuer: []}", "document.unexpected identity.issuer"),
        (
            "{agent_clients: []}",
            "document.unexpected identity.agent_clients",
        ),
        ("{tokens: []}", "document.unexpected identity.tokens"),
        ("{groups: a..b}", "identity.claim_path identity.groups"),
        (
            "{roles: [a, 'b[c]']}",
            "identity.claim_path identity.roles[1]",
        ),
        (
            "{agent_when: 'has(claims.bot) && claim.bot'}",
            "expression.unknown_field identity.agent_when",
        ),
        (
            "{agent_when: {'a[': x}}",
            "identity.claim_path identity.agent_when.a[",
        ),
        ("{group: a}", "document.unknown_key identity"),
        (
            "{tokens: [{metadata: a}], groups: b}",
            "document.unknown_key identity",
        ),
        (
            "{tokens: [{metadata: a, peer: fact}]}",
            "document.unknown_key identity.tokens[0]",
        ),
    ] {
        assert_eq!(mistakes(identity), [expected], "{identity}");
    }
}
