//! `lictor schema`: the JSON Schema of the document, by which editors complete and underline.
//!
//! The words stand in the engine's own tables; the shape of each key stands here. Whatever the
//! schema refuses the engine refuses too, but the engine knows more: `lictor check` has the last
//! word.
//!
//! Source: JSON Schema 2020-12.

mod api;
mod definition;
mod graphs;
mod grpc;
mod identity;
mod mcp;
mod policy;
mod shape;

use std::io::Write;

use clap::{Arg, ArgAction, ArgMatches};
use lictor_engine::limits::BODY_BYTES_MOST;
use serde_json::{Value, json};

use crate::ending::{Ending, Failure};
use crate::plain;
use shape::{about, mapping, one_or_list, text, texts, words};

/// What the command takes.
pub fn arguments(command: clap::Command) -> clap::Command {
    command
        .arg(
            Arg::new("json")
                .long("json")
                .action(ArgAction::SetTrue)
                .help("Print on one line"),
        )
        .after_help(
            "Example: lictor schema > lictor.schema.json, and in the first line of the document\n  \
             # yaml-language-server: $schema=lictor.schema.json\n\nExit code: 0",
        )
}

/// Prints the schema.
pub fn run(matches: &ArgMatches, out: &mut dyn Write) -> Result<Ending, Failure> {
    let schema = document();
    if matches.get_flag("json") {
        writeln!(out, "{}", plain::json(&schema))?;
    } else {
        writeln!(out, "{}", plain::json_lines(&schema))?;
    }
    Ok(Ending::Clear)
}

fn document() -> Value {
    let mut schema = mapping(
        &["lictor", "apis", "default"],
        json!({
            "lictor": about("The version of the language", words(["v1"])),
            "environment": about("A word that rules can match and records carry", text()),
            "packs": policy::packs(),
            "include": about("Files with rules and what they name; resolved by `lictor render`", texts()),
            "identity": identity::identity(),
            "schemas": api::schemas(),
            "descriptors": about("Descriptor sets of gRPC services, as protoc or buf write them", json!({})),
            "definitions": definition::definitions(),
            "apis": api::apis(),
            "unmatched": about("What happens to calls of no API", words(["allow", "deny"])),
            "types": policy::types(),
            "data": policy::data(),
            "lists": policy::lists(),
            "vars": about("Expressions by name, each of which may use those above it", shape::each(&policy::expression())),
            "rules": about("Who may do what", json!({"type": "array", "items": policy::rule()})),
            "mode": about("`shadow`: record what would happen, refuse nothing", policy::mode()),
            "time_zone": about("The zone of `now`, such as `Europe/Berlin`; UTC if not given", text()),
            "default": about("What happens where no rule decides", words(["allow", "deny"])),
            "record": mapping(&["as"], json!({"as": one_or_list(&words(["struct", "json", "member"]))})),
            "limits": mapping(&[], json!({
                "body_bytes": about("Largest body that is held", json!({"type": "integer", "minimum": 1, "maximum": BODY_BYTES_MOST})),
            })),
            "self_test": mapping(&["cluster"], json!({"cluster": about("A cluster that leads to this very listener", text())})),
        }),
    );
    if let Some(members) = schema.as_object_mut() {
        members.insert(
            "$schema".to_owned(),
            json!("https://json-schema.org/draft/2020-12/schema"),
        );
        members.insert("title".to_owned(), json!("A document of Lictor"));
        members.insert(
            "anyOf".to_owned(),
            json!([{"required": ["rules"]}, {"required": ["packs"]}, {"required": ["include"]}]),
        );
    }
    schema
}

#[cfg(test)]
mod tests;
