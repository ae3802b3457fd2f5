//! The claims of one verified token become a [`Principal`].
//!
//! Which claim says what is configured, provider by provider. A claim of another type refuses the
//! token; what kind of caller it is follows from the token alone.

use super::claim::{self, Way, Written};
use super::delegation::{self, Actor};
use super::fault::{NO_SUBJECT, claim_malformed};
use super::provider::{Facts, PROVIDERS, Provider, says};
use super::{ClaimTest, Kind, OnBehalfOf, Peer, Principal, claim_path};
use crate::glob::Glob;
use crate::refusal::Refusal;
use crate::value::Value;

/// How to read the tokens of one provider.
#[derive(Debug, Clone)]
pub struct TokenReading {
    /// Keys under which Envoy's `jwt_authn` leaves them (`payload_in_metadata`).
    pub metadata: Vec<String>,
    /// Issuers whose tokens these are; any where empty.
    pub issuer: Vec<String>,
    /// Whose tokens they are.
    pub provider: &'static Provider,
    /// Ways to the subject, tried in order.
    pub subject: Vec<Way>,
    /// Ways to groups, united.
    pub groups: Vec<Way>,
    /// Whether groups also follow from the subject.
    pub has_groups_of_subject: bool,
    /// Ways to roles, united.
    pub roles: Vec<Way>,
    /// Ways to scopes, united.
    pub scopes: Vec<Way>,
    /// Ways to the client that the token was given to, tried in order.
    pub client: Vec<Way>,
    /// Ways to an email address, tried in order.
    pub email: Vec<Way>,
    /// Whether the address counts only where the provider says that it verified it.
    pub needs_verified_email: bool,
    /// Claims that make an agent.
    pub agent_when: ClaimTest,
    /// Claims that make a service.
    pub service_when: ClaimTest,
    /// Clients that are agents: they act for the subjects of their tokens.
    pub agent_clients: Vec<Glob>,
}

impl Default for TokenReading {
    fn default() -> Self {
        let [generic, ..] = &PROVIDERS;
        Self::of(generic)
    }
}

impl TokenReading {
    /// The defaults of a provider.
    #[must_use]
    pub fn of(provider: &'static Provider) -> Self {
        let ways = |written: &[&str]| {
            written
                .iter()
                .filter_map(|way| claim_path::parse(way))
                .collect()
        };
        Self {
            metadata: vec!["jwt".to_owned(), "payload".to_owned()],
            issuer: Vec::new(),
            provider,
            subject: ways(provider.subject),
            groups: ways(provider.groups),
            has_groups_of_subject: true,
            roles: ways(provider.roles),
            scopes: ways(provider.scopes),
            client: ways(provider.client),
            email: ways(&["email"]),
            needs_verified_email: true,
            agent_when: ClaimTest::default(),
            service_when: ClaimTest::default(),
            agent_clients: Vec::new(),
        }
    }

    /// Whether a token is one of these, by who issued it.
    pub(super) fn is_meant(&self, claims: &Value<'_>) -> bool {
        let issuer = claims
            .member("iss")
            .and_then(Value::text)
            .unwrap_or_default();
        self.issuer.is_empty() || self.issuer.iter().any(|one| one == issuer)
    }

    /// Who asks by these claims.
    pub(super) fn principal(
        &self,
        claims: Value<'static>,
        peer: Option<Peer>,
    ) -> Result<Principal, Refusal> {
        let client = claim::text(&claims, &self.client)?;
        let subject = self.subject(&claims, &client)?;
        let mut principal = Principal {
            scopes: claim::texts(&claims, &self.scopes, Written::Words)?,
            issuer: claim::text_named(&claims, "iss")?,
            audiences: claim::texts_named(&claims, "aud", Written::Whole)?,
            acr: claim::text_named(&claims, "acr")?,
            amr: claim::texts_named(&claims, "amr", Written::Whole)?,
            issued_at: claim::time(&claims, "iat")?,
            authenticated_at: claim::time(&claims, "auth_time")?,
            expires_at: claim::time(&claims, "exp")?,
            peer,
            ..super::anonymous()
        };
        self.tell_who_acts(&mut principal, subject, &claims, &client)?;
        principal.client_id = client;
        principal.claims = claims;
        Ok(principal)
    }

    /// The subject of the token with what is its own.
    fn subject(&self, claims: &Value<'static>, client: &str) -> Result<OnBehalfOf, Refusal> {
        let subject = claim::text(claims, &self.subject)?;
        if subject.is_empty() {
            return Err(NO_SUBJECT);
        }
        claim::check_groups_are_here(claims, &self.groups)?;
        let mut groups = claim::texts(claims, &self.groups, Written::Whole)?;
        if self.has_groups_of_subject {
            groups.extend(self.provider.groups_of_subject(&subject));
        }
        let is_verified = claim::is_true(claims, self.provider.email_verified_by);
        let has_email = is_verified || !self.needs_verified_email;
        let email = claim::text(claims, if has_email { &self.email } else { &[] })?;
        Ok(OnBehalfOf {
            kind: self.kind(claims, &subject, client),
            groups,
            roles: claim::texts(claims, &self.roles, Written::Whole)?,
            email,
            subject,
        })
    }

    /// The subject itself, its actor, or the agent that its token was given to.
    fn tell_who_acts(
        &self,
        principal: &mut Principal,
        subject: OnBehalfOf,
        claims: &Value<'static>,
        client: &str,
    ) -> Result<(), Refusal> {
        let actor = match delegation::actor(claims, &self.client)? {
            Some(actor) => Some(actor),
            None => self.agent_with_the_token(&subject, claims, client),
        };
        let Some(actor) = actor else {
            principal.kind = match self.client_is_agent(claims, client) {
                true => Kind::Agent,
                false => subject.kind,
            };
            principal.subject = subject.subject;
            principal.groups = subject.groups;
            principal.roles = subject.roles;
            principal.email = subject.email;
            return Ok(());
        };
        delegation::check_may_act(claims, &actor, client)?;
        principal.kind = Kind::Agent;
        if let Some(own) = actor.claims {
            principal.kind = self.kind_of_actor(own);
            principal.groups = claim::texts(own, &self.groups, Written::Whole)?;
            principal.roles = claim::texts(own, &self.roles, Written::Whole)?;
            principal.earlier_actors = delegation::earlier(own, &self.client)?;
        }
        principal.subject = actor.subject;
        principal.acts_for = Some(subject);
        Ok(())
    }

    /// A client that is an agent and holds the token of somebody else.
    fn agent_with_the_token<'c>(
        &self,
        subject: &OnBehalfOf,
        claims: &'c Value<'static>,
        client: &str,
    ) -> Option<Actor<'c>> {
        let is_its_own = subject.subject == client
            || self.is_service(claims, &subject.subject, client)
            || self.provider.subject_is_agent(claims);
        let acts = !client.is_empty() && !is_its_own && self.client_is_agent(claims, client);
        acts.then(|| Actor {
            subject: client.to_owned(),
            claims: None,
        })
    }

    fn client_is_agent(&self, claims: &Value<'static>, client: &str) -> bool {
        self.provider.client_is_agent(claims)
            || (!client.is_empty() && self.agent_clients.iter().any(|one| one.matches(client)))
    }

    fn kind(&self, claims: &Value<'static>, subject: &str, client: &str) -> Kind {
        if self.agent_when.passes(claims) || self.provider.subject_is_agent(claims) {
            Kind::Agent
        } else if self.is_service(claims, subject, client) {
            Kind::Service
        } else {
            Kind::Human
        }
    }

    fn is_service(&self, claims: &Value<'static>, subject: &str, client: &str) -> bool {
        let facts = Facts {
            claims,
            subject,
            client,
        };
        self.service_when.passes(claims)
            || says(claims, "sub_profile", &["service"])
            || (self.provider.is_service)(&facts)
    }

    /// An actor is an agent unless its own claims say that it is a service: never a human, whose
    /// rights it would take up.
    fn kind_of_actor(&self, actor: &Value<'static>) -> Kind {
        let is_service =
            self.service_when.passes(actor) || says(actor, "sub_profile", &["service"]);
        match is_service && !self.agent_when.passes(actor) {
            true => Kind::Service,
            false => Kind::Agent,
        }
    }
}

/// The claims under a key, which must be an object.
pub(super) fn claims_under<'p, 'b>(
    payloads: &'p Value<'b>,
    key: &str,
) -> Result<Option<&'p Value<'b>>, Refusal> {
    match payloads.member(key) {
        None => Ok(None),
        Some(claims @ Value::Object(_)) => Ok(Some(claims)),
        Some(_) => Err(claim_malformed(key, "an object")),
    }
}
