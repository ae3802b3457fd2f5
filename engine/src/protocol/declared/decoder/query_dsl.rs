//! Queries of Elasticsearch and OpenSearch: whether one lets through less than everything.
//!
//! Only what surely narrows counts; a clause that nobody knows here does not.

use crate::protocol::declared::place::{Found, Place};
use crate::protocol::declared::source::View;
use crate::refusal::Refusal;
use crate::value::Value;

/// Whether what stands in one of the places narrows: a query, or the text of a query string.
pub(in crate::protocol::declared) fn narrows(
    places: &[Place],
    view: &View<'_, '_>,
) -> Result<bool, Refusal> {
    // Where there are several, one may take the place of another: each has to narrow.
    let (mut is_there, mut is_narrowed) = (false, true);
    for place in places {
        place.each(view, &mut |found| {
            is_there = true;
            is_narrowed &= match found {
                Found::Text(text) | Found::Scalar(text) => text_narrows(&text),
                Found::Tree(query) => query_narrows(query),
            };
            Ok(())
        })?;
    }
    Ok(is_there && is_narrowed)
}

/// As deep as JSON is.
pub(super) fn query_narrows(query: &Value<'_>) -> bool {
    let Value::Object(members) = query else {
        return false;
    };
    let [(name, clause)] = members.as_slice() else {
        return false;
    };
    match name.as_ref() {
        "match_none" => true,
        "bool" => bool_narrows(clause),
        "constant_score" | "nested" | "has_child" | "has_parent" | "function_score" => {
            let inner = clause.member("filter").or_else(|| clause.member("query"));
            inner.is_some_and(query_narrows)
        }
        "boosting" => clause.member("positive").is_some_and(query_narrows),
        "dis_max" => all_narrow(clause.member("queries")),
        "ids" => clause.member("values").is_some(),
        "exists" => {
            let field = clause.member("field").and_then(Value::text);
            field.is_some_and(|field| {
                !field.is_empty() && !field.starts_with('_') && !field.contains('*')
            })
        }
        "range" => {
            let bounds = ["gt", "gte", "lt", "lte", "from", "to"];
            is_about_a_field(clause, |test| {
                let bound = |name: &&str| test.member(name).is_some_and(|one| *one != Value::Null);
                bounds.iter().any(bound)
            })
        }
        // A text of stop words alone may let everything through.
        "match" | "match_phrase" | "match_phrase_prefix" | "match_bool_prefix" => {
            is_about_a_field(clause, |test| test.member("zero_terms_query").is_none())
        }
        "term" | "terms" | "fuzzy" | "span_term" | "geo_distance" | "geo_bounding_box" => {
            is_about_a_field(clause, |_| true)
        }
        "regexp" => is_about_a_field(clause, |test| {
            let pattern = test.member("value").unwrap_or(test).text();
            let is_word = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
            pattern.is_some_and(|text| !text.is_empty() && text.bytes().all(is_word))
        }),
        "prefix" | "wildcard" => is_about_a_field(clause, |test| {
            let pattern = test.member("value").or_else(|| test.member("wildcard"));
            let pattern = pattern.unwrap_or(test).text();
            pattern.is_some_and(|text| text.bytes().any(|byte| byte.is_ascii_alphanumeric()))
        }),
        "query_string" | "simple_query_string" | "multi_match" => {
            let text = clause.member("query").and_then(Value::text);
            clause.member("zero_terms_query").is_none() && text.is_some_and(text_narrows)
        }
        _ => false,
    }
}

/// A clause of the form `{field: test}`.
fn is_about_a_field(clause: &Value<'_>, narrows: impl Fn(&Value<'_>) -> bool) -> bool {
    let Value::Object(members) = clause else {
        return false;
    };
    let mut fields = members
        .iter()
        .filter(|(name, _)| !matches!(name.as_ref(), "boost" | "_name"));
    match (fields.next(), fields.next()) {
        (Some((name, test)), None) => {
            (*name == "_id" || !name.starts_with('_')) && *name != "*" && narrows(test)
        }
        _ => false,
    }
}

/// `must` and `filter` narrow if one of them does; `should` only where one of it has to hold.
fn bool_narrows(clause: &Value<'_>) -> bool {
    let any = |name| {
        let clauses = clause.member(name).map(Value::each);
        clauses.unwrap_or_default().iter().any(query_narrows)
    };
    if any("must") || any("filter") {
        return true;
    }
    let is_there = |name| {
        clause
            .member(name)
            .is_some_and(|one| !one.each().is_empty())
    };
    let is_needed =
        clause.member("minimum_should_match").is_none() && !is_there("must") && !is_there("filter");
    is_needed && all_narrow(clause.member("should"))
}

fn all_narrow(clauses: Option<&Value<'_>>) -> bool {
    let clauses = clauses.map(Value::each).unwrap_or_default();
    !clauses.is_empty() && clauses.iter().all(query_narrows)
}

/// A query string: words without stars and without anything that negates or widens.
fn text_narrows(text: &str) -> bool {
    let has_word = text.bytes().any(|byte| byte.is_ascii_alphanumeric());
    let widens = text.contains(['*', '!', '-', '?', '/', '[', '{', '|'])
        || text
            .split_ascii_whitespace()
            .any(|word| matches!(word, "OR" | "NOT" | "||") || is_about_all(word));
    has_word && !widens
}

/// `_index:name`, `_exists_:_id`: what every item has.
fn is_about_all(word: &str) -> bool {
    word.trim_start_matches(['(', '+', '"']).starts_with('_') && !word.starts_with("_id:")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json;
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    #[test]
    fn only_what_surely_narrows_counts() {
        for (query, expected) in [
            (r#"{"term": {"customer": "c-7"}}"#, true),
            (r#"{"match_all": {}}"#, false),
            (r#"{"bool": {}}"#, false),
            (r#"{"bool": {"must": [{"match_all": {}}]}}"#, false),
            (r#"{"bool": {"filter": {"term": {"a": 1}}}}"#, true),
            (r#"{"bool": {"should": [{"term": {"a": 1}}]}}"#, true),
            (
                r#"{"bool": {"should": [{"term": {"a": 1}}, {"match_all": {}}]}}"#,
                false,
            ),
            (
                r#"{"bool": {"should": [{"term": {"a": 1}}], "must": [{"match_all": {}}]}}"#,
                false,
            ),
            (
                r#"{"bool": {"should": [{"term": {"a": 1}}], "minimum_should_match": 0}}"#,
                false,
            ),
            (r#"{"bool": {"must_not": [{"term": {"a": 1}}]}}"#, false),
            (r#"{"exists": {"field": "_id"}}"#, false),
            (r#"{"range": {"a": {}}}"#, false),
            (r#"{"range": {"a": {"gte": 5}}}"#, true),
            (r#"{"wildcard": {"a": "*"}}"#, false),
            (r#"{"wildcard": {"a": {"value": "x*"}}}"#, true),
            (r#"{"query_string": {"query": "*:*"}}"#, false),
            (r#"{"query_string": {"query": "customer:7"}}"#, true),
            (r#"{"script": {"script": "true"}}"#, false),
            (
                r#"{"constant_score": {"filter": {"match_all": {}}}}"#,
                false,
            ),
            (r#"{"term": {"a": 1}, "match_all": {}}"#, false),
            (
                r#"{"match": {"a": {"query": "", "zero_terms_query": "all"}}}"#,
                false,
            ),
            (r#"{"regexp": {"a": ".*|x"}}"#, false),
            (r#"{"regexp": {"a": "x"}}"#, true),
            (r#"{"range": {"_seq_no": {"gte": 0}}}"#, false),
            (r#"{"exists": {"field": "i*"}}"#, false),
            (r#"{"query_string": {"query": "_index:orders"}}"#, false),
            ("[]", false),
        ] {
            assert_eq!(
                query_narrows(&json::parse(query).unwrap()),
                expected,
                "{query}"
            );
        }
        assert!(text_narrows("customer:7 AND open") && !text_narrows("a OR b"));
    }
}
