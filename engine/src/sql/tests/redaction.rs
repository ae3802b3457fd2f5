//! What a record holds: no literal, and one fingerprint for one shape.

use super::{Dialect, analyse};
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

fn record(text: &str, dialect: Dialect) -> (String, String) {
    let analysis = analyse(text, dialect).ok();
    let action = analysis.and_then(|analysis| analysis.actions.into_iter().next());
    action.map_or_else(Default::default, |action| {
        (
            action.statement.unwrap_or_default(),
            action.fingerprint.unwrap_or_default(),
        )
    })
}

fn statement(text: &str, dialect: Dialect) -> String {
    record(text, dialect).0
}

#[test]
fn no_literal_of_any_kind_survives() {
    for (dialect, literal) in [
        (Dialect::Postgres, "'secret'"),
        (Dialect::Postgres, "'se''secret'"),
        (Dialect::Postgres, "E'secret\\n'"),
        (Dialect::Postgres, "$$secret$$"),
        (Dialect::Postgres, "$secret$secret$secret$"),
        (Dialect::Postgres, "X'5ec4e7'"),
        (Dialect::Postgres, "B'0101'"),
        (Dialect::Postgres, "U&'secret'"),
        (Dialect::Postgres, "/* secret */ 1 -- secret"),
        (Dialect::Postgres, "DATE 'secret'"),
        (Dialect::Postgres, "INTERVAL 'secret' DAY"),
        (Dialect::Mysql, "\"secret\""),
        (Dialect::Mysql, "_utf8'secret'"),
        (Dialect::Mysql, "N'secret'"),
        (Dialect::Mysql, "1 # secret"),
        (Dialect::Mysql, "0x5ec4e7"),
        (Dialect::Bigquery, "r'secret'"),
        (Dialect::Bigquery, "b\"secret\""),
        (Dialect::Bigquery, "'''secret'''"),
        (Dialect::Oracle, "q'[secret]'"),
        (Dialect::Sqlite, "\"secret\""),
        (Dialect::Hive, "\"secret\""),
        (Dialect::Spark, "\"secret\""),
        (Dialect::Snowflake, "$$secret$$"),
        (Dialect::Mssql, "N'secret'"),
        (Dialect::Clickhouse, "'secret'"),
    ] {
        let text = format!("SELECT a FROM t WHERE b = {literal}");
        let redacted = statement(&text, dialect);
        assert!(redacted.contains("WHERE b ="), "{} {text}", dialect.name());
        let leaks = ["secret", "5ec4e7", "0101"]
            .iter()
            .any(|part| redacted.contains(part));
        assert!(!leaks, "{} {redacted}", dialect.name());
    }
}

#[test]
fn the_rest_of_a_number_goes_with_it() {
    for text in [
        "SELECT 12secret",
        "SELECT 1_000secret",
        "SELECT 0xsecret",
        "SELECT 1e5",
    ] {
        // Elsewhere a word may begin with a digit, and is a name.
        for dialect in [
            Dialect::Postgres,
            Dialect::Sqlite,
            Dialect::Mssql,
            Dialect::Oracle,
            Dialect::Snowflake,
            Dialect::Duckdb,
            Dialect::Redshift,
            Dialect::Generic,
        ] {
            let redacted = statement(text, dialect);
            assert!(
                redacted.split(' ').skip(1).all(|word| word == "?"),
                "{} {redacted}",
                dialect.name()
            );
        }
    }
}

#[test]
fn inline_rows_are_dropped() {
    let text = "INSERT INTO t FORMAT JSONEachRow {\"a\": \"secret\"}";
    let redacted = statement(text, Dialect::Clickhouse);
    assert!(!redacted.contains("secret"), "{redacted}");
}

#[test]
fn a_quoted_name_is_kept_where_it_is_a_table() {
    assert_eq!(
        statement("SELECT \"secret\" FROM \"Orders\"", Dialect::Sqlite),
        "SELECT ? FROM \"Orders\""
    );
    assert_eq!(
        statement("SELECT \"Name\" FROM \"Orders\"", Dialect::Postgres),
        "SELECT \"Name\" FROM \"Orders\""
    );
}

#[test]
fn the_text_reads_well() {
    for (text, expected) in [
        (
            "select  *\nfrom users -- all of them\nwhere id in (1,2, 3) and a.b = - 5;",
            "select * from users where id in (?) and a.b = ?",
        ),
        (
            "SELECT count( * ) , 'x' FROM t",
            "SELECT count(*), ? FROM t",
        ),
        (
            "SELECT a-1, -1, a::int FROM t",
            "SELECT a - ?, ?, a::int FROM t",
        ),
        ("SELECT 1; SELECT 2;", "SELECT ?; SELECT ?"),
        ("SELECT $1, x[2]", "SELECT ?, x[?]"),
        (
            "SELECT x FROM t WHERE a IN (1, b, -2)",
            "SELECT x FROM t WHERE a IN (?, b, ?)",
        ),
    ] {
        assert_eq!(statement(text, Dialect::Postgres), expected);
    }
}

#[test]
fn one_shape_has_one_fingerprint() {
    let (_, shape) = record(
        "SELECT a FROM t WHERE b = 1 AND c IN (1, 2)",
        Dialect::Postgres,
    );
    assert_eq!(shape.len(), 16);
    for same in [
        "select A from T where B='x' and C in ('y')",
        "SELECT a /* c */ FROM t\n WHERE b = -1 AND c IN ($1, $2, $3);",
        "SELECT a FROM t WHERE b=$1 AND c IN(1,2,3,4,-5)",
    ] {
        assert_eq!(record(same, Dialect::Postgres).1, shape, "{same}");
    }
    for other in [
        "SELECT a FROM t WHERE b = 1 OR c IN (1, 2)",
        "SELECT a FROM \"T\" WHERE b = 1 AND c IN (1, 2)",
        "SELECT a FROM t WHERE b = 1 AND c IN (d, 2)",
    ] {
        assert_ne!(record(other, Dialect::Postgres).1, shape, "{other}");
    }
}

#[test]
fn a_long_text_is_shortened_in_the_record_only() {
    let long = format!(
        "SELECT {}a FROM t WHERE b = 'secret'",
        "abcdefghi, ".repeat(1000)
    );
    let other = format!("{long} AND c = 1");
    let (kept, fingerprint) = record(&long, Dialect::Postgres);
    assert!(kept.len() <= crate::limits::SQL_REDACTED_BYTES + 4);
    assert!(kept.ends_with('…'));
    assert_ne!(record(&other, Dialect::Postgres).1, fingerprint);
}
