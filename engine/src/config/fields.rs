//! `match:` and `except:` become conditions: one line of the table per field.

use super::language::Language;
use super::pattern;
use crate::action::{Cause, Effect, Reach, Usage};
use crate::document::{Content, Key, Node, Position, Reader, advice};
use crate::identity::{self, ClaimMatch, Kind};
use crate::policy::{
    ActionTest, CallTest, Condition, GlobSet, LabelOf, LabelSet, NameSet, ResourcePattern,
    TextField, TextsField,
};
use crate::value::Value;

/// What a field compares, and how its values are written.
#[derive(Debug, Clone, Copy)]
pub(super) enum Field {
    Text(TextField),
    Texts(TextsField),
    Kind,
    ForKind,
    Effect,
    Reach,
    Cause,
    Operation,
    Tables,
    Columns(&'static [Usage]),
    Resources,
    Labels(LabelOf),
}

/// Every field that a condition may name, besides `claims.<name>`.
pub(super) const FIELDS: [(&str, Field); 39] = [
    ("action.effect", Field::Effect),
    ("action.reach", Field::Reach),
    ("action.cause", Field::Cause),
    ("action.operation", Field::Operation),
    ("action.tables", Field::Tables),
    ("action.columns", Field::Columns(&Usage::ALL)),
    ("action.output_columns", Field::Columns(&[Usage::Output])),
    ("action.written_columns", Field::Columns(&[Usage::Written])),
    ("action.resources", Field::Resources),
    ("action.labels", Field::Labels(LabelOf::Touched)),
    ("action.output_labels", Field::Labels(LabelOf::Output)),
    ("action.written_labels", Field::Labels(LabelOf::Written)),
    ("action.copied_labels", Field::Labels(LabelOf::Copied)),
    ("api", Field::Text(TextField::Api)),
    ("environment", Field::Text(TextField::Environment)),
    ("request.method", Field::Text(TextField::Method)),
    ("request.path", Field::Text(TextField::Path)),
    ("request.host", Field::Text(TextField::Host)),
    ("principal.kind", Field::Kind),
    ("principal.subject", Field::Text(TextField::Subject)),
    ("principal.groups", Field::Texts(TextsField::Groups)),
    ("principal.roles", Field::Texts(TextsField::Roles)),
    ("principal.scopes", Field::Texts(TextsField::Scopes)),
    ("principal.issuer", Field::Text(TextField::Issuer)),
    ("principal.audiences", Field::Texts(TextsField::Audiences)),
    ("principal.client_id", Field::Text(TextField::ClientId)),
    ("principal.email", Field::Text(TextField::Email)),
    ("principal.acr", Field::Text(TextField::Acr)),
    ("principal.amr", Field::Texts(TextsField::Amr)),
    ("principal.actors", Field::Texts(TextsField::Actors)),
    ("principal.peer.spiffe_id", Field::Text(TextField::PeerId)),
    (
        "principal.peer.trust_domain",
        Field::Text(TextField::PeerTrustDomain),
    ),
    (
        "principal.peer.namespace",
        Field::Text(TextField::PeerNamespace),
    ),
    (
        "principal.peer.service_account",
        Field::Text(TextField::PeerServiceAccount),
    ),
    ("principal.for.kind", Field::ForKind),
    ("principal.for.subject", Field::Text(TextField::ForSubject)),
    ("principal.for.groups", Field::Texts(TextsField::ForGroups)),
    ("principal.for.roles", Field::Texts(TextsField::ForRoles)),
    ("principal.for.email", Field::Text(TextField::ForEmail)),
];

enum Test {
    Call(CallTest),
    Action(ActionTest),
}

pub(super) fn condition(
    reader: &mut Reader,
    node: &Node,
    path: &str,
    language: &Language<'_>,
) -> Option<Condition> {
    let mapping = reader.mapping(node, path)?;
    let mut condition = Condition::default();
    for (key, node, path) in mapping.entries() {
        match test(reader, key, node, &path, language) {
            Some(Test::Call(test)) => condition.call.push((key.text.clone(), test)),
            Some(Test::Action(test)) => condition.action.push((key.text.clone(), test)),
            None => {}
        }
    }
    Some(condition)
}

fn test(
    reader: &mut Reader,
    key: &Key,
    node: &Node,
    path: &str,
    language: &Language<'_>,
) -> Option<Test> {
    if key.text.starts_with("claims.") || key.text.starts_with("claims[") {
        let values = listed_values(reader, node, path, language);
        let way = claim_path(reader, &key.text, key.position, path)?;
        return Some(Test::Call(CallTest::Claim(ClaimMatch {
            path: way,
            values,
        })));
    }
    let Some((_, field)) = FIELDS.iter().find(|(name, _)| *name == key.text) else {
        unknown(reader, key, path);
        return None;
    };
    let strings = |reader: &mut Reader| language.strings(reader, node, path);
    Some(match field {
        Field::Text(field) => {
            let mut texts = strings(reader);
            if *field == TextField::Host {
                texts
                    .iter_mut()
                    .for_each(|text| text.make_ascii_lowercase());
            }
            if *field == TextField::Method {
                texts
                    .iter_mut()
                    .for_each(|text| text.make_ascii_uppercase());
            }
            let (separator, kind) = match field {
                TextField::Path => (b'/', Some(pattern::Kind::Path)),
                TextField::Host => (b'.', Some(pattern::Kind::Host)),
                _ => (0, None),
            };
            if let Some(kind) = kind {
                pattern::check(reader, node, path, kind, &texts);
            }
            Test::Call(CallTest::Text(*field, GlobSet::new(&texts, separator)))
        }
        Field::Texts(field) => {
            Test::Call(CallTest::Texts(*field, GlobSet::new(&strings(reader), 0)))
        }
        Field::Kind => Test::Call(CallTest::Kind(each(reader, node, path, &Kind::WORDS))),
        Field::ForKind => Test::Call(CallTest::ForKind(each(reader, node, path, &Kind::WORDS))),
        Field::Effect => {
            let words = Effect::ALL.map(|effect| (effect.name(), effect));
            Test::Action(ActionTest::Effect(each(reader, node, path, &words)))
        }
        Field::Reach => {
            let words = Reach::NAMES.map(|name| (name, name));
            let names = each(reader, node, path, &words);
            let names = names.into_iter().map(str::to_owned);
            Test::Action(ActionTest::Reach(names.collect()))
        }
        Field::Cause => {
            let words = Cause::ALL.map(|cause| (cause.name(), cause));
            Test::Action(ActionTest::Cause(each(reader, node, path, &words)))
        }
        Field::Operation => {
            let mut texts = strings(reader);
            texts
                .iter_mut()
                .for_each(|text| text.make_ascii_uppercase());
            Test::Action(ActionTest::Operation(GlobSet::new(&texts, 0)))
        }
        Field::Tables => {
            let texts = strings(reader);
            pattern::check(reader, node, path, pattern::Kind::Name, &texts);
            Test::Action(ActionTest::Tables(NameSet::new(&texts)))
        }
        Field::Columns(usages) => {
            let texts = strings(reader);
            pattern::check(reader, node, path, pattern::Kind::Name, &texts);
            let names = NameSet::new(&texts);
            Test::Action(ActionTest::Columns(names, usages.to_vec()))
        }
        Field::Resources => {
            let patterns = resources(reader, node, path, language);
            Test::Action(ActionTest::Resources(patterns))
        }
        Field::Labels(of) => {
            let labels = labels(reader, node, path, language);
            Test::Action(ActionTest::Labels(*of, labels))
        }
    })
}

fn unknown(reader: &mut Reader, key: &Key, path: &str) {
    let names = FIELDS.iter().map(|(name, _)| *name);
    let advice = advice(&key.text, names.clone(), || {
        let names: Vec<&str> = names.collect();
        format!(
            "expected `claims.<name>` or one of `{}`",
            names.join("`, `")
        )
    });
    let message = format!("unknown field `{}`, {advice}", key.text);
    reader.mistake("rule.unknown_field", key.position, path, message);
}

fn each<T: Copy>(reader: &mut Reader, node: &Node, path: &str, words: &[(&str, T)]) -> Vec<T> {
    let items = reader.one_or_list(node, path);
    items
        .into_iter()
        .filter_map(|(node, path)| reader.word(node, &path, words))
        .collect()
}

fn resources(
    reader: &mut Reader,
    node: &Node,
    path: &str,
    language: &Language<'_>,
) -> Vec<ResourcePattern> {
    let mut patterns = Vec::new();
    for text in language.strings(reader, node, path) {
        match ResourcePattern::parse(&text) {
            Some(pattern) => patterns.push(pattern),
            None => {
                let message =
                    format!("expected a pattern such as `table:payments`, found `{text}`");
                reader.mistake("rule.resource", node.position, path, message);
            }
        }
    }
    patterns
}

fn labels(reader: &mut Reader, node: &Node, path: &str, language: &Language<'_>) -> LabelSet {
    let mut labels = LabelSet::default();
    for text in language.strings(reader, node, path) {
        if let Some(label) = language.data.label(&text) {
            labels = labels.with(label);
        } else if !language.is_pack {
            // A pack speaks of labels that a document need not have.
            let names = language.data.names.iter().map(String::as_str);
            let advice = advice(&text, names, || {
                "name what bears it under `data`".to_owned()
            });
            let message =
                format!("expected a label that something bears, found `{text}`: {advice}");
            reader.mistake("rule.label", node.position, path, message);
        }
    }
    labels
}

/// The way to a claim: `claims.org.id`, `claims["https://example.com/roles"]`.
pub(super) fn claim_path(
    reader: &mut Reader,
    text: &str,
    position: Position,
    path: &str,
) -> Option<Vec<String>> {
    let way = identity::claim_path::parse(text);
    if way.is_none() {
        let message = format!(
            "expected the way to a claim such as `claims.org.id` or `claims[\"https://example.com/roles\"]`, found `{text}`"
        );
        reader.mistake("rule.claim_path", position, path, message);
    }
    way
}

/// The same as [`claim_values`]; `$name` stands for the members of a list.
fn listed_values(
    reader: &mut Reader,
    node: &Node,
    path: &str,
    language: &Language<'_>,
) -> Vec<Value<'static>> {
    let mut values = Vec::new();
    for (node, path) in reader.one_or_list(node, path) {
        match &node.content {
            Content::Text(text) if text.starts_with('$') => {
                let members = language.strings(reader, node, &path);
                values.extend(members.into_iter().map(Value::from));
            }
            _ => values.extend(claim_values(reader, node, &path)),
        }
    }
    values
}

/// The values that a claim is compared with: text, numbers, true or false.
pub(super) fn claim_values(reader: &mut Reader, node: &Node, path: &str) -> Vec<Value<'static>> {
    let mut values = Vec::new();
    for (node, path) in reader.one_or_list(node, path) {
        match &node.content {
            Content::Text(text) if text.starts_with('$') => {
                let message =
                    format!("expected a value, found `{text}`: lists stand in rules only");
                reader.mistake("rule.claim_value", node.position, &path, message);
            }
            Content::Text(text) => values.push(Value::from(text.clone())),
            Content::Number(number) => values.push(Value::Number(*number)),
            Content::Bool(value) => values.push(Value::Bool(*value)),
            other => {
                let message = format!(
                    "expected text, a number, true or false, found {}",
                    other.kind()
                );
                reader.mistake("rule.claim_value", node.position, &path, message);
            }
        }
    }
    values
}
