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
    schema: "engine/src/protocol/grpc/built_in/spanner.txt",
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
