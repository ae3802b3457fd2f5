//! Calls: a body of exactly one KiB around a statement, heads, and who asks.

use lictor_engine::message::Head;
use lictor_engine::{identity, json};
use serde_json::json;

/// Length of every body, in bytes.
pub const BODY_BYTES: usize = 1024;

/// Claims of the caller.
#[must_use]
pub fn claims() -> serde_json::Value {
    json!({
        "sub": "ana", "groups": ["analysts", "reporting"], "department": "sales",
        "client_id": "reports", "scope": "openid profile", "email_verified": true,
    })
}

/// A JSON body of [`BODY_BYTES`] bytes that holds a statement at `$.query`.
#[must_use]
pub fn body(statement: &str) -> Vec<u8> {
    let whole = |note: &str| {
        let body =
            json!({"query": statement, "parameters": {"tenant": 12, "trace": true}, "note": note});
        body.to_string().into_bytes()
    };
    let rest = BODY_BYTES.saturating_sub(whole("").len());
    whole(&"n".repeat(rest))
}

/// The head of a call with that body.
#[must_use]
pub fn post() -> Head {
    head(&[
        (":method", "POST"),
        (":path", "/sql"),
        ("content-type", "application/json"),
        ("content-length", "1024"),
    ])
}

/// The head of a call that changes an item.
#[must_use]
pub fn patch() -> Head {
    head(&[
        (":method", "PATCH"),
        (":path", "/v1/orders/4711"),
        ("content-type", "application/json"),
        ("content-length", "1024"),
    ])
}

/// Calls of built-in APIs: the name, the path, what `X-Amz-Target` says, and a body of
/// [`BODY_BYTES`] bytes.
#[must_use]
pub fn declared() -> Vec<(&'static str, &'static str, &'static str, Vec<u8>)> {
    let padded = |body: serde_json::Value| {
        let whole = |note: &str| {
            let mut body = body.clone();
            if let Some(members) = body.as_object_mut() {
                members.insert("note".to_owned(), json!(note));
            }
            body.to_string().into_bytes()
        };
        let rest = BODY_BYTES.saturating_sub(whole("").len());
        whole(&"n".repeat(rest))
    };
    let read = "SELECT id, total FROM orders WHERE id = 7";
    vec![
        (
            "snowflake",
            "/api/v2/statements",
            "",
            padded(json!({"statement": read, "database": "SHOP"})),
        ),
        (
            "bigquery",
            "/bigquery/v2/projects/acme/queries",
            "",
            padded(json!({"query": read, "useLegacySql": false})),
        ),
        (
            "elasticsearch",
            "/orders/_delete_by_query",
            "",
            padded(json!({"query": {"term": {"customer": "c-7"}}})),
        ),
        (
            "dynamodb",
            "/",
            "DynamoDB_20120810.UpdateTable",
            padded(json!({"TableName": "orders", "DeletionProtectionEnabled": true})),
        ),
    ]
}

/// The head of such a call.
#[must_use]
pub fn declared_head(target: &str) -> Head {
    head(&[
        (":method", "POST"),
        ("content-type", "application/json"),
        ("x-amz-target", target),
    ])
}

/// The head of a call without a body.
#[must_use]
pub fn read() -> Head {
    head(&[
        (":method", "GET"),
        (":path", "/v1/orders/4711?status=open&limit=20"),
    ])
}

fn head(own: &[(&str, &str)]) -> Head {
    let every: [(&str, &str); 6] = [
        (":authority", "reports.example.com"),
        (":scheme", "https"),
        ("accept", "application/json"),
        ("user-agent", "bench/1"),
        ("x-forwarded-proto", "https"),
        ("x-request-id", "3f1c9a52-8f0e-4c58-9b9e-0d7a6f6f0c11"),
    ];
    let mut head = Head::default();
    for (name, value) in own.iter().chain(&every) {
        head.headers.push(name.as_bytes(), value.as_bytes());
    }
    head
}

/// What Envoy hands over about the caller once it has verified the token.
///
/// # Panics
///
/// When the engine can't read the bench's own claims.
#[must_use]
pub fn metadata() -> Vec<u8> {
    let text = claims().to_string();
    let claims =
        json::parse(&text).unwrap_or_else(|error| panic!("the bench's own claims: {error}"));
    identity::metadata_of("jwt", &claims)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::statement::{MEDIUM, SMALL};

    #[test]
    fn every_body_has_the_length_that_the_head_declares() {
        assert_eq!(body(SMALL).len(), BODY_BYTES);
        assert_eq!(body(MEDIUM).len(), BODY_BYTES);
    }
}
