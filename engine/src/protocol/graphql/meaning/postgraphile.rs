//! PostGraphile's own fields: `allUsers`, `userById`, `createUser`, `updateUserById`,
//! `deleteUserByNodeId` and the like.
//!
//! Its words are singular or plural forms of the names of tables, so a word stands for either
//! form unless the operator says which table it is.

use super::{Definition, Kind, Meaning, Part, Shape, Tables, names, restrict, snake};
use crate::action::{Cause, Effect, Reach};
use crate::value::Value;

/// What a root field does.
pub(super) fn meaning<'v>(
    definition: &Definition,
    kind: Kind,
    name: &str,
    arguments: &'v Value<'v>,
    is_connection: bool,
) -> Meaning<'v> {
    if kind == Kind::Mutation {
        return change(definition, name, arguments);
    }
    if name == "nodeId" {
        return Meaning::new(Effect::Read, Reach::None, Tables::Untold);
    }
    let has = |word: &str| arguments.member(word).is_some();
    if name == "node" && has("nodeId") {
        return keyed(Effect::Read, Tables::Unknown, arguments);
    }
    if let Some((noun, _)) = name.split_once("By").filter(|_| !is_connection) {
        let tables = tables(definition, noun);
        // One row comes under a word in singular; functions give more.
        return match is_plural(noun) {
            true => list(tables, arguments),
            false => keyed(Effect::Read, tables, arguments),
        };
    }
    if let Some(noun) = name.strip_suffix("Connection").or_else(|| all(name)) {
        return list(tables(definition, noun), arguments);
    }
    let pages = [
        "first",
        "last",
        "offset",
        "before",
        "after",
        "condition",
        "filter",
        "orderBy",
    ];
    if is_connection || pages.into_iter().any(has) {
        return list(tables(definition, name), arguments);
    }
    if has("nodeId") || has("rowId") {
        return keyed(Effect::Read, tables(definition, name), arguments);
    }
    // A function of the operator's, that reads whatever it reads.
    match definition.tables.get(name) {
        Some(table) => Meaning::new(Effect::Read, Reach::Unknown, Tables::one(table)),
        None => Meaning::new(Effect::Read, Reach::Unknown, Tables::Unknown),
    }
}

/// The noun of `allUsers`.
fn all(name: &str) -> Option<&str> {
    let rest = name.strip_prefix("all")?;
    let noun = rest.strip_suffix("List").unwrap_or(rest);
    noun.starts_with(|first: char| first.is_ascii_uppercase())
        .then_some(noun)
}

fn keyed<'v>(effect: Effect, tables: Tables, keys: &'v Value<'v>) -> Meaning<'v> {
    let mut meaning = Meaning::new(effect, Reach::Key, tables);
    meaning.cause = Some(Cause::KeyEquality);
    meaning.compared = names(Some(keys)).map(snake).collect();
    meaning
}

fn list<'v>(tables: Tables, arguments: &'v Value<'v>) -> Meaning<'v> {
    let mut meaning = Meaning::new(Effect::Read, Reach::All, tables);
    let limit = ["first", "last"]
        .into_iter()
        .find_map(|word| arguments.member(word));
    restrict(
        &mut meaning,
        arguments.member("filter").into_iter().collect(),
        limit,
    );
    // Here a column beside null asks for rows without a value.
    if let Some(Value::Object(columns)) = arguments.member("condition")
        && !columns.is_empty()
    {
        if meaning.reach == Reach::All {
            (meaning.reach, meaning.cause) = (Reach::Filtered, Some(Cause::Condition));
        }
        let columns = columns.iter().map(|(name, _)| snake(name));
        meaning.compared.extend(columns);
    }
    let orders = arguments.member("orderBy").map_or(&[][..], Value::each);
    for order in orders.iter().filter_map(Value::text) {
        let order = order.to_ascii_lowercase();
        let column = order.strip_suffix("_asc").or(order.strip_suffix("_desc"));
        meaning.compared.extend(column.map(str::to_owned));
    }
    meaning
}

fn change<'v>(definition: &Definition, name: &str, arguments: &'v Value<'v>) -> Meaning<'v> {
    let verbs = [
        ("create", Effect::Insert),
        ("update", Effect::Update),
        ("delete", Effect::Delete),
        ("upsert", Effect::Insert),
    ];
    let found = verbs.into_iter().find_map(|(verb, effect)| {
        let noun = name.strip_prefix(verb)?;
        let is_noun = noun.starts_with(|first: char| first.is_ascii_uppercase());
        is_noun.then_some((verb, effect, noun))
    });
    let Some((verb, effect, whole)) = found else {
        return Meaning::unknown(Kind::Mutation);
    };
    let (noun, by) = match whole.split_once("By") {
        Some((noun, _)) => (noun, true),
        None => (whole, false),
    };
    let nothing = &Value::Null;
    let input = arguments.member("input").unwrap_or(nothing);
    let tables = tables(definition, noun);
    if effect == Effect::Insert {
        let mut meaning = Meaning::new(effect, Reach::Limited(1), tables);
        meaning.shape = Shape::Payload;
        meaning.cause = Some(Cause::RowBound);
        meaning.written = set(input);
        if verb == "upsert" {
            meaning.replaced.clone_from(&meaning.written);
        }
        return meaning;
    }
    let has_key = by
        || ["nodeId", "rowId", "id"]
            .into_iter()
            .any(|word| input.member(word).is_some());
    let mut meaning = match has_key && !is_plural(noun) {
        true => keyed(effect, tables, nothing),
        // A function of the operator's may be called so.
        false => Meaning::new(effect, Reach::Unknown, tables),
    };
    meaning.shape = Shape::Payload;
    if effect == Effect::Update {
        meaning.written = set(input);
    }
    let keys = names(Some(input)).filter(|key| {
        !matches!(*key, "nodeId" | "clientMutationId") && !is_object(input.member(key))
    });
    meaning.compared = keys.map(snake).collect();
    meaning
}

fn is_object(value: Option<&Value<'_>>) -> bool {
    matches!(value, Some(Value::Object(_)))
}

/// The columns of the row in an input: `{user: {…}}`, `{userPatch: {…}}`.
fn set(input: &Value<'_>) -> Vec<String> {
    let Value::Object(members) = input else {
        return Vec::new();
    };
    let rows = members.iter().map(|(_, value)| value);
    rows.flat_map(|row| names(Some(row)).map(snake)).collect()
}

fn is_plural(noun: &str) -> bool {
    noun.ends_with('s') && !noun.ends_with("ss") && !noun.ends_with("us")
}

fn tables(definition: &Definition, noun: &str) -> Tables {
    let mut lower = noun.to_owned();
    if let Some(first) = lower.get_mut(..1) {
        first.make_ascii_lowercase();
    }
    match definition.tables.get(&lower) {
        Some(table) => Tables::one(table),
        None => Tables::OneOf(forms(&snake(noun))),
    }
}

/// A word and what it may be the singular or the plural of.
fn forms(word: &str) -> Vec<String> {
    let mut forms = vec![word.to_owned()];
    if let Some(stem) = word.strip_suffix("ies") {
        forms.push(format!("{stem}y"));
    }
    if let Some(stem) = word.strip_suffix('s') {
        forms.push(stem.to_owned());
        forms.extend(word.strip_suffix("es").map(str::to_owned));
    } else {
        forms.push(format!("{word}s"));
    }
    if let Some(stem) = word.strip_suffix('y') {
        forms.push(format!("{stem}ies"));
    }
    let hisses = ["ss", "us", "is", "x", "z", "ch", "sh"];
    if hisses.iter().any(|end| word.ends_with(end)) {
        forms.push(format!("{word}es"));
    }
    forms
}

/// A relation is called after its table and its key, `ordersByUserId`; other words are the
/// operator's own.
pub(super) fn relation(definition: &Definition, name: &str) -> Tables {
    match name.split_once("By") {
        Some((noun, _)) if !definition.tables.contains_key(name) => tables(definition, noun),
        _ => match definition.tables.get(name) {
            Some(table) => Tables::one(table),
            None => Tables::Unknown,
        },
    }
}

pub(super) fn part(shape: Shape, name: &str) -> Part {
    match (shape, name) {
        (_, "query") => Part::Root,
        (_, "nodes" | "node") => Part::Same(Shape::Rows),
        (_, "edges") => Part::Same(shape),
        (
            _,
            "cursor" | "pageInfo" | "totalCount" | "hasNextPage" | "hasPreviousPage"
            | "startCursor" | "endCursor" | "clientMutationId" | "nodeId",
        ) => Part::Nothing,
        (Shape::Payload, name) if name.starts_with("deleted") && name.ends_with("Id") => {
            Part::Nothing
        }
        (Shape::Payload, name) if name.ends_with("Edge") => Part::Same(Shape::Rows),
        // The row that was changed, under the name of its type. A relation of it has a key.
        (Shape::Payload, name) if !name.contains("By") => Part::Same(Shape::Rows),
        _ => Part::Data,
    }
}
