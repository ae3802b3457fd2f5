//! Which conditions let every row through.

use super::{Dialect, told};
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

/// Checks what is left of a table by conditions.
fn expect(dialect: Dialect, reach: &str, conditions: &[&str]) {
    for condition in conditions {
        let told = told(&format!("DELETE FROM t WHERE {condition}"), dialect).to_lowercase();
        let expected = format!("delete {reach} table:t");
        assert!(
            told.contains(&expected),
            "{} {condition}: {told}",
            dialect.name()
        );
    }
}

#[test]
fn alternatives_that_are_too_many_to_be_compared_may_leave_nothing_out() {
    let many: String = (1000..1560)
        .map(|number| format!(" OR id > {number}"))
        .collect();
    expect(Dialect::Postgres, "unknown", &[&format!("id < 2000{many}")]);
}

#[test]
fn a_condition_that_always_holds_is_none() {
    expect(
        Dialect::Postgres,
        "all",
        &[
            "1 = 1",
            "true",
            "NOT false",
            "(((1 = 1)))",
            "x = 5 OR 1 = 1",
            "1 < 2 AND 'a' = 'a'",
            "'1'::int = 1",
            "CAST('1' AS integer) = 1",
            "'tr'",
            "'1'::text::int::bool",
            "1 BETWEEN 0 AND 2",
            "1 IN (2, 1)",
            "NULL IS NULL",
            "(x IS NULL) IS NOT NULL",
            "COALESCE(NULL, true)",
            "NULLIF(1, 2) = 1",
            "CASE WHEN 1 = 1 THEN true ELSE false END",
            "CASE WHEN x = 1 THEN true ELSE true END",
            "'ab' LIKE 'a%'",
            "'a' || 'b' = 'ab'",
            "1 + 1 = 2",
            "0.1 + 0.2 < 0.4",
            "0.25 + 0.75 = 1",
            "7 / 2 = 3",
            "7 % 4 = 3",
            "(1, 1) = (1, 1)",
            "(x, 1) IN ((x, 1))",
            "ROW(1, 2) <> ROW(1, 3)",
            "(1, 2) < (1, 3)",
            "1 = ANY (ARRAY[2, 1])",
            "(1 = 1) IS TRUE",
            "1 IS DISTINCT FROM 2",
            "length('abc') = 3",
            "upper('a') = 'A'",
            "true = 'yes'",
            "EXISTS (SELECT 1)",
            "EXISTS (SELECT 1 LIMIT 1)",
            "EXISTS (VALUES (1))",
            "EXISTS (SELECT count(*) FROM u WHERE false)",
            "NOT EXISTS (SELECT 1 FROM u WHERE false)",
            "x NOT IN (SELECT y FROM u WHERE 1 = 0)",
            "(SELECT true)",
            "random() < 2",
            "(SELECT count(*) FROM u) >= 0",
        ],
    );
}

#[test]
fn what_every_value_answers_alike_is_no_condition() {
    expect(
        Dialect::Postgres,
        "all",
        &[
            "x = x",
            "t.x = x",
            "((x)) = x::text",
            "lower(x) = lower(x)",
            "x + 1 = x + 1",
            "x BETWEEN x AND x",
            "x IN (1, x)",
            "x IS NOT DISTINCT FROM x",
            "x LIKE '%'",
            "x ILIKE '%%'",
            "x ~ '.*'",
            "x ~ 'a*'",
            "x IS NULL OR x IS NOT NULL",
            "x = 1 OR x <> 1",
            "x = 1 OR NOT x = 1",
            "x <> 1 OR x <> 2",
            "x < 5 OR x > 3",
            "x < 5 OR x >= 5",
            "5 > x OR x > 4",
            "x IN (1) OR x NOT IN (1)",
            "x LIKE 'a%' OR x NOT LIKE 'a%'",
            "NOT (x = 1 AND x = 2)",
            "NOT (x <> x)",
            "length(x) >= 0",
            "abs(x) > -1",
            "x * x >= 0",
            "x % 2 < 2",
            "x - x = 0",
        ],
    );
}

#[test]
fn a_condition_on_the_row_filters() {
    expect(
        Dialect::Postgres,
        "filtered",
        &[
            "x = 1",
            "x = $1",
            "x = y",
            "x LIKE 'a%'",
            "x LIKE '%%' ESCAPE '%'",
            "x ~ '^a*$'",
            "x = 1 AND 1 = 1",
            "false",
            "1 = 2",
            "NULL",
            "NULL > 1",
            "x IS NULL",
            "x IN (1, 2)",
            "x IN (SELECT y FROM u)",
            "lower(x) = 'a'",
            "lower(x) = lower(y)",
            "$1 IS NULL OR x = $1",
            "x = 1 OR y <> 1",
            "x < 3 OR x > 5",
            "x < 5 OR x > 5",
            "x = 1 OR x = 2",
            "x <> x",
            "x = 1 AND x = 2",
            "length(x) > 0",
            "x % 2 = 1",
            "0.1 + 0.2 > 0.4",
            "CASE WHEN x = 1 THEN true ELSE false END",
            "NOT EXISTS (SELECT 1)",
            "(x, 1) = (1, 1)",
            "x = 1 AND random() < 0.5",
        ],
    );
}

#[test]
fn a_condition_that_is_not_computed_is_unknown() {
    expect(
        Dialect::Postgres,
        "unknown",
        &[
            "random() < 0.5",
            "md5('a') = 'b'",
            "x = 1 OR now() > '2000-01-01'",
            "current_user <> 'x'",
            "user LIKE '%'",
            "$1",
            "$1 = $1",
            "0.1 + 0.2 = 0.3",
            "9007199254740993 <> 9007199254740992",
            "'ab'::varchar(1) = 'a'",
            "1.4::numeric(3, 0) = 1",
            "'a' > 'B'",
            "x = 1 OR CASE WHEN f() THEN true ELSE false END",
        ],
    );
}

#[test]
fn mysql_takes_anything_for_a_truth() {
    expect(
        Dialect::Mysql,
        "all",
        &[
            "x = 1 OR 1",
            "0 || 1",
            "x = 1 || 1",
            "x = 2 && 0 || 1",
            "'a' = 'A '",
            "'1a' = 1",
            "x = 1 OR !0",
            "x = .5or 1",
            "x = 1 OR -utc_date()",
            "0x61 LIKE 'A'",
            "1 RLIKE (1) | '1'",
            "5 DIV 2 = 2",
            "x = 1 /*! OR 1 */",
            "x = 1 OR 1 --",
            "\\N IS NULL",
            "X = x",
            "x = 1 OR current_user <> 'a'",
            "x = (1 != 11) OR 2",
            "IF(1, 1, 0)",
            "x = 1 XOR 1 OR 1",
        ],
    );
    expect(
        Dialect::Mysql,
        "filtered",
        &["0", "'a'", "x = 1 AND 1", "1 / 0", "x = 0.5", "!1", "NOT 1"],
    );
    expect(
        Dialect::Mysql,
        "unknown",
        &[
            "'a' <> 'A'",
            "x = 'a' || 'b'",
            "x = 1 OR !x = 0",
            "x RLIKE ''",
        ],
    );
}

#[test]
fn truth_is_the_dialects() {
    expect(Dialect::Postgres, "filtered", &["'a' = 'A'", "'' IS NULL"]);
    expect(Dialect::Oracle, "all", &["'' IS NULL", "'a' || NULL = 'a'"]);
    expect(Dialect::Oracle, "filtered", &["'' = ''"]);
    expect(Dialect::Sqlite, "filtered", &["'1' = 1", "'a' = 'A'"]);
    expect(
        Dialect::Sqlite,
        "all",
        &["'ABC' LIKE 'a%'", "1", "7 / 2 = 3"],
    );
    expect(Dialect::Mssql, "all", &["'1' + '1' = '11'", "'a' = 'A'"]);
    expect(Dialect::Mssql, "unknown", &["NULL = NULL", "'a' <> 'A'"]);
    expect(Dialect::Clickhouse, "all", &["1", "x = x"]);
    expect(Dialect::Clickhouse, "filtered", &["X = x"]);
    expect(
        Dialect::Snowflake,
        "all",
        &["7 / 2 = 3.5", "'true'::boolean"],
    );
}

#[test]
fn conditions_in_conditions_are_judged_in_time() {
    let mut condition = "1 = 1".to_owned();
    for _ in 0..20 {
        condition = format!(
            "abs(x) < (SELECT count(*) FROM t WHERE EXISTS (SELECT 1 FROM t WHERE {condition}))"
        );
        if condition.len() > 40_000 {
            break;
        }
    }
    // Refused or judged, but in either case soon.
    let _ = told(&format!("DELETE FROM t WHERE {condition}"), Dialect::Mysql);
    let many: Vec<String> = (0..900).map(|number| format!("x <> {number}")).collect();
    let text = format!("DELETE FROM t WHERE NOT ({})", many.join(" AND "));
    assert_eq!(told(&text, Dialect::Postgres), "delete filtered table:t");
}

#[test]
fn what_holds_for_whatever_is_there_is_no_condition() {
    expect(
        Dialect::Postgres,
        "all",
        &[
            "id = id + 0",
            "id = (0 + id)",
            "id - 0 >= id * 1",
            "+id = id",
            "name || '' = name",
            "id - id = 0",
            "0 = id - id",
            "id - id < 1",
            "id = 7 OR id IS NOT NULL",
            "id IS NOT NULL OR id > 7",
            "id >= id",
            "id <= id / 1",
        ],
    );
    expect(
        Dialect::Postgres,
        "filtered",
        &[
            "id = id + 1",
            "id = 1 - id",
            "id = 0 - id",
            "id = id * 0",
            "id - other = 0",
            "id - id = 1",
            "id IS NOT NULL",
            "id = 7 OR other IS NOT NULL",
            "id = 7 AND id IS NOT NULL",
            "id = 7 OR id IS NULL",
            "name || 'a' = name",
        ],
    );
}
