//! What is remembered equals what is worked out, and there is never too much of it.

use super::*;
use crate::sql::{Dialect, analyse};
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

/// Statements with places for literals, many of which decide what the statement reaches.
const TEMPLATES: [&str; 47] = [
    "SELECT a FROM t WHERE b = @",
    "SELECT a, @ FROM t WHERE b IN (@, @) AND c BETWEEN @ AND @",
    "SELECT o.a FROM o JOIN c ON c.id = o.c WHERE o.b = @ ORDER BY o.a LIMIT 10",
    "SELECT a FROM t LIMIT @",
    "SELECT a FROM t ORDER BY a LIMIT 5 OFFSET @",
    "SELECT TOP (@) a FROM t",
    "DELETE FROM t WHERE a = @",
    "DELETE FROM t WHERE @ = @",
    "DELETE FROM t WHERE @",
    "DELETE FROM t WHERE a = @ OR @ = @",
    "DELETE FROM t WHERE a = @ OR a <> @",
    "DELETE FROM t WHERE a < @ OR a >= @",
    "DELETE FROM t WHERE a LIKE @",
    "DELETE FROM t WHERE NOT (@ = @)",
    "DELETE FROM t WHERE a = @ AND @ = @",
    "DELETE FROM t WHERE a = @ AND (b = @ OR b <> @)",
    "DELETE FROM t WHERE COALESCE(@, @) = @",
    "DELETE FROM t WHERE CASE WHEN @ = @ THEN @ ELSE @ END = @",
    "DELETE FROM t WHERE a IN (SELECT a FROM t WHERE @ = @)",
    "DELETE FROM t WHERE EXISTS (SELECT @)",
    "UPDATE t SET a = @ WHERE b > @",
    "UPDATE t SET a = @ WHERE a = a AND @ < @",
    "UPDATE t SET a = @",
    "INSERT INTO t (a, b) VALUES (@, @), (@, @)",
    "INSERT INTO t SELECT a FROM u WHERE b = @ AND c IS NOT NULL",
    "SELECT * FROM @ WHERE a = @",
    "SELECT dblink_exec(@, @) FROM t WHERE a = @",
    "EXECUTE IMMEDIATE @",
    "SELECT a FROM t JOIN u ON @ = @",
    "SELECT a FROM t JOIN u ON t.b = @",
    "SELECT a FROM t LEFT JOIN u ON t.b = u.b AND u.c = @ WHERE t.d = @",
    "SELECT a, count(*) FROM t GROUP BY a HAVING @ = @",
    "SELECT a FROM t WHERE b = @ UNION ALL SELECT a FROM u WHERE c = @",
    "SELECT a FROM (SELECT b FROM u WHERE @) x WHERE c = @",
    "SELECT a FROM t FETCH FIRST @ ROWS ONLY",
    "UPDATE t SET a = u.a FROM u WHERE u.b = @",
    "UPDATE t SET a = @ FROM u WHERE t.b = u.b AND @ = @",
    "DELETE FROM t USING u WHERE u.b = @",
    "DELETE FROM t WHERE a = @ LIMIT @",
    "DELETE FROM t WHERE a BETWEEN @ AND @ AND b IN (@, @)",
    "DELETE FROM t WHERE a IN (@) OR a NOT IN (@)",
    "DELETE FROM t WHERE @ BETWEEN @ AND @",
    "MERGE INTO t USING u ON @ = @ WHEN MATCHED THEN DELETE",
    "WITH x AS (DELETE FROM t WHERE a > @ RETURNING a) SELECT * FROM x WHERE a = @",
    "SELECT t.@ FROM t",
    "SELECT t.a FROM u AS @, v AS @",
    "SELECT x FROM (SELECT a AS @, b FROM t) AS s",
];

const LITERALS: [&str; 14] = [
    "1",
    "0",
    "2",
    "10",
    "5000",
    "1.0",
    "2.5",
    "'x'",
    "'%'",
    "''",
    "'1'",
    "'t'",
    "'DROP TABLE t'",
    "'a.b'",
];

/// A stream of numbers that is the same in every run.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % bound
    }
}

fn filled(template: &str, numbers: &mut Numbers) -> String {
    let mut text = String::new();
    for (index, piece) in template.split('@').enumerate() {
        if index > 0 {
            text.push_str(LITERALS[numbers.below(LITERALS.len())]);
        }
        text.push_str(piece);
    }
    text
}

#[test]
fn a_remembered_answer_is_the_answer() {
    let cache = Cache::default();
    let mut numbers = Numbers(7);
    for round in 0..6000 {
        let text = filled(TEMPLATES[round % TEMPLATES.len()], &mut numbers);
        let dialect = Dialect::ALL[numbers.below(Dialect::ALL.len())];
        let expected = analyse(&text, dialect);
        let found = cache
            .analyse(&text, &dialect.into())
            .map(|found| (*found).clone());
        assert_eq!(found, expected, "{text} in {}", dialect.name());
    }
    let (hits, misses) = cache.take_counts();
    assert!(hits > 500, "{hits} hits and {misses} misses");
}

#[test]
fn a_new_literal_in_a_plain_statement_is_a_hit() {
    let cache = Cache::default();
    for number in 0..10 {
        let text = format!(
            "SELECT a FROM t WHERE b = {number} AND c IN ('x{number}', 'y') ORDER BY a LIMIT 5"
        );
        cache.analyse(&text, &Dialect::Postgres.into()).unwrap();
    }
    assert_eq!(cache.take_counts(), (9, 1));
}

#[test]
fn a_dialect_does_not_answer_for_another() {
    let cache = Cache::default();
    let text = "SELECT a FROM Users WHERE b = 1";
    let name = |dialect: Dialect| {
        cache.analyse(text, &dialect.into()).unwrap().actions[0].resources[0]
            .name
            .clone()
    };
    assert_eq!(name(Dialect::Postgres), "users");
    assert_eq!(name(Dialect::Oracle), "USERS");
    assert_eq!(name(Dialect::Postgres), "users");
}

#[test]
fn a_flood_of_texts_neither_grows_it_nor_drives_out_what_is_used() {
    let cache = Cache::default();
    let used = "SELECT a FROM used WHERE b LIKE 'x'";
    cache.analyse(used, &Dialect::Postgres.into()).unwrap();
    for number in 0..3 * SQL_CACHE_ENTRIES {
        cache
            .analyse(
                &format!("SELECT a FROM t{number}"),
                &Dialect::Postgres.into(),
            )
            .unwrap();
        if number % 50 == 0 {
            cache.analyse(used, &Dialect::Postgres.into()).unwrap();
        }
    }
    cache.take_counts();
    cache.analyse(used, &Dialect::Postgres.into()).unwrap();
    assert_eq!(cache.take_counts(), (1, 0));
    let generations = &cache.memory.borrow().generations;
    for generation in [&generations.young, &generations.old] {
        assert!(generation.entries.len() <= SQL_CACHE_ENTRIES);
        assert!(generation.bytes <= SQL_CACHE_BYTES);
    }
}

#[test]
fn a_long_text_that_was_hit_by_its_shape_is_known_by_itself() {
    let cache = Cache::default();
    let columns = "a, ".repeat(SQL_CACHE_SHAPED_BYTES);
    let text = |number: u32| format!("SELECT {columns} b FROM t WHERE c = {number}");
    for number in [1, 2] {
        cache
            .analyse(&text(number), &Dialect::Postgres.into())
            .unwrap();
    }
    assert_eq!(cache.take_counts(), (1, 1));
    let memory = cache.memory.borrow();
    assert_eq!(memory.generations.young.entries.len(), 3);
}

#[test]
fn short_texts_of_a_known_shape_do_not_fill_it() {
    let cache = Cache::default();
    for number in 0..100 {
        let text = format!("SELECT a FROM t WHERE b = {number}");
        cache.analyse(&text, &Dialect::Postgres.into()).unwrap();
    }
    let memory = cache.memory.borrow();
    assert_eq!(memory.generations.young.entries.len(), 2);
}

#[test]
fn a_text_without_a_shape_is_not_answered_by_what_was_left_of_the_last_shape() {
    let cache = Cache::default();
    let database = Dialect::Postgres.into();
    cache
        .analyse("SELECT a FROM t WHERE b = 1", &database)
        .unwrap();
    let other = cache
        .analyse("SELECT a FROM u WHERE b = 1 -- c", &database)
        .unwrap();
    assert_eq!(other.actions[0].resources[0].name, "u");
    let again = cache
        .analyse("SELECT a FROM t WHERE b = 1 -- c", &database)
        .unwrap();
    assert_eq!(again.actions[0].resources[0].name, "t");
    assert_eq!(cache.take_counts(), (0, 3));
}
