//! Whether a condition holds wherever another does, told from the conditions alone.
//!
//! Cautious: where it says yes it is so; where it says no it may be so all the same.

use super::{ActionTest, CallTest, Condition, GlobSet, NameSet};
use crate::glob::Truth;

/// Whether a condition holds for every call for which the other, narrower one does.
pub(super) fn covers(wide: &Condition, narrow: &Condition) -> bool {
    let mut calls = wide.call.iter();
    let mut actions = wide.action.iter();
    calls.all(|(field, test)| {
        let mut own = narrow.call.iter().filter(|(known, _)| known == field);
        own.any(|(_, other)| covers_call(test, other))
    }) && actions.all(|(field, test)| {
        let mut own = narrow.action.iter().filter(|(known, _)| known == field);
        own.any(|(_, other)| covers_action(test, other))
    })
}

/// The first field that nothing can match: its list is empty.
pub(super) fn empty_field(condition: &Condition) -> Option<&str> {
    let calls = condition.call.iter().map(|(field, test)| {
        let is_empty = match test {
            CallTest::Text(_, globs) | CallTest::Texts(_, globs) => globs.globs().is_empty(),
            CallTest::Kind(kinds) | CallTest::ForKind(kinds) => kinds.is_empty(),
            CallTest::Claim(claim) => claim.values.is_empty(),
        };
        (field, is_empty)
    });
    let actions = condition.action.iter().map(|(field, test)| {
        let is_empty = match test {
            ActionTest::Effect(effects) => effects.is_empty(),
            ActionTest::Reach(words) => words.is_empty(),
            ActionTest::Cause(causes) => causes.is_empty(),
            ActionTest::Operation(globs) => globs.globs().is_empty(),
            ActionTest::Tables(names) | ActionTest::Columns(names, _) => {
                names.patterns().is_empty()
            }
            ActionTest::Resources(patterns) => patterns.is_empty(),
            ActionTest::Labels(_, labels) => labels.is_empty(),
        };
        (field, is_empty)
    });
    let mut empty = calls.chain(actions).filter(|(_, is_empty)| *is_empty);
    empty.next().map(|(field, _)| field.as_str())
}

fn covers_call(wide: &CallTest, narrow: &CallTest) -> bool {
    match (wide, narrow) {
        (CallTest::Text(_, wide), CallTest::Text(_, narrow))
        | (CallTest::Texts(_, wide), CallTest::Texts(_, narrow)) => covers_globs(wide, narrow),
        (CallTest::Kind(wide), CallTest::Kind(narrow))
        | (CallTest::ForKind(wide), CallTest::ForKind(narrow)) => includes(wide, narrow),
        (CallTest::Claim(wide), CallTest::Claim(narrow)) => {
            wide.path == narrow.path && includes(&wide.values, &narrow.values)
        }
        _ => false,
    }
}

fn covers_action(wide: &ActionTest, narrow: &ActionTest) -> bool {
    match (wide, narrow) {
        (ActionTest::Effect(wide), ActionTest::Effect(narrow)) => includes(wide, narrow),
        (ActionTest::Reach(wide), ActionTest::Reach(narrow)) => includes(wide, narrow),
        (ActionTest::Cause(wide), ActionTest::Cause(narrow)) => includes(wide, narrow),
        (ActionTest::Operation(wide), ActionTest::Operation(narrow)) => covers_globs(wide, narrow),
        (ActionTest::Tables(wide), ActionTest::Tables(narrow)) => covers_names(wide, narrow),
        (ActionTest::Columns(wide, of), ActionTest::Columns(narrow, other)) => {
            includes(of, other) && covers_names(wide, narrow)
        }
        (ActionTest::Resources(wide), ActionTest::Resources(narrow)) => includes(wide, narrow),
        (ActionTest::Labels(of, wide), ActionTest::Labels(other, narrow)) => {
            of == other && wide.with(*narrow) == *wide
        }
        _ => false,
    }
}

fn includes<T: PartialEq>(wide: &[T], narrow: &[T]) -> bool {
    narrow.iter().all(|one| wide.contains(one))
}

fn covers_globs(wide: &GlobSet, narrow: &GlobSet) -> bool {
    narrow.globs().iter().all(|glob| {
        let text = glob.as_str();
        let is_same = wide.globs().iter().any(|known| known.as_str() == text);
        let is_everything = wide.globs().iter().any(|known| known.as_str() == "**");
        is_same || is_everything || !text.contains('*') && wide.matches(text)
    })
}

fn covers_names(wide: &NameSet, narrow: &NameSet) -> bool {
    narrow.patterns().iter().all(|pattern| {
        let is_same = wide.patterns().contains(pattern);
        let covers = |text: String| wide.matches(&text) == Truth::Yes;
        is_same || pattern.exact().is_some_and(covers)
    })
}
