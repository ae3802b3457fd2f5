//! A root field to what it does: effect, reach, tables, and where columns stand.
//!
//! What the operator declares comes first, then what the server's own conventions say. A field
//! that neither knows reads or calls, and reaches who knows how far.

mod hasura;
mod postgraphile;

use super::Kind;
use super::condition;
use super::definition::{Declared, Definition, Flavour};
use crate::action::{Cause, Effect, Reach};
use crate::limits;
use crate::value::Value;

/// The tables behind a field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Tables {
    /// Nobody told of tables.
    Untold,
    /// A table, nobody knows which.
    Unknown,
    /// One of these.
    OneOf(Vec<String>),
}

impl Tables {
    /// One table.
    pub(super) fn one(name: &str) -> Self {
        Self::OneOf(vec![name.to_owned()])
    }
}

/// How the selection of a field is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    /// Of columns and relations.
    Rows,
    /// Of numbers over rows, and the rows.
    Aggregate,
    /// Of what a change gives back.
    Payload,
}

/// What a root field does.
#[derive(Debug)]
pub(super) struct Meaning<'v> {
    pub(super) effect: Effect,
    pub(super) reach: Reach,
    pub(super) cause: Option<Cause>,
    pub(super) tables: Tables,
    pub(super) shape: Shape,
    /// Conditions, and orders: objects of columns.
    pub(super) conditions: Vec<&'v Value<'v>>,
    /// Columns that are compared.
    pub(super) compared: Vec<String>,
    /// Columns that are set.
    pub(super) written: Vec<String>,
    /// Columns that are set in rows which are there already.
    pub(super) replaced: Vec<String>,
    /// Whether rows of related tables are made as well, by the name of the relation.
    pub(super) related: Vec<&'v str>,
}

impl Meaning<'_> {
    fn new(effect: Effect, reach: Reach, tables: Tables) -> Self {
        Self {
            effect,
            reach,
            cause: None,
            tables,
            shape: Shape::Rows,
            conditions: Vec::new(),
            compared: Vec::new(),
            written: Vec::new(),
            replaced: Vec::new(),
            related: Vec::new(),
        }
    }

    /// What nobody knows anything about.
    fn unknown(kind: Kind) -> Self {
        match kind {
            Kind::Mutation => Self {
                shape: Shape::Payload,
                ..Self::new(Effect::Call, Reach::Unknown, Tables::Untold)
            },
            Kind::Query | Kind::Subscription => {
                Self::new(Effect::Read, Reach::Unknown, Tables::Untold)
            }
        }
    }
}

/// What a root field does that is called so, with these arguments. `is_connection` where its
/// selection has what lists of rows have.
pub(super) fn of<'v>(
    definition: &Definition,
    kind: Kind,
    name: &str,
    arguments: &'v Value<'v>,
    is_connection: bool,
) -> Meaning<'v> {
    let mut meaning = match definition.flavour {
        Flavour::Generic => Meaning::unknown(kind),
        Flavour::Hasura => hasura::meaning(definition, kind, name, arguments),
        Flavour::Postgraphile => {
            postgraphile::meaning(definition, kind, name, arguments, is_connection)
        }
    };
    let whole = format!("{}.{name}", kind.name());
    let mut declared = definition.fields.iter();
    let fits = |one: &&Declared| one.names.iter().any(|glob| glob.matches(&whole));
    if let Some(declared) = declared.find(fits) {
        declare(declared, arguments, &mut meaning);
    }
    meaning
}

fn declare<'v>(declared: &Declared, arguments: &'v Value<'v>, meaning: &mut Meaning<'v>) {
    meaning.effect = declared.effect.unwrap_or(meaning.effect);
    if !declared.tables.is_empty() {
        meaning.tables = Tables::OneOf(declared.tables.clone());
    }
    let has = |name: &String| !matches!(arguments.member(name), None | Some(Value::Null));
    let tells =
        declared.limit.is_some() || !declared.filters.is_empty() || !declared.key.is_empty();
    if let Some(reach) = declared.reach {
        (meaning.reach, meaning.cause) = (reach, None);
    } else if !declared.key.is_empty() && declared.key.iter().all(has) {
        (meaning.reach, meaning.cause) = (Reach::Key, Some(Cause::KeyEquality));
    } else if tells {
        let filters = declared.filters.iter();
        let filters = filters.filter_map(|name| arguments.member(name)).collect();
        let limit = declared.limit.as_ref();
        restrict(
            meaning,
            filters,
            limit.and_then(|name| arguments.member(name)),
        );
    }
}

/// The reach of what conditions let through, all of which hold, up to a limit.
fn restrict<'v>(
    meaning: &mut Meaning<'v>,
    conditions: Vec<&'v Value<'v>>,
    limit: Option<&Value<'_>>,
) {
    let mut extent = (Reach::All, Cause::NoCondition);
    for condition in &conditions {
        let lets_through = match condition {
            Value::Object(_) | Value::List(_) => condition::lets_all_through(condition),
            Value::Null => Some(Cause::NoCondition),
            Value::Text(text) if text.is_empty() => Some(Cause::NoCondition),
            _ => None,
        };
        match lets_through {
            None => extent = (Reach::Filtered, Cause::Condition),
            Some(cause) if extent.0 == Reach::All => extent.1 = cause,
            Some(_) => {}
        }
    }
    if let Some(rows) = limit.and_then(bound) {
        extent = (Reach::Limited(rows), Cause::RowBound);
    }
    (meaning.reach, meaning.cause) = (extent.0, Some(extent.1));
    meaning.conditions.extend(conditions);
}

/// A number of rows that counts as a bound.
pub(super) fn bound(limit: &Value<'_>) -> Option<u64> {
    let Value::Number(number) = limit else {
        return None;
    };
    let most = u32::try_from(limits::BOUND_ROWS).unwrap_or(u32::MAX);
    let is_bound = number.fract() == 0.0 && (0.0..=f64::from(most)).contains(number);
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "whole, and within what counts as a bound"
    )]
    is_bound.then_some(*number as u64)
}

/// The table behind a relation of a table, or behind a field of what is no table.
pub(super) fn relation(definition: &Definition, from: &Tables, name: &str) -> Tables {
    if let Tables::OneOf(tables) = from
        && let [table] = tables.as_slice()
        && let Some(table) = definition.tables.get(&format!("{table}.{name}"))
    {
        return Tables::one(table);
    }
    match definition.flavour {
        Flavour::Generic => match definition.tables.get(name) {
            Some(table) => Tables::one(table),
            None => Tables::Untold,
        },
        Flavour::Hasura => hasura::relation(definition, name),
        Flavour::Postgraphile => postgraphile::relation(definition, name),
    }
}

/// What a field within a selection is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    /// A column where nothing is selected of it, else a relation.
    Data,
    /// The same rows, selected in another shape.
    Same(Shape),
    /// Nothing that is stored.
    Nothing,
    /// The root of queries again.
    Root,
}

/// What a field of that name is in a selection of that shape.
pub(super) fn part(flavour: Flavour, shape: Shape, name: &str) -> Part {
    match (flavour, name) {
        (_, "__typename") => Part::Nothing,
        (Flavour::Generic, _) => Part::Data,
        (Flavour::Hasura, _) => hasura::part(shape, name),
        (Flavour::Postgraphile, _) => postgraphile::part(shape, name),
    }
}

/// The name of a column in the words of the database.
pub(super) fn column(definition: &Definition, name: &str) -> String {
    match definition.flavour {
        Flavour::Postgraphile => snake(name),
        Flavour::Generic | Flavour::Hasura => name.to_owned(),
    }
}

/// `firstName` as the database has it: `first_name`.
fn snake(name: &str) -> String {
    let mut snake = String::with_capacity(name.len().saturating_add(4));
    for letter in name.chars() {
        if letter.is_ascii_uppercase() && !snake.is_empty() && !snake.ends_with('_') {
            snake.push('_');
        }
        snake.push(letter.to_ascii_lowercase());
    }
    snake
}

/// The names of the members of an object.
fn names<'v>(value: Option<&'v Value<'_>>) -> impl Iterator<Item = &'v str> {
    let members = match value {
        Some(Value::Object(members)) => members.as_slice(),
        _ => &[],
    };
    members.iter().map(|(name, _)| name.as_ref())
}
