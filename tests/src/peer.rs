//! A real client, a service for it, and an Envoy with lictor between the two.
//!
//! The peers are the files of `tests/peers/vendors`: some are real services, others answer as the
//! vendor's would. A client makes one call after the other, so that what each came to is known
//! from every side.

use lictor_lab::call::Call;
use lictor_lab::client::http1;
use lictor_lab::envoy::Envoy;
use lictor_lab::envoy::launch::Launch;
use lictor_lab::identity_provider::IdentityProvider;
use lictor_lab::workspace::Folder;
use serde_json::{Value, json};

use self::client::Client;
use self::played::Played;
use self::service::Service;
use crate::company::module;

pub mod played;
pub mod story;

mod client;
mod service;

/// A path that only we ask for.
const MARK: &str = "/lab/mark";

/// Everything that runs for one client.
pub struct Peer {
    // Before the service: Envoy must not outlive what it points to.
    envoy: Envoy,
    client: Client,
    service: Service,
    folder: Folder,
    records: usize,
}

impl Peer {
    /// A peer behind a lictor with this policy.
    ///
    /// # Panics
    /// When it can't be started.
    #[must_use]
    pub fn start(name: &str, policy: &str) -> Self {
        let folder = Folder::new().expect("a folder");
        let service = Service::start(name, &folder);
        let provider = IdentityProvider::new();
        // What a vendor takes for a token is none of the provider's.
        let launch = Launch::recommended()
            .and_then(|launch| launch.change("allow_missing: {}", "allow_missing_or_failed: {}"));
        let launch = launch.map(|launch| {
            launch
                .guard(&module(), policy)
                .upstream(service.address())
                .jwks(provider.jwks())
        });
        let envoy = launch.and_then(Launch::start);
        let envoy = envoy.unwrap_or_else(|cause| panic!("{cause}"));
        Self {
            client: Client::start(
                name,
                envoy.address().port(),
                &provider.token(&json!({"sub": "ana"})),
            ),
            service,
            folder,
            records: 0,
            envoy,
        }
    }

    /// The client's next call, seen from every side.
    ///
    /// # Panics
    /// When the client ended or something is not to be had.
    #[must_use]
    pub fn play(&mut self) -> Played {
        let outcome = self.client.next_call();
        let records = self.new_records();
        Played {
            outcome,
            records,
            seen: self.service.new_requests(),
        }
    }

    /// The folder with what the service keeps.
    #[must_use]
    pub fn folder(&self) -> &Folder {
        &self.folder
    }

    /// One worker logs in the order in which streams end, so all before a call of ours are there
    /// when that is.
    fn new_records(&mut self) -> Vec<Value> {
        let mark = Call::read(MARK);
        http1::send(self.envoy.address(), &mark).expect("an answer to the mark");
        let log = self.envoy.access_log();
        log.of(&mark).unwrap_or_else(|cause| panic!("{cause}"));
        let records = log.records().expect("a readable log");
        let new = records.iter().skip(self.records);
        let own = new.filter(|record| record["path"] != MARK);
        let own = own.cloned().collect();
        self.records = records.len();
        own
    }
}
