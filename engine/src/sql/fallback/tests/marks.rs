//! A mark that no parser knows, at any place of a statement: its effect is still told.

use super::effects;
use crate::action::Effect;
use crate::sql::{Dialect, analyse};
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

const STATEMENTS: [(&str, Effect, Dialect); 22] = [
    (
        "INSERT INTO t ( a ) VALUES ( 1 )",
        Effect::Insert,
        Dialect::Postgres,
    ),
    (
        "UPDATE t SET a = 1 WHERE b = 2",
        Effect::Update,
        Dialect::Postgres,
    ),
    (
        "DELETE FROM t WHERE b = 2",
        Effect::Delete,
        Dialect::Postgres,
    ),
    (
        "WITH c AS ( DELETE FROM t RETURNING * ) SELECT * FROM c",
        Effect::Delete,
        Dialect::Postgres,
    ),
    (
        "EXPLAIN ANALYZE DELETE FROM t",
        Effect::Delete,
        Dialect::Postgres,
    ),
    (
        "COPY ( SELECT * FROM t ) TO '/x'",
        Effect::Export,
        Dialect::Postgres,
    ),
    ("GRANT SELECT ON t TO x", Effect::Grant, Dialect::Postgres),
    (
        "DO $$ BEGIN DROP TABLE t; END $$",
        Effect::Drop,
        Dialect::Postgres,
    ),
    ("TRUNCATE TABLE t", Effect::Truncate, Dialect::Mysql),
    (
        "SELECT * FROM t INTO OUTFILE '/x'",
        Effect::Export,
        Dialect::Mysql,
    ),
    (
        "LOAD DATA INFILE 'x' INTO TABLE t",
        Effect::Import,
        Dialect::Mysql,
    ),
    (
        "REPLACE INTO t VALUES ( 1 )",
        Effect::Insert,
        Dialect::Mysql,
    ),
    ("CALL p ( 1 )", Effect::Call, Dialect::Mysql),
    (
        "MERGE INTO t USING s ON a = b WHEN MATCHED THEN DELETE",
        Effect::Delete,
        Dialect::Mssql,
    ),
    ("SELECT 1 FROM t DROP TABLE u", Effect::Drop, Dialect::Mssql),
    ("IF 1 = 1 BEGIN EXEC p END", Effect::Call, Dialect::Mssql),
    (
        "BACKUP DATABASE d TO DISK = 'x'",
        Effect::Export,
        Dialect::Mssql,
    ),
    (
        "BEGIN DELETE FROM t ; END ;",
        Effect::Delete,
        Dialect::Oracle,
    ),
    (
        "INSERT INTO FUNCTION url ( 'x' ) SELECT * FROM t",
        Effect::Export,
        Dialect::Clickhouse,
    ),
    (
        "ALTER TABLE t DELETE WHERE 1",
        Effect::Delete,
        Dialect::Clickhouse,
    ),
    ("VACUUM INTO '/x'", Effect::Export, Dialect::Sqlite),
    (
        "INSERT OVERWRITE DIRECTORY '/x' SELECT * FROM t",
        Effect::Export,
        Dialect::Hive,
    ),
];

#[test]
fn a_mark_behind_the_verb_hides_no_effect() {
    for (statement, effect, dialect) in STATEMENTS {
        let words: Vec<_> = statement.split(' ').collect();
        let verb = words
            .iter()
            .position(|word| names(word, effect))
            .unwrap_or(1);
        for place in verb.saturating_add(2)..=words.len() {
            let (before, behind) = words.split_at(place);
            let text = format!("{} ~~> {}", before.join(" "), behind.join(" "));
            let found = analyse(&text, dialect).map(|_| effects(&text, dialect));
            let is_told = found
                .is_ok_and(|found| found.contains(&effect) || found.contains(&Effect::Unknown));
            assert!(is_told, "{text}");
        }
    }
}

/// Whether a word is the one that makes a statement have that effect.
fn names(word: &str, effect: Effect) -> bool {
    match effect {
        Effect::Export => ["TO", "INTO", "DIRECTORY", "FUNCTION"].contains(&word),
        Effect::Call => ["CALL", "EXEC"].contains(&word),
        effect => word.eq_ignore_ascii_case(effect.name()),
    }
}

#[test]
fn what_stands_beside_a_statement_hides_no_effect() {
    const BESIDE: [&str; 6] = [
        "SELECT a ~~> FROM x",
        "SELECT ((( ~~> FROM x",
        "SET a = ~~> 1",
        "WITH c AS (SELECT 1) SELECT ~~> 2",
        "CREATE FUNCTION f ~~> AS 'x'",
        "EXPLAIN ~~> SELECT 1",
    ];
    for (statement, effect, dialect) in STATEMENTS {
        for beside in BESIDE {
            for text in [
                format!("{beside} ; {statement}"),
                format!("{statement} ; {beside}"),
            ] {
                let found = effects(&text, dialect);
                let is_told = found.contains(&effect) || found.contains(&Effect::Unknown);
                assert!(is_told, "{text}: {found:?}");
            }
        }
    }
}
