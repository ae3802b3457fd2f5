//! Tables are named as the database names them, and nothing else is taken for one.

use super::{Dialect, expect, expect_in};
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

#[test]
fn names_of_queries_are_no_tables() {
    expect(&[
        (
            "WITH a AS (SELECT * FROM t), b AS (SELECT * FROM a) SELECT * FROM b",
            "read all table:t",
        ),
        // Not recursive: inside, the name is still the table.
        (
            "WITH t AS (SELECT * FROM t) SELECT * FROM t",
            "read all table:t",
        ),
        (
            "WITH RECURSIVE r AS (SELECT a FROM t UNION ALL SELECT a FROM r) SELECT * FROM r",
            "read all table:t",
        ),
        // Out of its scope the name is a table again.
        (
            "SELECT * FROM (WITH a AS (SELECT 1) SELECT * FROM a) x JOIN a ON true",
            "read all table:a",
        ),
        (
            "WITH a AS (SELECT 1) SELECT * FROM s.a, a",
            "read all table:s.a",
        ),
        // Only the folded name is the same.
        (
            "WITH \"A\" AS (SELECT 1) SELECT * FROM a",
            "read all table:a",
        ),
        ("WITH A AS (SELECT 1) SELECT * FROM a", "read none"),
    ]);
    expect_in(
        Dialect::Mssql,
        &[(
            "WITH r AS (SELECT a FROM t UNION ALL SELECT a FROM r) SELECT * FROM r",
            "read all table:t",
        )],
    );
}

#[test]
fn tables_are_found_in_every_clause() {
    expect(&[(
        "SELECT (SELECT max(x) FROM a), f((SELECT 1 FROM b)) FROM c \
         JOIN LATERAL (SELECT * FROM d) y ON EXISTS (SELECT 1 FROM e) \
         WHERE z IN (SELECT q FROM g) GROUP BY (SELECT 1 FROM h) \
         HAVING count(*) > (SELECT 1 FROM i) ORDER BY (SELECT 1 FROM j) LIMIT (SELECT 1 FROM k)",
        "read all table:a table:b table:c table:d table:e table:g table:h table:i table:j table:k; call unknown function:f",
    )]);
    expect(&[
        (
            "SELECT * FROM a WHERE x = 1 UNION SELECT * FROM b EXCEPT SELECT * FROM c",
            "read all table:a table:b table:c",
        ),
        (
            "UPDATE a SET x = b.y FROM b WHERE a.id = b.id AND EXISTS (SELECT 1 FROM c)",
            "read filtered table:b table:c; update filtered table:a",
        ),
        (
            "DELETE FROM a USING b JOIN c ON true WHERE a.id = b.id",
            "read filtered table:b table:c; delete filtered table:a",
        ),
        (
            "INSERT INTO a VALUES ((SELECT x FROM b)) RETURNING (SELECT y FROM c)",
            "read all table:b table:c; insert all table:a",
        ),
    ]);
}

#[test]
fn the_target_is_found_behind_its_alias() {
    expect_in(
        Dialect::Mssql,
        &[
            (
                "UPDATE x SET a = 1 FROM t AS x JOIN u ON x.id = u.id",
                "read all table:u; update filtered table:t",
            ),
            (
                "DELETE x FROM t AS x WHERE x.a = 1",
                "delete filtered table:t",
            ),
            // A change through a query changes what the query reads.
            (
                "WITH d AS (SELECT * FROM t) DELETE FROM d",
                "read all table:t; delete all table:t",
            ),
        ],
    );
    expect_in(
        Dialect::Mysql,
        &[
            (
                "DELETE a FROM t AS a JOIN u AS b ON a.id = b.id",
                "read all table:u; delete filtered table:t",
            ),
            (
                "UPDATE t AS a JOIN u AS b ON a.id = b.id SET b.x = 1",
                "read all table:t; update filtered table:u",
            ),
        ],
    );
    expect(&[(
        "DELETE FROM t a USING t b WHERE a.id = b.id",
        "read filtered table:t; delete all table:t",
    )]);
}

#[test]
fn names_fold_by_dialect() {
    let text = "SELECT * FROM Sales.\"Orders\"";
    expect_in(Dialect::Postgres, &[(text, "read all table:sales.Orders")]);
    expect_in(Dialect::Oracle, &[(text, "read all table:SALES.Orders")]);
    expect_in(Dialect::Sqlite, &[(text, "read all table:sales.orders")]);
    expect_in(
        Dialect::Mysql,
        &[(
            "SELECT * FROM Sales.`Orders`",
            "read all table:Sales.Orders",
        )],
    );
    expect_in(
        Dialect::Mssql,
        &[(
            "SELECT * FROM db..[My.Table]",
            "read all table:db.\"my.table\"",
        )],
    );
    expect_in(
        Dialect::Bigquery,
        &[("SELECT * FROM `p.d.t`", "read all table:p.d.t")],
    );
}

#[test]
fn a_name_made_at_run_time_is_unknown() {
    expect_in(
        Dialect::Snowflake,
        &[(
            "DROP TABLE IDENTIFIER('t')",
            "drop all table:?; unknown unknown",
        )],
    );
}
