//! APIs with an OpenAPI document: the operation that a request is becomes an action.
//!
//! Only what the document describes goes through, unless its author lets more pass; what a
//! parameter can't be is refused.
//!
//! Sources: OpenAPI Specification 3.0.4 and 3.1.1; RFC 6901 (JSON pointers).

mod call;
mod extension;
mod labels;
mod operation;
mod parameter;
mod reference;
mod routes;
mod shape;

use super::{Body, DataLabel, Given, Intent, Protocol, UPGRADE, http};
use crate::action::{Action, Effect, Reach, Usage};
use crate::content::{self, Media};
use crate::document::{Content, Node, Reader};
use crate::limits;
use crate::message::{Head, Request};
use crate::parameters::Parameters;
use crate::path;
use crate::refusal::Refusal;
use call::{Call, path_resource, used};
use operation::{Operation, Operations, essence};
use reference::{entries, items, member, text};
use routes::Routes;

#[derive(Debug)]
struct OpenApi {
    operations: Vec<Operation>,
    routes: Routes,
    labels: Vec<DataLabel>,
    accepts_unknown: bool,
    accepts_unknown_parameters: bool,
}

pub(super) fn compile(
    reader: &mut Reader,
    node: &Node,
    path: &str,
    _given: &Given,
) -> Option<Box<dyn Protocol>> {
    let has = |key| member(node, key).is_some();
    if has("openapi") || has("swagger") {
        return document(reader, node, path, &Options::default());
    }
    if has("file") {
        return file(reader, node, path);
    }
    let mut mapping = reader.mapping(node, path)?;
    let found = mapping.required(reader, "document");
    let base = mapping.optional("base_path");
    let base = base.and_then(|(node, path)| reader.text(node, &path));
    let words = [("deny", false), ("allow", true)];
    let unknown = mapping.optional("unknown");
    let unknown = unknown.and_then(|(node, path)| reader.word(node, &path, &words));
    let parameters = mapping.optional("unknown_parameters");
    let parameters = parameters.and_then(|(node, path)| reader.word(node, &path, &words));
    mapping.finish(reader);
    let options = Options {
        base: base.map(|base| base.trim_end_matches('/').to_owned()),
        accepts_unknown: unknown.unwrap_or(false),
        accepts_unknown_parameters: parameters.unwrap_or(true),
    };
    let (node, path) = found?;
    if member(node, "file").is_some() {
        return file(reader, node, &path);
    }
    document(reader, node, &path, &options)
}

fn file(reader: &mut Reader, node: &Node, path: &str) -> Option<Box<dyn Protocol>> {
    let message = "expected the OpenAPI document itself: a file is put in place by `lictor render`";
    reader.mistake("api.file", node.position, path, message.to_owned());
    None
}

struct Options {
    base: Option<String>,
    accepts_unknown: bool,
    accepts_unknown_parameters: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            base: None,
            accepts_unknown: false,
            accepts_unknown_parameters: true,
        }
    }
}

fn document(
    reader: &mut Reader,
    node: &Node,
    path: &str,
    options: &Options,
) -> Option<Box<dyn Protocol>> {
    let version = member(node, "openapi");
    let version = version.map(|version| match &version.content {
        Content::Text(text) => text.clone(),
        Content::Number(number) => number.to_string(),
        _ => String::new(),
    });
    let is_known = version.is_some_and(|text| text.starts_with("3.0") || text.starts_with("3.1"));
    if !is_known {
        let message = "expected a document of OpenAPI 3.0 or 3.1".to_owned();
        reader.mistake("openapi.version", node.position, path, message);
        return None;
    }
    let bases = match &options.base {
        Some(base) => vec![base.clone()],
        None => bases(node),
    };
    let (operations, labels) = Operations::read(reader, node, path, &bases);
    if operations.is_empty() {
        let message = "expected `paths` with operations".to_owned();
        reader.mistake("openapi.empty", node.position, path, message);
        return None;
    }
    let mut routes = Routes::default();
    for (index, operation) in operations.iter().enumerate() {
        routes.add(&operation.template, index);
    }
    Some(Box::new(OpenApi {
        operations,
        routes,
        labels,
        accepts_unknown: options.accepts_unknown,
        accepts_unknown_parameters: options.accepts_unknown_parameters,
    }))
}

/// The paths of the servers, without a slash at the end.
fn bases(document: &Node) -> Vec<String> {
    let mut bases: Vec<String> = Vec::new();
    for server in items(member(document, "servers")) {
        let Some(url) = member(server, "url").and_then(text) else {
            continue;
        };
        let mut url = url.to_owned();
        for (name, variable) in member(server, "variables").into_iter().flat_map(entries) {
            let default = member(variable, "default").and_then(text);
            url = url.replace(&format!("{{{name}}}"), default.unwrap_or_default());
        }
        let after = url.split_once("://").map_or(url.as_str(), |(_, rest)| {
            rest.find('/')
                .and_then(|at| rest.get(at..))
                .unwrap_or_default()
        });
        let base = after.trim_end_matches('/').to_owned();
        if !bases.contains(&base) {
            bases.push(base);
        }
    }
    if bases.is_empty() {
        bases.push(String::new());
    }
    bases.truncate(limits::OPENAPI_SERVERS);
    bases
}

impl Protocol for OpenApi {
    fn name(&self) -> &'static str {
        "openapi"
    }

    fn labels(&self) -> &[DataLabel] {
        &self.labels
    }

    fn body(&self, head: &Head) -> Result<Body, Refusal> {
        if head.is_upgrade() {
            return Err(UPGRADE);
        }
        let media = content::media(head)?;
        if let Some(sent) = head.headers.first("content-type") {
            let sent = essence(&String::from_utf8_lossy(sent));
            let path = path::decode(path::split(head.target()?).0)?;
            let mut fitting = self.fitting(head.method()?, &path);
            if fitting.any(|operation| !operation.takes(&sent)) {
                return Err(MEDIA);
            }
        }
        Ok(match media {
            Media::Json | Media::Form | Media::Absent => Body::Held,
            Media::Text | Media::Other => Body::Streamed,
        })
    }

    fn read(&self, request: &Request<'_>) -> Result<Intent, Refusal> {
        let query = Parameters::parse(request.query)?;
        http::check_override(&query)?;
        let body = http::body(request)?;
        let method = request.head.method()?;
        let mut actions = Vec::new();
        let operations: Vec<_> = self.fitting(method, request.path).collect();
        for operation in &operations {
            // The most concrete template is meant; which of several is, servers disagree on.
            let mut others = operations.iter();
            if others.any(|other| other.template.is_narrower(&operation.template)) {
                continue;
            }
            let call = Call {
                operation,
                request,
                query: &query,
                body: body.as_ref(),
            };
            if !self.accepts_unknown_parameters {
                call.check_names()?;
            }
            if !operation.media.is_empty() && !request.body.is_empty() && body.is_none() {
                return Err(MEDIA);
            }
            actions.push(call.action()?);
        }
        if actions.is_empty() {
            actions.push(self.other(method, request.path)?);
        }
        Ok(actions.into())
    }
}

impl OpenApi {
    /// The operations that a method and a decoded path fit. HEAD asks for what GET does.
    fn fitting(&self, method: &str, path: &str) -> impl Iterator<Item = &Operation> {
        let found = self.routes.find(path);
        let operations = found.iter().filter_map(|index| self.operations.get(*index));
        let operations: Vec<_> = operations.collect();
        let is_there = operations.iter().any(|one| one.method == method);
        let wanted = match method {
            "HEAD" if !is_there => "GET".to_owned(),
            other => other.to_owned(),
        };
        operations
            .into_iter()
            .filter(move |one| one.method == wanted)
    }

    /// What no operation describes.
    fn other(&self, method: &str, path: &str) -> Result<Action, Refusal> {
        let known = self.routes.find(path);
        let known = known.first().and_then(|index| self.operations.get(*index));
        let effect = http::effect(method);
        match (known, effect) {
            // Browsers ask what they may send.
            (Some(known), _) if method == "OPTIONS" => {
                let resource = path_resource(&known.template.text);
                Ok(Action::new(
                    Effect::Read,
                    method,
                    Reach::None,
                    vec![resource],
                ))
            }
            (_, Some(effect)) if self.accepts_unknown => {
                let resource = path_resource(path);
                let mut action = Action::new(effect, method, Reach::All, vec![resource]);
                action.columns = vec![used(shape::any_column(""), Usage::Output)];
                Ok(action)
            }
            (Some(_), _) => Err(METHOD),
            (None, _) => Err(UNKNOWN),
        }
    }
}

impl Operation {
    /// Whether a body of that media type can be meant for it. One that takes none may get any.
    fn takes(&self, sent: &str) -> bool {
        let fits = |known: &String| {
            let kind = known.strip_suffix('*');
            known == sent || kind.is_some_and(|kind| kind == "*/" || sent.starts_with(kind))
        };
        self.media.is_empty() || self.media.iter().any(fits)
    }
}

const UNKNOWN: Refusal = Refusal::with_status(
    404,
    "openapi.operation_unknown",
    "expected a path that the API documents",
    "use a path of the API's OpenAPI document",
);
const METHOD: Refusal = Refusal::with_status(
    405,
    "openapi.method_unknown",
    "expected a method that the API documents for this path",
    "use a method of the API's OpenAPI document",
);
const MEDIA: Refusal = Refusal::with_status(
    415,
    "openapi.media_unknown",
    "expected a body of a media type that the API documents",
    "send a body as the API's OpenAPI document says",
);
#[cfg(test)]
mod tests;
