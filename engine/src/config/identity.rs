//! `identity:` becomes the way to read a principal from claims.

use super::fields::claim_values;
use crate::document::{Node, Reader};
use crate::identity::{ClaimMatch, Known, Reading};

/// What holds where the document says nothing: `payload_in_metadata: jwt`, the subject in
/// `sub`, groups in `groups`.
pub(super) fn compile(reader: &mut Reader, found: Option<(&Node, String)>) -> Reading {
    let mut reading = Reading {
        metadata: "jwt".to_owned(),
        subject: vec!["sub".to_owned()],
        groups: vec!["groups".to_owned()],
        agent_when: Vec::new(),
        service_when: Vec::new(),
        accepts_anonymous: false,
        known: Known::default(),
    };
    let Some(mut mapping) = found.and_then(|(node, path)| reader.mapping(node, &path)) else {
        return reading;
    };
    if let Some((node, path)) = mapping.optional("metadata")
        && let Some(text) = reader.text(node, &path)
    {
        reading.metadata = text.to_owned();
    }
    for (key, target) in [
        ("subject", &mut reading.subject),
        ("groups", &mut reading.groups),
    ] {
        if let Some((node, path)) = mapping.optional(key)
            && let Some(text) = reader.text(node, &path)
        {
            *target = way(text);
        }
    }
    for (key, target) in [
        ("agent_when", &mut reading.agent_when),
        ("service_when", &mut reading.service_when),
    ] {
        if let Some((node, path)) = mapping.optional(key) {
            *target = claims(reader, node, &path);
        }
    }
    if let Some((node, path)) = mapping.optional("anonymous") {
        let words = [("allow", true), ("deny", false)];
        reading.accepts_anonymous = reader.word(node, &path, &words).unwrap_or(false);
    }
    mapping.finish(reader);
    reading
}

/// `realm_access.roles`, also written `claims.realm_access.roles`.
pub(super) fn way(text: &str) -> Vec<String> {
    let text = text.strip_prefix("claims.").unwrap_or(text);
    text.split('.').map(str::to_owned).collect()
}

fn claims(reader: &mut Reader, node: &Node, path: &str) -> Vec<ClaimMatch> {
    let Some(mapping) = reader.mapping(node, path) else {
        return Vec::new();
    };
    let entries = mapping.entries();
    entries
        .map(|(key, node, path)| ClaimMatch {
            path: way(&key.text),
            values: claim_values(reader, node, &path),
        })
        .collect()
}
