//! Conditions: lists of tests that must all hold for a call and one of its actions.

use super::{Call, NamePattern, ResourcePattern};
use crate::action::{Action, Effect, Reach, ResourceKind};
use crate::glob::{Glob, Truth};
use crate::identity::{ClaimMatch, Kind, OnBehalfOf};

/// A test of the call as a whole.
#[derive(Debug, Clone)]
pub enum CallTest {
    /// Name of the API.
    Api(Vec<Glob>),
    /// Environment of the document.
    Environment(Vec<String>),
    /// HTTP method.
    Method(Vec<String>),
    /// Decoded path.
    Path(Vec<Glob>),
    /// Host without port.
    Host(Vec<Glob>),
    /// Kind of the principal.
    Kind(Vec<Kind>),
    /// Subject of the principal.
    Subject(Vec<Glob>),
    /// One of the principal's groups.
    Groups(Vec<Glob>),
    /// Issuer of the token.
    Issuer(Vec<Glob>),
    /// Subject of whom the principal acts for.
    ForSubject(Vec<Glob>),
    /// One of the groups of whom the principal acts for.
    ForGroups(Vec<Glob>),
    /// A claim.
    Claim(ClaimMatch),
}

/// A test of one action.
#[derive(Debug, Clone)]
pub enum ActionTest {
    /// What it does.
    Effect(Vec<Effect>),
    /// How far it reaches, by word.
    Reach(Vec<String>),
    /// The operation in the protocol's words, ignoring case.
    Operation(Vec<String>),
    /// Tables that it touches.
    Tables(Vec<NamePattern>),
    /// Anything that it touches.
    Resources(Vec<ResourcePattern>),
}

/// Tests that must all hold.
#[derive(Debug, Clone, Default)]
pub struct Condition {
    /// Tests of the call.
    pub call: Vec<CallTest>,
    /// Tests of the action.
    pub action: Vec<ActionTest>,
}

impl Condition {
    /// Whether all tests hold for this action of this call.
    #[must_use]
    pub fn holds(&self, call: &Call<'_>, action: &Action) -> Truth {
        let mut truth = Truth::Yes;
        for test in &self.action {
            truth = truth.min(test.holds(action));
            if truth == Truth::No {
                return truth;
            }
        }
        for test in &self.call {
            truth = truth.min(test.holds(call));
            if truth == Truth::No {
                return truth;
            }
        }
        truth
    }
}

impl CallTest {
    fn holds(&self, call: &Call<'_>) -> Truth {
        let principal = call.principal;
        match self {
            Self::Api(globs) => any(globs, call.api),
            Self::Environment(words) => {
                Truth::from(words.iter().any(|word| word == call.environment))
            }
            Self::Method(words) => Truth::from(words.iter().any(|word| word == call.method)),
            Self::Path(globs) => any(globs, call.path),
            Self::Host(globs) => any(globs, &call.host.to_ascii_lowercase()),
            Self::Kind(kinds) => Truth::from(kinds.contains(&principal.kind)),
            Self::Subject(globs) => any(globs, &principal.subject),
            Self::Groups(globs) => any_of(globs, &principal.groups),
            Self::Issuer(globs) => any(globs, &principal.issuer),
            Self::ForSubject(globs) => acts_for(principal.acts_for.as_ref(), |whom| {
                any(globs, &whom.subject)
            }),
            Self::ForGroups(globs) => acts_for(principal.acts_for.as_ref(), |whom| {
                any_of(globs, &whom.groups)
            }),
            Self::Claim(claim) => claim.matches(&principal.claims),
        }
    }
}

impl ActionTest {
    fn holds(&self, action: &Action) -> Truth {
        match self {
            Self::Effect(effects) => {
                let found = Truth::from(effects.contains(&action.effect));
                or_maybe(found, action.effect == Effect::Unknown)
            }
            Self::Reach(words) => {
                let found = Truth::from(words.iter().any(|word| word == action.reach.name()));
                or_maybe(found, action.reach == Reach::Unknown)
            }
            Self::Operation(words) => Truth::from(
                words
                    .iter()
                    .any(|word| word.eq_ignore_ascii_case(&action.operation)),
            ),
            Self::Tables(patterns) => {
                let tables = action.resources.iter();
                let names = tables.filter(|one| one.kind == ResourceKind::Table);
                let found = every(names.map(|table| {
                    best(patterns.iter().map(|pattern| pattern.matches(&table.name)))
                }));
                or_maybe(found, targets_are_not_known(action))
            }
            Self::Resources(patterns) => {
                let found = every(
                    action
                        .resources
                        .iter()
                        .map(|one| best(patterns.iter().map(|pattern| pattern.matches(one)))),
                );
                or_maybe(found, targets_are_not_known(action))
            }
        }
    }
}

fn any(globs: &[Glob], text: &str) -> Truth {
    Truth::from(globs.iter().any(|glob| glob.matches(text)))
}

fn any_of(globs: &[Glob], texts: &[String]) -> Truth {
    texts
        .iter()
        .map(|text| any(globs, text))
        .max()
        .unwrap_or(Truth::No)
}

fn acts_for(whom: Option<&OnBehalfOf>, test: impl FnOnce(&OnBehalfOf) -> Truth) -> Truth {
    whom.map_or(Truth::No, test)
}

/// Whether an action is done to something that nobody could tell.
fn targets_are_not_known(action: &Action) -> bool {
    let has_targets = !matches!(action.effect, Effect::Session | Effect::Admin);
    has_targets && action.resources.is_empty() && action.reach == Reach::Unknown
}

/// What could be anything is `Maybe` where it is not plainly named.
fn or_maybe(found: Truth, could_be_anything: bool) -> Truth {
    if could_be_anything {
        found.max(Truth::Maybe)
    } else {
        found
    }
}

fn best(truths: impl Iterator<Item = Truth>) -> Truth {
    truths.max().unwrap_or(Truth::No)
}

/// INVARIANT (part of it is not all of it): an action on several things matches only where
/// all of them do. Where some do it is `Maybe`: enough to refuse, not enough to allow or to
/// exempt.
fn every(truths: impl Iterator<Item = Truth>) -> Truth {
    let (mut least, mut most) = (Truth::Yes, Truth::No);
    for truth in truths {
        least = least.min(truth);
        most = most.max(truth);
    }
    match (least, most) {
        (_, Truth::No) => Truth::No,
        (Truth::Yes, Truth::Yes) => Truth::Yes,
        _ => Truth::Maybe,
    }
}
