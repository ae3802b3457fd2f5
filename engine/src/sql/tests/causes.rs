//! Why a reach is what it is.

use crate::action::{Cause, Effect};
use crate::sql::{Dialect, analyse};
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

fn cause(text: &str) -> Option<Cause> {
    let analysis = analyse(text, Dialect::Postgres).ok()?;
    let mut actions = analysis.actions.into_iter();
    let changes = |effect| effect != Effect::Read;
    let action = actions.clone().find(|action| changes(action.effect));
    action.or_else(|| actions.next())?.cause
}

#[test]
fn a_reach_has_its_reason() {
    for (text, expected) in [
        ("DELETE FROM t", Cause::NoCondition),
        ("SELECT * FROM t", Cause::NoCondition),
        ("DELETE FROM t WHERE x = 1", Cause::Condition),
        ("DELETE FROM t WHERE 1 = 1", Cause::AlwaysTrue),
        ("DELETE FROM t WHERE x = 5 OR 1 = 1", Cause::AlwaysTrue),
        ("DELETE FROM t WHERE x = x", Cause::SelfComparison),
        ("DELETE FROM t WHERE x = x + 0", Cause::SelfComparison),
        ("DELETE FROM t WHERE x - x = 0", Cause::SelfComparison),
        (
            "DELETE FROM t WHERE x = 7 OR x IS NOT NULL",
            Cause::SelfComparison,
        ),
        ("DELETE FROM t WHERE x LIKE '%'", Cause::SelfComparison),
        ("DELETE FROM t WHERE length(x) >= 0", Cause::SelfComparison),
        (
            "DELETE FROM t WHERE x IS NULL OR x IS NOT NULL",
            Cause::SelfComparison,
        ),
        ("DELETE FROM t USING u", Cause::UnrestrictedJoin),
        (
            "DELETE FROM t USING u WHERE u.x = 1",
            Cause::UnrestrictedJoin,
        ),
        (
            "DELETE FROM t WHERE x IN (SELECT x FROM t)",
            Cause::SameTable,
        ),
        ("DELETE FROM t USING t u WHERE t.x = u.x", Cause::SameTable),
        ("TRUNCATE t", Cause::WholeObject),
        ("SELECT * FROM t LIMIT 3", Cause::RowBound),
        ("SELECT count(*) FROM t", Cause::AggregateOnly),
        (
            "MERGE INTO t USING s ON 1 = 1 WHEN MATCHED THEN DELETE",
            Cause::AlwaysTrue,
        ),
    ] {
        assert_eq!(cause(text), Some(expected), "{text}");
    }
    assert_eq!(cause("SELECT 1"), None);
}

#[test]
fn the_reason_is_that_of_the_longer_reach() {
    let text = "DELETE FROM t WHERE x = 1; DELETE FROM t WHERE 2 > 1; DELETE FROM t WHERE x = 2";
    assert_eq!(cause(text), Some(Cause::AlwaysTrue));
}

#[test]
fn words_are_stable_and_distinct() {
    let words: std::collections::BTreeSet<_> = Cause::ALL.map(Cause::name).into();
    assert_eq!(words.len(), Cause::ALL.len());
}
