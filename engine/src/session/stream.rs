//! A stream of gRPC messages: each is judged when it is whole, and only then may it pass.
//!
//! INVARIANT (message by message): bytes that no verdict covers never count as judged, however
//! the stream is cut into pieces.

use super::{Session, Step, TOO_LARGE};
use crate::action::{Action, Arguments};
use crate::limits;
use crate::policy::Moment;
use crate::protocol::grpc::frame;

/// What is known of the messages so far.
#[derive(Debug, Default)]
pub(super) struct Stream {
    /// How many were judged.
    judged: usize,
}

impl Stream {
    /// Whether an earlier message was judged.
    pub(super) const fn has_begun(&self) -> bool {
        self.judged > 0
    }
}

impl Session {
    /// How many bytes must be there for the message at their front to be whole; `None` where
    /// not even that can be told yet.
    #[must_use]
    pub fn message_bytes(begun: &[u8]) -> Option<usize> {
        // A prefix that is none is told when it is judged.
        frame::length(begun).unwrap_or(Some(0))
    }

    /// Judges the messages that are whole at the front of `bytes`, one by one.
    ///
    /// Gives how many bytes were judged: with [`Step::Pass`] they may pass, and the rest is to be
    /// given again with what follows. [`Step::Hold`] where no message ever was whole. After
    /// [`Step::Reply`] nothing may pass. `is_end` where nothing follows.
    pub fn messages(&mut self, bytes: &[u8], is_end: bool, now: Moment) -> (usize, Step) {
        let mut judged = 0_usize;
        loop {
            let rest = bytes.get(judged..).unwrap_or_default();
            let whole = match frame::length(rest) {
                Ok(Some(whole)) => whole,
                Ok(None) => return (judged, self.rest_of(rest, is_end, judged)),
                Err(refusal) => return (judged, self.refuse(&refusal)),
            };
            if self.is_too_large(whole) {
                return (judged, self.refuse(&TOO_LARGE));
            }
            if whole > rest.len() {
                return (judged, self.rest_of(rest, is_end, judged));
            }
            let frame = rest.get(..whole).unwrap_or_default();
            match self.message(frame, now) {
                Step::Pass => judged = judged.saturating_add(whole),
                other => return (judged, other),
            }
        }
    }

    /// What becomes of a stream whose next message is not whole.
    fn rest_of(&mut self, rest: &[u8], is_end: bool, judged: usize) -> Step {
        if is_end && !rest.is_empty() {
            return self.refuse(&frame::TRUNCATED);
        }
        if is_end && !self.stream.has_begun() {
            // Nothing was sent: told as the protocol tells it.
            return self
                .decode(&[])
                .unwrap_or_else(|| self.refuse(&super::NO_ACTION));
        }
        if judged > 0 || self.stream.has_begun() {
            Step::Pass
        } else {
            Step::Hold
        }
    }

    fn message(&mut self, frame: &[u8], now: Moment) -> Step {
        let intent = match self.read(frame, self.stream.has_begun()) {
            Ok(intent) => intent,
            Err(refusal) => return self.refuse_about(&refusal, Some(frame)),
        };
        let goes_on = intent.actions.is_empty() && self.stream.has_begun();
        if goes_on {
            return Step::Pass;
        }
        if !self.stream.has_begun() {
            self.expect_handles(frame);
            self.expect_answer(frame);
        }
        intent.facts.into_iter().for_each(|fact| self.note(fact));
        let earlier = std::mem::replace(&mut self.actions, intent.actions);
        self.message = intent.body;
        let step = self.decide(frame, now);
        self.stream.judged = self.stream.judged.saturating_add(1);
        let latest = std::mem::replace(&mut self.actions, earlier);
        self.keep(latest);
        step
    }

    /// Keeps actions for the record, each once, and counts what it has no room for.
    pub(super) fn keep(&mut self, latest: Vec<Action>) {
        for mut action in latest {
            // For rules only, and they have decided: a stream would pile them up.
            action.arguments = Arguments::None;
            if self.actions.contains(&action) {
                continue;
            }
            if self.actions.len() < limits::STREAM_ACTIONS {
                self.actions.push(action);
            } else {
                self.actions_dropped = self.actions_dropped.saturating_add(1);
            }
        }
    }
}

#[cfg(test)]
mod tests;
