//! Spanner: statements, batches of DML, mutations, reads by key, DDL; the same over REST.
//!
//! Sources: `google/spanner/v1/*.proto`, `google/spanner/admin/database/v1/*.proto`.

use std::borrow::Cow;

use super::super::operation::analyse;
use super::super::resources::{all, column, named, of_path};
use super::{BuiltIn, Message, add, flag, list, number, text};
use crate::action::{Action, Cause, Effect, Reach, ResourceKind, Usage};
use crate::limits;
use crate::message::Request;
use crate::refusal::Refusal;
use crate::sql::Dialect;
use crate::value::Value;

pub(super) static SERVICE: BuiltIn = BuiltIn {
    name: "spanner",
    schema: SCHEMA,
    dialect: Dialect::Bigquery,
    read,
    transcode: Some(transcode),
    harmless: &[
        "alt",
        "$alt",
        "prettyPrint",
        "$prettyPrint",
        "key",
        "fields",
        "$fields",
        "quotaUser",
    ],
    handles: None,
};

const SCHEMA: &str = "
enum QueryMode: NORMAL PLAN PROFILE WITH_STATS WITH_PLAN_AND_STATS
ExecuteSqlRequest: session=1 string, transaction=2 opaque, sql=3 string, params=4 opaque, param_types=5 opaque*, resume_token=6 bytes, query_mode=7 QueryMode, partition_token=8 bytes, seqno=9 int64, query_options=10 opaque, request_options=11 opaque, directed_read_options=15 opaque, data_boost_enabled=16 bool, last_statement=17 bool
PartitionQueryRequest: session=1 string, transaction=2 opaque, sql=3 string, params=4 opaque, param_types=5 opaque*, partition_options=6 opaque
Statement: sql=1 string, params=2 opaque, param_types=3 opaque*
ExecuteBatchDmlRequest: session=1 string, transaction=2 opaque, statements=3 Statement*, seqno=4 int64, request_options=5 opaque, last_statements=6 bool
KeySet: keys=1 opaque*, ranges=2 opaque*, all=3 bool
ReadRequest: session=1 string, transaction=2 opaque, table=3 string, index=4 string, columns=5 string*, key_set=6 KeySet, limit=8 int64, resume_token=9 bytes, partition_token=10 bytes, request_options=11 opaque, directed_read_options=14 opaque, data_boost_enabled=15 bool, order_by=16 int32, lock_hint=17 int32
PartitionReadRequest: session=1 string, transaction=2 opaque, table=3 string, index=4 string, columns=5 string*, key_set=6 KeySet, partition_options=9 opaque
Write: table=1 string, columns=2 string*, values=3 opaque*
Delete: table=1 string, key_set=2 KeySet
Mutation: insert=1 Write|, update=2 Write|, insert_or_update=3 Write|, replace=4 Write|, delete=5 Delete|
CommitRequest: session=1 string, transaction_id=2 bytes|, single_use_transaction=3 opaque|, mutations=4 Mutation*, return_commit_stats=5 bool, request_options=6 opaque, max_commit_delay=8 opaque, precommit_token=9 opaque
MutationGroup: mutations=1 Mutation*
BatchWriteRequest: session=1 string, request_options=3 opaque, mutation_groups=4 MutationGroup*, exclude_txn_from_change_streams=5 bool
CreateDatabaseRequest: parent=1 string, create_statement=2 string, extra_statements=3 string*, encryption_config=4 opaque, database_dialect=5 int32, proto_descriptors=6 bytes
UpdateDatabaseDdlRequest: database=1 string, statements=2 string*, operation_id=3 string, proto_descriptors=4 bytes, throughput_mode=5 bool
DatabaseRequest: database=1 string
NameRequest: name=1 string
ResourceRequest: resource=1 string, policy=2 opaque, update_mask=3 opaque
rpc google.spanner.v1.Spanner/ExecuteSql ExecuteSqlRequest = *
rpc google.spanner.v1.Spanner/ExecuteStreamingSql ExecuteSqlRequest = *
rpc google.spanner.v1.Spanner/PartitionQuery PartitionQueryRequest = *
rpc google.spanner.v1.Spanner/ExecuteBatchDml ExecuteBatchDmlRequest = *
rpc google.spanner.v1.Spanner/Read ReadRequest = *
rpc google.spanner.v1.Spanner/StreamingRead ReadRequest = *
rpc google.spanner.v1.Spanner/PartitionRead PartitionReadRequest = *
rpc google.spanner.v1.Spanner/Commit CommitRequest = *
rpc google.spanner.v1.Spanner/BatchWrite BatchWriteRequest = *
rpc google.spanner.v1.Spanner/BeginTransaction - = session none
rpc google.spanner.v1.Spanner/Rollback - = session none
rpc google.spanner.v1.Spanner/CreateSession - = session none
rpc google.spanner.v1.Spanner/BatchCreateSessions - = session none
rpc google.spanner.v1.Spanner/GetSession - = session none
rpc google.spanner.v1.Spanner/ListSessions - = read all object:session
rpc google.spanner.v1.Spanner/DeleteSession - = session none
rpc google.spanner.admin.database.v1.DatabaseAdmin/CreateDatabase CreateDatabaseRequest = *
rpc google.spanner.admin.database.v1.DatabaseAdmin/UpdateDatabaseDdl UpdateDatabaseDdlRequest = *
rpc google.spanner.admin.database.v1.DatabaseAdmin/DropDatabase DatabaseRequest = drop all object:{database}
rpc google.spanner.admin.database.v1.DatabaseAdmin/GetDatabaseDdl - = read none object:database
rpc google.spanner.admin.database.v1.DatabaseAdmin/GetDatabase - = read none object:database
rpc google.spanner.admin.database.v1.DatabaseAdmin/ListDatabases - = read none object:database
rpc google.spanner.admin.database.v1.DatabaseAdmin/UpdateDatabase - = alter all object:database
rpc google.spanner.admin.database.v1.DatabaseAdmin/RestoreDatabase - = import all object:database
rpc google.spanner.admin.database.v1.DatabaseAdmin/CreateBackup - = export all object:backup
rpc google.spanner.admin.database.v1.DatabaseAdmin/CopyBackup - = export all object:backup
rpc google.spanner.admin.database.v1.DatabaseAdmin/UpdateBackup - = alter key object:backup
rpc google.spanner.admin.database.v1.DatabaseAdmin/DeleteBackup NameRequest = drop all object:{name}
rpc google.spanner.admin.database.v1.DatabaseAdmin/GetBackup - = read none object:backup
rpc google.spanner.admin.database.v1.DatabaseAdmin/ListBackups - = read none object:backup
rpc google.spanner.admin.database.v1.DatabaseAdmin/SetIamPolicy ResourceRequest = grant all object:{resource}
rpc google.spanner.admin.database.v1.DatabaseAdmin/GetIamPolicy - = read none object:policy
rpc google.spanner.admin.instance.v1.InstanceAdmin/DeleteInstance NameRequest = drop all object:{name}
rpc google.spanner.admin.instance.v1.InstanceAdmin/CreateInstance - = create key object:instance
rpc google.spanner.admin.instance.v1.InstanceAdmin/UpdateInstance - = alter all object:instance
rpc google.spanner.admin.instance.v1.InstanceAdmin/GetInstance - = read none object:instance
rpc google.spanner.admin.instance.v1.InstanceAdmin/ListInstances - = read none object:instance
rpc google.longrunning.Operations/GetOperation - = read key object:operation
rpc google.longrunning.Operations/CancelOperation - = session none object:operation
";

fn read(message: &Message<'_>) -> Result<Vec<Action>, Refusal> {
    let tree = message.tree;
    let (_, method) = message.method.split_once('/').unwrap_or_default();
    match method {
        "ExecuteSql" | "ExecuteStreamingSql" | "PartitionQuery" => {
            let sql = text(tree, "sql");
            // A plan is made without running the statement.
            let sql = match text(tree, "query_mode") {
                "PLAN" => Cow::Owned(format!("EXPLAIN {sql}")),
                _ => Cow::Borrowed(sql),
            };
            statements([&*sql].into_iter(), message)
        }
        "ExecuteBatchDml" => {
            let sql = list(tree, "statements").iter().map(|one| text(one, "sql"));
            statements(sql, message)
        }
        "CreateDatabase" => {
            let extra = list(tree, "extra_statements")
                .iter()
                .filter_map(Value::text);
            let parent = of_path(ResourceKind::Object, text(tree, "parent"));
            let mut actions = vec![Action::new(
                Effect::Create,
                "CREATE DATABASE",
                Reach::Key,
                vec![parent],
            )];
            let extra: Vec<&str> = extra.collect();
            if !extra.is_empty() {
                actions.extend(statements(extra.into_iter(), message)?);
            }
            Ok(actions)
        }
        "UpdateDatabaseDdl" => {
            let sql = list(tree, "statements").iter().filter_map(Value::text);
            statements(sql, message)
        }
        "Commit" => mutations(list(tree, "mutations").iter()),
        "BatchWrite" => {
            let groups = list(tree, "mutation_groups").iter();
            mutations(groups.flat_map(|group| list(group, "mutations")))
        }
        _ => Ok(vec![by_key(tree)]),
    }
}

fn statements<'t>(
    texts: impl Iterator<Item = &'t str>,
    message: &Message<'_>,
) -> Result<Vec<Action>, Refusal> {
    analyse(texts, message.database, message.request)
}

/// A read of rows by their keys.
fn by_key(tree: &Value<'_>) -> Action {
    let table = text(tree, "table");
    let (mut reach, mut cause) = extent(tree.member("key_set"));
    let limit = number(tree, "limit");
    if (1..=limits::BOUND_ROWS).contains(&limit) && reach > Reach::Limited(limit) {
        (reach, cause) = (Reach::Limited(limit), Cause::RowBound);
    }
    let resources = vec![named(ResourceKind::Table, table)];
    let mut action = Action::new(Effect::Read, "READ", reach, resources);
    action.cause = Some(cause);
    action.columns = columns(tree, table, Usage::Output);
    action
}

fn columns(tree: &Value<'_>, table: &str, usage: Usage) -> Vec<crate::action::ColumnUse> {
    let names = list(tree, "columns").iter().filter_map(Value::text);
    let mut columns: Vec<_> = names.map(|name| column(table, name, usage)).collect();
    if columns.is_empty() {
        columns.push(all(table, usage));
    }
    columns.sort_unstable();
    columns.dedup();
    columns
}

/// How far a set of keys reaches.
fn extent(keys: Option<&Value<'_>>) -> (Reach, Cause) {
    let Some(keys) = keys else {
        return (Reach::All, Cause::NoCondition);
    };
    if flag(keys, "all") {
        (Reach::All, Cause::NoCondition)
    } else if !list(keys, "ranges").is_empty() {
        (Reach::Filtered, Cause::Condition)
    } else {
        (rows(list(keys, "keys").len()), Cause::KeyEquality)
    }
}

/// So many rows, each by its key.
fn rows(count: usize) -> Reach {
    match u64::try_from(count) {
        Ok(0 | 1) => Reach::Key,
        Ok(rows) if rows <= limits::BOUND_ROWS => Reach::Limited(rows),
        _ => Reach::Filtered,
    }
}

fn mutations<'v, 'm: 'v>(
    mutations: impl Iterator<Item = &'v Value<'m>>,
) -> Result<Vec<Action>, Refusal> {
    let mut actions = Vec::new();
    for mutation in mutations {
        let Value::Object(members) = mutation else {
            continue;
        };
        for (name, change) in members {
            for (effect, operation) in effects(name) {
                add(&mut actions, mutated(*effect, operation, change))?;
            }
        }
    }
    if actions.is_empty() {
        // Ends a transaction whose statements were judged one by one.
        actions.push(Action::new(
            Effect::Session,
            "COMMIT",
            Reach::None,
            Vec::new(),
        ));
    }
    Ok(actions)
}

/// `replace` deletes the row that is there: columns that it does not name are lost.
fn effects(name: &str) -> &'static [(Effect, &'static str)] {
    match name {
        "insert" => &[(Effect::Insert, "INSERT")],
        "update" => &[(Effect::Update, "UPDATE")],
        "insert_or_update" => &[(Effect::Insert, "UPSERT"), (Effect::Update, "UPSERT")],
        "replace" => &[(Effect::Delete, "REPLACE"), (Effect::Insert, "REPLACE")],
        "delete" => &[(Effect::Delete, "DELETE")],
        _ => &[(Effect::Unknown, "MUTATION")],
    }
}

fn mutated(effect: Effect, operation: &str, change: &Value<'_>) -> Action {
    let table = text(change, "table");
    let (reach, cause) = match change.member("key_set") {
        Some(keys) => extent(Some(keys)),
        None if operation == "DELETE" => (Reach::All, Cause::NoCondition),
        None => (rows(list(change, "values").len()), Cause::KeyEquality),
    };
    let resources = vec![named(ResourceKind::Table, table)];
    let mut action = Action::new(effect, operation, reach, resources);
    action.cause = Some(cause);
    if effect != Effect::Delete {
        action.columns = columns(change, table, Usage::Written);
    }
    action
}

/// `/v1/{resource}:verb` and `/v1/{collection}`.
fn transcode(
    http_method: &str,
    request: &Request<'_>,
) -> Option<(&'static str, Vec<(&'static str, String)>)> {
    const VERBS: [(&str, &str); 11] = [
        ("executeSql", "google.spanner.v1.Spanner/ExecuteSql"),
        (
            "executeStreamingSql",
            "google.spanner.v1.Spanner/ExecuteStreamingSql",
        ),
        (
            "executeBatchDml",
            "google.spanner.v1.Spanner/ExecuteBatchDml",
        ),
        ("read", "google.spanner.v1.Spanner/Read"),
        ("streamingRead", "google.spanner.v1.Spanner/StreamingRead"),
        ("partitionQuery", "google.spanner.v1.Spanner/PartitionQuery"),
        ("partitionRead", "google.spanner.v1.Spanner/PartitionRead"),
        ("commit", "google.spanner.v1.Spanner/Commit"),
        ("batchWrite", "google.spanner.v1.Spanner/BatchWrite"),
        (
            "beginTransaction",
            "google.spanner.v1.Spanner/BeginTransaction",
        ),
        ("rollback", "google.spanner.v1.Spanner/Rollback"),
    ];
    const PATHS: [(&str, &str, &str, &str); 18] = [
        (
            "POST",
            "databases/*/sessions",
            "google.spanner.v1.Spanner/CreateSession",
            "",
        ),
        (
            "POST",
            "databases/*/sessions:batchCreate",
            "google.spanner.v1.Spanner/BatchCreateSessions",
            "",
        ),
        (
            "GET",
            "databases/*/sessions",
            "google.spanner.v1.Spanner/ListSessions",
            "",
        ),
        (
            "GET",
            "databases/*/sessions/*",
            "google.spanner.v1.Spanner/GetSession",
            "",
        ),
        (
            "DELETE",
            "databases/*/sessions/*",
            "google.spanner.v1.Spanner/DeleteSession",
            "",
        ),
        (
            "PATCH",
            "databases/*/ddl",
            "google.spanner.admin.database.v1.DatabaseAdmin/UpdateDatabaseDdl",
            "database",
        ),
        (
            "GET",
            "databases/*/ddl",
            "google.spanner.admin.database.v1.DatabaseAdmin/GetDatabaseDdl",
            "",
        ),
        (
            "GET",
            "databases",
            "google.spanner.admin.database.v1.DatabaseAdmin/ListDatabases",
            "",
        ),
        (
            "POST",
            "databases",
            "google.spanner.admin.database.v1.DatabaseAdmin/CreateDatabase",
            "parent",
        ),
        (
            "POST",
            "databases:restore",
            "google.spanner.admin.database.v1.DatabaseAdmin/RestoreDatabase",
            "",
        ),
        (
            "GET",
            "databases/*",
            "google.spanner.admin.database.v1.DatabaseAdmin/GetDatabase",
            "",
        ),
        (
            "PATCH",
            "databases/*",
            "google.spanner.admin.database.v1.DatabaseAdmin/UpdateDatabase",
            "",
        ),
        (
            "DELETE",
            "databases/*",
            "google.spanner.admin.database.v1.DatabaseAdmin/DropDatabase",
            "database",
        ),
        (
            "POST",
            "backups",
            "google.spanner.admin.database.v1.DatabaseAdmin/CreateBackup",
            "",
        ),
        (
            "POST",
            "backups:copy",
            "google.spanner.admin.database.v1.DatabaseAdmin/CopyBackup",
            "",
        ),
        (
            "DELETE",
            "backups/*",
            "google.spanner.admin.database.v1.DatabaseAdmin/DeleteBackup",
            "name",
        ),
        (
            "GET",
            "databases/*/operations/*",
            "google.longrunning.Operations/GetOperation",
            "",
        ),
        (
            "DELETE",
            "",
            "google.spanner.admin.instance.v1.InstanceAdmin/DeleteInstance",
            "name",
        ),
    ];
    let name = request.path.strip_prefix("/v1/")?;
    let mut parts = name.splitn(5, '/');
    let (Some("projects"), Some(project), Some("instances"), Some(instance)) =
        (parts.next(), parts.next(), parts.next(), parts.next())
    else {
        return None;
    };
    let rest = parts.next().unwrap_or_default();
    if let Some((session, verb)) = name.rsplit_once(':')
        && http_method == "POST"
        && matches_path("databases/*/sessions/*", rest.rsplit_once(':')?.0)
        && let Some((_, method)) = VERBS.iter().find(|(known, _)| *known == verb)
    {
        let is_read = matches!(verb, "beginTransaction" | "rollback");
        let session = (!is_read).then(|| ("session", session.to_owned()));
        return Some((method, session.into_iter().collect()));
    }
    let found = PATHS
        .iter()
        .find(|(known, template, ..)| *known == http_method && matches_path(template, rest))?;
    let named = match found.3 {
        "" => Vec::new(),
        "parent" => vec![("parent", format!("projects/{project}/instances/{instance}"))],
        member => vec![(member, name.strip_suffix("/ddl").unwrap_or(name).to_owned())],
    };
    Some((found.2, named))
}

/// `*` stands for one part without a colon.
fn matches_path(template: &str, path: &str) -> bool {
    let (mut wanted, mut given) = (template.split('/'), path.split('/'));
    loop {
        match (wanted.next(), given.next()) {
            (None, None) => return true,
            (Some("*"), Some(part)) if !part.is_empty() && !part.contains(':') => {}
            (Some(one), Some(other)) if one == other => {}
            _ => return false,
        }
    }
}
