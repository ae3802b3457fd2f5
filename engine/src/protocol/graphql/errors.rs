//! A refusal as GraphQL clients read it: `{"errors": [{"message": …, "extensions": …}]}`.
//!
//! The status stays what it is for everybody else, so that proxies and logs see a refusal. Only a
//! hash that nobody knows is told as Apollo's clients expect it, who send the query then.
//!
//! Sources: GraphQL specification, section 7.1; Apollo's automatic persisted queries.

use super::fault::PERSISTED_UNKNOWN;
use crate::reply::{Form, Problem, Reply};
use crate::value::Value;

/// The reply.
pub(super) fn reply(problem: &Problem<'_>) -> Reply {
    let asks_for_query = problem.code == PERSISTED_UNKNOWN.code;
    let (message, code) = match asks_for_query {
        true => ("PersistedQueryNotFound", "PERSISTED_QUERY_NOT_FOUND"),
        false => (problem.detail, problem.code),
    };
    let mut extensions = vec![("code".into(), Value::from(code))];
    let more = [
        ("rule", problem.rule.unwrap_or_default()),
        ("advice", problem.advice),
        ("record", problem.record),
    ];
    for (name, text) in more {
        if !text.is_empty() {
            extensions.push((name.into(), Value::from(text)));
        }
    }
    let error = Value::Object(vec![
        ("message".into(), Value::from(message)),
        ("extensions".into(), Value::Object(extensions)),
    ]);
    let body = Value::Object(vec![("errors".into(), Value::List(vec![error]))]);
    let mut reply = problem.reply(Form::Http);
    if asks_for_query {
        reply.status = 200;
    }
    for (name, value) in &mut reply.headers {
        if *name == "content-type" {
            *value = "application/json".into();
        }
    }
    reply.body = serde_json::to_vec(&body).unwrap_or_default();
    reply
}

#[cfg(test)]
mod tests {
    use super::*;
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    const DENIED: Problem<'_> = Problem {
        status: 403,
        code: "policy.denied",
        rule: Some("no-bulk"),
        detail: "This would change every row.",
        advice: "",
        record: "r1",
        path: "/",
        request: None,
    };

    #[test]
    fn a_denial_is_an_error_of_graphql() {
        let reply = reply(&DENIED);
        assert_eq!(reply.status, 403);
        assert!(
            reply
                .headers
                .contains(&("content-type".into(), "application/json".into()))
        );
        assert_eq!(
            String::from_utf8(reply.body).unwrap(),
            r#"{"errors":[{"message":"This would change every row.","extensions":{"code":"policy.denied","rule":"no-bulk","record":"r1"}}]}"#
        );
    }

    #[test]
    fn a_hash_that_nobody_knows_makes_clients_send_the_query() {
        let problem = Problem {
            status: 400,
            code: PERSISTED_UNKNOWN.code,
            rule: None,
            ..DENIED
        };
        let reply = reply(&problem);
        assert_eq!(reply.status, 200);
        let body = String::from_utf8(reply.body).unwrap();
        assert!(body.contains(r#""code":"PERSISTED_QUERY_NOT_FOUND""#));
    }
}
