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
    let (authority, way) = match rest.strip_prefix("//") {
        Some(rest) => {
            let start = rest.find('/').unwrap_or(rest.len());
            let (authority, way) = rest.split_at_checked(start).unwrap_or((rest, ""));
            (Some(authority), way)
        }
        None => (None, rest),
    };
    let host = authority
        .map(|authority| host(&scheme, authority))
        .transpose()?;
    // Readers of the web's schemes look for a host wherever it may stand.
    let is_web = ["http", "https", "ws", "wss", "ftp"].contains(&scheme.as_str());
    if is_web && host.as_deref().unwrap_or_default().is_empty() {
        return Err(fault::LOCATION);
    }
    let rooted = format!("/{}", way.strip_prefix('/').unwrap_or(way));
    let rooted = path::decode(&rooted).map_err(|_| fault::LOCATION)?;
    let name = match host {
        Some(host) => format!("{scheme}://{host}{rooted}"),
        // A file is the same with an empty host and without one.
        None if scheme == "file" => format!("file://{rooted}"),
        None if way.starts_with('/') => format!("{scheme}:{rooted}"),
        None => format!("{scheme}:{}", rooted.strip_prefix('/').unwrap_or_default()),
    };
    if name.len() > limits::API_NAME_BYTES {
        return Err(fault::LOCATION);
    }
    Ok(Resource {
        kind: ResourceKind::Location,
        name,
    })
}

/// The host in one spelling: in lower case, without a user, a port that goes without saying or
/// a dot at its end.
fn host(scheme: &str, authority: &str) -> Result<String, Refusal> {
    let host = authority.rsplit('@').next().unwrap_or_default();
    if authority.contains('\\') || host.contains('%') || !host.is_ascii() {
        return Err(fault::LOCATION);
    }
    let host = host.to_ascii_lowercase();
    let usual = match scheme {
        "http" | "ws" => ":80",
        "https" | "wss" => ":443",
        _ => ":",
    };
    let host = host.strip_suffix(usual).unwrap_or(&host);
    let host = host.strip_suffix('.').unwrap_or(host);
    let is_own = scheme == "file" && matches!(host, "localhost" | "127.0.0.1" | "[::1]");
    Ok(if is_own {
        String::new()
    } else {
        host.to_owned()
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
            ("file:/srv/x", "file:///srv/x"),
            ("file:srv/x", "file:///srv/x"),
            ("file://LocalHost/srv/x", "file:///srv/x"),
            ("https://vault.internal.:443/a", "https://vault.internal/a"),
            (
                "http://vault.internal:8080/a",
                "http://vault.internal:8080/a",
            ),
            ("db:/x", "db:/x"),
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
            "https:vault.internal/a",
            "https:///vault.internal/a",
            "https://vault.internal\\@x/a",
            "https://v\u{e4}ult.internal/a",
        ] {
            assert_eq!(of(uri), Err(fault::LOCATION), "{uri}");
        }
        assert_eq!(
            of(&format!("file:///{}", "a".repeat(600))),
            Err(fault::LOCATION)
        );
    }
}
