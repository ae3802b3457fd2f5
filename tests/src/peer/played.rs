//! One call of a real client from every side, and what all of them must say together.

use serde_json::Value;

/// What a call came to.
#[derive(Debug)]
pub struct Played {
    /// Its name, and what the client got or raised.
    pub outcome: Value,
    /// The lines of the access log, one for each request that the client made.
    pub records: Vec<Value>,
    /// The requests that reached the service, where it keeps them.
    pub seen: Option<Vec<Value>>,
}

impl Played {
    /// The name of the call; empty after the last one.
    #[must_use]
    pub fn name(&self) -> &str {
        text(&self.outcome["call"])
    }

    /// What is recorded of it, each once: actions as `effect reach resource, resource`, and the
    /// codes of refusals that are no rule's.
    #[must_use]
    pub fn recorded(&self) -> Vec<String> {
        let mut all = Vec::new();
        for record in self.records.iter().map(|line| &line["lictor"]) {
            let code = text(&record["code"]);
            let is_own = !code.is_empty() && code != "policy.denied";
            let actions = record["actions"].as_array().into_iter().flatten();
            let lines = actions.map(line);
            all.extend(lines.chain(is_own.then(|| code.to_owned())));
        }
        all.dedup();
        all
    }

    /// Why it did not simply go through, each request of it, with this for the client.
    pub(super) fn is_no_pass(&self, got: Option<&Value>) -> Option<String> {
        if self.outcome.get("error").is_some() {
            return Some("the client has an error".to_owned());
        }
        if got.is_some_and(|got| *got != self.outcome["got"]) {
            return Some("the client got something else".to_owned());
        }
        if self.records.is_empty() || self.refused() > 0 {
            return Some("not all of it was allowed".to_owned());
        }
        self.is_seen_otherwise()
    }

    /// Why it was not refused once, by this rule or with this code, so that the service saw
    /// nothing of what was refused.
    pub(super) fn is_no_refusal(&self, by: &str) -> Option<String> {
        let last = self.last();
        if last["rules"][0] != by && last["code"] != by {
            return Some(format!("not refused by {by}"));
        }
        if self.refused() != 1 {
            return Some("not refused once".to_owned());
        }
        self.is_seen_otherwise()
    }

    /// Why the client has no error of this kind that says why the last request was refused.
    pub(super) fn is_no_error_of(&self, kind: &str) -> Option<String> {
        if !text(&self.outcome["error"]).starts_with(kind) {
            return Some(format!("the client's error is no {kind}"));
        }
        let is_told = text(&self.outcome["message"]).contains(text(&self.last()["reason"]));
        (!is_told).then(|| "the client is not told the reason".to_owned())
    }

    fn last(&self) -> &Value {
        self.records
            .last()
            .map_or(&Value::Null, |record| &record["lictor"])
    }

    fn is_seen_otherwise(&self) -> Option<String> {
        let seen = self.seen.as_ref()?;
        let allowed = self.records.len() - self.refused();
        (seen.len() != allowed).then(|| "the service saw something else".to_owned())
    }

    fn refused(&self) -> usize {
        let records = self.records.iter();
        records
            .filter(|record| record["lictor"]["decision"] != "allow")
            .count()
    }
}

fn line(action: &Value) -> String {
    let resources = action["resources"].as_array().into_iter().flatten();
    let resources: Vec<&str> = resources.map(text).collect();
    let (effect, reach) = (text(&action["effect"]), text(&action["reach"]));
    let line = format!("{effect} {reach} {}", resources.join(", "));
    line.trim_end().to_owned()
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}
