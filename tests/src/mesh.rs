//! A company behind mutual TLS, and clients with certificates of all sorts.
//!
//! A second Envoy is the client's side: it carries a call on under the certificate that is asked
//! for, so that no TLS has to be spoken here.

use std::fs;

use lictor_lab::call::Call;
use lictor_lab::certificate_authority::{CertificateAuthority, Credential};
use lictor_lab::client::{Answer, http1};
use lictor_lab::envoy::launch::Launch;
use lictor_lab::envoy::{Envoy, LaunchError};
use lictor_lab::workspace::{Folder, configuration};

use crate::company::{Company, module};
use crate::exchange::Exchange;

/// The workload that most clients are.
pub const CART: &str = "spiffe://cluster.local/ns/shop/sa/cart";

/// Clients of the mesh, by the names in their certificates.
const MEMBERS: [(&str, &[&str]); 6] = [
    ("cart", &[CART]),
    ("reports", &["spiffe://cluster.local/ns/bi/sa/reports"]),
    ("host", &["cart.shop.internal"]),
    ("site", &["https://shop.example.com/cart"]),
    ("odd", &["spiffe://Cluster.local/ns/shop/sa/cart"]),
    ("twofold", &["https://shop.example.com/cart", CART]),
];

/// Everything that runs.
pub struct Mesh {
    client: Envoy,
    /// What is guarded.
    pub company: Company,
    _files: Folder,
}

impl Mesh {
    /// A mesh with this policy and a change of `envoy/mutual_tls.yaml`.
    ///
    /// # Panics
    /// When it can't be started.
    #[must_use]
    pub fn start(policy: &str, change: impl FnOnce(Launch) -> Result<Launch, LaunchError>) -> Self {
        let files = Folder::new().expect("a folder");
        let authority = CertificateAuthority::new().expect("an authority");
        let file = |name: &str, text: &str| {
            let path = files.file(name);
            fs::write(&path, text).expect("a file");
            path.display().to_string()
        };
        let trusted = file("trusted.pem", authority.certificate());
        let own = authority.issue(&["localhost"]).expect("a certificate");
        let company = Company::start_with(policy, &module(), |_| {
            let path = configuration("mutual_tls.yaml");
            let bootstrap = fs::read_to_string(&path);
            let launch = Launch::new(bootstrap.map_err(|cause| LaunchError::File(path, cause))?);
            change(launch).map(|launch| {
                launch
                    .value("CERTIFICATE", file("own.pem", &own.certificate))
                    .value("KEY", file("own.key", &own.key))
                    .value("TRUSTED_CA", &trusted)
            })
        });
        let port = company.envoy.address().port().to_string();
        let cluster = |name: &str, credential: &str| {
            let cluster = include_str!("mesh_cluster.yaml");
            let values = [
                ("${NAME}", name),
                ("${GUARD_PORT}", &port),
                ("${CREDENTIAL}", credential),
                ("${TRUSTED_CA}", &trusted),
            ];
            let fill = |text: String, (from, to): (&str, &str)| text.replace(from, to);
            values.into_iter().fold(cluster.to_owned(), fill)
        };
        let mut clusters = cluster("nobody", "");
        for (name, credential) in credentials(&authority) {
            let certificate = file(&format!("{name}.pem"), &credential.certificate);
            let key = file(&format!("{name}.key"), &credential.key);
            let files = format!(
                "{{certificate_chain: {{filename: {certificate}}}, private_key: {{filename: {key}}}}}"
            );
            clusters.push_str(&cluster(name, &files));
        }
        let client = Launch::new(include_str!("mesh_client.yaml").to_owned())
            .value("CLUSTERS", clusters)
            .start()
            .unwrap_or_else(|cause| panic!("{cause}"));
        Self {
            client,
            company,
            _files: files,
        }
    }

    /// Plays a call under a certificate: `nobody` has none, a `stranger` one of another authority.
    ///
    /// # Panics
    /// When there is no answer or no record.
    #[must_use]
    pub fn play(&self, certificate: &str, call: &Call) -> Exchange {
        let call = call.again();
        let answer = self.answer(certificate, &call);
        let logged = self.company.envoy.access_log().of(&call);
        Exchange {
            answer,
            logged: logged.unwrap_or_else(|cause| panic!("{cause}")),
            seen: self.company.upstream.seen(call.agent()),
            call,
        }
    }

    /// The answer alone, for calls that no guard gets to see.
    ///
    /// # Panics
    /// When there is none.
    #[must_use]
    pub fn answer(&self, certificate: &str, call: &Call) -> Answer {
        let call = call.clone().header("x-lab-certificate", certificate);
        http1::send(self.client.address(), &call).unwrap_or_else(|cause| panic!("{cause}"))
    }
}

fn credentials(authority: &CertificateAuthority) -> Vec<(&'static str, Credential)> {
    let stranger = CertificateAuthority::new().expect("an authority");
    let mut credentials = vec![("stranger", stranger.issue(&[CART]))];
    credentials.extend(MEMBERS.map(|(name, names)| (name, authority.issue(names))));
    let made = credentials.into_iter();
    made.map(|(name, credential)| (name, credential.expect("a certificate")))
        .collect()
}
