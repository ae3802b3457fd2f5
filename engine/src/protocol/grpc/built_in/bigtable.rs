//! Bigtable: rows by key, range or filter, mutations, SQL, and what drops tables.
//!
//! Sources: `google/bigtable/v2/*.proto`, `google/bigtable/admin/v2/*.proto`.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::super::operation::analyse;
use super::super::resources::{columns, of_path};
use super::{BuiltIn, HandleForm, Message, add, first, flag, list, number, text};
use crate::action::{Action, Cause, Effect, Reach, Resource, ResourceKind};
use crate::limits;
use crate::protocol::HANDLE_UNKNOWN;
use crate::refusal::Refusal;
use crate::sql::Dialect;
use crate::value::Value;

pub(super) static SERVICE: BuiltIn = BuiltIn {
    name: "bigtable",
    schema: "engine/src/protocol/grpc/built_in/bigtable.txt",
    dialect: Dialect::Bigquery,
    read,
    transcode: None,
    harmless: &[],
    handles: Some(&HandleForm { named, kept, given }),
};

fn read(message: &Message<'_>) -> Result<Vec<Action>, Refusal> {
    let tree = message.tree;
    let (_, method) = message.method.split_once('/').unwrap_or_default();
    match method {
        "ReadRows" => Ok(vec![rows(tree)]),
        "MutateRow" => mutated(tree, list(tree, "mutations").iter(), 1),
        "MutateRows" => {
            let entries = list(tree, "entries");
            let mutations = entries.iter().flat_map(|entry| list(entry, "mutations"));
            mutated(tree, mutations, entries.len())
        }
        "CheckAndMutateRow" => {
            let chosen = list(tree, "true_mutations").iter();
            mutated(tree, chosen.chain(list(tree, "false_mutations")), 1)
        }
        "DropRowRange" => {
            let all =
                flag(tree, "delete_all_data_from_table") || text(tree, "row_key_prefix").is_empty();
            let (effect, reach) = match all {
                true => (Effect::Truncate, Reach::All),
                false => (Effect::Delete, Reach::Filtered),
            };
            let table = vec![of_path(ResourceKind::Table, text(tree, "name"))];
            Ok(vec![Action::new(effect, "DROP ROW RANGE", reach, table)])
        }
        _ => query(message),
    }
}

fn named(message: &Message<'_>) -> Option<Vec<u8>> {
    let prepared = text(message.tree, "prepared_query");
    STANDARD
        .decode(prepared)
        .ok()
        .filter(|handle| !handle.is_empty())
}

fn kept(message: &Message<'_>) -> Option<String> {
    let is_prepared = message.method.ends_with("/PrepareQuery");
    is_prepared.then(|| text(message.tree, "query").to_owned())
}

/// `PrepareQueryResponse.prepared_query`.
fn given(_method: &str, message: &[u8]) -> Vec<Vec<u8>> {
    vec![first(message, 2).to_vec()]
}

/// A statement, or one that was prepared before.
fn query(message: &Message<'_>) -> Result<Vec<Action>, Refusal> {
    let (query, prepared) = (
        text(message.tree, "query"),
        text(message.tree, "prepared_query"),
    );
    let known = match (prepared, message.remembered) {
        ("", _) => "",
        (_, Some(known)) => known,
        (_, None) => return Err(HANDLE_UNKNOWN),
    };
    analyse(
        [query, known].into_iter(),
        message.database,
        message.request,
    )
}

/// The tables that a message names: a view of a table is reached through it, so that both are
/// meant. None, which stands for any, where it names none.
fn tables(tree: &Value<'_>) -> Vec<Resource> {
    let names = [
        "table_name",
        "authorized_view_name",
        "materialized_view_name",
    ];
    let mut found = Vec::new();
    for path in names.iter().map(|name| text(tree, name)) {
        let table = path.split_once("/authorizedViews/").map(|(table, _)| table);
        let paths = [Some(path), table].into_iter().flatten();
        let paths = paths.filter(|path| !path.is_empty());
        found.extend(paths.map(|path| of_path(ResourceKind::Table, path)));
    }
    found.sort_unstable();
    found.dedup();
    found
}

fn rows(tree: &Value<'_>) -> Action {
    let resources = tables(tree);
    let (keys, ranges) = match tree.member("rows") {
        Some(rows) => (list(rows, "row_keys").len(), list(rows, "row_ranges").len()),
        None => (0, 0),
    };
    let (mut reach, mut cause) = match (keys, ranges) {
        (1, 0) => (Reach::Key, Cause::KeyEquality),
        (0, 0) if tree.member("filter").is_none() => (Reach::All, Cause::NoCondition),
        (0, _) => (Reach::Filtered, Cause::Condition),
        (keys, 0) => (several(keys), Cause::KeyEquality),
        _ => (Reach::Filtered, Cause::Condition),
    };
    let limit = number(tree, "rows_limit");
    if (1..=limits::BOUND_ROWS).contains(&limit) && reach > Reach::Limited(limit) {
        (reach, cause) = (Reach::Limited(limit), Cause::RowBound);
    }
    if resources.is_empty() {
        return Action::new(Effect::Read, "READ ROWS", Reach::Unknown, resources);
    }
    let mut action = Action::new(Effect::Read, "READ ROWS", reach, resources);
    action.cause = Some(cause);
    action.columns = columns(Effect::Read, &action.resources);
    action
}

fn several(rows: usize) -> Reach {
    match u64::try_from(rows) {
        Ok(0 | 1) => Reach::Key,
        Ok(rows) if rows <= limits::BOUND_ROWS => Reach::Limited(rows),
        _ => Reach::Filtered,
    }
}

/// Cells set, cells gone, rows gone: one action for each of these.
fn mutated<'v, 'm: 'v>(
    tree: &Value<'_>,
    mutations: impl Iterator<Item = &'v Value<'m>>,
    rows: usize,
) -> Result<Vec<Action>, Refusal> {
    let mut actions = Vec::new();
    for mutation in mutations {
        let Value::Object(members) = mutation else {
            continue;
        };
        for (name, _) in members {
            let (effect, operation) = match &**name {
                "delete_from_row" => (Effect::Delete, "DELETE FROM ROW"),
                "delete_from_family" => (Effect::Delete, "DELETE FROM FAMILY"),
                "delete_from_column" => (Effect::Delete, "DELETE FROM COLUMN"),
                _ => (Effect::Update, "SET CELL"),
            };
            let resources = tables(tree);
            let reach = match resources.is_empty() {
                true => Reach::Unknown,
                false => several(rows),
            };
            let mut action = Action::new(effect, operation, reach, resources);
            action.cause = Some(Cause::KeyEquality);
            action.columns = columns(effect, &action.resources);
            add(&mut actions, action)?;
        }
    }
    Ok(actions)
}
