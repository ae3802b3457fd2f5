//! The way to a claim as written (`realm_access.roles`, `claims["https://example.com/roles"]`)
//! becomes the names that lead there.
//!
//! A part in brackets and quotes may hold dots, slashes and whatever else a name holds.

/// Reads a way to a claim; nothing where it is not one.
///
/// Parts are joined by dots, or stand in brackets and double or single quotes. A leading
/// `claims` may be left out.
///
/// ```
/// use lictor_engine::identity::claim_path;
///
/// let way = claim_path::parse(r#"claims["https://example.com/roles"]"#);
/// assert_eq!(way, Some(vec!["https://example.com/roles".to_owned()]));
/// assert_eq!(claim_path::parse("realm_access.roles").map(|way| way.len()), Some(2));
/// assert_eq!(claim_path::parse("realm_access..roles"), None);
/// ```
#[must_use]
pub fn parse(text: &str) -> Option<Vec<String>> {
    let mut parts = Vec::new();
    let mut rest = match text.strip_prefix("claims") {
        Some(rest) if rest.starts_with(['.', '[']) => rest,
        _ if text.starts_with('[') => text,
        _ => {
            let (part, rest) = plain(text)?;
            parts.push(part);
            rest
        }
    };
    while !rest.is_empty() {
        let (part, after) = match rest.strip_prefix('.') {
            Some(after) => plain(after)?,
            None => quoted(rest.strip_prefix('[')?)?,
        };
        parts.push(part);
        rest = after;
    }
    Some(parts)
}

fn plain(text: &str) -> Option<(String, &str)> {
    let end = text.find(['.', '[']).unwrap_or(text.len());
    let (part, rest) = text.split_at_checked(end)?;
    let is_name = !part.is_empty() && !part.contains([' ', '"', '\'', ']']);
    is_name.then(|| (part.to_owned(), rest))
}

fn quoted(text: &str) -> Option<(String, &str)> {
    let quote = text
        .chars()
        .next()
        .filter(|letter| "\"'".contains(*letter))?;
    let (part, rest) = text.strip_prefix(quote)?.split_once(quote)?;
    let rest = rest.strip_prefix(']')?;
    (!part.is_empty()).then(|| (part.to_owned(), rest))
}

#[cfg(test)]
mod tests {
    use super::parse;
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    #[test]
    fn reads_dots_and_brackets() {
        for (text, parts) in [
            ("sub", &["sub"][..]),
            ("claims.sub", &["sub"]),
            ("claims", &["claims"]),
            ("claims_of.mine", &["claims_of", "mine"]),
            ("cognito:groups", &["cognito:groups"]),
            ("realm_access.roles", &["realm_access", "roles"]),
            (
                "resource_access[\"my.app\"].roles",
                &["resource_access", "my.app", "roles"],
            ),
            (
                "['kubernetes.io'].namespace",
                &["kubernetes.io", "namespace"],
            ),
            (
                "claims[\"https://example.com/roles\"]",
                &["https://example.com/roles"],
            ),
            ("a[\"b\"][\"c\"]", &["a", "b", "c"]),
        ] {
            assert_eq!(parse(text).unwrap(), parts, "{text}");
        }
    }

    #[test]
    fn refuses_what_is_no_way() {
        for text in [
            "",
            ".",
            "a.",
            ".a",
            "a..b",
            "claims.",
            "a[b]",
            "a[\"b]",
            "a[\"b\"",
            "a[\"\"]",
            "a[\"b\"]c",
            "a b",
            "a[0]",
            "\"a\"",
        ] {
            assert_eq!(parse(text), None, "{text}");
        }
    }
}
