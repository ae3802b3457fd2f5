//! Several tokens in one request, several providers under one key.

use super::*;
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

fn tokens(tokens: &[(&str, &str)]) -> Vec<u8> {
    let tokens: Vec<_> = tokens
        .iter()
        .map(|(key, claims)| (*key, json::parse(claims).unwrap()))
        .collect();
    metadata_of_each(&tokens)
}

fn of(key: &str, issuer: &str) -> TokenReading {
    TokenReading {
        metadata: vec![key.to_owned()],
        issuer: match issuer {
            "" => Vec::new(),
            issuer => vec![issuer.to_owned()],
        },
        ..TokenReading::default()
    }
}

fn subject(reading: &Reading, metadata: &[u8]) -> Result<String, &'static str> {
    let found = reading.principal(metadata, None);
    found.map_or_else(
        |refusal| Err(refusal.code),
        |found| Ok(found.subject.clone()),
    )
}

const BOTH: [(&str, &str); 2] = [("b", r#"{"sub":"bob"}"#), ("a", r#"{"sub":"ana"}"#)];

#[test]
fn the_usual_keys_are_both_taken() {
    for key in ["jwt", "payload"] {
        let metadata = tokens(&[(key, r#"{"sub":"ana"}"#)]);
        assert_eq!(
            subject(&Reading::default(), &metadata),
            Ok("ana".to_owned())
        );
    }
    let both = tokens(&[("jwt", r#"{"sub":"ana"}"#), ("payload", r#"{"sub":"ana"}"#)]);
    assert_eq!(
        subject(&Reading::default(), &both),
        Err("identity.ambiguous")
    );
}

#[test]
fn which_of_several_counts_must_be_said() {
    let mut reading = Reading {
        tokens: vec![of("a", ""), of("b", "")],
        ..Reading::default()
    };
    assert_eq!(subject(&reading, &tokens(&BOTH)), Err("identity.ambiguous"));
    assert_eq!(subject(&reading, &tokens(&BOTH[..1])), Ok("bob".to_owned()));
    reading.several = Several::First;
    reading.known = Known::default();
    assert_eq!(subject(&reading, &tokens(&BOTH)), Ok("ana".to_owned()));
    assert_eq!(subject(&reading, &tokens(&BOTH[..1])), Ok("bob".to_owned()));
    // A key that nobody named says nothing.
    let stranger = tokens(&[("a", r#"{"sub":"ana"}"#), ("x", r#"{"sub":"eve"}"#)]);
    assert_eq!(subject(&reading, &stranger), Ok("ana".to_owned()));
}

/// As in Istio, where every provider leaves its payload under the same key.
#[test]
fn issuers_tell_providers_apart_under_one_key() {
    let reading = Reading {
        tokens: vec![of("payload", "one"), of("payload", "two")],
        ..Reading::default()
    };
    for issuer in ["one", "two"] {
        let metadata = tokens(&[("payload", &format!(r#"{{"sub":"ana","iss":"{issuer}"}}"#))]);
        assert_eq!(subject(&reading, &metadata), Ok("ana".to_owned()));
    }
    for claims in [
        r#"{"sub":"ana","iss":"three"}"#,
        r#"{"sub":"ana"}"#,
        r#"{"sub":"ana","iss":["one"]}"#,
    ] {
        let metadata = tokens(&[("payload", claims)]);
        assert_eq!(
            subject(&reading, &metadata),
            Err("identity.issuer_unexpected"),
            "{claims}"
        );
    }
}

#[test]
fn a_token_of_a_stranger_is_still_a_second_one() {
    let reading = Reading {
        tokens: vec![of("a", "one"), of("b", "")],
        ..Reading::default()
    };
    let metadata = tokens(&[
        ("a", r#"{"sub":"eve","iss":"x"}"#),
        ("b", r#"{"sub":"bob"}"#),
    ]);
    assert_eq!(subject(&reading, &metadata), Err("identity.ambiguous"));
}
