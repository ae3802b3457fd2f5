//! `mcp:` of an API.

use lictor_engine::action::Effect;
use serde_json::{Value, json};

use super::definition;
use super::shape::{about, each, mapping, one_or_list, text, words};

pub(super) fn mcp() -> Value {
    let effects = || words(Effect::ALL.map(Effect::name));
    let file = mapping(&["file"], json!({"file": text()}));
    let pins = json!({"anyOf": [file, {"type": "null"}, each(&text())]});
    let types = words([
        "any", "string", "integer", "number", "boolean", "array", "object",
    ]);
    let types = json!({"anyOf": [{"type": "null"}, each(&types)]});
    let tool = mapping(
        &[],
        json!({
            "sql": about("Where SQL stands in the arguments, or `none`", definition::sql()),
            "effect": about("What calling it is, `invoke` if not given", effects()),
            "reach": definition::reach(),
            "actions": about("What it does besides; `$` is the arguments", one_or_list(&definition::action())),
            "arguments": about("Names and types; no other argument passes", types),
        }),
    );
    let authorization = mapping(
        &[],
        json!({
            "resource_metadata": about("Where clients learn how to get a token (RFC 9728)", text()),
            "scope": about("The scope to ask for", text()),
        }),
    );
    let tool = json!({"anyOf": [{"type": "null"}, tool]});
    let keys = mapping(
        &[],
        json!({
            "dialect": about("The SQL behind the tools", definition::dialects()),
            "schema": about("The name of one of `schemas`", text()),
            "undeclared": about("What becomes of tools that are not under `tools`", words(["deny", "invoke"])),
            "tools": about("What tools do, by name; `*` stands for anything", each(&tool)),
            "pins": about("Fingerprints of tools, as `lictor pin` prints them", pins),
            "methods": about("Effects of methods beyond the specification", each(&effects())),
            "authorization": authorization,
        }),
    );
    json!({"anyOf": [{"type": "null"}, keys]})
}
