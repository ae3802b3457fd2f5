//! APIs that are described elsewhere: by an OpenAPI document, or by a GraphQL schema.

use lictor_engine::action::{Effect, Reach};
use serde_json::{Value, json};

use super::shape::{about, each, list, mapping, text, texts, words};

/// A path of `http:`, alone or with what it does.
pub(super) fn paths() -> Value {
    let one = mapping(
        &["path"],
        json!({"path": text(), "methods": texts(), "effect": effects(), "reach": reaches()}),
    );
    let one = json!({"anyOf": [text(), one]});
    super::shape::one_or_list(&one)
}

fn effects() -> Value {
    words(Effect::ALL.iter().map(|effect| effect.name()))
}

/// How far something reaches without a number.
fn reaches() -> Value {
    words(Reach::NAMES.into_iter().filter(|name| *name != "limited"))
}

fn file() -> Value {
    about(
        "A file beside this one, put in place by `lictor render`",
        mapping(&["file"], json!({"file": text()})),
    )
}

pub(super) fn graphql() -> Value {
    let field = mapping(
        &["field"],
        json!({
            "field": about("Patterns of `query.NAME`, `mutation.NAME`, `subscription.NAME`", texts()),
            "effect": effects(),
            "table": texts(),
            "reach": reaches(),
            "key": about("Arguments that together name one item", texts()),
            "filters": about("Arguments that restrict", texts()),
            "limit": about("The argument that bounds the rows", text()),
        }),
    );
    let keys = mapping(
        &[],
        json!({
            "flavour": about(
                "How the server derives its schema",
                words(["generic", "hasura", "postgraphile"]),
            ),
            "tables": about("Tables by the words of the schema", each(&text())),
            "fields": about("What root fields mean; the first that fits counts", list(&field)),
            "persisted": {"anyOf": [file(), about("Queries by their SHA-256", each(&text()))]},
        }),
    );
    json!({"anyOf": [{"type": "null"}, keys]})
}

pub(super) fn openapi() -> Value {
    let document = json!({"type": "object", "required": ["openapi"]});
    let access = || words(["allow", "deny"]);
    let keys = mapping(
        &["document"],
        json!({
            "document": {"anyOf": [file(), document]},
            "base_path": about("What stands before every path", text()),
            "unknown": about("What the document does not have", access()),
            "unknown_parameters": about("Parameters that the document does not have", access()),
        }),
    );
    json!({"anyOf": [file(), document, keys]})
}
