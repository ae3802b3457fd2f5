//! What deciding takes inside Envoy: few rules and a hundred, by the filter's own clock.
//!
//! The filter tells whole microseconds, so the mean of many calls is about half of one too small.

use std::error::Error;

use crate::client::{Load, Target, send};
use crate::setting::Setting;
use crate::variant::Variant;

/// Calls for each mean.
pub const CALLS: u64 = 20_000;

/// Mean times of deciding, in microseconds.
#[derive(Debug, Clone, Copy)]
pub struct Decisions {
    /// With ten rules, none of which can match.
    pub few_us: f64,
    /// With a hundred as people write them.
    pub hundred_us: f64,
}

/// Sends [`CALLS`] calls to each of two fresh Envoys.
///
/// # Errors
///
/// When one does not start, answers otherwise than it must, or tells no times.
pub fn measure(setting: &Setting) -> Result<Decisions, Box<dyn Error>> {
    Ok(Decisions {
        few_us: mean(setting, Variant::Allowing)?,
        hundred_us: mean(setting, Variant::Hundred)?,
    })
}

fn mean(setting: &Setting, variant: Variant) -> Result<f64, Box<dyn Error>> {
    let envoy = setting.start(variant)?;
    let target = Target {
        address: envoy.address(),
        token: &setting.token,
        status: variant.status(),
    };
    // What comes first compiles and fills caches.
    send(target, Load::Same, 0, CALLS)?;
    let before = envoy.admin().prometheus()?;
    send(target, Load::Same, CALLS, CALLS)?;
    let after = envoy.admin().prometheus()?;
    let grown = |name: &str| Some(sample(&after, name)? - sample(&before, name)?);
    let mean = grown("lictor_decide_us_sum").zip(grown("lictor_decide_us_count"));
    let (sum, count) = mean.ok_or("the filter tells no times")?;
    Ok(sum / count)
}

fn sample(page: &str, name: &str) -> Option<f64> {
    page.lines().find_map(|line| {
        let rest = line.strip_prefix(name)?;
        rest.rsplit(' ').next()?.parse().ok()
    })
}
