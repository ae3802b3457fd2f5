//! A descriptor set, put together field by field.

use super::*;
use crate::protobuf::{write_bytes, write_message, write_varint};
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

fn field(out: &mut Vec<u8>, number: u64, name: &str, kind: u64, fill: impl FnOnce(&mut Vec<u8>)) {
    write_message(out, 2, |out| {
        write_bytes(out, 1, name.as_bytes());
        write_varint(out, 3, number);
        write_varint(out, 4, 1);
        write_varint(out, 5, kind);
        fill(out);
    });
}

fn file(syntax: &str) -> Vec<u8> {
    let mut set = Vec::new();
    write_message(&mut set, 1, |file| {
        write_bytes(file, 2, b"shop.v1");
        write_bytes(file, 12, syntax.as_bytes());
        write_message(file, 4, |message| {
            write_bytes(message, 1, b"Order");
            field(message, 2, "order_id", 3, |_| {});
            field(message, 1, "note", 9, |field| write_varint(field, 17, 1));
            field(message, 3, "state", 14, |field| {
                write_bytes(field, 6, b".shop.v1.State");
            });
            field(message, 4, "parent", 11, |field| {
                write_bytes(field, 6, b".shop.v1.Order");
            });
        });
        write_message(file, 5, |state| {
            write_bytes(state, 1, b"State");
            for (number, name) in [(1, "OPEN"), (0, "NONE"), (1, "ALIAS")] {
                write_message(state, 2, |value| {
                    write_bytes(value, 1, name.as_bytes());
                    write_varint(value, 2, number);
                });
            }
        });
        write_message(file, 6, |service| {
            write_bytes(service, 1, b"Orders");
            write_message(service, 2, |method| {
                write_bytes(method, 1, b"Put");
                write_bytes(method, 2, b".shop.v1.Order");
                write_varint(method, 5, 1);
            });
        });
    });
    set
}

#[test]
fn names_are_resolved() {
    let mut draft = Draft::default();
    read(&file("proto3"), &mut draft).unwrap();
    // The same file again, as a second set may hold it.
    read(&file("proto3"), &mut draft).unwrap();
    let schema = draft.finish().unwrap();
    let method = schema.method("shop.v1.Orders/Put").unwrap();
    assert!(method.is_streamed);
    let order = method.input.unwrap();
    let message = schema.message(order).unwrap();
    let names: Vec<&str> = message.fields.iter().map(|field| &*field.name).collect();
    assert_eq!(names, ["note", "order_id", "state", "parent"]);
    assert_eq!(&*message.fields[1].json_name, "orderId");
    assert_eq!(message.fields[3].kind, Kind::Message(order));
    let presence: Vec<bool> = message
        .fields
        .iter()
        .map(|field| field.has_presence)
        .collect();
    assert_eq!(presence, [false, false, false, true]);
    let names: Vec<&str> = schema.names(0).iter().map(|(_, name)| &**name).collect();
    assert_eq!(names, ["NONE", "OPEN"]);
}

#[test]
fn what_is_no_descriptor_set_is_a_mistake() {
    for bytes in [&b""[..], b"\x0a", b"syntax = \"proto3\";", &[0x10, 0x01]] {
        assert!(read(bytes, &mut Draft::default()).is_err(), "{bytes:?}");
    }
    let mut draft = Draft::default();
    read(&file("proto3"), &mut draft).unwrap();
    assert!(
        read(&file("proto2"), &mut draft).is_err(),
        "another message of that name"
    );
}

#[test]
fn a_type_that_nobody_declares_is_a_mistake() {
    let mut set = Vec::new();
    write_message(&mut set, 1, |file| {
        write_message(file, 4, |message| {
            write_bytes(message, 1, b"Order");
            field(message, 1, "at", 11, |field| {
                write_bytes(field, 6, b".google.protobuf.Timestamp");
            });
        });
    });
    let mut draft = Draft::default();
    read(&set, &mut draft).unwrap();
    let message = draft.finish().unwrap_err();
    assert!(message.contains("google.protobuf.Timestamp"), "{message}");
}
