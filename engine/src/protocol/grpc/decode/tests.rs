//! Messages that read in one way, and those that don't.

use super::*;
use crate::protobuf::{write_bytes, write_double, write_message, write_varint};
use crate::protocol::grpc::schema::{Draft, read_text};
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

const TYPES: &str = "
enum State: NONE OPEN
Order: id=1 int64, name=2 string, lines=3 Line*, state=4 State, is_paid=5 bool, key=6 bytes, counts=7 int32*, price=8 double, one=9 string|, other=10 string|, parent=11 Order, extra=12 opaque
Line: text=1 string
";

fn schema() -> Schema {
    let mut draft = Draft::default();
    read_text(TYPES, &mut draft).unwrap();
    draft.finish().unwrap()
}

fn read(bytes: &[u8]) -> Result<String, &'static str> {
    read_with(bytes, Unknown::Refuse)
}

fn read_with(bytes: &[u8], unknown: Unknown) -> Result<String, &'static str> {
    let schema = schema();
    let place = schema.place("Order").unwrap();
    let tree = decode(&schema, place, bytes, unknown).map_err(|refusal| refusal.code)?;
    Ok(serde_json::to_string(&tree).unwrap())
}

fn message(fill: impl FnOnce(&mut Vec<u8>)) -> Vec<u8> {
    let mut bytes = Vec::new();
    fill(&mut bytes);
    bytes
}

#[test]
fn fields_have_the_names_of_the_proto_and_zero_where_they_were_not_sent() {
    let empty = r#"{"id":0,"name":"","lines":[],"state":"NONE","is_paid":false,"key":"","counts":[],"price":0}"#;
    assert_eq!(read(b""), Ok(empty.to_owned()));
    let bytes = message(|out| {
        write_varint(out, 1, (-5_i64).cast_unsigned());
        write_bytes(out, 2, "é".as_bytes());
        write_message(out, 3, |line| write_bytes(line, 1, b"a"));
        write_message(out, 3, |_| {});
        write_varint(out, 4, 1);
        write_varint(out, 5, 1);
        write_bytes(out, 6, &[0xff, 0]);
        write_bytes(out, 7, &[1, 2]);
        write_varint(out, 7, 3);
        write_double(out, 8, 1.5);
        write_bytes(out, 10, b"");
        write_bytes(out, 12, b"\xff");
    });
    let full = r#"{"id":-5,"name":"é","lines":[{"text":"a"},{"text":""}],"state":"OPEN","is_paid":true,"key":"/wA=","counts":[1,2,3],"price":1.5,"other":"","extra":null}"#;
    assert_eq!(read(&bytes), Ok(full.to_owned()));
}

#[test]
fn whole_numbers_stay_exact() {
    let large = message(|out| write_varint(out, 1, (1 << 53) + 1));
    assert!(
        read(&large)
            .unwrap()
            .starts_with(r#"{"id":"9007199254740993","#)
    );
    let exact = message(|out| write_varint(out, 1, 1 << 53));
    assert!(
        read(&exact)
            .unwrap()
            .starts_with(r#"{"id":9007199254740992,"#)
    );
}

#[test]
fn what_readers_take_differently_is_refused() {
    let twice = message(|out| {
        write_varint(out, 1, 1);
        write_varint(out, 1, 1);
    });
    let both = message(|out| {
        write_bytes(out, 9, b"a");
        write_bytes(out, 10, b"b");
    });
    for (bytes, code) in [
        (twice, "grpc.field_repeated"),
        (both, "grpc.field_repeated"),
        (
            message(|out| write_varint(out, 2, 1)),
            "grpc.message_malformed",
        ),
        (
            message(|out| write_bytes(out, 1, b"1")),
            "grpc.message_malformed",
        ),
        (
            message(|out| write_bytes(out, 2, b"\xff")),
            "grpc.message_malformed",
        ),
        (
            message(|out| write_varint(out, 5, 2)),
            "grpc.message_malformed",
        ),
        (
            message(|out| write_varint(out, 7, 1 << 32)),
            "grpc.message_malformed",
        ),
        (
            message(|out| write_varint(out, 4, 7)),
            "grpc.message_malformed",
        ),
        (
            message(|out| write_bytes(out, 7, &[0x80])),
            "grpc.message_malformed",
        ),
        (
            message(|out| write_varint(out, 99, 1)),
            "grpc.field_unknown",
        ),
        (vec![0x0b, 0x0c], "grpc.message_malformed"),
        (vec![0x0a, 5, 1], "grpc.message_malformed"),
    ] {
        assert_eq!(read(&bytes), Err(code), "{bytes:?}");
    }
}

#[test]
fn unknown_fields_can_be_accepted() {
    let bytes = message(|out| {
        write_varint(out, 99, 1);
        write_varint(out, 4, 7);
    });
    let read = read_with(&bytes, Unknown::Accept).unwrap();
    assert!(read.contains(r#""state":7"#), "{read}");
}

#[test]
fn depth_and_size_are_bounded() {
    let mut nested = Vec::new();
    for _ in 0..limits::GRPC_DEPTH - 1 {
        nested = message(|out| write_bytes(out, 11, &nested));
    }
    assert!(read(&nested).is_ok());
    nested = message(|out| write_bytes(out, 11, &nested));
    assert_eq!(read(&nested), Err("grpc.too_deep"));
    let many = [0x1a, 0].repeat(limits::GRPC_VALUES);
    assert_eq!(read(&many), Err("grpc.message_too_large"));
}
