//! A record to the facts of the call that it is of, and what it does not hold of them.

use std::collections::BTreeSet;

use lictor_engine::action::{Action, Arguments, Effect, Reach};
use lictor_engine::config::{Api, Guard};
use lictor_engine::identity::{Kind, Principal};
use lictor_engine::policy::{Call, Content, Moment, Request};
use lictor_engine::record::VERSION;
use serde_json::Value;

use super::{action, principal};

/// The facts of a call that was made.
#[derive(Debug)]
pub struct Facts {
    /// The name of its API.
    pub api: String,
    method: String,
    host: String,
    path: String,
    /// Who asked.
    pub principal: Principal,
    actions: Vec<Action>,
    /// The same where it is not sure whose the columns are.
    doubtful: Option<Vec<Action>>,
    moment: Option<Moment>,
    /// What the record does not hold, by the names that rules have for it.
    pub lacks: BTreeSet<&'static str>,
}

impl Facts {
    /// Reads a record.
    ///
    /// # Errors
    ///
    /// Why it can't be read, to complete the sentence "a record …".
    pub fn of(record: &Value) -> Result<Self, &'static str> {
        let version = record.get("v").and_then(Value::as_f64);
        if version != Some(f64::from(VERSION)) {
            return Err("of a version that this one does not know");
        }
        if record.get("actions_omitted").is_some() {
            return Err("that leaves actions out, because there were too many");
        }
        let actions = list(record, "actions");
        let actions: Option<Vec<Action>> = actions.map(action::read).collect();
        let actions = actions.ok_or("with an action that this version does not know")?;
        if actions.is_empty() {
            return Err("without actions: the call was refused before it was understood");
        }
        let request = record.get("request").unwrap_or(&Value::Null);
        let principal = record.get("principal").and_then(principal::read);
        let mut facts = Self {
            api: text(record, "api"),
            method: text(request, "method"),
            host: text(request, "host").to_ascii_lowercase(),
            path: text(request, "path"),
            principal: principal.ok_or("without a principal that this version knows")?,
            doubtful: action::doubtful(&actions),
            actions,
            moment: record.get("id").and_then(Value::as_str).and_then(moment),
            lacks: BTreeSet::from(["request.query", "request.body"]),
        };
        facts.note_what_is_lacking(record);
        Ok(facts)
    }

    fn note_what_is_lacking(&mut self, record: &Value) {
        self.note_of_principal(record.get("principal").unwrap_or(&Value::Null));
        self.note_of_actions(record);
        let is_cut = |text: &str| text.ends_with('…');
        if is_cut(&self.path) {
            self.lacks.insert("request.path");
        }
        if is_cut(&self.host) {
            self.lacks.insert("request.host");
        }
        if self.moment.is_none() {
            self.lacks.insert("now");
        }
    }

    fn note_of_principal(&mut self, principal: &Value) {
        if self.principal.kind != Kind::Anonymous {
            self.lacks.extend(principal::NEVER_HELD);
        }
        if self.principal.acts_for.is_some() {
            self.lacks.extend(principal::NEVER_HELD_OF_WHOM);
        }
        // There may have been one that the document of then did not look at.
        if self.principal.peer.is_none() {
            self.lacks.insert("principal.peer");
        }
        if principal.get("groups_omitted").is_some() {
            self.lacks.insert("principal.groups");
        }
    }

    fn note_of_actions(&mut self, record: &Value) {
        let is_bounded = |action: &Action| matches!(action.reach, Reach::Limited(_));
        if self.actions.iter().any(is_bounded) {
            self.lacks.insert("action.rows");
        }
        let has_arguments = |action: &Action| action.arguments == Arguments::Unknown;
        if self.actions.iter().any(has_arguments) {
            self.lacks.insert("action.arguments");
        }
        if list(record, "actions").any(action::has_columns_left_out) {
            self.lacks.extend(action::OF_COLUMNS);
        }
        let lineage = record.get("lineage").unwrap_or(&Value::Null);
        let is_export = |action: &Action| action.effect == Effect::Export;
        if self.actions.iter().any(is_export) || lineage.get("columns").is_some() {
            self.lacks.insert("action.copied_labels");
        }
        // The record tells edges of the call as a whole, and none into a result.
        self.lacks.insert("action.lineage");
    }

    /// When it came, where the record tells.
    #[must_use]
    pub const fn moment(&self) -> Option<Moment> {
        self.moment
    }

    /// The API that the document has for this call.
    #[must_use]
    pub fn api_in<'g>(&self, guard: &'g Guard) -> Option<&'g Api> {
        let mut apis = guard.apis.iter();
        apis.find(|api| api.matches(&self.host, &self.path, &self.method))
    }

    /// Asks the rules of a guard about the call.
    pub fn ask<T>(&self, guard: &Guard, ask: impl FnOnce(&Call<'_>) -> T) -> T {
        let actions = self.doubtful.as_ref().unwrap_or(&self.actions);
        self.ask_of(actions, guard, ask)
    }

    /// Asks in every way in which the record can be read.
    pub fn ask_each(&self, guard: &Guard, mut ask: impl FnMut(&Call<'_>)) {
        for actions in self.doubtful.iter().chain([&self.actions]) {
            self.ask_of(actions, guard, &mut ask);
        }
    }

    fn ask_of<T>(&self, actions: &[Action], guard: &Guard, ask: impl FnOnce(&Call<'_>) -> T) -> T {
        let own = self
            .api_in(guard)
            .and_then(|api| api.environment.as_deref());
        ask(&Call {
            api: &self.api,
            environment: own.unwrap_or(&guard.environment),
            request: Request {
                method: &self.method,
                host: &self.host,
                path: &self.path,
                query: None,
                body: Content::Unknown,
            },
            now: self.moment.map(|moment| guard.policy.now(moment)),
            principal: &self.principal,
            claims_are_known: self.principal.kind == Kind::Anonymous,
            actions,
        })
    }
}

/// The time in a UUID of version 7, in milliseconds. Source: RFC 9562, 5.7.
fn moment(id: &str) -> Option<Moment> {
    let digits: String = id.chars().filter(|letter| *letter != '-').collect();
    if digits.len() != 32 || digits.get(12..13) != Some("7") {
        return None;
    }
    let milliseconds = u64::from_str_radix(digits.get(..12)?, 16).ok()?;
    let nanos = milliseconds.checked_rem(1000)?.checked_mul(1_000_000)?;
    Some(Moment {
        seconds: i64::try_from(milliseconds.checked_div(1000)?).ok()?,
        nanos: u32::try_from(nanos).ok()?,
    })
}

pub(super) fn text(value: &Value, name: &str) -> String {
    let text = value.get(name).and_then(Value::as_str);
    text.unwrap_or_default().to_owned()
}

pub(super) fn list<'v>(value: &'v Value, name: &str) -> impl Iterator<Item = &'v Value> {
    let items = value.get(name).and_then(Value::as_array);
    items.into_iter().flatten()
}

#[cfg(test)]
mod tests {
    use super::{Facts, Moment, moment};

    #[test]
    fn what_is_no_record_of_ours_is_not_read() {
        let record = serde_json::json!({
            "v": 1.0, "id": "x", "decision": "allow", "api": "a",
            "actions": [{"effect": "read", "operation": "GET", "reach": "key", "resources": []}],
            "principal": {"subject": "ana", "kind": "human"},
        });
        assert!(Facts::of(&record).is_ok());
        for (member, value) in [
            ("v", serde_json::json!(2)),
            ("actions_omitted", serde_json::json!(3)),
            ("actions", serde_json::json!([])),
            ("actions", serde_json::json!([{"effect": "vanish"}])),
            (
                "principal",
                serde_json::json!({"subject": "ana", "kind": "ghost"}),
            ),
        ] {
            let mut other = record.clone();
            other[member] = value;
            assert!(Facts::of(&other).is_err(), "{member}");
        }
    }

    #[test]
    fn a_record_tells_its_time_by_its_id() {
        let found = moment("017f22e2-79b0-7cc3-98c4-dc0c0c07398f");
        let expected = Moment {
            seconds: 1_645_557_742,
            nanos: 0,
        };
        assert_eq!(found, Some(expected));
        assert_eq!(moment("017f22e2-79b0-4cc3-98c4-dc0c0c07398f"), None);
        assert_eq!(moment("record"), None);
    }
}
