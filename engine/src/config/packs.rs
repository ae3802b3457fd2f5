//! `packs:` adds ready-made rules: files of `policies/`, built in.
//!
//! A pack is a list of rules with its own lists and variables. A list or a variable of the
//! document takes the place of the pack's of that name.

use crate::document::{self, Mapping, Node, Position, Reader, advice};
use crate::embedded;
use crate::policy::Mode;

use super::rules::MODES;

/// The name of every pack.
pub const PACKS: [&str; 9] = [
    "ai-agents",
    "bulk-changes",
    "destructive-sql",
    "exfiltration",
    "kubernetes",
    "pii",
    "production-changes",
    "soc2-evidence",
    "unreviewed-code",
];

/// The text of that pack.
#[must_use]
pub fn pack(name: &str) -> Option<String> {
    embedded::text(&format!("policies/{name}.yaml"))
}

/// A pack that a document asks for.
pub(super) struct Chosen {
    /// Its name.
    pub name: &'static str,
    /// What it holds.
    pub text: String,
    /// The same, read.
    pub node: Node,
    /// Whether its rules count.
    pub mode: Option<Mode>,
    /// Where the document asks for it.
    pub position: Position,
    /// Ids of its rules that the document does without.
    pub without: Vec<String>,
}

/// `packs:` of a document: names, or mappings with `name`, `mode`, `without`.
pub(super) fn chosen(reader: &mut Reader, found: Option<(&Node, String)>) -> Vec<Chosen> {
    let mut chosen: Vec<Chosen> = Vec::new();
    let Some((node, path)) = found else {
        return chosen;
    };
    for (node, path) in reader.list(node, &path) {
        let Some(pack) = one(reader, node, &path) else {
            continue;
        };
        if chosen.iter().any(|known| known.name == pack.name) {
            let message = format!("expected the pack `{}` once", pack.name);
            reader.mistake("packs.duplicate", node.position, &path, message);
        } else {
            chosen.push(pack);
        }
    }
    chosen
}

fn one(reader: &mut Reader, node: &Node, path: &str) -> Option<Chosen> {
    if let document::Content::Text(name) = &node.content {
        return named(reader, name, node, path, None, Vec::new());
    }
    let mut mapping = reader.mapping(node, path)?;
    let name = mapping.required(reader, "name");
    let mode = mapping.optional("mode");
    let mode = mode.and_then(|(node, path)| reader.word(node, &path, &MODES));
    let without = mapping.optional("without");
    let without = without.map(|(node, path)| reader.texts(node, &path));
    let without = without.unwrap_or_default().into_iter();
    let without: Vec<String> = without.map(|(text, _, _)| text.to_owned()).collect();
    mapping.finish(reader);
    let (node, path) = name?;
    let name = reader.text(node, &path)?;
    named(reader, name, node, &path, mode, without)
}

fn named(
    reader: &mut Reader,
    name: &str,
    node: &Node,
    path: &str,
    mode: Option<Mode>,
    without: Vec<String>,
) -> Option<Chosen> {
    let known = PACKS.into_iter().find(|known| *known == name);
    let Some((name, text)) = known.and_then(|name| Some((name, pack(name)?))) else {
        let advice = advice(name, PACKS, || {
            format!("expected one of `{}`", PACKS.join("`, `"))
        });
        let message = format!("there is no pack `{name}`, {advice}");
        reader.mistake("packs.unknown", node.position, path, message);
        return None;
    };
    match document::read(text.as_bytes()) {
        Ok(read) => Some(Chosen {
            name,
            text,
            node: read,
            mode,
            position: node.position,
            without,
        }),
        Err(mistake) => {
            reader.mistake(mistake.code, node.position, path, mistake.message);
            None
        }
    }
}

/// The parts of a pack that are read like those of a document.
pub(super) struct Parts<'n> {
    /// `lists`.
    pub lists: Option<(&'n Node, String)>,
    /// `vars`.
    pub vars: Option<(&'n Node, String)>,
    /// `rules`.
    pub rules: Option<(&'n Node, String)>,
}

/// Takes a pack apart.
pub(super) fn parts<'n>(reader: &mut Reader, pack: &'n Chosen) -> Option<Parts<'n>> {
    let mut mapping: Mapping<'n> = reader.mapping(&pack.node, "")?;
    let _ = mapping.required(reader, "pack");
    let _ = mapping.optional("about");
    let parts = Parts {
        lists: mapping.optional("lists"),
        vars: mapping.optional("vars"),
        rules: mapping.required(reader, "rules"),
    };
    mapping.finish(reader);
    Some(parts)
}
