//! `multipart/form-data` bodies: bytes become named parts, or a refusal.
//!
//! Parsers disagree on bare line feeds, text around the parts, space around boundaries, folded
//! and encoded header fields and lines that only start like a boundary, so all of that is refused.
//!
//! Sources: RFC 7578 (form data), RFC 2046, section 5.1 (boundaries), made strict.

use crate::limits;
use crate::refusal::Refusal;

/// One part.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Part<'a> {
    /// Its name.
    pub name: &'a str,
    /// The name of the file that it holds, where it holds one.
    pub file_name: Option<&'a str>,
    /// What it holds.
    pub content: &'a [u8],
}

/// Reads a body. No two parts have the same name.
///
/// # Errors
///
/// `content.multipart` where two parsers could find different parts.
///
/// ```
/// use lictor_engine::multipart;
///
/// let body = b"--x\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n1\r\n--x--\r\n";
/// let parts = multipart::parse("multipart/form-data; boundary=x", body).unwrap();
/// assert_eq!((parts[0].name, parts[0].content), ("a", &b"1"[..]));
/// ```
pub fn parse<'a>(content_type: &str, body: &'a [u8]) -> Result<Vec<Part<'a>>, Refusal> {
    read(content_type, body).ok_or(MULTIPART)
}

const MULTIPART: Refusal = Refusal::malformed(
    "content.multipart",
    "expected multipart/form-data in which every parser finds the same parts, each name once",
    "send the parts as RFC 7578 shows them, with nothing around them",
);

fn read<'a>(content_type: &str, body: &'a [u8]) -> Option<Vec<Part<'a>>> {
    let boundary = boundary(content_type)?;
    let delimiter = [b"\r\n--", boundary.as_bytes()].concat();
    let opening = delimiter.get(2..)?;
    let mut rest = body.strip_prefix(opening)?;
    let mut parts: Vec<Part<'a>> = Vec::new();
    while let Some(inner) = rest.strip_prefix(b"\r\n") {
        let end = find(inner, &delimiter)?;
        let (part, after) = inner.split_at_checked(end)?;
        if find(part, opening).is_some() || parts.len() == limits::MULTIPART_PARTS {
            return None;
        }
        let part = one(part)?;
        if parts.iter().any(|known| known.name == part.name) {
            return None;
        }
        parts.push(part);
        rest = after.get(delimiter.len()..)?;
    }
    let is_end = rest == b"--" || rest == b"--\r\n";
    (is_end && !parts.is_empty()).then_some(parts)
}

/// The boundary that the Content-Type names, once.
fn boundary(content_type: &str) -> Option<&str> {
    let mut pieces = content_type.split(';').map(str::trim);
    let is_form = |essence: &str| essence.eq_ignore_ascii_case("multipart/form-data");
    pieces.next().filter(|essence| is_form(essence))?;
    let (name, value) = pieces.next()?.split_once('=')?;
    if !name.eq_ignore_ascii_case("boundary") || pieces.next().is_some() {
        return None;
    }
    let bare = value
        .strip_prefix('"')
        .and_then(|rest| rest.strip_suffix('"'));
    let value = bare.unwrap_or(value);
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_".contains(&byte);
    let is_sound = (1..=70).contains(&value.len()) && value.bytes().all(is_plain);
    is_sound.then_some(value)
}

/// A part: its header fields, an empty line, what it holds.
fn one(part: &[u8]) -> Option<Part<'_>> {
    let end = find(part, b"\r\n\r\n")?;
    let (head, content) = part.split_at_checked(end)?;
    let head = std::str::from_utf8(head).ok()?;
    let content = content.get(4..)?;
    let (mut disposition, mut has_type) = (None, false);
    for line in head.split("\r\n") {
        let (name, value) = line.split_once(':')?;
        if line.contains(['\r', '\n', '\0']) {
            return None;
        }
        if name.eq_ignore_ascii_case("content-disposition") && disposition.is_none() {
            disposition = Some(value.trim());
        } else if name.eq_ignore_ascii_case("content-type") && !has_type {
            has_type = true;
        } else {
            return None;
        }
    }
    let (name, file_name) = names(disposition?)?;
    Some(Part {
        name,
        file_name,
        content,
    })
}

/// The name, and the file's, of a disposition that has nothing else.
fn names(disposition: &str) -> Option<(&str, Option<&str>)> {
    let rest = disposition.strip_prefix("form-data")?;
    let (name, rest) = parameter(rest, "name")?;
    if rest.is_empty() {
        return Some((name, None));
    }
    let (file, rest) = parameter(rest, "filename")?;
    rest.is_empty().then_some((name, Some(file)))
}

/// `; name="value"`, with what follows. Values with escapes are read in different ways.
fn parameter<'a>(text: &'a str, name: &str) -> Option<(&'a str, &'a str)> {
    let rest = text.strip_prefix(';')?.trim_start_matches(' ');
    let rest = rest.strip_prefix(name)?.strip_prefix("=\"")?;
    let (value, rest) = rest.split_once('"')?;
    (!value.contains(['\\', '%'])).then_some((value, rest))
}

/// Where the needle stands first. A boundary is short, so no byte is looked at more than a few
/// dozen times.
fn find(haystack: &[u8], needle: &[u8]) -> Option<usize> {
    let first = *needle.first()?;
    let mut from = 0_usize;
    loop {
        let rest = haystack.get(from..)?;
        let at = rest.iter().position(|byte| *byte == first)?;
        if rest.get(at..)?.starts_with(needle) {
            return from.checked_add(at);
        }
        from = from.checked_add(at)?.checked_add(1)?;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    const TYPE: &str = "multipart/form-data; boundary=x";

    fn body(head: &str, content: &str) -> String {
        format!("--x\r\n{head}\r\n\r\n{content}\r\n--x--\r\n")
    }

    const NAMED: &str = "Content-Disposition: form-data; name=\"a\"";

    #[test]
    fn reads_parts_and_files() {
        let text = format!(
            "--x\r\n{NAMED}\r\n\r\n1\r\n2\r\n--x\r\nContent-Type: image/png\r\nContent-Disposition: form-data; name=\"b\"; filename=\"c.png\"\r\n\r\n\r\n--x--"
        );
        let parts = parse(TYPE, text.as_bytes()).unwrap();
        assert_eq!(parts[0].content, b"1\r\n2");
        assert_eq!((parts[1].name, parts[1].file_name), ("b", Some("c.png")));
        assert_eq!(parts[1].content, b"");
        assert!(
            parse(
                "Multipart/Form-Data; Boundary=\"x\"",
                body(NAMED, "1").as_bytes()
            )
            .is_ok()
        );
    }

    #[test]
    fn refuses_what_parsers_find_different_parts_in() {
        let named = |more: &str| format!("{NAMED}{more}");
        for text in [
            String::new(),
            "--x--".to_owned(),
            "--x\r\n".to_owned(),
            body(NAMED, "1").replace("\r\n", "\n"),
            format!("before\r\n{}", body(NAMED, "1")),
            format!("{}after", body(NAMED, "1")),
            body(NAMED, "1\n--x\n"),
            body(NAMED, "1\r\n--xy"),
            body(NAMED, "1--x"),
            body(NAMED, "1\r\n--x "),
            body(&named("\r\nContent-Transfer-Encoding: base64"), "MQ=="),
            body(
                &named("\r\nContent-Disposition: form-data; name=\"b\""),
                "1",
            ),
            body(&named("; name=\"b\""), "1"),
            body(&named("; name*=UTF-8''b"), "1"),
            body(&named("\r\n folded"), "1"),
            body("Content-Disposition: form-data; name=a", "1"),
            body("Content-Disposition: form-data; name=\"a\\\"b\"", "1"),
            body(
                "Content-Disposition: form-data; filename=\"a\"; name=\"b\"",
                "1",
            ),
            body("Content-Disposition : form-data; name=\"a\"", "1"),
            body("Content-Type: text/plain", "1"),
            body(NAMED, "1").replace("--x--\r\n", &format!("--x\r\n{NAMED}\r\n\r\n2\r\n--x--")),
        ] {
            assert!(parse(TYPE, text.as_bytes()).is_err(), "{text:?}");
        }
        for kind in [
            "multipart/form-data",
            "multipart/mixed; boundary=x",
            "multipart/form-data; boundary=x; boundary=y",
            "multipart/form-data; charset=utf-8; boundary=x",
            "multipart/form-data; boundary=",
            "multipart/form-data; boundary=\"x",
        ] {
            assert!(parse(kind, body(NAMED, "1").as_bytes()).is_err(), "{kind}");
        }
    }

    #[test]
    fn is_bounded_in_parts() {
        let part =
            |n: usize| format!("--x\r\nContent-Disposition: form-data; name=\"{n}\"\r\n\r\n\r\n");
        let many: String = (0..=limits::MULTIPART_PARTS).map(part).collect();
        assert!(parse(TYPE, format!("{many}--x--").as_bytes()).is_err());
    }
}
