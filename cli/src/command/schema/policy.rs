//! Rules, packs and what rules name.

use lictor_engine::action::{Cause, Effect, Reach};
use lictor_engine::config::{PACKS, fields};
use lictor_engine::identity::Kind;
use lictor_engine::policy::RuleEffect;
use serde_json::{Map, Value, json};

use super::shape::{about, each, list, mapping, name, one_or_list, text, texts, words};

/// `enforce` or `shadow`.
pub(super) fn mode() -> Value {
    words(["enforce", "shadow"])
}

/// An expression.
pub(super) fn expression() -> Value {
    about("An expression: docs/expressions.md", text())
}

pub(super) fn packs() -> Value {
    let names = words(PACKS);
    let chosen = mapping(
        &["name"],
        json!({"name": names, "mode": mode(), "without": texts()}),
    );
    about("Ready-made rules", list(&json!({"anyOf": [names, chosen]})))
}

pub(super) fn types() -> Value {
    let types = [
        "bool",
        "int",
        "double",
        "string",
        "list(string)",
        "list(int)",
    ];
    let mut schema = each(&words(types));
    if let Some(members) = schema.as_object_mut() {
        let paths = json!({"pattern": r"^(claims|request\.body)[.\[]"});
        members.insert("propertyNames".to_owned(), paths);
    }
    about("What claims and fields of bodies hold", schema)
}

pub(super) fn data() -> Value {
    let bearers = [
        "tables",
        "columns",
        "paths",
        "methods",
        "tools",
        "functions",
    ];
    let mut properties = Map::from_iter(bearers.map(|key| (key.to_owned(), texts())));
    properties.insert("label".to_owned(), one_or_list(&name()));
    about(
        "What is sensitive, by label",
        list(&mapping(&["label"], Value::Object(properties))),
    )
}

pub(super) fn lists() -> Value {
    let mut schema = each(&texts());
    if let Some(members) = schema.as_object_mut() {
        let names = json!({"pattern": "^[a-z_][a-z0-9_]{0,63}$"});
        members.insert("propertyNames".to_owned(), names);
    }
    about(
        "Named lists, for `$name` in fields and `lists.name` in expressions",
        schema,
    )
}

pub(super) fn rule() -> Value {
    let effects = RuleEffect::WORDS.map(|(word, _)| word);
    let effects = effects.into_iter().chain(["mask", "cap"]);
    mapping(
        &["id", "effect", "match"],
        json!({
            "id": about("Unique; in records, metrics and replies", name()),
            "effect": about("`mask` and `cap` are known and refused: responses pass as they are", words(effects)),
            "mode": about("`shadow`: recorded, and nothing else", mode()),
            "match": about("Fields that must all hold; `{}` for every call", condition()),
            "when": about("An expression that must hold besides", text()),
            "except": about("Who or what is exempt, by fields", one_or_list(&condition())),
            "unless": about("Who or what is exempt, by expression", texts()),
            "approved": about("`ask` only: what counts as an approval", text()),
            "tag": about("`tag` only: words for the record", texts()),
            "mask": {},
            "cap": {},
            "criteria": about("Criteria of an audit that it gives evidence for", texts()),
            "reason": about("Why, told to the client", text()),
            "advice": about("What the client can change", text()),
        }),
    )
}

/// The fields of `match` and `except`.
fn condition() -> Value {
    let properties = fields().map(|field| (field.to_owned(), values(field)));
    let scalar = json!({"type": ["string", "number", "boolean"]});
    let mut schema = mapping(&[], Value::Object(properties.collect()));
    if let Some(members) = schema.as_object_mut() {
        let claims = json!({r"^claims[.\[]": one_or_list(&scalar)});
        members.insert("patternProperties".to_owned(), claims);
    }
    schema
}

/// The values of a field: words where there are only so many.
fn values(field: &str) -> Value {
    let known: Vec<&str> = match field {
        "action.effect" => Effect::ALL.iter().map(|effect| effect.name()).collect(),
        "action.reach" => Reach::NAMES.to_vec(),
        "action.cause" => Cause::ALL.iter().map(|cause| cause.name()).collect(),
        "principal.kind" | "principal.for.kind" => {
            Kind::WORDS.iter().map(|(word, _)| *word).collect()
        }
        _ => return texts(),
    };
    one_or_list(&words(known))
}
