//! Statements that change something, plain and inside others.

use super::{Speaker, condition, table};
use crate::judge::chance::Chance;

/// A statement that changes rows, and can return them.
fn of_rows(chance: &mut Chance, speaker: Speaker) -> String {
    let target = table(chance);
    let (name, first) = target;
    let (other, _) = table(chance);
    let condition = condition::any(chance, target);
    let common = [
        format!("DELETE FROM {name}"),
        format!("DELETE FROM {name} WHERE {condition}"),
        format!("delete from {name} where {condition}"),
        format!("UPDATE {name} SET name = 'x' || name"),
        format!("UPDATE {name} SET name = name || 'x' WHERE {condition}"),
        format!("INSERT INTO {name} VALUES (90, 'new', 1)"),
        format!("INSERT INTO {name} SELECT id + 100, name, amount FROM {other}"),
        format!(
            "INSERT INTO {name} (id, name) VALUES ({first}, 'x') ON CONFLICT (id) DO UPDATE SET name = 'y'"
        ),
        format!(
            "UPDATE {name} SET name = o.name || 'x' FROM {other} AS o WHERE o.id = {name}.id AND o.amount IS NULL"
        ),
    ];
    let own = match speaker {
        Speaker::Postgres => [
            format!("DELETE FROM ONLY public.{name} AS t WHERE {condition}"),
            format!(
                "DELETE FROM {name} AS t USING notes AS n WHERE t.id = n.id AND n.amount IS NULL"
            ),
            format!("DELETE FROM {name} AS t USING pg_class AS n"),
            format!("DELETE FROM \"public\".\"{name}\" WHERE ({condition})::bool"),
        ],
        Speaker::Sqlite => [
            format!("REPLACE INTO {name} VALUES ({first}, 'x', 1)"),
            format!("UPDATE OR IGNORE main.{name} SET name = 'x' || name WHERE {condition}"),
            format!("DELETE FROM [{name}] WHERE {condition}"),
            format!("DELETE FROM `{name}` WHERE +({condition})"),
        ],
    };
    let all: Vec<&String> = common.iter().chain(&own).collect();
    all[chance.below(all.len())].clone()
}

/// A statement that changes rows or tables.
pub(super) fn of(chance: &mut Chance, speaker: Speaker) -> String {
    if chance.one_in(2) {
        return of_rows(chance, speaker);
    }
    let target = table(chance);
    let (name, _) = target;
    let condition = condition::any(chance, target);
    let common = [
        format!("DROP TABLE {name}"),
        format!("DROP TABLE IF EXISTS {name}"),
        format!("ALTER TABLE {name} RENAME TO gone"),
        format!("ALTER TABLE {name} ADD COLUMN more int"),
        format!("ALTER TABLE {name} DROP COLUMN name"),
        format!("CREATE TABLE made AS SELECT * FROM {name} WHERE {condition}"),
        "CREATE TABLE made (id int)".to_owned(),
        format!("CREATE VIEW made AS SELECT * FROM {name}"),
    ];
    let own = match speaker {
        Speaker::Postgres => [
            format!("TRUNCATE {name}"),
            format!("TRUNCATE TABLE ONLY {name} RESTART IDENTITY CASCADE"),
            format!("SELECT * INTO made FROM {name}"),
            "DROP SCHEMA public CASCADE".to_owned(),
            format!("GRANT ALL ON {name} TO PUBLIC"),
            format!(
                "MERGE INTO {name} AS t USING (SELECT 1 AS one) AS s ON true WHEN MATCHED THEN DELETE"
            ),
            format!(
                "MERGE INTO {name} AS t USING notes AS s ON t.id = s.id WHEN MATCHED AND s.amount IS NULL THEN UPDATE SET name = 'x'"
            ),
            format!("CREATE MATERIALIZED VIEW made AS TABLE {name}"),
        ],
        Speaker::Sqlite => [
            format!("DROP TABLE IF EXISTS main.{name}"),
            format!("DROP TABLE \"{name}\""),
            format!("CREATE TEMP TABLE made AS SELECT * FROM {name}"),
            format!("CREATE TRIGGER made AFTER INSERT ON {name} BEGIN DELETE FROM notes; END"),
            format!("ALTER TABLE `{name}` RENAME COLUMN name TO title"),
            format!("ALTER TABLE [{name}] RENAME TO gone"),
            format!("BEGIN; DELETE FROM {name}; COMMIT"),
            format!("SAVEPOINT s; DROP TABLE {name}; RELEASE s"),
        ],
    };
    let all: Vec<&String> = common.iter().chain(&own).collect();
    all[chance.below(all.len())].clone()
}

/// A change inside of something that looks like another statement.
pub(super) fn wrapped(chance: &mut Chance, speaker: Speaker) -> String {
    let rows = of_rows(chance, speaker);
    if speaker == Speaker::Sqlite {
        let all = [
            format!("{rows} RETURNING id"),
            format!("WITH a AS (SELECT 1) {rows}"),
            format!(
                "WITH RECURSIVE a(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM a WHERE n < 3) {rows}"
            ),
            format!("BEGIN IMMEDIATE; {rows}; END"),
            format!("EXPLAIN {rows}"),
        ];
        return all[chance.below(all.len())].clone();
    }
    let change = of(chance, speaker);
    let quoted = change.replace('\'', "''");
    let all = [
        format!("WITH w AS ({rows} RETURNING *) SELECT count(*) FROM w"),
        format!("WITH a AS (SELECT 1), w AS ({rows} RETURNING 1) SELECT * FROM a"),
        format!("EXPLAIN ANALYZE {rows}"),
        format!("EXPLAIN (ANALYZE true, COSTS off) {rows}"),
        format!("EXPLAIN (COSTS off, ANALYZE) {rows}"),
        format!("EXPLAIN (ANALYZE off) {rows}"),
        format!("PREPARE p AS {rows}; EXECUTE p"),
        format!("COPY ({rows} RETURNING *) TO STDOUT"),
        format!("DO $$ BEGIN {change}; END $$"),
        format!("DO LANGUAGE plpgsql $body$ BEGIN {change}; END $body$"),
        format!("DO 'BEGIN {quoted}; END'"),
        format!("DO $x$ BEGIN EXECUTE '{quoted}'; END $x$"),
        format!("DO $x$ DECLARE s text := '{quoted}'; BEGIN EXECUTE s; END $x$"),
        format!("DO E'BEGIN {}; END'", quoted.replace('D', "\\x44")),
        format!("BEGIN; {change}; COMMIT"),
        format!("BEGIN; {change}; END"),
        format!("START TRANSACTION READ ONLY; COMMIT; {change}"),
        format!(
            "CREATE FUNCTION f() RETURNS void LANGUAGE plpgsql AS $$ BEGIN {change}; END $$; SELECT f()"
        ),
        format!(
            "CREATE FUNCTION f() RETURNS void LANGUAGE sql BEGIN ATOMIC {rows}; END; SELECT f()"
        ),
        format!("CREATE PROCEDURE f() LANGUAGE sql AS '{quoted}'; CALL f()"),
        format!("SELECT query_to_xml('{quoted}', true, false, '')"),
    ];
    all[chance.below(all.len())].clone()
}
