//! The URI of a resource becomes the name of a location: scheme, host and path.
//!
//! What two servers could take for different resources is refused, so that a pattern holds for
//! what it says. User, password and query are no part of the name: they may be secrets.

use super::fault;
use crate::action::{Resource, ResourceKind};
use crate::limits;
use crate::path;
use crate::refusal::Refusal;

/// The location that a URI names.
pub(super) fn of(uri: &str) -> Result<Resource, Refusal> {
    let (scheme, rest) = uri.split_once(':').ok_or(fault::LOCATION)?;
    let is_scheme = scheme.starts_with(|first: char| first.is_ascii_alphabetic())
        && scheme
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte));
    let is_visible = |letter: char| !letter.is_control() && !letter.is_whitespace();
    if !is_scheme || !uri.chars().all(is_visible) || uri.contains('#') {
        return Err(fault::LOCATION);
    }
    let (rest, _) = path::split(rest);
    let scheme = scheme.to_ascii_lowercase();
    let name = match rest.strip_prefix("//") {
        Some(rest) => {
            let start = rest.find('/').unwrap_or(rest.len());
            let (authority, way) = rest.split_at_checked(start).unwrap_or((rest, ""));
            let host = authority.rsplit('@').next().unwrap_or_default();
            if host.contains(['%', '\\']) {
                return Err(fault::LOCATION);
            }
            let way = if way.is_empty() { "/" } else { way };
            let way = path::decode(way).map_err(|_| fault::LOCATION)?;
            format!("{scheme}://{}{way}", host.to_ascii_lowercase())
        }
        None => {
            let rooted = format!("/{}", rest.strip_prefix('/').unwrap_or(rest));
            let way = path::decode(&rooted).map_err(|_| fault::LOCATION)?;
            let way = way.strip_prefix('/').unwrap_or_default();
            let root = if rest.starts_with('/') { "/" } else { "" };
            format!("{scheme}:{root}{way}")
        }
    };
    if name.len() > limits::API_NAME_BYTES {
        return Err(fault::LOCATION);
    }
    Ok(Resource {
        kind: ResourceKind::Location,
        name,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    #[test]
    fn a_location_has_neither_secrets_nor_query() {
        for (uri, name) in [
            ("file:///srv/a%20b.txt", "file:///srv/a b.txt"),
            (
                "HTTPS://u:p@Example.COM/a/b?token=x",
                "https://example.com/a/b",
            ),
            ("notes://today", "notes://today/"),
            ("memo:insights", "memo:insights"),
            ("file:/srv/x", "file:/srv/x"),
            ("db://{table}/rows", "db://{table}/rows"),
        ] {
            assert_eq!(
                of(uri).map(|found| found.name),
                Ok(name.to_owned()),
                "{uri}"
            );
        }
    }

    #[test]
    fn what_may_be_another_resource_is_refused() {
        for uri in [
            "no scheme",
            "/etc/passwd",
            "1a:x",
            "file:///srv/../etc/passwd",
            "file:///srv/%2e%2e/etc/passwd",
            "file:///srv%2fx",
            "file:////etc/passwd",
            "file:///a/./b",
            "file:///a\\b",
            "file:///a#b",
            "file:///a\u{a0}b",
            "memo:a/../b",
            "http://a%2eb/c",
        ] {
            assert_eq!(of(uri), Err(fault::LOCATION), "{uri}");
        }
        assert_eq!(
            of(&format!("file:///{}", "a".repeat(600))),
            Err(fault::LOCATION)
        );
    }
}
