//! Everything the story needs, running.

use std::error::Error;
use std::fs;

use lictor_lab::envoy::Envoy;
use lictor_lab::envoy::launch::Launch;
use lictor_lab::identity_provider::IdentityProvider;
use lictor_lab::upstream::Upstream;
use lictor_lab::upstream::database::Database;
use lictor_lab::workspace;

/// The company on loopback.
pub(crate) struct Stage {
    // Before the upstream: Envoy must not outlive what it points to.
    pub(crate) envoy: Envoy,
    pub(crate) upstream: Upstream,
    pub(crate) provider: IdentityProvider,
}

impl Stage {
    /// Starts it from the configuration of the repository: `envoy.yaml`, `ecds.yaml`, `lictor.yaml`.
    pub(crate) fn set() -> Result<Self, Box<dyn Error>> {
        let module = workspace::module()?;
        let policy = workspace::configuration("lictor.yaml");
        let policy = fs::read_to_string(&policy)
            .map_err(|cause| format!("`{}`: {cause}", policy.display()))?;
        let provider = IdentityProvider::new();
        let upstream = Upstream::start(Database::in_memory()?)?;
        let envoy = Launch::recommended()?
            .guard(&module, &policy)
            .upstream(upstream.address())
            .jwks(provider.jwks())
            .start()?;
        Ok(Self {
            envoy,
            upstream,
            provider,
        })
    }
}
