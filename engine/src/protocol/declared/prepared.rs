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
        let Some((name, rest)) = executed(&text) else {
            resolved.push(text);
            continue;
        };
        resolved.push(Cow::Owned(find(name, fields, head)?));
        let rest = rest.trim_start();
        let using = rest
            .get(..5)
            .filter(|word| word.eq_ignore_ascii_case("using"));
        match (using, rest.get(5..)) {
            (Some(_), Some(values)) => resolved.push(Cow::Owned(format!("SELECT {values}"))),
            _ if rest.is_empty() => {}
            _ => return Err(UNKNOWN),
        }
    }
    Ok(resolved)
}

/// The name after `EXECUTE`, and what follows it; nothing where the text is something else.
fn executed(text: &str) -> Option<(&str, &str)> {
    let text = text.trim();
    let rest = text
        .get(..7)
        .filter(|word| word.eq_ignore_ascii_case("execute"));
    let rest = rest.and(text.get(7..))?;
    let name = rest.trim_start();
    if name.len() == rest.len() {
        return None;
    }
    let is_plain = |letter: char| letter.is_ascii_alphanumeric() || letter == '_';
    let (name, after) = match name.strip_prefix('"') {
        Some(quoted) => quoted.split_once('"')?,
        None => {
            name.split_at_checked(name.find(|letter| !is_plain(letter)).unwrap_or(name.len()))?
        }
    };
    (!name.eq_ignore_ascii_case("immediate") && !name.is_empty()).then_some((name, after))
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
            "SELECT  f(1)".to_owned(),
        ];
        assert_eq!(run("EXECUTE st1 USING f(1)", &fields), Ok(expected.clone()));
        assert_eq!(run(" execute \"ST1\"", &fields), Ok(expected[..1].to_vec()));
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
