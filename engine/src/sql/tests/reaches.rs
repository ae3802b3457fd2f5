//! How much a statement can touch.

use super::{Dialect, expect, expect_in};
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

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
        (
            "DELETE FROM a USING b WHERE a.id = b.id OR b.x = 1",
            "read filtered table:b; delete unknown table:a",
        ),
        (
            "DELETE FROM a USING b WHERE false",
            "read filtered table:b; delete filtered table:a",
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
                "DELETE a, b FROM a JOIN b ON a.id = b.id",
                "delete filtered table:a table:b",
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
fn a_row_finds_itself_in_its_own_table() {
    for condition in [
        "id IN (SELECT id FROM t)",
        "id = ANY (SELECT id FROM t)",
        "id IN (SELECT x.id FROM t x WHERE 1 = 1)",
        "id IN (SELECT id FROM (SELECT id FROM t) x)",
        "id IN (SELECT id FROM public.t)",
        "EXISTS (SELECT 1 FROM t)",
        "EXISTS (SELECT 1 FROM t x WHERE x.id = t.id)",
        "id >= (SELECT min(id) FROM t)",
        "(SELECT max(id) FROM t) >= id",
    ] {
        let told = super::postgres(&format!("DELETE FROM t WHERE {condition}"));
        assert!(told.contains("delete all table:t"), "{condition}: {told}");
    }
    for condition in [
        "id IN (SELECT id FROM t LIMIT 5)",
        "id IN (SELECT id FROM t WHERE x = 1)",
        "id IN (SELECT id FROM u)",
        "EXISTS (SELECT 1 FROM u WHERE u.id = t.id)",
        "id > (SELECT min(id) FROM t)",
        "id >= (SELECT min(x) FROM t)",
    ] {
        let told = super::postgres(&format!("DELETE FROM t WHERE {condition}"));
        assert!(
            told.contains("delete filtered table:t"),
            "{condition}: {told}"
        );
    }
    expect(&[
        (
            "WITH x AS (SELECT id FROM t) DELETE FROM t WHERE id IN (SELECT id FROM x)",
            "read all table:t; delete all table:t",
        ),
        (
            "UPDATE t SET a = 1 FROM t AS x WHERE t.id = x.id",
            "read filtered table:t; update all table:t",
        ),
        (
            "DELETE FROM t USING t AS x WHERE t.id > x.id AND t.a = x.a",
            "read filtered table:t; delete filtered table:t",
        ),
        (
            "MERGE INTO t USING t AS x ON t.id = x.id WHEN MATCHED THEN DELETE",
            "read all table:t; delete all table:t",
        ),
    ]);
}

#[test]
fn a_query_that_looks_at_no_row_of_the_target_restricts_nothing_for_sure() {
    for condition in [
        "EXISTS (SELECT 1 FROM u)",
        "EXISTS (SELECT 1 FROM u WHERE u.x = 2)",
        "x = 1 OR EXISTS (SELECT 1 FROM u)",
        "(SELECT flag FROM u LIMIT 1)",
        "1 IN (SELECT u.x FROM u)",
    ] {
        let told = super::postgres(&format!("DELETE FROM t WHERE {condition}"));
        assert!(
            told.contains("delete unknown table:t"),
            "{condition}: {told}"
        );
    }
}

#[test]
fn a_merge_reaches_what_its_branch_does() {
    let merged = |on: &str, branch: &str| {
        super::postgres(&format!("MERGE INTO t USING s ON {on} WHEN {branch}"))
    };
    for (on, branch, expected) in [
        (
            "t.id = s.id",
            "MATCHED THEN DELETE",
            "delete filtered table:t",
        ),
        ("true", "MATCHED THEN DELETE", "delete all table:t"),
        (
            "true",
            "MATCHED AND t.x = 1 THEN DELETE",
            "delete filtered table:t",
        ),
        (
            "true",
            "MATCHED AND s.x = 1 THEN DELETE",
            "delete all table:t",
        ),
        (
            "s.x = 1",
            "MATCHED THEN UPDATE SET x = 1",
            "update all table:t",
        ),
        (
            "t.id = s.id OR s.x = 1",
            "MATCHED THEN DELETE",
            "delete unknown table:t",
        ),
        ("false", "MATCHED THEN DELETE", "delete filtered table:t"),
        (
            "t.id = s.id",
            "NOT MATCHED BY SOURCE THEN DELETE",
            "delete all table:t",
        ),
        (
            "t.id = s.id",
            "NOT MATCHED BY SOURCE AND t.x = 1 THEN DELETE",
            "delete filtered table:t",
        ),
    ] {
        let told = merged(on, branch);
        assert!(told.contains(expected), "{on} {branch}: {told}");
    }
}

#[test]
fn totals_are_one_row() {
    for shown in [
        "count(*)",
        "max(x), min(x)",
        "round(avg(x), 2) + 1 AS y",
        "count(*) FILTER (WHERE x > 1)",
        "coalesce(sum(x), 0)",
    ] {
        let told = super::postgres(&format!("SELECT {shown} FROM t WHERE y = 1"));
        assert_eq!(told, "read limited(1) table:t", "{shown}");
    }
    for shown in [
        "count(*), x",
        "count(*) OVER ()",
        "string_agg(x, ',')",
        "array_agg(x)",
        "count(*), (SELECT y FROM u)",
        "1",
        "x.count(y)",
    ] {
        let told = super::postgres(&format!("SELECT {shown} FROM t"));
        assert!(told.contains("all table:t"), "{shown}: {told}");
    }
    expect(&[("SELECT count(*) FROM t GROUP BY x", "read all table:t")]);
    expect_in(
        Dialect::Sqlite,
        &[("SELECT max(a, b) FROM t", "read all table:t")],
    );
}

#[test]
fn the_number_of_a_row_bounds_in_oracle() {
    expect_in(
        Dialect::Oracle,
        &[
            (
                "SELECT * FROM t WHERE ROWNUM <= 10",
                "read limited(10) table:T",
            ),
            (
                "SELECT * FROM t WHERE ROWNUM < 3 AND x = 1",
                "read limited(2) table:T",
            ),
            ("DELETE FROM t WHERE ROWNUM > 0", "delete all table:T"),
            (
                "DELETE FROM t WHERE ROWNUM <= 5 OR x = 1",
                "delete filtered table:T",
            ),
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
        (
            "(SELECT * FROM t LIMIT 4) UNION ALL SELECT * FROM u",
            "read all table:t table:u",
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
