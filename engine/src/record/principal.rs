//! Who asks, as the record shows it: names only, never another claim.

use super::sink::{Members, Sink};
use crate::identity::Principal;
use crate::limits::RECORD_GROUPS;

/// Writes a principal. Members stand in the order of their names.
pub(super) fn write<S: Sink>(sink: &mut S, principal: &Principal) {
    sink.object(|members| fill(members, principal));
}

fn fill<S: Sink>(members: &mut Members<'_, S>, principal: &Principal) {
    if !principal.earlier_actors.is_empty() {
        members.member("actors", |sink| sink.texts(&principal.earlier_actors));
    }
    if_any(members, "client", &principal.client_id);
    if let Some(whom) = &principal.acts_for {
        members.text("for", &whom.subject);
    }
    if !principal.groups.is_empty() {
        let shown = principal.groups.iter().take(RECORD_GROUPS);
        members.member("groups", |sink| sink.texts(shown));
    }
    let omitted = principal.groups.len().saturating_sub(RECORD_GROUPS);
    if let Ok(omitted @ 1..) = u32::try_from(omitted) {
        members.number("groups_omitted", omitted);
    }
    if_any(members, "issuer", &principal.issuer);
    members.text("kind", principal.kind.name());
    if let Some(peer) = &principal.peer {
        members.text("peer", &peer.spiffe_id);
    }
    members.text("subject", &principal.subject);
}

fn if_any<S: Sink>(members: &mut Members<'_, S>, name: &str, text: &str) {
    if !text.is_empty() {
        members.text(name, text);
    }
}
