//! What a client's calls are to come to, one line each, held against what they came to.

use serde_json::Value;

use super::Peer;
use super::played::Played;

/// What a call is to come to.
#[derive(Debug, Clone)]
pub struct Expected {
    call: &'static str,
    ending: Ending,
    recorded: &'static str,
}

#[derive(Debug, Clone)]
enum Ending {
    Passes(Option<Value>),
    Refused(&'static str),
    RefusedSilently(&'static str),
}

/// The call goes through and is recorded like this, as [`Played::recorded`] says it.
#[must_use]
pub const fn passes(call: &'static str, recorded: &'static str) -> Expected {
    let ending = Ending::Passes(None);
    Expected {
        call,
        ending,
        recorded,
    }
}

/// The call goes through, and this is what the client gets.
#[must_use]
pub const fn gets(call: &'static str, got: Value, recorded: &'static str) -> Expected {
    let ending = Ending::Passes(Some(got));
    Expected {
        call,
        ending,
        recorded,
    }
}

/// This rule, or a refusal of this code, stops the call.
#[must_use]
pub const fn refused(call: &'static str, by: &'static str, recorded: &'static str) -> Expected {
    let ending = Ending::Refused(by);
    Expected {
        call,
        ending,
        recorded,
    }
}

/// The same, but the client tells nobody why.
#[must_use]
pub const fn refused_silently(
    call: &'static str,
    by: &'static str,
    recorded: &'static str,
) -> Expected {
    let ending = Ending::RefusedSilently(by);
    Expected {
        call,
        ending,
        recorded,
    }
}

/// A policy for a service that is such an API: nothing is dropped, emptied or carried away.
#[must_use]
pub fn guarded(api: &str) -> String {
    include_str!("guarded.yaml").replace("${API}", api)
}

/// Plays all calls of a client, whose own errors are of this kind.
///
/// # Panics
/// When one of them came to something else, with a word about each.
pub fn assert_story(peer: &mut Peer, kind: &str, story: &[Expected]) {
    let mut wrong = Vec::new();
    for expected in story {
        let played = peer.play();
        assert_eq!(played.name(), expected.call, "the next call");
        let complaint = expected.complaint(&played, kind);
        wrong.extend(complaint.map(|complaint| format!("{}: {complaint}", expected.call)));
    }
    let last = peer.play();
    assert_eq!(last.name(), "", "a call that the story does not tell");
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

impl Expected {
    fn complaint(&self, played: &Played, kind: &str) -> Option<String> {
        let complaint = match &self.ending {
            Ending::Passes(got) => played.is_no_pass(got.as_ref()),
            Ending::Refused(by) => {
                let untold = || played.is_no_error_of(kind);
                played.is_no_refusal(by).or_else(untold)
            }
            Ending::RefusedSilently(by) => played.is_no_refusal(by),
        };
        let recorded = played.recorded();
        let is_recorded = recorded.iter().any(|line| line == self.recorded);
        let complaint = complaint.or_else(|| (!is_recorded).then(|| "recorded otherwise".into()));
        complaint.map(|complaint| {
            format!(
                "{complaint}\n  recorded {recorded:?}\n  seen {:?} of {} requests\n  {}",
                played.seen.as_ref().map(Vec::len),
                played.records.len(),
                played.outcome
            )
        })
    }
}
