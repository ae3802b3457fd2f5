//! Tokens as the common providers make them, read by their defaults.

use super::*;
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

fn by(provider: &str, claims: &str) -> Rc<Principal> {
    let provider = PROVIDERS
        .iter()
        .find(|known| known.name == provider)
        .unwrap();
    let reading = reading(|token| *token = TokenReading::of(provider));
    principal_by(&reading, claims).unwrap_or_else(|refusal| panic!("{}: {claims}", refusal.detail))
}

fn kind(provider: &str, claims: &str) -> Kind {
    by(provider, claims).kind
}

#[test]
fn every_default_is_a_way_to_a_claim() {
    for provider in &PROVIDERS {
        let read = TokenReading::of(provider);
        let of = [
            (provider.subject, &read.subject),
            (provider.groups, &read.groups),
            (provider.roles, &read.roles),
            (provider.scopes, &read.scopes),
            (provider.client, &read.client),
        ];
        for (written, parsed) in of {
            assert_eq!(written.len(), parsed.len(), "{}", provider.name);
        }
    }
}

#[test]
fn generic_tells_machines_by_the_standards() {
    for claims in [
        r#"{"sub":"app","client_id":"app"}"#,
        r#"{"sub":"app","azp":"app"}"#,
        r#"{"sub":"x","idtyp":"app"}"#,
        r#"{"sub":"x","gty":"client-credentials"}"#,
        r#"{"sub":"app@clients"}"#,
        r#"{"sub":"system:serviceaccount:shop:cart"}"#,
    ] {
        assert_eq!(kind("generic", claims), Kind::Service, "{claims}");
    }
    assert_eq!(
        kind("generic", r#"{"sub":"dana","azp":"app"}"#),
        Kind::Human
    );
}

#[test]
fn keycloak_has_realm_roles_and_service_accounts() {
    let dana = by(
        "keycloak",
        r#"{"sub":"f0c1","azp":"web","preferred_username":"dana","groups":["/dba"],"scope":"openid profile",
            "realm_access":{"roles":["dba"]},"resource_access":{"reports":{"roles":["viewer"]}}}"#,
    );
    assert_eq!((dana.kind, dana.client_id.as_str()), (Kind::Human, "web"));
    assert_eq!(
        (&*dana.groups, &*dana.roles),
        (&["/dba".to_owned()][..], &["dba".to_owned()][..])
    );
    assert_eq!(dana.scopes, ["openid", "profile"]);
    for claims in [
        r#"{"sub":"f0c2","azp":"job","preferred_username":"service-account-job"}"#,
        r#"{"sub":"f0c2","azp":"job","client_id":"job","clientHost":"192.0.2.7"}"#,
    ] {
        assert_eq!(kind("keycloak", claims), Kind::Service, "{claims}");
    }
}

#[test]
fn entra_tells_applications_people_and_agents() {
    let dana = by(
        "entra",
        r#"{"oid":"o-1","sub":"pairwise","tid":"t","azp":"web","scp":"Reports.Read","roles":["Dba"],"groups":["g-1"],
            "email":"dana@example.com"}"#,
    );
    assert_eq!((dana.subject.as_str(), dana.kind), ("o-1", Kind::Human));
    assert_eq!(
        (dana.roles.len(), dana.groups.len(), dana.scopes.len()),
        (1, 1, 1)
    );
    assert_eq!(dana.email, "");
    for (claims, expected) in [
        (
            r#"{"oid":"o-2","sub":"o-2","appid":"job","idtyp":"app"}"#,
            Kind::Service,
        ),
        (
            r#"{"oid":"o-2","sub":"o-2","appid":"job","roles":["Job"]}"#,
            Kind::Service,
        ),
        (
            r#"{"oid":"o-3","sub":"s","azp":"web","idtyp":"user"}"#,
            Kind::Human,
        ),
        (
            r#"{"oid":"o-4","sub":"s","idtyp":"device","scp":"x"}"#,
            Kind::Service,
        ),
        (
            r#"{"oid":"o-5","sub":"s","appid":"bot","idtyp":"app","xms_sub_fct":"9 3 11","xms_act_fct":"3 9 11"}"#,
            Kind::Agent,
        ),
        (
            r#"{"oid":"o-6","sub":"s","azp":"bot","idtyp":"user","scp":"x","xms_sub_fct":"13 1"}"#,
            Kind::Agent,
        ),
    ] {
        let found = by("entra", claims);
        assert_eq!(
            (found.kind, found.acts_for.clone()),
            (expected, None),
            "{claims}"
        );
    }
    let for_dana = by(
        "entra",
        r#"{"oid":"o-1","sub":"s","azp":"bot","idtyp":"user","scp":"x","groups":["g-1"],
            "xms_sub_fct":"1","xms_act_fct":"11 3"}"#,
    );
    assert_eq!(
        (for_dana.subject.as_str(), for_dana.kind),
        ("bot", Kind::Agent)
    );
    assert!(for_dana.groups.is_empty());
    assert_eq!(for_dana.acts_for.clone().unwrap().subject, "o-1");
}

#[test]
fn auth0_has_permissions_and_namespaced_claims() {
    let claims = r#"{"sub":"auth0|1","azp":"web","scope":"openid","permissions":["read:orders"],
        "https://example.com/roles":["dba"]}"#;
    let dana = by("auth0", claims);
    assert_eq!(dana.scopes, ["openid", "read:orders"]);
    assert!(dana.roles.is_empty());
    let configured = reading(|token| {
        token.roles = vec![claim_path::parse("claims[\"https://example.com/roles\"]").unwrap()];
    });
    assert_eq!(principal_by(&configured, claims).unwrap().roles, ["dba"]);
    let job = r#"{"sub":"abc@clients","azp":"abc","gty":"client-credentials"}"#;
    assert_eq!(kind("auth0", job), Kind::Service);
}

#[test]
fn okta_binds_a_user_or_none() {
    let dana = by(
        "okta",
        r#"{"sub":"dana@example.com","uid":"00u1","cid":"web","scp":["openid"],"groups":["dba"]}"#,
    );
    assert_eq!((dana.kind, dana.client_id.as_str()), (Kind::Human, "web"));
    assert_eq!(
        (&*dana.scopes, &*dana.groups),
        (&["openid".to_owned()][..], &["dba".to_owned()][..])
    );
    assert_eq!(
        kind("okta", r#"{"sub":"0oa1","cid":"0oa1","scp":["x"]}"#),
        Kind::Service
    );
    assert_eq!(
        kind("okta", r#"{"sub":"0oa1","cid":"0oa2"}"#),
        Kind::Service
    );
}

#[test]
fn cognito_names_a_user_or_none() {
    let dana = by(
        "cognito",
        r#"{"sub":"u-1","username":"dana","token_use":"access","client_id":"web","scope":"a/read openid",
            "cognito:groups":["dba"]}"#,
    );
    assert_eq!((dana.kind, dana.client_id.as_str()), (Kind::Human, "web"));
    assert_eq!((dana.groups.len(), dana.scopes.len()), (1, 2));
    let by_id = r#"{"sub":"u-1","cognito:username":"dana","token_use":"id","aud":"web"}"#;
    assert_eq!(kind("cognito", by_id), Kind::Human);
    let job = r#"{"sub":"job","client_id":"job","token_use":"access","scope":"a/read"}"#;
    assert_eq!(kind("cognito", job), Kind::Service);
}

#[test]
fn google_tells_service_accounts_by_their_address() {
    let dana = by(
        "google",
        r#"{"sub":"11","azp":"web","aud":"web","hd":"example.com","email":"dana@example.com","email_verified":true}"#,
    );
    assert_eq!(
        (dana.kind, dana.email.as_str()),
        (Kind::Human, "dana@example.com")
    );
    for claims in [
        r#"{"sub":"12","azp":"x","email":"job@shop.iam.gserviceaccount.com","email_verified":true}"#,
        r#"{"sub":"12","azp":"12","aud":"https://reports.example.com"}"#,
    ] {
        assert_eq!(kind("google", claims), Kind::Service, "{claims}");
    }
}

#[test]
fn kubernetes_service_accounts_have_the_groups_of_their_api_server() {
    let cart = by(
        "kubernetes",
        r#"{"sub":"system:serviceaccount:shop:cart","iss":"https://kubernetes.default.svc","aud":["lictor"],
            "kubernetes.io":{"namespace":"shop","serviceaccount":{"name":"cart","uid":"u"}}}"#,
    );
    assert_eq!(cart.kind, Kind::Service);
    assert_eq!(
        cart.groups,
        ["system:serviceaccounts", "system:serviceaccounts:shop"]
    );
    assert!(by("kubernetes", r#"{"sub":"dana"}"#).groups.is_empty());
    assert!(
        by("generic", r#"{"sub":"system:serviceaccount:shop:cart"}"#)
            .groups
            .is_empty()
    );
}
