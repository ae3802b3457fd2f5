//! What a record tells of messages besides their actions, by OpenTelemetry's names.
//!
//! The id of the session is a secret, and no fact.

use super::message::Message;
use crate::action::ResourceKind;
use crate::protocol::{Fact, FactValue, Intent};

/// Adds the facts of messages that were read.
pub(super) fn add(messages: &[Message<'_>], intent: &mut Intent) {
    let methods = messages.iter().filter_map(|message| message.method);
    intent
        .facts
        .extend(fact("mcp.method.name", methods.map(str::to_owned)));
    let named = |kind| {
        let resources = intent.actions.iter().flat_map(|action| &action.resources);
        let named = resources.filter(move |resource| resource.kind == kind);
        named.map(|resource| resource.name.clone())
    };
    let tools = fact("gen_ai.tool.name", named(ResourceKind::Tool));
    let locations = messages.iter().any(|message| {
        message
            .method
            .is_some_and(|method| method.starts_with("resources/"))
    });
    let locations = locations
        .then(|| fact("mcp.resource.uri", named(ResourceKind::Location)))
        .flatten();
    intent.facts.extend(tools.into_iter().chain(locations));
}

/// One name, or several; each once.
fn fact(name: &'static str, texts: impl Iterator<Item = String>) -> Option<Fact> {
    let mut known: Vec<String> = Vec::new();
    for text in texts {
        if !known.contains(&text) {
            known.push(text);
        }
    }
    match known.len() {
        0 => None,
        1 => known.pop().map(|only| Fact::text(name, only)),
        _ => Some(Fact {
            name,
            value: FactValue::Texts(known),
        }),
    }
}
