//! The request target: raw bytes become one path that every server reads alike, or a refusal.
//!
//! Escapes that hide nothing are decoded. What servers disagree on (dot segments, empty
//! segments, escaped slashes, parameters in a segment) is refused rather than guessed: Envoy's
//! `normalize_path` and `merge_slashes` settle most of it before the filter sees the call.

use std::borrow::Cow;

use crate::refusal::Refusal;

/// Splits a request target into its path and its query.
#[must_use]
pub fn split(target: &str) -> (&str, &str) {
    target.split_once('?').unwrap_or((target, ""))
}

/// Decodes a path and checks that it can be read in one way only.
///
/// # Errors
///
/// `path.ambiguous` where two servers could take it for different resources.
///
/// ```
/// use lictor_engine::path;
///
/// assert_eq!(path::decode("/v1/%6frders").unwrap(), "/v1/orders");
/// assert!(path::decode("/public/..%2fv1/orders").is_err());
/// ```
pub fn decode(path: &str) -> Result<Cow<'_, str>, Refusal> {
    let decoded = if path.contains('%') {
        Cow::Owned(percent_decode(path, Plus::Literal).ok_or(AMBIGUOUS)?)
    } else {
        Cow::Borrowed(path)
    };
    let is_plain = path.starts_with('/')
        && escapes_are_plain(path)
        && !decoded
            .chars()
            .any(|letter| letter.is_control() || matches!(letter, '\\' | ';' | '#'))
        && segments_are_plain(&decoded);
    if is_plain {
        Ok(decoded)
    } else {
        Err(AMBIGUOUS)
    }
}

/// What a `+` stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Plus {
    /// Itself, as in paths.
    Literal,
    /// A space, as in forms and queries.
    Space,
}

/// Decodes percent escapes; nothing where an escape is broken or the result is not UTF-8.
#[must_use]
pub fn percent_decode(text: &str, plus: Plus) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'%' => hex(rest.next()?)? << 4 | hex(rest.next()?)?,
            b'+' if plus == Plus::Space => b' ',
            other => other,
        });
    }
    String::from_utf8(bytes).ok()
}

fn hex(digit: u8) -> Option<u8> {
    char::from(digit)
        .to_digit(16)
        .and_then(|value| u8::try_from(value).ok())
}

/// No escape stands for a slash, a backslash, a dot, or (seen by servers that decode twice)
/// the start of another escape.
fn escapes_are_plain(path: &str) -> bool {
    path.split('%').skip(1).all(|after| {
        !["2f", "5c", "2e", "25", "3b"].iter().any(|hidden| {
            after
                .get(..2)
                .is_some_and(|code| code.eq_ignore_ascii_case(hidden))
        })
    })
}

fn segments_are_plain(path: &str) -> bool {
    let inner = path.strip_prefix('/').unwrap_or(path);
    let inner = inner.strip_suffix('/').unwrap_or(inner);
    inner.is_empty()
        || !inner
            .split('/')
            .any(|segment| matches!(segment, "" | "." | ".."))
}

const AMBIGUOUS: Refusal = Refusal::malformed(
    "path.ambiguous",
    "expected a path without dot segments, empty segments, `;`, `#`, backslashes or escapes that hide one of them",
    "send the path in its normal form, or enable normalize_path and merge_slashes in Envoy",
);

#[cfg(test)]
mod tests {
    use super::*;
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    #[test]
    fn keeps_plain_paths_and_decodes_harmless_escapes() {
        for (raw, plain) in [
            ("/", "/"),
            ("/v1/orders/", "/v1/orders/"),
            ("/v1/orders/a%20b", "/v1/orders/a b"),
            ("/v1/%C3%A9t%c3%a9", "/v1/été"),
            ("/pkg.Service/Method:run", "/pkg.Service/Method:run"),
            ("/a+b", "/a+b"),
        ] {
            assert_eq!(decode(raw).as_deref(), Ok(plain), "{raw}");
        }
    }

    #[test]
    fn refuses_what_servers_read_differently() {
        for raw in [
            "",
            "v1",
            "*",
            "//v1",
            "/v1//orders",
            "/./v1",
            "/v1/../admin",
            "/v1/..",
            "/%2e%2e/v1",
            "/v1%2Forders",
            "/v1%5corders",
            "/v1\\orders",
            "/a%252fb",
            "/a;x=1/b",
            "/a#x",
            "/a%3bb",
            "/a%00",
            "/a%0d",
            "/a%zz",
            "/a%2",
            "/a%ff",
            "http://host/v1",
        ] {
            assert_eq!(
                decode(raw).map_err(|refusal| refusal.code),
                Err("path.ambiguous"),
                "{raw}"
            );
        }
    }

    #[test]
    fn the_query_starts_at_the_first_question_mark() {
        assert_eq!(split("/a?b=1?c"), ("/a", "b=1?c"));
        assert_eq!(split("/a"), ("/a", ""));
        assert_eq!(split("/a#x?b=1"), ("/a#x", "b=1"));
    }
}
