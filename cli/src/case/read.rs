//! An entry under `cases:` to a [`Case`].

use lictor_engine::document::{Content, Mapping, Node, Reader};
use lictor_engine::policy::Moment;

use super::{Call, Case, Expected, answer, expectation, request, statement};
use crate::{moment, tree};

/// Reads every case of a list.
pub(super) fn all(reader: &mut Reader, list: &Node, document: &Node) -> Vec<Case> {
    let mut cases: Vec<Case> = Vec::new();
    for (node, path) in reader.list(list, "cases") {
        let Some(case) = one(reader, node, &path, document) else {
            continue;
        };
        if cases.iter().any(|known| known.name == case.name) {
            let message = format!("expected the name `{}` once", case.name);
            reader.mistake("case.name", node.position, &path, message);
        }
        cases.push(case);
    }
    cases
}

fn one(reader: &mut Reader, node: &Node, path: &str, document: &Node) -> Option<Case> {
    let mut mapping = reader.mapping(node, path)?;
    let name = mapping.required(reader, "name");
    let name = name.and_then(|(node, path)| reader.text(node, &path));
    let call = call(reader, &mut mapping, document);
    let expect = expected(reader, &mut mapping);
    mapping.finish(reader);
    Some(Case {
        name: name?.to_owned(),
        position: node.position,
        call: call?,
        expect,
    })
}

fn call(reader: &mut Reader, mapping: &mut Mapping<'_>, document: &Node) -> Option<Call> {
    let claims = mapping.optional("as");
    let tokens = mapping.optional("tokens");
    let peer = mapping.optional("peer");
    let at = mapping.optional("at");
    let answer = mapping.optional("answer");
    let call = sent(reader, mapping, document);
    let claims = claims.and_then(|(node, path)| claim_set(reader, node, &path));
    let tokens = tokens.map(|(node, path)| token_claims(reader, node, &path));
    let peer = peer.and_then(|(node, path)| reader.text(node, &path));
    let at = at.and_then(|(node, path)| moment(reader, node, &path));
    let answer = answer.and_then(|(node, path)| answer::read(reader, node, &path));
    call.map(|call| Call {
        claims,
        tokens: tokens.unwrap_or_default(),
        peer: peer.map(str::to_owned),
        answer,
        at,
        ..call
    })
}

/// What is sent: a statement or a request.
fn sent(reader: &mut Reader, mapping: &mut Mapping<'_>, document: &Node) -> Option<Call> {
    let sql = mapping.optional("sql");
    let api = mapping.optional("api");
    let api = api.and_then(|(node, path)| reader.text(node, &path));
    match (sql, mapping.optional("request")) {
        (Some((node, path)), None) => {
            let text = plain_text(reader, node, &path)?;
            let call = statement::request(document, api, text);
            call.map_err(|message| reader.mistake("case.sql", node.position, &path, message))
                .ok()
        }
        (None, Some((node, path))) => request::read(reader, node, &path, document),
        _ => {
            let message = "expected either `sql` or `request`".to_owned();
            reader.mistake("case.call", mapping.position, &mapping.path, message);
            None
        }
    }
}

/// Text that may be empty: an empty statement is a case too.
fn plain_text<'n>(reader: &mut Reader, node: &'n Node, path: &str) -> Option<&'n str> {
    match &node.content {
        Content::Text(text) => Some(text),
        _ => reader.text(node, path),
    }
}

fn claim_set(reader: &mut Reader, node: &Node, path: &str) -> Option<serde_json::Value> {
    reader.mapping(node, path)?;
    Some(tree::json(node))
}

fn token_claims(reader: &mut Reader, node: &Node, path: &str) -> Vec<(String, serde_json::Value)> {
    let Some(mapping) = reader.mapping(node, path) else {
        return Vec::new();
    };
    let entries = mapping.entries();
    entries
        .map(|(key, node, _)| (key.text.clone(), tree::json(node)))
        .collect()
}

fn moment(reader: &mut Reader, node: &Node, path: &str) -> Option<Moment> {
    let moment = tree::text(node).and_then(moment::parse);
    if moment.is_none() {
        let message = "expected a time in quotes such as `\"2026-11-04T12:00:00Z\"`".to_owned();
        reader.mistake("case.at", node.position, path, message);
    }
    moment
}

fn expected(reader: &mut Reader, mapping: &mut Mapping<'_>) -> Vec<Expected> {
    let Some((node, path)) = mapping.required(reader, "expect") else {
        return Vec::new();
    };
    let Some(mut mapping) = reader.mapping(node, &path) else {
        return Vec::new();
    };
    if tree::member(node, "decision").is_none() {
        let message = "expected the key `decision`".to_owned();
        reader.mistake("document.missing_key", node.position, &path, message);
    }
    let mut all = Vec::new();
    for known in expectation::TABLE {
        let Some((node, path)) = mapping.optional(known.what) else {
            continue;
        };
        let value = tree::json(node);
        if !(known.shape.accepts)(&value) {
            let message = format!("expected {}", known.shape.name);
            reader.mistake("case.expect", node.position, &path, message);
        }
        all.push(Expected {
            what: known.what,
            value,
            position: node.position,
        });
    }
    mapping.finish(reader);
    all
}
