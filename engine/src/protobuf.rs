//! The protobuf wire format: read field by field, written field by field.
//!
//! Reading never panics and never allocates, and takes bytes in one way only: no groups, no
//! overlong varints. Nesting is bounded by whoever descends.
//!
//! Source: the Protocol Buffers encoding specification.

/// What is wrong with the bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Malformed;

/// The payload of one field.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Payload<'a> {
    /// Wire type 0.
    Varint(u64),
    /// Wire type 1.
    Fixed64([u8; 8]),
    /// Wire type 2: a string, bytes or a message.
    Bytes(&'a [u8]),
    /// Wire type 5.
    Fixed32([u8; 4]),
}

/// Goes through the fields of one message in the order in which they stand.
#[derive(Debug, Clone)]
pub struct Fields<'a> {
    rest: &'a [u8],
}

impl<'a> Fields<'a> {
    /// The fields of a message.
    #[must_use]
    pub const fn of(message: &'a [u8]) -> Self {
        Self { rest: message }
    }

    fn field(&mut self) -> Result<(u32, Payload<'a>), Malformed> {
        let tag = read_varint(&mut self.rest)?;
        let number = u32::try_from(tag >> 3).map_err(|_| Malformed)?;
        let payload = match tag & 7 {
            0 => Payload::Varint(read_varint(&mut self.rest)?),
            1 => Payload::Fixed64(self.fixed()?),
            2 => {
                let length = read_varint(&mut self.rest)?;
                let length = usize::try_from(length).map_err(|_| Malformed)?;
                let (bytes, rest) = self.rest.split_at_checked(length).ok_or(Malformed)?;
                self.rest = rest;
                Payload::Bytes(bytes)
            }
            5 => Payload::Fixed32(self.fixed()?),
            _ => return Err(Malformed),
        };
        if number == 0 || number > MOST_NUMBER {
            Err(Malformed)
        } else {
            Ok((number, payload))
        }
    }

    fn fixed<const N: usize>(&mut self) -> Result<[u8; N], Malformed> {
        let (bytes, rest) = self.rest.split_first_chunk::<N>().ok_or(Malformed)?;
        self.rest = rest;
        Ok(*bytes)
    }
}

impl<'a> Iterator for Fields<'a> {
    type Item = Result<(u32, Payload<'a>), Malformed>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.rest.is_empty() {
            return None;
        }
        let field = self.field();
        if field.is_err() {
            self.rest = &[];
        }
        Some(field)
    }
}

/// The largest number that a field may have.
const MOST_NUMBER: u32 = (1 << 29) - 1;

/// Takes a varint from the front of `rest`.
///
/// # Errors
///
/// Cut off, longer than it needs to be, or beyond 64 bits: readers differ in what they make of
/// the last two.
pub fn read_varint(rest: &mut &[u8]) -> Result<u64, Malformed> {
    let mut value = 0_u64;
    for shift in (0..64).step_by(7) {
        let (&byte, after) = rest.split_first().ok_or(Malformed)?;
        *rest = after;
        let bits = u64::from(byte & 0x7f);
        let shifted = bits.checked_shl(shift).ok_or(Malformed)?;
        if shifted.checked_shr(shift) != Some(bits) {
            return Err(Malformed);
        }
        value |= shifted;
        if byte & 0x80 == 0 {
            let is_overlong = byte == 0 && shift > 0;
            return if is_overlong {
                Err(Malformed)
            } else {
                Ok(value)
            };
        }
    }
    Err(Malformed)
}

/// Appends a varint field.
pub fn write_varint(out: &mut Vec<u8>, number: u32, value: u64) {
    varint(out, u64::from(number) << 3);
    varint(out, value);
}

/// Appends a double field.
pub fn write_double(out: &mut Vec<u8>, number: u32, value: f64) {
    varint(out, (u64::from(number) << 3) | 1);
    out.extend_from_slice(&value.to_le_bytes());
}

/// Appends a length-delimited field.
pub fn write_bytes(out: &mut Vec<u8>, number: u32, bytes: &[u8]) {
    varint(out, (u64::from(number) << 3) | 2);
    varint(out, bytes.len() as u64);
    out.extend_from_slice(bytes);
}

/// Appends a message field whose content `fill` writes.
pub fn write_message(out: &mut Vec<u8>, number: u32, fill: impl FnOnce(&mut Vec<u8>)) {
    let place = open_message(out, number);
    fill(out);
    close_message(out, place);
}

/// Begins a message field: what is appended from now on is its content. Gives the place that
/// [`close_message`] needs.
///
/// The content is written in place: most messages are short enough for one byte of length,
/// and the rest is moved once.
pub fn open_message(out: &mut Vec<u8>, number: u32) -> usize {
    varint(out, (u64::from(number) << 3) | 2);
    let place = out.len();
    out.push(0);
    place
}

/// Ends the message field that [`open_message`] began at that place.
pub fn close_message(out: &mut Vec<u8>, place: usize) {
    let length = out.len().saturating_sub(place).saturating_sub(1);
    match u8::try_from(length) {
        Ok(short) if short < 0x80 => {
            if let Some(byte) = out.get_mut(place) {
                *byte = short;
            }
        }
        _ => {
            let mut bytes = Vec::with_capacity(5);
            varint(&mut bytes, length as u64);
            out.splice(place..=place, bytes);
        }
    }
}

fn varint(out: &mut Vec<u8>, mut value: u64) {
    while value >= 0x80 {
        out.push((value & 0x7f) as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
}

#[cfg(test)]
mod tests {
    use super::*;
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    #[test]
    fn reads_what_it_wrote() {
        let mut bytes = Vec::new();
        write_varint(&mut bytes, 1, u64::MAX);
        write_double(&mut bytes, 2, 42.0);
        write_bytes(&mut bytes, 300, b"abc");
        let fields: Vec<_> = Fields::of(&bytes).collect::<Result<_, _>>().unwrap();
        assert_eq!(fields[0], (1, Payload::Varint(u64::MAX)));
        assert_eq!(fields[1], (2, Payload::Fixed64(42.0_f64.to_le_bytes())));
        assert_eq!(fields[2], (300, Payload::Bytes(b"abc")));
    }

    #[test]
    fn a_message_of_any_length_reads_back() {
        for length in [0, 1, 127, 128, 16_383, 16_384, 100_000] {
            let mut bytes = Vec::new();
            write_message(&mut bytes, 7, |out| out.resize(out.len() + length, b'x'));
            let content = vec![b'x'; length];
            assert_eq!(
                Fields::of(&bytes).next(),
                Some(Ok((7, Payload::Bytes(&content))))
            );
        }
    }

    #[test]
    fn refuses_cut_off_and_odd_bytes() {
        let cases: [&[u8]; 10] = [
            &[0x08, 0x80, 0x00],
            &[0x88, 0x00, 0x01],
            &[
                0x08, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x02,
            ],
            &[0x80, 0x80, 0x80, 0x80, 0x10, 0x01],
            &[0x0a, 0x05, b'a'],
            &[0x80],
            &[0x09, 1, 2],
            &[0x0b],
            &[0x00, 0x00],
            &[
                0x08, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
            ],
        ];
        for bytes in cases {
            assert!(Fields::of(bytes).any(|field| field.is_err()), "{bytes:?}");
        }
    }
}
