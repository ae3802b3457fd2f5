//! One claim becomes text, a list of texts or a time, or is refused as of another type.
//!
//! What is absent or null is empty; nothing else is taken for something that it is not.

use std::collections::BTreeSet;

use super::fault::{GROUPS_ELSEWHERE, TOO_LARGE, claim_malformed};
use crate::limits;
use crate::refusal::Refusal;
use crate::value::Value;

/// The names that lead to a claim.
pub type Way = Vec<String>;

/// What stands there; nothing where some part of the way is absent or null.
fn at<'c>(
    claims: &'c Value<'static>,
    way: &[String],
) -> Result<Option<&'c Value<'static>>, Refusal> {
    let mut value = claims;
    for (index, name) in way.iter().enumerate() {
        if !matches!(value, Value::Object(_)) {
            let so_far = way.get(..index).unwrap_or_default();
            return Err(claim_malformed(&so_far.join("."), "an object"));
        }
        match value.member(name) {
            None | Some(Value::Null) => return Ok(None),
            Some(member) => value = member,
        }
    }
    Ok(Some(value))
}

/// The first of these claims that says something, as text.
pub(super) fn text(claims: &Value<'static>, ways: &[Way]) -> Result<String, Refusal> {
    for way in ways {
        match at(claims, way)? {
            None => {}
            Some(Value::Text(text)) if text.is_empty() => {}
            Some(Value::Text(text)) => return bounded(text),
            Some(_) => return Err(claim_malformed(&way.join("."), "text")),
        }
    }
    Ok(String::new())
}

/// One claim as text.
pub(super) fn text_named(claims: &Value<'static>, name: &str) -> Result<String, Refusal> {
    text(claims, &[vec![name.to_owned()]])
}

fn bounded(text: &str) -> Result<String, Refusal> {
    if text.len() > limits::CLAIM_TEXT_BYTES {
        return Err(TOO_LARGE);
    }
    Ok(text.to_owned())
}

/// How the text of a claim that may also be a list is taken.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Written {
    /// As one item.
    Whole,
    /// As words with spaces between, as OAuth 2.0 writes scopes (RFC 6749, 3.3).
    Words,
}

/// Everything that these claims list, each once.
pub(super) fn texts(
    claims: &Value<'static>,
    ways: &[Way],
    written: Written,
) -> Result<Vec<String>, Refusal> {
    let mut seen = BTreeSet::new();
    let mut listed = Vec::new();
    for way in ways {
        let Some(claim) = at(claims, way)? else {
            continue;
        };
        for item in claim.each() {
            let Value::Text(item) = item else {
                return Err(claim_malformed(&way.join("."), "text or a list of texts"));
            };
            for text in item.split(|letter| written == Written::Words && letter == ' ') {
                if !text.is_empty() && seen.insert(text) {
                    listed.push(bounded(text)?);
                }
            }
        }
    }
    if listed.len() > limits::CLAIM_LIST {
        return Err(TOO_LARGE);
    }
    Ok(listed)
}

/// Everything that one claim lists.
pub(super) fn texts_named(
    claims: &Value<'static>,
    name: &str,
    written: Written,
) -> Result<Vec<String>, Refusal> {
    texts(claims, &[vec![name.to_owned()]], written)
}

/// A time as RFC 7519 writes it: seconds since 1970, to the second.
pub(super) fn time(claims: &Value<'static>, name: &str) -> Result<Option<i64>, Refusal> {
    const EXACT: f64 = 9_007_199_254_740_992.0;
    match claims.member(name) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::Number(seconds)) if seconds.abs() <= EXACT => {
            #[expect(clippy::cast_possible_truncation, reason = "within 2^53")]
            let seconds = seconds.floor() as i64;
            Ok(Some(seconds))
        }
        Some(_) => Err(claim_malformed(name, "a time in seconds")),
    }
}

/// Whether a claim says yes, in one of the forms that providers write it in.
pub(super) fn is_true(claims: &Value<'static>, name: &str) -> bool {
    match claims.member(name) {
        Some(Value::Bool(holds)) => *holds,
        Some(Value::Text(text)) => text == "true" || text == "1",
        Some(Value::Number(number)) => *number == 1.0,
        _ => false,
    }
}

/// Refuses a token that says only where its groups are to be asked for (OpenID Connect Core,
/// 5.6.2; `hasgroups` by Entra ID): a rule that names a group would not hold for a member.
pub(super) fn check_groups_are_here(claims: &Value<'static>, ways: &[Way]) -> Result<(), Refusal> {
    let elsewhere = claims.member("_claim_names");
    let is_elsewhere = |way: &Way| {
        way.first().is_some_and(|name| {
            elsewhere.is_some_and(|names| names.member(name).is_some())
                || (name == "groups" && is_true(claims, "hasgroups"))
        })
    };
    if ways.iter().any(is_elsewhere) {
        return Err(GROUPS_ELSEWHERE);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json;
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    fn way(written: &str) -> Way {
        written.split('.').map(str::to_owned).collect()
    }

    fn claims(text: &str) -> Value<'static> {
        json::parse(text).unwrap().into_owned()
    }

    #[test]
    fn the_first_that_says_something_is_the_text() {
        let claims = claims(r#"{"a":null,"b":"","c":"x","d":7}"#);
        assert_eq!(text(&claims, &["z", "a", "b", "c"].map(way)).unwrap(), "x");
        assert_eq!(text_named(&claims, "a").unwrap(), "");
        let refusal = text_named(&claims, "d").unwrap_err();
        assert_eq!(refusal.code, "identity.claim_malformed");
        assert_eq!(refusal.detail, "expected the claim `d` to be text");
    }

    #[test]
    fn lists_are_united_and_of_texts_only() {
        let found = claims(r#"{"a":["x","y"],"b":{"c":"z"},"d":["x",null],"e":{"x":true}}"#);
        let united = texts(&found, &["a", "b.c", "a"].map(way), Written::Whole);
        assert_eq!(united.unwrap(), ["x", "y", "z"]);
        for written in ["d", "e", "a.b"] {
            let refusal = texts(&found, &[way(written)], Written::Whole).unwrap_err();
            assert_eq!(refusal.code, "identity.claim_malformed", "{written}");
        }
    }

    #[test]
    fn scopes_are_words_or_a_list() {
        let found = claims(r#"{"a":" read  write ","b":["read","a b"]}"#);
        let words = |name| texts_named(&found, name, Written::Words).unwrap();
        assert_eq!(words("a"), ["read", "write"]);
        assert_eq!(words("b"), ["read", "a", "b"]);
    }

    #[test]
    fn long_texts_and_lists_are_refused() {
        let long = "x".repeat(limits::CLAIM_TEXT_BYTES + 1);
        let many: Vec<String> = (0..=limits::CLAIM_LIST)
            .map(|one| one.to_string())
            .collect();
        let found = Value::Object(vec![
            ("long".into(), long.into()),
            ("many".into(), Value::texts(many)),
        ]);
        assert_eq!(
            text_named(&found, "long").unwrap_err().code,
            "identity.too_large"
        );
        for name in ["long", "many"] {
            let refusal = texts_named(&found, name, Written::Whole).unwrap_err();
            assert_eq!(refusal.code, "identity.too_large");
        }
    }

    #[test]
    fn times_are_numbers() {
        let found = claims(r#"{"a":1700000000,"b":1700000000.9,"c":"1700000000","d":1e300}"#);
        assert_eq!(time(&found, "a").unwrap(), Some(1_700_000_000));
        assert_eq!(time(&found, "b").unwrap(), Some(1_700_000_000));
        assert_eq!(time(&found, "z").unwrap(), None);
        for name in ["c", "d"] {
            assert_eq!(
                time(&found, name).unwrap_err().code,
                "identity.claim_malformed"
            );
        }
    }
}
