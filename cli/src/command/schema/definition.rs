//! Definitions of APIs: operations, what they read and what they do.

use lictor_engine::action::{Effect, Reach, ResourceKind};
use lictor_engine::protocol::declared;
use lictor_engine::sql::Dialect;
use serde_json::{Map, Value, json};

use super::shape::{about, each, list, mapping, one_or_list, text, texts, words};

/// A place of a request.
pub(super) fn place() -> Value {
    let one = mapping(
        &[],
        json!({
            "json": text(), "form": text(), "query": text(), "header": text(), "path": text(),
            "body": words(["text"]),
            "join": {"type": "array"},
            "insert_data": about("Rows may follow `INSERT … FORMAT name`", words(["format"])),
            "encoding": words(["plain", "base64", "url"]),
        }),
    );
    json!({"anyOf": [text(), one]})
}

fn places() -> Value {
    one_or_list(&place())
}

pub(super) fn dialects() -> Value {
    words(Dialect::ALL.iter().map(|dialect| dialect.name()))
}

/// `definitions:` of the document.
pub(super) fn definitions() -> Value {
    let mut properties = Map::new();
    for key in declared::NOTES {
        properties.insert(key.to_owned(), text());
    }
    properties.insert("api".to_owned(), text());
    properties.insert("dialect".to_owned(), dialects());
    properties.insert("body".to_owned(), body());
    properties.insert("errors".to_owned(), errors());
    properties.insert("refuse".to_owned(), refuse());
    properties.insert("operations".to_owned(), operations());
    let definition = mapping(&["api", "operations"], Value::Object(properties));
    about("APIs that `use:` can name", list(&definition))
}

/// `use:` of an API.
pub(super) fn usage() -> Value {
    let more = mapping(
        &["api"],
        json!({
            "api": text(),
            "dialect": dialects(),
            "dialects": about("Dialects by the name of a database of the service", each(&dialects())),
            "schema": about("The name of one of `schemas`", text()),
            "under": about("Where the API starts: `/rest/v1`", text()),
        }),
    );
    about(
        "A definition: one that is built in, or of `definitions`",
        json!({"anyOf": [text(), more]}),
    )
}

/// The operations of an API.
pub(super) fn operations() -> Value {
    let decoders = words(declared::decoders().map(|(name, _)| name));
    let decoder = json!({"anyOf": [decoders, {"type": "object"}]});
    let operation = mapping(
        &["name", "match"],
        json!({
            "name": text(),
            "match": about("`POST /v1/{table}`", texts()),
            "when": when(),
            "body": body(),
            "sql": sql(),
            "decode": one_or_list(&decoder),
            "actions": one_or_list(&action()),
            "refuse": refuse(),
            "errors": errors(),
            "query": about("Query parameters that change nothing; without it any may stand there", texts()),
        }),
    );
    list(&operation)
}

fn body() -> Value {
    about(
        "How the body is read, whatever its media type says",
        words(["json", "form", "text", "data"]),
    )
}

fn errors() -> Value {
    mapping(
        &[],
        json!({
            "status": {"type": "integer", "minimum": 200, "maximum": 599},
            "headers": each(&text()),
            "json": {},
            "text": text(),
        }),
    )
}

fn refuse() -> Value {
    let one = mapping(
        &["when", "because"],
        json!({"when": when(), "because": text()}),
    );
    one_or_list(&json!({"anyOf": [{"type": "string"}, one]}))
}

/// What must stand in which places.
fn when() -> Value {
    let scalar = json!({"type": ["string", "number", "boolean", "null"]});
    let not = mapping(&["not"], json!({"not": one_or_list(&scalar)}));
    each(&json!({"anyOf": [scalar, {"type": "array", "items": scalar}, not]}))
}

pub(super) fn sql() -> Value {
    let handles = mapping(
        &["used"],
        json!({"made": places(), "used": places(), "fresh": when()}),
    );
    let more = mapping(
        &["at"],
        json!({
            "at": places(),
            "dialect": dialects(),
            "dialect_by": place(),
            "search_path": texts(),
            "prepared": about("Header fields that bring prepared statements along", texts()),
            "handles": handles,
            "optional": {"type": "boolean"},
        }),
    );
    json!({"anyOf": [place(), list(&place()), more]})
}

pub(super) fn action() -> Value {
    let effects = words(Effect::ALL.iter().map(|effect| effect.name()));
    let mut properties = Map::new();
    properties.insert("effect".to_owned(), effects.clone());
    properties.insert("operation".to_owned(), text());
    for kind in ResourceKind::ALL {
        properties.insert(kind.name().to_owned(), texts());
    }
    properties.insert("names".to_owned(), words(["dotted"]));
    properties.insert("reach".to_owned(), reach());
    properties.insert("columns".to_owned(), places());
    properties.insert("each".to_owned(), text());
    properties.insert("when".to_owned(), when());
    json!({"anyOf": [effects, mapping(&["effect"], Value::Object(properties))]})
}

pub(super) fn reach() -> Value {
    let words = words(Reach::NAMES.into_iter().filter(|name| *name != "limited"));
    let told = mapping(
        &[],
        json!({"key": places(), "limit": places(), "filter": places(), "query_dsl": places(), "otherwise": words}),
    );
    json!({"anyOf": [words, told]})
}
