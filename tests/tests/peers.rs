//! Mutual TLS: the workload at the other end is known by its certificate, and by nothing else.

use lictor_lab::call::Call;
use lictor_lab::envoy::LaunchError;
use lictor_lab::envoy::launch::Launch;
use lictor_tests::mesh::{CART, Mesh};
use serde_json::{Value, json};

/// A mesh in which the peer is used as this says.
fn mesh(peer: &str, change: impl FnOnce(Launch) -> Result<Launch, LaunchError>) -> Mesh {
    let policy = format!(
        "
lictor: v1
identity: {{{peer}}}
apis:
- name: reports
  match: {{path: /sql}}
  sql: {{dialect: sqlite, at: $.query}}
rules:
- id: only-the-cart
  effect: deny
  match: {{action.tables: orders}}
  except: {{principal.subject: {CART}}}
default: allow
"
    );
    Mesh::start(&policy, change)
}

/// Clients without a certificate, and without the second lock, get to lictor.
fn open(launch: Launch) -> Result<Launch, LaunchError> {
    let launch = launch.change(
        "require_client_certificate: true",
        "require_client_certificate: false",
    )?;
    launch.change(
        "permissions: [{any: true}]\n                    principals:\n",
        OPEN,
    )
}

const OPEN: &str = "permissions: [{any: true}]
                    principals:
                    - any: true
";

fn one() -> Call {
    Call::sql("SELECT 1 AS n")
}

fn orders() -> Call {
    Call::sql("SELECT count(*) FROM orders")
}

#[test]
fn a_workload_is_a_service_by_its_certificate() {
    let mesh = mesh("peer: identity", Ok);
    let exchange = mesh.play("cart", &orders());
    exchange.assert_passed();
    assert_eq!(
        exchange.record()["principal"],
        json!({"subject": CART, "kind": "service", "issuer": "spiffe://cluster.local", "peer": CART})
    );
    mesh.play("reports", &orders())
        .assert_denied_by("only-the-cart");
    // With a token its subject asks; the workload is still told.
    let token = mesh.company.provider.token(&json!({"sub": "dana"}));
    let exchange = mesh.play("cart", &one().token(Some(&token)));
    exchange.assert_passed();
    assert_eq!(exchange.record()["principal"]["subject"], "dana");
    assert_eq!(exchange.record()["principal"]["kind"], "human");
    assert_eq!(exchange.record()["principal"]["peer"], CART);
    mesh.play("cart", &orders().token(Some(&token)))
        .assert_denied_by("only-the-cart");
}

/// Envoy tells no longer whether a certificate was validated once a session is taken up again.
#[test]
fn a_session_that_is_taken_up_again_has_the_same_peer() {
    let mesh = mesh("peer: identity", Ok);
    for _ in 0..5 {
        mesh.play("cart", &orders()).assert_passed();
    }
}

#[test]
fn names_that_are_no_spiffe_id_are_nobodys() {
    let mesh = mesh("peer: identity", Ok);
    for certificate in ["host", "site", "twofold"] {
        let exchange = mesh.play(certificate, &one());
        exchange.assert_refused(401, "identity.anonymous");
        assert_eq!(exchange.record()["principal"]["peer"], Value::Null);
    }
    mesh.play("odd", &one())
        .assert_refused(403, "identity.peer_malformed");
}

#[test]
fn header_fields_about_certificates_are_no_proof() {
    let mesh = mesh("peer: identity", open);
    let spoofed = |call: Call| {
        call.header(
            "x-forwarded-client-cert",
            &format!("By=spiffe://cluster.local/x;Hash=00;URI={CART}"),
        )
        .header("x-client-cert", CART)
    };
    mesh.play("nobody", &spoofed(one()))
        .assert_refused(401, "identity.anonymous");
    let exchange = mesh.play("reports", &spoofed(orders()));
    exchange.assert_denied_by("only-the-cart");
    assert_eq!(
        exchange.record()["principal"]["peer"],
        "spiffe://cluster.local/ns/bi/sa/reports"
    );
}

#[test]
fn a_peer_that_is_only_a_fact_is_nobodys_identity() {
    let mesh = mesh("metadata: jwt", Ok);
    let exchange = mesh.play("cart", &one());
    exchange.assert_refused(401, "identity.anonymous");
    let token = mesh.company.provider.token(&json!({"sub": "dana"}));
    let exchange = mesh.play("cart", &one().token(Some(&token)));
    exchange.assert_passed();
    assert_eq!(exchange.record()["principal"]["peer"], CART);
}

#[test]
fn a_peer_that_is_ignored_is_not_even_read() {
    let mesh = mesh("peer: ignore", Ok);
    let token = mesh.company.provider.token(&json!({"sub": "dana"}));
    for certificate in ["cart", "odd"] {
        let exchange = mesh.play(certificate, &one().token(Some(&token)));
        exchange.assert_passed();
        assert_eq!(exchange.record()["principal"]["peer"], Value::Null);
    }
}

#[test]
fn a_certificate_that_nobody_vouched_for_gets_nowhere() {
    let closed = mesh("peer: identity", Ok);
    // The handshake fails; the client's side says 503.
    assert_eq!(closed.answer("stranger", &one()).status, 503);
    assert_eq!(closed.answer("nobody", &one()).status, 503);
    // Where Envoy is told to take any certificate lictor can't tell. The second lock can.
    let careless = mesh("peer: identity", |launch| {
        launch.change(
            "{trusted_ca: {filename: ${TRUSTED_CA}}}",
            "{trusted_ca: {filename: ${TRUSTED_CA}}, trust_chain_verification: ACCEPT_UNTRUSTED}",
        )
    });
    careless.play("cart", &one()).assert_passed();
    let exchange = careless.play("stranger", &one());
    exchange.assert_not_seen();
    assert_eq!(exchange.answer.status, 403, "{exchange:#?}");
    assert_eq!(exchange.record()["decision"], "none");
}
