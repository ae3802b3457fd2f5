//! Places of a request: `$.query`, `query.q`, `form.q`, `header.x-name`, `path.table`, `body`, and
//! what stands there.

use std::borrow::Cow;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::insert_data;
use super::path::{JsonPath, Seen, UNEXPECTED_TYPE, scalar};
use super::source::{BodyForm, View};
use crate::document::{Content, Mapping, Node, Reader};
use crate::path::{Plus, percent_decode};
use crate::refusal::Refusal;
use crate::value::Value;

/// One place, and how what stands there is encoded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Place {
    at: At,
    encoding: Encoding,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum At {
    Json(JsonPath),
    Form(String),
    Query(String),
    Header(String),
    Path(String),
    Body,
    /// Texts that the service puts together, a line feed between them.
    Join {
        places: Vec<Place>,
        /// Whether rows may follow an `INSERT … FORMAT name`.
        insert_data: bool,
    },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Encoding {
    #[default]
    Plain,
    Base64,
    Url,
}

const ENCODINGS: [(&str, Encoding); 3] = [
    ("plain", Encoding::Plain),
    ("base64", Encoding::Base64),
    ("url", Encoding::Url),
];

/// What stands in a place.
pub(super) enum Found<'v, 'r> {
    /// Text.
    Text(Cow<'v, str>),
    /// A number or a truth of JSON, as text.
    Scalar(Cow<'v, str>),
    /// A list or an object of JSON.
    Tree(&'v Value<'r>),
}

impl Found<'_, '_> {
    /// Whether nothing stands there that could narrow anything.
    pub(super) fn is_empty(&self) -> bool {
        match self {
            Self::Text(text) | Self::Scalar(text) => text.is_empty(),
            Self::Tree(Value::List(values)) => values.is_empty(),
            Self::Tree(Value::Object(members)) => members.is_empty(),
            Self::Tree(_) => true,
        }
    }
}

/// Reads a place or a list of them.
pub(super) fn compile(reader: &mut Reader, node: &Node, path: &str) -> Vec<Place> {
    let items = reader.one_or_list(node, path).into_iter();
    items
        .filter_map(|(node, path)| compile_one(reader, node, &path))
        .collect()
}

pub(super) fn compile_one(reader: &mut Reader, node: &Node, path: &str) -> Option<Place> {
    if let Content::Text(text) = &node.content {
        if text.starts_with('$') {
            let at = json(reader, text, node, path)?;
            return Some(Place {
                at,
                encoding: Encoding::Plain,
            });
        }
        let place = Place::parse(text);
        if place.is_none() {
            reader.mistake("api.location", node.position, path, EXPECTED.to_owned());
        }
        return place;
    }
    let mut mapping = reader.mapping(node, path)?;
    let at = at(reader, &mut mapping);
    let encoding = mapping.optional("encoding");
    let encoding = encoding.and_then(|(node, path)| reader.word(node, &path, &ENCODINGS));
    let position = mapping.position;
    mapping.finish(reader);
    let Some(at) = at else {
        reader.mistake("api.location", position, path, EXPECTED.to_owned());
        return None;
    };
    Some(Place {
        at,
        encoding: encoding.unwrap_or_default(),
    })
}

/// The one key that says where.
fn at(reader: &mut Reader, mapping: &mut Mapping<'_>) -> Option<At> {
    let mut found = Vec::new();
    let mut is_known = true;
    for key in ["json", "form", "query", "header", "path", "body"] {
        if let Some((node, path)) = mapping.optional(key)
            && let Some(text) = reader.text(node, &path)
        {
            let parsed = match key {
                "json" => json(reader, text, node, &path),
                "body" => (text == "text").then_some(At::Body),
                _ => At::named(key, text),
            };
            is_known &= parsed.is_some();
            found.extend(parsed);
        }
    }
    let insert_data = mapping.optional("insert_data");
    let insert_data =
        insert_data.and_then(|(node, path)| reader.word(node, &path, &[("format", ())]));
    if let Some((node, path)) = mapping.optional("join") {
        found.push(At::Join {
            places: compile(reader, node, &path),
            insert_data: insert_data.is_some(),
        });
    }
    let only = found.pop();
    only.filter(|_| is_known && found.is_empty())
}

fn json(reader: &mut Reader, text: &str, node: &Node, path: &str) -> Option<At> {
    let steps = JsonPath::parse(text);
    if steps.is_none() {
        reader.mistake(
            "api.json_path",
            node.position,
            path,
            EXPECTED_JSON.to_owned(),
        );
    }
    steps.map(At::Json)
}

const EXPECTED: &str = "expected a place: a path such as `$.query` or `$.statements[*].sql`, or \
                        one of `query.NAME`, `form.NAME`, `header.NAME`, `path.NAME` and `body`";
const EXPECTED_JSON: &str = "expected a JSON path such as `$.query` or `$.statements[*].sql`";

impl At {
    fn named(kind: &str, name: &str) -> Option<Self> {
        let name = name.to_owned();
        Some(match kind {
            "form" => Self::Form(name),
            "query" => Self::Query(name),
            "header" => Self::Header(name.to_ascii_lowercase()),
            "path" => Self::Path(name),
            _ => return None,
        })
    }
}

impl Place {
    /// Reads a place that is written as text.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let at = if text.starts_with(['$', '@']) {
            At::Json(JsonPath::parse(text)?)
        } else if text == "body" {
            At::Body
        } else {
            let (kind, name) = text.split_once('.')?;
            At::named(kind, name).filter(|_| !name.is_empty())?
        };
        Some(Self {
            at,
            encoding: Encoding::Plain,
        })
    }

    /// The form of body that it is in, if it is in the body.
    pub(super) fn form(&self, forms: &mut Vec<BodyForm>) {
        match &self.at {
            At::Json(_) => forms.push(BodyForm::Json),
            At::Form(_) => forms.push(BodyForm::Form),
            At::Body => forms.push(BodyForm::Text),
            At::Join { places, .. } => places.iter().for_each(|place| place.form(forms)),
            At::Query(_) | At::Header(_) | At::Path(_) => {}
        }
    }

    /// The query parameters that it is in.
    pub(super) fn parameters<'p>(&'p self, names: &mut Vec<&'p str>) {
        match &self.at {
            At::Query(name) => names.push(name),
            At::Join { places, .. } => places.iter().for_each(|place| place.parameters(names)),
            _ => {}
        }
    }

    /// The path parameter that it is.
    pub(super) fn path_parameter(&self) -> Option<&str> {
        match &self.at {
            At::Path(name) => Some(name),
            _ => None,
        }
    }

    /// Calls back with everything that stands here, decoded; `null` is nothing.
    pub(super) fn each<'v, 'r>(
        &self,
        view: &View<'v, 'r>,
        found: &mut dyn FnMut(Found<'v, 'r>) -> Result<(), Refusal>,
    ) -> Result<(), Refusal> {
        let source = view.source;
        let text = match &self.at {
            At::Json(path) => return self.each_json(path, view, found),
            At::Query(name) => source.query()?.value(name)?.map(Cow::Borrowed),
            At::Form(name) if view.has(BodyForm::Form) => {
                source.form()?.value(name)?.map(Cow::Borrowed)
            }
            At::Body if view.has(BodyForm::Text) => Some(Cow::Borrowed(source.text()?)),
            At::Header(name) => view.header(name)?,
            At::Path(name) => view.parameter(name).map(Cow::Borrowed),
            At::Join {
                places,
                insert_data,
            } => joined(places, *insert_data, view)?,
            At::Form(_) | At::Body => None,
        };
        match text {
            Some(text) => found(Found::Text(self.encoding.decode(text)?)),
            None => Ok(()),
        }
    }

    fn each_json<'v, 'r>(
        &self,
        path: &JsonPath,
        view: &View<'v, 'r>,
        found: &mut dyn FnMut(Found<'v, 'r>) -> Result<(), Refusal>,
    ) -> Result<(), Refusal> {
        let root = match (path.is_relative, view.item) {
            (true, Some(item)) => item,
            (false, _) if view.has(BodyForm::Json) => view.source.json()?,
            _ => return Ok(()),
        };
        path.each(root, &mut |seen| {
            let text = match seen {
                Seen::Value(Value::Null) => return Ok(()),
                Seen::Name(name) => name,
                Seen::Value(Value::Text(text)) => text,
                Seen::Value(value) => {
                    return found(scalar(value).map_or(Found::Tree(value), Found::Scalar));
                }
            };
            found(Found::Text(self.encoding.decode(Cow::Borrowed(text))?))
        })
    }

    /// Every text that stands here.
    ///
    /// # Errors
    ///
    /// `json.unexpected_type` where something else does.
    pub(super) fn texts<'v>(&self, view: &View<'v, '_>) -> Result<Vec<Cow<'v, str>>, Refusal> {
        let mut texts = Vec::new();
        self.each(view, &mut |found| match found {
            Found::Text(text) | Found::Scalar(text) => {
                texts.push(text);
                Ok(())
            }
            Found::Tree(_) => Err(UNEXPECTED_TYPE),
        })?;
        Ok(texts)
    }
}

/// What the service puts together out of several places; nothing where all are empty.
fn joined<'v>(
    places: &[Place],
    insert_data: bool,
    view: &View<'v, '_>,
) -> Result<Option<Cow<'v, str>>, Refusal> {
    let mut whole: Option<Cow<'v, str>> = None;
    for place in places {
        if insert_data && place.at == At::Body && view.has(BodyForm::Text) {
            let bytes = view.source.request.body;
            let before = whole.as_deref().unwrap_or_default();
            if before.is_empty() {
                if let Some(head) = insert_data::head(bytes) {
                    return Ok(Some(Cow::Borrowed(head)));
                }
            } else if insert_data::head(before.as_bytes()) == Some(before.trim_end()) {
                return Ok(whole);
            }
        }
        for text in place.texts(view)? {
            whole = Some(match whole.take() {
                None => text,
                Some(before) if before.is_empty() => text,
                Some(before) if text.is_empty() => before,
                Some(before) => Cow::Owned(format!("{before}\n{text}")),
            });
        }
    }
    Ok(whole)
}

impl Encoding {
    fn decode(self, text: Cow<'_, str>) -> Result<Cow<'_, str>, Refusal> {
        let decoded = match self {
            Self::Plain => return Ok(text),
            Self::Base64 => {
                let bytes = STANDARD.decode(text.as_bytes()).map_err(|_| BASE64)?;
                String::from_utf8(bytes).map_err(|_| BASE64)?
            }
            Self::Url => percent_decode(&text, Plus::Space).ok_or(URL)?,
        };
        Ok(Cow::Owned(decoded))
    }
}

const BASE64: Refusal = Refusal::malformed(
    "content.base64",
    "expected base64 of UTF-8 text",
    "encode the statement as standard base64",
);
const URL: Refusal = Refusal::malformed(
    "content.url_encoding",
    "expected percent-encoded UTF-8 text",
    "percent-encode the statement",
);
