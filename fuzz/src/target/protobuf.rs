//! Frames and messages of gRPC, descriptor sets, and streams cut in any way.
//!
//! Claims: no input panics; the same bytes read the same way; how a stream is cut changes neither
//! its code nor what passes beyond what was judged; a message that reads is read whole.

use std::cell::OnceCell;
use std::rc::Rc;

use lictor_engine::config::{self, Guard};
use lictor_engine::message::Head;
use lictor_engine::policy::Moment;
use lictor_engine::session::{Session, Step};

const DOCUMENT: &str = "
lictor: v1
identity: {anonymous: allow}
apis:
- {name: etcd, match: {host: etcd}, use: etcd}
- {name: spanner, match: {host: spanner}, use: spanner}
- {name: flight, match: {host: flight}, use: flight_sql}
- {name: bigtable, match: {host: bigtable}, use: bigtable}
- {name: storage, match: {host: storage}, use: bigquery_storage}
rules:
- {id: no-secrets, effect: deny, match: {action.resources: \"key:/secrets/**\"}}
- {id: looks, effect: deny, match: {}, when: has(request.body.force) && request.body.force == true}
default: allow
";

/// Host and path by the first byte; the first is the one that takes streams.
const METHODS: [(&str, &str); 8] = [
    ("etcd", "/etcdserverpb.Watch/Watch"),
    ("etcd", "/etcdserverpb.KV/Txn"),
    ("etcd", "/etcdserverpb.KV/DeleteRange"),
    ("spanner", "/google.spanner.v1.Spanner/Commit"),
    ("flight", "/arrow.flight.protocol.FlightService/DoPut"),
    (
        "flight",
        "/arrow.flight.protocol.FlightService/GetFlightInfo",
    ),
    ("bigtable", "/google.bigtable.v2.Bigtable/MutateRows"),
    (
        "storage",
        "/google.cloud.bigquery.storage.v1.BigQueryRead/CreateReadSession",
    ),
];

const NOON: Moment = Moment {
    seconds: 1_793_793_600,
    nanos: 0,
};

thread_local! {
    static GUARD: OnceCell<Rc<Guard>> = const { OnceCell::new() };
}

/// The input is hex digits, whatever else stands between them left out: seeds are text.
///
/// # Panics
///
/// When a claim does not hold.
pub fn run(input: &[u8]) {
    let bytes = from_hex(input);
    let Some((first, body)) = bytes.split_first() else {
        return;
    };
    let (host, path) = METHODS[usize::from(*first) % METHODS.len()];
    if first & 0x80 != 0 {
        descriptors(body);
    }
    let whole = fed(host, path, body, body.len().max(1));
    assert_eq!(
        whole,
        fed(host, path, body, body.len().max(1)),
        "read otherwise"
    );
    let cut = usize::from(first >> 3) + 1;
    let pieces = fed(host, path, body, cut);
    assert_eq!(whole.code, pieces.code, "cut into pieces of {cut}");
    assert!(body.starts_with(&pieces.passed), "something else passed");
    if whole.code.is_none() {
        assert_eq!(pieces.passed, body, "not all of it passed");
    }
}

fn from_hex(input: &[u8]) -> Vec<u8> {
    let digits = input
        .iter()
        .filter_map(|byte| char::from(*byte).to_digit(16));
    let digits: Vec<u32> = digits.collect();
    let pairs = digits.chunks_exact(2);
    pairs
        .map(|pair| u8::try_from(pair[0] * 16 + pair[1]).unwrap_or_default())
        .collect()
}

/// What became of a stream.
#[derive(Debug, PartialEq, Eq)]
struct Fed {
    passed: Vec<u8>,
    code: Option<&'static str>,
}

fn fed(host: &str, path: &str, body: &[u8], cut: usize) -> Fed {
    let guard = GUARD.with(|guard| {
        let made = guard.get_or_init(|| {
            let guard = config::compile(DOCUMENT.as_bytes());
            Rc::new(guard.unwrap_or_else(|mistakes| panic!("{mistakes:?}")))
        });
        Rc::clone(made)
    });
    let mut head = Head::default();
    for (name, value) in [
        (":method", "POST"),
        (":path", path),
        (":authority", host),
        ("content-type", "application/grpc"),
        ("grpc-encoding", "gzip"),
    ] {
        head.headers.push(name.as_bytes(), value.as_bytes());
    }
    let mut session = Session::new(guard, head, "r1".to_owned());
    let step = session.open(b"", None, true);
    let passed = match step {
        Step::Messages => stream(&mut session, body, cut),
        _ => unary(&mut session, body),
    };
    Fed {
        passed,
        code: session.code(),
    }
}

fn unary(session: &mut Session, body: &[u8]) -> Vec<u8> {
    let refused = session.decode(body);
    match refused.unwrap_or_else(|| session.decide(body, NOON)) {
        Step::Pass => body.to_vec(),
        _ => Vec::new(),
    }
}

fn stream(session: &mut Session, body: &[u8], cut: usize) -> Vec<u8> {
    let (mut passed, mut kept) = (Vec::new(), Vec::new());
    let mut pieces = body.chunks(cut).peekable();
    loop {
        kept.extend_from_slice(pieces.next().unwrap_or_default());
        let is_end = pieces.peek().is_none();
        let (judged, step) = session.messages(&kept, is_end, NOON);
        if matches!(step, Step::Reply(_)) {
            return passed;
        }
        passed.extend(kept.drain(..judged));
        if is_end {
            return passed;
        }
    }
}

/// A descriptor set of any bytes is a mistake or a schema.
fn descriptors(bytes: &[u8]) {
    let mut text = String::new();
    for chunk in bytes.chunks(3) {
        base64(chunk, &mut text);
    }
    let document = format!(
        "lictor: v1\ndescriptors: {{base64: \"{text}\"}}\napis: [{{name: a, match: {{}}, grpc: {{}}}}]\nrules: []\ndefault: deny\n"
    );
    let _ = config::compile(document.as_bytes());
}

fn base64(chunk: &[u8], out: &mut String) {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let byte = |place: usize| u32::from(chunk.get(place).copied().unwrap_or_default());
    let bits = byte(0) << 16 | byte(1) << 8 | byte(2);
    for place in 0..4 {
        let letter = LETTERS[(bits >> (18 - 6 * place)) as usize & 63];
        out.push(if place > chunk.len() {
            '='
        } else {
            char::from(letter)
        });
    }
}
