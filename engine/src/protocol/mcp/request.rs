//! What a server asks of a client: to let its model write, to ask its user, to name its folders.

use super::message::has_one_spelling;
use super::{Core, fault, location};
use crate::action::{Action, Effect, Reach, Resource, ResourceKind};
use crate::refusal::Refusal;
use crate::value::Value;

/// A question to the user: a form, or an address to open.
pub(super) const ELICITATION: &str = "elicitation/create";

/// Adds what a client would do that does as it is asked.
pub(super) fn add(
    core: &Core,
    method: &str,
    params: &Value<'_>,
    actions: &mut Vec<Action>,
) -> Result<(), Refusal> {
    let on = |effect, name: &str, reach| {
        let resource = Resource {
            kind: ResourceKind::Object,
            name: name.to_owned(),
        };
        Action::new(effect, method, reach, vec![resource])
    };
    let action = match method {
        "ping" => return Ok(()),
        "roots/list" => on(Effect::Read, "roots", Reach::None),
        "sampling/createMessage" => on(Effect::Call, "sampling", Reach::Unknown),
        ELICITATION => {
            if !has_one_spelling(params, &["mode", "url"]) {
                return Err(fault::ANSWER);
            }
            if let Some(url) = params.member("url") {
                // An action of its own, so that a rule about pages has nothing else to look at.
                let url = url.text().ok_or(fault::ANSWER)?;
                let page = location::of(url).map_err(|_| fault::ANSWER)?;
                actions.push(Action::new(
                    Effect::Call,
                    method,
                    Reach::Unknown,
                    vec![page],
                ));
            }
            on(Effect::Call, "elicitation", Reach::Unknown)
        }
        "tasks/get" | "tasks/result" | "tasks/list" | "tasks/cancel" => {
            on(Effect::Session, "task", Reach::None)
        }
        other => match core.listed(other) {
            Ok(action) => action,
            Err(_) => on(Effect::Unknown, "request", Reach::Unknown),
        },
    };
    actions.push(action);
    Ok(())
}
