//! Event streams: bytes of any sort become events or a refusal.
//!
//! Claims: no input panics; the events are the same however the bytes are cut; together they are
//! all the bytes; what is written of them is read as the same fields, and written as the same.

use lictor_engine::event_stream::EventStream;

type Seen = (Option<String>, Option<String>, Option<String>, Vec<u8>);
type Events = Result<Vec<Seen>, &'static str>;

/// The first byte says how the rest is cut; a bar stands for a line feed and a circumflex for a
/// carriage return, so that seeds are lines.
///
/// # Panics
///
/// When a claim does not hold.
pub fn run(input: &[u8]) {
    let Some((cut, rest)) = input.split_first() else {
        return;
    };
    let line_end = |byte: &u8| match byte {
        b'|' => b'\n',
        b'^' => b'\r',
        other => *other,
    };
    let stream: Vec<u8> = rest.iter().map(line_end).collect();
    let (whole, written) = read(&stream, stream.len().max(1));
    let (pieces, also_written) = read(&stream, usize::from(cut % 16) + 1);
    assert_eq!(whole, pieces, "the cut matters");
    assert_eq!(written, also_written, "the cut matters");
    let Ok(events) = whole else {
        return;
    };
    let bytes: Vec<u8> = events.iter().flat_map(|event| event.3.clone()).collect();
    let unmarked = stream.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&stream);
    assert_eq!(bytes, unmarked, "bytes are lost");
    let (again, twice) = read(&written, 7);
    let told = |events: Vec<Seen>| -> Vec<_> {
        let fields = events.into_iter().map(|(name, data, id, _)| {
            let data = data.map(|data| plain(&data));
            (name, data, id)
        });
        fields
            .filter(|event| event != &(None, None, None))
            .collect()
    };
    assert_eq!(again.map(told), Ok(told(events)), "written otherwise");
    assert_eq!(twice, written, "written otherwise the second time");
}

/// What writing makes of data.
fn plain(data: &str) -> String {
    let data = data.replace('\n', " ").replace('\u{85}', "\\u0085");
    let data = data.replace('\u{2028}', "\\u2028");
    data.replace('\u{2029}', "\\u2029")
}

fn read(stream: &[u8], piece: usize) -> (Events, Vec<u8>) {
    let mut reader = EventStream::default();
    let mut events = Vec::new();
    let mut written = Vec::new();
    let mut pieces = stream.chunks(piece).peekable();
    while let Some(bytes) = pieces.next() {
        reader.push(bytes, pieces.peek().is_none());
        loop {
            match reader.next() {
                Ok(Some(event)) => {
                    let owned = |text: Option<&str>| text.map(str::to_owned);
                    let data = owned(event.data.as_deref());
                    events.push((
                        owned(event.name),
                        data,
                        owned(event.id),
                        event.bytes.to_vec(),
                    ));
                    event.write(&mut written);
                }
                Ok(None) => break,
                Err(refusal) => return (Err(refusal.code), written),
            }
        }
    }
    (Ok(events), written)
}
