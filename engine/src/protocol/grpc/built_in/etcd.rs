//! etcd's v3 API: keys, ranges and transactions in transactions.
//!
//! Source: `etcdserverpb/rpc.proto`; the JSON form is that of its gateway.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::{BuiltIn, Message, add, flag, list, number, text};
use crate::action::{Action, Cause, Effect, Reach, Resource, ResourceKind};
use crate::limits;
use crate::message::Request;
use crate::refusal::Refusal;
use crate::sql::Dialect;
use crate::value::Value;

pub(super) static SERVICE: BuiltIn = BuiltIn {
    name: "etcd",
    schema: "engine/src/protocol/grpc/built_in/etcd.txt",
    dialect: Dialect::Postgres,
    read,
    transcode: Some(transcode),
    harmless: &[],
    handles: None,
};

fn read(message: &Message<'_>) -> Result<Vec<Action>, Refusal> {
    let mut actions = Vec::new();
    let tree = message.tree;
    match message.method {
        "etcdserverpb.KV/Range" => add(&mut actions, range(tree))?,
        "etcdserverpb.KV/Put" => add(&mut actions, put(tree))?,
        "etcdserverpb.KV/DeleteRange" => add(&mut actions, delete(tree))?,
        "etcdserverpb.KV/Txn" => transaction(tree, &mut actions)?,
        "etcdserverpb.Watch/Watch" => actions.push(watch(tree)),
        // Every key that hangs on the lease goes with it: none is named, so any may be.
        "etcdserverpb.Lease/LeaseRevoke" => {
            actions.push(Action::new(
                Effect::Delete,
                "LEASE REVOKE",
                Reach::Unknown,
                Vec::new(),
            ));
        }
        "etcdserverpb.Maintenance/Snapshot" => {
            let everything = vec![key("*".to_owned())];
            actions.push(Action::new(
                Effect::Export,
                "SNAPSHOT",
                Reach::All,
                everything,
            ));
        }
        _ => {}
    }
    Ok(actions)
}

fn range(tree: &Value<'_>) -> Action {
    let mut action = over(Effect::Read, "RANGE", tree);
    let limit = number(tree, "limit");
    let is_bound = (1..=limits::BOUND_ROWS).contains(&limit);
    if flag(tree, "count_only") {
        action.cause = Some(Cause::AggregateOnly);
    } else if is_bound && action.reach > Reach::Key {
        action.reach = Reach::Limited(limit);
        action.cause = Some(Cause::RowBound);
    }
    action
}

fn put(tree: &Value<'_>) -> Action {
    over(Effect::Update, "PUT", tree)
}

fn delete(tree: &Value<'_>) -> Action {
    over(Effect::Delete, "DELETE RANGE", tree)
}

/// What has begun to be watched; a watch that ends or asks how far it is touches no key.
fn watch(tree: &Value<'_>) -> Action {
    match tree.member("create_request") {
        Some(create) => over(Effect::Read, "WATCH", create),
        None => Action::new(Effect::Session, "WATCH", Reach::None, Vec::new()),
    }
}

/// Both branches, whichever the comparison chooses. Depth is bounded by the decoder.
fn transaction(tree: &Value<'_>, actions: &mut Vec<Action>) -> Result<(), Refusal> {
    for compare in list(tree, "compare") {
        add(actions, over(Effect::Read, "COMPARE", compare))?;
    }
    for operation in list(tree, "success").iter().chain(list(tree, "failure")) {
        let Value::Object(members) = operation else {
            continue;
        };
        for (name, request) in members {
            match &**name {
                "request_range" => add(actions, range(request))?,
                "request_put" => add(actions, put(request))?,
                "request_delete_range" => add(actions, delete(request))?,
                _ => transaction(request, actions)?,
            }
        }
    }
    if actions.is_empty() {
        actions.push(Action::new(Effect::Session, "TXN", Reach::None, Vec::new()));
    }
    Ok(())
}

/// A key, or the keys from `key` up to before `range_end`.
fn over(effect: Effect, operation: &str, tree: &Value<'_>) -> Action {
    let start = STANDARD.decode(text(tree, "key")).unwrap_or_default();
    let end = STANDARD.decode(text(tree, "range_end")).unwrap_or_default();
    let (reach, cause, name) = match &end[..] {
        [] => (Reach::Key, Cause::KeyEquality, name(&start)),
        // From a key to the end, and from the first key: everything, or nearly.
        [0] => (Reach::All, Cause::NoCondition, "*".to_owned()),
        end => match shared(&start, end) {
            "" => (Reach::All, Cause::NoCondition, "*".to_owned()),
            prefix => (Reach::Filtered, Cause::Condition, format!("{prefix}*")),
        },
    };
    let mut action = Action::new(effect, operation, reach, vec![key(name)]);
    action.cause = Some(cause);
    action
}

fn key(name: String) -> Resource {
    Resource {
        kind: ResourceKind::Key,
        name,
    }
}

/// A key as text. What is no text in it stands as a mark, so that rules about what it begins
/// with hold.
fn name(key: &[u8]) -> String {
    String::from_utf8_lossy(key).into_owned()
}

/// What every key of a range begins with. The end of a prefix is the prefix with its last byte
/// one higher, so that a range of all of them shares what stands before.
fn shared<'k>(start: &'k [u8], end: &[u8]) -> &'k str {
    let mut next = start.to_vec();
    while next.last() == Some(&0xff) {
        next.pop();
    }
    if let Some(last) = next.last_mut() {
        *last = last.saturating_add(1);
    }
    let length = if next == end {
        start.len()
    } else {
        start
            .iter()
            .zip(end)
            .take_while(|(one, other)| one == other)
            .count()
    };
    let prefix = start.get(..length).unwrap_or_default();
    match std::str::from_utf8(prefix) {
        Ok(text) => text,
        Err(error) => {
            let valid = prefix.get(..error.valid_up_to()).unwrap_or_default();
            std::str::from_utf8(valid).unwrap_or_default()
        }
    }
}

/// `/v3/kv/range` and the like; older gateways say `/v3beta` and `/v3alpha`.
fn transcode(
    http_method: &str,
    request: &Request<'_>,
) -> Option<(&'static str, Vec<(&'static str, String)>)> {
    const PATHS: [(&str, &str); 38] = [
        ("kv/range", "etcdserverpb.KV/Range"),
        ("kv/put", "etcdserverpb.KV/Put"),
        ("kv/deleterange", "etcdserverpb.KV/DeleteRange"),
        ("kv/txn", "etcdserverpb.KV/Txn"),
        ("kv/compaction", "etcdserverpb.KV/Compact"),
        ("watch", "etcdserverpb.Watch/Watch"),
        ("lease/grant", "etcdserverpb.Lease/LeaseGrant"),
        ("lease/revoke", "etcdserverpb.Lease/LeaseRevoke"),
        ("kv/lease/revoke", "etcdserverpb.Lease/LeaseRevoke"),
        ("lease/keepalive", "etcdserverpb.Lease/LeaseKeepAlive"),
        ("lease/timetolive", "etcdserverpb.Lease/LeaseTimeToLive"),
        ("kv/lease/timetolive", "etcdserverpb.Lease/LeaseTimeToLive"),
        ("lease/leases", "etcdserverpb.Lease/LeaseLeases"),
        ("kv/lease/leases", "etcdserverpb.Lease/LeaseLeases"),
        ("cluster/member/add", "etcdserverpb.Cluster/MemberAdd"),
        ("cluster/member/remove", "etcdserverpb.Cluster/MemberRemove"),
        ("cluster/member/update", "etcdserverpb.Cluster/MemberUpdate"),
        (
            "cluster/member/promote",
            "etcdserverpb.Cluster/MemberPromote",
        ),
        ("cluster/member/list", "etcdserverpb.Cluster/MemberList"),
        ("maintenance/alarm", "etcdserverpb.Maintenance/Alarm"),
        ("maintenance/status", "etcdserverpb.Maintenance/Status"),
        (
            "maintenance/defragment",
            "etcdserverpb.Maintenance/Defragment",
        ),
        ("maintenance/hash", "etcdserverpb.Maintenance/HashKV"),
        ("maintenance/snapshot", "etcdserverpb.Maintenance/Snapshot"),
        (
            "maintenance/transfer-leadership",
            "etcdserverpb.Maintenance/MoveLeader",
        ),
        (
            "maintenance/downgrade",
            "etcdserverpb.Maintenance/Downgrade",
        ),
        ("auth/enable", "etcdserverpb.Auth/AuthEnable"),
        ("auth/disable", "etcdserverpb.Auth/AuthDisable"),
        ("auth/status", "etcdserverpb.Auth/AuthStatus"),
        ("auth/authenticate", "etcdserverpb.Auth/Authenticate"),
        ("auth/user/add", "etcdserverpb.Auth/UserAdd"),
        ("auth/user/delete", "etcdserverpb.Auth/UserDelete"),
        ("auth/user/changepw", "etcdserverpb.Auth/UserChangePassword"),
        ("auth/user/grant", "etcdserverpb.Auth/UserGrantRole"),
        ("auth/user/revoke", "etcdserverpb.Auth/UserRevokeRole"),
        ("auth/user/get", "etcdserverpb.Auth/UserGet"),
        ("auth/user/list", "etcdserverpb.Auth/UserList"),
        ("auth/role/list", "etcdserverpb.Auth/RoleList"),
    ];
    const ROLES: [(&str, &str); 5] = [
        ("add", "etcdserverpb.Auth/RoleAdd"),
        ("delete", "etcdserverpb.Auth/RoleDelete"),
        ("grant", "etcdserverpb.Auth/RoleGrantPermission"),
        ("revoke", "etcdserverpb.Auth/RoleRevokePermission"),
        ("get", "etcdserverpb.Auth/RoleGet"),
    ];
    let (version, path) = request.path.strip_prefix('/')?.split_once('/')?;
    if http_method != "POST" || !["v3", "v3beta", "v3alpha"].contains(&version) {
        return None;
    }
    let found = match path.strip_prefix("auth/role/") {
        Some(role) if role != "list" => ROLES.iter().find(|(known, _)| *known == role),
        _ => PATHS.iter().find(|(known, _)| *known == path),
    };
    Some((found?.1, Vec::new()))
}
