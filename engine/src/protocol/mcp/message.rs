//! One message of JSON-RPC 2.0: a request, a notification, or an answer.

use super::fault;
use crate::refusal::Refusal;
use crate::value::Value;

/// A message whose shape is that of JSON-RPC.
#[derive(Debug, Clone, Copy)]
pub(super) struct Message<'v> {
    /// The method; none in an answer.
    pub(super) method: Option<&'v str>,
    /// What the answer will name; none in a notification.
    pub(super) id: Option<&'v Value<'v>>,
    /// The parameters: an object, or nothing.
    pub(super) params: &'v Value<'v>,
}

/// The largest whole number that a double holds, and all below it.
const EXACT: f64 = 9_007_199_254_740_992.0;

impl<'v> Message<'v> {
    /// Reads a message that has all it must have and nothing else.
    pub(super) fn read(value: &'v Value<'v>) -> Result<Self, Refusal> {
        let Value::Object(members) = value else {
            return Err(fault::MESSAGE);
        };
        let known = ["jsonrpc", "id", "method", "params", "result", "error"];
        let is_known = members.iter().all(|(name, _)| known.contains(&&**name));
        let member = |name| value.member(name);
        let id = member("id");
        let is_id = match id {
            None | Some(Value::Text(_)) => true,
            // A larger one would not come back as it went.
            Some(Value::Number(number)) => number.fract() == 0.0 && number.abs() <= EXACT,
            Some(_) => false,
        };
        let is_version = member("jsonrpc").and_then(Value::text) == Some("2.0");
        if !is_known || !is_id || !is_version {
            return Err(fault::MESSAGE);
        }
        let params = member("params").unwrap_or(&Value::Null);
        let answers = ["result", "error"].iter().filter_map(|name| member(name));
        let is_whole = match (member("method"), answers.count()) {
            (Some(Value::Text(_)), 0) => matches!(params, Value::Null | Value::Object(_)),
            (None, 1) => id.is_some() && member("params").is_none(),
            _ => false,
        };
        if !is_whole {
            return Err(fault::MESSAGE);
        }
        Ok(Self {
            method: member("method").and_then(Value::text),
            id,
            params,
        })
    }

    /// A parameter that must be text.
    pub(super) fn text(&self, name: &str) -> Result<&'v str, Refusal> {
        let value = self.params.member(name).and_then(Value::text);
        value.ok_or(fault::PARAMETERS)
    }
}

/// Whether no member is spelled like one of these names in another case: some servers would read
/// it, and others not.
pub(super) fn has_one_spelling(value: &Value<'_>, names: &[&str]) -> bool {
    let Value::Object(members) = value else {
        return true;
    };
    members.iter().all(|(member, _)| {
        let mut near = names
            .iter()
            .filter(|name| member.eq_ignore_ascii_case(name));
        near.all(|name| member == name)
    })
}
