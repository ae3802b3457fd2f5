//! `errors:` of a definition: a refusal in the form that the clients of an API understand.

use crate::document::{Content, Node, Reader};
use crate::reply::{Problem, Reply};
use crate::value::Value;

/// How an API says no.
#[derive(Debug)]
pub(super) struct ErrorForm {
    /// The status, where it is not that of the refusal.
    status: Option<u16>,
    headers: Vec<(String, String)>,
    body: Form,
}

#[derive(Debug)]
enum Form {
    Json(Node),
    Text(String),
}

/// Reads `errors:`.
pub(super) fn compile(reader: &mut Reader, node: &Node, path: &str) -> Option<ErrorForm> {
    let mut mapping = reader.mapping(node, path)?;
    let status = mapping.optional("status");
    let status = status.and_then(|(node, path)| reader.whole(node, &path, 200, 599));
    let mut headers = Vec::new();
    if let Some((node, path)) = mapping.optional("headers")
        && let Some(mapping) = reader.mapping(node, &path)
    {
        for (key, node, path) in mapping.entries() {
            let value = reader.text(node, &path);
            headers.extend(value.map(|value| (key.text.to_ascii_lowercase(), value.to_owned())));
        }
    }
    let json = mapping.optional("json");
    let text = mapping.optional("text");
    let text = text.and_then(|(node, path)| reader.text(node, &path));
    let position = mapping.position;
    mapping.finish(reader);
    let body = match (json, text) {
        (Some((node, _)), None) => Form::Json(node.clone()),
        (None, Some(text)) => Form::Text(text.to_owned()),
        _ => {
            let message = "expected one of `json` and `text`".to_owned();
            reader.mistake("api.errors", position, path, message);
            return None;
        }
    };
    Some(ErrorForm {
        status: status.and_then(|status| u16::try_from(status).ok()),
        headers,
        body,
    })
}

impl ErrorForm {
    /// The refusal in that form.
    pub(super) fn reply(&self, problem: &Problem<'_>) -> Reply {
        let plain = problem.reply(crate::reply::Form::Http);
        let (media, body) = match &self.body {
            Form::Json(node) => {
                let value = filled(node, problem);
                let text = serde_json::to_string(&value).unwrap_or_default();
                ("application/json", text)
            }
            Form::Text(text) => ("text/plain; charset=utf-8", fill(text, problem)),
        };
        let mut headers = plain.headers;
        headers.retain(|(name, _)| name != "content-type");
        headers.push(("content-type".into(), media.into()));
        let own = self.headers.iter().cloned();
        headers.extend(own.map(|(name, value)| (name.into(), value.into())));
        Reply {
            status: self.status.unwrap_or(plain.status),
            headers,
            body: body.into_bytes(),
            ..plain
        }
    }
}

/// As deep as the document is.
fn filled(node: &Node, problem: &Problem<'_>) -> Value<'static> {
    match &node.content {
        Content::Null => Value::Null,
        Content::Bool(value) => Value::Bool(*value),
        Content::Number(value) => Value::Number(*value),
        Content::Text(text) if text == "$status" => Value::from(u32::from(problem.status)),
        Content::Text(text) => Value::from(fill(text, problem)),
        Content::List(items) => {
            Value::List(items.iter().map(|item| filled(item, problem)).collect())
        }
        Content::Mapping(entries) => Value::Object(
            entries
                .iter()
                .map(|(key, node)| (key.text.clone().into(), filled(node, problem)))
                .collect(),
        ),
    }
}

fn fill(text: &str, problem: &Problem<'_>) -> String {
    let words = [
        ("$message", problem.message()),
        ("$reason", problem.detail.to_owned()),
        ("$code", problem.code.to_owned()),
        ("$rule", problem.rule.unwrap_or_default().to_owned()),
        ("$record", problem.record.to_owned()),
        ("$status", problem.status.to_string()),
    ];
    // One pass, so that a word in a reason is not taken for one of these.
    let mut filled = String::new();
    let mut rest = text;
    while let Some(place) = rest.find('$') {
        let (before, after) = rest.split_at_checked(place).unwrap_or((rest, ""));
        filled.push_str(before);
        let known = words.iter().find(|(word, _)| after.starts_with(word));
        let taken = match known {
            Some((word, value)) => {
                filled.push_str(value);
                word.len()
            }
            None => {
                filled.push('$');
                1
            }
        };
        rest = after.get(taken..).unwrap_or_default();
    }
    filled.push_str(rest);
    filled
}
