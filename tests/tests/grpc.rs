//! gRPC in a real Envoy: messages judged one by one while the stream goes on, gRPC-Web,
//! compression, and what the upstream never sees.

use std::sync::{Arc, Mutex, PoisonError, Weak};

use lictor_engine::protobuf::{write_bytes, write_message};
use lictor_lab::call::Call;
use lictor_lab::client::http2::{self, Conversation};
use lictor_tests::company::Company;
use lictor_tests::transport::Transport;
use serde_json::Value;

const POLICY: &str = r#"
lictor: v1
identity: {anonymous: allow}
apis: [{name: keys, match: {}, use: etcd}]
rules:
- {id: no-secrets, effect: deny, match: {action.resources: "key:/secrets/**"}, reason: Not yours.}
default: allow
"#;

fn company() -> Arc<Company> {
    static SHARED: Mutex<Weak<Company>> = Mutex::new(Weak::new());
    let mut shared = SHARED.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(running) = shared.upgrade() {
        return running;
    }
    let started = Arc::new(Company::start(POLICY));
    *shared = Arc::downgrade(&started);
    started
}

fn frame(message: &[u8]) -> Vec<u8> {
    let length = u32::try_from(message.len()).unwrap();
    [&[0][..], &length.to_be_bytes(), message].concat()
}

fn watched(key: &str) -> Vec<u8> {
    let mut message = Vec::new();
    write_message(&mut message, 1, |create| {
        write_bytes(create, 1, key.as_bytes())
    });
    frame(&message)
}

fn watch() -> Call {
    Call::new("POST", "/etcdserverpb.Watch/Watch")
        .header("content-type", "application/grpc")
        .header("te", "trailers")
}

/// Plays a stream; gives it with its record and what reached the upstream.
fn converse(steps: &[(&[u8], usize)]) -> (Conversation, Value, Option<Vec<u8>>) {
    let company = company();
    let call = watch();
    let spoken = http2::converse(company.envoy.address(), &call, steps).unwrap();
    let logged = company.envoy.access_log().of(&call).unwrap();
    let seen = company.upstream.seen(call.agent());
    (spoken, logged, seen.and_then(|seen| seen.body))
}

#[test]
fn a_stream_goes_back_and_forth_without_waiting_for_its_end() {
    let (one, other) = (watched("/apps/a"), watched("/apps/b"));
    let both = one.len() + other.len();
    let (spoken, logged, seen) = converse(&[
        (&one, one.len()),
        (&other[..3], one.len()),
        (&other[3..], both),
        (&one, both + one.len()),
    ]);
    assert_eq!(spoken.spoken, 4, "{spoken:#?}");
    assert_eq!(spoken.answer.grpc_status(), Some(0), "{spoken:#?}");
    let whole = [&one[..], &other, &one].concat();
    assert_eq!(spoken.answer.body, whole);
    assert_eq!(seen, Some(whole));
    let record = &logged["lictor"];
    assert_eq!(record["decision"], "allow", "{logged:#}");
    let resources: Vec<_> = record["actions"]
        .as_array()
        .unwrap()
        .iter()
        .map(|action| &action["resources"][0])
        .collect();
    assert_eq!(resources, ["key:/apps/a", "key:/apps/b"]);
}

#[test]
fn a_refused_first_message_reaches_nobody() {
    let bad = watched("/secrets/a");
    for steps in [&[(&bad[..], 1)][..], &[(&bad[..4], 0), (&bad[4..], 1)]] {
        let (spoken, logged, seen) = converse(steps);
        assert_eq!(spoken.answer.status, 200, "{spoken:#?}");
        assert_eq!(spoken.answer.grpc_status(), Some(7), "{spoken:#?}");
        assert_eq!(seen, None);
        assert_eq!(logged["lictor"]["decision"], "deny", "{logged:#}");
        assert_eq!(logged["lictor"]["rules"][0], "no-secrets", "{logged:#}");
    }
}

#[test]
fn a_refused_later_message_ends_the_stream_and_reaches_nobody() {
    let (good, bad) = (watched("/apps/a"), watched("/secrets/a"));
    let (spoken, logged, seen) = converse(&[(&good, good.len()), (&bad, good.len() + 1)]);
    assert!(
        spoken.was_reset || spoken.answer.grpc_status() == Some(7),
        "{spoken:#?}"
    );
    assert_eq!(seen, Some(good.clone()));
    let record = &logged["lictor"];
    assert_eq!(record["decision"], "deny", "{logged:#}");
    assert_eq!(record["actions"].as_array().unwrap().len(), 2, "{logged:#}");
    // In one piece with one that may pass: what may pass may be lost, what may not never gets there.
    let both = [&good[..], &bad].concat();
    let (spoken, logged, seen) = converse(&[(&both, 1)]);
    assert_eq!(spoken.answer.grpc_status(), Some(7), "{spoken:#?}");
    assert_eq!(seen, None);
    assert_eq!(logged["lictor"]["decision"], "deny", "{logged:#}");
}

#[test]
fn a_message_that_is_cut_off_ends_the_stream() {
    let good = watched("/apps/a");
    let (spoken, logged, seen) = converse(&[(&good, good.len()), (&good[..7], good.len())]);
    assert!(
        spoken.was_reset || spoken.answer.grpc_status() == Some(3),
        "{spoken:#?}"
    );
    assert_eq!(seen, Some(good));
    assert_eq!(
        logged["lictor"]["code"], "grpc.frame_truncated",
        "{logged:#}"
    );
}

#[test]
fn many_messages_in_pieces_of_any_size_arrive_as_they_were_sent() {
    let company = company();
    let stream: Vec<u8> = (0..40)
        .flat_map(|number| watched(&format!("/apps/{number}")))
        .collect();
    for cut in [1, 7, 100, 100_000] {
        let call = watch().piece(stream.clone()).in_pieces_of(cut).again();
        let answer = http2::send(company.envoy.address(), &call).unwrap();
        assert_eq!(answer.body, stream, "{cut}");
        assert_eq!(answer.grpc_status(), Some(0), "{cut}");
        let seen = company.upstream.seen(call.agent()).unwrap();
        assert_eq!(seen.body.as_ref(), Some(&stream), "{cut}");
    }
}

#[test]
fn trailers_of_the_client_end_a_stream_too() {
    let company = company();
    let good = watched("/apps/a");
    let whole = watch().piece(good.clone()).trailer("x-end", "1");
    let answer = http2::send(company.envoy.address(), &whole).unwrap();
    assert_eq!(answer.body, good);
    let cut = watch().piece(good[..7].to_vec()).trailer("x-end", "1");
    let answer = http2::send(company.envoy.address(), &cut).unwrap();
    assert_eq!(answer.grpc_status(), Some(3), "{answer:#?}");
    assert!(company.upstream.seen(cut.agent()).is_none());
}

#[test]
fn unary_calls_are_held_to_their_end() {
    let company = company();
    let put = |key: &str| {
        let mut message = Vec::new();
        write_bytes(&mut message, 1, key.as_bytes());
        Call::grpc("/etcdserverpb.KV/Put", &message)
    };
    let passed = company.play_raw(Transport::Http2, put("/apps/a"));
    assert_eq!(passed.answer.grpc_status(), Some(0), "{passed:#?}");
    assert!(passed.seen.is_some());
    let refused = company.play_raw(Transport::Http2, put("/secrets/a"));
    assert_eq!(refused.answer.grpc_status(), Some(7), "{refused:#?}");
    refused.assert_not_seen();
    let twice = put("/apps/a").piece(frame(b"\x0a\x01a"));
    let twice = company.play_raw(Transport::Http2, twice);
    assert_eq!(
        twice.record()["code"],
        "grpc.message_repeated",
        "{twice:#?}"
    );
    twice.assert_not_seen();
}

#[test]
fn clients_of_grpc_web_read_a_refusal_in_the_body() {
    let company = company();
    for transport in Transport::ALL {
        let call = Call::new("POST", "/etcdserverpb.KV/Put")
            .body("application/grpc-web+proto", frame(b"\x0a\x0a/secrets/a"));
        let refused = company.play_raw(transport, call);
        assert_eq!(refused.answer.status, 200, "{refused:#?}");
        assert_eq!(refused.answer.body.first(), Some(&0x80), "{refused:#?}");
        assert!(
            refused.answer.text().contains("grpc-status:7\r\n"),
            "{refused:#?}"
        );
        assert_eq!(
            refused.answer.header("content-type"),
            Some("application/grpc-web+proto")
        );
        refused.assert_not_seen();
    }
}
