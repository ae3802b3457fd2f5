//! The bytes of a gRPC body become messages: length-prefixed frames, gzip or zlib undone.
//!
//! A frame is one message or nothing: flags that nobody gave a meaning, compression that the
//! head does not name and a tail that is no whole frame are refused.
//!
//! Sources: "gRPC over HTTP2" and "gRPC Web" of the gRPC project.

use std::borrow::Cow;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::inflate::{Compression, InflateError, inflate};
use crate::limits;
use crate::message::Head;
use crate::refusal::Refusal;

/// Flag and length in front of each message.
const PREFIX: usize = 5;

/// How frames travel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Carriage {
    /// gRPC over HTTP/2.
    Grpc,
    /// gRPC-Web: the same frames.
    Web,
    /// gRPC-Web as text: the frames in base64.
    WebText,
}

impl Carriage {
    /// How the head says that frames travel; `None` where it says something else.
    #[must_use]
    pub fn of(head: &Head) -> Option<Self> {
        let mut types = head.headers.all("content-type");
        let (Some(value), None) = (types.next(), types.next()) else {
            return None;
        };
        let value = std::str::from_utf8(value).ok()?;
        let essence = value.split(';').next()?.trim().to_ascii_lowercase();
        let rest = essence.strip_prefix("application/grpc")?;
        match rest.strip_suffix("+proto").unwrap_or(rest) {
            "" => Some(Self::Grpc),
            "-web" => Some(Self::Web),
            "-web-text" => Some(Self::WebText),
            _ => None,
        }
    }
}

/// How the head says that messages are compressed, if they are.
///
/// # Errors
///
/// `grpc.encoding`: in another way, or in several.
pub(super) fn compression(head: &Head) -> Result<Option<Compression>, Refusal> {
    let mut encodings = head.headers.all("grpc-encoding");
    let found = encodings.next();
    if encodings.next().is_some() || head.headers.first("content-encoding").is_some() {
        return Err(ENCODING);
    }
    match found {
        None | Some(b"identity") => Ok(None),
        Some(b"gzip") => Ok(Some(Compression::Gzip)),
        Some(b"deflate") => Ok(Some(Compression::Zlib)),
        Some(_) => Err(ENCODING),
    }
}

/// How many bytes the first frame takes, prefix included; `None` while the prefix is not whole.
///
/// # Errors
///
/// `grpc.frame_malformed`: a flag without a meaning.
pub fn length(bytes: &[u8]) -> Result<Option<usize>, Refusal> {
    let Some((&[flags, a, b, c, d], _)) = bytes.split_first_chunk::<PREFIX>() else {
        return match bytes.first() {
            None | Some(0 | 1) => Ok(None),
            Some(_) => Err(MALFORMED),
        };
    };
    if flags > 1 {
        return Err(MALFORMED);
    }
    let length = usize::try_from(u32::from_be_bytes([a, b, c, d])).unwrap_or(usize::MAX);
    Ok(Some(length.saturating_add(PREFIX)))
}

/// Takes the first message off `bytes`.
///
/// # Errors
///
/// A frame that is not whole, or not readable.
pub(super) fn next<'b>(
    bytes: &mut &'b [u8],
    compression: Option<Compression>,
) -> Result<Cow<'b, [u8]>, Refusal> {
    let whole = length(bytes)?.ok_or(TRUNCATED)?;
    let (frame, rest) = bytes.split_at_checked(whole).ok_or(TRUNCATED)?;
    *bytes = rest;
    let is_compressed = frame.first() == Some(&1);
    let message = frame.get(PREFIX..).unwrap_or_default();
    match (is_compressed, compression) {
        (false, _) => Ok(Cow::Borrowed(message)),
        (true, None) => Err(ENCODING),
        (true, Some(compression)) => {
            match inflate(message, compression, limits::GRPC_INFLATED_BYTES) {
                Ok(plain) => Ok(Cow::Owned(plain)),
                Err(InflateError::Malformed) => Err(COMPRESSED),
                Err(InflateError::TooLarge) => Err(TOO_LARGE),
            }
        }
    }
}

/// The frames of a body in which they travel as text.
pub(super) fn from_text(body: &[u8]) -> Result<Vec<u8>, Refusal> {
    STANDARD.decode(body).map_err(|_| TEXT)
}

const MALFORMED: Refusal = Refusal::malformed(
    "grpc.frame_malformed",
    "expected frames with a flag of 0 or 1",
    "send length-prefixed messages as gRPC frames them",
);
pub(crate) const TRUNCATED: Refusal = Refusal::malformed(
    "grpc.frame_truncated",
    "expected whole messages up to the end of the body",
    "send every message as long as its prefix says",
);
const TEXT: Refusal = Refusal::malformed(
    "grpc.frame_malformed",
    "expected the frames of gRPC-Web text in one piece of base64",
    "encode the body as standard base64",
);
const ENCODING: Refusal = Refusal::with_status(
    415,
    "grpc.encoding",
    "expected messages that are plain, gzip or deflate, as one `grpc-encoding` says",
    "send messages without compression, or with gzip",
);
const COMPRESSED: Refusal = Refusal::malformed(
    "grpc.message_malformed",
    "expected one compressed message that is whole",
    "compress each message by itself",
);
const TOO_LARGE: Refusal = Refusal::with_status(
    413,
    "grpc.message_too_large",
    "expected a message of at most 4 MiB, and of at most 256 times its compressed size",
    "send less in one message",
);

#[cfg(test)]
mod tests {
    use super::*;
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    fn head(fields: &[(&str, &str)]) -> Head {
        let mut head = Head::default();
        for (name, value) in fields {
            head.headers.push(name.as_bytes(), value.as_bytes());
        }
        head
    }

    #[test]
    fn knows_how_frames_travel() {
        for (value, carriage) in [
            ("application/grpc", Some(Carriage::Grpc)),
            ("application/grpc+proto", Some(Carriage::Grpc)),
            ("Application/gRPC; charset=utf-8", Some(Carriage::Grpc)),
            ("application/grpc-web+proto", Some(Carriage::Web)),
            ("application/grpc-web-text", Some(Carriage::WebText)),
            ("application/grpc+json", None),
            ("application/grpc-weblike", None),
            ("application/json", None),
        ] {
            let found = Carriage::of(&head(&[("content-type", value)]));
            assert_eq!(found, carriage, "{value}");
        }
        let two = [
            ("content-type", "application/grpc"),
            ("content-type", "application/grpc"),
        ];
        assert_eq!(Carriage::of(&head(&two)), None);
    }

    #[test]
    fn messages_come_whole_or_not_at_all() {
        let mut bytes = &b"\0\0\0\0\x02ab\0\0\0\0\0\0\0\0\0\x03a"[..];
        assert_eq!(next(&mut bytes, None).unwrap(), &b"ab"[..]);
        assert_eq!(next(&mut bytes, None).unwrap(), &b""[..]);
        assert_eq!(next(&mut bytes, None).unwrap_err(), TRUNCATED);
        assert_eq!(length(b"\0\0\0"), Ok(None));
        assert_eq!(length(b"\x80\0\0"), Err(MALFORMED));
        assert_eq!(length(b"\x02\0\0\0\x01"), Err(MALFORMED));
    }

    #[test]
    fn compression_is_what_the_head_says() {
        let mut bytes = &b"\x01\0\0\0\x0c\x78\x9c\x4b\x4c\xa4\x3d\x00\x00\x7a\x47\x25\xe5"[..];
        let whole = bytes;
        let plain = next(&mut bytes, Some(Compression::Zlib)).unwrap();
        assert_eq!(plain, vec![b'a'; 100]);
        for compression in [None, Some(Compression::Gzip)] {
            let read = next(&mut { whole }, compression);
            assert!(read.is_err(), "{compression:?}");
        }
        for (fields, found) in [
            (&[][..], Ok(None)),
            (&[("grpc-encoding", "identity")], Ok(None)),
            (&[("grpc-encoding", "gzip")], Ok(Some(Compression::Gzip))),
            (&[("grpc-encoding", "zstd")], Err("grpc.encoding")),
            (&[("content-encoding", "gzip")], Err("grpc.encoding")),
        ] {
            let read = compression(&head(fields)).map_err(|refusal| refusal.code);
            assert_eq!(read, found, "{fields:?}");
        }
    }
}
