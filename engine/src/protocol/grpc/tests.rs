//! The protocol as a document configures it, from bytes to actions.

use base64::Engine as _;

use super::*;
use crate::config;
use crate::protobuf::{write_bytes, write_message, write_varint};
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

/// The codes of the mistakes of an API.
fn mistakes(api: &str) -> Vec<&'static str> {
    let document = format!(
        "lictor: v1\napis:\n- name: one\n  match: {{}}\n  grpc: {api}\nrules: []\ndefault: allow\n"
    );
    match config::compile(document.as_bytes()) {
        Ok(_) => Vec::new(),
        Err(mistakes) => mistakes.iter().map(|mistake| mistake.code).collect(),
    }
}

/// Effect, operation, reach and resources of each action, or the code of the refusal.
fn read(service: &str, method: &str, body: &[u8]) -> Result<Vec<String>, &'static str> {
    read_as(service, method, body, "application/grpc")
}

fn read_as(
    service: &str,
    path: &str,
    body: &[u8],
    media: &str,
) -> Result<Vec<String>, &'static str> {
    let document = format!(
        "lictor: v1\napis:\n- {{name: one, match: {{}}, grpc: {service}}}\nrules: []\ndefault: allow\n"
    );
    let guard = config::compile(document.as_bytes()).unwrap();
    let mut head = Head::default();
    for (name, value) in [
        (":method", "POST"),
        (":path", path),
        ("content-type", media),
    ] {
        head.headers.push(name.as_bytes(), value.as_bytes());
    }
    let protocol = &guard.apis[0].protocol;
    let intent = protocol.body(&head).and_then(|_| {
        protocol.read(&Request {
            head: &head,
            path,
            query: "",
            body,
            analyses: &guard.analyses,
            wanted: crate::message::Wanted::default(),
        })
    });
    let actions = intent.map_err(|refusal| refusal.code)?.actions;
    let told = actions.iter().map(|action| {
        let resources: Vec<String> = action.resources.iter().map(ToString::to_string).collect();
        let (effect, reach) = (action.effect.name(), action.reach.name());
        format!(
            "{effect} {} {reach} {}",
            action.operation,
            resources.join(",")
        )
    });
    Ok(told.collect())
}

fn frame(fill: impl FnOnce(&mut Vec<u8>)) -> Vec<u8> {
    let mut message = Vec::new();
    fill(&mut message);
    let length = u32::try_from(message.len()).unwrap();
    [&[0][..], &length.to_be_bytes(), &message].concat()
}

#[test]
fn documents_say_what_is_wrong() {
    assert_eq!(mistakes("etcd"), [""; 0]);
    assert_eq!(mistakes("{use: spanner, dialect: postgres}"), [""; 0]);
    assert_eq!(mistakes("{unknown_methods: allow}"), [""; 0]);
    assert_eq!(
        mistakes("{methods: [{method: a.B/C, effect: delete, reach: all}]}"),
        [""; 0]
    );
    assert_eq!(mistakes("mongodb"), ["document.unexpected"]);
    assert_eq!(mistakes("{}"), ["api.descriptors"]);
    assert_eq!(
        mistakes("{methods: [{method: a.B.C}]}"),
        ["api.grpc_method"]
    );
    assert_eq!(
        mistakes("{methods: [{method: a.B/C, resources: \"table:{$.name}\"}]}"),
        ["api.field_path"]
    );
}

#[test]
fn a_path_names_its_method_in_one_way_only() {
    let body = frame(|out| write_bytes(out, 1, b"a"));
    let read = |path| read("etcd", path, &body);
    assert!(read("/etcdserverpb.KV/Put").is_ok());
    for path in [
        "/etcdserverpb.KV/Put?x=1",
        "/etcdserverpb.KV/P%75t",
        "/etcdserverpb.KV/put",
        "//etcdserverpb.KV/Put",
        "/etcdserverpb.KV/Put/",
    ] {
        assert_eq!(read(path), Err("grpc.method_unknown"), "{path}");
    }
}

#[test]
fn one_message_and_no_more() {
    let one = frame(|out| write_bytes(out, 1, b"a"));
    let path = "/etcdserverpb.KV/Put";
    let two = [&one[..], &one].concat();
    assert_eq!(read("etcd", path, &two), Err("grpc.message_repeated"));
    assert_eq!(read("etcd", path, &[]), Err("grpc.message_missing"));
    assert_eq!(read("etcd", path, &one[..6]), Err("grpc.frame_truncated"));
    for media in [
        "application/grpc+json",
        "application/proto",
        "application/connect+proto",
    ] {
        let read = read_as("etcd", path, &one, media);
        assert!(
            matches!(read, Err("grpc.content_type" | "grpc.method_unknown")),
            "{media}: {read:?}"
        );
    }
    let text = base64::engine::general_purpose::STANDARD.encode(&one);
    for (media, body) in [
        ("application/grpc-web", &one[..]),
        ("application/grpc-web-text", text.as_bytes()),
    ] {
        let read = read_as("etcd", path, body, media);
        assert_eq!(read.unwrap(), ["update PUT key key:a"], "{media}");
    }
}

#[test]
fn etcd_keys_and_ranges() {
    let range = |key: &[u8], end: &[u8]| {
        let body = frame(|out| {
            write_bytes(out, 1, key);
            write_bytes(out, 2, end);
        });
        read("etcd", "/etcdserverpb.KV/DeleteRange", &body)
            .unwrap()
            .remove(0)
    };
    assert_eq!(range(b"/a", b""), "delete DELETE RANGE key key:/a");
    assert_eq!(
        range(b"/a/", b"/a0"),
        "delete DELETE RANGE filtered key:/a/*"
    );
    assert_eq!(
        range(b"/a/1", b"/a/5"),
        "delete DELETE RANGE filtered key:/a/*"
    );
    assert_eq!(range(b"/a", b"\0"), "delete DELETE RANGE all key:*");
    assert_eq!(range(b"\0", b"\0"), "delete DELETE RANGE all key:*");
    assert_eq!(range(b"a", b"z"), "delete DELETE RANGE all key:*");
    assert_eq!(
        range(b"/secrets/\xff", b""),
        "delete DELETE RANGE key key:/secrets/\u{fffd}"
    );
}

#[test]
fn etcd_transactions_are_told_to_their_leaves() {
    let body = frame(|out| {
        write_message(out, 1, |compare| write_bytes(compare, 3, b"lock"));
        write_message(out, 3, |operation| {
            write_message(operation, 4, |inner| {
                write_message(inner, 2, |operation| {
                    write_message(operation, 3, |delete| {
                        write_bytes(delete, 1, b"\0");
                        write_bytes(delete, 2, b"\0");
                    });
                });
            });
        });
    });
    assert_eq!(
        read("etcd", "/etcdserverpb.KV/Txn", &body).unwrap(),
        ["read COMPARE key key:lock", "delete DELETE RANGE all key:*"]
    );
}

#[test]
fn the_json_form_gives_the_same_actions() {
    let read = |path: &str, json: &str| read_as("etcd", path, json.as_bytes(), "application/json");
    assert_eq!(
        read(
            "/v3/kv/deleterange",
            r#"{"key":"L2EvAA==","rangeEnd":"AA=="}"#
        )
        .unwrap(),
        ["delete DELETE RANGE all key:*"]
    );
    assert_eq!(
        read("/v3/kv/range", r#"{"key":"L2E=","limit":"5"}"#).unwrap(),
        ["read RANGE key key:/a"]
    );
    for (path, json, code) in [
        ("/v3/kv/range", r#"{"Key":"L2E="}"#, "grpc.field_unknown"),
        (
            "/v3/kv/range",
            r#"{"range_end":"AA==","rangeEnd":""}"#,
            "grpc.field_repeated",
        ),
        ("/v3/kv/range", "[]", "grpc.message_malformed"),
        ("/v3/lock/lock", "{}", "grpc.method_unknown"),
    ] {
        assert_eq!(read(path, json), Err(code), "{path} {json}");
    }
}

#[test]
fn spanner_statements_mutations_and_plans() {
    let sql = |mode: u64| {
        let body = frame(|out| {
            write_bytes(out, 3, b"DELETE FROM orders WHERE TRUE");
            write_varint(out, 7, mode);
        });
        read("spanner", "/google.spanner.v1.Spanner/ExecuteSql", &body).unwrap()
    };
    assert_eq!(sql(0), ["delete DELETE all table:orders"]);
    assert_eq!(sql(2), ["delete DELETE all table:orders"]);
    assert!(!sql(1)[0].starts_with("delete"), "{:?}", sql(1));
    let body = frame(|out| {
        write_message(out, 4, |mutation| {
            write_message(mutation, 5, |delete| {
                write_bytes(delete, 1, b"orders");
                write_message(delete, 2, |keys| write_varint(keys, 3, 1));
            });
        });
        write_message(out, 4, |mutation| {
            write_message(mutation, 4, |write| {
                write_bytes(write, 1, b"orders");
                write_bytes(write, 2, b"id");
                write_bytes(write, 3, b"");
            });
        });
    });
    assert_eq!(
        read("spanner", "/google.spanner.v1.Spanner/Commit", &body).unwrap(),
        [
            "delete DELETE all table:orders",
            "delete REPLACE key table:orders",
            "insert REPLACE key table:orders"
        ]
    );
}

#[test]
fn flight_commands_and_what_can_not_be_told() {
    let any = |name: &str, fill: &dyn Fn(&mut Vec<u8>)| {
        let mut bytes = Vec::new();
        let url = format!("type.googleapis.com/arrow.flight.protocol.sql.{name}");
        write_bytes(&mut bytes, 1, url.as_bytes());
        write_message(&mut bytes, 2, fill);
        bytes
    };
    let info = |command: &[u8]| {
        let body = frame(|out| {
            write_varint(out, 1, 2);
            write_bytes(out, 2, command);
        });
        read(
            "flight_sql",
            "/arrow.flight.protocol.FlightService/GetFlightInfo",
            &body,
        )
    };
    let query = any("CommandStatementQuery", &|out| {
        write_bytes(out, 1, b"DROP TABLE t")
    });
    assert_eq!(info(&query).unwrap(), ["drop DROP TABLE all table:t"]);
    assert_eq!(
        info(&any("CommandGetTables", &|_| {})).unwrap(),
        ["read CommandGetTables none object:catalog"]
    );
    let substrait = any("CommandStatementSubstraitPlan", &|_| {});
    assert_eq!(info(&substrait), Err("grpc.opaque"));
    let prepared = any("CommandPreparedStatementQuery", &|_| {});
    assert_eq!(info(&prepared), Err("grpc.handle_unknown"));
    assert_eq!(info(b"SELECT 1"), Err("grpc.opaque"));
    let ticket = frame(|out| write_bytes(out, 1, b"anything"));
    let read = read(
        "flight_sql",
        "/arrow.flight.protocol.FlightService/DoGet",
        &ticket,
    );
    assert_eq!(read, Err("grpc.handle_unknown"));
}

#[test]
fn bulk_reads_past_sql_are_told_like_queries() {
    let session = |restriction: &[u8]| {
        let body = frame(|out| {
            write_message(out, 2, |session| {
                write_bytes(session, 6, b"projects/p/datasets/d/tables/t");
                write_message(session, 8, |options| {
                    write_bytes(options, 1, b"email");
                    write_bytes(options, 2, restriction);
                });
            });
        });
        let path = "/google.cloud.bigquery.storage.v1.BigQueryRead/CreateReadSession";
        read("bigquery_storage", path, &body).unwrap()
    };
    assert_eq!(session(b""), ["read SELECT all table:p.d.t"]);
    assert_eq!(session(b"1 = 1"), ["read SELECT all table:p.d.t"]);
    assert_eq!(
        session(b"day = '2026-01-01'"),
        ["read SELECT filtered table:p.d.t"]
    );
}

#[test]
fn bigtable_rows_by_key_or_all() {
    let table = b"projects/p/instances/i/tables/t";
    let read_rows = |fill: &dyn Fn(&mut Vec<u8>)| {
        let body = frame(|out| {
            write_bytes(out, 1, table);
            fill(out);
        });
        read("bigtable", "/google.bigtable.v2.Bigtable/ReadRows", &body).unwrap()
    };
    assert_eq!(read_rows(&|_| {}), ["read READ ROWS all table:t"]);
    let by_key = |out: &mut Vec<u8>| write_message(out, 2, |rows| write_bytes(rows, 1, b"k"));
    assert_eq!(read_rows(&by_key), ["read READ ROWS key table:t"]);
    assert_eq!(
        read_rows(&|out| write_varint(out, 4, 10)),
        ["read READ ROWS limited table:t"]
    );
    let drop = frame(|out| {
        write_bytes(out, 1, table);
        write_varint(out, 3, 1);
    });
    let path = "/google.bigtable.admin.v2.BigtableTableAdmin/DropRowRange";
    let read = read("bigtable", path, &drop).unwrap();
    assert_eq!(read, ["truncate DROP ROW RANGE all table:t"]);
}
