//! Conditions: tests that must all hold for a call and one of its actions.

use super::data::{LabelSet, Labels};
use super::seen::Seen;
use super::set::{GlobSet, NameSet, best};
use super::{Call, NamePattern, ResourcePattern};
use crate::action::{Action, Cause, Effect, Reach, ResourceKind, Usage};
use crate::glob::Truth;
use crate::principal::{ClaimMatch, Kind};

/// A test of the call as a whole.
#[derive(Debug, Clone)]
pub enum CallTest {
    /// One text of the call or its principal.
    Text(TextField, GlobSet),
    /// One of a list of texts.
    Texts(TextsField, GlobSet),
    /// Kind of the principal.
    Kind(Vec<Kind>),
    /// Kind of whom the principal acts for.
    ForKind(Vec<Kind>),
    /// A claim.
    Claim(ClaimMatch),
}

/// A text that a call has once, or not at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TextField {
    /// Name of the API.
    Api,
    /// The environment.
    Environment,
    /// HTTP method.
    Method,
    /// Decoded path.
    Path,
    /// Host without port.
    Host,
    /// Subject of the principal.
    Subject,
    /// Issuer of the token.
    Issuer,
    /// The client that the token was given to.
    ClientId,
    /// Email address of the principal.
    Email,
    /// How well the subject was authenticated.
    Acr,
    /// Subject of whom the principal acts for.
    ForSubject,
    /// Email address of whom the principal acts for.
    ForEmail,
    /// SPIFFE id of the peer.
    PeerId,
    /// Trust domain of the peer.
    PeerTrustDomain,
    /// Namespace of the peer.
    PeerNamespace,
    /// Service account of the peer.
    PeerServiceAccount,
}

/// Texts of which a call has any number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TextsField {
    /// Groups of the principal.
    Groups,
    /// Roles of the principal.
    Roles,
    /// What the token is good for.
    Scopes,
    /// For whom the token is meant.
    Audiences,
    /// By what means the subject was authenticated.
    Amr,
    /// Earlier actors of the chain.
    Actors,
    /// Groups of whom the principal acts for.
    ForGroups,
    /// Roles of whom the principal acts for.
    ForRoles,
}

/// A test of one action.
#[derive(Debug, Clone)]
pub enum ActionTest {
    /// What it does.
    Effect(Vec<Effect>),
    /// How far it reaches, by word.
    Reach(Vec<String>),
    /// Why it reaches that far.
    Cause(Vec<Cause>),
    /// The operation in the protocol's words, ignoring case.
    Operation(GlobSet),
    /// Tables that it touches.
    Tables(NameSet),
    /// Columns that it touches in any of these ways.
    Columns(NameSet, Vec<Usage>),
    /// Anything that it touches.
    Resources(Vec<ResourcePattern>),
    /// Labels of the data that it touches.
    Labels(LabelOf, LabelSet),
}

/// Which of an action's data is asked for its labels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LabelOf {
    /// All that it touches.
    Touched,
    /// What comes out.
    Output,
    /// What it changes or removes.
    Written,
    /// What it copies to where the label does not stand.
    Copied,
}

/// Tests that must all hold.
#[derive(Debug, Clone, Default)]
pub struct Condition {
    /// Tests of the call, each with its field as written.
    pub call: Vec<(String, CallTest)>,
    /// Tests of the action, each with its field as written.
    pub action: Vec<(String, ActionTest)>,
}

impl Condition {
    /// Whether all tests of the call hold.
    #[must_use]
    pub fn holds_for_call(&self, call: &Call<'_>) -> Truth {
        all(self.call.iter().map(|(_, test)| test.holds(call)))
    }

    /// Whether all tests of the action hold.
    #[must_use]
    pub fn holds_for_action(&self, seen: &Seen<'_>) -> Truth {
        all(self.action.iter().map(|(_, test)| test.holds(seen)))
    }

    /// Whether all tests hold for this action of this call.
    #[must_use]
    pub fn holds(&self, call: &Call<'_>, seen: &Seen<'_>) -> Truth {
        match self.holds_for_action(seen) {
            Truth::No => Truth::No,
            truth => truth.min(self.holds_for_call(call)),
        }
    }

    /// Whether there is no test at all.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.call.is_empty() && self.action.is_empty()
    }
}

/// The least of the answers; the rest is not asked once one is no.
fn all(truths: impl Iterator<Item = Truth>) -> Truth {
    let mut least = Truth::Yes;
    for truth in truths {
        least = least.min(truth);
        if least == Truth::No {
            break;
        }
    }
    least
}

impl TextField {
    /// The text, where the call has it.
    #[must_use]
    pub fn of<'a>(self, call: &Call<'a>) -> Option<&'a str> {
        let principal = call.principal;
        Some(match self {
            Self::Api => call.api,
            Self::Environment => call.environment,
            Self::Method => call.request.method,
            Self::Path => call.request.path,
            Self::Host => call.request.host,
            Self::Subject => &principal.subject,
            Self::Issuer => &principal.issuer,
            Self::ClientId => &principal.client_id,
            Self::Email => &principal.email,
            Self::Acr => &principal.acr,
            Self::ForSubject => &principal.acts_for.as_ref()?.subject,
            Self::ForEmail => &principal.acts_for.as_ref()?.email,
            Self::PeerId => &principal.peer.as_ref()?.spiffe_id,
            Self::PeerTrustDomain => &principal.peer.as_ref()?.trust_domain,
            Self::PeerNamespace => &principal.peer.as_ref()?.namespace,
            Self::PeerServiceAccount => &principal.peer.as_ref()?.service_account,
        })
    }
}

impl TextsField {
    /// The texts.
    #[must_use]
    pub fn of<'a>(self, call: &Call<'a>) -> &'a [String] {
        let principal = call.principal;
        let whom = principal.acts_for.as_ref();
        match self {
            Self::Groups => &principal.groups,
            Self::Roles => &principal.roles,
            Self::Scopes => &principal.scopes,
            Self::Audiences => &principal.audiences,
            Self::Amr => &principal.amr,
            Self::Actors => &principal.earlier_actors,
            Self::ForRoles => whom.map_or(&[], |whom| &whom.roles),
            Self::ForGroups => whom.map_or(&[], |whom| &whom.groups),
        }
    }
}

impl CallTest {
    /// Whether it holds.
    #[must_use]
    pub fn holds(&self, call: &Call<'_>) -> Truth {
        let principal = call.principal;
        let holds = match self {
            // INVARIANT (errors restrict): a fact that is empty is not there, or could not be told;
            // a star that stands for nothing neither allows nor exempts.
            Self::Text(field, globs) => match field.of(call) {
                Some("") => return Truth::Maybe.min(Truth::from(globs.matches(""))),
                text => text.is_some_and(|text| globs.matches(text)),
            },
            Self::Texts(field, globs) => field.of(call).iter().any(|text| globs.matches(text)),
            Self::Kind(kinds) => kinds.contains(&principal.kind),
            Self::ForKind(kinds) => {
                let whom = principal.acts_for.as_ref();
                whom.is_some_and(|whom| kinds.contains(&whom.kind))
            }
            Self::Claim(_) if !call.claims_are_known => return Truth::Maybe,
            Self::Claim(claim) => return claim.matches(&principal.claims),
        };
        Truth::from(holds)
    }
}

impl ActionTest {
    /// Whether it holds.
    #[must_use]
    pub fn holds(&self, seen: &Seen<'_>) -> Truth {
        let action = seen.action;
        match self {
            Self::Effect(effects) => {
                let found = Truth::from(effects.contains(&action.effect));
                or_maybe(found, action.effect == Effect::Unknown)
            }
            Self::Reach(words) => {
                let found = Truth::from(words.iter().any(|word| word == action.reach.name()));
                or_maybe(found, action.reach == Reach::Unknown)
            }
            Self::Cause(causes) => {
                let found = action.cause.is_some_and(|cause| causes.contains(&cause));
                or_maybe(Truth::from(found), action.reach == Reach::Unknown)
            }
            Self::Operation(words) => {
                // The patterns stand in upper case.
                let has_lower = action
                    .operation
                    .bytes()
                    .any(|byte| byte.is_ascii_lowercase());
                Truth::from(if has_lower {
                    words.matches(&action.operation.to_ascii_uppercase())
                } else {
                    words.matches(&action.operation)
                })
            }
            Self::Tables(names) => {
                let tables = action.resources.iter();
                let tables = tables.filter(|one| one.kind == ResourceKind::Table);
                let found = every(tables.map(|table| names.matches(&table.name)));
                or_maybe(found, !seen.is_known)
            }
            Self::Columns(names, usages) => {
                or_maybe(columns(names, usages, action), !seen.is_known)
            }
            Self::Resources(patterns) => {
                let found = every(
                    action
                        .resources
                        .iter()
                        .map(|one| best(patterns.iter().map(|pattern| pattern.matches(one)))),
                );
                or_maybe(found, !seen.is_known)
            }
            Self::Labels(of, wanted) => of.of(&seen.labels()).bears(*wanted),
        }
    }
}

impl LabelOf {
    const fn of(self, labels: &Labels) -> super::data::Borne {
        match self {
            Self::Touched => labels.touched,
            Self::Output => labels.output,
            Self::Written => labels.written,
            Self::Copied => labels.copied,
        }
    }
}

fn columns(names: &NameSet, usages: &[Usage], action: &Action) -> Truth {
    let used = action
        .columns
        .iter()
        .filter(|used| usages.contains(&used.usage));
    every(used.map(|used| {
        let matches = |pattern: &NamePattern| match used.column.name.as_str() {
            "*" => Truth::Maybe.min(
                pattern
                    .parent()
                    .map_or(Truth::Maybe, |parent| parent.matches(&used.column.table)),
            ),
            name => pattern.matches_column(&used.column.table, name),
        };
        let found = names.best_of_column(&used.column.name, matches);
        match used.is_certain {
            true => found,
            false => found.min(Truth::Maybe),
        }
    }))
}

/// What could be anything is `Maybe` where it is not plainly named.
fn or_maybe(found: Truth, could_be_anything: bool) -> Truth {
    if could_be_anything {
        found.max(Truth::Maybe)
    } else {
        found
    }
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
