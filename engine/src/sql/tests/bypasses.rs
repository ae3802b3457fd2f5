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
