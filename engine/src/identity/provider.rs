//! What the tokens of common identity providers say where: the defaults that `provider` chooses.
//!
//! A default never takes a claim for more than the provider's own documentation does; the sources
//! stand in `docs/identity.md`. Where a token may be a machine's, it is taken for one: what is
//! for humans only stays so.

use super::claim;
use crate::value::Value;

/// One identity provider.
#[derive(Debug)]
pub struct Provider {
    /// Its word in the document.
    pub name: &'static str,
    /// Ways to the subject, tried in order.
    pub subject: &'static [&'static str],
    /// Ways to groups, united.
    pub groups: &'static [&'static str],
    /// Ways to roles, united.
    pub roles: &'static [&'static str],
    /// Ways to scopes, united.
    pub scopes: &'static [&'static str],
    /// Ways to the client that the token was given to, tried in order.
    pub client: &'static [&'static str],
    /// The claim that must say yes for the email address to count.
    pub email_verified_by: &'static str,
    /// Whether the token speaks for a machine and not for a person.
    pub(super) is_service: fn(&Facts<'_>) -> bool,
}

/// What is known of a token when its kind is told.
pub(super) struct Facts<'c> {
    pub claims: &'c Value<'static>,
    pub subject: &'c str,
    pub client: &'c str,
}

impl Facts<'_> {
    fn text(&self, name: &str) -> &str {
        let claim = self.claims.member(name);
        claim.and_then(Value::text).unwrap_or_default()
    }

    fn has(&self, name: &str) -> bool {
        let claim = self.claims.member(name);
        claim.is_some_and(|claim| *claim != Value::Null)
    }

    /// Clients that ask for a token on their own account are their own subject (RFC 9068, 2.2).
    fn is_its_own_client(&self) -> bool {
        !self.client.is_empty() && self.client == self.subject
    }
}

/// What providers agree on (RFC 7519, RFC 8693, RFC 9068).
const STANDARD: Provider = Provider {
    name: "generic",
    subject: &["sub"],
    groups: &["groups"],
    roles: &["roles"],
    scopes: &["scope", "scp"],
    client: &["client_id", "azp"],
    email_verified_by: "email_verified",
    is_service: |token| {
        token.is_its_own_client()
            || token.text("gty") == "client-credentials"
            || token.text("idtyp") == "app"
            || token.subject.ends_with("@clients")
            || token.subject.starts_with(SERVICE_ACCOUNT)
    },
};

const SERVICE_ACCOUNT: &str = "system:serviceaccount:";

/// Every provider. The first is the one where the document names none.
pub static PROVIDERS: [Provider; 8] = [
    STANDARD,
    Provider {
        name: "keycloak",
        roles: &["realm_access.roles"],
        scopes: &["scope"],
        client: &["azp", "client_id"],
        // The mappers of the scope `service_account`, which tokens without a name have too.
        is_service: |token| {
            token.is_its_own_client()
                || token
                    .text("preferred_username")
                    .starts_with("service-account-")
                || token.has("clientHost")
                || token.has("clientAddress")
        },
        ..STANDARD
    },
    Provider {
        name: "entra",
        // `sub` is another one for each application.
        subject: &["oid", "sub"],
        scopes: &["scp"],
        client: &["azp", "appid"],
        // An address that nobody verified may be anybody's.
        email_verified_by: "xms_edov",
        // `idtyp` is optional; tokens that act for a person always have `scp`.
        is_service: |token| match token.text("idtyp") {
            "user" => false,
            "" => !token.has("scp"),
            _ => true,
        },
        ..STANDARD
    },
    Provider {
        name: "auth0",
        // Their names begin with the tenant's own namespace: nothing to go by.
        groups: &[],
        roles: &[],
        scopes: &["scope", "permissions"],
        client: &["azp", "client_id"],
        is_service: |token| {
            token.is_its_own_client()
                || token.text("gty") == "client-credentials"
                || token.subject.ends_with("@clients")
        },
        ..STANDARD
    },
    Provider {
        name: "okta",
        roles: &[],
        scopes: &["scp"],
        client: &["cid"],
        // Left out where no user is bound to the token.
        is_service: |token| token.is_its_own_client() || !token.has("uid"),
        ..STANDARD
    },
    Provider {
        name: "cognito",
        groups: &["cognito:groups"],
        roles: &["cognito:roles"],
        scopes: &["scope"],
        client: &["client_id"],
        is_service: |token| {
            token.is_its_own_client() || !(token.has("username") || token.has("cognito:username"))
        },
        ..STANDARD
    },
    Provider {
        name: "google",
        groups: &[],
        roles: &[],
        scopes: &[],
        client: &["azp"],
        is_service: |token| {
            token.is_its_own_client() || token.text("email").ends_with(".gserviceaccount.com")
        },
        ..STANDARD
    },
    Provider {
        name: "kubernetes",
        groups: &[],
        roles: &[],
        scopes: &[],
        client: &[],
        is_service: |_| true,
        ..STANDARD
    },
];

impl Provider {
    /// Groups that follow from the subject: those that the API server of Kubernetes gives a
    /// service account.
    pub(super) fn groups_of_subject(&self, subject: &str) -> Vec<String> {
        let is_meant = self.name == "kubernetes";
        let account = subject.strip_prefix(SERVICE_ACCOUNT).filter(|_| is_meant);
        match account.and_then(|account| account.split_once(':')) {
            Some((namespace, _)) => vec![
                "system:serviceaccounts".to_owned(),
                ["system:serviceaccounts:", namespace].concat(),
            ],
            None => Vec::new(),
        }
    }

    /// Whether the subject is an agent by the token's own words.
    pub(super) fn subject_is_agent(&self, claims: &Value<'static>) -> bool {
        says(claims, "sub_profile", &["ai_agent"]) || self.has_facet(claims, "xms_sub_fct")
    }

    /// Whether the client is an agent by the token's own words.
    pub(super) fn client_is_agent(&self, claims: &Value<'static>) -> bool {
        says(claims, "client_profile", &["ai_agent"]) || self.has_facet(claims, "xms_act_fct")
    }

    /// Entra Agent ID: 11 is an agent's identity, 13 the user account of an agent.
    fn has_facet(&self, claims: &Value<'static>, name: &str) -> bool {
        self.name == "entra" && says(claims, name, &["11", "13"])
    }
}

/// Whether a claim has one of these words.
pub(super) fn says(claims: &Value<'static>, name: &str, words: &[&str]) -> bool {
    // One of another shape says nothing that would widen a right.
    let found = claim::texts_named(claims, name, claim::Written::Words).unwrap_or_default();
    found.iter().any(|word| words.contains(&word.as_str()))
}
