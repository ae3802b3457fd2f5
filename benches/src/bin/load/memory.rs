//! Envoy's memory with lictor in it, after some calls and after ten times as many.
//!
//! Every statement is new, which is the worst that a cache can meet.

use std::error::Error;

use crate::client::{Load, Target, send};
use crate::setting::Setting;
use crate::variant::Variant;

/// When memory is looked at first, in calls.
pub const FIRST: u64 = 20_000;
/// When it is looked at again.
pub const LAST: u64 = 200_000;
const STEP: u64 = 20_000;

/// Resident memory of Envoy in KiB.
#[derive(Debug, Clone, Copy)]
pub struct Memory {
    /// Before the first call.
    pub at_start_kib: u64,
    /// After [`FIRST`] calls.
    pub first_kib: u64,
    /// After [`LAST`] calls.
    pub last_kib: u64,
}

/// Sends [`LAST`] calls to a fresh Envoy.
///
/// # Errors
///
/// When it does not start or answers otherwise than it must.
pub fn measure(setting: &Setting) -> Result<Memory, Box<dyn Error>> {
    let variant = Variant::Allowing;
    let envoy = setting.start(variant)?;
    let target = Target {
        address: envoy.address(),
        token: &setting.token,
        status: variant.status(),
    };
    let at_start_kib = envoy.process().memory_kib()?;
    let mut first_kib = at_start_kib;
    for done in (0..LAST).step_by(STEP as usize) {
        eprintln!("    memory: {done} of {LAST} calls");
        setting.check_time()?;
        send(target, Load::New, done, STEP)?;
        if done + STEP == FIRST {
            first_kib = envoy.process().memory_kib()?;
        }
    }
    Ok(Memory {
        at_start_kib,
        first_kib,
        last_kib: envoy.process().memory_kib()?,
    })
}
