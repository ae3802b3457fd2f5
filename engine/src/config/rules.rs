//! `rules:` of a document or of a pack become rules.

use std::collections::BTreeSet;

use super::fields::condition;
use super::language::Language;
use super::names::{NAME_EXPECTED, is_name};
use crate::document::{Content, Mapping, Node, Reader};
use crate::policy::{Condition, DEFAULT_RULE, Expression, Mode, Origin, Rule, RuleEffect};

/// The modes, with their words.
pub(super) const MODES: [(&str, Mode); 2] = [("enforce", Mode::Enforce), ("shadow", Mode::Shadow)];

/// Reads rules and adds them to those that are there. No id stands twice.
pub(super) fn compile(
    reader: &mut Reader,
    node: &Node,
    path: &str,
    language: &Language<'_>,
    rules: &mut Vec<Rule>,
) {
    let mut ids: BTreeSet<String> = rules.iter().map(|rule| rule.id.clone()).collect();
    for (node, path) in reader.list(node, path) {
        let Some(mapping) = reader.mapping(node, &path) else {
            continue;
        };
        if let Some(rule) = rule(reader, mapping, language) {
            if !ids.insert(rule.id.clone()) {
                let message = format!("expected the id `{}` once", rule.id);
                reader.mistake("rule.duplicate_id", node.position, &path, message);
            }
            rules.push(rule);
        }
    }
}

/// What the document says a rule does.
#[derive(Clone, Copy)]
enum Effect {
    Known(RuleEffect),
    /// An obligation on the response, and what it would do.
    Obligation(&'static str),
}

fn rule(reader: &mut Reader, mut mapping: Mapping<'_>, language: &Language<'_>) -> Option<Rule> {
    let origin = Origin {
        source: reader.source().to_owned(),
        position: mapping.position,
        path: mapping.path.clone(),
    };
    let id = mapping
        .required(reader, "id")
        .and_then(|(node, path)| id(reader, node, &path));
    let effect = effect(reader, &mut mapping);
    let mode = mapping.optional("mode");
    let mode = mode.and_then(|(node, path)| reader.word(node, &path, &MODES));
    // A rule without `match` would apply to every call; that must be said, with `match: {}`.
    let matching = mapping.required(reader, "match");
    let matching = matching.and_then(|(node, path)| condition(reader, node, &path, language));
    let when = mapping.optional("when");
    let when = when.and_then(|(node, path)| language.expression(reader, node, &path));
    let except = mapping.optional("except");
    let except = except.map(|(node, path)| exemptions(reader, node, &path, language));
    let unless = mapping.optional("unless");
    let unless = unless.map(|(node, path)| expressions(reader, node, &path, language));
    let approved = approved(reader, &mut mapping, effect, language);
    let tags = tags(reader, &mut mapping, effect);
    let criteria = texts(reader, &mut mapping, "criteria");
    let mut words = |key| {
        let found = mapping.optional(key);
        let text = found.and_then(|(node, path)| reader.text(node, &path));
        text.unwrap_or_default().to_owned()
    };
    let (reason, advice) = (words("reason"), words("advice"));
    mapping.finish(reader);
    let Some(Effect::Known(effect)) = effect else {
        return None;
    };
    Some(Rule {
        id: id?,
        effect,
        mode: mode.unwrap_or(Mode::Enforce),
        matching: matching?,
        when,
        except: except.unwrap_or_default(),
        unless: unless.unwrap_or_default(),
        approved,
        tags,
        criteria,
        reason,
        advice,
        origin,
    })
}

fn effect(reader: &mut Reader, mapping: &mut Mapping<'_>) -> Option<Effect> {
    let [allow, deny, ask, tag] =
        RuleEffect::WORDS.map(|(word, effect)| (word, Effect::Known(effect)));
    let words = [
        allow,
        deny,
        ask,
        tag,
        ("mask", Effect::Obligation("mask")),
        ("cap", Effect::Obligation("cap")),
    ];
    let (node, path) = mapping.required(reader, "effect")?;
    let effect = reader.word(node, &path, &words)?;
    if let Effect::Obligation(word) = effect {
        // Its own keys are no further mistakes.
        let _ = mapping.optional(word);
        let message = format!(
            "expected `allow`, `deny`, `ask` or `tag`: responses pass this filter as they are, so `{word}` would do nothing. Refuse the call instead, or ask for an approval"
        );
        reader.mistake("rule.obligation", node.position, &path, message);
    }
    Some(effect)
}

/// What counts as an approval: only a rule that asks has one.
fn approved(
    reader: &mut Reader,
    mapping: &mut Mapping<'_>,
    effect: Option<Effect>,
    language: &Language<'_>,
) -> Option<Expression> {
    let (node, path) = mapping.optional("approved")?;
    if !matches!(effect, Some(Effect::Known(RuleEffect::Ask)) | None) {
        let message = "expected `approved` in a rule whose effect is `ask`".to_owned();
        reader.mistake("rule.approved", node.position, &path, message);
    }
    language.expression(reader, node, &path)
}

fn tags(reader: &mut Reader, mapping: &mut Mapping<'_>, effect: Option<Effect>) -> Vec<String> {
    let is_tag = matches!(effect, Some(Effect::Known(RuleEffect::Tag)));
    let Some((node, path)) = mapping.optional("tag") else {
        if is_tag {
            let message = "expected the key `tag`: the words for the record".to_owned();
            reader.mistake("rule.tag", mapping.position, &mapping.path, message);
        }
        return Vec::new();
    };
    if !is_tag && effect.is_some() {
        let message = "expected `tag` in a rule whose effect is `tag`".to_owned();
        reader.mistake("rule.tag", node.position, &path, message);
    }
    let mut tags = Vec::new();
    for (text, position, path) in reader.texts(node, &path) {
        if is_name(text) {
            tags.push(text.to_owned());
        } else {
            reader.mistake("rule.tag", position, &path, NAME_EXPECTED.to_owned());
        }
    }
    tags
}

fn texts(reader: &mut Reader, mapping: &mut Mapping<'_>, key: &'static str) -> Vec<String> {
    let found = mapping.optional(key);
    let texts = found.map(|(node, path)| reader.texts(node, &path));
    let texts = texts.unwrap_or_default().into_iter();
    texts.map(|(text, _, _)| text.to_owned()).collect()
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

/// `except:`: a mapping of fields, or a list of them.
fn exemptions(
    reader: &mut Reader,
    node: &Node,
    path: &str,
    language: &Language<'_>,
) -> Vec<Condition> {
    let mut conditions = Vec::new();
    for (node, path) in reader.one_or_list(node, path) {
        if let Content::Text(_) = node.content {
            let message = "expected fields: an expression stands under `unless`".to_owned();
            reader.mistake("rule.except", node.position, &path, message);
            continue;
        }
        let Some(condition) = condition(reader, node, &path, language) else {
            continue;
        };
        if condition.is_empty() {
            let message = "expected at least one field: an empty exemption would exempt everything"
                .to_owned();
            reader.mistake("rule.except", node.position, &path, message);
        }
        conditions.push(condition);
    }
    conditions
}

/// `unless:`: an expression, or a list of them.
fn expressions(
    reader: &mut Reader,
    node: &Node,
    path: &str,
    language: &Language<'_>,
) -> Vec<Expression> {
    let mut expressions = Vec::new();
    for (node, path) in reader.one_or_list(node, path) {
        if let Content::Mapping(_) = node.content {
            let message = "expected an expression: fields stand under `except`".to_owned();
            reader.mistake("rule.unless", node.position, &path, message);
            continue;
        }
        expressions.extend(language.expression(reader, node, &path));
    }
    expressions
}
