//! `identity:` becomes the way to read a principal from what Envoy verified.
//!
//! A provider chooses the defaults of a token; single keys override them.

use std::rc::Rc;

use super::fields::claim_values;
use super::language::program;
use crate::cel::{Environment, Type, Vars};
use crate::document::{Content, Mapping, Node, Reader};
use crate::glob::Glob;
use crate::identity::{
    CLAIM_ROOTS, ClaimMatch, ClaimTest, PROVIDERS, PeerUse, Provider, Reading, Several,
    TokenReading, claim_path,
};

type Found<'n> = Option<(&'n Node, String)>;

/// What holds where the document says nothing: one token of any provider, under one of the keys
/// `jwt` and `payload`.
pub(super) fn compile(reader: &mut Reader, found: Found<'_>) -> Reading {
    let mut reading = Reading::default();
    let Some(mut mapping) = found.and_then(|(node, path)| reader.mapping(node, &path)) else {
        return reading;
    };
    reading.tokens = match mapping.optional("tokens") {
        Some((node, path)) => tokens(reader, node, &path),
        None => vec![token(reader, &mut mapping)],
    };
    let several = [("refuse", Several::Refuse), ("first", Several::First)];
    override_word(
        reader,
        mapping.optional("several"),
        &several,
        &mut reading.several,
    );
    let peer = [
        ("identity", PeerUse::Identity),
        ("fact", PeerUse::Fact),
        ("ignore", PeerUse::Ignore),
    ];
    override_word(reader, mapping.optional("peer"), &peer, &mut reading.peer);
    let anonymous = [("allow", true), ("deny", false)];
    let found = mapping.optional("anonymous");
    override_word(reader, found, &anonymous, &mut reading.accepts_anonymous);
    mapping.finish(reader);
    reading
}

fn override_word<T: Copy>(
    reader: &mut Reader,
    found: Found<'_>,
    words: &[(&str, T)],
    target: &mut T,
) {
    if let Some(word) = found.and_then(|(node, path)| reader.word(node, &path, words)) {
        *target = word;
    }
}

fn tokens(reader: &mut Reader, node: &Node, path: &str) -> Vec<TokenReading> {
    let mut tokens = Vec::new();
    for (node, path) in reader.list(node, path) {
        if let Some(mut mapping) = reader.mapping(node, &path) {
            tokens.push(token(reader, &mut mapping));
            mapping.finish(reader);
        }
    }
    if tokens.is_empty() && reader.is_clean() {
        let message = "expected at least one token".to_owned();
        reader.mistake("document.unexpected", node.position, path, message);
    }
    tokens
}

fn token(reader: &mut Reader, mapping: &mut Mapping<'_>) -> TokenReading {
    let [generic, ..] = &PROVIDERS;
    let mut provider: &'static Provider = generic;
    let words: Vec<_> = PROVIDERS.iter().map(|known| (known.name, known)).collect();
    override_word(reader, mapping.optional("provider"), &words, &mut provider);
    let mut token = TokenReading::of(provider);
    for (key, target) in [
        ("metadata", &mut token.metadata),
        ("issuer", &mut token.issuer),
    ] {
        if let Some(found) = mapping.optional(key) {
            *target = some_texts(reader, found);
        }
    }
    override_ways(reader, mapping, &mut token);
    for (key, target) in [
        ("agent_when", &mut token.agent_when),
        ("service_when", &mut token.service_when),
    ] {
        if let Some((node, path)) = mapping.optional(key) {
            *target = claim_test(reader, node, &path);
        }
    }
    if let Some(found) = mapping.optional("agent_clients") {
        let clients = some_texts(reader, found);
        token.agent_clients = clients.iter().map(|one| Glob::new(one, 0)).collect();
    }
    token
}

fn override_ways(reader: &mut Reader, mapping: &mut Mapping<'_>, token: &mut TokenReading) {
    for (key, target) in [
        ("subject", &mut token.subject),
        ("groups", &mut token.groups),
        ("roles", &mut token.roles),
        ("scopes", &mut token.scopes),
        ("client", &mut token.client),
        ("email", &mut token.email),
    ] {
        let Some((node, path)) = mapping.optional(key) else {
            continue;
        };
        *target = ways(reader, node, &path);
        match key {
            "groups" => token.has_groups_of_subject = false,
            "email" => token.needs_verified_email = false,
            _ => {}
        }
    }
}

/// One text or a list of some.
fn some_texts(reader: &mut Reader, (node, path): (&Node, String)) -> Vec<String> {
    let texts = reader.texts(node, &path);
    if texts.is_empty() && reader.is_clean() {
        let message = "expected text or a list of texts, found an empty list".to_owned();
        reader.mistake("document.unexpected", node.position, &path, message);
    }
    texts.iter().map(|(text, ..)| (*text).to_owned()).collect()
}

/// Ways to claims; an empty list is none at all.
fn ways(reader: &mut Reader, node: &Node, path: &str) -> Vec<Vec<String>> {
    let mut ways = Vec::new();
    for (text, position, path) in reader.texts(node, path) {
        match claim_path::parse(text) {
            Some(way) => ways.push(way),
            None => reader.mistake("identity.claim_path", position, &path, not_a_way(text)),
        }
    }
    ways
}

fn not_a_way(text: &str) -> String {
    format!("expected a claim such as `groups`, `realm.roles` or `claims[\"a/b\"]`, found `{text}`")
}

/// A mapping of claims, or an expression about them.
fn claim_test(reader: &mut Reader, node: &Node, path: &str) -> ClaimTest {
    let Content::Text(text) = &node.content else {
        return ClaimTest {
            matches: claims(reader, node, path),
            expression: None,
        };
    };
    let vars = Vars::new();
    let environment = Environment {
        roots: &CLAIM_ROOTS,
        declared: &[],
        lists: &[],
        vars: &vars,
    };
    ClaimTest {
        matches: Vec::new(),
        expression: program(reader, node, path, text, &environment, Type::Bool).map(Rc::new),
    }
}

fn claims(reader: &mut Reader, node: &Node, path: &str) -> Vec<ClaimMatch> {
    let Some(mapping) = reader.mapping(node, path) else {
        return Vec::new();
    };
    let mut matches = Vec::new();
    for (key, node, path) in mapping.entries() {
        let values = claim_values(reader, node, &path);
        match claim_path::parse(&key.text) {
            Some(path) => matches.push(ClaimMatch { path, values }),
            None => {
                let message = not_a_way(&key.text);
                reader.mistake("identity.claim_path", key.position, &path, message);
            }
        }
    }
    matches
}

#[cfg(test)]
mod tests;
