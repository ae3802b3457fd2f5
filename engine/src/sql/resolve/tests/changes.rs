//! Columns that changes set, and those that they return.

use super::{Database, Dialect, edges, expect, shop, shop_in};
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

#[test]
fn without_a_list_an_insert_sets_every_column() {
    let all = "customers.email written, customers.id written, customers.name written";
    expect(
        &shop(),
        &[
            ("INSERT INTO customers VALUES (1, 2, 3)", all),
            ("INSERT INTO customers SELECT 1, 2", all),
            (
                "INSERT INTO customers (id) VALUES (1)",
                "customers.id written",
            ),
        ],
    );
    let bare: Database = Dialect::Postgres.into();
    expect(&bare, &[("INSERT INTO t VALUES (1, 2)", "t.*? written")]);
    assert_eq!(
        edges("INSERT INTO t SELECT a, b FROM s", &bare),
        ["s.a > t.a", "s.b > t.b"]
    );
}

#[test]
fn the_target_may_be_told_by_its_alias_only() {
    expect(
        &shop_in(Dialect::Mssql),
        &[
            (
                "UPDATE c SET email = 1 FROM customers c WHERE c.id = 3",
                "customers.email written, customers.id predicate",
            ),
            (
                "UPDATE c SET id = 1 OUTPUT inserted.email FROM customers c",
                "customers.email output, customers.id written",
            ),
        ],
    );
}

#[test]
fn of_several_targets_the_one_that_has_the_column_is_set() {
    let text = "UPDATE orders o JOIN customers c ON o.id = c.id SET email = 1";
    let compared = "customers.id predicate, orders.id predicate";
    expect(
        &shop_in(Dialect::Mysql),
        &[(text, &format!("customers.email written, {compared}"))],
    );
    expect(
        &Dialect::Mysql.into(),
        &[(
            text,
            "customers.email? written, customers.id predicate, \
             orders.email? written, orders.id predicate",
        )],
    );
}

#[test]
fn a_row_that_could_not_be_added_goes_on() {
    for (dialect, text) in [
        (
            Dialect::Postgres,
            "INSERT INTO orders (id, total) SELECT id, email FROM customers \
             ON CONFLICT (id) DO UPDATE SET customer_id = excluded.total",
        ),
        (
            Dialect::Postgres,
            "INSERT INTO orders (id, total) SELECT id, email FROM customers \
             ON CONFLICT (id) DO UPDATE SET customer_id = excluded.\"total\"",
        ),
    ] {
        assert_eq!(
            edges(text, &shop_in(dialect)),
            [
                "public.customers.email > public.orders.customer_id",
                "public.customers.email > public.orders.total",
                "public.customers.id > public.orders.id",
            ],
            "{text}"
        );
    }
}

#[test]
fn what_a_change_returns_is_output() {
    expect(
        &shop(),
        &[
            (
                "DELETE FROM orders USING customers c WHERE c.id = 1 RETURNING c.email, total",
                "customers.email output, customers.id predicate, orders.total output",
            ),
            (
                "UPDATE customers SET id = 1 RETURNING old.email, new.name",
                "customers.email output, customers.id written, customers.name output",
            ),
            (
                "WITH gone AS (DELETE FROM customers RETURNING email AS e) SELECT e FROM gone",
                "customers.email output",
            ),
        ],
    );
    expect(
        &shop_in(Dialect::Mssql),
        &[(
            "DELETE FROM customers OUTPUT deleted.* WHERE id = 1",
            "customers.email output, customers.id output, customers.name output",
        )],
    );
}

#[test]
fn statements_about_no_column_say_nothing_of_others() {
    for text in [
        "BEGIN; SELECT id FROM customers; COMMIT",
        "SET x = 1; SELECT id FROM customers",
        "SELECT id FROM customers; DROP TABLE orders",
    ] {
        expect(&shop(), &[(text, "customers.id output")]);
    }
}
