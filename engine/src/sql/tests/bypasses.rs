//! Ways to hide a statement from the parser or the walk, each closed.

use super::{Dialect, expect, expect_in, told};
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

#[test]
fn nothing_is_left_unread_behind_end() {
    for dialect in Dialect::ALL {
        for text in [
            "SELECT 1 END; DROP TABLE zz",
            "SELECT 1\nEND\n;DROP TABLE zz",
            "SELECT 1 END DROP TABLE zz",
        ] {
            let told = told(text, dialect);
            assert!(
                told.starts_with("sql.") || told.contains("drop"),
                "{} {told}",
                dialect.name()
            );
        }
    }
}

#[test]
fn no_statement_is_lost_among_others() {
    for dialect in Dialect::ALL {
        for text in [
            "SELECT 1; DROP TABLE zz",
            ";;SELECT 1;; ;DROP TABLE zz;",
            "DROP TABLE zz; SELECT 1",
            "SELECT ';'; DROP TABLE zz -- ;",
            "SELECT 1 /* ; */; DROP TABLE zz",
        ] {
            let told = told(text, dialect);
            assert!(
                told.contains("drop all"),
                "{} {text} {told}",
                dialect.name()
            );
        }
    }
}

#[test]
fn a_verb_where_an_alias_would_stand_is_a_statement() {
    expect_in(
        Dialect::Mssql,
        &[
            ("SELECT 1 SHUTDOWN", "unknown unknown"),
            (
                "SELECT * FROM t COMMIT",
                "read all table:t; unknown unknown",
            ),
            (
                "SELECT * FROM t EXEC(@sql)",
                "read all table:t; unknown unknown",
            ),
        ],
    );
    expect(&[("SELECT 1 shutdown", "read none")]);
}

/// Statements of SQL Server, whole and in part, behind which the next one needs no mark.
const BEFORE: [&str; 40] = [
    "RETURN",
    "IF 1 = 0 RETURN",
    "SELECT 1 RETURN",
    "SET @a = 1",
    "SET NOCOUNT ON",
    "SET IDENTITY_INSERT t ON",
    "PRINT 'a'",
    "BEGIN TRAN",
    "USE d",
    "DECLARE @a INT",
    "FETCH NEXT FROM c INTO @a",
    "TRUNCATE TABLE t",
    "SELECT a FROM t",
    "SELECT a FROM t ORDER BY a",
    "SELECT a FROM t JOIN u ON t.a = u.a",
    "SELECT a FROM t OPTION (MAXDOP 1)",
    "WITH x AS (SELECT 1 a) DELETE FROM x",
    "DELETE FROM t",
    "DELETE t",
    "DELETE t WHERE a = 1",
    "DELETE TOP (5) FROM t",
    "UPDATE t SET a = b",
    "UPDATE t SET a = 1 FROM t",
    "UPDATE t SET a += 1",
    "UPDATE TOP (5) t SET a = 1",
    "INSERT INTO t DEFAULT VALUES",
    "INSERT INTO t EXEC p",
    "IF 1 = 1 SELECT 1 ELSE SELECT 2",
    "WAITFOR DELAY '0:0:1'",
    "GRANT SELECT ON t TO u",
    "GRANT VIEW ANY DEFINITION TO u",
    "EXEC p",
    "EXEC p 1",
    "EXEC p @a",
    "REVERT",
    "SETUSER",
    "SHOW x",
    "EXPLAIN SELECT 1",
    "VACUUM",
    "LISTEN x",
];

#[test]
fn no_statement_hides_behind_another_that_needs_no_mark() {
    for before in BEFORE {
        for (tail, effect) in [
            ("SHUTDOWN", "admin"),
            ("RECONFIGURE", "admin"),
            ("REVERT", "grant"),
            ("EXEC('DROP TABLE zz')", "drop"),
            ("EXEC zz", "call"),
            ("DROP TABLE zz", "drop"),
            ("DELETE zz", "delete"),
            ("DELETE FROM zz WHERE a = 1", "delete"),
            ("UPDATE zz SET a = 1", "update"),
            ("TRUNCATE TABLE zz", "truncate"),
            ("BULK INSERT zz FROM 'x'", "import"),
            ("DUMP DATABASE zz TO x", "export"),
        ] {
            let text = format!("{before} {tail}");
            let told = told(&text, Dialect::Mssql);
            let is_told = told.contains(effect) || told.contains("unknown unknown");
            assert!(is_told || told.starts_with("sql."), "{text}: {told}");
        }
    }
}

#[test]
fn a_statement_that_the_database_has_no_word_for_is_unknown() {
    expect_in(
        Dialect::Mssql,
        &[(
            "SHOW x DROP TABLE zz",
            "read unknown; drop unknown table:zz; unknown unknown",
        )],
    );
    let told = told("SHOW x DROP TABLE zz", Dialect::Generic);
    assert!(told.contains("unknown"), "{told}");
}

#[test]
fn a_text_without_a_statement_is_refused() {
    for text in ["", "  \n", ";", ";;;", "-- nothing", "/* nothing */"] {
        expect(&[(text, "sql.empty")]);
    }
}

#[test]
fn what_nobody_knows_is_refused() {
    expect(&[
        (
            "DO $$ BEGIN DELETE FROM t; END $$",
            "delete unknown table:t; session unknown",
        ),
        ("ALTER SYSTEM SET x = 1", "admin unknown"),
        ("FROBNICATE t", "sql.syntax"),
        ("SELECT * FROM t WHERE 'open", "sql.syntax"),
    ]);
}

#[test]
fn a_refusal_tells_where_and_never_what() {
    let error = super::analyse("FROBNICATE\n'hush' 'hush'", Dialect::Postgres);
    let message = error
        .err()
        .map(|error| error.to_string())
        .unwrap_or_default();
    assert!(message.contains("line 2"), "{message}");
    assert!(!message.contains("hush"), "{message}");
}
