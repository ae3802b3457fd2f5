//! SQL over HTTP: where statements are found, and where looking for them is refused.

use super::*;
use crate::action::Effect;
use crate::document::{self, Reader};
use crate::limits;
use crate::protocol::Given;
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

const JSON: &str = "application/json";
const FORM: &str = "application/x-www-form-urlencoded";

fn effects(at: &str, media: &str, query: &str, body: &str) -> Result<Vec<Effect>, &'static str> {
    let node = document::read(format!("dialect: postgres\nat: {at}\n").as_bytes()).unwrap();
    let protocol = compile_sql(&mut Reader::default(), &node, "sql", &Given::default()).unwrap();
    let mut head = Head::default();
    head.headers.push(b":method", b"POST");
    if !media.is_empty() {
        head.headers.push(b"content-type", media.as_bytes());
    }
    let request = Request {
        head: &head,
        path: "/sql",
        query,
        body: body.as_bytes(),
        analyses: &crate::sql::Cache::default(),
        wanted: crate::message::Wanted::default(),
    };
    let intent = protocol.read(&request).map_err(|refusal| refusal.code)?;
    Ok(intent.actions.iter().map(|action| action.effect).collect())
}

#[test]
fn every_definition_that_is_built_in_compiles() {
    for name in names() {
        let mut reader = Reader::default();
        let node = document::read(format!("use: {name}").as_bytes()).unwrap();
        let node = reader
            .mapping(&node, "")
            .unwrap()
            .optional("use")
            .unwrap()
            .0;
        let api = compile_use(&mut reader, node, "use", &Given::default());
        assert_eq!(reader.into_mistakes(), [], "{name}");
        assert_eq!(
            api.unwrap().name(),
            name,
            "a definition has the name of its file"
        );
    }
}

#[test]
fn finds_the_statement_in_every_kind_of_place() {
    let drop = Ok(vec![Effect::Drop]);
    assert_eq!(
        effects("$.query", JSON, "", r#"{"query":"DROP TABLE t"}"#),
        drop
    );
    assert_eq!(
        effects("$['a.b'].c", JSON, "", r#"{"a.b":{"c":"DROP TABLE t"}}"#),
        drop
    );
    assert_eq!(effects("{form: q}", FORM, "", "x=1&q=DROP+TABLE%20t"), drop);
    assert_eq!(effects("{query: q}", "", "q=DROP%20TABLE%20t", ""), drop);
    assert_eq!(
        effects("{body: text}", "text/plain", "", "DROP TABLE t"),
        drop
    );
    assert_eq!(effects("{body: text}", "", "", "DROP TABLE t"), drop);
    assert_eq!(
        effects(
            "{json: $.q, encoding: base64}",
            JSON,
            "",
            r#"{"q":"RFJPUCBUQUJMRSB0"}"#
        ),
        drop
    );
}

#[test]
fn reads_several_statements_of_one_request() {
    let batch = r#"{"queries":[{"query":"SELECT a FROM t"},{"query":"DROP TABLE t"}]}"#;
    assert_eq!(
        effects("$.queries[*].query", JSON, "", batch),
        Ok(vec![Effect::Read, Effect::Drop])
    );
    let both = effects(
        "[$.query, {query: q}]",
        JSON,
        "q=DROP%20TABLE%20t",
        r#"{"query":"SELECT a FROM t"}"#,
    );
    assert_eq!(both, Ok(vec![Effect::Read, Effect::Drop]));
}

#[test]
fn refuses_a_request_without_a_statement() {
    assert_eq!(
        effects("$.query", JSON, "", r#"{"query":null}"#),
        Err("sql.missing")
    );
    assert_eq!(
        effects("$.query", JSON, "", r#"{"other":1}"#),
        Err("sql.missing")
    );
    assert_eq!(effects("$.query", "", "", ""), Err("sql.missing"));
    assert_eq!(
        effects("$.q[*]", JSON, "", r#"{"q":[]}"#),
        Err("sql.missing")
    );
}

#[test]
fn refuses_a_statement_that_is_not_text() {
    for body in [r#"{"query":7}"#, r#"{"query":["DROP TABLE t"]}"#] {
        assert_eq!(
            effects("$.query", JSON, "", body),
            Err("sql.not_text"),
            "{body}"
        );
    }
    assert_eq!(
        effects("$.query", JSON, "", "[]"),
        Err("json.unexpected_type")
    );
}

#[test]
fn refuses_a_body_that_no_declared_place_covers() {
    let body = r#"{"query":"DROP TABLE t"}"#;
    assert_eq!(
        effects("$.query", "text/plain", "", body),
        Err("content.type_unexpected")
    );
    assert_eq!(
        effects("$.query", "", "", body),
        Err("content.type_unexpected")
    );
    assert_eq!(
        effects("{query: q}", JSON, "q=SELECT%201", body),
        Err("content.type_unexpected")
    );
}

#[test]
fn refuses_a_name_in_another_case_beside_or_instead_of_the_declared_one() {
    for body in [
        r#"{"Query":"DROP TABLE t"}"#,
        r#"{"query":"SELECT 1","QUERY":"DROP TABLE t"}"#,
    ] {
        assert_eq!(
            effects("$.query", JSON, "", body),
            Err("json.ambiguous_key"),
            "{body}"
        );
    }
}

#[test]
fn refuses_what_the_strict_readers_refuse() {
    assert_eq!(
        effects("$.query", JSON, "", r#"{"query":"a","query":"b"}"#),
        Err("json.duplicate_key")
    );
    assert_eq!(
        effects("{form: q}", FORM, "", "q=1&q=2"),
        Err("parameters.repeated")
    );
    assert_eq!(
        effects("{query: q}", "", "q=1;r=2", ""),
        Err("parameters.malformed")
    );
    assert_eq!(
        effects("{json: $.q, encoding: base64}", JSON, "", r#"{"q":"RFJ"}"#),
        Err("content.base64")
    );
}

#[test]
fn refuses_more_sql_than_one_request_may_hold() {
    let half = format!("SELECT '{}'", "x".repeat(limits::SQL_TEXT_BYTES / 2));
    let body = format!("[\"{half}\",\"{half}\"]");
    assert_eq!(effects("$[*]", JSON, "", &body), Err("sql.too_long"));
}
