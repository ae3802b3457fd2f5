//! How to tell who asks.

use lictor_engine::identity::PROVIDERS;
use serde_json::{Map, Value, json};

use super::shape::{about, each, list, mapping, one_or_list, texts, words};

pub(super) fn identity() -> Value {
    let token = token();
    let mut all = token.clone();
    all.insert(
        "tokens".to_owned(),
        list(&mapping(&[], Value::Object(token))),
    );
    all.insert("several".to_owned(), words(["refuse", "first"]));
    all.insert("peer".to_owned(), words(["identity", "fact", "ignore"]));
    all.insert("anonymous".to_owned(), words(["allow", "deny"]));
    about(
        "How to tell who asks: docs/identity.md",
        mapping(&[], Value::Object(all)),
    )
}

fn token() -> Map<String, Value> {
    let mut keys = Map::new();
    let providers = words(PROVIDERS.iter().map(|provider| provider.name));
    keys.insert("provider".to_owned(), providers);
    for key in [
        "metadata",
        "issuer",
        "subject",
        "groups",
        "roles",
        "scopes",
        "client",
        "email",
        "agent_clients",
    ] {
        keys.insert(key.to_owned(), texts());
    }
    let scalar = json!({"type": ["string", "number", "boolean"]});
    for key in ["agent_when", "service_when"] {
        let claims = each(&one_or_list(&scalar));
        let expression = json!({"type": "string"});
        keys.insert(key.to_owned(), json!({"anyOf": [claims, expression]}));
    }
    keys
}
