//! What the rules of a document can refer to: named lists, labels, types and variables.

use std::collections::{BTreeMap, BTreeSet};

use crate::cel::{self, Environment, NamedList, Program, Type, Vars};
use crate::document::{Mapping, Node, Position, Reader, nearest};
use crate::policy::{Data, Expression, LabelSet, NamePattern, ROOTS, ResourcePattern};
use crate::protocol::{DataLabel, Labelled};

use super::fields::claim_path;
use super::names::{NAME_EXPECTED, is_name};
use super::pattern;
use crate::limits;

/// Lists of texts by name.
pub(super) type Lists = BTreeMap<String, Vec<String>>;

/// What the rules of a document can refer to.
pub(super) struct Language<'l> {
    /// Lists by name, for `$name` in fields.
    pub lists: &'l Lists,
    /// What is labelled.
    pub data: &'l Data,
    /// What expressions can name.
    pub environment: Environment<'l>,
    /// Whether the rules are those of a pack.
    pub is_pack: bool,
}

impl Language<'_> {
    /// One text or a list of them; `$name` stands for the members of a list.
    pub(super) fn strings(&self, reader: &mut Reader, node: &Node, path: &str) -> Vec<String> {
        strings(reader, node, path, self.lists)
    }

    /// An expression that is true or false.
    pub(super) fn expression(
        &self,
        reader: &mut Reader,
        node: &Node,
        path: &str,
    ) -> Option<Expression> {
        let text = reader.text(node, path)?;
        let program = program(reader, node, path, text, &self.environment, Type::Bool)?;
        Some(Expression {
            text: text.to_owned(),
            program,
        })
    }
}

/// One text or a list of them; `$name` stands for the members of a list.
fn strings(reader: &mut Reader, node: &Node, path: &str, lists: &Lists) -> Vec<String> {
    let mut strings = Vec::new();
    for (text, position, path) in reader.texts(node, path) {
        let Some(name) = text.strip_prefix('$') else {
            strings.push(text.to_owned());
            continue;
        };
        if let Some(list) = lists.get(name) {
            strings.extend_from_slice(list);
            continue;
        }
        let advice = match nearest(name, lists.keys().map(String::as_str)) {
            Some(near) => format!("did you mean `${near}`?"),
            None => "name it under `lists`".to_owned(),
        };
        let message = format!("expected a list of the document, found `{text}`: {advice}");
        reader.mistake("rule.list", position, &path, message);
    }
    strings
}

/// Compiles an expression; its mistakes are those of the document, with their places.
pub(super) fn program(
    reader: &mut Reader,
    node: &Node,
    path: &str,
    text: &str,
    environment: &Environment<'_>,
    result: Type,
) -> Option<Program> {
    match cel::compile(text, environment, result) {
        Ok(program) => Some(program),
        Err(problems) => {
            for problem in problems {
                let position = reader.within(node.position, problem.offset);
                reader.mistake(problem.code, position, path, problem.message);
            }
            None
        }
    }
}

/// `lists:` of a document or of a pack. What stands there already is not replaced.
pub(super) fn lists(reader: &mut Reader, found: Option<(&Node, String)>, lists: &mut Lists) {
    let Some(mapping) = found.and_then(|(node, path)| reader.mapping(node, &path)) else {
        return;
    };
    for (key, node, path) in mapping.entries() {
        check_name(reader, &key.text, key.position, &path);
        let texts = reader.texts(node, &path);
        let texts = texts.into_iter().map(|(text, _, _)| text.to_owned());
        let texts: Vec<String> = texts.collect();
        lists.entry(key.text.clone()).or_insert(texts);
    }
}

/// Names that expressions use as well hold no hyphen.
fn check_name(reader: &mut Reader, name: &str, position: crate::document::Position, path: &str) {
    if !is_name(name)
        || name.contains('-')
        || name.starts_with(|first: char| first.is_ascii_digit())
    {
        let message = "expected 1 to 64 lower-case letters, digits and `_`, a letter first";
        reader.mistake("document.name", position, path, message.to_owned());
    }
}

/// The lists as expressions see them.
pub(super) fn named_lists(lists: &Lists) -> Vec<(String, NamedList)> {
    lists
        .iter()
        .map(|(name, texts)| (name.clone(), NamedList::from(texts.clone())))
        .collect()
}

/// The variables of a document and its packs.
#[derive(Default)]
pub(super) struct Variables {
    names: BTreeSet<String>,
    /// As expressions see them.
    pub vars: Vars,
}

/// `vars:`: expressions by name, each of which may use those above it. What stands there
/// already is not replaced.
pub(super) fn vars(
    reader: &mut Reader,
    found: Option<(&Node, String)>,
    declared: &[(Vec<String>, Type)],
    lists: &[(String, NamedList)],
    variables: &mut Variables,
) {
    let Some(mapping) = found.and_then(|(node, path)| reader.mapping(node, &path)) else {
        return;
    };
    for (key, node, path) in mapping.entries() {
        check_name(reader, &key.text, key.position, &path);
        let Some(text) = reader.text(node, &path) else {
            continue;
        };
        if !variables.names.insert(key.text.clone()) {
            continue;
        }
        let environment = Environment {
            roots: &ROOTS,
            declared,
            lists,
            vars: &variables.vars,
        };
        if let Some(program) = program(reader, node, &path, text, &environment, Type::Bool) {
            variables.vars.add(key.text.clone(), program);
        }
    }
}

/// `types:`: what claims and fields of bodies hold.
pub(super) fn types(
    reader: &mut Reader,
    found: Option<(&Node, String)>,
) -> Vec<(Vec<String>, Type)> {
    const WORDS: [(&str, Type); 6] = [
        ("bool", Type::Bool),
        ("int", Type::Int),
        ("double", Type::Double),
        ("string", Type::Text),
        ("list(string)", Type::List(&Type::Text)),
        ("list(int)", Type::List(&Type::Int)),
    ];
    let mut types = Vec::new();
    let Some(mapping) = found.and_then(|(node, path)| reader.mapping(node, &path)) else {
        return types;
    };
    for (key, node, path) in mapping.entries() {
        let root = ["claims", "request.body"];
        let root = root.into_iter().find_map(|root| {
            let rest = key.text.strip_prefix(root)?;
            rest.starts_with(['.', '[']).then_some((root, rest))
        });
        let Some((root, rest)) = root else {
            let message = format!(
                "expected a path such as `claims.department` or `request.body.amount`, found `{}`",
                key.text
            );
            reader.mistake("types.path", key.position, &path, message);
            continue;
        };
        let mut whole: Vec<String> = root.split('.').map(str::to_owned).collect();
        let below = claim_path(reader, &format!("claims{rest}"), key.position, &path);
        whole.extend(below.unwrap_or_default());
        if types.iter().any(|(known, _)| *known == whole) {
            let message = format!(
                "expected the path `{}` once, however it is written",
                key.text
            );
            reader.mistake("types.path", key.position, &path, message);
        }
        if let Some(kind) = reader.word(node, &path, &WORDS) {
            types.push((whole, kind));
        }
    }
    types
}

/// `data:`: what bears which label.
pub(super) fn data(reader: &mut Reader, found: Option<(&Node, String)>, lists: &Lists) -> Data {
    let mut data = Data::default();
    let Some((node, path)) = found else {
        return data;
    };
    for (node, path) in reader.list(node, &path) {
        if let Some(mapping) = reader.mapping(node, &path) {
            labelled(reader, mapping, lists, &mut data);
        }
    }
    data
}

/// Adds the labels that the definitions of APIs give to data.
pub(super) fn labels_of_apis(
    reader: &mut Reader,
    labels: &[&DataLabel],
    position: Position,
    data: &mut Data,
) {
    for given in labels {
        let Some(label) = entered(reader, &given.label, position, "apis", data) else {
            continue;
        };
        match given.kind {
            Labelled::Table => data.label_table(NamePattern::new(&given.pattern), label),
            Labelled::Column => data.label_column(NamePattern::new(&given.pattern), label),
            Labelled::Path => {
                let pattern = ResourcePattern::parse(&format!("path:{}", given.pattern));
                if let Some(pattern) = pattern {
                    data.label_resource(pattern, label);
                }
            }
        }
    }
}

/// The label of that name, where it is one.
fn entered(
    reader: &mut Reader,
    name: &str,
    position: Position,
    path: &str,
    data: &mut Data,
) -> Option<LabelSet> {
    if !is_name(name) {
        reader.mistake("data.label", position, path, NAME_EXPECTED.to_owned());
        None
    } else if data.label(name).is_none() && data.names.len() == limits::LABELS {
        let message = format!("expected at most {} labels", limits::LABELS);
        reader.mistake("data.too_many_labels", position, path, message);
        None
    } else {
        Some(data.enter(name))
    }
}

fn labelled(reader: &mut Reader, mut mapping: Mapping<'_>, lists: &Lists, data: &mut Data) {
    let mut labels = LabelSet::default();
    if let Some((node, path)) = mapping.required(reader, "label") {
        for (name, position, path) in reader.texts(node, &path) {
            if let Some(label) = entered(reader, name, position, &path, data) {
                labels = labels.with(label);
            }
        }
    }
    let mut is_empty = true;
    for key in [
        "tables",
        "columns",
        "paths",
        "methods",
        "tools",
        "functions",
    ] {
        let Some((node, path)) = mapping.optional(key) else {
            continue;
        };
        is_empty = false;
        let texts = strings(reader, node, &path, lists);
        let kind = match key {
            "tables" | "columns" => Some(pattern::Kind::Name),
            "paths" => Some(pattern::Kind::Path),
            _ => None,
        };
        if let Some(kind) = kind {
            pattern::check(reader, node, &path, kind, &texts);
        }
        for text in texts {
            match key {
                "tables" => data.label_table(NamePattern::new(&text), labels),
                "columns" if text.contains('.') => {
                    data.label_column(NamePattern::new(&text), labels);
                }
                "columns" => {
                    let message = format!(
                        "expected a table and a column such as `customers.{text}`, or `*.{text}`"
                    );
                    reader.mistake("data.column", node.position, &path, message);
                }
                kinds => {
                    let kind = kinds.trim_end_matches('s');
                    if let Some(pattern) = ResourcePattern::parse(&format!("{kind}:{text}")) {
                        data.label_resource(pattern, labels);
                    }
                }
            }
        }
    }
    if is_empty {
        let message = "expected what bears the label: `tables`, `columns`, `paths`, `methods`, `tools` or `functions`";
        reader.mistake(
            "data.nothing",
            mapping.position,
            &mapping.path,
            message.to_owned(),
        );
    }
    mapping.finish(reader);
}
