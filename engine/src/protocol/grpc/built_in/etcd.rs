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
    schema: SCHEMA,
    dialect: Dialect::Postgres,
    read,
    transcode: Some(transcode),
    harmless: &[],
    handles: None,
};

const SCHEMA: &str = "
enum SortOrder: NONE ASCEND DESCEND
enum SortTarget: KEY VERSION CREATE MOD VALUE
enum CompareResult: EQUAL GREATER LESS NOT_EQUAL
enum CompareTarget: VERSION CREATE MOD VALUE LEASE
enum FilterType: NOPUT NODELETE
RangeRequest: key=1 bytes, range_end=2 bytes, limit=3 int64, revision=4 int64, sort_order=5 SortOrder, sort_target=6 SortTarget, serializable=7 bool, keys_only=8 bool, count_only=9 bool, min_mod_revision=10 int64, max_mod_revision=11 int64, min_create_revision=12 int64, max_create_revision=13 int64
PutRequest: key=1 bytes, value=2 opaque, lease=3 int64, prev_kv=4 bool, ignore_value=5 bool, ignore_lease=6 bool
DeleteRangeRequest: key=1 bytes, range_end=2 bytes, prev_kv=3 bool
RequestOp: request_range=1 RangeRequest|, request_put=2 PutRequest|, request_delete_range=3 DeleteRangeRequest|, request_txn=4 TxnRequest|
Compare: result=1 CompareResult, target=2 CompareTarget, key=3 bytes, version=4 int64|, create_revision=5 int64|, mod_revision=6 int64|, value=7 opaque|, lease=8 int64|, range_end=64 bytes
TxnRequest: compare=1 Compare*, success=2 RequestOp*, failure=3 RequestOp*
WatchCreateRequest: key=1 bytes, range_end=2 bytes, start_revision=3 int64, progress_notify=4 bool, filters=5 FilterType*, prev_kv=6 bool, watch_id=7 int64, fragment=8 bool
WatchRequest: create_request=1 WatchCreateRequest|, cancel_request=2 opaque|, progress_request=3 opaque|
rpc etcdserverpb.KV/Range RangeRequest = *
rpc etcdserverpb.KV/Put PutRequest = *
rpc etcdserverpb.KV/DeleteRange DeleteRangeRequest = *
rpc etcdserverpb.KV/Txn TxnRequest = *
rpc etcdserverpb.KV/Compact - = admin all object:revisions
rpc etcdserverpb.Watch/Watch WatchRequest stream = *
rpc etcdserverpb.Lease/LeaseGrant - = create key object:lease
rpc etcdserverpb.Lease/LeaseRevoke - = *
rpc etcdserverpb.Lease/LeaseKeepAlive - stream = session none object:lease
rpc etcdserverpb.Lease/LeaseTimeToLive - = read key object:lease
rpc etcdserverpb.Lease/LeaseLeases - = read all object:lease
rpc etcdserverpb.Cluster/MemberAdd - = admin key object:member
rpc etcdserverpb.Cluster/MemberRemove - = admin key object:member
rpc etcdserverpb.Cluster/MemberUpdate - = admin key object:member
rpc etcdserverpb.Cluster/MemberPromote - = admin key object:member
rpc etcdserverpb.Cluster/MemberList - = read all object:member
rpc etcdserverpb.Maintenance/Alarm - = admin all object:alarm
rpc etcdserverpb.Maintenance/Status - = read none object:server
rpc etcdserverpb.Maintenance/Defragment - = admin all object:server
rpc etcdserverpb.Maintenance/Hash - = read none object:server
rpc etcdserverpb.Maintenance/HashKV - = read none object:server
rpc etcdserverpb.Maintenance/Snapshot - = *
rpc etcdserverpb.Maintenance/MoveLeader - = admin all object:server
rpc etcdserverpb.Maintenance/Downgrade - = admin all object:server
rpc etcdserverpb.Auth/AuthEnable - = admin all object:auth
rpc etcdserverpb.Auth/AuthDisable - = admin all object:auth
rpc etcdserverpb.Auth/AuthStatus - = read none object:auth
rpc etcdserverpb.Auth/Authenticate - = session none
rpc etcdserverpb.Auth/UserAdd - = grant key object:user
rpc etcdserverpb.Auth/UserDelete - = grant key object:user
rpc etcdserverpb.Auth/UserChangePassword - = grant key object:user
rpc etcdserverpb.Auth/UserGrantRole - = grant key object:user
rpc etcdserverpb.Auth/UserRevokeRole - = grant key object:user
rpc etcdserverpb.Auth/UserGet - = read key object:user
rpc etcdserverpb.Auth/UserList - = read all object:user
rpc etcdserverpb.Auth/RoleAdd - = grant key object:role
rpc etcdserverpb.Auth/RoleDelete - = grant key object:role
rpc etcdserverpb.Auth/RoleGrantPermission - = grant key object:role
rpc etcdserverpb.Auth/RoleRevokePermission - = grant key object:role
rpc etcdserverpb.Auth/RoleGet - = read key object:role
rpc etcdserverpb.Auth/RoleList - = read all object:role
";

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

/// A key as text, or as base64 where it is none.
fn name(key: &[u8]) -> String {
    match std::str::from_utf8(key) {
        Ok(text) if !text.chars().any(char::is_control) => text.to_owned(),
        _ => STANDARD.encode(key),
    }
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
