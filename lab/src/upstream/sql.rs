//! `POST /sql`: statements out of JSON, a form, the query or the raw body go to the database as
//! they are. This is the kind of endpoint that a guard is for.

use std::borrow::Cow;

use hyper::{Response, StatusCode};
use serde_json::{Value, json};

use super::database::Database;
use super::service::{Arrived, Body, json};

const FIELD: &str = "query";

pub(super) fn answer(database: &Database, request: &Arrived) -> Response<Body> {
    match database.run(&statements(request)) {
        Ok(results) => json(StatusCode::OK, &json!({"results": results})),
        Err(cause) => json(
            StatusCode::BAD_REQUEST,
            &json!({"error": cause.to_string()}),
        ),
    }
}

fn statements(request: &Arrived) -> String {
    if let Some(statements) = request.head.uri.query().and_then(form_field) {
        return statements;
    }
    let body = String::from_utf8_lossy(&request.body);
    let content_type = request.header("content-type");
    let found = if content_type.starts_with("application/json") {
        json_field(&body)
    } else if content_type.starts_with("application/x-www-form-urlencoded") {
        form_field(&body)
    } else {
        None
    };
    found.unwrap_or_else(|| body.into_owned())
}

fn json_field(body: &str) -> Option<String> {
    let document: Value = serde_json::from_str(body).ok()?;
    Some(document.get(FIELD)?.as_str()?.to_owned())
}

fn form_field(form: &str) -> Option<String> {
    form.split('&')
        .filter_map(|pair| pair.split_once('='))
        .find(|(name, _)| *name == FIELD)
        .map(|(_, value)| decoded(value))
}

fn decoded(value: &str) -> String {
    let mut bytes = Vec::with_capacity(value.len());
    let mut rest = value.as_bytes();
    while let [first, tail @ ..] = rest {
        rest = tail;
        match (first, tail) {
            (b'+', _) => bytes.push(b' '),
            (b'%', [high, low, after @ ..]) => {
                let digits = [*high, *low];
                let byte = std::str::from_utf8(&digits)
                    .ok()
                    .and_then(|digits| u8::from_str_radix(digits, 16).ok());
                bytes.push(byte.unwrap_or(b'%'));
                rest = if byte.is_some() { after } else { tail };
            }
            _ => bytes.push(*first),
        }
    }
    match String::from_utf8_lossy(&bytes) {
        Cow::Borrowed(text) => text.to_owned(),
        Cow::Owned(text) => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_the_field_of_a_form() {
        let form = "a=1&query=SELECT+1%3B+--%zz";
        assert_eq!(form_field(form).as_deref(), Some("SELECT 1; --%zz"));
    }

    #[test]
    fn finds_the_field_of_json() {
        assert_eq!(
            json_field(r#"{"query":"SELECT 1"}"#).as_deref(),
            Some("SELECT 1")
        );
        assert_eq!(json_field(r#"{"query":1}"#), None);
    }
}
