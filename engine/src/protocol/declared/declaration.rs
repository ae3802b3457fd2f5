//! `actions:` of an operation: what a call does besides its statements.

use super::condition::{self, When};
use super::name::{self, Name, Names};
use super::path::JsonPath;
use super::place::{self, Found, Place};
use super::reach::{self, Extent};
use super::source::{BodyForm, View};
use crate::action::{Action, Column, ColumnUse, Effect, Reach, Resource, ResourceKind, Usage};
use crate::document::{Content, Node, Reader};
use crate::limits;
use crate::refusal::Refusal;
use crate::sql::Dialect;
use crate::value::Value;

/// One declared action.
#[derive(Debug, Clone)]
pub(super) struct Declaration {
    effect: Effect,
    operation: String,
    names: Vec<Name>,
    reach: Extent,
    columns: Vec<Place>,
    each: Option<JsonPath>,
    when: When,
}

/// Reads an action: a mapping, or the word of an effect.
pub(super) fn compile(
    reader: &mut Reader,
    node: &Node,
    path: &str,
    operation: &str,
) -> Option<Declaration> {
    let words = Effect::ALL.map(|effect| (effect.name(), effect));
    let itself = || vec![Name::of(ResourceKind::Object, operation)];
    if let Content::Text(_) = &node.content {
        let effect = reader.word(node, path, &words)?;
        return Some(Declaration {
            effect,
            operation: operation.to_owned(),
            names: itself(),
            reach: Extent::of(default_reach(effect)),
            columns: Vec::new(),
            each: None,
            when: When::default(),
        });
    }
    let mut mapping = reader.mapping(node, path)?;
    let effect = mapping.required(reader, "effect");
    let effect = effect.and_then(|(node, path)| reader.word(node, &path, &words));
    let called = mapping.optional("operation");
    let called = called.and_then(|(node, path)| reader.text(node, &path));
    let mut names = Vec::new();
    for kind in ResourceKind::ALL {
        if let Some((node, path)) = mapping.optional(kind.name()) {
            names.extend(name::compile(reader, node, &path, kind));
        }
    }
    let dotted = mapping.optional("names");
    if dotted
        .and_then(|(node, path)| reader.word(node, &path, &[("dotted", ())]))
        .is_some()
    {
        names = names.into_iter().map(Name::dotted).collect();
    }
    let reach = mapping.optional("reach");
    let reach = reach.map(|(node, path)| reach::compile(reader, node, &path));
    let columns = mapping.optional("columns");
    let columns = columns.map(|(node, path)| place::compile(reader, node, &path));
    let each = mapping.optional("each");
    let each = each.and_then(|(node, path)| json_path(reader, node, &path));
    let when = mapping.optional("when");
    let when = when.map(|(node, path)| condition::compile(reader, node, &path));
    mapping.finish(reader);
    let effect = effect?;
    if names.is_empty() {
        names = itself();
    }
    Some(Declaration {
        effect,
        operation: called.unwrap_or(operation).to_owned(),
        names,
        reach: reach.unwrap_or(Extent::of(default_reach(effect))),
        columns: columns.unwrap_or_default(),
        each,
        when: when.unwrap_or_default(),
    })
}

fn json_path(reader: &mut Reader, node: &Node, path: &str) -> Option<JsonPath> {
    let text = reader.text(node, path)?;
    let parsed = JsonPath::parse(text).filter(|parsed| !parsed.is_relative);
    if parsed.is_none() {
        let message = "expected a JSON path such as `$.items[*]`".to_owned();
        reader.mistake("api.json_path", node.position, path, message);
    }
    parsed
}

/// What an effect reaches where the definition does not say.
const fn default_reach(effect: Effect) -> Reach {
    match effect {
        Effect::Session | Effect::Create => Reach::None,
        Effect::Read => Reach::Key,
        Effect::Drop | Effect::Truncate | Effect::Alter | Effect::Export => Reach::All,
        _ => Reach::Unknown,
    }
}

impl Declaration {
    /// The forms of body that it looks at.
    pub(super) fn forms(&self, forms: &mut Vec<BodyForm>) {
        self.when.forms(forms);
        self.reach.forms(forms);
        self.places().for_each(|place| place.form(forms));
        if self.each.is_some() {
            forms.push(BodyForm::Json);
        }
    }

    /// The query parameters that it looks at.
    pub(super) fn parameters<'p>(&'p self, names: &mut Vec<&'p str>) {
        self.reach.parameters(names);
        let places = self.places().chain(self.when.places());
        places.for_each(|place| place.parameters(names));
    }

    /// Every place that names something.
    pub(super) fn places(&self) -> impl Iterator<Item = &Place> {
        let named = self.names.iter().flat_map(Name::places);
        named.chain(&self.columns)
    }

    /// Adds what it is in this request.
    pub(super) fn add(
        &self,
        view: &View<'_, '_>,
        dialect: Option<Dialect>,
        actions: &mut Vec<Action>,
    ) -> Result<(), Refusal> {
        let Some(each) = &self.each else {
            return self.add_one(view, dialect, actions);
        };
        if !view.has(BodyForm::Json) {
            return Ok(());
        }
        let mut items = 0_usize;
        each.each(view.source.json()?, &mut |seen| {
            let super::path::Seen::Value(item) = seen else {
                return Ok(());
            };
            if matches!(item, Value::Null) {
                return Ok(());
            }
            items = items.saturating_add(1);
            if items > limits::API_ITEMS {
                return Err(name::TOO_MANY);
            }
            let view = View {
                item: Some(item),
                ..*view
            };
            self.add_one(&view, dialect, actions)
        })
    }

    fn add_one(
        &self,
        view: &View<'_, '_>,
        dialect: Option<Dialect>,
        actions: &mut Vec<Action>,
    ) -> Result<(), Refusal> {
        if !self.when.holds(view)? {
            return Ok(());
        }
        let mut names = Names::default();
        for name in &self.names {
            name.add(view, dialect, &mut names)?;
        }
        let reach = self.reach.reach(view)?;
        let action = action(self.effect, &self.operation, reach, names);
        let action = self.with_columns(action, view)?;
        merge(action, actions)
    }

    /// Without columns that are named, a read shows all of them.
    fn with_columns(&self, mut action: Action, view: &View<'_, '_>) -> Result<Action, Refusal> {
        let mut named = Vec::new();
        for place in &self.columns {
            place.each(view, &mut |found| {
                match found {
                    Found::Text(text) | Found::Scalar(text) => {
                        named.extend(text.split(',').map(|name| name.trim().to_owned()));
                    }
                    Found::Tree(tree) => {
                        let items = tree.each().iter().filter_map(Value::text);
                        named.extend(items.map(str::to_owned));
                    }
                }
                Ok(())
            })?;
        }
        let is_plain = |name: &String| {
            !name.is_empty()
                && name
                    .bytes()
                    .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
        };
        if !named.is_empty() && named.len() <= limits::API_NAMES && named.iter().all(is_plain) {
            set_columns(&mut action, &named);
        }
        Ok(action)
    }
}

/// An action on names as far as they can be told, with what it does to the columns of tables.
pub(super) fn action(effect: Effect, operation: &str, reach: Reach, names: Names) -> Action {
    let Names {
        mut resources,
        is_untold,
    } = names;
    resources.sort();
    resources.dedup();
    let mut action = if is_untold {
        // INVARIANT (untold targets): without resources and with an unknown reach an action may
        // be done to anything.
        Action::new(effect, operation, Reach::Unknown, Vec::new())
    } else {
        Action::new(effect, operation, reach, resources)
    };
    action.cause = reach::cause(effect, action.reach);
    set_columns(&mut action, &[Column::ALL.to_owned()]);
    action
}

/// What is done to these columns of every table, as far as the effect does something to columns.
pub(super) fn set_columns(action: &mut Action, names: &[String]) {
    let usage = match action.effect {
        Effect::Read | Effect::Export => Usage::Output,
        Effect::Insert | Effect::Update | Effect::Import => Usage::Written,
        _ => return,
    };
    action.columns.clear();
    let tables = action.resources.iter();
    for Resource { name: table, .. } in tables.filter(|one| one.kind == ResourceKind::Table) {
        let columns = names.iter().map(|name| ColumnUse {
            column: Column {
                table: table.clone(),
                name: name.clone(),
            },
            usage,
            is_certain: true,
        });
        action.columns.extend(columns);
    }
    action.columns.sort();
    action.columns.dedup();
}

/// Adds an action; of many that differ in nothing but the item they reach one is made.
pub(super) fn merge(action: Action, actions: &mut Vec<Action>) -> Result<(), Refusal> {
    let same = actions.iter_mut().find(|known| {
        known.effect == action.effect
            && known.operation == action.operation
            && known.resources == action.resources
            && known.columns == action.columns
            && known.statement.is_none()
    });
    let Some(same) = same else {
        if actions.len() >= limits::API_NAMES {
            return Err(name::TOO_MANY);
        }
        actions.push(action);
        return Ok(());
    };
    same.reach = together(same.reach, action.reach);
    same.cause = reach::cause(same.effect, same.reach);
    Ok(())
}

/// What two actions reach that are done to the same thing.
fn together(one: Reach, other: Reach) -> Reach {
    let rows = |reach| match reach {
        Reach::Key => Some(1_u64),
        Reach::Limited(rows) => Some(rows),
        _ => None,
    };
    match (rows(one), rows(other)) {
        (Some(some), Some(more)) => match some.saturating_add(more) {
            few if few <= limits::BOUND_ROWS => Reach::Limited(few),
            _ => Reach::Filtered,
        },
        _ => one.max(other),
    }
}
