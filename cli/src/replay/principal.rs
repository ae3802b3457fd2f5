//! The principal of a record to the engine's own.

use lictor_engine::identity::{self, Kind, OnBehalfOf, Peer, Principal};
use serde_json::Value;

use super::facts::{list, text};

/// What no record holds of who asks.
pub(super) const NEVER_HELD: [&str; 10] = [
    "claims",
    "principal.roles",
    "principal.scopes",
    "principal.audiences",
    "principal.email",
    "principal.acr",
    "principal.amr",
    "principal.issued_at",
    "principal.authenticated_at",
    "principal.expires_at",
];

/// What no record holds of whom somebody acts for.
pub(super) const NEVER_HELD_OF_WHOM: [&str; 4] = [
    "principal.for.kind",
    "principal.for.groups",
    "principal.for.roles",
    "principal.for.email",
];

/// The principal; nothing where its kind is not known.
pub(super) fn read(record: &Value) -> Option<Principal> {
    let kind = text(record, "kind");
    let texts = |name| {
        let items = list(record, name).filter_map(Value::as_str);
        items.map(str::to_owned).collect()
    };
    let whom = record.get("for").and_then(Value::as_str);
    let peer = record.get("peer").and_then(Value::as_str);
    Some(Principal {
        subject: text(record, "subject"),
        kind: Kind::WORDS.iter().find(|(word, _)| *word == kind)?.1,
        groups: texts("groups"),
        issuer: text(record, "issuer"),
        client_id: text(record, "client"),
        acts_for: whom.map(|subject| OnBehalfOf {
            subject: subject.to_owned(),
            kind: Kind::Human,
            groups: Vec::new(),
            roles: Vec::new(),
            email: String::new(),
        }),
        earlier_actors: texts("actors"),
        peer: peer.map(workload),
        ..identity::anonymous()
    })
}

/// The parts of a SPIFFE id, which was checked before it was recorded.
fn workload(id: &str) -> Peer {
    let rest = id.strip_prefix("spiffe://").unwrap_or_default();
    let (trust_domain, path) = rest.split_once('/').unwrap_or((rest, ""));
    let parts = path
        .strip_prefix("ns/")
        .and_then(|rest| rest.split_once("/sa/"));
    let parts = parts.filter(|(space, account)| !space.contains('/') && !account.contains('/'));
    let (namespace, service_account) = parts.unwrap_or_default();
    Peer {
        spiffe_id: id.to_owned(),
        trust_domain: trust_domain.to_owned(),
        namespace: namespace.to_owned(),
        service_account: service_account.to_owned(),
    }
}
