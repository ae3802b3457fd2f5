//! Words that are columns in one dialect and none in another.

use super::{Dialect, expect, shop, shop_in};
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

#[test]
fn only_what_is_reserved_is_no_column() {
    expect(
        &Dialect::Postgres.into(),
        &[
            ("SELECT level FROM t", "t.level output"),
            ("SELECT current_date, session_user FROM t", ""),
        ],
    );
    expect(
        &Dialect::Oracle.into(),
        &[
            ("SELECT level, rownum, sysdate FROM t", ""),
            ("SELECT \"LEVEL\" FROM t", "T.LEVEL output"),
            ("SELECT s.nextval FROM dual", ""),
        ],
    );
    expect(
        &Dialect::Sqlite.into(),
        &[("SELECT localtime FROM t", "t.localtime? output")],
    );
}

#[test]
fn the_number_of_a_row_may_be_its_key() {
    expect(
        &shop_in(Dialect::Sqlite),
        &[(
            "SELECT rowid FROM orders",
            "orders.customer_id? output, orders.id? output, orders.rowid? output, \
             orders.total? output",
        )],
    );
    // PostgreSQL lets no table have such a column.
    expect(&shop(), &[("SELECT ctid, o.xmin FROM orders o", "")]);
}

#[test]
fn a_part_of_a_date_is_no_column_where_the_function_takes_one() {
    expect(
        &Dialect::Mssql.into(),
        &[
            ("SELECT DATEADD(day, n, a) FROM t", "t.a output, t.n output"),
            ("SELECT f(day) FROM t", "t.day output"),
        ],
    );
    expect(
        &Dialect::Bigquery.into(),
        &[("SELECT DATE_TRUNC(month, month) FROM t", "t.month output")],
    );
    expect(
        &Dialect::Mysql.into(),
        &[("SELECT DATE_FORMAT(month, '%Y') FROM t", "t.month output")],
    );
}

#[test]
fn an_arrow_may_be_an_operator_on_a_column() {
    expect(
        &shop_in(Dialect::Duckdb),
        &[(
            "SELECT email -> '$.a' FROM customers",
            "customers.email? output",
        )],
    );
    expect(
        &shop_in(Dialect::Databricks),
        &[(
            "SELECT transform(id, x -> x + 1) FROM customers",
            "customers.id output",
        )],
    );
}

#[test]
fn columns_of_a_search_are_read() {
    expect(
        &shop_in(Dialect::Mysql),
        &[(
            "SELECT 1 FROM customers WHERE MATCH (email, name) AGAINST ('x')",
            "customers.email predicate, customers.name predicate",
        )],
    );
}

#[test]
fn hints_in_brackets_leave_a_table_a_table() {
    expect(
        &shop_in(Dialect::Mssql),
        &[(
            "SELECT email FROM customers (NOLOCK)",
            "customers.email output",
        )],
    );
}
