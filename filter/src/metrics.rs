//! Counters, a gauge and histograms, by names that only a document or the code can add to.

use std::cell::RefCell;
use std::collections::BTreeMap;

use lictor_engine::session::{Outcome, Session};
use lictor_engine::sql::Cache;
use proxy_wasm::types::MetricType;

use crate::host;

/// The ids of every metric that was used so far.
#[derive(Debug, Default)]
pub struct Metrics {
    known: RefCell<BTreeMap<String, u32>>,
}

impl Metrics {
    /// Counts the end of an exchange: by rule and outcome, or by code.
    pub fn ended(&self, session: &Session) {
        let outcome = match session.outcome() {
            Outcome::Allowed => "allow",
            Outcome::Denied => "deny",
            Outcome::Undecided | Outcome::SelfTest => return,
        };
        for rule in session.rules() {
            self.count(&format!("lictor_decisions.rule.{rule}.outcome.{outcome}"));
        }
        for rule in session.shadow() {
            self.count(&format!("lictor_decisions.rule.{rule}.outcome.shadow"));
        }
        if let Some(code) = session.code()
            && session.rules().is_empty()
        {
            let code = code.replace('.', "_");
            self.count(&format!("lictor_refusals.code.{code}"));
        }
    }

    /// Adds to the histograms of the time that decoding and deciding took.
    pub fn took(&self, decode_us: u64, decide_us: u64) {
        for (name, value) in [
            ("lictor_decode_us", decode_us),
            ("lictor_decide_us", decide_us),
        ] {
            if let Some(metric) = self.id(MetricType::Histogram, name) {
                host::measure(metric, value);
            }
        }
    }

    /// Counts how often an analysis was remembered, and how often it had to be made.
    pub fn remembered(&self, analyses: &Cache) {
        let (hits, misses) = analyses.take_counts();
        for (name, times) in [
            ("lictor_sql_cache.outcome.hit", hits),
            ("lictor_sql_cache.outcome.miss", misses),
        ] {
            if times > 0
                && let Some(metric) = self.id(MetricType::Counter, name)
            {
                host::count(metric, times);
            }
        }
    }

    /// Sets a gauge.
    pub fn set(&self, name: &str, value: u64) {
        if let Some(metric) = self.id(MetricType::Gauge, name) {
            host::measure(metric, value);
        }
    }

    /// Adds one to a counter.
    pub fn count(&self, name: &str) {
        if let Some(metric) = self.id(MetricType::Counter, name) {
            host::count(metric, 1);
        }
    }

    fn id(&self, kind: MetricType, name: &str) -> Option<u32> {
        if let Some(&id) = self.known.borrow().get(name) {
            return Some(id);
        }
        let id = host::metric(kind, name).ok()?;
        self.known.borrow_mut().insert(name.to_owned(), id);
        Some(id)
    }
}
