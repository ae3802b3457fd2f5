//! Calls of tools: what is declared, what is found by name, and what is refused.

use super::*;
use crate::document;
use crate::json;
use crate::sql::Cache;
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

const WANTED: Wanted = Wanted {
    body: false,
    arguments: true,
};

fn tools(text: &str) -> Tools {
    let node = document::read(text.as_bytes()).unwrap();
    let mut reader = Reader::default();
    let mut mapping = reader.mapping(&node, "").unwrap();
    let tools = Tools::compile(&mut reader, &mut mapping, &Given::default());
    mapping.finish(&mut reader);
    let mistakes = reader.into_mistakes();
    assert!(mistakes.is_empty(), "{mistakes:?}");
    tools.unwrap()
}

fn call(tools: &Tools, name: &str, arguments: &str) -> Result<Vec<Action>, Refusal> {
    let arguments = json::parse(arguments).unwrap();
    let call = Call {
        operation: "tools/call",
        name,
        arguments: &arguments,
    };
    let mut actions = Vec::new();
    tools.read(&call, (&Cache::default(), WANTED), &mut actions)?;
    Ok(actions)
}

fn told(tools: &Tools, name: &str, arguments: &str) -> Vec<String> {
    let actions = call(tools, name, arguments).unwrap();
    let told = actions.iter().map(|action| {
        let resources: Vec<_> = action.resources.iter().map(ToString::to_string).collect();
        let effect = action.effect.name();
        format!("{effect} {} {}", action.reach.name(), resources.join(" "))
    });
    told.collect()
}

fn code(tools: &Tools, name: &str, arguments: &str) -> &'static str {
    call(tools, name, arguments).unwrap_err().code
}

const PLAIN: &str = "{dialect: postgres}";

#[test]
fn a_call_is_an_action_on_its_tool_with_its_arguments() {
    let tools = tools(PLAIN);
    let actions = call(&tools, "refund", r#"{"amount":5}"#).unwrap();
    let [action] = &actions[..] else {
        panic!("expected one action");
    };
    assert_eq!(action.effect, Effect::Invoke);
    assert_eq!(action.resources[0].to_string(), "tool:refund");
    let Arguments::Known(arguments) = &action.arguments else {
        panic!("expected arguments");
    };
    assert_eq!(arguments.member("amount"), Some(&Value::from(5)));
    assert_eq!(
        told(&tools, "refund", "null"),
        ["invoke unknown tool:refund"]
    );
}

#[test]
fn sql_is_found_by_the_names_of_arguments() {
    let tools = tools(PLAIN);
    let gone = ["invoke unknown tool:x", "drop all table:users"];
    for arguments in [
        r#"{"sql":"DROP TABLE users"}"#,
        r#"{"SQL":"DROP TABLE users"}"#,
        r#"{"raw_sql":"DROP TABLE users"}"#,
        r#"{"statements":["DROP TABLE users"]}"#,
        r#"{"options":{"query":"DROP TABLE users"}}"#,
        r#"{"sql":{"text":"DROP TABLE users"}}"#,
        r#"{"command":"-- tidy up\nDROP TABLE users"}"#,
        r#"{"q":" ; /* a */ DROP TABLE users"}"#,
        r#"{"query":"```sql\nDROP TABLE users\n```"}"#,
        r#"{"sql":"```\nDROP TABLE users\n```"}"#,
        r#"{"query":"{\"sql\":\"DROP TABLE users\"}"}"#,
    ] {
        assert_eq!(told(&tools, "x", arguments), gone, "{arguments}");
    }
}

#[test]
fn a_text_that_is_no_sql_is_left_alone_only_where_a_name_leaves_it_open() {
    let tools = tools(PLAIN);
    let only = ["invoke unknown tool:x"];
    assert_eq!(
        told(&tools, "x", r#"{"query":"orders of last week"}"#),
        only
    );
    assert_eq!(told(&tools, "x", r#"{"note":"DROP TABLE users"}"#), only);
    assert_eq!(told(&tools, "x", r#"{"sql_dialect":"mysql"}"#), only);
    assert_eq!(
        code(&tools, "x", r#"{"sql":"orders of last week"}"#),
        "sql.syntax"
    );
    let pizza = told(&tools, "x", r#"{"query":"select the best pizza"}"#);
    assert_eq!(pizza, ["invoke unknown tool:x", "read unknown "]);
    for code_only in [
        "/*!50000 DROP TABLE users */",
        "orders; DROP everything that is there",
        "a: DROP TABLE users",
        "xp_cmdshell 'dir'",
    ] {
        let arguments = format!("{{\"query\":\"{code_only}\"}}");
        let is_seen = call(&tools, "x", &arguments).map_or(true, |actions| actions.len() > 1);
        assert!(is_seen, "{code_only}");
    }
}

#[test]
fn without_a_dialect_what_any_likely_one_says_is_done() {
    let tools = tools("{}");
    let read = told(&tools, "x", r#"{"sql":"SELECT * FROM `orders` LIMIT 5"}"#);
    assert!(
        read.contains(&"read limited table:orders".to_owned()),
        "{read:?}"
    );
    assert_eq!(
        code(
            &tools,
            "x",
            r#"{"sql":"SELECT 'a\\'; DROP TABLE users; -- '"}"#
        ),
        "sql.lexical_ambiguity"
    );
}

#[test]
fn the_operator_says_where_sql_stands_and_what_else_is_done() {
    let tools = tools(
        "
dialect: mysql
undeclared: deny
tools:
  run_query: {sql: {dialect: postgres, at: $.text}}
  search: {sql: none, effect: read, reach: {limit: $.top}}
  remove_customer:
    arguments: {id: integer, reason: string}
    actions: {effect: delete, table: customers, reach: {key: $.id}}
  \"files_*\": {effect: read}
  files_write: {effect: update, reach: key, actions: {effect: import, location: \"file:{$.path}\"}}
",
    );
    assert_eq!(
        told(&tools, "run_query", r#"{"text":"DELETE FROM t"}"#),
        ["invoke unknown tool:run_query", "delete all table:t"]
    );
    assert_eq!(code(&tools, "run_query", r#"{"other":1}"#), "sql.missing");
    assert_eq!(
        code(&tools, "run_query", r#"{"Text":"DELETE FROM t"}"#),
        "json.ambiguous_key"
    );
    assert_eq!(
        told(
            &tools,
            "search",
            r#"{"query":"select the best pizza","top":5}"#
        ),
        ["read limited tool:search"]
    );
    assert_eq!(
        told(&tools, "remove_customer", r#"{"id":7}"#),
        [
            "invoke unknown tool:remove_customer",
            "delete key table:customers"
        ]
    );
    assert_eq!(
        code(&tools, "remove_customer", r#"{"id":7.5}"#),
        "tool.argument_type"
    );
    assert_eq!(
        code(&tools, "remove_customer", r#"{"ids":[7]}"#),
        "tool.argument_unknown"
    );
    assert_eq!(
        told(&tools, "files_list", "{}"),
        ["read unknown tool:files_list"]
    );
    assert_eq!(
        told(&tools, "files_write", r#"{"path":"/a"}"#),
        [
            "update key tool:files_write",
            "import unknown location:file:/a"
        ]
    );
    assert_eq!(code(&tools, "run_Query", "{}"), "tool.undeclared");
}

#[test]
fn names_that_patterns_could_be_fooled_by_are_refused() {
    let tools = tools(PLAIN);
    for name in [
        "",
        "a b",
        "a*",
        "d\u{440}op",
        "a\n",
        "a\"b",
        &"a".repeat(129),
    ] {
        assert_eq!(code(&tools, name, "{}"), "tool.name", "{name}");
    }
    assert_eq!(code(&tools, "x", "[1]"), "tool.arguments");
    assert_eq!(told(&tools, "mcp__db/run.query-2", "{}").len(), 1);
}

#[test]
fn too_much_sql_is_refused() {
    let tools = tools(PLAIN);
    let long = format!("{{\"sql\":\"SELECT '{}'\"}}", "a".repeat(70_000));
    assert_eq!(code(&tools, "x", &long), "sql.too_long");
    let many = format!("{{\"sql\":[{}\"SELECT 1\"]}}", "\"SELECT 1\",".repeat(40));
    assert_eq!(code(&tools, "x", &many), "sql.too_long");
}
