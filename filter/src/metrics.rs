//! Counters, a gauge and histograms, by names that only a document or the code can add to.

use std::cell::{OnceCell, RefCell};
use std::collections::BTreeMap;

use lictor_engine::session::{Outcome, Session};
use lictor_engine::sql::Cache;
use proxy_wasm::types::MetricType;

use crate::host;

/// The ids of every metric that was used so far.
///
/// Those of every call are found without putting their names together anew.
#[derive(Debug, Default)]
pub struct Metrics {
    known: RefCell<BTreeMap<String, u32>>,
    /// Counters of decisions, by rule.
    rules: RefCell<BTreeMap<String, Outcomes>>,
    decode_us: OnceCell<Option<u32>>,
    decide_us: OnceCell<Option<u32>>,
    hits: OnceCell<Option<u32>>,
    misses: OnceCell<Option<u32>>,
}

/// What became of a rule that matched; the place of its counter.
#[derive(Debug, Clone, Copy)]
enum Told {
    Allow,
    Deny,
    Ask,
    Shadow,
}

/// Counters of one rule, those that were needed so far.
type Outcomes = [Option<u32>; 4];

impl Metrics {
    /// Counts the end of an exchange: by rule and outcome, or by code.
    pub fn ended(&self, session: &Session) {
        let told = match session.outcome() {
            Outcome::Allowed => Told::Allow,
            Outcome::Denied => Told::Deny,
            Outcome::Asked => Told::Ask,
            Outcome::Undecided | Outcome::SelfTest => return,
        };
        for rule in session.rules() {
            self.decided(rule, told);
        }
        for rule in session.shadow() {
            self.decided(rule, Told::Shadow);
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
        let histogram = |cell: &OnceCell<Option<u32>>, name| {
            *cell.get_or_init(|| self.id(MetricType::Histogram, name))
        };
        if let Some(metric) = histogram(&self.decode_us, "lictor_decode_us") {
            host::measure(metric, decode_us);
        }
        if let Some(metric) = histogram(&self.decide_us, "lictor_decide_us") {
            host::measure(metric, decide_us);
        }
    }

    /// Counts how often an analysis was remembered, and how often it had to be made.
    pub fn remembered(&self, analyses: &Cache) {
        let (hits, misses) = analyses.take_counts();
        for (cell, name, times) in [
            (&self.hits, "lictor_sql_cache.outcome.hit", hits),
            (&self.misses, "lictor_sql_cache.outcome.miss", misses),
        ] {
            if times > 0 {
                add(
                    *cell.get_or_init(|| self.id(MetricType::Counter, name)),
                    times,
                );
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
        add(self.id(MetricType::Counter, name), 1);
    }

    fn decided(&self, rule: &str, told: Told) {
        let place = told as usize;
        let known = self.rules.borrow().get(rule).copied().unwrap_or_default();
        let metric = known.get(place).copied().flatten();
        add(metric.or_else(|| self.define(rule, told, known)), 1);
    }

    fn define(&self, rule: &str, told: Told, mut known: Outcomes) -> Option<u32> {
        let outcome = match told {
            Told::Allow => "allow",
            Told::Deny => "deny",
            Told::Ask => "ask",
            Told::Shadow => "shadow",
        };
        let name = format!("lictor_decisions.rule.{rule}.outcome.{outcome}");
        let metric = self.id(MetricType::Counter, &name);
        if let Some(counter) = known.get_mut(told as usize) {
            *counter = metric;
        }
        self.rules.borrow_mut().insert(rule.to_owned(), known);
        metric
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

fn add(metric: Option<u32>, times: u64) {
    if let Some(metric) = metric
        && times > 0
    {
        host::count(metric, times);
    }
}
