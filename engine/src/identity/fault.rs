//! What makes a verified token or peer unfit to tell who asks, each with its code.
//!
//! A detail names claims as the configuration names them, and never holds what a claim says.

use std::borrow::Cow;

use crate::refusal::Refusal;

const PROVIDER: &str = "use a token of the configured identity provider";
const OPERATOR: &str = "the operator compares the token's claims with `identity` in the document";

const fn refused(code: &'static str, detail: &'static str, advice: &'static str) -> Refusal {
    Refusal::with_status(403, code, detail, advice)
}

pub(super) const UNREADABLE: Refusal = refused(
    "identity.unreadable",
    "expected verified claims as the proxy's jwt_authn hands them over",
    PROVIDER,
);
pub(super) const DUPLICATE_CLAIM: Refusal = refused(
    "identity.duplicate_claim",
    "expected each claim once",
    PROVIDER,
);
pub(super) const TOO_LARGE: Refusal = refused(
    "identity.too_large",
    "expected fewer or shorter claims, groups, roles, scopes and actors",
    "ask for a token with less in it, for example only the groups of this application",
);
pub(super) const AMBIGUOUS: Refusal = refused(
    "identity.ambiguous",
    "expected one verified token, found several",
    "send one token, or let the operator set `identity.several`",
);
pub(super) const ISSUER: Refusal = refused(
    "identity.issuer_unexpected",
    "expected a token of an issuer that the document names",
    PROVIDER,
);
pub(super) const NO_SUBJECT: Refusal = refused(
    "identity.no_subject",
    "expected a token that names its subject",
    OPERATOR,
);
pub(super) const GROUPS_ELSEWHERE: Refusal = refused(
    "identity.groups_elsewhere",
    "expected groups in the token, found only where else they are kept",
    "ask for a token with fewer groups, for example only those of this application",
);
pub(super) const ACTOR_NOT_ALLOWED: Refusal = refused(
    "identity.actor_not_allowed",
    "expected the actor that the token's `may_act` names",
    "act for somebody who allows it",
);
pub(super) const PEER_MALFORMED: Refusal = refused(
    "identity.peer_malformed",
    "expected a peer certificate with a valid SPIFFE ID",
    "use a certificate of the mesh",
);

/// A claim of another type, by its name or the way to it.
pub(super) fn claim_malformed(name: &str, expected: &'static str) -> Refusal {
    Refusal {
        code: "identity.claim_malformed",
        status: 403,
        detail: Cow::Owned(["expected the claim `", name, "` to be ", expected].concat()),
        advice: OPERATOR,
    }
}
