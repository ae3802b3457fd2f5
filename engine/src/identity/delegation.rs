//! The `act` chain of a token (RFC 8693, section 4.1) becomes who acts; `may_act` (section 4.4)
//! says whether it may.
//!
//! An actor has what its own claims say and nothing of whom it acts for.

use super::claim::{self, Way};
use super::fault::{ACTOR_NOT_ALLOWED, NO_SUBJECT, TOO_LARGE, claim_malformed};
use crate::limits;
use crate::refusal::Refusal;
use crate::value::Value;

/// The one who acts, as a token tells.
pub(super) struct Actor<'c> {
    pub subject: String,
    /// Its claims, where it has some of its own.
    pub claims: Option<&'c Value<'static>>,
}

/// The outermost actor of a token, if it has one.
pub(super) fn actor<'c>(
    claims: &'c Value<'static>,
    client: &[Way],
) -> Result<Option<Actor<'c>>, Refusal> {
    match claims.member("act") {
        None | Some(Value::Null) => Ok(None),
        Some(actor) => Ok(Some(Actor {
            subject: subject(actor, client)?,
            claims: Some(actor),
        })),
    }
}

fn subject(actor: &Value<'static>, client: &[Way]) -> Result<String, Refusal> {
    if !matches!(actor, Value::Object(_)) {
        return Err(claim_malformed("act", "an object"));
    }
    let mut subject = claim::text_named(actor, "sub")?;
    if subject.is_empty() {
        subject = claim::text(actor, client)?;
    }
    if subject.is_empty() {
        return Err(NO_SUBJECT);
    }
    Ok(subject)
}

/// The actors before this one, the latest first.
pub(super) fn earlier(actor: &Value<'static>, client: &[Way]) -> Result<Vec<String>, Refusal> {
    let mut chain = Vec::new();
    let mut next = actor.member("act");
    while let Some(actor) = next.filter(|actor| **actor != Value::Null) {
        if chain.len() == limits::ACTORS {
            return Err(TOO_LARGE);
        }
        chain.push(subject(actor, client)?);
        next = actor.member("act");
    }
    Ok(chain)
}

/// Refuses an actor that `may_act` does not name, where the token has one.
///
/// Every member of it must be that of the actor: a member that is not understood would be a
/// condition that is passed over.
pub(super) fn check_may_act(
    claims: &Value<'static>,
    actor: &Actor<'_>,
    client: &str,
) -> Result<(), Refusal> {
    let allowed = match claims.member("may_act") {
        None | Some(Value::Null) => return Ok(()),
        Some(allowed) => allowed.each(),
    };
    for one in allowed {
        let Value::Object(members) = one else {
            return Err(claim_malformed("may_act", "an object"));
        };
        let mut members = members.iter().peekable();
        let is_named = members.peek().is_some()
            && members.all(|(name, wanted)| is_actors(name, wanted, claims, actor, client));
        if is_named {
            return Ok(());
        }
    }
    Err(ACTOR_NOT_ALLOWED)
}

/// Whether a member of `may_act` is the actor's own, or for want of that the token's.
fn is_actors(
    name: &str,
    wanted: &Value<'static>,
    claims: &Value<'static>,
    actor: &Actor<'_>,
    client: &str,
) -> bool {
    let own = actor.claims.and_then(|actor| actor.member(name));
    match (name, own) {
        ("sub", _) => wanted.text() == Some(&actor.subject),
        (_, Some(own)) => own == wanted,
        ("client_id" | "azp", None) => wanted.text() == Some(client),
        ("iss", None) => claims.member("iss") == Some(wanted),
        _ => false,
    }
}
