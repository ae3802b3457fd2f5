//! Rules, packs, and all that they refer to, become a [`Policy`].

use std::collections::BTreeMap;

use super::language::{self, Language, Variables};
use super::packs::{self, Chosen};
use super::rules::{self, MODES};
use crate::cel::Environment;
use crate::document::{Mapping, Node, Reader};
use crate::policy::{self, Index, Mode, Policy, ROOTS, Reads, Rule, Verdict, Zone};
use crate::protocol::DataLabel;

/// `labels` are those that APIs give to data, besides those under `data`.
pub(super) fn compile(
    reader: &mut Reader,
    root: &mut Mapping<'_>,
    labels: &[&DataLabel],
) -> Option<Policy> {
    let chosen = packs::chosen(reader, root.optional("packs"));
    let parts: Vec<_> = chosen
        .iter()
        .map(|pack| within(reader, pack, |reader| packs::parts(reader, pack)))
        .collect();
    let mut lists = BTreeMap::new();
    language::lists(reader, root.optional("lists"), &mut lists);
    for (pack, parts) in chosen.iter().zip(&parts) {
        let found = parts.as_ref().and_then(|parts| parts.lists.clone());
        within(reader, pack, |reader| {
            language::lists(reader, found, &mut lists);
        });
    }
    let named = language::named_lists(&lists);
    let declared = language::types(reader, root.optional("types"));
    let mut variables = Variables::default();
    let found = root.optional("vars");
    language::vars(reader, found, &declared, &named, &mut variables);
    for (pack, parts) in chosen.iter().zip(&parts) {
        let found = parts.as_ref().and_then(|parts| parts.vars.clone());
        within(reader, pack, |reader| {
            language::vars(reader, found, &declared, &named, &mut variables);
        });
    }
    let mut data = language::data(reader, root.optional("data"), &lists);
    language::labels_of_apis(reader, labels, root.position, &mut data);
    let mut language = Language {
        lists: &lists,
        data: &data,
        environment: Environment {
            roots: &ROOTS,
            declared: &declared,
            lists: &named,
            vars: &variables.vars,
        },
        is_pack: false,
    };
    let mut rules = Vec::new();
    let found = match chosen.is_empty() {
        true => root.required(reader, "rules"),
        false => root.optional("rules"),
    };
    if let Some((node, path)) = &found {
        rules::compile(reader, node, path, &language, &mut rules);
    }
    language.is_pack = true;
    for (pack, parts) in chosen.iter().zip(&parts) {
        let found = parts.as_ref().and_then(|parts| parts.rules.clone());
        add_pack(reader, pack, found, &language, &mut rules);
    }
    let default = root.required(reader, "default");
    let words = [("allow", Verdict::Allow), ("deny", Verdict::Deny)];
    let default = default.and_then(|(node, path)| reader.word(node, &path, &words));
    let mode = root.optional("mode");
    let mode = mode.and_then(|(node, path)| reader.word(node, &path, &MODES));
    let zone = zone(reader, root.optional("time_zone"));
    Some(Policy {
        index: Index::new(&rules),
        reads: Reads::of(&rules),
        rules,
        default: default?,
        mode: mode.unwrap_or(Mode::Enforce),
        data,
        zone: zone.unwrap_or(Zone::UTC),
    })
}

/// Reads something of a pack: mistakes in it name the pack.
fn within<T>(reader: &mut Reader, pack: &Chosen, read: impl FnOnce(&mut Reader) -> T) -> T {
    let document = reader.enter(&format!("pack {}", pack.name), &pack.text);
    let found = read(reader);
    reader.go_back(document);
    found
}

fn add_pack(
    reader: &mut Reader,
    pack: &Chosen,
    found: Option<(&Node, String)>,
    language: &Language<'_>,
    rules: &mut Vec<Rule>,
) {
    let Some((node, path)) = found else {
        return;
    };
    let mut own = Vec::new();
    within(reader, pack, |reader| {
        rules::compile(reader, node, &path, language, &mut own);
    });
    for id in &pack.without {
        if !own.iter().any(|rule| rule.id == *id) {
            let message = format!("the pack `{}` has no rule `{id}`", pack.name);
            reader.mistake("packs.without", pack.position, "packs", message);
        }
    }
    own.retain(|rule| !pack.without.contains(&rule.id));
    for mut rule in own {
        // Only what is left stands beside the other rules: one that is left out can be written anew.
        if rules.iter().any(|known| known.id == rule.id) {
            let message = format!(
                "the pack `{}` has a rule `{}` too: leave it out with `without`, or choose another id",
                pack.name, rule.id
            );
            reader.mistake("rule.duplicate_id", pack.position, "packs", message);
        }
        rule.mode = pack.mode.unwrap_or(rule.mode);
        rules.push(rule);
    }
}

fn zone(reader: &mut Reader, found: Option<(&Node, String)>) -> Option<Zone> {
    let (node, path) = found?;
    let text = reader.text(node, &path)?;
    let zone = policy::zone(text);
    if zone.is_none() {
        let message = format!(
            "expected a time zone such as `Europe/Berlin`, `+02:00` or `CET-1CEST,M3.5.0,M10.5.0/3`, found `{text}`"
        );
        reader.mistake("document.time_zone", node.position, &path, message);
    }
    zone
}
