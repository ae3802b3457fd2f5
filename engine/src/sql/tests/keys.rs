//! Rows found by a key.

use crate::action::{Cause, Reach};
use crate::sql::{Database, Dialect, Table, analyse_in};
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

fn database(dialect: Dialect, tables: &[(&str, &[&[&str]])]) -> Database {
    let owned = |names: &[&str]| {
        names
            .iter()
            .map(|&name| name.to_owned())
            .collect::<Vec<_>>()
    };
    let table = |keys: &[&[&str]]| Table {
        columns: owned(&["id", "a", "b"]),
        keys: keys.iter().map(|key| owned(key)).collect(),
    };
    let named = |&(name, keys): &(&str, &[&[&str]])| (name.to_owned(), table(keys));
    Database {
        search_path: vec!["public".to_owned()],
        tables: tables.iter().map(named).collect(),
        ..Database::new(dialect)
    }
}

fn reach(text: &str, database: &Database) -> (Reach, Option<Cause>) {
    let analysis = analyse_in(text, database).unwrap();
    let action = analysis.actions.last().unwrap();
    (action.reach, action.cause)
}

const ITEM: (Reach, Option<Cause>) = (Reach::Key, Some(Cause::KeyEquality));
const FILTERED: (Reach, Option<Cause>) = (Reach::Filtered, Some(Cause::Condition));

#[test]
fn equality_with_every_column_of_a_key_finds_one_row() {
    let known = database(Dialect::Postgres, &[("public.t", &[&["id"], &["a", "b"]])]);
    for condition in [
        "id = 1",
        "1 = id",
        "t.id = $1",
        "id = '7' AND a > 2",
        "(id = 1) AND b IS NULL",
        "id = CAST('1' AS int)",
        "id = lower('A')",
        "a = 1 AND b = 2",
    ] {
        for text in [
            format!("SELECT * FROM t WHERE {condition}"),
            format!("DELETE FROM t WHERE {condition}"),
            format!("UPDATE public.t SET a = 1 WHERE {condition}"),
        ] {
            assert_eq!(reach(&text, &known), ITEM, "{text}");
        }
    }
    assert_eq!(reach("SELECT * FROM t AS x WHERE x.id = 1", &known), ITEM);
}

#[test]
fn what_could_be_more_than_one_row_is_no_key() {
    let known = database(Dialect::Postgres, &[("public.t", &[&["id"], &["a", "b"]])]);
    for condition in [
        "a = 1",
        "id > 1",
        "id = 1 OR a = 2",
        "NOT id = 1",
        "id = a",
        "id = floor(random() * 9)",
        "id = (SELECT max(id) FROM u)",
        "lower(id) = 'a'",
        "id COLLATE \"C\" = 'a'",
        "u.id = 1",
    ] {
        let text = format!("DELETE FROM t WHERE {condition}");
        let found = reach(&text, &known);
        assert_eq!(found, FILTERED, "{condition}");
    }
    assert_eq!(reach("DELETE FROM u WHERE id = 1", &known), FILTERED);
    let joined = "DELETE FROM t USING u WHERE t.id = 1 AND u.a = t.a";
    assert_eq!(reach(joined, &known), FILTERED);
    let shadowed = "WITH t AS (SELECT * FROM u) SELECT * FROM t WHERE id = 1";
    assert_ne!(reach(shadowed, &known), ITEM);
}

#[test]
fn a_list_of_keys_is_as_many_rows() {
    let known = database(Dialect::Postgres, &[("t", &[&["id"], &["a", "b"]])]);
    for (condition, rows) in [
        ("id IN (1, 2, 3)", 3),
        ("id = 1 OR id = 2", 2),
        ("id IN (1, 2) AND x = 1", 2),
        ("a IN (1, 2) AND b IN (3, 4)", 4),
    ] {
        let text = format!("DELETE FROM t WHERE {condition}");
        let expected = (Reach::Limited(rows), Some(Cause::KeyEquality));
        assert_eq!(reach(&text, &known), expected, "{condition}");
    }
    assert_eq!(
        reach("DELETE FROM t WHERE id NOT IN (1, 2)", &known),
        FILTERED
    );
    let two = "SELECT * FROM t WHERE id = 1 UNION ALL SELECT * FROM t WHERE id = 2";
    assert_eq!(reach(two, &known).0, Reach::Limited(2));
}

#[test]
fn mysql_compares_texts_with_numbers_as_numbers() {
    let known = database(Dialect::Mysql, &[("t", &[&["id"]])]);
    assert_eq!(reach("DELETE FROM t WHERE ID = 5", &known), ITEM);
    assert_eq!(reach("DELETE FROM t WHERE id = '5'", &known), ITEM);
    assert_eq!(reach("DELETE FROM t WHERE id = ?", &known), ITEM);
    for condition in ["id = 0", "id = 0.0", "id = false", "id = 1 - 1", "id = -0"] {
        let text = format!("DELETE FROM t WHERE {condition}");
        assert_eq!(reach(&text, &known), FILTERED, "{condition}");
    }
}
