//! Who asks, from claims of any shape and from bytes of any sort, for every provider.
//!
//! Claims: no input panics; what is remembered equals what is read; the order of claims does not
//! matter; nobody who acts for somebody is a human or has what it was not given; a peer of its own
//! makes nobody of somebody.

use lictor_engine::identity::{
    Kind, Known, PROVIDERS, PeerFacts, PeerUse, Principal, Provider, Reading, TokenReading,
    metadata_of,
};
use lictor_engine::json;
use lictor_engine::value::Value;

/// The first byte chooses provider and use of the peer; the rest is JSON, or else metadata.
///
/// # Panics
///
/// When a claim does not hold.
pub fn run(input: &[u8]) {
    let Some((first, rest)) = input.split_first() else {
        return;
    };
    let chosen = usize::from(*first);
    let Some(provider) = PROVIDERS.get(chosen % PROVIDERS.len()) else {
        return;
    };
    let reading = reading(provider, chosen);
    let text = String::from_utf8_lossy(rest);
    let peer = PeerFacts {
        uri_san: text.chars().take(80).collect(),
    };
    let _ = reading.principal(b"", Some(&peer));
    let Ok(claims) = json::parse(&text) else {
        let _ = reading.principal(rest, Some(&peer));
        return;
    };
    let found = read(&reading, &claims);
    assert_eq!(found, read(&reading, &claims), "remembered otherwise");
    let mut other_way = claims.clone();
    reverse(&mut other_way);
    let turned = read(&reading, &other_way).map(|found| found.map(without_claims));
    let expected = found.clone().map(|found| found.map(without_claims));
    // Which of two mistakes is told first may depend on the order.
    assert_eq!(turned.ok(), expected.ok(), "the order of claims matters");
    if let Ok(Some(principal)) = found {
        holds(&principal, &claims);
    }
}

fn reading(provider: &'static Provider, chosen: usize) -> Reading {
    Reading {
        tokens: vec![TokenReading::of(provider)],
        peer: match chosen / 64 {
            0 => PeerUse::Ignore,
            1 => PeerUse::Identity,
            _ => PeerUse::Fact,
        },
        known: Known::default(),
        ..Reading::default()
    }
}

/// The principal of a token with these claims; nothing where they are no object at all.
fn read(reading: &Reading, claims: &Value<'_>) -> Result<Option<Principal>, &'static str> {
    if !matches!(claims, Value::Object(_)) {
        return Ok(None);
    }
    let found = reading.principal(&metadata_of("jwt", claims), None);
    found
        .map(|found| Some((*found).clone()))
        .map_err(|refusal| refusal.code)
}

fn without_claims(principal: Principal) -> Principal {
    Principal {
        claims: Value::Null,
        ..principal
    }
}

/// Turns the members of every object around; lists keep their order.
fn reverse(value: &mut Value<'_>) {
    match value {
        Value::Object(members) => {
            members.reverse();
            members.iter_mut().for_each(|(_, member)| reverse(member));
        }
        Value::List(values) => values.iter_mut().for_each(reverse),
        _ => {}
    }
}

fn holds(principal: &Principal, claims: &Value<'_>) {
    assert_ne!(principal.kind, Kind::Anonymous, "a token of nobody");
    assert!(!principal.subject.is_empty(), "a token without a subject");
    let actor = claims.member("act").filter(|actor| **actor != Value::Null);
    assert!(
        actor.is_none() || principal.acts_for.is_some(),
        "an actor for nobody"
    );
    if principal.acts_for.is_none() {
        return;
    }
    assert_ne!(principal.kind, Kind::Human, "an actor that is a human");
    assert_eq!(principal.email, "", "an address that is not the actor's");
    let has_own = actor.is_some_and(|actor| matches!(actor, Value::Object(own) if own.len() > 1));
    assert!(
        has_own || (principal.groups.is_empty() && principal.roles.is_empty()),
        "groups that nobody gave the actor"
    );
}
