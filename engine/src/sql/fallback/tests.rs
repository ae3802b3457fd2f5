//! What the words of a statement tell where the parser knows nothing.

mod code;
mod marks;
mod server;

use crate::action::{Effect, Reach};
use crate::sql::{Dialect, Gap, analyse};
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

/// `effect [tables]` of every action of a text that the parser does not know.
fn told(text: &str, dialect: Dialect) -> Vec<String> {
    let analysis = analyse(text, dialect).unwrap_or_else(|error| panic!("{text}: {error}"));
    assert!(analysis.gaps.contains(&Gap::NotParsed), "{text} is parsed");
    let of_action = |action: &crate::action::Action| {
        let names: Vec<_> = action.resources.iter().map(ToString::to_string).collect();
        format!("{} [{}]", action.effect.name(), names.join(" "))
    };
    analysis.actions.iter().map(of_action).collect()
}

/// The effects of a text, each once.
fn effects(text: &str, dialect: Dialect) -> Vec<Effect> {
    let analysis = analyse(text, dialect).unwrap_or_else(|error| panic!("{text}: {error}"));
    let mut effects: Vec<_> = analysis.actions.iter().map(|a| a.effect).collect();
    effects.dedup();
    effects
}

#[test]
fn a_query_that_is_not_known_reads_its_tables() {
    assert_eq!(
        told(
            "SELECT (a).* FROM s.t ~~> , u AS x, f(1) JOIN \"V\" USING (id)",
            Dialect::Postgres
        ),
        ["read [table:V table:s.t]", "call [function:f]"]
    );
    let text = "WITH c AS (SELECT 1 FROM t ~~> 2) SELECT * FROM c";
    assert_eq!(told(text, Dialect::Postgres), ["read [table:t]"]);
}

#[test]
fn a_verb_counts_wherever_it_stands() {
    for (text, expected) in [
        ("SELECT 1 ~~> (DELETE FROM t)", "delete [table:t]"),
        ("SELECT ~~> 1 INTO OUTFILE '/tmp/x'", "export []"),
        ("SELECT ~~> 1; DROP TABLE t", "drop [table:t]"),
        ("EXPLAIN (~~>) TRUNCATE a, b", "truncate [table:a table:b]"),
        ("SELECT 1 END; DROP TABLE zz", "drop [table:zz]"),
    ] {
        let found = told(text, Dialect::Mysql);
        assert!(found.contains(&expected.to_owned()), "{text}: {found:?}");
    }
}

#[test]
fn a_table_that_is_replaced_is_dropped() {
    let drops = |text| effects(text, Dialect::Clickhouse).contains(&Effect::Drop);
    assert!(drops("CREATE OR REPLACE TABLE t ~~> x"));
    assert!(!drops("CREATE TABLE t ~~> x"));
}

#[test]
fn both_tables_of_an_exchange_are_changed() {
    for (text, dialect) in [
        (
            "ALTER TABLE a EXCHANGE PARTITION p WITH TABLE b",
            Dialect::Mysql,
        ),
        (
            "ALTER TABLE a MOVE PARTITION p TO TABLE b",
            Dialect::Clickhouse,
        ),
        ("ALTER TABLE a SWITCH TO b", Dialect::Mssql),
        ("ALTER TABLE a SWITCH PARTITION 1 TO b", Dialect::Mssql),
        ("EXCHANGE TABLES a AND b", Dialect::Clickhouse),
        ("DROP TABLES a, b", Dialect::Mysql),
    ] {
        let found = told(text, dialect).join(" ");
        assert!(
            found.contains("table:a") && found.contains("table:b"),
            "{text}: {found}"
        );
    }
}

#[test]
fn statistics_of_a_column_are_no_table() {
    for dialect in [Dialect::Generic, Dialect::Mysql] {
        for verb in ["UPDATE", "DROP"] {
            let text = format!("ANALYZE TABLE t {verb} HISTOGRAM ON a, b");
            let found = effects(&text, dialect);
            assert!(!found.contains(&Effect::Update), "{text}: {found:?}");
            assert!(!found.contains(&Effect::Drop), "{text}: {found:?}");
            assert!(found.contains(&Effect::Admin), "{text}: {found:?}");
        }
        let analysis = analyse("ANALYZE TABLE t DROP HISTOGRAM ON a", dialect).unwrap();
        assert_eq!(analysis.kinds, [crate::sql::Kind::Maint]);
    }
    let text = "CHECKPOINT UPDATE histogram SET a = 1";
    assert!(effects(text, Dialect::Mssql).contains(&Effect::Update));
    let text = "CHECKPOINT ~~> UPDATE histogram SET a = 1";
    assert!(effects(text, Dialect::Mssql).contains(&Effect::Update));
}

#[test]
fn a_word_that_can_be_no_verb_there_does_not_count() {
    for text in [
        "SELECT ~~> t.delete, update.x FROM t FOR UPDATE",
        "SELECT ~~> replace(a, 'b', 'c'), insert(a, 1, 2, 'x'), \"drop\" FROM t",
        "SHOW ~~> CREATE TABLE t",
    ] {
        let analysis = analyse(text, Dialect::Mysql).unwrap();
        let reads_only = analysis.actions.iter().all(|a| a.effect == Effect::Read);
        assert!(reads_only, "{text}: {:?}", told(text, Dialect::Mysql));
    }
}

#[test]
fn blocks_are_looked_through_to_their_end() {
    let block =
        "BEGIN DELETE FROM t WHERE a ~~> 1; IF x THEN UPDATE u SET a = 1; END IF; END; SELECT 1";
    assert_eq!(
        told(block, Dialect::Oracle),
        [
            "read []",
            "update [table:U]",
            "delete [table:T]",
            "session []"
        ]
    );
    let found = told("BEGIN pkg.wipe(1); END;", Dialect::Oracle);
    assert!(found.contains(&"call []".to_owned()), "{found:?}");
}

#[test]
fn code_in_a_string_is_read_too() {
    let text = "DO $$ BEGIN DELETE FROM t; END $$";
    assert!(told(text, Dialect::Postgres).contains(&"delete [table:t]".to_owned()));
    let text = "DO $$ BEGIN EXECUTE 'DROP TABLE ' || name; END $$";
    assert!(told(text, Dialect::Postgres).contains(&"unknown []".to_owned()));
    let text = "DO LANGUAGE plpython3u $$ import os $$";
    assert!(told(text, Dialect::Postgres).contains(&"unknown []".to_owned()));
}

#[test]
fn reach_is_told_only_where_nothing_could_bound_it() {
    let reach = |text| {
        let analysis = analyse(text, Dialect::Postgres).unwrap();
        let changes = analysis.actions.iter().find(|a| a.effect != Effect::Read);
        changes.map(|a| a.reach)
    };
    let bounded = "DELETE FROM t WHERE a ~~> LIMIT 1";
    assert_eq!(reach(bounded), Some(Reach::Unknown));
    assert_eq!(
        reach("UPDATE t SET a[~~>] = (SELECT 1 FROM u WHERE b)"),
        Some(Reach::All)
    );
    assert_eq!(reach("UPDATE t SET a ~~> 1 FROM u"), Some(Reach::Unknown));
}

#[test]
fn copies_go_out_or_in() {
    assert_eq!(
        told("COPY t (a, b) FROM stdin WITH (~~>)", Dialect::Postgres),
        ["insert [table:t]", "import []"]
    );
    assert_eq!(
        told(
            "COPY (SELECT a FROM t) TO 'x' WITH (~~>)",
            Dialect::Postgres
        ),
        ["read [table:t]", "export []"]
    );
}

#[test]
fn a_text_that_starts_with_no_verb_is_refused() {
    for text in ["SELEC 1", "xp_cmdshell 'dir'", "1", "; ;~~>", "''", "a b c"] {
        assert!(analyse(text, Dialect::Mssql).is_err(), "{text}");
    }
}

#[test]
fn statements_of_sql_server_need_no_mark_between_them() {
    let analysis = analyse("SELECT 1 AS a FROM t DELETE FROM u", Dialect::Mssql).unwrap();
    let effects: Vec<_> = analysis.actions.iter().map(|a| a.effect).collect();
    assert_eq!(effects, [Effect::Read, Effect::Delete]);
    assert_eq!(analysis.kinds.len(), 2);
    for (text, effect) in [
        (
            "UPDATE t SET a = 1 WHERE b = 2 SELECT @@ROWCOUNT",
            Effect::Update,
        ),
        ("SET NOCOUNT ON SELECT a FROM t WHERE b = 2", Effect::Read),
        (
            "DECLARE @x INT SET @x = 2 DELETE FROM t WHERE b = @x SELECT 1",
            Effect::Delete,
        ),
        (
            "IF 1 = 1 DELETE FROM t WHERE b = 2 SELECT 1",
            Effect::Delete,
        ),
    ] {
        let analysis = analyse(text, Dialect::Mssql).unwrap();
        let of_table = |action: &&crate::action::Action| !action.resources.is_empty();
        let action = analysis.actions.iter().find(of_table).unwrap();
        assert_eq!(
            (action.effect, action.reach),
            (effect, Reach::Filtered),
            "{text}"
        );
        assert!(!analysis.gaps.contains(&Gap::NotParsed), "{text}");
    }
}

#[test]
fn a_statement_that_another_cuts_short_reaches_everything() {
    let text = "UPDATE t SET a = 1 SET b = 2 WHERE c = 3";
    let analysis = analyse(text, Dialect::Mssql).unwrap();
    let mut actions = analysis.actions.iter();
    let update = actions.find(|action| action.effect == Effect::Update);
    assert_eq!(update.map(|action| action.reach), Some(Reach::All));
}

#[test]
fn what_comes_after_an_unknown_statement_is_not_lost() {
    for tail in ["DROP TABLE t", "DELETE FROM t", "UPDATE t SET a = 1"] {
        for head in [
            "SELECT ~~>",
            "SELECT (((~~>",
            "VACUUM ~~> (",
            "CALL x ~~>",
            "SET a ~~>",
        ] {
            let text = format!("{head} ; {tail}");
            let found = told(&text, Dialect::Postgres).join(" ");
            assert!(found.contains("table:t"), "{text}: {found}");
        }
    }
}

#[test]
fn a_name_may_look_like_a_word_of_the_language() {
    for (text, expected) in [
        (
            "DO $$ BEGIN DROP SCHEMA public CASCADE; END $$",
            "drop [object:public]",
        ),
        ("DO $$ BEGIN DROP TABLE data; END $$", "drop [table:data]"),
        (
            "DO $$ BEGIN GRANT ALL ON SCHEMA s TO x; END $$",
            "grant [object:s]",
        ),
        (
            "DO $$ BEGIN GRANT SELECT ON t TO x; END $$",
            "grant [table:t]",
        ),
    ] {
        let found = told(text, Dialect::Postgres);
        assert!(found.contains(&expected.to_owned()), "{text}: {found:?}");
    }
    let found = told("DELETE FROM [s].[t] WHERE ~~>", Dialect::Generic);
    assert!(
        found.contains(&"delete [table:s.t]".to_owned()),
        "{found:?}"
    );
}

#[test]
fn files_that_are_read_are_told() {
    let found = told("SELECT * FROM 'x.parquet' WHERE ~~>", Dialect::Duckdb);
    assert!(
        found.contains(&"import [location:file]".to_owned()),
        "{found:?}"
    );
}

#[test]
fn what_a_function_does_is_judged_when_it_is_made() {
    let body = "CREATE FUNCTION f() RETURNS int AS $$ BEGIN DELETE FROM t; RETURN 1; END $$";
    for text in [
        format!("{body} LANGUAGE plpgsql"),
        format!("{body} LANGUAGE plpgsql ~~> x"),
    ] {
        let analysis = analyse(&text, Dialect::Postgres).unwrap();
        let effects: Vec<_> = analysis.actions.iter().map(|a| a.effect).collect();
        assert!(effects.contains(&Effect::Delete), "{text}: {effects:?}");
    }
    let other = "CREATE FUNCTION f() RETURNS int AS 'lib', 'symbol' LANGUAGE c";
    let analysis = analyse(other, Dialect::Postgres).unwrap();
    assert!(analysis.actions.iter().all(|a| a.effect != Effect::Unknown));
}

#[test]
fn texts_that_procedures_run_are_read() {
    let found = told("EXEC sp_executesql N'DROP TABLE t' (", Dialect::Mssql);
    assert!(
        found
            .iter()
            .any(|one| one.contains("drop") || one.contains("unknown")),
        "{found:?}"
    );
}
