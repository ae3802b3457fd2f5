//! Rounds in which each variant takes its turn, so that whatever else the machine does meets
//! all of them alike.

use std::error::Error;
use std::time::Duration;

use lictor_lab::envoy::Envoy;

use crate::client::{Load, Target, send};
use crate::quantile;
use crate::setting::Setting;
use crate::variant::Variant;

/// Rounds that count; one more goes ahead to warm up.
pub const ROUNDS: u64 = 9;
/// Calls of one variant and one load in one round.
pub const CALLS: u64 = 4000;

/// What one variant did under one load, round by round.
pub struct Series {
    /// Which variant.
    pub variant: Variant,
    /// Which load.
    pub load: Load,
    rounds: Vec<Round>,
}

struct Round {
    median_us: f64,
    slowest_percent_us: f64,
    processor: Duration,
}

/// Ratios to another series of the same rounds.
#[derive(Debug, Clone, Copy)]
pub struct Ratios {
    /// Median latency.
    pub median: f64,
    /// Latency of the slowest percent.
    pub slowest_percent: f64,
    /// Processor time of Envoy per call.
    pub processor: f64,
}

/// Runs all rounds.
///
/// # Errors
///
/// When an Envoy does not start or answers otherwise than it must.
pub fn measure(setting: &Setting) -> Result<Vec<Series>, Box<dyn Error>> {
    let mut running = Vec::new();
    let mut series = Vec::new();
    for variant in Variant::ALL {
        running.push((variant, setting.start(variant)?));
        series.extend(Load::ALL.map(|load| Series {
            variant,
            load,
            rounds: Vec::new(),
        }));
    }
    for number in 0..=ROUNDS {
        eprintln!("    round {number} of {ROUNDS}");
        for load in Load::ALL {
            for (variant, envoy) in &running {
                setting.check_time()?;
                let round = round(setting, *variant, envoy, load, number)?;
                let of_these =
                    |series: &&mut Series| series.variant == *variant && series.load == load;
                if let Some(series) = series.iter_mut().find(of_these).filter(|_| number > 0) {
                    series.rounds.push(round);
                }
            }
        }
    }
    Ok(series)
}

fn round(
    setting: &Setting,
    variant: Variant,
    envoy: &Envoy,
    load: Load,
    number: u64,
) -> Result<Round, Box<dyn Error>> {
    let target = Target {
        address: envoy.address(),
        token: &setting.token,
        status: variant.status(),
    };
    let before = envoy.process().processor_time()?;
    let mut times = send(target, load, number * CALLS, CALLS)?;
    Ok(Round {
        median_us: quantile::microseconds(&mut times, 0.5),
        slowest_percent_us: quantile::microseconds(&mut times, 0.99),
        processor: envoy.process().processor_time()?.saturating_sub(before),
    })
}

impl Series {
    /// Median latency in microseconds.
    pub fn median_us(&self) -> f64 {
        quantile::median(self.rounds.iter().map(|round| round.median_us))
    }

    /// Latency of the slowest percent in microseconds.
    pub fn slowest_percent_us(&self) -> f64 {
        quantile::median(self.rounds.iter().map(|round| round.slowest_percent_us))
    }

    /// Calls for each second of processor time that Envoy used.
    pub fn calls_per_processor_second(&self) -> f64 {
        (self.rounds.len() as u64 * CALLS) as f64 / self.processor().as_secs_f64()
    }

    /// How many times as much as the other series, as the median of the rounds.
    pub fn ratios_to(&self, other: &Self) -> Ratios {
        let each = |of: fn(&Round) -> f64| {
            let pairs = self.rounds.iter().zip(&other.rounds);
            quantile::median(pairs.map(|(mine, theirs)| of(mine) / of(theirs)))
        };
        Ratios {
            median: each(|round| round.median_us),
            slowest_percent: each(|round| round.slowest_percent_us),
            // One round takes few ticks of the processor clock, so this is over all of them.
            processor: self.processor().as_secs_f64() / other.processor().as_secs_f64(),
        }
    }

    fn processor(&self) -> Duration {
        self.rounds.iter().map(|round| round.processor).sum()
    }
}
