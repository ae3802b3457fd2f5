//! Remembered handles, in the data that all workers of a virtual machine share.
//!
//! Bounded by a fixed number of places: where two handles meet the older one is forgotten, and
//! its client prepares its statement again. A place tells whose it is, so that none is mistaken
//! for another.

use lictor_engine::limits;
use lictor_engine::session::Remembered;

use crate::host;

/// What stands behind a handle, if it is remembered and not too old.
pub fn recall(key: &[u8; 32], now_ns: u64) -> Option<String> {
    let value = host::shared(&place(key)).ok().flatten()?;
    let (until, rest) = value.split_first_chunk::<8>()?;
    let (owner, text) = rest.split_first_chunk::<32>()?;
    let is_ours = owner == key && u64::from_le_bytes(*until) > seconds(now_ns);
    is_ours
        .then(|| String::from_utf8(text.to_vec()).ok())
        .flatten()
}

/// Remembers a handle. Where the host does not keep it, it will be an unknown one.
pub fn remember(remembered: &Remembered, now_ns: u64) {
    let until = seconds(now_ns).saturating_add(limits::HANDLE_SECONDS);
    let text = remembered.text.as_bytes();
    let value = [&until.to_le_bytes()[..], &remembered.key, text].concat();
    let _ = host::share(&place(&remembered.key), &value);
}

fn place(key: &[u8; 32]) -> String {
    let [a, b, ..] = *key;
    let number = u32::from(u16::from_le_bytes([a, b])).checked_rem(limits::HANDLES);
    format!("lictor.handle.{}", number.unwrap_or_default())
}

const fn seconds(now_ns: u64) -> u64 {
    now_ns / 1_000_000_000
}
