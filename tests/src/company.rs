//! A provider, an upstream and an Envoy with lictor in it, for one test or for a whole suite.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError, Weak};

use lictor_lab::call::Call;
use lictor_lab::envoy::launch::Launch;
use lictor_lab::envoy::{Envoy, LaunchError};
use lictor_lab::identity_provider::IdentityProvider;
use lictor_lab::identity_provider::cast::Caller;
use lictor_lab::upstream::Upstream;
use lictor_lab::upstream::database::Database;
use lictor_lab::workspace;

use crate::exchange::Exchange;
use crate::transport::Transport;

/// The policy of the suites.
pub const POLICY: &str = include_str!("policy.yaml");

/// Everything that runs.
pub struct Company {
    // Before the upstream: Envoy must not outlive what it points to.
    /// The Envoy.
    pub envoy: Envoy,
    /// The guarded service.
    pub upstream: Upstream,
    /// Who vouches for callers.
    pub provider: IdentityProvider,
}

impl Company {
    /// One company for all tests of a suite that run at the same time; it ends with the last of
    /// them, since a process can't be left to a static.
    ///
    /// # Panics
    /// When it can't be started.
    #[must_use]
    pub fn shared() -> Arc<Self> {
        static SHARED: Mutex<Weak<Company>> = Mutex::new(Weak::new());
        let mut shared = SHARED.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(running) = shared.upgrade() {
            return running;
        }
        let started = Arc::new(Self::start(POLICY));
        *shared = Arc::downgrade(&started);
        started
    }

    /// A company with this policy and the recommended configuration.
    ///
    /// # Panics
    /// When it can't be started.
    #[must_use]
    pub fn start(policy: &str) -> Self {
        Self::start_with(policy, &module(), Ok)
    }

    /// A company with this policy and module, and a change of the recommended configuration.
    ///
    /// # Panics
    /// When it can't be started.
    #[must_use]
    pub fn start_with(
        policy: &str,
        module: &Path,
        change: impl FnOnce(Launch) -> Result<Launch, LaunchError>,
    ) -> Self {
        let provider = IdentityProvider::new();
        let upstream = Database::in_memory().expect("a database in memory");
        let upstream = Upstream::start(upstream).expect("an upstream on loopback");
        let started = Launch::recommended().and_then(change).and_then(|launch| {
            launch
                .guard(module, policy)
                .upstream(upstream.address())
                .jwks(provider.jwks())
                .start()
        });
        Self {
            envoy: started.unwrap_or_else(|cause| panic!("{cause}")),
            upstream,
            provider,
        }
    }

    /// Plays a call by this caller over HTTP/1.1.
    ///
    /// # Panics
    /// When there is no answer or no record.
    #[must_use]
    pub fn play(&self, caller: Caller, call: &Call) -> Exchange {
        self.play_over(Transport::Http1, caller, call)
    }

    /// Plays a call by this caller.
    ///
    /// # Panics
    /// When there is no answer or no record.
    #[must_use]
    pub fn play_over(&self, transport: Transport, caller: Caller, call: &Call) -> Exchange {
        let token = caller.token(&self.provider);
        self.play_raw(transport, call.clone().token(token.as_deref()))
    }

    /// Plays a call as it is, with whatever token it has.
    ///
    /// # Panics
    /// When there is no answer or no record.
    #[must_use]
    pub fn play_raw(&self, transport: Transport, call: Call) -> Exchange {
        let call = call.again();
        let answer = transport
            .send(self.envoy.address(), &call)
            .unwrap_or_else(|cause| panic!("{transport:?} {} {}: {cause}", call.method, call.path));
        let logged = self.envoy.access_log().of(&call);
        Exchange {
            answer,
            logged: logged.unwrap_or_else(|cause| panic!("{cause}")),
            seen: self.upstream.seen(call.agent()),
            call,
        }
    }
}

/// The guard.
///
/// # Panics
/// When it was not built.
#[must_use]
pub fn module() -> PathBuf {
    workspace::module().unwrap_or_else(|cause| panic!("{cause}"))
}

/// The guard with built-in faults.
///
/// # Panics
/// When it was not built.
#[must_use]
pub fn faulty_module() -> PathBuf {
    workspace::faulty_module().unwrap_or_else(|cause| panic!("{cause}"))
}
