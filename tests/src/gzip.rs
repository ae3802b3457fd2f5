//! Bytes become a gzip member (RFC 1952) of one stored block: real gzip without a compressor.

/// Wraps up to 65,535 bytes.
///
/// # Panics
/// When there are more.
#[must_use]
pub fn wrap(bytes: &[u8]) -> Vec<u8> {
    let length = u16::try_from(bytes.len()).expect("one stored block");
    let mut member = vec![0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255];
    member.push(1);
    member.extend(length.to_le_bytes());
    member.extend((!length).to_le_bytes());
    member.extend(bytes);
    member.extend(checksum(bytes).to_le_bytes());
    member.extend(u32::from(length).to_le_bytes());
    member
}

/// CRC-32 as gzip wants it.
fn checksum(bytes: &[u8]) -> u32 {
    const POLYNOMIAL: u32 = 0xedb8_8320;
    let remainder = bytes.iter().fold(u32::MAX, |remainder, byte| {
        (0..8).fold(remainder ^ u32::from(*byte), |bits, _| {
            (bits >> 1) ^ (POLYNOMIAL * (bits & 1))
        })
    });
    !remainder
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_checksum_is_the_standard_one() {
        assert_eq!(checksum(b"123456789"), 0xcbf4_3926);
    }
}
