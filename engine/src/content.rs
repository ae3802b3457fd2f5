//! How a body is to be read: its media type, character set and encoding, or a refusal.
//!
//! A body is only ever read as UTF-8 text of one declared media type. Whatever else a server
//! could take it for is refused.
//!
//! Source: RFC 9110, sections 8.3 (Content-Type) and 8.4 (Content-Encoding).

use crate::inflate::Compression;
use crate::message::Head;
use crate::refusal::Refusal;

/// The media types that the engine can read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Media {
    /// `application/json`, `text/json` and `…+json`.
    Json,
    /// `application/x-www-form-urlencoded`.
    Form,
    /// `text/plain`, `application/sql` and the like: the body is the text.
    Text,
    /// There is no Content-Type.
    Absent,
    /// Anything else.
    Other,
}

/// Reads the Content-Type, and sees to it that the body is in no coding that nobody here
/// undoes, nor in another character set.
///
/// # Errors
///
/// `content.type_repeated`, `content.type_malformed`, `content.charset` or `content.encoded`.
pub fn media(head: &Head) -> Result<Media, Refusal> {
    encoding(head)?;
    let mut types = head.headers.all("content-type");
    match (types.next(), types.next()) {
        (None, _) => Ok(Media::Absent),
        (Some(_), Some(_)) => Err(TYPE_REPEATED),
        (Some(value), None) => media_type(value),
    }
}

/// How the body is compressed, if it is: one coding that every server undoes alike.
///
/// # Errors
///
/// `content.encoded`: another coding, or several.
pub fn encoding(head: &Head) -> Result<Option<Compression>, Refusal> {
    let codings = head.headers.all("content-encoding").map(<[u8]>::trim_ascii);
    let mut codings = codings.filter(|coding| !coding.eq_ignore_ascii_case(b"identity"));
    match (codings.next(), codings.next()) {
        (None, _) => Ok(None),
        (Some(one), None) if one.eq_ignore_ascii_case(b"gzip") => Ok(Some(Compression::Gzip)),
        (Some(one), None) if one.eq_ignore_ascii_case(b"deflate") => Ok(Some(Compression::Zlib)),
        _ => Err(ENCODED),
    }
}

fn media_type(value: &[u8]) -> Result<Media, Refusal> {
    let value = std::str::from_utf8(value).map_err(|_| TYPE_MALFORMED)?;
    if value.contains(',') {
        return Err(TYPE_REPEATED);
    }
    let mut parts = value.split(';').map(str::trim);
    let essence = parts.next().unwrap_or_default().to_ascii_lowercase();
    let mut charset = None;
    for parameter in parts.filter(|part| !part.is_empty()) {
        let (name, value) = parameter.split_once('=').ok_or(TYPE_MALFORMED)?;
        if name.eq_ignore_ascii_case("charset")
            && charset.replace(value.trim_matches('"')).is_some()
        {
            return Err(TYPE_REPEATED);
        }
    }
    match charset {
        Some(charset)
            if !["utf-8", "utf8", "us-ascii"]
                .iter()
                .any(|name| charset.eq_ignore_ascii_case(name)) =>
        {
            Err(CHARSET)
        }
        _ => Ok(known(&essence)),
    }
}

fn known(essence: &str) -> Media {
    match essence {
        "application/json" | "text/json" => Media::Json,
        "application/x-www-form-urlencoded" => Media::Form,
        "text/plain" | "application/sql" | "text/sql" | "application/x-sql" => Media::Text,
        other if other.ends_with("+json") => Media::Json,
        _ => Media::Other,
    }
}

/// The body as text.
///
/// # Errors
///
/// `content.not_utf8` or `content.byte_order_mark`.
pub fn text(body: &[u8]) -> Result<&str, Refusal> {
    let is_marked = [&b"\xef\xbb\xbf"[..], b"\xfe\xff", b"\xff\xfe"]
        .iter()
        .any(|mark| body.starts_with(mark));
    if is_marked {
        return Err(BYTE_ORDER_MARK);
    }
    std::str::from_utf8(body).map_err(|_| NOT_UTF8)
}

const UTF8: &str = "send the body as UTF-8 without a byte order mark";
const ENCODED: Refusal = Refusal::with_status(
    415,
    "content.encoded",
    "expected a body without Content-Encoding, or with `gzip` or `deflate` once",
    "send the body unencoded or in gzip",
);
const TYPE_REPEATED: Refusal = Refusal::malformed(
    "content.type_repeated",
    "expected one Content-Type with each parameter once",
    "send one Content-Type",
);
const TYPE_MALFORMED: Refusal = Refusal::malformed(
    "content.type_malformed",
    "expected a Content-Type of the form `type/subtype; name=value`",
    "send a well-formed Content-Type",
);
const CHARSET: Refusal = Refusal::with_status(
    415,
    "content.charset",
    "expected the character set UTF-8",
    UTF8,
);
const NOT_UTF8: Refusal = Refusal::malformed(
    "content.not_utf8",
    "expected a body that is valid UTF-8",
    UTF8,
);
const BYTE_ORDER_MARK: Refusal = Refusal::malformed(
    "content.byte_order_mark",
    "expected a body without a byte order mark",
    UTF8,
);

#[cfg(test)]
mod tests {
    use super::*;
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    fn read(fields: &[(&str, &str)]) -> Result<Media, &'static str> {
        let mut head = Head::default();
        for (name, value) in fields {
            head.headers.push(name.as_bytes(), value.as_bytes());
        }
        media(&head).map_err(|refusal| refusal.code)
    }

    #[test]
    fn knows_the_media_types_it_reads() {
        for (value, media) in [
            ("application/json", Media::Json),
            ("Application/JSON; Charset=\"UTF-8\"", Media::Json),
            ("application/vnd.api+json", Media::Json),
            ("application/x-www-form-urlencoded", Media::Form),
            ("text/plain;charset=utf-8", Media::Text),
            ("multipart/form-data; boundary=x", Media::Other),
        ] {
            assert_eq!(read(&[("content-type", value)]), Ok(media), "{value}");
        }
        assert_eq!(read(&[("content-encoding", "identity")]), Ok(Media::Absent));
    }

    #[test]
    fn refuses_what_could_be_read_in_two_ways() {
        let json = ("content-type", "application/json");
        for (fields, code) in [
            (
                vec![json, ("Content-Type", "text/plain")],
                "content.type_repeated",
            ),
            (
                vec![("content-type", "application/json, text/plain")],
                "content.type_repeated",
            ),
            (
                vec![("content-type", "text/plain;charset=utf-8;charset=utf-16")],
                "content.type_repeated",
            ),
            (
                vec![("content-type", "text/plain; charset=utf-16")],
                "content.charset",
            ),
            (
                vec![("content-type", "text/plain; charset")],
                "content.type_malformed",
            ),
            (vec![json, ("content-encoding", "br")], "content.encoded"),
            (
                vec![
                    json,
                    ("content-encoding", "gzip"),
                    ("content-encoding", "gzip"),
                ],
                "content.encoded",
            ),
            (
                vec![json, ("content-encoding", "identity, br")],
                "content.encoded",
            ),
        ] {
            assert_eq!(read(&fields), Err(code), "{fields:?}");
        }
    }

    #[test]
    fn the_body_is_utf8_without_a_mark() {
        assert_eq!(text("é".as_bytes()), Ok("é"));
        assert_eq!(
            text(b"\xef\xbb\xbf{}").unwrap_err().code,
            "content.byte_order_mark"
        );
        assert_eq!(
            text(b"\xff\xfe{\0").unwrap_err().code,
            "content.byte_order_mark"
        );
        assert_eq!(text(b"\xc3(").unwrap_err().code, "content.not_utf8");
    }
}
