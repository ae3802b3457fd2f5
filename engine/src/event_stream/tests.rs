//! Events are the same however their bytes are cut.

use super::*;
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

type Seen = (Option<String>, Option<String>, Vec<u8>);

fn read(pieces: &[&[u8]]) -> Result<Vec<Seen>, &'static str> {
    let mut stream = EventStream::default();
    let mut events = Vec::new();
    let count = pieces.len();
    for (index, piece) in pieces.iter().enumerate() {
        stream.push(piece, index + 1 == count);
        while let Some(event) = stream.next().map_err(|refusal| refusal.code)? {
            events.push((
                event.name.map(str::to_owned),
                event.data.as_deref().map(str::to_owned),
                event.bytes.to_vec(),
            ));
        }
    }
    Ok(events)
}

fn data(bytes: &[u8]) -> Result<Vec<Option<String>>, &'static str> {
    let events = read(&[bytes])?;
    Ok(events.into_iter().map(|(_, data, _)| data).collect())
}

fn texts(texts: &[&str]) -> Result<Vec<Option<String>>, &'static str> {
    Ok(texts.iter().map(|text| Some((*text).to_owned())).collect())
}

fn written(bytes: &[u8]) -> String {
    let mut stream = EventStream::default();
    stream.push(bytes, true);
    let mut out = Vec::new();
    while let Some(event) = stream.next().unwrap() {
        event.write(&mut out);
    }
    String::from_utf8(out).unwrap()
}

#[test]
fn every_line_end_ends_a_line() {
    for stream in [
        "data: a\n\ndata:b\n\n",
        "data: a\r\n\r\ndata:b\r\n\r\n",
        "data: a\r\rdata:b\r\r",
    ] {
        assert_eq!(data(stream.as_bytes()), texts(&["a", "b"]), "{stream:?}");
    }
    assert_eq!(data(b"data: a\r\n\rdata:b\n\r\n"), texts(&["a", "b"]));
}

#[test]
fn the_cut_does_not_matter() {
    let stream = "\u{feff}event: x\r\ndata: {\"a\":\r\ndata:  1}\r\n\r\n: still here\n\n\r\rdata\n\nid: 7\ndata: \u{e9}\u{2028}\r\r\ndata: [DONE]\n\nevent: rest\ndata: open";
    let whole = read(&[stream.as_bytes()]).unwrap();
    assert_eq!(whole.len(), 8);
    let bytes = stream.as_bytes();
    for first in 0..bytes.len() {
        for second in first..bytes.len().min(first + 12) {
            let (head, rest) = bytes.split_at(first);
            let (middle, tail) = rest.split_at(second - first);
            let pieces = [head, middle, tail];
            assert_eq!(
                read(&pieces).as_ref(),
                Ok(&whole),
                "cut at {first}, {second}"
            );
        }
    }
    let single: Vec<&[u8]> = bytes.chunks(1).collect();
    assert_eq!(read(&single), Ok(whole));
}

#[test]
fn all_bytes_stand_in_the_events() {
    let stream = b"event: a\ndata: 1\n\n:x\n\n\ndata: 2\r\n\r\ndata: 3";
    let events = read(&[stream]).unwrap();
    let joined: Vec<u8> = events.into_iter().flat_map(|(_, _, bytes)| bytes).collect();
    assert_eq!(joined, stream);
}

#[test]
fn an_event_is_there_as_soon_as_its_empty_line_is() {
    let mut stream = EventStream::default();
    stream.push(b"data: 1\n", false);
    assert_eq!(stream.next(), Ok(None));
    stream.push(b"\nda", false);
    assert_eq!(stream.next().unwrap().unwrap().data.as_deref(), Some("1"));
    assert_eq!(stream.next(), Ok(None));
}

#[test]
fn what_ends_without_an_empty_line_counts() {
    assert_eq!(data(b"data: 1\n\ndata: 2"), texts(&["1", "2"]));
    assert_eq!(data(b"data: 1\r"), texts(&["1"]));
}

#[test]
fn refuses_what_readers_take_apart_differently() {
    for stream in [
        " data: {}\n\n",
        "Data: {}\n\n",
        "event: a\nevent: b\ndata: 1\n\n",
        "id: 1\nid: 2\n\n",
        "event: a\u{2028}data: 1\n\n",
        "data : 1\n\n",
        ": x\u{85}data: 1\n\n",
        "x: 1\n\n",
        "data: 1\n\n\u{feff}data: 2\n\n",
    ] {
        assert_eq!(data(stream.as_bytes()), Err("event.field"), "{stream:?}");
    }
    assert_eq!(data(b"data: \xff\n\n"), Err("event.not_text"));
}

#[test]
fn refuses_an_event_beyond_the_limit_also_before_its_end() {
    let long = vec![b'x'; limits::EVENT_BYTES + 1];
    assert_eq!(data(&long), Err("event.too_large"));
    let mut stream = EventStream::default();
    stream.push(&long, false);
    assert_eq!(stream.next().unwrap_err().code, "event.too_large");
}

#[test]
fn events_are_written_as_every_reader_reads_them() {
    let plain = "event: a\nid: 1\ndata: {\"x\":\"\u{e9}\"}\n\n";
    assert_eq!(written(plain.as_bytes()), plain);
    assert_eq!(
        written("event: a\ndata: {\"x\":\r\ndata: \"\u{2028}\u{85}\"}\r\n\r\n".as_bytes()),
        "event: a\ndata: {\"x\": \"\\u2028\\u0085\"}\n\n"
    );
    assert_eq!(written(b": ping\r\n\r\n\n"), ": ping\n\n\n");
    assert_eq!(
        written(b"retry: 9\r\nevent: ping\r\n\r\n"),
        "retry: 9\nevent: ping\n\n"
    );
    assert_eq!(written(b"event: x\rdata: 1\n\n"), "event: x\ndata: 1\n\n");
    assert_eq!(written(b"data: 1"), "data: 1\n\n");
}
