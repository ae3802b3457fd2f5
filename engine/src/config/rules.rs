//! `rules:` and `default:` become a [`Policy`].

use std::collections::BTreeSet;

use super::identity::way;
use crate::action::{Effect, Reach};
use crate::document::{Content, Key, Mapping, Node, Reader};
use crate::glob::Glob;
use crate::identity::{ClaimMatch, Kind};
use crate::policy::{
    ActionTest, CallTest, Condition, DEFAULT_RULE, Mode, NamePattern, Policy, ResourcePattern,
    Rule, RuleEffect, Verdict,
};
use crate::value::Value;

pub(super) fn compile(reader: &mut Reader, root: &mut Mapping<'_>) -> Option<Policy> {
    let found = root.required(reader, "rules");
    let rules = found.map(|(node, path)| rules(reader, node, &path));
    let default = root.required(reader, "default").and_then(|(node, path)| {
        reader.word(
            node,
            &path,
            &[("allow", Verdict::Allow), ("deny", Verdict::Deny)],
        )
    });
    Some(Policy {
        rules: rules?,
        default: default?,
    })
}

fn rules(reader: &mut Reader, node: &Node, path: &str) -> Vec<Rule> {
    let mut rules = Vec::new();
    let mut ids = BTreeSet::new();
    for (node, path) in reader.list(node, path) {
        let Some(mapping) = reader.mapping(node, &path) else {
            continue;
        };
        if let Some(rule) = rule(reader, mapping) {
            if !ids.insert(rule.id.clone()) {
                let message = format!("expected the id `{}` once", rule.id);
                reader.mistake("rule.duplicate_id", node.position, &path, message);
            }
            rules.push(rule);
        }
    }
    rules
}

fn rule(reader: &mut Reader, mut mapping: Mapping<'_>) -> Option<Rule> {
    let id = mapping
        .required(reader, "id")
        .and_then(|(node, path)| id(reader, node, &path));
    let effect = mapping.required(reader, "effect").and_then(|(node, path)| {
        reader.word(
            node,
            &path,
            &[("allow", RuleEffect::Allow), ("deny", RuleEffect::Deny)],
        )
    });
    let mode = mapping.optional("mode").and_then(|(node, path)| {
        reader.word(
            node,
            &path,
            &[("enforce", Mode::Enforce), ("shadow", Mode::Shadow)],
        )
    });
    // A rule without `match` would apply to every call; that must be said, with `match: {}`.
    let when = mapping.required(reader, "match");
    let when = when.and_then(|(node, path)| condition(reader, node, &path));
    let unless = mapping.optional("unless");
    let unless = unless
        .map(|(node, path)| conditions(reader, node, &path))
        .unwrap_or_default();
    let mut words = |key| {
        let found = mapping.optional(key);
        let text = found.and_then(|(node, path)| reader.text(node, &path));
        text.unwrap_or_default().to_owned()
    };
    let (reason, advice) = (words("reason"), words("advice"));
    mapping.finish(reader);
    Some(Rule {
        id: id?,
        effect: effect?,
        mode: mode.unwrap_or(Mode::Enforce),
        when: when?,
        unless,
        reason,
        advice,
    })
}

/// What a name must look like to serve in metrics and in response code details.
pub(super) const NAME_EXPECTED: &str =
    "expected 1 to 64 characters out of lower-case letters, digits, `-` and `_`";

pub(super) fn is_name(text: &str) -> bool {
    let is_plain =
        |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"-_".contains(&byte);
    (1..=64).contains(&text.len()) && text.bytes().all(is_plain)
}

fn id(reader: &mut Reader, node: &Node, path: &str) -> Option<String> {
    let text = reader.text(node, path)?;
    if !is_name(text) {
        reader.mistake("rule.id", node.position, path, NAME_EXPECTED.to_owned());
    } else if text == DEFAULT_RULE {
        let message = format!("expected another id: `{DEFAULT_RULE}` stands for the default");
        reader.mistake("rule.id", node.position, path, message);
    }
    Some(text.to_owned())
}

fn conditions(reader: &mut Reader, node: &Node, path: &str) -> Vec<Condition> {
    let mut conditions = Vec::new();
    for (node, path) in reader.one_or_list(node, path) {
        let Some(condition) = condition(reader, node, &path) else {
            continue;
        };
        if condition.call.is_empty() && condition.action.is_empty() {
            let message = "expected at least one field: an empty exemption would exempt everything"
                .to_owned();
            reader.mistake("rule.unless", node.position, &path, message);
        }
        conditions.push(condition);
    }
    conditions
}

fn condition(reader: &mut Reader, node: &Node, path: &str) -> Option<Condition> {
    let mapping = reader.mapping(node, path)?;
    let mut condition = Condition::default();
    for (key, node, path) in mapping.entries() {
        field(reader, key, node, &path, &mut condition);
    }
    Some(condition)
}

fn field(reader: &mut Reader, key: &Key, node: &Node, path: &str, into: &mut Condition) {
    if let Some(claim) = key.text.strip_prefix("claims.") {
        let values = claim_values(reader, node, path);
        into.call.push(CallTest::Claim(ClaimMatch {
            path: way(claim),
            values,
        }));
        return;
    }
    let Some((_, compile)) = FIELDS.iter().find(|(name, _)| *name == key.text) else {
        let names: Vec<&str> = FIELDS.iter().map(|(name, _)| *name).collect();
        let message = format!(
            "unknown field `{}`, expected `claims.<name>` or one of `{}`",
            key.text,
            names.join("`, `")
        );
        reader.mistake("rule.unknown_field", key.position, path, message);
        return;
    };
    match compile(reader, node, path) {
        Field::Call(test) => into.call.push(test),
        Field::Action(test) => into.action.push(test),
    }
}

enum Field {
    Call(CallTest),
    Action(ActionTest),
}

type Compile = fn(&mut Reader, &Node, &str) -> Field;

/// Every field that a condition may name.
const FIELDS: [(&str, Compile); 16] = [
    ("action.effect", |reader, node, path| {
        let words = Effect::ALL.map(|effect| (effect.name(), effect));
        Field::Action(ActionTest::Effect(each(reader, node, path, &words)))
    }),
    ("action.reach", |reader, node, path| {
        let words = Reach::NAMES.map(|name| (name, name));
        let names = each(reader, node, path, &words);
        Field::Action(ActionTest::Reach(
            names.into_iter().map(str::to_owned).collect(),
        ))
    }),
    ("action.operation", |reader, node, path| {
        Field::Action(ActionTest::Operation(strings(reader, node, path)))
    }),
    ("action.tables", |reader, node, path| {
        let patterns = strings(reader, node, path);
        Field::Action(ActionTest::Tables(
            patterns.iter().map(|text| NamePattern::new(text)).collect(),
        ))
    }),
    ("action.resources", |reader, node, path| {
        Field::Action(ActionTest::Resources(resources(reader, node, path)))
    }),
    ("api", |reader, node, path| {
        Field::Call(CallTest::Api(globs(reader, node, path, 0)))
    }),
    ("environment", |reader, node, path| {
        Field::Call(CallTest::Environment(strings(reader, node, path)))
    }),
    ("request.method", |reader, node, path| {
        Field::Call(CallTest::Method(strings(reader, node, path)))
    }),
    ("request.path", |reader, node, path| {
        Field::Call(CallTest::Path(globs(reader, node, path, b'/')))
    }),
    ("request.host", |reader, node, path| {
        Field::Call(CallTest::Host(globs(reader, node, path, b'.')))
    }),
    ("principal.kind", |reader, node, path| {
        Field::Call(CallTest::Kind(each(reader, node, path, &Kind::WORDS)))
    }),
    ("principal.subject", |reader, node, path| {
        Field::Call(CallTest::Subject(globs(reader, node, path, 0)))
    }),
    ("principal.groups", |reader, node, path| {
        Field::Call(CallTest::Groups(globs(reader, node, path, 0)))
    }),
    ("principal.issuer", |reader, node, path| {
        Field::Call(CallTest::Issuer(globs(reader, node, path, 0)))
    }),
    ("principal.for.subject", |reader, node, path| {
        Field::Call(CallTest::ForSubject(globs(reader, node, path, 0)))
    }),
    ("principal.for.groups", |reader, node, path| {
        Field::Call(CallTest::ForGroups(globs(reader, node, path, 0)))
    }),
];

fn each<T: Copy>(reader: &mut Reader, node: &Node, path: &str, words: &[(&str, T)]) -> Vec<T> {
    let items = reader.one_or_list(node, path);
    items
        .into_iter()
        .filter_map(|(node, path)| reader.word(node, &path, words))
        .collect()
}

fn strings(reader: &mut Reader, node: &Node, path: &str) -> Vec<String> {
    let texts = reader.texts(node, path);
    texts
        .into_iter()
        .map(|(text, _, _)| text.to_owned())
        .collect()
}

fn globs(reader: &mut Reader, node: &Node, path: &str, separator: u8) -> Vec<Glob> {
    strings(reader, node, path)
        .iter()
        .map(|text| Glob::new(text, separator))
        .collect()
}

fn resources(reader: &mut Reader, node: &Node, path: &str) -> Vec<ResourcePattern> {
    let mut patterns = Vec::new();
    for (text, position, path) in reader.texts(node, path) {
        match ResourcePattern::parse(text) {
            Some(pattern) => patterns.push(pattern),
            None => {
                let message =
                    format!("expected a pattern such as `table:payments`, found `{text}`");
                reader.mistake("rule.resource", position, &path, message);
            }
        }
    }
    patterns
}

/// The values that a claim is compared with: text, numbers, true or false.
pub(super) fn claim_values(reader: &mut Reader, node: &Node, path: &str) -> Vec<Value<'static>> {
    let mut values = Vec::new();
    for (node, path) in reader.one_or_list(node, path) {
        match &node.content {
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
