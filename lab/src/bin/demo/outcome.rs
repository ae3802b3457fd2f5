//! What became of a call, as the client and the access log tell it.

use std::error::Error;

use lictor_lab::client::{Answer, http1};
use serde_json::Value;

use crate::stage::Stage;
use crate::story::Scene;

/// A scene and what happened.
pub(crate) struct Outcome {
    pub(crate) scene: Scene,
    pub(crate) answer: Answer,
    /// The line of the access log.
    pub(crate) logged: Value,
}

impl Outcome {
    /// Plays a scene.
    pub(crate) fn of(mut scene: Scene, stage: &Stage) -> Result<Self, Box<dyn Error>> {
        let token = match scene.token {
            Some(token) => Some(token.to_owned()),
            None => scene.caller.token(&stage.provider),
        };
        scene.call = scene.call.token(token.as_deref());
        let answer = http1::send(stage.envoy.address(), &scene.call)?;
        let logged = stage.envoy.access_log().of(&scene.call)?;
        Ok(Self {
            scene,
            answer,
            logged,
        })
    }

    /// The audit record.
    pub(crate) fn record(&self) -> &Value {
        &self.logged["lictor"]
    }

    /// `allow`, `deny`, or `none` where an earlier filter answered.
    pub(crate) fn decision(&self) -> &str {
        self.text("decision")
    }

    /// The rules or the code that decided, else what Envoy itself says.
    pub(crate) fn by(&self) -> String {
        let rules = self.list("rules");
        if !rules.is_empty() {
            return rules.join(", ");
        }
        match self.text("code") {
            "" => {
                let details = self.logged["details"].as_str().unwrap_or_default();
                let name = details.split('{').next().unwrap_or(details);
                name.to_owned()
            }
            code => code.to_owned(),
        }
    }

    /// Rules on trial that would have refused the call.
    pub(crate) fn shadow(&self) -> Vec<&str> {
        self.list("shadow")
    }

    /// What the call would have done, one phrase per action.
    pub(crate) fn would_have(&self) -> Vec<String> {
        let actions = self.record()["actions"].as_array();
        let phrases: Vec<String> = actions.into_iter().flatten().map(phrase).collect();
        if phrases.is_empty() {
            vec!["can't be told".to_owned()]
        } else {
            phrases
        }
    }

    /// Time in the filter.
    pub(crate) fn time(&self) -> String {
        match self.record()["decided_us"].as_u64() {
            Some(time_us @ 1..) => format!("{time_us} µs"),
            _ => "–".to_owned(),
        }
    }

    /// What is not as expected.
    pub(crate) fn surprise(&self) -> Option<String> {
        let expected = self.scene.expected;
        let seen = (self.answer.status, self.decision(), self.by());
        let wanted = (expected.status, expected.decision, expected.by.to_owned());
        (seen != wanted).then(|| format!("expected {wanted:?}, saw {seen:?}"))
    }

    fn text(&self, field: &str) -> &str {
        self.record()[field].as_str().unwrap_or_default()
    }

    fn list(&self, field: &str) -> Vec<&str> {
        let list = self.record()[field].as_array();
        list.into_iter()
            .flatten()
            .filter_map(Value::as_str)
            .collect()
    }
}

/// `delete every row of orders`.
fn phrase(action: &Value) -> String {
    let text = |field: &str| action[field].as_str().unwrap_or_default();
    let resources = action["resources"].as_array();
    let resources: Vec<&str> = resources
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .map(|resource| resource.split_once(':').map_or(resource, |(_, name)| name))
        .collect();
    let resources = resources.join(", ");
    match (text("effect"), text("reach"), resources.as_str()) {
        (effect, _, "") => effect.to_owned(),
        (effect @ ("delete" | "update" | "read"), "all", name) => format!("{effect} all of {name}"),
        (effect, _, name) => format!("{effect} {name}"),
    }
}
