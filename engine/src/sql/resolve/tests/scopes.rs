//! Which query a name belongs to: CTEs, derived tables, subqueries, aliases.

use super::{Dialect, edges, expect, read, shop, shop_in};
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

#[test]
fn a_cte_hides_a_table_only_where_it_is_in_scope() {
    expect(
        &shop(),
        &[
            // Without RECURSIVE the inner name is the table.
            (
                "WITH customers AS (SELECT 1 AS a UNION SELECT id FROM customers \
                 WHERE email = 'x') SELECT * FROM customers",
                "customers.email predicate, customers.id output",
            ),
            (
                "WITH customers AS (SELECT 1 AS email) SELECT email FROM customers",
                "",
            ),
            (
                "SELECT (WITH c AS (SELECT name FROM customers) SELECT name FROM c) FROM orders c \
                 WHERE c.total = 1",
                "customers.name output, orders.total predicate",
            ),
        ],
    );
    // Whether names of tables are told apart by case is a setting of the server.
    expect(
        &Dialect::Mysql.into(),
        &[(
            "WITH Users AS (SELECT 1 AS pin) SELECT pin FROM users",
            "users.pin output",
        )],
    );
}

#[test]
fn a_query_that_refers_to_itself_is_followed_all_the_way_round() {
    let text = "WITH RECURSIVE t (a, b, c) AS (SELECT x, y, z FROM s UNION SELECT b, c, a FROM t) \
                SELECT a FROM t";
    assert_eq!(
        edges(text, &Dialect::Postgres.into()),
        ["s.x > a", "s.y > a", "s.z > a"]
    );
}

#[test]
fn a_reference_to_what_is_told_further_on_counts_as_everything() {
    let text = "WITH RECURSIVE a AS (SELECT * FROM b), b AS (SELECT email FROM customers) \
                SELECT * FROM a";
    let told = read(text, &shop());
    assert!(
        told.contains(&"public.customers.email? output".to_owned()),
        "{told:?}"
    );
}

#[test]
fn a_name_may_mean_what_stands_further_out() {
    expect(
        &shop(),
        &[
            // Nobody knows the columns of `other`.
            (
                "SELECT 1 FROM customers WHERE EXISTS (SELECT 1 FROM other WHERE email = 'x')",
                "customers.email? predicate, other.email? predicate",
            ),
            (
                "SELECT 1 FROM customers WHERE EXISTS (SELECT 1 FROM orders WHERE email = 'x')",
                "customers.email predicate",
            ),
            (
                "SELECT 1 FROM customers, (SELECT id FROM orders WHERE email = 'x') AS o",
                "orders.email? predicate, orders.id predicate",
            ),
            (
                "SELECT 1 FROM customers c, LATERAL (SELECT id FROM orders WHERE email = 'x') o",
                "customers.email predicate, orders.id predicate",
            ),
        ],
    );
    // What is further out makes no edge where something nearer does.
    assert_eq!(
        edges("SELECT (SELECT x FROM a) FROM b", &Dialect::Postgres.into()),
        ["a.x > ?"]
    );
}

#[test]
fn an_alias_does_not_hide_a_column_that_may_be_meant() {
    expect(
        &Dialect::Postgres.into(),
        &[
            (
                "SELECT 1 AS pin FROM users HAVING max(pin) > 'x'",
                "users.pin? predicate",
            ),
            (
                "SELECT 1 AS pin FROM users ORDER BY pin || ''",
                "users.pin? predicate",
            ),
            ("SELECT 1 AS pin FROM users ORDER BY pin", ""),
        ],
    );
    expect(
        &shop(),
        &[(
            "SELECT 1 AS email FROM customers GROUP BY email",
            "customers.email predicate",
        )],
    );
}

#[test]
fn what_stands_behind_a_query_is_read_too() {
    expect(
        &shop(),
        &[
            (
                "SELECT id FROM orders UNION SELECT 1 \
                 ORDER BY (SELECT max(email) FROM customers)",
                "customers.email predicate, orders.id output",
            ),
            (
                "(SELECT id FROM customers) ORDER BY email",
                "customers.email predicate, customers.id output",
            ),
            (
                "SELECT 1 LIMIT (SELECT length(email) FROM customers)",
                "customers.email predicate",
            ),
            (
                "SELECT 1 FROM t, XMLTABLE('/r' PASSING t.a COLUMNS i int PATH lower(t.b)) AS x",
                "t.a predicate, t.b predicate",
            ),
            (
                "SELECT 1 FROM orders OFFSET (SELECT length(email) FROM customers)",
                "customers.email predicate",
            ),
        ],
    );
    expect(
        &shop_in(Dialect::Mssql),
        &[(
            "SELECT TOP ((SELECT count(email) FROM customers)) id FROM orders",
            "customers.email predicate, orders.id output",
        )],
    );
    expect(
        &shop_in(Dialect::Bigquery),
        &[(
            "SELECT 1 FROM t FOR SYSTEM_TIME AS OF (SELECT max(email) FROM customers)",
            "customers.email predicate",
        )],
    );
    expect(
        &Dialect::Clickhouse.into(),
        &[("SELECT a FROM t LIMIT 1 BY b", "t.a output, t.b predicate")],
    );
}

#[test]
fn tables_of_one_name_are_told_apart_by_their_schema() {
    expect(
        &Dialect::Postgres.into(),
        &[
            (
                "SELECT a.t.x, b.t.y FROM a.t, b.t",
                "a.t.x output, b.t.y output",
            ),
            (
                "SELECT 1 FROM a.t WHERE EXISTS (SELECT 1 FROM b.t WHERE a.t.x = b.t.y)",
                "a.t.x predicate, b.t.y predicate",
            ),
        ],
    );
    expect(
        &shop(),
        &[(
            "SELECT email FROM orders AS public, public.customers",
            "customers.email output",
        )],
    );
}

#[test]
fn columns_whose_names_the_database_makes_up_are_found() {
    expect(
        &Dialect::Mysql.into(),
        &[
            (
                "SELECT `max( pin )` FROM (SELECT max( pin ) FROM users) AS u",
                "users.pin output",
            ),
            (
                "SELECT x FROM (SELECT pin AS 'x' FROM users) AS u",
                "users.pin output",
            ),
        ],
    );
    expect(
        &Dialect::Postgres.into(),
        &[(
            "SELECT x FROM (SELECT * FROM json_each((SELECT doc FROM t))) AS u",
            "t.doc output",
        )],
    );
}

#[test]
fn rows_of_several_queries_meet_by_place_or_by_name() {
    assert_eq!(
        edges(
            "SELECT a, b FROM s UNION SELECT x, y FROM t",
            &Dialect::Postgres.into()
        ),
        ["s.a > a", "s.b > b", "t.x > a", "t.y > b"]
    );
    assert_eq!(
        edges(
            "SELECT a, b FROM s UNION ALL BY NAME SELECT b, a FROM t",
            &Dialect::Duckdb.into()
        ),
        ["s.a > a", "s.b > b", "t.a > a", "t.b > b"]
    );
    // Beside a star nothing has a place of its own.
    assert_eq!(
        edges(
            "SELECT c FROM (SELECT * FROM s UNION SELECT x, y FROM t) AS u",
            &Dialect::Postgres.into()
        ),
        ["s.c > c", "t.x > c", "t.y > c"]
    );
}
