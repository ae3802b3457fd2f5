//! Which rules can match a call at all.
//!
//! Each rule stands under one of its fields, the one that lets the fewest calls by; a call
//! looks up what it has there. Cost follows the rules that can match, not those that exist.
//! INVARIANT: what is left out could not have matched, not even as `Maybe`.

use super::name::{folded, is_dotted, is_plain};
use super::set::enter;
use super::{
    ActionTest, Call, CallTest, NamePattern, ROOTS, ResourcePattern, Rule, TextField, TextsField,
};
use crate::action::{Action, Effect, Resource, ResourceKind};
use crate::cel::{Need, Type};
use crate::glob::Glob;
use crate::lookup::Lookup;
use crate::value::Value;

/// The rules by what a call must have for them to match.
#[derive(Debug, Default)]
pub struct Index {
    rules: usize,
    /// One set of rules for each field that some rule stands under.
    texts: Vec<(TextField, Lookup)>,
    lists: Vec<(TextsField, Lookup)>,
    claims: Vec<(Vec<String>, Lookup)>,
    tables: Lookup,
    resources: Vec<(ResourceKind, Lookup)>,
    operations: Lookup,
    effects: Vec<(Effect, Vec<u32>)>,
    always: Vec<u32>,
}

/// Where a rule can stand.
enum Place<'r> {
    Text(TextField, &'r [Glob]),
    List(TextsField, &'r [Glob]),
    Claim(&'r [String], Vec<&'r str>),
    Needed(TextField, Need<'r>),
    Tables(&'r [NamePattern]),
    Resources(&'r [ResourcePattern]),
    Operation(&'r [Glob]),
    Effects(&'r [Effect]),
}

impl Index {
    /// The index of these rules; they are known by their place.
    #[must_use]
    pub fn new(rules: &[Rule]) -> Self {
        let mut index = Self {
            rules: rules.len(),
            ..Self::default()
        };
        for (number, rule) in (0..).zip(rules) {
            let calls = rule
                .matching
                .call
                .iter()
                .filter_map(|(_, test)| by_call(test));
            let actions = rule
                .matching
                .action
                .iter()
                .filter_map(|(_, test)| by_action(test));
            let needs = rule.when.iter().flat_map(|when| when.program.needs());
            let needs = needs.filter_map(by_need);
            match calls
                .chain(actions)
                .chain(needs)
                .min_by_key(|(rank, _)| *rank)
            {
                Some((_, place)) => index.stand(place, number),
                None => index.always.push(number),
            }
        }
        index
    }

    /// An index that leaves out no rule: what every other has to decide like.
    #[must_use]
    pub fn of_all(rules: usize) -> Self {
        Self {
            rules,
            always: (0..u32::try_from(rules).unwrap_or(u32::MAX)).collect(),
            ..Self::default()
        }
    }

    fn stand(&mut self, place: Place<'_>, rule: u32) {
        let globs = match &place {
            Place::Text(_, globs) | Place::List(_, globs) | Place::Operation(globs) => *globs,
            _ => &[],
        };
        let lookup = match place {
            Place::Text(field, _) => keyed(&mut self.texts, |known| *known == field, || field),
            Place::List(field, _) => keyed(&mut self.lists, |known| *known == field, || field),
            Place::Operation(_) => &mut self.operations,
            Place::Claim(path, values) => {
                let lookup = keyed(&mut self.claims, |known| known == path, || path.to_vec());
                for value in values {
                    lookup.insert_exact(value, rule);
                }
                return;
            }
            Place::Needed(field, need) => {
                let lookup = keyed(&mut self.texts, |known| *known == field, || field);
                match need.is_whole {
                    true => lookup.insert_exact(need.text, rule),
                    false => lookup.insert_before_star(need.text, rule),
                }
                return;
            }
            Place::Tables(patterns) => {
                for pattern in patterns {
                    self.tables.insert(&folded(pattern.last()), rule);
                }
                return;
            }
            Place::Resources(patterns) => {
                for pattern in patterns {
                    let kind = pattern.kind();
                    let lookup = keyed(&mut self.resources, |known| *known == kind, || kind);
                    pattern.enter(lookup, rule);
                }
                return;
            }
            Place::Effects(effects) => {
                for effect in effects {
                    self.stand_under(*effect, rule);
                }
                return;
            }
        };
        for glob in globs {
            enter(lookup, glob, rule);
        }
    }

    fn stand_under(&mut self, effect: Effect, rule: u32) {
        let known = self.effects.iter_mut().find(|(known, _)| *known == effect);
        match known {
            Some((_, rules)) => rules.push(rule),
            None => self.effects.push((effect, vec![rule])),
        }
    }

    /// Calls back with the place of each rule that can match, in the order of the rules.
    pub fn each(&self, call: &Call<'_>, mut visit: impl FnMut(usize)) {
        let mut found = Found::new(self.rules);
        found.add(self.always.iter().copied());
        for (field, lookup) in &self.texts {
            if let Some(text) = field.of(call) {
                found.add_from(lookup, text);
            }
        }
        for (field, lookup) in &self.lists {
            for text in field.of(call) {
                found.add_from(lookup, text);
            }
        }
        for (path, lookup) in &self.claims {
            if !call.claims_are_known {
                found.add(lookup.all());
            }
            let claim = call.principal.claims.at(path);
            for item in claim.map(Value::each).unwrap_or_default() {
                if let Some(text) = item.text() {
                    found.add_from(lookup, text);
                }
            }
        }
        for action in call.actions {
            self.of_action(action, &mut found);
        }
        found.each(&mut visit);
    }

    fn of_action(&self, action: &Action, found: &mut Found) {
        for (effect, rules) in &self.effects {
            if *effect == action.effect || action.effect == Effect::Unknown {
                found.add(rules.iter().copied());
            }
        }
        if !self.operations.is_empty() {
            found.add_from(&self.operations, &action.operation.to_ascii_uppercase());
        }
        if action.resources.is_empty() {
            // It may be done to any of them.
            found.add(self.tables.all());
            for (_, lookup) in &self.resources {
                found.add(lookup.all());
            }
        }
        for resource in &action.resources {
            if resource.kind == ResourceKind::Table && !self.tables.is_empty() {
                found.add_named(&self.tables, &NamePattern::last_of(&resource.name));
            }
            for (kind, lookup) in &self.resources {
                found.add_resource(*kind, lookup, resource);
            }
        }
    }
}

fn keyed<K>(
    lookups: &mut Vec<(K, Lookup)>,
    is_known: impl Fn(&K) -> bool,
    key: impl FnOnce() -> K,
) -> &mut Lookup {
    let place = lookups.iter().position(|(known, _)| is_known(known));
    let place = place.unwrap_or_else(|| {
        lookups.push((key(), Lookup::default()));
        lookups.len().saturating_sub(1)
    });
    // The place is that of an entry: found, or just made.
    #[expect(clippy::indexing_slicing, reason = "the place is that of an entry")]
    &mut lookups[place].1
}

/// Where a test of the call can put its rule, and how many calls that lets by: less is better.
fn by_call(test: &CallTest) -> Option<(u8, Place<'_>)> {
    Some(match test {
        CallTest::Text(TextField::Host, _) | CallTest::Kind(_) | CallTest::ForKind(_) => {
            return None;
        }
        CallTest::Text(field, globs) => (rank(*field), Place::Text(*field, globs.globs())),
        CallTest::Texts(field, globs) => (4, Place::List(*field, globs.globs())),
        CallTest::Claim(claim) => {
            let texts: Option<Vec<&str>> = claim.values.iter().map(Value::text).collect();
            (3, Place::Claim(&claim.path, texts?))
        }
    })
}

const fn rank(field: TextField) -> u8 {
    match field {
        TextField::Subject | TextField::ForSubject => 0,
        TextField::Path => 2,
        TextField::Api => 5,
        _ => 7,
    }
}

/// Where a need of an expression can put its rule: only under facts that every call has, and
/// always as a text.
fn by_need(need: Need<'_>) -> Option<(u8, Place<'_>)> {
    let root = ROOTS.get(need.root)?;
    let field = match (root.kind, need.field) {
        (Type::Record(record), Some(field)) => record.fields.get(field)?.name,
        _ => "",
    };
    let field = match (root.name, field) {
        ("api", "") => TextField::Api,
        ("environment", "") => TextField::Environment,
        ("request", "method") => TextField::Method,
        ("request", "path") => TextField::Path,
        ("principal", "subject") => TextField::Subject,
        ("principal", "issuer") => TextField::Issuer,
        ("principal", "client_id") => TextField::ClientId,
        ("principal", "email") => TextField::Email,
        ("principal", "acr") => TextField::Acr,
        _ => return None,
    };
    Some((rank(field), Place::Needed(field, need)))
}

fn by_action(test: &ActionTest) -> Option<(u8, Place<'_>)> {
    Some(match test {
        ActionTest::Tables(names) => (1, Place::Tables(names.patterns())),
        ActionTest::Resources(patterns) => (1, Place::Resources(patterns)),
        ActionTest::Operation(words) => (4, Place::Operation(words.globs())),
        ActionTest::Effect(effects) => (6, Place::Effects(effects)),
        _ => return None,
    })
}

/// Words for this many rules are held without asking for memory.
const FEW_WORDS: usize = 4;

/// Rules that were found, each once.
struct Found {
    few: [u64; FEW_WORDS],
    many: Vec<u64>,
}

impl Found {
    fn new(rules: usize) -> Self {
        let words = rules.div_ceil(64);
        let is_many = words > FEW_WORDS;
        Self {
            few: [0; FEW_WORDS],
            many: vec![0; if is_many { words } else { 0 }],
        }
    }

    fn words(&mut self) -> &mut [u64] {
        match self.many.as_mut_slice() {
            [] => &mut self.few,
            many => many,
        }
    }

    fn add(&mut self, rules: impl IntoIterator<Item = u32>) {
        let words = self.words();
        for rule in rules {
            let word = usize::try_from(rule / 64).unwrap_or(usize::MAX);
            if let Some(word) = words.get_mut(word) {
                *word |= 1 << (rule % 64);
            }
        }
    }

    /// The rules under patterns that could match a text.
    fn add_from(&mut self, lookup: &Lookup, text: &str) {
        lookup.each(text, |rules| self.add(rules.iter().copied()));
    }

    /// The rules under the last part of a dotted name, in whatever case it stands.
    fn add_named(&mut self, lookup: &Lookup, last: &str) {
        if is_plain(last) {
            self.add_from(lookup, last);
        } else {
            self.add_from(lookup, &folded(last));
        }
    }

    /// The rules under patterns of a kind that could match a resource.
    fn add_resource(&mut self, kind: ResourceKind, lookup: &Lookup, resource: &Resource) {
        let name = resource.name.as_str();
        match (kind, resource.kind) {
            (ResourceKind::Path, ResourceKind::Method) => {
                self.add_from(lookup, &format!("/{name}"));
            }
            (ResourceKind::Method, ResourceKind::Path) => {
                self.add_from(lookup, name.strip_prefix('/').unwrap_or(name));
            }
            (kind, own) if kind != own => {}
            (kind, _) if is_dotted(kind) => {
                self.add_named(lookup, &NamePattern::last_of(name));
            }
            // A range may hold any key that a pattern names.
            (ResourceKind::Key, _) if name.ends_with('*') => self.add(lookup.all()),
            _ => self.add_from(lookup, name),
        }
    }

    fn each(&mut self, visit: &mut impl FnMut(usize)) {
        for (place, word) in self.words().iter().enumerate() {
            let mut rest = *word;
            while rest != 0 {
                let bit = usize::try_from(rest.trailing_zeros()).unwrap_or_default();
                visit(place.saturating_mul(64).saturating_add(bit));
                rest &= rest.wrapping_sub(1);
            }
        }
    }
}
