//! Answers in a real Envoy: what a client gets of them, whether they come whole or in events.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::sync::mpsc::{Receiver, channel};
use std::thread;

use lictor_lab::call::Call;
use lictor_lab::client::Answer;
use lictor_lab::client::http1;
use lictor_lab::envoy::Envoy;
use lictor_lab::envoy::launch::Launch;
use lictor_lab::identity_provider::IdentityProvider;
use lictor_tests::company::module;
use serde_json::{Value, json};

const POLICY: &str = r#"
lictor: v1
identity: {anonymous: allow}
apis: [{name: tools, match: {}, mcp: {}}]
rules:
- {id: no-shell, effect: deny, match: {action.resources: "tool:shell_*"}, reason: No commands here.}
- {id: no-sampling, effect: deny, match: {action.resources: "object:sampling"}, reason: Not our model.}
default: allow
"#;

const LIST: &str =
    r#"{"jsonrpc":"2.0","id":1,"result":{"tools":[{"name":"shell_run"},{"name":"echo"}]}}"#;
const KEPT: &str = r#"{"jsonrpc":"2.0","id":1,"result":{"tools":[{"name":"echo"}]}}"#;

/// A service that gives one answer to everyone, in these pieces.
struct Service {
    address: SocketAddr,
    heads: Receiver<String>,
}

impl Service {
    fn start(head: &'static str, pieces: Vec<Vec<u8>>) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let address = listener.local_addr().unwrap();
        let (sender, heads) = channel();
        thread::spawn(move || {
            for stream in listener.incoming() {
                let Ok(stream) = stream else { return };
                if let Some(request) = request(&stream) {
                    answer(stream, head, &pieces);
                    if sender.send(request).is_err() {
                        return;
                    }
                }
            }
        });
        Self { address, heads }
    }
}

/// The head of a request, once its body is there too.
fn request(stream: &TcpStream) -> Option<String> {
    let mut reader = BufReader::new(stream);
    let mut head = String::new();
    while !head.ends_with("\r\n\r\n") {
        if reader.read_line(&mut head).ok()? == 0 {
            return None;
        }
    }
    let head = head.to_ascii_lowercase();
    let length = head.split("content-length: ").nth(1).unwrap_or("0");
    let length = length.lines().next()?.parse().ok()?;
    reader.read_exact(&mut vec![0; length]).ok()?;
    Some(head)
}

fn answer(mut stream: TcpStream, head: &str, pieces: &[Vec<u8>]) {
    let is_chunked = head.contains("transfer-encoding");
    let _ = write!(stream, "HTTP/1.1 200 OK\r\nconnection: close\r\n{head}\r\n");
    for piece in pieces {
        if is_chunked {
            let _ = write!(stream, "{:x}\r\n", piece.len());
        }
        let _ = stream.write_all(piece);
        if is_chunked {
            let _ = stream.write_all(b"\r\n");
        }
    }
    if is_chunked {
        let _ = stream.write_all(b"0\r\n\r\n");
    }
}

/// Asks that service for its tools: the answer, the record, and what the service was asked.
fn asked(service: &Service) -> (Answer, Value, Option<String>) {
    let provider = IdentityProvider::new();
    let launch = Launch::recommended().map(|launch| {
        launch
            .guard(&module(), POLICY)
            .upstream(service.address)
            .jwks(provider.jwks())
    });
    let envoy: Envoy = launch
        .and_then(Launch::start)
        .unwrap_or_else(|cause| panic!("{cause}"));
    let call = Call::new("POST", "/mcp")
        .header("accept", "application/json, text/event-stream")
        .header("accept-encoding", "gzip, br")
        .json(&json!({"jsonrpc": "2.0", "id": 1, "method": "tools/list"}));
    let answer = http1::send(envoy.address(), &call).unwrap();
    let record = envoy.access_log().of(&call).unwrap();
    (answer, record, service.heads.try_recv().ok())
}

#[test]
fn a_list_loses_what_may_not_be_called_and_says_its_new_length() {
    let head = "content-type: application/json\r\ncontent-length: 82\r\n";
    assert_eq!(LIST.len(), 82);
    let (answer, record, seen) = asked(&Service::start(head, vec![LIST.into()]));
    assert_eq!((answer.status, answer.text().as_str()), (200, KEPT));
    let length = KEPT.len().to_string();
    assert_eq!(answer.header("content-length"), Some(length.as_str()));
    assert_eq!(record["lictor"]["decision"], "allow", "{record}");
    assert!(!seen.unwrap().contains("accept-encoding"));
}

#[test]
fn events_are_the_same_however_the_service_cuts_them() {
    let head = "content-type: text/event-stream\r\ntransfer-encoding: chunked\r\n";
    let first = r#"{"jsonrpc":"2.0","method":"notifications/progress","params":{"progress":1}}"#;
    let events = format!("data: {first}\n\nevent: message\ndata: {LIST}\n\n");
    let expected = format!("data: {first}\n\nevent: message\ndata: {KEPT}\n\n");
    for bytes in [7, 64, 4096] {
        let pieces = events.as_bytes().chunks(bytes).map(<[u8]>::to_vec);
        let (answer, _, _) = asked(&Service::start(head, pieces.collect()));
        assert_eq!((answer.status, answer.text()), (200, expected.clone()));
    }
}

#[test]
fn what_a_server_asks_of_the_client_is_judged_and_recorded() {
    let head = "content-type: text/event-stream\r\ntransfer-encoding: chunked\r\n";
    let asks = r#"{"jsonrpc":"2.0","id":9,"method":"sampling/createMessage","params":{}}"#;
    let events = format!("data: {asks}\n\ndata: {LIST}\n\n");
    let (answer, record, _) = asked(&Service::start(head, vec![events.into_bytes()]));
    assert!(
        !answer.text().contains("createMessage"),
        "{}",
        answer.text()
    );
    assert_eq!(record["lictor"]["decision"], "deny", "{record}");
    assert_eq!(
        record["lictor"]["rules"],
        json!(["no-sampling"]),
        "{record}"
    );
}

#[test]
fn what_can_not_be_read_does_not_reach_the_client() {
    let compressed =
        "content-type: application/json\r\ncontent-encoding: gzip\r\ncontent-length: 82\r\n";
    let plain = "content-type: application/json\r\ncontent-length: 82\r\n";
    let twice = LIST.replace(r#""id":1,"result""#, r#""id":1,"id":1 "#);
    let twice = format!("{twice:82.82}");
    for (head, body, code) in [
        (compressed, LIST.to_owned(), "answer.encoded"),
        (plain, twice, "mcp.answer"),
    ] {
        let (answer, record, _) = asked(&Service::start(head, vec![body.into_bytes()]));
        assert!(!answer.text().contains("shell_run"), "{}", answer.text());
        assert_eq!(record["lictor"]["code"], code, "{record}");
    }
}
