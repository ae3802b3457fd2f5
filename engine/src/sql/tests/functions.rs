//! A function that nobody knows is told, wherever it is called.

use super::{Dialect, expect, expect_in};
use crate::action::Effect;
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

#[test]
fn an_unknown_function_is_called() {
    expect(&[
        (
            "SELECT my_function(1)",
            "read none; call unknown function:my_function",
        ),
        (
            "SELECT Public.Wipe()",
            "read none; call unknown function:public.wipe",
        ),
        (
            "SELECT my.lower('A')",
            "read none; call unknown function:my.lower",
        ),
        (
            "SELECT my.ceil(1)",
            "read none; call unknown function:my.ceil",
        ),
        (
            "SELECT my.\"trim\"(1)",
            "read none; call unknown function:my.trim",
        ),
        (
            "SELECT \"LOWER\"('A')",
            "read none; call unknown function:LOWER",
        ),
        (
            "SELECT pg_temp.now()",
            "read none; call unknown function:pg_temp.now",
        ),
        (
            "SELECT one(two(3))",
            "read none; call unknown function:one; call unknown function:two",
        ),
        (
            "SELECT * FROM wipe(1) AS w (a)",
            "read none; call unknown function:wipe",
        ),
        (
            "SELECT * FROM t, LATERAL wipe(t.a)",
            "read all table:t; call unknown function:wipe",
        ),
        (
            "SELECT a FROM t WHERE b = 1 ORDER BY wipe(a)",
            "read filtered table:t; call unknown function:wipe",
        ),
        (
            "UPDATE t SET a = wipe(a) WHERE id = 1",
            "update filtered table:t; call unknown function:wipe",
        ),
        (
            "INSERT INTO t (a) VALUES (wipe(1))",
            "insert limited(1) table:t; call unknown function:wipe",
        ),
        (
            "DELETE FROM t WHERE id = 1 RETURNING wipe(a)",
            "delete filtered table:t; call unknown function:wipe",
        ),
        ("CALL wipe(1)", "call unknown function:wipe"),
        (
            "CALL p(wipe(1))",
            "call unknown function:p; call unknown function:wipe",
        ),
        (
            "EXPLAIN ANALYZE SELECT wipe()",
            "read none; call unknown function:wipe",
        ),
    ]);
}

#[test]
fn what_runs_later_is_told_where_it_is_made() {
    expect(&[
        (
            "CREATE TABLE t (a int DEFAULT wipe())",
            "create none table:t; call unknown function:wipe",
        ),
        (
            "CREATE TABLE t (a int, CHECK (wipe(a)))",
            "create none table:t; call unknown function:wipe",
        ),
        (
            "ALTER TABLE t ALTER a SET DEFAULT wipe()",
            "alter all table:t; call unknown function:wipe",
        ),
        (
            "ALTER TABLE t ADD b int DEFAULT wipe()",
            "alter all table:t; call unknown function:wipe",
        ),
        (
            "CREATE INDEX i ON t (wipe(a))",
            "create none table:t object:i; call unknown function:wipe",
        ),
        (
            "CREATE TRIGGER g AFTER INSERT ON t FOR EACH ROW EXECUTE FUNCTION wipe()",
            "create none table:t object:g; call unknown function:wipe",
        ),
    ]);
}

#[test]
fn what_the_databases_bring_along_is_not_told() {
    for text in [
        "SELECT count(*), lower(a), coalesce(b, now()), pg_catalog.upper(c) FROM t",
        "SELECT current_date, jsonb_agg(a), date_trunc('day', b), CAST(a AS text) FROM t",
        "SELECT row_number() OVER (ORDER BY a), extract(year FROM b), substring(a FROM 1) FROM t",
        "SELECT * FROM generate_series(1, 3), unnest(ARRAY[1]), information_schema._pg_expandarray(a)",
        "SELECT pg_get_viewdef('v'), has_table_privilege('t', 'SELECT'), pg_table_size('t')",
    ] {
        assert!(!calls(text, Dialect::Postgres), "{text}");
    }
    for (text, dialect) in [
        (
            "SELECT toStartOfHour(a), countIf(b), arrayMap(x -> x, c) FROM t",
            Dialect::Clickhouse,
        ),
        ("SELECT * FROM numbers(10)", Dialect::Clickhouse),
        (
            "SELECT SAFE.SUBSTR(a, 1), NET.HOST(b) FROM t",
            Dialect::Bigquery,
        ),
        ("SELECT a.value('(/b)[1]', 'int') FROM t", Dialect::Mssql),
        ("SELECT dbms_lob.getlength(a) FROM t", Dialect::Oracle),
        ("SELECT IF(a, 1, 2), group_concat(b) FROM t", Dialect::Mysql),
        ("SELECT name FROM pragma_table_info('t')", Dialect::Sqlite),
    ] {
        assert!(!calls(text, dialect), "{text}");
    }
}

#[test]
fn words_tell_of_functions_too() {
    // None of these is known to the parser.
    for text in [
        "SELECT wipe(1) FROM ROWS FROM (a(1)) QUALIFIED BY SOMETHING",
        "SELECT * FROM wipe(1) SOMETHING ELSE ENTIRELY",
        "SELECT a FROM t WHERE my.wipe(a) SOMETHING ELSE ENTIRELY",
        "ALTER DOMAIN d SET DEFAULT wipe()",
        "CREATE TABLE t (a int DEFAULT my.wipe(1)) SOMETHING ELSE ENTIRELY",
    ] {
        assert!(calls(text, Dialect::Postgres), "{text}");
    }
    for text in [
        "WITH w (a) AS (SELECT 1) SELECT a FROM w SOMETHING ELSE ENTIRELY",
        "INSERT INTO t (a) VALUES (lower('A')) SOMETHING ELSE ENTIRELY",
        "SELECT count(*) FROM t WHERE a IN (1) AND (b) SOMETHING ELSE ENTIRELY",
    ] {
        assert!(!calls(text, Dialect::Postgres), "{text}");
    }
}

#[test]
fn thousands_of_functions_are_unknown_and_few_actions() {
    let calls: Vec<String> = (0..1000).map(|number| format!("f{number}()")).collect();
    let analysis = super::analyse(&format!("SELECT {}", calls.join(",")), Dialect::Postgres);
    let actions = analysis
        .map(|analysis| analysis.actions)
        .unwrap_or_default();
    assert!(
        actions
            .iter()
            .any(|action| action.effect == Effect::Unknown)
    );
    assert!(actions.len() < 70, "{}", actions.len());
}

#[test]
fn what_reaches_out_stays_what_it_is() {
    assert!(!calls("SELECT pg_sleep(1)", Dialect::Postgres));
    assert!(!calls(
        "SELECT utl_http.request('a') FROM dual",
        Dialect::Oracle
    ));
    expect_in(
        Dialect::Trino,
        &[(
            "SELECT * FROM TABLE(other.system.query(query => 'DELETE FROM t'))",
            "read none; call unknown function:other.system.query; unknown unknown function:system",
        )],
    );
}

fn calls(text: &str, dialect: Dialect) -> bool {
    let analysis = super::analyse(text, dialect).map_err(|error| error.code());
    let actions = analysis
        .unwrap_or_else(|code| panic!("{code}: {text}"))
        .actions;
    actions.iter().any(|action| action.effect == Effect::Call)
}
