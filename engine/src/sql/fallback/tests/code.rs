//! Procedures, prepared statements and SQL in strings.

use super::{effects, told};
use crate::action::Effect;
use crate::sql::{Dialect, Gap, SqlError, analyse};
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

#[test]
fn literals_that_are_put_together_are_read() {
    for (text, dialect) in [
        ("EXECUTE IMMEDIATE 'DR' || 'OP TABLE t'", Dialect::Oracle),
        (
            "BEGIN EXECUTE IMMEDIATE 'DR' || 'OP TABLE t'; END;",
            Dialect::Oracle,
        ),
        ("EXEC('DR' + 'OP TABLE t')", Dialect::Mssql),
        ("EXEC sp_executesql @stmt = N'DROP TABLE t'", Dialect::Mssql),
        (
            "EXECUTE IMMEDIATE CONCAT('DROP ', 'TABLE t') USING 1",
            Dialect::Bigquery,
        ),
        (
            "SELECT query_to_xml('DROP ' || 'TABLE t', true, false, '')",
            Dialect::Postgres,
        ),
        ("PREPARE s FROM 'DROP TABLE t'", Dialect::Mysql),
        ("UNLOAD ('DROP TABLE t') TO 's3://x' ~~>", Dialect::Redshift),
    ] {
        let effects = effects(text, dialect);
        assert!(effects.contains(&Effect::Drop), "{text}: {effects:?}");
        assert!(!effects.contains(&Effect::Unknown), "{text}: {effects:?}");
    }
}

#[test]
fn a_text_made_at_run_time_is_unknown() {
    for (text, dialect) in [
        ("EXECUTE IMMEDIATE 'DR' || x", Dialect::Oracle),
        ("BEGIN EXECUTE IMMEDIATE 'DR' || x; END;", Dialect::Oracle),
        ("EXEC('DR' + @x)", Dialect::Mssql),
        ("EXEC sp_executesql @sql", Dialect::Mssql),
        ("EXECUTE IMMEDIATE CONCAT('DROP ', x)", Dialect::Bigquery),
        ("PREPARE s FROM @x", Dialect::Mysql),
        (
            "SELECT query_to_xml(x, true, false, '') FROM q",
            Dialect::Postgres,
        ),
    ] {
        let analysis = analyse(text, dialect).unwrap();
        assert!(analysis.gaps.contains(&Gap::TextMadeAtRunTime), "{text}");
        assert!(effects(text, dialect).contains(&Effect::Unknown), "{text}");
    }
}

#[test]
fn what_another_server_runs_is_read_and_stays_unknown() {
    for (text, dialect) in [
        (
            "SELECT dblink_exec('dbname=x', 'DROP TABLE t')",
            Dialect::Postgres,
        ),
        ("SELECT * FROM OPENQUERY(s, 'DROP TABLE t')", Dialect::Mssql),
        ("EXEC('DROP TABLE t') AT s", Dialect::Mssql),
        (
            "SELECT * FROM OPENROWSET('x', 'Server=y', 'DROP TABLE t')",
            Dialect::Mssql,
        ),
    ] {
        let effects = effects(text, dialect);
        assert!(effects.contains(&Effect::Drop), "{text}: {effects:?}");
        assert!(effects.contains(&Effect::Unknown), "{text}: {effects:?}");
    }
}

#[test]
fn a_file_that_is_read_is_no_statement() {
    let text = "SELECT * FROM OPENROWSET(BULK 'a.csv', FORMAT = 'CSV') AS x";
    let effects = effects(text, Dialect::Mssql);
    assert!(effects.contains(&Effect::Import), "{effects:?}");
    assert!(!effects.contains(&Effect::Unknown), "{effects:?}");
}

#[test]
fn a_statement_that_the_text_prepares_is_known() {
    for (text, dialect) in [
        ("PREPARE p AS DELETE FROM t; EXECUTE p", Dialect::Postgres),
        ("PREPARE p FROM 'DELETE FROM t'; EXECUTE p", Dialect::Mysql),
        ("PREPARE p FROM DELETE FROM t; EXECUTE p", Dialect::Trino),
    ] {
        let effects = effects(text, dialect);
        assert_eq!(effects, [Effect::Delete, Effect::Session], "{text}");
    }
    for text in [
        "EXECUTE p",
        "EXECUTE p; PREPARE p AS DELETE FROM t",
        "PREPARE p AS SELECT 1; EXECUTE q",
        "PREPARE \"P\" AS SELECT 1; EXECUTE p",
        "PREPARE p AS SELECT 1; DEALLOCATE p; EXECUTE p",
        "PREPARE p AS SELECT 1; DEALLOCATE ALL; EXECUTE p",
        "PREPARE p AS SELECT 1; DISCARD ALL; EXECUTE p",
    ] {
        let effects = effects(text, Dialect::Postgres);
        assert!(effects.contains(&Effect::Call), "{text}: {effects:?}");
    }
}

#[test]
fn a_procedure_that_is_known_by_its_name_does_what_it_does() {
    for (text, effect) in [
        ("EXEC sp_addsrvrolemember 'x', 'sysadmin'", Effect::Grant),
        ("EXEC sp_rename 'a', 'b'", Effect::Alter),
        ("EXEC master..xp_cmdshell 'dir'", Effect::Unknown),
        ("EXEC @r = xp_cmdshell 'dir' ~~>", Effect::Unknown),
        ("EXEC @procedure", Effect::Unknown),
        ("EXECUTE AS LOGIN = 'sa'", Effect::Grant),
        ("EXEC p SHUTDOWN", Effect::Unknown),
    ] {
        let effects = effects(text, Dialect::Mssql);
        assert!(effects.contains(&effect), "{text}: {effects:?}");
    }
    assert_eq!(effects("EXEC sp_help 't'", Dialect::Mssql), [Effect::Read]);
}

#[test]
fn a_procedure_made_for_one_call_is_unknown() {
    let text = "WITH p AS PROCEDURE () RETURNS INT AS $$ BEGIN DROP TABLE t; END $$ CALL p()";
    let found = told(text, Dialect::Snowflake);
    assert!(found.contains(&"unknown []".to_owned()), "{found:?}");
    assert!(
        found.iter().any(|one| one.starts_with("call ")),
        "{found:?}"
    );
}

#[test]
fn sql_server_calls_by_name_only_at_the_start_of_a_batch() {
    for text in ["xp_cmdshell 'dir' SELECT 1", "sp_configure 'x', 1 SELECT 1"] {
        let refusal = analyse(text, Dialect::Mssql);
        assert!(matches!(refusal, Err(SqlError::Syntax { .. })), "{text}");
    }
    for text in ["SELECT 1\nGO\nxp_cmdshell 'dir'", "SELECT 1 GO p 'x'"] {
        let effects = effects(text, Dialect::Mssql);
        assert!(effects.contains(&Effect::Unknown), "{text}: {effects:?}");
    }
}
