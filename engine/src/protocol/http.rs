//! Plain HTTP APIs: method, path and query become one action on an item or a collection.
//!
//! Without a declared template a path is taken for a whole collection, and a query parameter
//! that is not declared as a filter narrows nothing: servers ignore names that they do not
//! know, so an invented one must not make a call look smaller.

use super::template::Template;
use super::{Body, Given, Intent, METHOD_OVERRIDE, Protocol, UPGRADE};
use crate::action::{Action, Effect, Reach, Resource, ResourceKind};
use crate::content::{self, Media};
use crate::document::{Content, Node, Reader};
use crate::json;
use crate::limits;
use crate::message::{Head, Request};
use crate::parameters::Parameters;
use crate::refusal::Refusal;

#[derive(Debug)]
struct Http {
    templates: Vec<Template>,
    filters: Vec<String>,
    limit: Option<String>,
    upgrades: Vec<String>,
}

pub(super) fn compile(
    reader: &mut Reader,
    node: &Node,
    path: &str,
    _given: &Given,
) -> Option<Box<dyn Protocol>> {
    let empty = Node {
        position: node.position,
        content: Content::Mapping(Vec::new()),
    };
    let node = if node.content == Content::Null {
        &empty
    } else {
        node
    };
    let mut mapping = reader.mapping(node, path)?;
    let mut words = |key| match mapping.optional(key) {
        None => Vec::new(),
        Some((node, path)) => {
            let texts = reader.texts(node, &path);
            texts
                .into_iter()
                .map(|(text, position, path)| (text.to_owned(), position, path))
                .collect()
        }
    };
    let (paths, filters, upgrades) = (words("paths"), words("filters"), words("upgrades"));
    let limit = mapping
        .optional("limit")
        .and_then(|(node, path)| reader.text(node, &path));
    let limit = limit.map(str::to_owned);
    mapping.finish(reader);
    let mut templates = Vec::new();
    for (text, position, path) in paths {
        match Template::parse(&text) {
            Some(template) => templates.push(template),
            None => {
                let message = "expected a path such as `/v1/orders/{id}`".to_owned();
                reader.mistake("api.path_template", position, &path, message);
            }
        }
    }
    let plain = |words: Vec<(String, _, _)>| words.into_iter().map(|(text, _, _)| text);
    Some(Box::new(Http {
        templates,
        filters: plain(filters).collect(),
        limit,
        upgrades: plain(upgrades)
            .map(|text| text.to_ascii_lowercase())
            .collect(),
    }))
}

impl Protocol for Http {
    fn name(&self) -> &str {
        "http"
    }

    fn body(&self, head: &Head) -> Result<Body, Refusal> {
        if head.is_upgrade() {
            let wanted = head
                .headers
                .first("upgrade")
                .unwrap_or_default()
                .to_ascii_lowercase();
            let is_accepted = self
                .upgrades
                .iter()
                .any(|upgrade| upgrade.as_bytes() == wanted);
            return if is_accepted {
                Ok(Body::Streamed)
            } else {
                Err(UPGRADE)
            };
        }
        if head.is_grpc() {
            return Ok(Body::Streamed);
        }
        // A type that is not read is nobody's statement here: files stream through.
        match content::media(head) {
            Ok(Media::Json | Media::Form) => Ok(Body::Held),
            Ok(Media::Text | Media::Absent | Media::Other) => Ok(Body::Streamed),
            Err(refusal) => Err(refusal),
        }
    }

    fn read(&self, request: &Request<'_>) -> Result<Intent, Refusal> {
        let query = Parameters::parse(request.query)?;
        check_override(&query)?;
        if !request.body.is_empty() {
            check_body(request)?;
        }
        let method = request.head.method()?;
        // A content type is the client's word: servers of plain HTTP do not read it where they
        // expect no body, or at all.
        let is_grpc = request.head.is_grpc() && method == "POST" && !self.declares(request.path);
        let action = if is_grpc {
            grpc(request.path)
        } else {
            self.rest(method, request.path, &query)?
        };
        Ok(vec![action].into())
    }
}

impl Http {
    fn declares(&self, path: &str) -> bool {
        let mut templates = self.templates.iter();
        templates.any(|template| template.matches(path))
    }

    fn rest(&self, method: &str, path: &str, query: &Parameters) -> Result<Action, Refusal> {
        let effect = match method {
            "GET" | "HEAD" | "OPTIONS" => Effect::Read,
            "POST" => Effect::Create,
            "PUT" | "PATCH" => Effect::Update,
            "DELETE" => Effect::Delete,
            _ => return Err(METHOD),
        };
        let fitting = self
            .templates
            .iter()
            .filter(|template| template.matches(path));
        let template = fitting.max_by_key(|template| template.literals());
        if template.is_none() && !self.templates.is_empty() {
            return Err(UNDECLARED);
        }
        let resource = Resource {
            kind: ResourceKind::Path,
            name: template.map_or(path, |template| &template.text).to_owned(),
        };
        let reach = self.reach(template, query)?;
        Ok(Action::new(effect, method, reach, vec![resource]))
    }

    fn reach(&self, template: Option<&Template>, query: &Parameters) -> Result<Reach, Refusal> {
        if template.is_some_and(Template::is_item) {
            return Ok(Reach::Key);
        }
        for name in &self.filters {
            if query.value(name)?.is_some_and(|value| !value.is_empty()) {
                return Ok(Reach::Filtered);
            }
        }
        let limit = match &self.limit {
            Some(name) => query.value(name)?,
            None => None,
        };
        Ok(match limit.map(str::parse) {
            Some(Ok(rows)) if rows <= limits::BOUND_ROWS => Reach::Limited(rows),
            _ => Reach::All,
        })
    }
}

fn grpc(path: &str) -> Action {
    let resource = Resource {
        kind: ResourceKind::Method,
        name: path.strip_prefix('/').unwrap_or(path).to_owned(),
    };
    Action::new(Effect::Call, "CALL", Reach::Unknown, vec![resource])
}

/// Frameworks take the method from a parameter of this name, in the query or in a form.
fn check_override(parameters: &Parameters) -> Result<(), Refusal> {
    match parameters.value("_method") {
        Ok(None) => Ok(()),
        _ => Err(METHOD_OVERRIDE),
    }
}

fn check_body(request: &Request<'_>) -> Result<(), Refusal> {
    match content::media(request.head)? {
        Media::Json => json::parse(content::text(request.body)?)
            .map(drop)
            .map_err(Refusal::from),
        Media::Form => check_override(&Parameters::parse(content::text(request.body)?)?),
        Media::Text | Media::Absent | Media::Other => Ok(()),
    }
}

const METHOD: Refusal = Refusal::with_status(
    405,
    "http.method",
    "expected GET, HEAD, OPTIONS, POST, PUT, PATCH or DELETE",
    "use a method that the API documents",
);
const UNDECLARED: Refusal = Refusal::with_status(
    404,
    "http.path_undeclared",
    "expected a path that the API declares",
    "use a path that the API documents",
);
#[cfg(test)]
mod tests;
