//! Lists of a document that nothing asks for: mostly a misspelt name that was to take the place of
//! a pack's.
//!
//! For people and tools; told from the words of the document and its packs alone.

use super::pack;
use crate::document::{self, Content, Key, Mistake, Node, nearest};

/// The lists of a document that neither its own rules nor those of its packs name.
#[must_use]
pub fn unused_lists(document: &Node) -> Vec<Mistake> {
    let packs = packs(document);
    let mut texts = Vec::new();
    collect(document, &mut texts);
    for (_, pack) in &packs {
        collect(pack, &mut texts);
    }
    let unused = names(document)
        .filter(|key| !texts.iter().any(|text| asks_for(text, &key.text)))
        .map(|key| Mistake {
            code: "suspicion.unused_list",
            source: String::new(),
            position: key.position,
            path: format!("lists.{}", key.text),
            message: told(&key.text, document, &packs),
        });
    unused.collect()
}

fn told(name: &str, document: &Node, packs: &[(&str, Node)]) -> String {
    let is_open = |own: &str| !names(document).any(|key| key.text == own);
    let of_packs = packs.iter().flat_map(|(_, pack)| names(pack));
    let of_packs = of_packs
        .map(|key| key.text.as_str())
        .filter(|name| is_open(name));
    let near = nearest(name, of_packs).and_then(|near| {
        let holder = packs.iter().find(|(_, pack)| {
            let mut names = names(pack);
            names.any(|key| key.text == near)
        })?;
        Some(format!(
            ", did you mean `{near}` of the pack `{}`?",
            holder.0
        ))
    });
    let near = near.unwrap_or_default();
    format!("nothing asks for the list `{name}`{near}")
}

/// The lists that a document or a pack has.
fn names(node: &Node) -> impl Iterator<Item = &Key> {
    let lists = member(node, "lists").map(|node| &node.content);
    let entries = match lists {
        Some(Content::Mapping(entries)) => entries.as_slice(),
        _ => &[],
    };
    entries.iter().map(|(key, _)| key)
}

/// The packs that a document asks for.
fn packs(document: &Node) -> Vec<(&str, Node)> {
    let asked = match member(document, "packs").map(|node| &node.content) {
        Some(Content::List(nodes)) => nodes.as_slice(),
        _ => &[],
    };
    let names = asked.iter().filter_map(|node| match &node.content {
        Content::Text(name) => Some(name.as_str()),
        _ => match &member(node, "name")?.content {
            Content::Text(name) => Some(name.as_str()),
            _ => None,
        },
    });
    let read = names.filter_map(|name| {
        let text = pack(name)?;
        Some((name, document::read(text.as_bytes()).ok()?))
    });
    read.collect()
}

fn member<'n>(node: &'n Node, name: &str) -> Option<&'n Node> {
    let Content::Mapping(entries) = &node.content else {
        return None;
    };
    let mut entries = entries.iter();
    let found = entries.find(|(key, _)| key.text == name);
    found.map(|(_, node)| node)
}

/// Every text of a document.
fn collect<'n>(node: &'n Node, into: &mut Vec<&'n str>) {
    match &node.content {
        Content::Text(text) => into.push(text),
        Content::List(nodes) => nodes.iter().for_each(|node| collect(node, into)),
        Content::Mapping(entries) => entries.iter().for_each(|(_, node)| collect(node, into)),
        Content::Null | Content::Bool(_) | Content::Number(_) => {}
    }
}

/// Whether a text is `$name`, or an expression with `lists.name` in it.
fn asks_for(text: &str, name: &str) -> bool {
    let is_word = |letter: char| letter.is_ascii_alphanumeric() || letter == '_';
    let mut named = text.split("lists.").skip(1);
    text.strip_prefix('$') == Some(name)
        || named.any(|rest| {
            let after = rest.strip_prefix(name);
            after.is_some_and(|after| !after.starts_with(is_word))
        })
}

#[cfg(test)]
mod tests {
    use super::*;
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    fn told_of(lists: &str) -> Vec<String> {
        let text = format!(
            "lictor: v1\napis: []\npacks: [pii, {{name: destructive-sql, mode: shadow}}]\n\
             lists:\n{lists}\nrules:\n\
             - {{id: a, effect: deny, match: {{action.tables: $mine}}}}\n\
             - {{id: b, effect: deny, when: 'principal.subject in lists.own'}}\n\
             default: allow\n"
        );
        let found = unused_lists(&document::read(text.as_bytes()).unwrap());
        found.into_iter().map(|one| one.message).collect()
    }

    #[test]
    fn a_list_that_is_asked_for_is_not_told() {
        let pack = document::read(pack("destructive-sql").unwrap().as_bytes()).unwrap();
        let of_pack = &names(&pack).next().unwrap().text;
        let lists = format!("  mine: [a]\n  own: [b]\n  {of_pack}: [c]\n");
        assert_eq!(told_of(&lists), [""; 0]);
    }

    #[test]
    fn a_misspelt_name_is_told_with_the_one_that_was_meant() {
        let pack = document::read(pack("destructive-sql").unwrap().as_bytes()).unwrap();
        let of_pack = &names(&pack).next().unwrap().text;
        let lists = format!("  {of_pack}x: [a]\n  owner: [b]\n  mine: [c]\n");
        let told = told_of(&lists);
        assert_eq!(told.len(), 2, "{told:?}");
        assert_eq!(
            told[0],
            format!(
                "nothing asks for the list `{of_pack}x`, did you mean `{of_pack}` of the pack \
                 `destructive-sql`?"
            )
        );
        assert_eq!(told[1], "nothing asks for the list `owner`");
    }
}
