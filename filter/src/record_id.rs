//! Ids of records: UUIDs whose order is that of time.
//!
//! Source: RFC 9562, section 5.7 (version 7: milliseconds first, the rest random).

use std::cell::RefCell;

use lictor_engine::hex;

use crate::host;

/// Random bytes that an id uses.
const RANDOM_BYTES: usize = 10;

/// How many ids the host's random bytes are fetched for at once.
const AHEAD: usize = 32;

/// Makes ids.
#[derive(Debug, Default)]
pub struct RecordIds {
    random: RefCell<Vec<u8>>,
}

impl RecordIds {
    /// An id that no other record has.
    pub fn next(&self) -> String {
        let milliseconds = host::now_ns().checked_div(1_000_000).unwrap_or_default();
        text(milliseconds, self.random())
    }

    fn random(&self) -> [u8; RANDOM_BYTES] {
        let mut random = self.random.borrow_mut();
        if random.len() < RANDOM_BYTES {
            *random = host::random::<{ RANDOM_BYTES * AHEAD }>().map_or_else(
                // A host without random numbers does not get as far as its configuration.
                |_| vec![0; RANDOM_BYTES],
                Vec::from,
            );
        }
        let rest = random.len().saturating_sub(RANDOM_BYTES);
        let taken = random.split_off(rest);
        taken.try_into().unwrap_or_default()
    }
}

/// The id of that time and those bytes, of which six bits make room for version and variant.
fn text(milliseconds: u64, random: [u8; RANDOM_BYTES]) -> String {
    let [_, _, t0, t1, t2, t3, t4, t5] = milliseconds.to_be_bytes();
    let [r0, r1, r2, r3, r4, r5, r6, r7, r8, r9] = random;
    let version = 0x70 | (r0 & 0x0f);
    let variant = 0x80 | (r2 & 0x3f);
    let mut id = String::with_capacity(36);
    let fields: [&[u8]; 5] = [
        &[t0, t1, t2, t3],
        &[t4, t5],
        &[version, r1],
        &[variant, r3],
        &[r4, r5, r6, r7, r8, r9],
    ];
    for field in fields {
        if !id.is_empty() {
            id.push('-');
        }
        hex::push(&mut id, field);
    }
    id
}

#[cfg(test)]
mod tests {
    use super::text;
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    #[test]
    fn an_id_has_version_variant_and_time() {
        // The example of RFC 9562, appendix A.6: 2022-02-22, 14:22:22 at UTC-5.
        let random = [0x0c, 0xc3, 0x18, 0xc4, 0xdc, 0x0c, 0x0c, 0x07, 0x39, 0x8f];
        assert_eq!(
            text(0x017f_22e2_79b0, random),
            "017f22e2-79b0-7cc3-98c4-dc0c0c07398f"
        );
    }
}
