//! `EXECUTE name` and the header field that brings the prepared statement along: the text that
//! runs takes the place of its name.
//!
//! Source: Trino's client protocol, `X-Trino-Prepared-Statement: name=url-encoded text`.

use std::borrow::Cow;

use crate::message::Head;
use crate::path::{Plus, percent_decode};
use crate::refusal::Refusal;

/// The texts, those that run a prepared statement with what it is.
pub(super) fn resolved<'v>(
    texts: Vec<Cow<'v, str>>,
    fields: &[String],
    head: &Head,
) -> Result<Vec<Cow<'v, str>>, Refusal> {
    let mut resolved = Vec::new();
    for text in texts {
        let Some((name, rest)) = executed(&text)? else {
            resolved.push(text);
            continue;
        };
        resolved.push(Cow::Owned(find(name, fields, head)?));
        match word(rest, "using") {
            Some(values) => resolved.push(Cow::Owned(format!("SELECT {values}"))),
            None if rest.is_empty() => {}
            None => return Err(UNKNOWN),
        }
    }
    Ok(resolved)
}

/// The name after `EXECUTE`, and what follows it; nothing where the text is something else.
fn executed(text: &str) -> Result<Option<(&str, &str)>, Refusal> {
    let text = unspaced(text);
    if word(text, "explain").is_some() && text.to_ascii_lowercase().contains("execute") {
        return Err(UNKNOWN);
    }
    let Some(name) = word(text, "execute") else {
        return Ok(None);
    };
    if word(name, "immediate").is_some() {
        return Ok(None);
    }
    let is_plain = |letter: char| letter.is_ascii_alphanumeric() || letter == '_';
    let split = match name.strip_prefix('"') {
        Some(quoted) => quoted.split_once('"'),
        None => name.split_at_checked(name.find(|letter| !is_plain(letter)).unwrap_or(name.len())),
    };
    match split {
        Some((name, rest)) if !name.is_empty() => Ok(Some((name, unspaced(rest).trim_end()))),
        _ => Err(UNKNOWN),
    }
}

/// What follows a word at the start of a text, white space and comments apart.
fn word<'t>(text: &'t str, word: &str) -> Option<&'t str> {
    let (first, rest) = text.split_at_checked(word.len())?;
    let is_whole = !rest.starts_with(|letter: char| letter.is_alphanumeric() || letter == '_');
    (first.eq_ignore_ascii_case(word) && is_whole).then(|| unspaced(rest))
}

/// A text without the white space and the comments before it.
fn unspaced(text: &str) -> &str {
    let mut text = text.trim_start();
    loop {
        let rest = if let Some(comment) = text.strip_prefix("--") {
            comment
                .split_once(['\n', '\r'])
                .map_or("", |(_, rest)| rest)
        } else if let Some(comment) = text.strip_prefix("/*") {
            comment.split_once("*/").map_or("", |(_, rest)| rest)
        } else {
            return text;
        };
        text = rest.trim_start();
    }
}

/// The text of that name. Names are compared without regard to case, as Trino folds them.
fn find(name: &str, fields: &[String], head: &Head) -> Result<String, Refusal> {
    let mut found = None;
    for value in fields.iter().flat_map(|field| head.headers.all(field)) {
        let value = std::str::from_utf8(value).map_err(|_| UNKNOWN)?;
        for pair in value.split(',') {
            let (known, text) = pair.trim().split_once('=').ok_or(UNKNOWN)?;
            let known = percent_decode(known, Plus::Space).ok_or(UNKNOWN)?;
            if !known.eq_ignore_ascii_case(name) {
                continue;
            }
            let text = percent_decode(text, Plus::Space).ok_or(UNKNOWN)?;
            if found.replace(text).is_some() {
                return Err(UNKNOWN);
            }
        }
    }
    found.ok_or(UNKNOWN)
}

const UNKNOWN: Refusal = Refusal::with_status(
    403,
    "sql.prepared_unknown",
    "expected the prepared statement that is executed, once, beside its name",
    "send the statement itself, or with EXECUTE IMMEDIATE",
);

#[cfg(test)]
mod tests {
    use super::*;
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    fn run(text: &str, fields: &[&str]) -> Result<Vec<String>, &'static str> {
        let mut head = Head::default();
        for field in fields {
            head.headers.push(b"x-prepared", field.as_bytes());
        }
        let found = resolved(vec![Cow::Borrowed(text)], &["x-prepared".to_owned()], &head);
        let owned = |texts: Vec<Cow<'_, str>>| texts.into_iter().map(Cow::into_owned).collect();
        found.map(owned).map_err(|refusal| refusal.code)
    }

    #[test]
    fn a_name_is_what_it_stands_for() {
        let fields = ["other=SELECT+1, st1=DELETE+FROM+t%20WHERE+a+%3D+%3F"];
        let expected = vec![
            "DELETE FROM t WHERE a = ?".to_owned(),
            "SELECT f(1)".to_owned(),
        ];
        assert_eq!(run("EXECUTE st1 USING f(1)", &fields), Ok(expected.clone()));
        for text in [
            " execute \"ST1\"",
            "EXECUTE/* x */st1",
            "-- x\n/**/EXECUTE st1 -- y",
        ] {
            assert_eq!(run(text, &fields), Ok(expected[..1].to_vec()), "{text}");
        }
        for text in ["SELECT 1", "EXECUTE IMMEDIATE 'SELECT 1'", "EXECUTEst1"] {
            assert_eq!(run(text, &fields), Ok(vec![text.to_owned()]));
        }
    }

    #[test]
    fn an_unknown_name_is_refused() {
        for fields in [
            &[][..],
            &["a=SELECT+1"],
            &["st1=A", "st1=B"],
            &["st1"],
            &["st1=%zz"],
        ] {
            assert_eq!(
                run("EXECUTE st1", fields),
                Err("sql.prepared_unknown"),
                "{fields:?}"
            );
        }
        assert_eq!(
            run("EXECUTE st1; DROP TABLE t", &["st1=A"]),
            Err("sql.prepared_unknown")
        );
    }
}
