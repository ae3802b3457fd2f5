//! Lines of a log to counts of what would change, by rule and by who asked.

use std::collections::BTreeMap;

use lictor_engine::config::Unmatched;
use serde_json::Value;

use crate::replay::{Bounds, Facts, Judgement, record_of, word};

/// What would change, and what can't be told.
#[derive(Debug, Default)]
pub(super) struct Tally {
    most_examples: usize,
    /// Lines that hold no record.
    pub(super) without_record: usize,
    /// Records that come out as they did.
    pub(super) same: usize,
    /// Records of calls that were refused before any rule was asked, by code.
    pub(super) unread: BTreeMap<String, usize>,
    /// Decisions that would be others.
    pub(super) changes: BTreeMap<Change, BTreeMap<String, Group>>,
    /// Decisions that can't be told, by what the record does not hold.
    pub(super) unknown: BTreeMap<String, Group>,
    /// How many calls rules in shadow mode would take part in, by rule.
    pub(super) shadow: BTreeMap<String, usize>,
}

/// A decision, another one, and the rule that makes the difference.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Change {
    pub(super) from: String,
    pub(super) to: &'static str,
    /// The new rule where the new decision refuses, else the one that refused.
    pub(super) rule: String,
}

/// Calls that have something in common.
#[derive(Debug, Default)]
pub(super) struct Group {
    pub(super) count: usize,
    pub(super) examples: Vec<String>,
}

impl Group {
    fn add(&mut self, record: &Value, most: usize) {
        self.count = self.count.saturating_add(1);
        if self.examples.len() < most {
            self.examples.push(example(record));
        }
    }
}

impl Tally {
    pub(super) fn new(most_examples: usize) -> Self {
        Self {
            most_examples,
            ..Self::default()
        }
    }

    /// How many records there were.
    pub(super) fn records(&self) -> usize {
        let changed = self.changed();
        let unread: usize = self.unread.values().sum();
        [self.same, unread, changed, self.unknown_ones()]
            .iter()
            .sum()
    }

    /// How many would come out otherwise.
    pub(super) fn changed(&self) -> usize {
        let groups = self.changes.values().flat_map(BTreeMap::values);
        groups.map(|group| group.count).sum()
    }

    /// How many can't be told.
    pub(super) fn unknown_ones(&self) -> usize {
        self.unknown.values().map(|group| group.count).sum()
    }

    /// Whether nothing would change.
    pub(super) fn is_clear(&self) -> bool {
        self.changed() == 0 && self.unknown_ones() == 0
    }

    /// Takes in a line.
    pub(super) fn add(&mut self, line: &str, bounds: &mut Bounds<'_>) {
        let Some(record) = record_of(line) else {
            let is_blank = line.trim().is_empty();
            self.without_record = self.without_record.saturating_add(usize::from(!is_blank));
            return;
        };
        let code = text(&record, "code");
        let is_by_rules = matches!(code, "" | "policy.denied" | "policy.approval_required");
        if !is_by_rules || text(&record, "decision") == "none" {
            let code = if code.is_empty() { "none" } else { code };
            let count = self.unread.entry(code.to_owned()).or_default();
            *count = count.saturating_add(1);
            return;
        }
        if record.get("api").is_none_or(Value::is_null) {
            self.add_unmatched(&record, bounds);
            return;
        }
        match Facts::of(&record) {
            Ok(facts) => self.add_facts(&record, &facts, bounds),
            Err(why) => self.not_told(&record, format!("a record {why}")),
        }
    }

    /// A call of no API: it changes only if the candidate has an API for it, or refuses such.
    fn add_unmatched(&mut self, record: &Value, bounds: &Bounds<'_>) {
        let guard = bounds.guard();
        let request = record.get("request").unwrap_or(&Value::Null);
        let host = text(request, "host").to_ascii_lowercase();
        let (path, method) = (text(request, "path"), text(request, "method"));
        if guard
            .apis
            .iter()
            .any(|api| api.matches(&host, path, method))
        {
            self.not_told(record, "what a call does that was of no API".to_owned());
            return;
        }
        let now = match guard.unmatched {
            Unmatched::Allow => "allow",
            Unmatched::Deny => "deny",
        };
        self.compare(record, now, "unmatched");
    }

    fn add_facts(&mut self, record: &Value, facts: &Facts, bounds: &mut Bounds<'_>) {
        let api = facts.api_in(bounds.guard()).map(|api| api.name.as_str());
        if api != Some(facts.api.as_str()) {
            self.not_told(
                record,
                "what a call does that was of another API".to_owned(),
            );
            return;
        }
        let judged = bounds.judge(facts, |decision| {
            let rule = decision.rules.first().copied().unwrap_or_default();
            let shadow = decision.shadow.iter();
            let shadow: Vec<String> = shadow.map(|id| (*id).to_owned()).collect();
            (word(decision.verdict), rule.to_owned(), shadow)
        });
        match judged {
            Judgement::Unknown(lacks) => self.not_told(record, lacks.join(", ")),
            Judgement::Told((decision, rule, shadow)) => {
                for id in shadow {
                    let count = self.shadow.entry(id).or_default();
                    *count = count.saturating_add(1);
                }
                self.compare(record, decision, &rule);
            }
        }
    }

    fn compare(&mut self, record: &Value, to: &'static str, rule: &str) {
        let from = text(record, "decision");
        if from == to {
            self.same = self.same.saturating_add(1);
            return;
        }
        let before = record.get("rules").and_then(Value::as_array);
        let before = before.and_then(|rules| rules.first()?.as_str());
        let change = Change {
            from: from.to_owned(),
            to,
            rule: match to {
                "allow" => before.unwrap_or_default().to_owned(),
                _ => rule.to_owned(),
            },
        };
        let most = self.most_examples;
        let groups = self.changes.entry(change).or_default();
        groups.entry(who(record)).or_default().add(record, most);
    }

    fn not_told(&mut self, record: &Value, what: String) {
        let most = self.most_examples;
        self.unknown.entry(what).or_default().add(record, most);
    }
}

/// `bot (agent) for alice`.
fn who(record: &Value) -> String {
    let principal = record.get("principal").unwrap_or(&Value::Null);
    let whom = text(principal, "for");
    let whom = if whom.is_empty() {
        String::new()
    } else {
        format!(" for {whom}")
    };
    format!(
        "{} ({}){whom}",
        text(principal, "subject"),
        text(principal, "kind")
    )
}

/// What was done, in a line.
fn example(record: &Value) -> String {
    let actions = record.get("actions").and_then(Value::as_array);
    let done = actions.into_iter().flatten().map(|action| {
        let resources = action.get("resources").and_then(Value::as_array);
        let resources = resources.into_iter().flatten().filter_map(Value::as_str);
        let words = [text(action, "effect"), text(action, "reach")];
        words
            .into_iter()
            .chain(resources)
            .collect::<Vec<_>>()
            .join(" ")
    });
    let done: Vec<String> = done.take(3).collect();
    let request = record.get("request").unwrap_or(&Value::Null);
    format!(
        "{}  {} {}  {}",
        text(record, "id"),
        text(request, "method"),
        text(request, "path"),
        done.join("; ")
    )
}

fn text<'v>(value: &'v Value, name: &str) -> &'v str {
    value.get(name).and_then(Value::as_str).unwrap_or_default()
}
