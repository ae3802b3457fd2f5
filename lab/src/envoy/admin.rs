//! Envoy's admin interface: statistics, Prometheus text, logging levels.

use std::collections::BTreeMap;
use std::io;
use std::net::SocketAddr;

use crate::call::Call;
use crate::client::http1;
use crate::deadline::{TimedOut, wait_for};

/// The admin interface of one Envoy.
#[derive(Debug, Clone, Copy)]
pub struct Admin {
    address: SocketAddr,
}

impl Admin {
    pub(super) fn new(address: SocketAddr) -> Self {
        Self { address }
    }

    /// Where it listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Reads a page.
    ///
    /// # Errors
    /// When Envoy is gone or does not answer 200.
    pub fn read(&self, path: &str) -> io::Result<String> {
        self.ask(&Call::read(path))
    }

    /// Posts to a page, such as `/logging?wasm=debug`.
    ///
    /// # Errors
    /// When Envoy is gone or does not answer 200.
    pub fn post(&self, path: &str) -> io::Result<String> {
        self.ask(&Call::new("POST", path).piece(""))
    }

    /// Counters and gauges, by name.
    ///
    /// # Errors
    /// When Envoy is gone.
    pub fn statistics(&self) -> io::Result<BTreeMap<String, u64>> {
        let text = self.read("/stats")?;
        let pairs = text.lines().filter_map(|line| line.rsplit_once(": "));
        Ok(pairs
            .filter_map(|(name, value)| Some((name.to_owned(), value.parse().ok()?)))
            .collect())
    }

    /// One counter or gauge; zero when there is none of that name.
    ///
    /// # Errors
    /// When Envoy is gone.
    pub fn statistic(&self, name: &str) -> io::Result<u64> {
        Ok(self.statistics()?.get(name).copied().unwrap_or_default())
    }

    /// The sum of all counters and gauges whose name starts like this.
    ///
    /// # Errors
    /// When Envoy is gone.
    pub fn sum(&self, start: &str) -> io::Result<u64> {
        let statistics = self.statistics()?;
        Ok(statistics
            .iter()
            .filter(|(name, _)| name.starts_with(start))
            .map(|(_, value)| value)
            .sum())
    }

    /// Waits until a counter or gauge is at least that high.
    ///
    /// # Errors
    /// When it does not get there in time.
    pub fn wait_for_statistic(&self, name: &str, least: u64) -> Result<u64, TimedOut> {
        wait_for(&format!("{name} >= {least}"), || {
            self.statistic(name).ok().filter(|value| *value >= least)
        })
    }

    /// The Prometheus page.
    ///
    /// # Errors
    /// When Envoy is gone.
    pub fn prometheus(&self) -> io::Result<String> {
        self.read("/stats/prometheus")
    }

    fn ask(&self, call: &Call) -> io::Result<String> {
        let answer = http1::send(self.address, call)?;
        if answer.status == 200 {
            Ok(answer.text())
        } else {
            Err(io::Error::other(format!(
                "{}: {}",
                call.path, answer.status
            )))
        }
    }
}
