//! How much a statement can touch.

use super::{Dialect, expect, expect_in};
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

#[test]
fn a_condition_that_always_holds_is_none() {
    for condition in [
        "1 = 1",
        "true",
        "NOT false",
        "(((1 = 1)))",
        "x = 5 OR 1 = 1",
        "1 < 2 AND 'a' = 'a'",
        "'1'::int = 1",
        "CAST('1' AS integer) = 1",
        "x = x",
        "t.x = x",
        "x IS NULL OR x IS NOT NULL",
        "x LIKE '%'",
        "x ILIKE '%%'",
        "x = 1 OR x <> 1",
        "1 BETWEEN 0 AND 2",
        "1 IN (2, 1)",
        "NULL IS NULL",
        "COALESCE(NULL, true)",
        "CASE WHEN 1 = 1 THEN true ELSE false END",
        "'ab' LIKE 'a%'",
        "2 > 1 OR x = 1",
        "'a' || 'b' = 'ab'",
        "1 + 1 = 2",
        "EXISTS (SELECT 1)",
        "(SELECT true)",
        "x IN (SELECT x FROM t)",
        "EXISTS (SELECT 1 FROM t)",
        "x IS NOT DISTINCT FROM x",
        "x ~ '.*'",
    ] {
        let text = format!("DELETE FROM t WHERE {condition}");
        let told = super::postgres(&text);
        assert!(told.contains("delete all table:t"), "{condition}: {told}");
    }
}

#[test]
fn a_condition_on_the_row_filters() {
    for condition in [
        "x = 1",
        "x = $1",
        "x = y",
        "x LIKE 'a%'",
        "x = 1 AND 1 = 1",
        "false",
        "1 = 2",
        "NULL",
        "x IS NULL",
        "x IN (1, 2)",
        "x IN (SELECT y FROM u)",
        "lower(x) = 'a'",
        "$1 IS NULL OR x = $1",
        "x = 1 OR y <> 1",
        "x <> x",
    ] {
        let text = format!("DELETE FROM t WHERE {condition}");
        let told = super::postgres(&text);
        assert!(
            told.contains("delete filtered table:t"),
            "{condition}: {told}"
        );
    }
}

#[test]
fn a_condition_that_is_not_computed_is_unknown() {
    for condition in [
        "random() < 2",
        "length('a') = 1",
        "x = 1 OR now() > '2000-01-01'",
        "$1",
    ] {
        let text = format!("DELETE FROM t WHERE {condition}");
        let told = super::postgres(&text);
        assert!(
            told.contains("delete unknown table:t"),
            "{condition}: {told}"
        );
    }
}

#[test]
fn truth_is_the_dialects() {
    expect_in(
        Dialect::Mysql,
        &[
            ("DELETE FROM t WHERE x = 1 OR 1", "delete all table:t"),
            ("DELETE FROM t WHERE 0 || 1", "delete all table:t"),
            ("DELETE FROM t WHERE x = 1 || 1", "delete unknown table:t"),
            ("DELETE FROM t WHERE 'a' = 'A '", "delete all table:t"),
            ("DELETE FROM t WHERE '1a' = 1", "delete all table:t"),
            ("DELETE FROM t WHERE 0", "delete filtered table:t"),
        ],
    );
    expect(&[("DELETE FROM t WHERE 'a' = 'A'", "delete filtered table:t")]);
    expect_in(
        Dialect::Sqlite,
        &[("DELETE FROM t WHERE '1' = 1", "delete filtered table:t")],
    );
}

#[test]
fn a_join_restricts_only_through_the_target() {
    expect(&[
        (
            "DELETE FROM a USING b WHERE b.x = 1",
            "read filtered table:b; delete all table:a",
        ),
        (
            "UPDATE a SET x = 1 FROM b",
            "read all table:b; update all table:a",
        ),
    ]);
    expect_in(
        Dialect::Mysql,
        &[
            (
                "UPDATE a JOIN b ON a.id = b.id SET a.x = 1",
                "read all table:b; update filtered table:a",
            ),
            (
                "UPDATE a LEFT JOIN b ON a.id = b.id SET a.x = 1",
                "read all table:b; update all table:a",
            ),
            (
                "DELETE FROM a WHERE x = 1 LIMIT 5",
                "delete limited(5) table:a",
            ),
            ("DELETE FROM a LIMIT 5", "delete limited(5) table:a"),
        ],
    );
}

#[test]
fn a_bound_is_the_whole_querys() {
    expect(&[
        ("SELECT * FROM t LIMIT 10", "read limited(10) table:t"),
        (
            "SELECT * FROM t FETCH FIRST 3 ROWS ONLY",
            "read limited(3) table:t",
        ),
        (
            "SELECT * FROM t FETCH FIRST ROW ONLY",
            "read limited(1) table:t",
        ),
        (
            "SELECT * FROM t FETCH FIRST 3 ROWS WITH TIES",
            "read all table:t",
        ),
        ("SELECT * FROM t LIMIT $1", "read all table:t"),
        ("SELECT * FROM t LIMIT ALL", "read all table:t"),
        (
            "SELECT * FROM (SELECT * FROM t) x LIMIT 4",
            "read limited(4) table:t",
        ),
        (
            "SELECT * FROM (SELECT * FROM t LIMIT 4) x",
            "read limited(4) table:t",
        ),
        (
            "(SELECT * FROM t LIMIT 4) UNION ALL (SELECT * FROM u LIMIT 5)",
            "read limited(9) table:t table:u",
        ),
        (
            "SELECT * FROM (SELECT * FROM t LIMIT 4) x, (SELECT * FROM u LIMIT 5) y",
            "read limited(20) table:t table:u",
        ),
        ("SELECT (SELECT secret FROM s)", "read all table:s"),
        ("SELECT * FROM t WHERE 1 = 1", "read all table:t"),
        ("SELECT * FROM t WHERE x = 1", "read filtered table:t"),
        (
            "SELECT 1 FROM t WHERE x IN (SELECT y FROM u) LIMIT 2",
            "read limited(2) table:t table:u",
        ),
    ]);
    expect_in(
        Dialect::Mssql,
        &[
            ("SELECT TOP 5 * FROM t", "read limited(5) table:t"),
            ("SELECT TOP 5 PERCENT * FROM t", "read all table:t"),
        ],
    );
}

#[test]
fn partitions_and_overwrites_reach_their_part() {
    expect_in(
        Dialect::Hive,
        &[(
            "INSERT OVERWRITE TABLE a PARTITION (d = 1) SELECT * FROM b",
            "read all table:b; insert all table:a; delete filtered table:a",
        )],
    );
}
