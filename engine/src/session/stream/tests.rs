//! Streams of messages, cut in every way.

use std::rc::Rc;

use super::super::*;
use crate::message::Head;
use crate::policy::Moment;
use crate::protobuf::{write_bytes, write_message};
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

const MOMENT: Moment = Moment {
    seconds: 1_793_793_600,
    nanos: 0,
};

const ETCD: &str = "
lictor: v1
identity: {anonymous: allow}
apis: [{name: keys, match: {}, grpc: etcd}]
rules:
- {id: no-secrets, effect: deny, match: {action.resources: \"key:/secrets/**\"}, reason: Not yours.}
default: allow
";

/// A frame that begins to watch what lies between two keys.
fn watched(key: &str, end: &str) -> Vec<u8> {
    let mut message = Vec::new();
    write_message(&mut message, 1, |create| {
        write_bytes(create, 1, key.as_bytes());
        write_bytes(create, 2, end.as_bytes());
    });
    let length = u32::try_from(message.len()).unwrap();
    [&[0][..], &length.to_be_bytes(), &message].concat()
}

fn watching() -> Session {
    let guard = crate::config::compile(ETCD.as_bytes()).unwrap();
    let mut head = Head::default();
    for (name, value) in [
        (":method", "POST"),
        (":path", "/etcdserverpb.Watch/Watch"),
        ("content-type", "application/grpc"),
    ] {
        head.headers.push(name.as_bytes(), value.as_bytes());
    }
    let mut session = Session::new(Rc::new(guard), head, "r1".to_owned());
    assert_eq!(session.open(b"", None, true), Step::Messages);
    session
}

/// Feeds a stream piece by piece as the filter does; gives what passed and the code.
fn fed(stream: &[u8], pieces: &[usize]) -> (Vec<u8>, Option<&'static str>, usize) {
    let mut session = watching();
    let (mut passed, mut kept, mut rest) = (Vec::new(), Vec::new(), stream);
    let mut pieces = pieces.iter().cycle();
    loop {
        let (piece, after) = rest.split_at((*pieces.next().unwrap()).min(rest.len()));
        rest = after;
        kept.extend_from_slice(piece);
        let (judged, step) = session.messages(&kept, rest.is_empty(), MOMENT);
        if matches!(step, Step::Reply(_)) {
            break;
        }
        passed.extend(kept.drain(..judged));
        if rest.is_empty() {
            break;
        }
    }
    (passed, session.code(), session.actions.len())
}

#[test]
fn how_a_stream_is_cut_never_changes_its_verdict() {
    let (good, other) = (watched("/apps/a", ""), watched("/apps/", "/apps0"));
    let bad = watched("/secrets/a", "");
    let wide = watched("/", "0");
    let pieces: [&[usize]; 5] = [&[1], &[3, 7], &[1000], &[9, 1, 30], &[64]];
    for (stream, passing, code, actions) in [
        ([&good[..], &other].concat(), 2, None, 2),
        ([&good[..], &good].concat(), 2, None, 1),
        ([&good[..], &bad].concat(), 1, Some("policy.denied"), 2),
        ([&good[..], &wide].concat(), 1, Some("policy.denied"), 2),
        ([&bad[..], &good].concat(), 0, Some("policy.denied"), 1),
        (
            [&good[..], &[1, 0, 0]].concat(),
            1,
            Some("grpc.frame_truncated"),
            1,
        ),
        (
            [&good[..], &[7, 0, 0]].concat(),
            1,
            Some("grpc.frame_malformed"),
            1,
        ),
        (
            [&good[..], &[0, 255, 255, 255, 255]].concat(),
            1,
            Some("body.too_large"),
            1,
        ),
    ] {
        for pieces in pieces {
            let (passed, found, told) = fed(&stream, pieces);
            assert_eq!((found, told), (code, actions), "{stream:?} {pieces:?}");
            assert!(stream.starts_with(&passed));
            let most = [&good[..], &other].concat();
            let whole = if passing == 2 {
                stream.len()
            } else {
                good.len() * passing
            };
            assert!(
                passed.len() <= whole.min(most.len()),
                "{stream:?} {pieces:?}"
            );
            if code.is_none() {
                assert_eq!(passed, stream, "{pieces:?}");
            }
        }
    }
}

#[test]
fn a_stream_without_a_message_is_refused() {
    let mut session = watching();
    let (judged, step) = session.messages(b"", true, MOMENT);
    assert!(matches!(step, Step::Reply(_)));
    assert_eq!((judged, session.code()), (0, Some("grpc.message_missing")));
}
