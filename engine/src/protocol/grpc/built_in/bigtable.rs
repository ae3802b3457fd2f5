//! Bigtable: rows by key, range or filter, mutations, SQL, and what drops tables.
//!
//! Sources: `google/bigtable/v2/*.proto`, `google/bigtable/admin/v2/*.proto`.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::super::operation::analyse;
use super::super::resources::{columns, of_path};
use super::{BuiltIn, HandleForm, Message, add, first, flag, list, number, text};
use crate::action::{Action, Cause, Effect, Reach, ResourceKind};
use crate::limits;
use crate::protocol::HANDLE_UNKNOWN;
use crate::refusal::Refusal;
use crate::sql::Dialect;
use crate::value::Value;

pub(super) static SERVICE: BuiltIn = BuiltIn {
    name: "bigtable",
    schema: SCHEMA,
    dialect: Dialect::Bigquery,
    read,
    transcode: None,
    harmless: &[],
    handles: Some(&HandleForm { named, kept, given }),
};

const SCHEMA: &str = "
RowSet: row_keys=1 opaque*, row_ranges=2 opaque*
ReadRowsRequest: table_name=1 string, rows=2 RowSet, filter=3 opaque, rows_limit=4 int64, app_profile_id=5 string, request_stats_view=6 int32, reversed=7 bool, authorized_view_name=9 string, materialized_view_name=11 string
SampleRowKeysRequest: table_name=1 string, app_profile_id=2 string, authorized_view_name=4 string, materialized_view_name=5 string
Mutation: set_cell=1 opaque|, delete_from_column=2 opaque|, delete_from_family=3 opaque|, delete_from_row=4 opaque|, add_to_cell=5 opaque|, merge_to_cell=6 opaque|
MutateRowRequest: table_name=1 string, row_key=2 bytes, mutations=3 Mutation*, app_profile_id=4 string, authorized_view_name=6 string, idempotency=8 opaque
Entry: row_key=1 bytes, mutations=2 Mutation*, idempotency=3 opaque
MutateRowsRequest: table_name=1 string, entries=2 Entry*, app_profile_id=3 string, authorized_view_name=5 string
CheckAndMutateRowRequest: table_name=1 string, row_key=2 bytes, true_mutations=4 Mutation*, false_mutations=5 Mutation*, predicate_filter=6 opaque, app_profile_id=7 string, authorized_view_name=9 string
ReadModifyWriteRowRequest: table_name=1 string, row_key=2 bytes, rules=3 opaque*, app_profile_id=4 string, authorized_view_name=6 string
TableRequest: table_name=1 string, app_profile_id=2 string, partition=3 opaque, start_time=4 opaque, continuation_tokens=6 opaque, end_time=5 opaque, heartbeat_duration=7 opaque
PrepareQueryRequest: instance_name=1 string, app_profile_id=2 string, query=3 string, proto_format=4 opaque, param_types=6 opaque*
ExecuteQueryRequest: instance_name=1 string, app_profile_id=2 string, query=3 string, proto_format=4 opaque, params=7 opaque*, resume_token=8 bytes, prepared_query=9 bytes
DropRowRangeRequest: name=1 string, row_key_prefix=2 bytes|, delete_all_data_from_table=3 bool|
NameRequest: name=1 string
ModifyRequest: name=1 string, modifications=2 opaque*, ignore_warnings=3 bool
CreateTableRequest: parent=1 string, table_id=2 string, table=3 opaque, initial_splits=4 opaque*
ResourceRequest: resource=1 string, policy=2 opaque, update_mask=3 opaque
rpc google.bigtable.v2.Bigtable/ReadRows ReadRowsRequest = *
rpc google.bigtable.v2.Bigtable/SampleRowKeys SampleRowKeysRequest = read none table:{table_name}
rpc google.bigtable.v2.Bigtable/MutateRow MutateRowRequest = *
rpc google.bigtable.v2.Bigtable/MutateRows MutateRowsRequest = *
rpc google.bigtable.v2.Bigtable/CheckAndMutateRow CheckAndMutateRowRequest = *
rpc google.bigtable.v2.Bigtable/ReadModifyWriteRow ReadModifyWriteRowRequest = update key table:{table_name}
rpc google.bigtable.v2.Bigtable/PingAndWarm - = session none
rpc google.bigtable.v2.Bigtable/GenerateInitialChangeStreamPartitions TableRequest = read none table:{table_name}
rpc google.bigtable.v2.Bigtable/ReadChangeStream TableRequest = read all table:{table_name}
rpc google.bigtable.v2.Bigtable/PrepareQuery PrepareQueryRequest = *
rpc google.bigtable.v2.Bigtable/ExecuteQuery ExecuteQueryRequest = *
rpc google.bigtable.admin.v2.BigtableTableAdmin/DropRowRange DropRowRangeRequest = *
rpc google.bigtable.admin.v2.BigtableTableAdmin/CreateTable CreateTableRequest = create key table:{table_id}
rpc google.bigtable.admin.v2.BigtableTableAdmin/DeleteTable NameRequest = drop all table:{name}
rpc google.bigtable.admin.v2.BigtableTableAdmin/UndeleteTable NameRequest = create all table:{name}
rpc google.bigtable.admin.v2.BigtableTableAdmin/ModifyColumnFamilies ModifyRequest = alter all table:{name}
rpc google.bigtable.admin.v2.BigtableTableAdmin/UpdateTable - = alter all object:table
rpc google.bigtable.admin.v2.BigtableTableAdmin/GetTable - = read none object:table
rpc google.bigtable.admin.v2.BigtableTableAdmin/ListTables - = read none object:table
rpc google.bigtable.admin.v2.BigtableTableAdmin/SnapshotTable - = export all object:snapshot
rpc google.bigtable.admin.v2.BigtableTableAdmin/DeleteSnapshot NameRequest = drop all object:{name}
rpc google.bigtable.admin.v2.BigtableTableAdmin/CreateBackup - = export all object:backup
rpc google.bigtable.admin.v2.BigtableTableAdmin/CopyBackup - = export all object:backup
rpc google.bigtable.admin.v2.BigtableTableAdmin/DeleteBackup NameRequest = drop all object:{name}
rpc google.bigtable.admin.v2.BigtableTableAdmin/RestoreTable - = import all object:table
rpc google.bigtable.admin.v2.BigtableTableAdmin/DeleteAuthorizedView NameRequest = drop all object:{name}
rpc google.bigtable.admin.v2.BigtableTableAdmin/SetIamPolicy ResourceRequest = grant all object:{resource}
rpc google.bigtable.admin.v2.BigtableTableAdmin/GetIamPolicy - = read none object:policy
rpc google.bigtable.admin.v2.BigtableInstanceAdmin/DeleteInstance NameRequest = drop all object:{name}
rpc google.bigtable.admin.v2.BigtableInstanceAdmin/DeleteCluster NameRequest = drop all object:{name}
rpc google.bigtable.admin.v2.BigtableInstanceAdmin/GetInstance - = read none object:instance
rpc google.bigtable.admin.v2.BigtableInstanceAdmin/ListInstances - = read none object:instance
rpc google.bigtable.admin.v2.BigtableInstanceAdmin/SetIamPolicy ResourceRequest = grant all object:{resource}
";

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

fn rows(tree: &Value<'_>) -> Action {
    // A view is read in place of its table: both are named where both are said.
    let names = [
        "table_name",
        "authorized_view_name",
        "materialized_view_name",
    ];
    let names = names
        .iter()
        .map(|name| text(tree, name))
        .filter(|name| !name.is_empty());
    let mut resources: Vec<_> = names
        .map(|name| of_path(ResourceKind::Table, name))
        .collect();
    resources.sort_unstable();
    resources.dedup();
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
            let table = of_path(ResourceKind::Table, text(tree, "table_name"));
            let mut action = Action::new(effect, operation, several(rows), vec![table]);
            action.cause = Some(Cause::KeyEquality);
            action.columns = columns(effect, &action.resources);
            add(&mut actions, action)?;
        }
    }
    Ok(actions)
}
