//! `sql:` of a case to the request that carries the statement to an API of the document.
//!
//! The first API that takes SQL, or the one that `api:` names, in the first place where it looks.

use lictor_engine::document::{Content, Node};
use serde_json::{Value, json};

use super::Call;
use super::request::HOST;
use crate::tree;

/// The request, or what is missing for one.
pub(crate) fn request(document: &Node, api: Option<&str>, text: &str) -> Result<Call, String> {
    let apis = tree::member(document, "apis").map(tree::each);
    let mut apis = apis.unwrap_or_default().iter();
    let chosen = apis.find(|entry| {
        let name = tree::member(entry, "name").and_then(tree::text);
        tree::member(entry, "sql").is_some() && api.is_none_or(|api| name == Some(api))
    });
    let Some(chosen) = chosen else {
        return Err(match api {
            Some(name) => format!("expected an API named `{name}` with the key `sql`"),
            None => "expected the document to have an API with the key `sql`".to_owned(),
        });
    };
    let place = tree::member(chosen, "sql").and_then(|sql| tree::member(sql, "at"));
    let place = place.and_then(|at| tree::each(at).first());
    let place = place.ok_or("expected the API to say where statements stand")?;
    Ok(carried(place, &path(chosen), &host(chosen), text))
}

/// A path that the API matches.
fn path(api: &Node) -> String {
    let pattern = pattern(api, "path").unwrap_or("/sql");
    pattern
        .trim_end_matches("/**")
        .replace("**", "x")
        .replace('*', "x")
}

fn host(api: &Node) -> String {
    let pattern = pattern(api, "host").unwrap_or(HOST);
    pattern.replace("**", "x").replace('*', "x")
}

fn pattern<'n>(api: &'n Node, key: &str) -> Option<&'n str> {
    let patterns = tree::member(tree::member(api, "match")?, key)?;
    tree::each(patterns).first().and_then(tree::text)
}

fn carried(place: &Node, path: &str, host: &str, text: &str) -> Call {
    let (kind, name) = kind_and_name(place);
    let (method, target, media, body) = match kind {
        "form" => ("POST", path.to_owned(), FORM, pair(name, text)),
        "query" => (
            "GET",
            format!("{path}?{}", pair(name, text)),
            "",
            String::new(),
        ),
        "body" => ("POST", path.to_owned(), "text/plain", text.to_owned()),
        _ => {
            let body = within(name, text).to_string();
            ("POST", path.to_owned(), "application/json", body)
        }
    };
    let mut headers = vec![
        (":method".to_owned(), method.to_owned()),
        (":path".to_owned(), target),
        (":authority".to_owned(), host.to_owned()),
    ];
    if !media.is_empty() {
        headers.push(("content-type".to_owned(), media.to_owned()));
    }
    Call {
        headers,
        body: body.into_bytes(),
        ..Call::default()
    }
}

const FORM: &str = "application/x-www-form-urlencoded";

fn kind_and_name(place: &Node) -> (&str, &str) {
    match &place.content {
        Content::Text(path) => ("json", path),
        Content::Mapping(entries) => {
            let kinds = ["json", "form", "query", "body"];
            let mut entries = entries.iter();
            let found = entries.find(|(key, _)| kinds.contains(&key.text.as_str()));
            found.map_or(("json", "$.query"), |(key, node)| {
                (key.text.as_str(), tree::text(node).unwrap_or_default())
            })
        }
        _ => ("json", "$.query"),
    }
}

/// `$.statements[*].sql` and a text to `{"statements": [{"sql": text}]}`.
fn within(path: &str, text: &str) -> Value {
    let steps = path.trim_start_matches('$').replace("[*]", ".[*]");
    let steps = steps.split('.').filter(|step| !step.is_empty());
    steps.rev().fold(json!(text), |value, step| match step {
        "[*]" => json!([value]),
        _ => {
            let name = step.trim_matches(|letter| matches!(letter, '[' | ']' | '\'' | '"'));
            json!({ name: value })
        }
    })
}

/// `name=text`, percent-encoded.
fn pair(name: &str, text: &str) -> String {
    let mut encoded = name.to_owned();
    encoded.push('=');
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            encoded.push_str(&format!("%{byte:02X}"));
        }
    }
    encoded
}

#[cfg(test)]
mod tests {
    use lictor_engine::document;

    use super::*;

    fn call(api: &str) -> (Vec<String>, String) {
        let text = format!("apis: [{{name: a, http: {{}}}}, {api}]");
        let node = document::read(text.as_bytes()).unwrap();
        let call = request(&node, None, "SELECT 'ä b'").unwrap();
        let values = call.headers.into_iter().map(|(_, value)| value).collect();
        (values, String::from_utf8(call.body).unwrap())
    }

    #[test]
    fn a_statement_goes_where_the_api_looks_for_it() {
        let (head, body) =
            call("{name: s, match: {path: [/q/*, /z], host: '*.db'}, sql: {at: '$.list[*].sql'}}");
        assert_eq!(head, ["POST", "/q/x", "x.db", "application/json"]);
        assert_eq!(body, r#"{"list":[{"sql":"SELECT 'ä b'"}]}"#);
        let (head, body) = call("{name: s, match: {path: /q/**}, sql: {at: [{query: q}]}}");
        assert_eq!(head[..2], ["GET", "/q?q=SELECT%20%27%C3%A4%20b%27"]);
        assert_eq!(body, "");
        let (head, body) = call("{name: s, sql: {at: {body: text}}}");
        assert_eq!((head[1].as_str(), head[3].as_str()), ("/sql", "text/plain"));
        assert_eq!(body, "SELECT 'ä b'");
    }

    #[test]
    fn says_what_is_missing() {
        let node = document::read(b"apis: [{name: a, http: {}}]").unwrap();
        let missing = request(&node, None, "x").unwrap_err();
        assert!(missing.contains("an API with the key `sql`"), "{missing}");
        let missing = request(&node, Some("a"), "x").unwrap_err();
        assert!(missing.contains("named `a`"), "{missing}");
    }
}
