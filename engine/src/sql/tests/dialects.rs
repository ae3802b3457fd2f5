//! The wrapped dialects parse what the bare ones parse.

use sqlparser::dialect::Dialect as _;
use sqlparser::keywords::Keyword;

use super::Dialect;
use crate::sql::budget::Budgeted;
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

#[test]
fn a_wrapped_dialect_behaves_like_the_bare_one() {
    for dialect in Dialect::ALL {
        let bare = dialect.parser();
        let wrapped = Budgeted::new(dialect, 0);
        assert!(wrapped.dialect() == bare.dialect(), "{}", dialect.name());
        for character in ['"', '`', '[', '\'', '@', '#', '$', 'a', '9', '_', 'ä'] {
            assert_eq!(
                wrapped.is_delimited_identifier_start(character),
                bare.is_delimited_identifier_start(character)
            );
            assert_eq!(
                wrapped.is_identifier_start(character),
                bare.is_identifier_start(character)
            );
            assert_eq!(
                wrapped.is_identifier_part(character),
                bare.is_identifier_part(character)
            );
        }
        assert_eq!(
            wrapped.is_reserved_for_identifier(Keyword::INTERVAL),
            bare.is_reserved_for_identifier(Keyword::INTERVAL)
        );
        let flags = |dialect: &dyn sqlparser::dialect::Dialect| {
            [
                dialect.supports_filter_during_aggregation(),
                dialect.supports_group_by_expr(),
                dialect.supports_execute_immediate(),
                dialect.supports_nested_comments(),
                dialect.supports_hash_comment(),
                dialect.supports_trailing_commas(),
                dialect.supports_lambda_functions(),
                dialect.supports_top_before_distinct(),
                dialect.supports_from_first_select(),
                dialect.supports_dollar_placeholder(),
                dialect.supports_pipe_operator(),
                dialect.requires_single_line_comment_whitespace(),
                dialect.supports_copy_from_stdin_data(),
            ]
        };
        assert_eq!(flags(&wrapped), flags(bare), "{}", dialect.name());
    }
}

#[test]
fn words_of_one_dialect_work_through_the_wrapper() {
    for (dialect, text, expected) in [
        (
            Dialect::Mysql,
            "SELECT 5 DIV 2 FROM `T`",
            "read all table:T",
        ),
        (
            Dialect::Mssql,
            "SELECT TOP 1 * FROM [T]",
            "read limited(1) table:t",
        ),
        (
            Dialect::Snowflake,
            "SELECT a:b.c FROM t",
            "read all table:T",
        ),
        (
            Dialect::Bigquery,
            "FROM t |> WHERE a = 1",
            "read filtered table:t",
        ),
        (Dialect::Duckdb, "FROM t", "read all table:t"),
        (
            Dialect::Clickhouse,
            "SELECT a FROM t FINAL LIMIT 1 BY a",
            "read all table:t",
        ),
        (
            Dialect::Sqlite,
            "SELECT a FROM t WHERE b MATCH 'x'",
            "read filtered table:t",
        ),
        (Dialect::Oracle, "SELECT 1 FROM dual", "read none"),
        (
            Dialect::Redshift,
            "SELECT a FROM t LIMIT 2",
            "read limited(2) table:t",
        ),
        (
            Dialect::Postgres,
            "SELECT a FROM t WHERE b ? 'c'",
            "read filtered table:t",
        ),
        (
            Dialect::Postgres,
            "SELECT a FROM t WHERE b = ?",
            "read filtered table:t",
        ),
        (Dialect::Hive, r"SELECT 'it\'s' FROM t", "read all table:t"),
    ] {
        assert_eq!(super::told(text, dialect), expected, "{text}");
    }
}

#[test]
fn what_drivers_put_in_place_of_values_is_no_text() {
    for placeholder in ["?", "%s", "%(id)s", ":id", "$1", "@id"] {
        let text = format!("DELETE FROM t WHERE a = {placeholder} AND b IN ({placeholder}, 1)");
        for dialect in [Dialect::Postgres, Dialect::Mysql, Dialect::Mssql] {
            let told = super::told(&text, dialect).to_lowercase();
            assert_eq!(told, "delete filtered table:t", "{} {text}", dialect.name());
        }
    }
    // The remainder of a division, by something called s.
    assert_eq!(super::postgres("SELECT 5 %s FROM t"), "read all table:t");
}
