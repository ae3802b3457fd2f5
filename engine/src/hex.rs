//! Bytes as lower-case hexadecimal digits.

/// Appends two digits for every byte.
pub fn push(text: &mut String, bytes: &[u8]) {
    for byte in bytes {
        for nibble in [byte >> 4, byte & 0x0f] {
            text.extend(char::from_digit(u32::from(nibble), 16));
        }
    }
}
