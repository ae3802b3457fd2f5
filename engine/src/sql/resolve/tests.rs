//! Columns and where they go, with and without a schema.

use crate::sql::{Database, Dialect, Gap, Schema, SchemaTable, analyse, analyse_in};
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

mod changes;
mod scopes;
mod stars;
mod words;

/// The shop in another dialect.
fn shop_in(dialect: Dialect) -> Database {
    Database { dialect, ..shop() }
}

/// Expects columns as `read` tells them, the schema `public` left out.
fn expect(database: &Database, cases: &[(&str, &str)]) {
    for (text, expected) in cases {
        let told = read(text, database).into_iter();
        let mut told: Vec<_> = told.map(|one| one.replace("public.", "")).collect();
        told.sort();
        assert_eq!(told.join(", "), *expected, "{text}");
    }
}

fn shop() -> Database {
    let table = |name: &str, columns: &[&str]| SchemaTable {
        name: name.to_owned(),
        columns: columns.iter().map(|column| (*column).to_owned()).collect(),
        keys: Vec::new(),
    };
    let schema = Schema {
        search_path: vec!["public".to_owned()],
        tables: vec![
            table("public.customers", &["id", "email", "name"]),
            table("public.orders", &["id", "customer_id", "total"]),
        ],
    };
    schema.database(Dialect::Postgres, 300).unwrap()
}

fn read(text: &str, database: &Database) -> Vec<String> {
    let analysis = analyse_in(text, database).unwrap();
    let uses = analysis.actions.iter().flat_map(|action| &action.columns);
    let mut told: Vec<_> = uses
        .map(|one| {
            let doubt = if one.is_certain { "" } else { "?" };
            format!("{}{doubt} {}", one.column, one.usage.name())
        })
        .collect();
    told.sort();
    told.dedup();
    told
}

fn edges(text: &str, database: &Database) -> Vec<String> {
    let analysis = analyse_in(text, database).unwrap();
    let edges = analysis.actions.iter().flat_map(|action| &action.lineage);
    let mut told: Vec<_> = edges
        .map(|edge| format!("{} > {}", edge.source, edge.target))
        .collect();
    told.sort();
    told
}

#[test]
fn a_star_is_every_column_of_the_schema() {
    assert_eq!(
        read("SELECT * FROM customers WHERE id = 1", &shop()),
        [
            "public.customers.email output",
            "public.customers.id output",
            "public.customers.name output"
        ]
    );
    let analysis = analyse("SELECT * FROM customers", Dialect::Postgres).unwrap();
    assert_eq!(analysis.gaps, [Gap::ColumnsNotInSchema]);
    assert_eq!(
        read("SELECT * FROM customers", &Dialect::Postgres.into()),
        ["customers.*? output"]
    );
}

#[test]
fn a_plain_name_belongs_to_the_table_that_has_it() {
    let text = "SELECT email, total FROM customers c JOIN orders o ON c.id = customer_id";
    assert_eq!(
        read(text, &shop()),
        [
            "public.customers.email output",
            "public.customers.id predicate",
            "public.orders.customer_id predicate",
            "public.orders.total output"
        ]
    );
}

#[test]
fn without_a_schema_a_plain_name_may_belong_to_any_table() {
    let text = "SELECT email FROM a JOIN b ON a.id = b.id";
    assert_eq!(
        read(text, &Dialect::Postgres.into()),
        [
            "a.email? output",
            "a.id predicate",
            "b.email? output",
            "b.id predicate"
        ]
    );
}

#[test]
fn a_column_that_the_schema_does_not_know_is_not_lost() {
    assert_eq!(
        read("SELECT ssn FROM customers", &shop()),
        ["public.customers.ssn? output"]
    );
}

#[test]
fn values_are_followed_through_queries() {
    let text = "WITH c AS (SELECT id, email AS e FROM customers), \
                d (x) AS (SELECT upper(e) FROM c) \
                SELECT x || 'z' AS y, (SELECT max(total) FROM orders) AS m FROM d";
    assert_eq!(
        edges(text, &shop()),
        ["public.customers.email > y", "public.orders.total > m"]
    );
}

#[test]
fn values_are_followed_into_tables() {
    assert_eq!(
        edges(
            "INSERT INTO orders (total) SELECT length(email) FROM customers",
            &shop()
        ),
        ["public.customers.email > public.orders.total"]
    );
    assert_eq!(
        edges("CREATE TABLE t AS SELECT name n FROM customers", &shop()),
        ["public.customers.name > t.n"]
    );
    assert_eq!(
        edges(
            "UPDATE orders o SET total = c.id FROM customers c WHERE c.id = o.customer_id",
            &shop()
        ),
        ["public.customers.id > public.orders.total"]
    );
    let merge = "MERGE INTO orders o USING customers c ON o.customer_id = c.id \
                 WHEN MATCHED THEN UPDATE SET total = c.id \
                 WHEN NOT MATCHED THEN INSERT (id) VALUES (c.id)";
    assert_eq!(
        edges(merge, &shop()),
        [
            "public.customers.id > public.orders.id",
            "public.customers.id > public.orders.total"
        ]
    );
}

#[test]
fn whole_rows_and_natural_joins_read_what_they_compare_and_show() {
    let whole = [
        "public.customers.email output",
        "public.customers.id output",
        "public.customers.name output",
    ];
    for text in [
        "SELECT c FROM customers c",
        "SELECT row_to_json(c) FROM customers c",
        "SELECT c.* FROM customers c",
        "TABLE customers",
    ] {
        assert_eq!(read(text, &shop()), whole, "{text}");
    }
    assert_eq!(
        read("SELECT total FROM customers NATURAL JOIN orders", &shop()),
        [
            "public.customers.id predicate",
            "public.orders.id predicate",
            "public.orders.total output"
        ]
    );
}

#[test]
fn counting_rows_reads_no_column() {
    assert_eq!(
        read("SELECT count(*) FROM customers", &shop()),
        Vec::<String>::new()
    );
}

#[test]
fn stars_of_stars_end_in_a_bound() {
    let mut text = "WITH c0 AS (SELECT * FROM customers)".to_owned();
    for number in 1..40 {
        let before = number - 1;
        text.push_str(&format!(
            ", c{number} AS (SELECT * FROM c{before} a, c{before} b)"
        ));
    }
    text.push_str(" SELECT * FROM c39");
    let told = read(&text, &shop());
    assert!(
        told.contains(&"public.customers.*? output".to_owned()),
        "{told:?}"
    );
}

#[test]
fn many_names_among_many_tables_count_as_everything() {
    let list = |prefix: &str| {
        let names = (0..1200).map(|number| format!("{prefix}{number}"));
        names.collect::<Vec<_>>().join(",")
    };
    let text = format!("SELECT {} FROM {}", list("c"), list("t"));
    let told = read(&text, &Dialect::Postgres.into());
    let analysis = analyse(&text, Dialect::Postgres).unwrap();
    assert!(analysis.gaps.contains(&Gap::ColumnsBeyondLimits));
    for table in ["t0", "t1199"] {
        assert!(told.contains(&format!("{table}.*? output")), "{table}");
    }
}

#[test]
fn a_name_given_by_a_literal_is_not_told() {
    for text in [
        "SELECT email AS 'hush' FROM customers",
        "SELECT email AS \"hush\" FROM customers",
    ] {
        let told = edges(text, &shop_in(Dialect::Mysql));
        assert_eq!(told, ["public.customers.email > ?"]);
    }
}
