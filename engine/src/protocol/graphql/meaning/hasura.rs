//! Hasura's own fields: `users`, `users_by_pk`, `users_aggregate`, `insert_users_one`,
//! `update_users`, `delete_users_by_pk` and the like, in snake case or camel case.

use super::{Definition, Kind, Meaning, Part, Shape, Tables, names, restrict, snake};
use crate::action::{Cause, Effect, Reach};
use crate::value::Value;

/// What a root field does.
pub(super) fn meaning<'v>(
    definition: &Definition,
    kind: Kind,
    name: &str,
    arguments: &'v Value<'v>,
) -> Meaning<'v> {
    match kind {
        Kind::Query | Kind::Subscription => read(definition, name, arguments),
        Kind::Mutation => [
            ("insert", Effect::Insert),
            ("update", Effect::Update),
            ("delete", Effect::Delete),
        ]
        .into_iter()
        .find_map(|(verb, effect)| Some((after(name, verb)?, effect)))
        .map_or_else(
            || Meaning::unknown(kind),
            |(noun, effect)| change(definition, effect, &noun, arguments),
        ),
    }
}

/// The noun after a verb: `users` of `delete_users` and of `deleteUsers`.
fn after(name: &str, verb: &str) -> Option<String> {
    let rest = name.strip_prefix(verb)?;
    match rest.strip_prefix('_') {
        Some(noun) if !noun.is_empty() => Some(noun.to_owned()),
        _ if rest.starts_with(|first: char| first.is_ascii_uppercase()) => Some(snake(rest)),
        _ => None,
    }
}

/// The noun before an ending of either style.
fn before<'n>(noun: &'n str, snake: &str, camel: &str) -> Option<&'n str> {
    let rest = noun
        .strip_suffix(snake)
        .or_else(|| noun.strip_suffix(camel));
    rest.filter(|rest| !rest.is_empty())
}

fn table(definition: &Definition, noun: &str) -> Tables {
    match definition.tables.get(noun) {
        Some(table) => Tables::one(table),
        None => Tables::one(noun),
    }
}

fn read<'v>(definition: &Definition, name: &str, arguments: &'v Value<'v>) -> Meaning<'v> {
    if let Some(noun) = before(name, "_by_pk", "ByPk") {
        let mut meaning = Meaning::new(Effect::Read, Reach::Key, table(definition, noun));
        meaning.cause = Some(Cause::KeyEquality);
        meaning.compared = names(Some(arguments)).map(str::to_owned).collect();
        return meaning;
    }
    let aggregate = before(name, "_aggregate", "Aggregate");
    let noun = aggregate.or_else(|| before(name, "_stream", "Stream"));
    let mut meaning = Meaning::new(
        Effect::Read,
        Reach::All,
        table(definition, noun.unwrap_or(name)),
    );
    if aggregate.is_some() {
        meaning.shape = Shape::Aggregate;
    }
    let conditions = arguments.member("where").into_iter().collect();
    restrict(&mut meaning, conditions, arguments.member("limit"));
    for word in ["order_by", "orderBy"] {
        let orders = arguments.member(word).map_or(&[][..], Value::each);
        meaning.conditions.extend(orders);
    }
    for word in ["distinct_on", "distinctOn"] {
        let columns = arguments.member(word).map_or(&[][..], Value::each);
        let columns = columns.iter().filter_map(Value::text);
        meaning.compared.extend(columns.map(str::to_owned));
    }
    meaning
}

fn change<'v>(
    definition: &Definition,
    effect: Effect,
    noun: &str,
    arguments: &'v Value<'v>,
) -> Meaning<'v> {
    let one = match effect {
        Effect::Insert => before(noun, "_one", "_one"),
        _ => before(noun, "_by_pk", "_by_pk"),
    };
    let many = match effect {
        Effect::Update => before(noun, "_many", "_many"),
        _ => None,
    };
    let table = table(definition, one.or(many).unwrap_or(noun));
    let mut meaning = Meaning::new(effect, Reach::All, table);
    meaning.shape = match one {
        Some(_) => Shape::Rows,
        None => Shape::Payload,
    };
    match effect {
        Effect::Insert => insert(&mut meaning, arguments),
        _ if one.is_some() => {
            (meaning.reach, meaning.cause) = (Reach::Key, Some(Cause::KeyEquality));
            let keys = match effect {
                Effect::Update => ["pk_columns", "pkColumns"]
                    .iter()
                    .find_map(|word| arguments.member(word)),
                _ => Some(arguments),
            };
            meaning.compared = names(keys).map(str::to_owned).collect();
            set(&mut meaning, arguments);
        }
        _ if many.is_some() => {
            let updates = arguments.member("updates").map_or(&[][..], Value::each);
            let mut most = (Reach::Filtered, Some(Cause::Condition));
            for update in updates {
                restrict(
                    &mut meaning,
                    update.member("where").into_iter().collect(),
                    None,
                );
                set(&mut meaning, update);
                if meaning.reach > most.0 {
                    most = (meaning.reach, meaning.cause);
                }
            }
            (meaning.reach, meaning.cause) = most;
        }
        _ => {
            let conditions = arguments.member("where").into_iter().collect();
            restrict(&mut meaning, conditions, None);
            set(&mut meaning, arguments);
        }
    }
    meaning
}

/// `_set`, `_inc`, `_append` and the like hold the columns that they change.
fn set(meaning: &mut Meaning<'_>, arguments: &Value<'_>) {
    let Value::Object(members) = arguments else {
        return;
    };
    for (name, value) in members {
        if name.starts_with('_') {
            meaning
                .written
                .extend(names(Some(value)).map(str::to_owned));
        }
    }
}

fn insert<'v>(meaning: &mut Meaning<'v>, arguments: &'v Value<'v>) {
    let objects = ["objects", "object"]
        .iter()
        .find_map(|word| arguments.member(word))
        .map_or(&[][..], Value::each);
    let rows = u64::try_from(objects.len()).unwrap_or(u64::MAX).max(1);
    (meaning.reach, meaning.cause) = (Reach::Limited(rows), Some(Cause::RowBound));
    for object in objects {
        let Value::Object(members) = object else {
            continue;
        };
        for (name, value) in members {
            match value.member("data") {
                Some(_) => meaning.related.push(name),
                None => meaning.written.push(name.clone().into_owned()),
            }
        }
    }
    let conflict = ["on_conflict", "onConflict"];
    let conflict = conflict.iter().find_map(|word| arguments.member(word));
    let columns = ["update_columns", "updateColumns"];
    let columns = columns
        .iter()
        .find_map(|word| conflict.and_then(|one| one.member(word)));
    let columns = columns.map_or(&[][..], Value::each).iter();
    let columns = columns.filter_map(Value::text).map(str::to_owned);
    meaning.replaced.extend(columns);
}

/// Relations are named by whoever tracked them, so only the operator knows where they lead.
pub(super) fn relation(definition: &Definition, name: &str) -> Tables {
    let noun = before(name, "_aggregate", "Aggregate").unwrap_or(name);
    match definition.tables.get(noun) {
        Some(table) => Tables::one(table),
        None => Tables::Unknown,
    }
}

pub(super) fn part(shape: Shape, name: &str) -> Part {
    match (shape, name) {
        (Shape::Payload, "returning") => Part::Same(Shape::Rows),
        (Shape::Payload, "affected_rows" | "affectedRows") => Part::Nothing,
        (Shape::Aggregate, "nodes") => Part::Same(Shape::Rows),
        (Shape::Aggregate, "count") => Part::Nothing,
        (
            Shape::Aggregate,
            "aggregate" | "avg" | "max" | "min" | "stddev" | "stddev_pop" | "stddev_samp" | "sum"
            | "var_pop" | "var_samp" | "variance" | "stddevPop" | "stddevSamp" | "varPop"
            | "varSamp",
        ) => Part::Same(Shape::Aggregate),
        _ => Part::Data,
    }
}
