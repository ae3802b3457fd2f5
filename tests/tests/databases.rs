//! Real services that are no plain databases, through a real Envoy with their real clients: what
//! was refused is still there when one looks.

use lictor_tests::peer::Peer;
use lictor_tests::peer::story::{Expected, assert_story, gets, guarded, passes, refused};
use serde_json::json;

const BULK: &str = "no-bulk-changes";
const DROP: &str = "no-drops";
const EXPORT: &str = "no-exports";
const ADMIN: &str = "no-administration";

fn assert_guarded(client: &str, api: &str, kind: &str, story: &[Expected]) -> Peer {
    let mut peer = Peer::start(client, &guarded(api));
    assert_story(&mut peer, kind, story);
    peer
}

/// The items of the orders in the SQLite file that such a service keeps.
fn items(peer: &Peer) -> Vec<String> {
    let file = rusqlite::Connection::open(peer.folder().file("shop")).expect("a database");
    let mut statement = file
        .prepare("SELECT item FROM orders ORDER BY id")
        .expect("a table");
    let items = statement.query_map([], |row| row.get(0)).expect("rows");
    items.collect::<Result<_, _>>().expect("texts")
}

#[test]
fn etcd() {
    let three = json!(["/orders/1", "", "/orders/7", "", "/orders/8", ""]);
    let three_later = json!(["/orders/7", "", "/orders/8", "", "/orders/9", ""]);
    let story = [
        gets(
            "read",
            json!(["/orders/7", "order 7"]),
            "read key key:/orders/7",
        ),
        gets("read_all", three, "read filtered key:/orders/*"),
        passes("put", "update key key:/orders/9"),
        passes("delete_one", "delete key key:/orders/1"),
        refused("delete_from_there_on", BULK, "delete all key:*"),
        refused("delete_all", BULK, "delete all key:*"),
        refused("delete_in_transaction", BULK, "delete all key:*"),
        refused("auth_off", ADMIN, "admin all object:auth"),
        refused("member_away", ADMIN, "admin key object:member"),
        refused("snapshot", EXPORT, "export all key:*"),
        gets("read_again", three_later, "read filtered key:/orders/*"),
        passes("delete_some", "delete filtered key:/orders/*"),
    ];
    assert_guarded("etcd", "use: etcd", "builtins.RuntimeError", &story);
}

#[test]
fn datasette() {
    let story = [
        gets(
            "read",
            json!({"ok": true, "rows": [[7, "desk"]], "truncated": false}),
            "read filtered table:orders",
        ),
        passes("read_table", "read all table:orders"),
        passes("insert", "insert unknown table:orders"),
        passes("write_sql", "update filtered table:orders"),
        passes("delete_one", "delete key table:orders"),
        refused("delete_all", BULK, "delete all table:orders"),
        refused("drop_by_sql", DROP, "drop all table:orders"),
        refused("drop", DROP, "drop all table:orders"),
        gets(
            "read_again",
            json!({"ok": true, "rows": [[3]], "truncated": false}),
            "read limited table:orders",
        ),
    ];
    let peer = assert_guarded(
        "datasette",
        "use: datasette",
        "builtins.RuntimeError",
        &story,
    );
    assert_eq!(items(&peer), ["desk", "chair", "sofa"]);
}

#[test]
fn postgraphile() {
    let one = json!({"orderById": {"id": 7, "item": "desk"}});
    let left = json!({"allOrders": {"totalCount": 1, "nodes": [{"id": 9}]}});
    let read_all = "read all table:order, table:orders, field:query.allOrders";
    let delete_one = "delete key table:order, table:orders, field:mutation.deleteOrderById";
    let delete_all =
        "delete unknown table:all_order, table:all_orders, field:mutation.deleteAllOrders";
    let story = [
        gets(
            "read",
            one,
            "read key table:order, table:orders, field:query.orderById",
        ),
        passes("read_all", read_all),
        passes("introspection", "read all object:schema"),
        passes(
            "insert",
            "insert limited table:order, table:orders, field:mutation.createOrder",
        ),
        passes("delete_one", delete_one),
        passes("delete_two", delete_one),
        refused("delete_all", BULK, delete_all),
        refused("delete_all_in_fragment", BULK, delete_all),
        gets("read_again", left, read_all),
    ];
    let api = "graphql: {flavour: postgraphile}";
    assert_guarded("postgraphile", api, "builtins.RuntimeError", &story);
}

/// Whoever executes prepares first: what a handle stands for was judged when it was made.
#[test]
fn flight_sql() {
    let story = [
        gets("read", json!([[7, "desk"]]), "read filtered table:orders"),
        passes("delete_one", "delete filtered table:orders"),
        refused("delete_all", BULK, "delete all table:orders"),
        refused("drop", DROP, "drop all table:orders"),
        refused("delete_all_at_once", BULK, "delete all table:orders"),
        refused("drop_at_once", DROP, "drop all table:orders"),
        gets("read_again", json!([[2]]), "read limited table:orders"),
    ];
    let kind = "adbc_driver_manager.";
    let peer = assert_guarded("flight_sql", "use: flight_sql", kind, &story);
    assert_eq!(items(&peer), ["desk", "chair"]);
}
