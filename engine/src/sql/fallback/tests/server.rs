//! Rights, settings and the server, and data on its way out.

use super::{effects, told};
use crate::action::Effect;
use crate::sql::{Dialect, Gap, SqlError, analyse};
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

fn assert_has(effect: Effect, dialect: Dialect, texts: &[&str]) {
    for text in texts {
        let effects = effects(text, dialect);
        assert!(effects.contains(&effect), "{text}: {effects:?}");
    }
}

#[test]
fn what_changes_whose_rights_count_is_a_grant() {
    assert_has(
        Effect::Grant,
        Dialect::Postgres,
        &[
            "SET ROLE x",
            "RESET ROLE",
            "RESET SESSION AUTHORIZATION",
            "DISCARD ALL",
            "SELECT set_config('role', 'x', false)",
            "SELECT set_config('session' || '_authorization', 'x', false)",
            "SELECT set_config(name, 'x', false) FROM t",
            "DROP OWNED BY a",
            "ALTER TABLE t OWNER TO x",
            "ALTER VIEW v OWNER TO x ~~>",
            "ALTER TABLE t DISABLE ROW LEVEL SECURITY",
            "CREATE POLICY p ON t",
        ],
    );
    assert_has(
        Effect::Grant,
        Dialect::Mssql,
        &["REVERT", "SETUSER 'x'", "ALTER AUTHORIZATION ON t TO x"],
    );
    assert_has(
        Effect::Grant,
        Dialect::Mysql,
        &["SET DEFAULT ROLE x TO y", "SET @a = 1, ROLE x ~~>"],
    );
    assert_has(Effect::Drop, Dialect::Oracle, &["DROP USER x CASCADE ~~>"]);
    let plain = "SELECT set_config('search_path', 'x', false)";
    assert!(!effects(plain, Dialect::Postgres).contains(&Effect::Grant));
}

#[test]
fn a_procedure_named_behind_an_end_is_called_even_in_a_bracket_that_never_closes() {
    let text = "SELECT a FROM t WHERE EXISTS (SELECT 1 FROM OR a; frobnicate tables";
    assert_has(Effect::Unknown, Dialect::Mssql, &[text]);
}

#[test]
fn what_changes_the_server_is_administration() {
    assert_has(
        Effect::Admin,
        Dialect::Mysql,
        &[
            "SET @@global.a = ~~> 1",
            "SET @a = 1, PERSIST b = ~~> 2",
            "RESET MASTER",
            "RESET PERSIST",
            "RESTART",
            "START SLAVE",
            "STOP REPLICA",
            "PURGE BINARY LOGS TO 'x'",
            "ALTER INSTANCE ROTATE INNODB MASTER KEY",
            "UNINSTALL PLUGIN x",
            "BINLOG 'x'",
            "CLONE INSTANCE FROM 'u'@'h':3306 IDENTIFIED BY 'p'",
        ],
    );
    assert_has(
        Effect::Admin,
        Dialect::Mssql,
        &[
            "ALTER DATABASE d SET RECOVERY SIMPLE",
            "ALTER SERVER CONFIGURATION SET PROCESS AFFINITY CPU = 1",
        ],
    );
    let session = "ALTER SESSION SET nls_date_format = 'x' ~~>";
    assert_eq!(effects(session, Dialect::Oracle), [Effect::Session]);
    assert_eq!(
        effects("START TRANSACTION ~~>", Dialect::Mysql),
        [Effect::Session]
    );
}

#[test]
fn a_pragma_that_tells_changes_nothing() {
    let told = |text| effects(text, Dialect::Sqlite);
    assert_eq!(told("PRAGMA table_info(t)"), [Effect::Read]);
    assert_eq!(told("PRAGMA writable_schema(1)"), [Effect::Admin]);
    assert_eq!(told("PRAGMA journal_mode = OFF"), [Effect::Admin]);
}

#[test]
fn rows_that_go_with_a_part_of_a_table_are_told() {
    let replaced = "ALTER TABLE t REPLACE PARTITION x FROM u";
    let found = effects(replaced, Dialect::Clickhouse);
    assert!(found.contains(&Effect::Insert) && found.contains(&Effect::Delete));
    assert_has(
        Effect::Delete,
        Dialect::Clickhouse,
        &[
            "ALTER TABLE t DROP PARTITION x",
            "ALTER TABLE t DROP DETACHED PARTITION x",
            "ALTER TABLE t DROP IF EXISTS PARTITION (a = 1) ~~>",
            "OPTIMIZE TABLE t FINAL DEDUPLICATE",
        ],
    );
    assert_has(Effect::Drop, Dialect::Clickhouse, &["DETACH TABLE t"]);
    assert_has(
        Effect::Delete,
        Dialect::Databricks,
        &[
            "RESTORE TABLE t TO VERSION AS OF 1",
            "APPLY CHANGES INTO t FROM s KEYS (a) SEQUENCE BY b",
        ],
    );
}

#[test]
fn rows_that_come_or_go_are_told() {
    let both = effects("COPY FROM DATABASE a TO b", Dialect::Duckdb);
    assert!(both.contains(&Effect::Export) && both.contains(&Effect::Import));
    assert_has(
        Effect::Import,
        Dialect::Clickhouse,
        &["INSERT INTO t FROM INFILE 'x' FORMAT CSV"],
    );
    assert_has(
        Effect::Export,
        Dialect::Snowflake,
        &["COPY INTO @s/x FROM t ~~>", "COPY INTO 's3://x' FROM t ~~>"],
    );
    assert_has(Effect::Delete, Dialect::Snowflake, &["RM @s/x PATTERN=$y"]);
    assert_has(
        Effect::Import,
        Dialect::Hive,
        &["CREATE EXTERNAL TABLE t (a int) LOCATION 'x' ~~>"],
    );
    assert_has(
        Effect::Insert,
        Dialect::Mariadb,
        &["ANALYZE FORMAT=JSON REPLACE INTO t VALUES (1)"],
    );
}

#[test]
fn an_index_and_a_trigger_name_their_table() {
    for (text, expected) in [
        ("CREATE INDEX i ON ONLY t (c) ~~>", "create [table:t]"),
        (
            "CREATE TRIGGER x BEFORE UPDATE OF a ON t FOR EACH ROW EXECUTE ~~>",
            "create [table:t]",
        ),
        ("DROP TRIGGER x ON t ~~>", "drop [table:t]"),
    ] {
        let found = told(text, Dialect::Postgres);
        assert!(found.contains(&expected.to_owned()), "{text}: {found:?}");
    }
    let found = told(
        "INSERT ALL INTO a VALUES (1) INTO b VALUES (2) ~~>",
        Dialect::Oracle,
    );
    assert_eq!(found, ["insert [table:A]", "insert [table:B]"]);
}

#[test]
fn a_table_that_only_the_database_knows_is_unknown() {
    for (text, dialect) in [
        ("SELECT * FROM {t:Identifier}", Dialect::Clickhouse),
        ("SELECT * FROM TABLE(?) ~~>", Dialect::Snowflake),
        ("SELECT * FROM IDENTIFIER($t) ~~>", Dialect::Snowflake),
    ] {
        let analysis = analyse(text, dialect).unwrap();
        assert!(analysis.gaps.contains(&Gap::NameMadeAtRunTime), "{text}");
        assert!(effects(text, dialect).contains(&Effect::Unknown), "{text}");
    }
}

#[test]
fn what_comes_behind_into_is_made_or_filled() {
    let into = |text, dialect| effects(text, dialect);
    let filled = into("SELECT a INTO @x FROM t ~~>", Dialect::Mysql);
    assert_eq!(filled, [Effect::Read, Effect::Session]);
    let made = into("SELECT a INTO n FROM t ~~>", Dialect::Postgres);
    assert!(made.contains(&Effect::Create), "{made:?}");
    let made = into(
        "IF 1 = 1 BEGIN SELECT a INTO n FROM t ~~> END",
        Dialect::Mssql,
    );
    assert!(made.contains(&Effect::Create), "{made:?}");
    let filled = into("BEGIN SELECT a INTO n FROM t; x ~~>; END", Dialect::Oracle);
    assert!(!filled.contains(&Effect::Create), "{filled:?}");
}

#[test]
fn a_verb_that_is_not_known_is_refused_whatever_follows() {
    for text in ["FOO SELECT 1", "FOO DROP TABLE t", "a; SELECT 1"] {
        let refusal = analyse(text, Dialect::Postgres);
        assert!(matches!(refusal, Err(SqlError::Syntax { .. })), "{text}");
    }
}

#[test]
fn words_of_a_query_that_look_like_verbs_are_none() {
    for (text, dialect) in [
        (
            "SELECT * REPLACE i + 1 AS i FROM t ~~> 1",
            Dialect::Clickhouse,
        ),
        ("SELECT call, x FROM t ~~> 1", Dialect::Mysql),
        ("SELECT * FROM a INNER MERGE JOIN b ON ~~>", Dialect::Mssql),
        ("GRAPH g MATCH (a)->(b) RETURN a.x", Dialect::Bigquery),
    ] {
        assert_eq!(effects(text, dialect), [Effect::Read], "{text}");
    }
}

#[test]
fn verbs_that_each_look_far_ahead_are_refused() {
    let text = format!("SELECT ~~> {}{}", "UPDATE ".repeat(900), "a,".repeat(4000));
    assert_eq!(
        analyse(&text, Dialect::Postgres).err(),
        Some(SqlError::TooComplex)
    );
}
