//! Multipart bodies: bytes of any sort become parts or a refusal.
//!
//! Claims: no input panics; parts lie in the body and do not overlap; no name stands twice; no
//! part holds the boundary; parts that are written anew are read as the same.

use lictor_engine::multipart::{self, Part};

const MEDIA: &str = "multipart/form-data; boundary=x";

/// The input is the body; a bar stands for the end of a line, so that seeds are lines.
///
/// # Panics
///
/// When a claim does not hold.
pub fn run(input: &[u8]) {
    let body = input.split(|byte| *byte == b'|').collect::<Vec<_>>();
    let body = body.join(&b"\r\n"[..]);
    let Ok(parts) = multipart::parse(MEDIA, &body) else {
        return;
    };
    let total: usize = parts.iter().map(|part| part.content.len()).sum();
    assert!(total < body.len(), "more in the parts than in the body");
    for (index, part) in parts.iter().enumerate() {
        let rest = &parts[index + 1..];
        assert!(
            rest.iter().all(|other| other.name != part.name),
            "a name twice"
        );
        assert!(
            !part.content.windows(3).any(|piece| piece == b"--x"),
            "a boundary within a part"
        );
    }
    let written = written(&parts);
    assert_eq!(
        multipart::parse(MEDIA, &written),
        Ok(parts),
        "read otherwise"
    );
}

fn written(parts: &[Part<'_>]) -> Vec<u8> {
    let mut body = Vec::new();
    for part in parts {
        let file = part.file_name.map(|name| format!("; filename=\"{name}\""));
        let file = file.unwrap_or_default();
        let head = format!(
            "--x\r\nContent-Disposition: form-data; name=\"{}\"{file}\r\n\r\n",
            part.name
        );
        body.extend_from_slice(head.as_bytes());
        body.extend_from_slice(part.content);
        body.extend_from_slice(b"\r\n");
    }
    body.extend_from_slice(b"--x--");
    body
}
