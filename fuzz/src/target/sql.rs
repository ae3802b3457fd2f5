//! The analysis of SQL, over all dialects.
//!
//! Claims: no input panics or takes long; what is remembered equals what is worked out; a
//! statement before another hides nothing of it.

use std::time::{Duration, Instant};

use lictor_engine::action::{Action, Effect, Reach, Resource};
use lictor_engine::sql::{Analysis, Cache, Database, Dialect, Gap, SqlError, analyse};

/// What an optimised build on an idle machine must keep, and how much more is allowed here.
const LIMIT: Duration = Duration::from_millis(25);
const PATIENCE: u32 = if cfg!(debug_assertions) { 60 } else { 8 };

thread_local! {
    // Never emptied: what one text leaves behind must not answer for another.
    static CACHE: Cache = Cache::default();
}

/// The first byte chooses the dialect; `;;` splits a text into what comes before and after.
///
/// # Panics
///
/// When a claim does not hold.
pub fn run(input: &[u8]) {
    let Some((first, rest)) = input.split_first() else {
        return;
    };
    let Some(dialect) = Dialect::ALL.get(usize::from(*first) % Dialect::ALL.len()) else {
        return;
    };
    let text = String::from_utf8_lossy(rest);
    let fresh = in_time(&text, *dialect);
    remembered_alike(&text, *dialect, &fresh);
    if let Some((before, after)) = text.split_once(";;") {
        hides_nothing(before, after, *dialect);
    }
}

/// The best of three, since a machine may be busy with something else.
fn in_time(text: &str, dialect: Dialect) -> Result<Analysis, SqlError> {
    let limit = LIMIT * PATIENCE;
    let mut best = Duration::MAX;
    for _ in 0..3 {
        let start = Instant::now();
        let analysis = analyse(text, dialect);
        best = best.min(start.elapsed());
        if best <= limit {
            return analysis;
        }
    }
    panic!("{} bytes took {best:?} in {}", text.len(), dialect.name())
}

fn remembered_alike(text: &str, dialect: Dialect, fresh: &Result<Analysis, SqlError>) {
    let database = Database::new(dialect);
    CACHE.with(|cache| {
        for _ in 0..2 {
            let remembered = cache.analyse(text, &database);
            let remembered = remembered.as_ref().map(|analysis| &**analysis);
            // Literals that no fact depends on may differ, and so may the redacted text's cut.
            assert!(
                same(remembered, fresh.as_ref()),
                "remembered {remembered:?}, worked out {fresh:?}"
            );
        }
    });
}

fn same(one: Result<&Analysis, &SqlError>, other: Result<&Analysis, &SqlError>) -> bool {
    match (one, other) {
        (Ok(one), Ok(other)) => one == other,
        (Err(one), Err(other)) => one == other,
        _ => false,
    }
}

/// Where both parts can be read alone, the whole does all that the second does. Where the
/// parser does not know the first, words are all there is: then the whole changes something if
/// the second does.
fn hides_nothing(before: &str, after: &str, dialect: Dialect) {
    // SQLite takes a comment that never ends for one that goes on to the end of the text.
    if before.contains("/*") {
        return;
    }
    let (Ok(first), Ok(part)) = (analyse(before, dialect), analyse(after, dialect)) else {
        return;
    };
    // On a line of its own, or a comment at the end of the first would take the second in.
    let Ok(whole) = analyse(&format!("{before}\n;{after}"), dialect) else {
        return;
    };
    let is_parsed = !first.gaps.contains(&Gap::NotParsed);
    for action in &part.actions {
        // What the first part prepares, the second may run: then it is known and no call.
        let is_prepared =
            action.effect == Effect::Call && before.to_ascii_lowercase().contains("prepare");
        let is_told = is_prepared
            || if is_parsed {
                whole.actions.iter().any(|other| covers(other, action))
            } else {
                only_looks(action) || !whole.actions.iter().all(only_looks)
            };
        let effect = action.effect.name();
        assert!(
            is_told,
            "{effect} of {after:?} is lost in {:?}",
            whole.actions
        );
    }
}

fn only_looks(action: &Action) -> bool {
    matches!(action.effect, Effect::Read | Effect::Session)
}

fn covers(whole: &Action, part: &Action) -> bool {
    // A USE before it says more about a name.
    let is_named = |one: &Resource| {
        let end = format!(".{}", one.name);
        let mut known = whole
            .resources
            .iter()
            .filter(|other| other.kind == one.kind);
        known.any(|other| other.name == one.name || other.name.ends_with(&end))
    };
    let names_all = part.resources.iter().all(is_named);
    // What reaches everything is no less than what could not be told.
    let is_as_far = whole.reach >= part.reach.min(Reach::All);
    match whole.effect {
        Effect::Unknown => true,
        effect => effect == part.effect && is_as_far && names_all,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_action_is_covered_by_one_that_reaches_as_far() {
        let action = |text: &str| {
            let analysis = analyse(text, Dialect::Postgres).expect("it can be read");
            analysis.actions.into_iter().next().expect("an action")
        };
        let (all, some) = (action("DELETE FROM t"), action("DELETE FROM t WHERE a > 1"));
        assert!(covers(&all, &some));
        assert!(!covers(&some, &all));
        assert!(!covers(&action("DELETE FROM u"), &all));
        assert!(covers(&action("DELETE FROM s.t"), &all));
        assert!(!covers(&all, &action("DELETE FROM s.t")));
        assert!(!covers(&action("DROP TABLE t"), &all));
    }
}
