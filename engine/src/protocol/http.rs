//! Plain HTTP APIs: method, path and query become one action on an item or a collection.
//!
//! Without a declared template a path is taken for a whole collection, and a query parameter
//! that is not declared as a filter narrows nothing: servers ignore names that they do not
//! know, so an invented one must not make a call look smaller.

use super::template::Template;
use super::{Body, Given, Intent, METHOD_OVERRIDE, Protocol, UPGRADE, bulk};
use crate::action::{Action, Effect, Reach, Resource, ResourceKind};
use crate::content::{self, Media};
use crate::document::{Content, Mapping, Node, Reader};
use crate::json;
use crate::limits;
use crate::message::{Head, Request};
use crate::parameters::Parameters;
use crate::refusal::Refusal;
use crate::value::Value;

#[derive(Debug)]
struct Http {
    paths: Vec<Declared>,
    filters: Vec<String>,
    limit: Option<String>,
    bulk: Vec<String>,
    upgrades: Vec<String>,
}

/// A path that the operator tells of.
#[derive(Debug)]
struct Declared {
    template: Template,
    /// Methods; any where empty.
    methods: Vec<String>,
    effect: Option<Effect>,
    reach: Option<Reach>,
}

pub(super) fn compile(
    reader: &mut Reader,
    node: &Node,
    path: &str,
    _given: &Given,
) -> Option<Box<dyn Protocol>> {
    let mut mapping = reader.mapping_or_nothing(node, path)?;
    let mut paths = Vec::new();
    if let Some((node, path)) = mapping.optional("paths") {
        for (node, path) in reader.one_or_list(node, &path) {
            paths.extend(declared(reader, node, &path));
        }
    }
    let filters = words(reader, &mut mapping, "filters");
    let bulk = words(reader, &mut mapping, "bulk");
    let upgrades = words(reader, &mut mapping, "upgrades");
    let limit = mapping
        .optional("limit")
        .and_then(|(node, path)| reader.text(node, &path));
    let limit = limit.map(str::to_owned);
    mapping.finish(reader);
    Some(Box::new(Http {
        paths,
        filters,
        limit,
        bulk,
        upgrades: upgrades
            .iter()
            .map(|text| text.to_ascii_lowercase())
            .collect(),
    }))
}

fn words(reader: &mut Reader, mapping: &mut Mapping<'_>, key: &'static str) -> Vec<String> {
    let Some((node, path)) = mapping.optional(key) else {
        return Vec::new();
    };
    let texts = reader.texts(node, &path).into_iter();
    texts.map(|(text, _, _)| text.to_owned()).collect()
}

/// A template alone, or what is told of it: `{path: /v1/orders/search, methods: POST, effect: read}`.
fn declared(reader: &mut Reader, node: &Node, path: &str) -> Option<Declared> {
    if !matches!(node.content, Content::Mapping(_)) {
        return Some(Declared {
            template: template_of(reader, node, path)?,
            methods: Vec::new(),
            effect: None,
            reach: None,
        });
    }
    let mut mapping = reader.mapping(node, path)?;
    let template = mapping.required(reader, "path");
    let template = template.and_then(|(node, path)| template_of(reader, node, &path));
    let methods = words(reader, &mut mapping, "methods");
    let effect = mapping.optional("effect");
    let effects = Effect::ALL.map(|effect| (effect.name(), effect));
    let effect = effect.and_then(|(node, path)| reader.word(node, &path, &effects));
    let reach = mapping.optional("reach");
    let reach = reach.and_then(|(node, path)| reader.word(node, &path, &REACHES));
    mapping.finish(reader);
    Some(Declared {
        template: template?,
        methods,
        effect,
        reach,
    })
}

fn template_of(reader: &mut Reader, node: &Node, path: &str) -> Option<Template> {
    let text = reader.text(node, path)?;
    let template = Template::parse(text);
    if template.is_none() {
        let message = "expected a path such as `/v1/orders/{id}`".to_owned();
        reader.mistake("api.path_template", node.position, path, message);
    }
    template
}

/// The reaches that an operator can tell.
pub(super) const REACHES: [(&str, Reach); 5] = [
    ("none", Reach::None),
    ("key", Reach::Key),
    ("filtered", Reach::Filtered),
    ("all", Reach::All),
    ("unknown", Reach::Unknown),
];

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
            // Servers that expect JSON do not ask for its name.
            Ok(Media::Absent) if !self.bulk.is_empty() => Ok(Body::Held),
            Ok(Media::Text | Media::Absent | Media::Other) => Ok(Body::Streamed),
            Err(refusal) => Err(refusal),
        }
    }

    fn read(&self, request: &Request<'_>) -> Result<Intent, Refusal> {
        let query = Parameters::parse(request.query)?;
        check_override(&query)?;
        let body = body(request)?;
        let method = request.head.method()?;
        // A content type is the client's word: servers of plain HTTP do not read it where they
        // expect no body, or at all.
        let is_grpc = request.head.is_grpc() && method == "POST" && !self.declares(request.path);
        if is_grpc {
            return Ok(vec![grpc(request.path)].into());
        }
        let best = self.declared(method, request.path)?;
        if best.is_empty() {
            return Ok(vec![self.rest(request, None, &query, body.as_ref())?].into());
        }
        let actions = best
            .into_iter()
            .map(|declared| self.rest(request, Some(declared), &query, body.as_ref()));
        Ok(actions.collect::<Result<Vec<_>, _>>()?.into())
    }
}

impl Http {
    fn declares(&self, path: &str) -> bool {
        let mut paths = self.paths.iter();
        paths.any(|declared| declared.template.matches(path))
    }

    fn rest(
        &self,
        request: &Request<'_>,
        declared: Option<&Declared>,
        query: &Parameters,
        body: Option<&Value<'_>>,
    ) -> Result<Action, Refusal> {
        let (method, path) = (request.head.method()?, request.path);
        let effect = effect(method).ok_or(METHOD)?;
        let template = declared.map(|declared| &declared.template);
        let resource = Resource {
            kind: ResourceKind::Path,
            name: template.map_or(path, |template| &template.text).to_owned(),
        };
        let told = declared.and_then(|declared| declared.reach);
        let several = match hides_members(&self.bulk, request, body) {
            true => Some(Reach::All),
            false => bulk::reach(&self.bulk, query, body)?,
        };
        let reach = match (told, several) {
            (_, Some(several)) => several,
            (Some(told), None) => told,
            (None, None) => self.reach(template.and_then(|known| known.reach(path)), query)?,
        };
        let told = declared.and_then(|declared| declared.effect);
        let effect = told.unwrap_or(effect);
        Ok(Action::new(effect, method, reach, vec![resource]))
    }

    /// The paths that name this one best, where any is told of: several where servers take the
    /// one or the other.
    fn declared(&self, method: &str, path: &str) -> Result<Vec<&Declared>, Refusal> {
        let fitting = self.paths.iter();
        let fitting: Vec<_> = fitting
            .filter(|declared| declared.template.matches(path))
            .collect();
        if fitting.is_empty() {
            return match self.paths.is_empty() {
                true => Ok(Vec::new()),
                false => Err(UNDECLARED),
            };
        }
        let takes = |declared: &&&Declared| {
            let mut methods = declared.methods.iter();
            declared.methods.is_empty() || methods.any(|known| known.eq_ignore_ascii_case(method))
        };
        let fitting: Vec<_> = fitting.iter().filter(takes).copied().collect();
        let is_best = |one: &&Declared| {
            let mut others = fitting.iter();
            !others.any(|other| other.template.is_narrower(&one.template))
        };
        let best: Vec<_> = fitting.iter().copied().filter(is_best).collect();
        match best.is_empty() {
            true => Err(METHOD),
            false => Ok(best),
        }
    }

    fn reach(&self, item: Option<Reach>, query: &Parameters) -> Result<Reach, Refusal> {
        if let Some(reach) = item {
            return Ok(reach);
        }
        for name in &self.filters {
            if query.value(name)?.is_some_and(narrows) {
                return Ok(Reach::Filtered);
            }
        }
        let limit = match &self.limit {
            Some(name) => query.value(name)?,
            None => None,
        };
        Ok(match limit.map(str::parse) {
            Some(Ok(rows)) if (1..=limits::BOUND_ROWS).contains(&rows) => Reach::Limited(rows),
            _ => Reach::All,
        })
    }
}

/// Whether the value of a filter asks for anything: many servers take blanks and stars for all.
pub(super) fn narrows(value: &str) -> bool {
    value.contains(char::is_alphanumeric)
}

/// Whether members of these names may stand in a body that nobody read.
pub(super) fn hides_members(
    names: &[String],
    request: &Request<'_>,
    body: Option<&Value<'_>>,
) -> bool {
    let is_other = matches!(content::media(request.head), Ok(Media::Text | Media::Other));
    !names.is_empty() && body.is_none() && (is_other || !request.body.is_empty())
}

/// What a method does where nobody says otherwise.
pub(super) fn effect(method: &str) -> Option<Effect> {
    Some(match method {
        "GET" | "HEAD" | "OPTIONS" => Effect::Read,
        "POST" => Effect::Create,
        "PUT" | "PATCH" => Effect::Update,
        "DELETE" => Effect::Delete,
        _ => return None,
    })
}

fn grpc(path: &str) -> Action {
    let resource = Resource {
        kind: ResourceKind::Method,
        name: path.strip_prefix('/').unwrap_or(path).to_owned(),
    };
    Action::new(Effect::Call, "CALL", Reach::Unknown, vec![resource])
}

/// Frameworks take the method from a parameter of this name, in the query, in a form or in JSON.
pub(super) fn check_override(parameters: &Parameters) -> Result<(), Refusal> {
    match parameters.value("_method") {
        Ok(None) => Ok(()),
        _ => Err(METHOD_OVERRIDE),
    }
}

/// The body as rules and flags see it: JSON, or a form as an object of texts.
pub(super) fn body<'r>(request: &Request<'r>) -> Result<Option<Value<'r>>, Refusal> {
    if request.body.is_empty() {
        return Ok(None);
    }
    match content::media(request.head)? {
        Media::Json => {
            let body = json::parse(content::text(request.body)?)?;
            match body.member("_method") {
                None => Ok(Some(body)),
                Some(_) => Err(METHOD_OVERRIDE),
            }
        }
        Media::Form => {
            let form = Parameters::parse(content::text(request.body)?)?;
            check_override(&form)?;
            let members = form
                .pairs()
                .map(|(name, value)| (name.to_owned().into(), Value::from(value.to_owned())));
            Ok(Some(Value::Object(members.collect())))
        }
        Media::Text | Media::Absent | Media::Other => Ok(None),
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
