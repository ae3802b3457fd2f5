//! Which action a column goes to.

use crate::sql::{Dialect, analyse};
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

/// `effect: column usage, …` of every action that has columns.
fn columns(text: &str) -> Vec<String> {
    let analysis = analyse(text, Dialect::Postgres).unwrap();
    let with_columns = analysis
        .actions
        .iter()
        .filter(|action| !action.columns.is_empty());
    with_columns
        .map(|action| {
            let uses = action.columns.iter();
            let uses: Vec<_> = uses
                .map(|one| format!("{} {}", one.column, one.usage.name()))
                .collect();
            format!("{}: {}", action.effect.name(), uses.join(", "))
        })
        .collect()
}

#[test]
fn what_is_only_changed_keeps_its_columns() {
    assert_eq!(
        columns("UPDATE t SET a = 1 WHERE b = 2"),
        ["update: t.a written, t.b predicate"]
    );
    assert_eq!(
        columns("DELETE FROM t WHERE b = 2"),
        ["delete: t.b predicate"]
    );
}

#[test]
fn what_is_read_and_what_is_filled_are_told_apart() {
    assert_eq!(
        columns("INSERT INTO t (a) SELECT b FROM u WHERE c = 1"),
        ["read: u.b output, u.c predicate", "insert: t.a written"]
    );
}

#[test]
fn what_can_not_be_told_counts_as_everything() {
    assert_eq!(columns("SELECT a FROM t WHERE b ~~>"), ["read: t.* output"]);
}
