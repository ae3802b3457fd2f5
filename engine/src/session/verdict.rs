//! The decision of the rules about a decoded call, and what follows from it.

use std::rc::Rc;

use super::{NO_ACTION, Outcome, Session, Step, UNKNOWN};
use crate::action::{Action, Effect, Reach, ResourceKind};
use crate::content::{self, Media};
use crate::json;
use crate::parameters::Parameters;
use crate::policy::{self, Call, Decision, Moment, Verdict};
use crate::protocol::Denied;
use crate::value::Value;

impl Session {
    /// Decides by the rules about a call that comes `now`. Comes after [`Session::decode`];
    /// `body` is the same.
    pub fn decide(&mut self, body: &[u8], now: Moment) -> Step {
        let decided = self.decided(Some(body), now);
        let Err((status, denied)) = decided else {
            return Step::Pass;
        };
        let inflated = self.inflated.take();
        let plain = inflated.as_deref().unwrap_or(body);
        let reply = self.reply(status, &denied, Some(plain));
        self.inflated = inflated;
        Step::Reply(reply)
    }

    /// Decides about the actions; `body` is that of the request, where it is still there.
    pub(super) fn decided(
        &mut self,
        body: Option<&[u8]>,
        now: Moment,
    ) -> Result<(), (u16, Denied)> {
        let mut actions = self.actions.iter();
        let refusal = match actions.any(|action| action.effect == Effect::Unknown) {
            _ if self.actions.is_empty() => Some(NO_ACTION),
            true => Some(UNKNOWN),
            false => None,
        };
        if let Some(refusal) = refusal {
            self.reason = refusal.detail.to_string();
            (self.outcome, self.code) = (Outcome::Denied, Some(refusal.code));
            return Err((refusal.status, self.denied_by(&refusal)));
        }
        let guard = Rc::clone(&self.guard);
        let ask = |call: &Call<'_>| guard.policy.decide(call);
        let decision = self.with_actions(&self.actions, body, now, ask);
        self.take(&decision);
        self.follow(&decision)
    }

    /// What the rules are asked about a decoded call, for tools that ask more than whether it
    /// may pass. Comes after [`Session::decode`]; `body` is the same.
    pub fn with_call<T>(&self, body: &[u8], now: Moment, ask: impl FnOnce(&Call<'_>) -> T) -> T {
        self.with_actions(&self.actions, Some(body), now, ask)
    }

    /// The same about other actions than those of the request.
    pub(super) fn with_actions<T>(
        &self,
        actions: &[Action],
        body: Option<&[u8]>,
        now: Moment,
        ask: impl FnOnce(&Call<'_>) -> T,
    ) -> T {
        let guard = &self.guard;
        let query = match guard.policy.reads.query {
            true => Parameters::parse(&self.query).ok(),
            false => None,
        };
        let body = self.inflated.as_deref().or(body);
        let json = body.and_then(|body| self.body_as_json(body));
        // A server may take `post` for POST: rules see it as such.
        let method = self.head.method().unwrap_or_default().to_ascii_uppercase();
        let content = match json.as_ref().or(self.message.as_ref()) {
            Some(value) => policy::Content::Json(value),
            None if body.is_none_or(<[u8]>::is_empty) && !self.has_body => policy::Content::Empty,
            // Not held, or not JSON: what stands in it can't be told.
            None => policy::Content::Unknown,
        };
        ask(&Call {
            api: self.api().map_or("", |api| &api.name),
            environment: self.environment(),
            request: policy::Request {
                method: &method,
                host: &self.host,
                path: &self.path,
                query: query.as_ref().map(|query| query as _),
                body: content,
            },
            now: guard.policy.reads.now.then(|| guard.policy.now(now)),
            principal: &self.principal,
            claims_are_known: true,
            actions,
        })
    }

    /// The environment that the call is made in: that of its route, else that of its API, else
    /// that of the document.
    #[must_use]
    pub fn environment(&self) -> &str {
        let of_api = || self.api().and_then(|api| api.environment.as_deref());
        let own = self.route_environment.as_deref().or_else(of_api);
        own.unwrap_or(&self.guard.environment)
    }

    /// Keeps what the record tells of a decision; of a stream, what it tells of all of them.
    fn take(&mut self, decision: &Decision<'_>) {
        if decision.verdict != Verdict::Allow {
            self.rules.clear();
        }
        add(&mut self.rules, &decision.rules);
        add(&mut self.shadow, &decision.shadow);
        add(&mut self.approved, &decision.approved);
        add(&mut self.tagged, &decision.tagged);
        add(&mut self.tags, &decision.tags);
        add(&mut self.criteria, &decision.criteria);
        for faulty in &decision.faulty {
            let faulty = (faulty.rule.to_owned(), faulty.fault.name());
            if !self.faulty.contains(&faulty) {
                self.faulty.push(faulty);
            }
        }
        self.reason = decision.reason.to_owned();
    }

    fn follow(&mut self, decision: &Decision<'_>) -> Result<(), (u16, Denied)> {
        const FORBIDDEN: u16 = 403;
        let (outcome, code) = match decision.verdict {
            Verdict::Allow => {
                self.outcome = Outcome::Allowed;
                return Ok(());
            }
            Verdict::Ask => (Outcome::Asked, "policy.approval_required"),
            Verdict::Deny => (Outcome::Denied, "policy.denied"),
        };
        let action = decision.action.and_then(|index| self.actions.get(index));
        let advice = match (decision.advice, decision.verdict) {
            ("", Verdict::Ask) => "get an approval, then send the call again with it",
            ("", _) => action.map_or("", advice),
            (written, _) => written,
        };
        let detail = match decision.reason {
            "" => "The policy refuses this call.",
            reason => reason,
        };
        let denied = Denied {
            code,
            rule: decision.rules.first().map(|rule| (*rule).to_owned()),
            detail: detail.to_owned(),
            advice: advice.to_owned(),
            record: self.id.clone(),
        };
        (self.outcome, self.code) = (outcome, Some(code));
        Err((FORBIDDEN, denied))
    }

    /// The body, where a rule asks for it and it is JSON.
    fn body_as_json<'b>(&self, body: &'b [u8]) -> Option<Value<'b>> {
        let is_json = self.guard.policy.reads.body
            && matches!(content::media(&self.head), Ok(Media::Json))
            && !body.is_empty();
        if !is_json {
            return None;
        }
        json::parse(content::text(body).ok()?).ok()
    }
}

/// Adds the texts that are not there yet.
fn add(known: &mut Vec<String>, texts: &[&str]) {
    for text in texts {
        if !known.iter().any(|known| known == text) {
            known.push((*text).to_owned());
        }
    }
}

/// Whether it is a root field of GraphQL.
fn is_field(action: &Action) -> bool {
    let mut resources = action.resources.iter();
    resources.any(|resource| resource.kind == ResourceKind::Field)
}

/// What a client can change about a refused action, where nobody wrote it down.
fn advice(action: &Action) -> &'static str {
    match (action.effect, action.reach) {
        (Effect::Update | Effect::Delete, Reach::All) if action.statement.is_some() => {
            "name the rows: add a WHERE clause that restricts them"
        }
        (Effect::Update | Effect::Delete, Reach::All) if is_field(action) => {
            "name the rows: give the field a condition that restricts them, or a key"
        }
        (Effect::Update | Effect::Delete, Reach::All) => "name one item in the path",
        (Effect::Read, Reach::All) if action.statement.is_some() => {
            "read less: add a WHERE clause or a LIMIT"
        }
        _ => "",
    }
}
