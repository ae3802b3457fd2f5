//! Patterns that no call can match are mistakes: a rule on them would do nothing, silently.

use crate::document::{Node, Reader};

/// What a pattern stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// A path of a request.
    Path,
    /// A host without its port.
    Host,
    /// A table, or a column with its table.
    Name,
}

/// Reports every pattern that can't match.
pub(super) fn check(reader: &mut Reader, node: &Node, path: &str, kind: Kind, texts: &[String]) {
    for text in texts {
        let expected = match kind {
            Kind::Path if !text.starts_with(['/', '*']) => "a path that starts with `/`",
            Kind::Host if text.contains([':', '/']) => "a host without port and path",
            Kind::Name if !is_name(text) => {
                "a name as in SQL, each part of it a word or in double quotes"
            }
            _ => continue,
        };
        let message = format!("expected {expected}, found `{text}`: nothing could match it");
        reader.mistake("rule.pattern", node.position, path, message);
    }
}

/// Parts of a dotted name: none empty, none with a space around it, quotes closed.
fn is_name(text: &str) -> bool {
    let mut is_quoted = false;
    let mut part = String::new();
    let mut parts = Vec::new();
    for letter in text.chars() {
        match letter {
            '"' => is_quoted = !is_quoted,
            '.' if !is_quoted => parts.push(std::mem::take(&mut part)),
            _ => part.push(letter),
        }
    }
    parts.push(part);
    let is_plain = |part: &String| !part.is_empty() && (text.contains('"') || part.trim() == part);
    !is_quoted && parts.iter().all(is_plain)
}
