//! The body of a request: `body` as text, `json` as a value, or `body_hex` for bytes that are
//! no text.

use lictor_engine::document::{Content, Mapping, Node, Reader};

use crate::tree;

/// Reads whichever of the keys is there; `json` brings its content type along.
pub(super) fn read(
    reader: &mut Reader,
    mapping: &mut Mapping<'_>,
    headers: &mut Vec<(String, String)>,
) -> Vec<u8> {
    let given = [
        mapping.optional("body").map(|found| (KINDS[0], found)),
        mapping.optional("json").map(|found| (KINDS[1], found)),
        mapping.optional("body_hex").map(|found| (KINDS[2], found)),
    ];
    let mut given = given.into_iter().flatten();
    let first = given.next();
    if let Some((_, (node, path))) = given.next() {
        let message = format!("expected one of `{}`", KINDS.join("`, `"));
        reader.mistake("case.body", node.position, &path, message);
    }
    match first {
        None => Vec::new(),
        Some(("json", (node, _))) => {
            let is_told = headers
                .iter()
                .any(|(name, _)| name.eq_ignore_ascii_case("content-type"));
            if !is_told {
                headers.push(("content-type".to_owned(), "application/json".to_owned()));
            }
            tree::json(node).to_string().into_bytes()
        }
        Some(("body_hex", (node, path))) => hex(reader, node, &path),
        Some((_, (node, path))) => text(reader, node, &path),
    }
}

const KINDS: [&str; 3] = ["body", "json", "body_hex"];

fn text(reader: &mut Reader, node: &Node, path: &str) -> Vec<u8> {
    match &node.content {
        Content::Text(text) => text.clone().into_bytes(),
        Content::Null => Vec::new(),
        _ => {
            let message = "expected text in quotes; `json` takes a value".to_owned();
            reader.mistake("case.body", node.position, path, message);
            Vec::new()
        }
    }
}

fn hex(reader: &mut Reader, node: &Node, path: &str) -> Vec<u8> {
    let digits = tree::text(node).unwrap_or_default();
    let pairs = digits.as_bytes().chunks(2).map(|pair| {
        let pair = std::str::from_utf8(pair)
            .ok()
            .filter(|pair| pair.len() == 2)?;
        u8::from_str_radix(pair, 16).ok()
    });
    match pairs.collect::<Option<Vec<u8>>>() {
        Some(bytes) if !bytes.is_empty() => bytes,
        _ => {
            let message = "expected pairs of hex digits in quotes".to_owned();
            reader.mistake("case.body", node.position, path, message);
            Vec::new()
        }
    }
}
