//! Texts that the engine brings along: packs, definitions of APIs, time zones.
//!
//! Kept deflated, and inflated only while a document is read that asks for one of them.

use crate::inflate::{Compression, inflate};
use crate::limits;

/// Every text, each behind a line with its name and length, as `build.rs` writes them.
static DEFLATED: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/embedded.zlib"));

/// The text of that file, named from the root of the workspace; nothing where it is not brought
/// along.
///
/// ```
/// use lictor_engine::embedded;
///
/// let pack = embedded::text("policies/pii.yaml").unwrap();
/// assert!(pack.contains("\npack: pii\n"));
/// assert_eq!(embedded::text("policies/nobody.yaml"), None);
/// ```
#[must_use]
pub fn text(name: &str) -> Option<String> {
    let plain = inflate(DEFLATED, Compression::Zlib, limits::EMBEDDED_BYTES).ok()?;
    let plain = String::from_utf8(plain).ok()?;
    let mut rest = plain.as_str();
    while let Some((line, after)) = rest.split_once('\n') {
        let (known, length) = line.split_once(' ')?;
        let (text, others) = after.split_at_checked(length.parse().ok()?)?;
        if known == name {
            return Some(text.to_owned());
        }
        rest = others;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::text;
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    #[test]
    fn a_text_is_what_its_file_holds() {
        for (name, held) in [
            ("policies/pii.yaml", include_str!("../../policies/pii.yaml")),
            (
                "policies/unreviewed-code.yaml",
                include_str!("../../policies/unreviewed-code.yaml"),
            ),
            (
                "engine/src/policy/zones.txt",
                include_str!("policy/zones.txt"),
            ),
        ] {
            assert_eq!(text(name).as_deref(), Some(held), "{name}");
        }
    }

    #[test]
    fn nothing_else_is_brought_along() {
        for name in [
            "",
            "policies",
            "policies/pii",
            "pii.yaml",
            "policies/cases/pii.yaml",
        ] {
            assert_eq!(text(name), None, "{name}");
        }
    }
}
