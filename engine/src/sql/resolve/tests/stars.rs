//! Everything that shows every column without naming one.

use super::{Dialect, expect, shop, shop_in};
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

const WHOLE: &str = "customers.email output, customers.id output, customers.name output";

#[test]
fn functions_that_take_every_column_read_every_column() {
    expect(
        &Dialect::Snowflake.into(),
        &[("SELECT OBJECT_CONSTRUCT(*) FROM T", "T.*? output")],
    );
    for (dialect, text) in [
        (
            Dialect::Databricks,
            "SELECT count(DISTINCT *) FROM customers",
        ),
        (Dialect::Clickhouse, "SELECT tuple(*) FROM customers"),
        (Dialect::Duckdb, "SELECT COLUMNS('e.*') FROM customers"),
        (Dialect::Duckdb, "FROM customers"),
    ] {
        expect(&shop_in(dialect), &[(text, WHOLE)]);
    }
    expect(
        &shop(),
        &[
            ("SELECT count(*) FROM customers", ""),
            ("SELECT my_count(*) FROM customers", ""),
        ],
    );
}

#[test]
fn what_a_star_leaves_out_is_not_shown() {
    expect(
        &shop_in(Dialect::Duckdb),
        &[
            (
                "SELECT * EXCLUDE (email) FROM customers",
                "customers.email predicate, customers.id output, customers.name output",
            ),
            (
                "SELECT * REPLACE (lower(name) AS email) FROM customers",
                "customers.email predicate, customers.id output, customers.name output",
            ),
        ],
    );
}

#[test]
fn a_name_for_what_a_join_made_one_shows_it() {
    expect(
        &shop(),
        &[
            (
                "SELECT j.id FROM customers JOIN orders USING (id) AS j",
                "customers.id output, orders.id output",
            ),
            (
                "SELECT 1 FROM customers JOIN orders USING (id)",
                "customers.id predicate, orders.id predicate",
            ),
        ],
    );
}

#[test]
fn a_file_is_no_table_and_its_name_is_not_told() {
    expect(
        &Dialect::Duckdb.into(),
        &[("SELECT a FROM 'hush.csv', t", "t.a? output")],
    );
    expect(
        &Dialect::Snowflake.into(),
        &[("SELECT t.$1 FROM @stage/hush t", "")],
    );
}
