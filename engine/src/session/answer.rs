//! The answer to a call that was let through, where its protocol looks into answers.
//!
//! INVARIANT (fail closed): an answer that must be read and can't be read does not reach the
//! client; after a stream was cut off nothing does.

use std::rc::Rc;

use super::{Outcome, Session, Step};
use crate::action::{Action, Effect};
use crate::message::{Head, Wanted};
use crate::policy::Moment;
use crate::protocol::{Answer, Body, Denied, Fact, Judge};
use crate::refusal::Refusal;
use crate::reply::Reply;
use crate::{limits, sql};

/// What is known of an answer.
#[derive(Debug, Default)]
pub(super) enum Reading {
    /// Nobody looks into it.
    #[default]
    No,
    /// It is read by this.
    By(Box<dyn Answer>),
    /// It was cut off.
    CutOff,
}

/// What becomes of a piece of an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answered {
    /// These bytes take its place.
    Bytes(Vec<u8>),
    /// The whole answer is replaced, which is possible where all of it was held.
    Reply(Reply),
}

impl Session {
    /// Whether the answer must be seen, and must not come compressed.
    #[must_use]
    pub const fn reads_answer(&self) -> bool {
        matches!(self.reading, Reading::By(_))
    }

    /// Notes who reads the answer. `body` is the plain body of the request.
    pub(super) fn expect_answer(&mut self, body: &[u8]) {
        let answer = self
            .api()
            .and_then(|api| api.protocol.answer(&self.request(body)));
        self.reading = answer.map_or(Reading::No, Reading::By);
    }

    /// Takes in the head of the answer: [`Step::Hold`] until all of it is there,
    /// [`Step::Messages`] to hand it over as it comes, [`Step::Pass`] where it goes by unseen.
    pub fn answer_begins(&mut self, head: &Head) -> Step {
        let Reading::By(answer) = &mut self.reading else {
            return Step::Pass;
        };
        let is_encoded = head
            .headers
            .all("content-encoding")
            .any(|value| !value.eq_ignore_ascii_case(b"identity"));
        let begun = match is_encoded {
            true => Err(ENCODED),
            false => answer.begins(head),
        };
        match begun {
            Ok(Body::Streamed) => {
                self.reading = Reading::No;
                Step::Pass
            }
            Ok(Body::Held) => Step::Hold,
            Ok(Body::Messages) => Step::Messages,
            Err(refusal) => {
                self.reading = Reading::CutOff;
                self.refuse(&refusal)
            }
        }
    }

    /// Takes in the next piece of the answer, or all of it where `is_held`; nothing of it may
    /// reach the client but what comes back.
    pub fn answer(&mut self, piece: &[u8], is_end: bool, is_held: bool, now: Moment) -> Answered {
        let mut answer = match std::mem::replace(&mut self.reading, Reading::CutOff) {
            Reading::By(answer) => answer,
            Reading::CutOff => return Answered::Bytes(Vec::new()),
            Reading::No => {
                self.reading = Reading::No;
                return Answered::Bytes(piece.to_vec());
            }
        };
        let mut out = Vec::with_capacity(piece.len());
        let read = match self.is_too_large(piece.len()) {
            true => Err(TOO_LARGE),
            false => answer.read(piece, is_end, &mut Bench { session: self, now }, &mut out),
        };
        let Err(refusal) = read else {
            self.reading = Reading::By(answer);
            return Answered::Bytes(out);
        };
        let step = self.refuse(&refusal);
        match step {
            Step::Reply(reply) if is_held => Answered::Reply(reply),
            _ => {
                answer.cut_off(&self.denied_by(&refusal), &mut out);
                Answered::Bytes(out)
            }
        }
    }

    /// Ends an answer whose reader failed: nothing more of it may pass.
    pub fn answer_failed(&mut self) {
        self.reading = Reading::CutOff;
    }

    pub(super) fn denied_by(&self, refusal: &Refusal) -> Denied {
        Denied {
            code: refusal.code,
            rule: None,
            detail: refusal.detail.to_string(),
            advice: refusal.advice.to_owned(),
            record: self.id.clone(),
        }
    }

    /// Decides about what an answer asks for; the actions of the request stay in the record.
    fn judge_answer(&mut self, actions: Vec<Action>, now: Moment) -> Result<(), Denied> {
        let earlier = std::mem::replace(&mut self.actions, actions);
        let was_refused = self.outcome != Outcome::Allowed;
        let outcome = (self.outcome.clone(), self.code, self.reason.clone());
        let rules = was_refused.then(|| std::mem::take(&mut self.rules));
        let decided = self.decided(None, now).map_err(|(_, denied)| denied);
        let latest = std::mem::replace(&mut self.actions, earlier);
        self.keep(latest);
        // Where something in this answer was refused before, the record goes on saying so.
        if let Some(mut rules) = rules {
            (self.outcome, self.code, self.reason) = outcome;
            if decided.is_err() {
                let new = self.rules.iter().filter(|rule| !rules.contains(rule));
                let new: Vec<String> = new.cloned().collect();
                rules.extend(new);
            }
            self.rules = rules;
        }
        decided
    }
}

/// Where an answer's actions are decided.
struct Bench<'s> {
    session: &'s mut Session,
    now: Moment,
}

impl Judge for Bench<'_> {
    fn judge(&mut self, actions: Vec<Action>) -> Result<(), Denied> {
        self.session.judge_answer(actions, self.now)
    }

    fn could_pass(&mut self, actions: Vec<Action>) -> bool {
        let is_told = |action: &Action| action.effect != Effect::Unknown;
        if actions.is_empty() || !actions.iter().all(is_told) {
            return false;
        }
        let guard = Rc::clone(&self.session.guard);
        self.session.with_actions(&actions, None, self.now, |call| {
            guard.policy.could_pass(call)
        })
    }

    fn note(&mut self, fact: Fact) {
        self.session.note(fact);
    }

    fn wanted(&self) -> Wanted {
        self.session.wanted()
    }

    fn analyses(&self) -> &sql::Cache {
        &self.session.guard.analyses
    }
}

impl Session {
    /// Notes a fact for the record; a later one of the same name takes its place.
    pub(super) fn note(&mut self, fact: Fact) {
        match self
            .facts
            .binary_search_by(|known| known.name.cmp(fact.name))
        {
            Ok(place) => {
                if let Some(known) = self.facts.get_mut(place) {
                    *known = fact;
                }
            }
            Err(place) if self.facts.len() < limits::RECORD_FACTS => self.facts.insert(place, fact),
            Err(_) => {}
        }
    }
}

const ENCODED: Refusal = Refusal::with_status(
    502,
    "answer.encoded",
    "expected an answer that is not compressed",
    "the operator makes the upstream heed an absent Accept-Encoding",
);
const TOO_LARGE: Refusal = Refusal::with_status(
    502,
    "answer.too_large",
    "expected a smaller answer",
    "ask for less in one request",
);

#[cfg(test)]
mod tests;
