//! A seed to a text of SQL: changes and reads, and the ways of hiding one in the other.
//!
//! Conditions are of two sorts: those that keep every row, and those that keep two at most,
//! so that a database which loses every row has met one of the first.

mod change;
mod condition;
mod disguise;

use super::TABLES;
use super::chance::Chance;

/// Whose SQL the text is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Speaker {
    /// PostgreSQL.
    Postgres,
    /// SQLite.
    Sqlite,
}

/// The text of a seed.
#[must_use]
pub fn of(seed: u64, speaker: Speaker) -> String {
    let mut chance = Chance::new(seed);
    // The first few states of the generator hold little of a small seed.
    (0..8).for_each(|_| {
        chance.below(2);
    });
    let text = match chance.below(6) {
        0 => read(&mut chance, speaker),
        1 => change::of(&mut chance, speaker),
        2 => change::wrapped(&mut chance, speaker),
        _ => {
            let read = read(&mut chance, speaker);
            let change = if chance.one_in(3) {
                change::wrapped(&mut chance, speaker)
            } else {
                change::of(&mut chance, speaker)
            };
            disguise::hide(&mut chance, &read, &change)
        }
    };
    if chance.one_in(2) {
        disguise::mutate(&mut chance, text)
    } else {
        text
    }
}

/// One of the canary tables: its name and its lowest `id`.
fn table(chance: &mut Chance) -> (&'static str, i64) {
    TABLES[chance.below(TABLES.len())]
}

/// A statement that changes nothing.
fn read(chance: &mut Chance, speaker: Speaker) -> String {
    let table = table(chance);
    let (name, _) = table;
    let condition = condition::any(chance, table);
    let common = [
        "SELECT 1".to_owned(),
        format!("SELECT * FROM {name}"),
        format!("SELECT count(*) FROM {name} WHERE {condition}"),
        format!("SELECT name FROM {name} WHERE {condition} ORDER BY id LIMIT 2"),
        format!("WITH a AS (SELECT * FROM {name}) SELECT * FROM a"),
        format!("SELECT 'DROP TABLE {name}'"),
        format!("SELECT 1 AS \"DELETE FROM {name}\""),
        format!("SELECT CASE WHEN {condition} THEN 1 ELSE 2 END FROM {name}"),
        "VALUES (1), (2)".to_owned(),
        format!("SELECT id FROM {name} UNION ALL SELECT 1"),
    ];
    let own = match speaker {
        Speaker::Postgres => [
            format!("EXPLAIN DELETE FROM {name}"),
            format!("TABLE {name}"),
            format!("SELECT $$; DROP TABLE {name}; $$"),
            format!("SELECT $a$ $$; DELETE FROM {name}; $a$"),
            "SHOW search_path".to_owned(),
            "SELECT E'\\'' || 'x'".to_owned(),
        ],
        Speaker::Sqlite => [
            format!("EXPLAIN QUERY PLAN DELETE FROM {name}"),
            format!("SELECT [id] FROM `{name}`"),
            "SELECT '\\'".to_owned(),
            format!("PRAGMA table_info({name})"),
            "SELECT \"no such column\"".to_owned(),
            "SELECT x'00'".to_owned(),
        ],
    };
    let all: Vec<&String> = common.iter().chain(&own).collect();
    all[chance.below(all.len())].clone()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_always_gives_the_same_text() {
        for seed in 0..200 {
            for speaker in [Speaker::Postgres, Speaker::Sqlite] {
                assert_eq!(of(seed, speaker), of(seed, speaker));
            }
        }
    }

    #[test]
    fn seeds_give_different_texts() {
        let mut texts: Vec<_> = (0..1_000).map(|seed| of(seed, Speaker::Postgres)).collect();
        texts.sort_unstable();
        texts.dedup();
        assert!(texts.len() > 700, "{}", texts.len());
    }
}
