//! `grpc:` of an API.

use lictor_engine::action::Effect;
use lictor_engine::sql::Dialect;
use serde_json::{Value, json};

use super::shape::{about, list, mapping, one_or_list, text, texts, words};

pub(super) fn grpc() -> Value {
    let dialects = || words(Dialect::ALL.iter().map(|dialect| dialect.name()));
    let path = json!({"type": "string", "pattern": r"^\$\."});
    let reach = json!({"anyOf": [
        words(["none", "key", "filtered", "all", "unknown"]),
        mapping(&[], json!({"key": one_or_list(&path), "filtered": one_or_list(&path)})),
    ]});
    let sql = mapping(
        &["dialect", "at"],
        json!({"dialect": dialects(), "at": one_or_list(&path), "schema": text()}),
    );
    let method = mapping(
        &["method"],
        json!({
            "method": about("`package.Service/Method`, or `package.Service/*`", texts()),
            "effect": words(Effect::ALL.map(Effect::name)),
            "reach": about("How far it reaches, or the fields that tell", reach),
            "resources": about("`kind:name`, or `kind:{$.field}`", texts()),
            "sql": sql,
        }),
    );
    let service = about("A service that is built in", text());
    let keys = mapping(
        &[],
        json!({
            "use": service,
            "dialect": dialects(),
            "schema": about("The name of one of `schemas`", text()),
            "methods": list(&method),
            "unknown_methods": words(["allow", "refuse"]),
            "unknown_fields": words(["allow", "refuse"]),
        }),
    );
    json!({"anyOf": [service, keys]})
}
