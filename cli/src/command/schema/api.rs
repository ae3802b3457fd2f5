//! The guarded surfaces, and the tables behind them.

use lictor_engine::protocol::TABLE;
use serde_json::{Map, Value, json};

use super::definition;
use super::graphs;
use super::grpc;
use super::mcp;
use super::shape::{about, each, list, mapping, name, one_or_list, text, texts};

pub(super) fn apis() -> Value {
    let matching = mapping(
        &[],
        json!({"host": texts(), "path": texts(), "methods": texts()}),
    );
    let mut properties = Map::new();
    properties.insert("name".to_owned(), name());
    properties.insert(
        "match".to_owned(),
        about(
            "`*` up to the next dot or slash, `**` for anything",
            matching,
        ),
    );
    properties.insert("environment".to_owned(), text());
    let mut one_of = Vec::new();
    for entry in &TABLE {
        let schema = match entry.name {
            "sql" => sql(),
            "http" => http(),
            "operations" => definition::operations(),
            "use" => definition::usage(),
            "graphql" => graphs::graphql(),
            "grpc" => grpc::grpc(),
            "mcp" => mcp::mcp(),
            "openapi" => graphs::openapi(),
            // A protocol that is new here: the engine knows its keys.
            _ => json!({}),
        };
        properties.insert(entry.name.to_owned(), schema);
        one_of.push(json!({"required": [entry.name]}));
    }
    let mut api = mapping(&["name", "match"], Value::Object(properties));
    if let Some(members) = api.as_object_mut() {
        members.insert("oneOf".to_owned(), Value::Array(one_of));
    }
    about(
        "What is guarded, in order: the first that matches a call is its API",
        list(&api),
    )
}

fn sql() -> Value {
    let place = definition::place();
    let dialects = definition::dialects();
    mapping(
        &["dialect", "at"],
        json!({
            "dialect": about("The SQL that the database speaks", dialects),
            "at": about("Every place that the service reads a statement from", one_or_list(&place)),
            "schema": about("The name of one of `schemas`", text()),
        }),
    )
}

fn http() -> Value {
    let keys = mapping(
        &[],
        json!({
            "paths": about("Templates such as `/v1/orders/{id}`", graphs::paths()),
            "filters": about("Query parameters that narrow a collection", texts()),
            "limit": about("The query parameter that bounds a collection", text()),
            "bulk": about("Parameters that name several items, or all", texts()),
            "upgrades": about("Protocols that a client may upgrade to", texts()),
        }),
    );
    json!({"anyOf": [{"type": "null"}, keys]})
}

pub(super) fn schemas() -> Value {
    let table = mapping(
        &["columns"],
        json!({"columns": texts(), "keys": one_or_list(&texts())}),
    );
    let schema = mapping(
        &["name", "tables"],
        json!({"name": name(), "search_path": texts(), "tables": each(&table)}),
    );
    about("Tables with their columns and keys", list(&schema))
}
