//! What a database did and what the analysis had said: whether the second accounts for the first.

use lictor_engine::action::{Action, Effect, Reach, ResourceKind};
use lictor_engine::sql::{Analysis, SqlError};

use super::Tables;

/// What was said too little, if anything.
#[must_use]
pub fn unsaid(
    before: &Tables,
    after: &Tables,
    analysis: &Result<Analysis, SqlError>,
) -> Option<String> {
    // A refused text never reaches the database.
    let actions = &analysis.as_ref().ok()?.actions;
    if before == after {
        return None;
    }
    if actions.iter().all(only_looks) {
        return Some("a text that only reads has changed something".to_owned());
    }
    before.iter().find_map(|(table, rows)| {
        let left = after.get(table);
        if left == Some(rows) {
            return None;
        }
        let mut about = actions.iter().filter(|action| can_change(action, table));
        if about.clone().next().is_none() {
            return Some(format!("no change of `{table}` was told"));
        }
        let kept = left.is_some_and(|left| rows.iter().any(|row| left.contains(row)));
        let is_far = about.any(|action| !is_of_rows(action) || reaches_all(action));
        (!kept && !is_far).then(|| format!("every row of `{table}` was meant, and it was not told"))
    })
}

/// Whether the analysis takes a text for one that only reads.
#[must_use]
pub fn is_read(analysis: &Result<Analysis, SqlError>) -> bool {
    analysis
        .as_ref()
        .is_ok_and(|analysis| analysis.actions.iter().all(only_looks))
}

fn only_looks(action: &Action) -> bool {
    matches!(action.effect, Effect::Read | Effect::Session)
}

fn can_change(action: &Action, table: &str) -> bool {
    // Whoever may make code may have it run, by this text or the next.
    let makes_code = action.effect == Effect::Create
        && (action.resources.iter()).any(|made| made.kind == ResourceKind::Function);
    let is_open = makes_code || matches!(action.effect, Effect::Unknown | Effect::Call);
    let names_it = action.resources.iter().any(|resource| {
        let last = resource.name.rsplit('.').next().unwrap_or_default();
        last.eq_ignore_ascii_case(table)
            || (resource.kind == ResourceKind::Object && last.eq_ignore_ascii_case("public"))
    });
    !only_looks(action) && (is_open || names_it)
}

fn is_of_rows(action: &Action) -> bool {
    matches!(
        action.effect,
        Effect::Insert | Effect::Update | Effect::Delete
    )
}

fn reaches_all(action: &Action) -> bool {
    matches!(action.reach, Reach::All | Reach::Unknown)
}
