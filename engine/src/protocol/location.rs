//! Where in a request a statement stands: JSON path, form field, query parameter or the whole
//! body.
//!
//! Every declared place is read. A body in a form that no declared place covers is refused:
//! it could carry a statement that nobody looked at.

use std::borrow::Cow;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::content::{self, Media};
use crate::document::{Content, Node, Reader};
use crate::json;
use crate::message::Request;
use crate::parameters::Parameters;
use crate::refusal::Refusal;
use crate::value::Value;

/// One declared place.
#[derive(Debug)]
pub(super) struct Location {
    place: Place,
    is_base64: bool,
}

#[derive(Debug)]
enum Place {
    Json(Vec<Step>),
    Form(String),
    Query(String),
    Body,
}

/// A step of a JSON path.
#[derive(Debug, PartialEq, Eq)]
enum Step {
    Member(String),
    Every,
}

/// Reads a place or a list of them: `$.query`, `{json: $.query}`, `{form: q}`, `{query: q}`,
/// `{body: text}`, each with `encoding: base64` if need be.
pub(super) fn compile(reader: &mut Reader, node: &Node, path: &str) -> Vec<Location> {
    let items = reader.one_or_list(node, path).into_iter();
    items
        .filter_map(|(node, path)| compile_one(reader, node, &path))
        .collect()
}

fn compile_one(reader: &mut Reader, node: &Node, path: &str) -> Option<Location> {
    if let Content::Text(text) = &node.content {
        let steps = json_path(reader, text, node, path)?;
        return Some(Location {
            place: Place::Json(steps),
            is_base64: false,
        });
    }
    let mut mapping = reader.mapping(node, path)?;
    let mut places = Vec::new();
    if let Some((node, path)) = mapping.optional("json")
        && let Some(text) = reader.text(node, &path)
    {
        places.extend(json_path(reader, text, node, &path).map(Place::Json));
    }
    if let Some((node, path)) = mapping.optional("form") {
        places.extend(
            reader
                .text(node, &path)
                .map(|name| Place::Form(name.to_owned())),
        );
    }
    if let Some((node, path)) = mapping.optional("query") {
        places.extend(
            reader
                .text(node, &path)
                .map(|name| Place::Query(name.to_owned())),
        );
    }
    if let Some((node, path)) = mapping.optional("body") {
        places.extend(
            reader
                .word(node, &path, &[("text", ())])
                .map(|()| Place::Body),
        );
    }
    let encoding = mapping.optional("encoding");
    let encoding = encoding
        .and_then(|(node, path)| reader.word(node, &path, &[("plain", false), ("base64", true)]));
    let position = mapping.position;
    mapping.finish(reader);
    let mut places = places.into_iter();
    match (places.next(), places.next()) {
        (Some(place), None) => Some(Location {
            place,
            is_base64: encoding.unwrap_or(false),
        }),
        _ => {
            let message = "expected one of `json`, `form`, `query` or `body`".to_owned();
            reader.mistake("api.location", position, path, message);
            None
        }
    }
}

fn json_path(reader: &mut Reader, text: &str, node: &Node, path: &str) -> Option<Vec<Step>> {
    let steps = parse_json_path(text);
    if steps.is_none() {
        let message = "expected a JSON path such as `$.query` or `$.statements[*].sql`".to_owned();
        reader.mistake("api.json_path", node.position, path, message);
    }
    steps
}

/// The subset of RFC 9535 that names one place or every item of a list.
fn parse_json_path(text: &str) -> Option<Vec<Step>> {
    let mut rest = text.strip_prefix('$')?;
    let mut steps = Vec::new();
    while !rest.is_empty() {
        if let Some(after) = rest.strip_prefix("[*]") {
            steps.push(Step::Every);
            rest = after;
        } else if let Some(after) = rest.strip_prefix("['") {
            let (name, after) = after.split_once("']")?;
            steps.push(Step::Member(name.to_owned()));
            rest = after;
        } else {
            let after = rest.strip_prefix('.')?;
            let end = after.find(['.', '[']).unwrap_or(after.len());
            let (name, after) = after
                .split_at_checked(end)
                .filter(|(name, _)| !name.is_empty())?;
            steps.push(Step::Member(name.to_owned()));
            rest = after;
        }
    }
    Some(steps)
}

/// Every statement of a request, in the order of the declared places; at least one.
pub(super) fn statements<'r>(
    locations: &[Location],
    request: &Request<'r>,
) -> Result<Vec<Cow<'r, str>>, Refusal> {
    let query = Parameters::parse(request.query)?;
    let media = content::media(request.head)?;
    let body = content::text(request.body)?;
    let mut found = Vec::new();
    if !body.is_empty() {
        from_body(locations, media, body, &mut found)?;
    }
    for location in locations {
        if let Place::Query(name) = &location.place
            && let Some(text) = query.value(name)?
        {
            found.push(location.decode(Cow::Owned(text.to_owned()))?);
        }
    }
    if found.is_empty() {
        Err(MISSING)
    } else {
        Ok(found)
    }
}

fn from_body<'r>(
    locations: &[Location],
    media: Media,
    body: &'r str,
    found: &mut Vec<Cow<'r, str>>,
) -> Result<(), Refusal> {
    let readable = locations
        .iter()
        .filter(|location| location.place.media(media))
        .collect::<Vec<_>>();
    if readable.is_empty() {
        return Err(UNEXPECTED);
    }
    let tree = if media == Media::Json {
        Some(json::parse(body)?)
    } else {
        None
    };
    let form = if media == Media::Form {
        Some(Parameters::parse(body)?)
    } else {
        None
    };
    for location in readable {
        match (&location.place, &tree, &form) {
            (Place::Json(steps), Some(tree), _) => {
                let mut values = Vec::new();
                walk(tree, steps, &mut values)?;
                for value in values {
                    found.push(location.decode(value)?);
                }
            }
            (Place::Form(name), _, Some(form)) => {
                if let Some(text) = form.value(name)? {
                    found.push(location.decode(Cow::Owned(text.to_owned()))?);
                }
            }
            (Place::Body, _, _) => found.push(location.decode(Cow::Borrowed(body))?),
            _ => {}
        }
    }
    Ok(())
}

impl Place {
    /// Whether a body of this media type is read here.
    fn media(&self, media: Media) -> bool {
        match self {
            Self::Json(_) => media == Media::Json,
            Self::Form(_) => media == Media::Form,
            Self::Body => matches!(media, Media::Text | Media::Absent),
            Self::Query(_) => false,
        }
    }
}

impl Location {
    fn decode<'r>(&self, text: Cow<'r, str>) -> Result<Cow<'r, str>, Refusal> {
        if !self.is_base64 {
            return Ok(text);
        }
        let bytes = STANDARD.decode(text.as_bytes()).map_err(|_| BASE64)?;
        String::from_utf8(bytes).map(Cow::Owned).map_err(|_| BASE64)
    }
}

fn walk<'r>(
    value: &Value<'r>,
    steps: &[Step],
    found: &mut Vec<Cow<'r, str>>,
) -> Result<(), Refusal> {
    let Some((step, rest)) = steps.split_first() else {
        let Value::Text(text) = value else {
            return Err(NOT_TEXT);
        };
        found.push(text.clone());
        return Ok(());
    };
    match (step, value) {
        (Step::Every, Value::List(values)) => {
            values.iter().try_for_each(|value| walk(value, rest, found))
        }
        (Step::Member(name), Value::Object(members)) => {
            let mut near = members
                .iter()
                .filter(|(key, _)| key.eq_ignore_ascii_case(name));
            match (near.next(), near.next()) {
                (None, _) => Ok(()),
                (Some((key, value)), None) if key == name => walk(value, rest, found),
                _ => Err(AMBIGUOUS),
            }
        }
        (_, Value::Null) => Ok(()),
        _ => Err(NOT_TEXT),
    }
}

const MISSING: Refusal = Refusal::malformed(
    "sql.missing",
    "expected a statement in one of the places that the API declares",
    "send the statement where the API documents it",
);
const UNEXPECTED: Refusal = Refusal::with_status(
    415,
    "content.type_unexpected",
    "expected a Content-Type that the API declares",
    "send the body in the media type that the API documents",
);
const NOT_TEXT: Refusal = Refusal::malformed(
    "sql.not_text",
    "expected the statement as text",
    "send the statement as a JSON string",
);
const AMBIGUOUS: Refusal = Refusal::malformed(
    "json.ambiguous_key",
    "expected a member name in the spelling of the API only",
    "spell the member name as the API documents it",
);
const BASE64: Refusal = Refusal::malformed(
    "content.base64",
    "expected base64 of UTF-8 text",
    "encode the statement as standard base64",
);

#[cfg(test)]
mod tests {
    use super::*;
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    #[test]
    fn reads_json_paths() {
        let member = |name: &str| Step::Member(name.to_owned());
        assert_eq!(parse_json_path("$"), Some(vec![]));
        assert_eq!(
            parse_json_path("$.a.b[*].c"),
            Some(vec![member("a"), member("b"), Step::Every, member("c")])
        );
        assert_eq!(
            parse_json_path("$[*]['a.b']"),
            Some(vec![Step::Every, member("a.b")])
        );
        for broken in ["", "a", "$a", "$.", "$..a", "$[0]", "$['a"] {
            assert_eq!(parse_json_path(broken), None, "{broken}");
        }
    }
}
