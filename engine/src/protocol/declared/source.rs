//! One request as places see it: its parts are read when a place first asks for them, and once.

use std::borrow::Cow;
use std::cell::OnceCell;

use crate::content::{self, Media};
use crate::json;
use crate::message::Request;
use crate::parameters::Parameters;
use crate::refusal::Refusal;
use crate::value::Value;

/// How a body is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum BodyForm {
    /// As its media type says.
    #[default]
    ByType,
    /// As JSON, whatever its media type says.
    Json,
    /// As a form, whatever its media type says.
    Form,
    /// As text, whatever its media type says.
    Text,
    /// Not at all: it is data.
    Data,
}

impl BodyForm {
    /// The words for it in a definition.
    pub(super) const WORDS: [(&'static str, Self); 4] = [
        ("json", Self::Json),
        ("form", Self::Form),
        ("text", Self::Text),
        ("data", Self::Data),
    ];

    /// What a body of this media type is read as.
    const fn of(self, media: Media) -> Self {
        match (self, media) {
            (Self::ByType, Media::Json) => Self::Json,
            (Self::ByType, Media::Form) => Self::Form,
            (Self::ByType, Media::Text | Media::Absent) => Self::Text,
            (Self::ByType, Media::Other) => Self::Data,
            (form, _) => form,
        }
    }
}

/// A request of which nothing is read yet.
#[derive(Debug)]
pub(super) struct Source<'r> {
    pub(super) request: &'r Request<'r>,
    media: Media,
    query: OnceCell<Parameters>,
    form: OnceCell<Parameters>,
    json: OnceCell<Value<'r>>,
}

impl<'r> Source<'r> {
    /// Sees to it that the body has one media type.
    pub(super) fn new(request: &'r Request<'r>) -> Result<Self, Refusal> {
        Ok(Self {
            request,
            media: content::media(request.head)?,
            query: OnceCell::new(),
            form: OnceCell::new(),
            json: OnceCell::new(),
        })
    }

    /// The same for a value that was read before and stands for the body.
    pub(super) fn of_value(request: &'r Request<'r>, value: Value<'r>) -> Self {
        Self {
            request,
            media: Media::Json,
            query: OnceCell::new(),
            form: OnceCell::new(),
            json: OnceCell::from(value),
        }
    }

    pub(super) fn query(&self) -> Result<&Parameters, Refusal> {
        once(&self.query, || Parameters::parse(self.request.query))
    }

    /// What the body is read as; nothing where there is none.
    pub(super) fn form_of_body(&self, form: BodyForm) -> Option<BodyForm> {
        (!self.request.body.is_empty()).then(|| form.of(self.media))
    }

    pub(super) fn text(&self) -> Result<&'r str, Refusal> {
        content::text(self.request.body)
    }

    pub(super) fn json(&self) -> Result<&Value<'r>, Refusal> {
        once(&self.json, || Ok(json::parse(self.text()?)?))
    }

    pub(super) fn form(&self) -> Result<&Parameters, Refusal> {
        once(&self.form, || Parameters::parse(self.text()?))
    }
}

fn once<T>(cell: &OnceCell<T>, read: impl FnOnce() -> Result<T, Refusal>) -> Result<&T, Refusal> {
    if let Some(known) = cell.get() {
        return Ok(known);
    }
    let value = read()?;
    Ok(cell.get_or_init(|| value))
}

/// What an operation sees of a request.
#[derive(Debug, Clone, Copy)]
pub(super) struct View<'v, 'r> {
    pub(super) source: &'v Source<'r>,
    /// How the operation reads the body.
    pub(super) body: BodyForm,
    /// The parameters of the operation's path.
    pub(super) parameters: &'v [(&'v str, &'v str)],
    /// The item that an action is made for, where it goes through a list.
    pub(super) item: Option<&'v Value<'r>>,
}

impl<'v, 'r> View<'v, 'r> {
    /// Whether the body is there and read as this.
    pub(super) fn has(&self, form: BodyForm) -> bool {
        self.source.form_of_body(self.body) == Some(form)
    }

    /// A parameter of the path.
    pub(super) fn parameter(&self, name: &str) -> Option<&'v str> {
        let mut known = self.parameters.iter();
        known
            .find(|(known, _)| *known == name)
            .map(|(_, value)| *value)
    }

    /// The one value of a header field.
    pub(super) fn header(&self, name: &str) -> Result<Option<Cow<'v, str>>, Refusal> {
        let mut values = self.source.request.head.headers.iter();
        let mut next = || values.find(|(known, _)| *known == name.as_bytes());
        match (next(), next()) {
            (None, _) => Ok(None),
            (Some((_, value)), None) => match std::str::from_utf8(value) {
                Ok(text) => Ok(Some(Cow::Borrowed(text.trim()))),
                Err(_) => Err(HEADER),
            },
            (Some(_), Some(_)) => Err(HEADER),
        }
    }
}

const HEADER: Refusal = Refusal::malformed(
    "message.header_malformed",
    "expected each header field that the API reads once, as UTF-8 text",
    "send the header field once",
);
