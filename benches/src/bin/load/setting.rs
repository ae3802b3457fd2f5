//! An Envoy for each variant, and a caller that all of them accept.

use std::error::Error;
use std::io;
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use lictor_benches::call;
use lictor_lab::envoy::Envoy;
use lictor_lab::envoy::launch::Launch;
use lictor_lab::identity_provider::IdentityProvider;

use crate::upstream;
use crate::variant::Variant;

const BOOTSTRAP: &str = include_str!("../../../load/envoy.yaml");
const FILTER: &str = include_str!("../../../load/filter.yaml");
const PLACE_OF_FILTER: &str = "          # filter goes here\n";
const PLACE_OF_LOG_FORMAT: &str = "              # log format goes here\n";
const LOG_FORMAT_INDENT: &str = "              ";

/// No machine is so slow that a longer bench would say anything.
const LIMIT: Duration = Duration::from_secs(15 * 60);

/// What all measurements share.
pub struct Setting {
    provider: IdentityProvider,
    upstream: SocketAddr,
    started: Instant,
    /// The caller's token.
    pub token: String,
}

impl Setting {
    /// Makes a provider, a token and an upstream; the clock of the whole bench starts here.
    ///
    /// # Errors
    ///
    /// When there is no port for the upstream.
    pub fn new() -> io::Result<Self> {
        let provider = IdentityProvider::new();
        let token = provider.token(&call::claims());
        Ok(Self {
            provider,
            upstream: upstream::start()?,
            started: Instant::now(),
            token,
        })
    }

    /// Starts an Envoy with one worker.
    ///
    /// # Errors
    ///
    /// When the module is missing or Envoy does not start.
    pub fn start(&self, variant: Variant) -> Result<Envoy, Box<dyn Error>> {
        let module = variant.module()?;
        let filter = if module.is_some() { FILTER } else { "" };
        let mut launch = Launch::new(BOOTSTRAP.to_owned())
            .change(PLACE_OF_FILTER, filter)?
            .change(
                PLACE_OF_LOG_FORMAT,
                &indented(variant.log_format(), LOG_FORMAT_INDENT),
            )?;
        if let Some(module) = module {
            launch = launch.guard(&module, &variant.policy());
        }
        Ok(launch
            .upstream(self.upstream)
            .jwks(self.provider.jwks())
            .concurrency(1)
            .start()?)
    }

    /// Ends the bench when it takes too long.
    ///
    /// # Errors
    ///
    /// When the limit is passed.
    pub fn check_time(&self) -> Result<(), Box<dyn Error>> {
        if self.started.elapsed() > LIMIT {
            return Err(format!("not done after {} minutes", LIMIT.as_secs() / 60).into());
        }
        Ok(())
    }
}

/// Each line moved to the right, so that YAML takes it for a part of what stands around it.
fn indented(text: &str, by: &str) -> String {
    text.lines().map(|line| format!("{by}{line}\n")).collect()
}
