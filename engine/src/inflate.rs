//! Compressed bytes to plain ones: gzip and zlib, one member, bounded.
//!
//! Whatever two readers could take differently is refused: several members, bytes after the
//! end, a checksum that does not fit, deflate without its zlib frame.
//!
//! Sources: RFC 1950 (zlib), RFC 1951 (deflate), RFC 1952 (gzip).

use miniz_oxide::inflate::TINFLStatus;
use miniz_oxide::inflate::core::{DecompressorOxide, decompress, inflate_flags};

use crate::limits;

/// How the bytes are compressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Compression {
    /// RFC 1952.
    Gzip,
    /// RFC 1950, which HTTP and gRPC call `deflate`.
    Zlib,
}

/// Why bytes can't be inflated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InflateError {
    /// Cut off, damaged, in several members, or followed by something.
    Malformed,
    /// They would become more than the limit, or more than their own size allows.
    TooLarge,
}

/// What the bytes stand for: at most `limit_bytes` of it.
///
/// # Errors
///
/// Bytes that are not exactly one compressed text, or one that is too large.
pub fn inflate(
    bytes: &[u8],
    compression: Compression,
    limit_bytes: usize,
) -> Result<Vec<u8>, InflateError> {
    let by_ratio = bytes.len().saturating_mul(limits::INFLATE_RATIO);
    let most = limit_bytes.min(by_ratio.max(limits::INFLATE_ALWAYS_BYTES));
    match compression {
        Compression::Zlib => match raw(bytes, inflate_flags::TINFL_FLAG_PARSE_ZLIB_HEADER, most)? {
            (plain, []) => Ok(plain),
            _ => Err(InflateError::Malformed),
        },
        Compression::Gzip => {
            let body = gzip_body(bytes).ok_or(InflateError::Malformed)?;
            let (plain, trailer) = raw(body, 0, most)?;
            if trailer == gzip_trailer(&plain) {
                Ok(plain)
            } else {
                Err(InflateError::Malformed)
            }
        }
    }
}

/// Inflates, and gives what follows the end of the deflate stream.
fn raw(bytes: &[u8], flags: u32, most: usize) -> Result<(Vec<u8>, &[u8]), InflateError> {
    let flags = flags | inflate_flags::TINFL_FLAG_USING_NON_WRAPPING_OUTPUT_BUF;
    let mut state = Box::<DecompressorOxide>::default();
    let mut plain = vec![
        0;
        bytes
            .len()
            .saturating_mul(4)
            .clamp(256, most.max(256))
            .min(most)
    ];
    let (mut read, mut written) = (0_usize, 0_usize);
    loop {
        let rest = bytes.get(read..).unwrap_or_default();
        let (status, more_read, more) = decompress(&mut state, rest, &mut plain, written, flags);
        read = read.saturating_add(more_read);
        written = written.saturating_add(more);
        match status {
            TINFLStatus::Done => break,
            TINFLStatus::HasMoreOutput if plain.len() < most => {
                plain.resize(plain.len().saturating_mul(2).clamp(256, most), 0);
            }
            TINFLStatus::HasMoreOutput => return Err(InflateError::TooLarge),
            _ => return Err(InflateError::Malformed),
        }
    }
    plain.truncate(written);
    Ok((plain, bytes.get(read..).unwrap_or_default()))
}

/// What follows the header of the only member.
fn gzip_body(bytes: &[u8]) -> Option<&[u8]> {
    const HAS_EXTRA: u8 = 4;
    const HAS_NAME: u8 = 8;
    const HAS_COMMENT: u8 = 16;
    /// A checksum of the header, which hardly any writer sets, and bits that nobody may set.
    const UNREAD: u8 = 0b1110_0010;
    let (head, mut rest) = bytes.split_first_chunk::<10>()?;
    let [0x1f, 0x8b, 8, flags, ..] = *head else {
        return None;
    };
    if flags & UNREAD != 0 {
        return None;
    }
    if flags & HAS_EXTRA != 0 {
        let (length, after) = rest.split_first_chunk::<2>()?;
        rest = after.get(usize::from(u16::from_le_bytes(*length))..)?;
    }
    for flag in [HAS_NAME, HAS_COMMENT] {
        if flags & flag != 0 {
            let end = rest.iter().position(|&byte| byte == 0)?;
            rest = rest.get(end.saturating_add(1)..)?;
        }
    }
    Some(rest)
}

/// Checksum and length, as they end the member.
fn gzip_trailer(plain: &[u8]) -> [u8; 8] {
    let [a, b, c, d] = crc32(plain).to_le_bytes();
    #[expect(clippy::cast_possible_truncation, reason = "the length modulo 2^32")]
    let [e, f, g, h] = (plain.len() as u32).to_le_bytes();
    [a, b, c, d, e, f, g, h]
}

/// Four bits at a time: a table of bytes would cost a kilobyte of module.
fn crc32(bytes: &[u8]) -> u32 {
    const TABLE: [u32; 16] = [
        0x0000_0000,
        0x1db7_1064,
        0x3b6e_20c8,
        0x26d9_30ac,
        0x76dc_4190,
        0x6b6b_51f4,
        0x4db2_6158,
        0x5005_713c,
        0xedb8_8320,
        0xf00f_9344,
        0xd6d6_a3e8,
        0xcb61_b38c,
        0x9b64_c2b0,
        0x86d3_d2d4,
        0xa00a_e278,
        0xbdbd_f21c,
    ];
    let step = |crc: u32| {
        let low = usize::try_from(crc & 15).unwrap_or_default();
        (crc >> 4) ^ TABLE.get(low).copied().unwrap_or_default()
    };
    let crc = bytes
        .iter()
        .fold(!0_u32, |crc, &byte| step(step(crc ^ u32::from(byte))));
    !crc
}

#[cfg(test)]
mod tests {
    use super::*;
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    /// A stored block: deflate without any compression.
    fn stored(plain: &[u8]) -> Vec<u8> {
        let length = u16::try_from(plain.len()).unwrap();
        let mut bytes = vec![1];
        bytes.extend(length.to_le_bytes());
        bytes.extend((!length).to_le_bytes());
        bytes.extend(plain);
        bytes
    }

    fn gzip(plain: &[u8]) -> Vec<u8> {
        let mut bytes = vec![0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255];
        bytes.extend(stored(plain));
        bytes.extend(gzip_trailer(plain));
        bytes
    }

    /// `a` a hundred times, by zlib itself.
    const ZLIB: [u8; 12] = [
        0x78, 0x9c, 0x4b, 0x4c, 0xa4, 0x3d, 0x00, 0x00, 0x7a, 0x47, 0x25, 0xe5,
    ];

    #[test]
    fn one_member_reads_back() {
        assert_eq!(
            inflate(&gzip(b"{}"), Compression::Gzip, 100),
            Ok(b"{}".to_vec())
        );
        let text = b"123456789";
        assert_eq!(crc32(text), 0xcbf4_3926);
        let mut named = gzip(text);
        named[3] = 4 | 8 | 16;
        named.splice(10..10, *b"\x02\x00xxname\0comment\0");
        assert_eq!(
            inflate(&named, Compression::Gzip, 9),
            Ok(text.to_vec()),
            "exactly the limit"
        );
        assert_eq!(inflate(&gzip(b""), Compression::Gzip, 0), Ok(Vec::new()));
    }

    #[test]
    fn what_two_readers_could_take_differently_is_refused() {
        let whole = gzip(b"SELECT 1");
        let mut twice = whole.clone();
        twice.extend(&whole);
        let mut followed = whole.clone();
        followed.push(0);
        let mut damaged = whole.clone();
        damaged[20] ^= 1;
        let mut checked_head = whole.clone();
        checked_head[3] = 2;
        let cut = whole[..whole.len() - 1].to_vec();
        for bytes in [twice, followed, damaged, checked_head, cut, Vec::new()] {
            assert_eq!(
                inflate(&bytes, Compression::Gzip, 100),
                Err(InflateError::Malformed),
                "{bytes:?}"
            );
        }
        let bare = stored(b"SELECT 1");
        for bytes in [&bare[..], &whole] {
            let read = inflate(bytes, Compression::Zlib, 100);
            assert_eq!(read, Err(InflateError::Malformed), "{bytes:?}");
        }
    }

    #[test]
    fn zlib_is_checked_to_its_end() {
        let read = |bytes: &[u8]| inflate(bytes, Compression::Zlib, 100);
        let plain = read(&ZLIB);
        assert_eq!(plain, Ok(vec![b'a'; 100]));
        let mut damaged = ZLIB;
        damaged[11] ^= 1;
        assert_eq!(read(&damaged), Err(InflateError::Malformed));
        assert_eq!(read(&ZLIB[..11]), Err(InflateError::Malformed));
        let followed = [&ZLIB[..], b"x"].concat();
        assert_eq!(read(&followed), Err(InflateError::Malformed));
    }

    #[test]
    fn the_limit_is_one_of_what_comes_out() {
        for limit in [0, 1, 99] {
            let read = inflate(&ZLIB, Compression::Zlib, limit);
            assert_eq!(read, Err(InflateError::TooLarge), "{limit}");
        }
    }
}
