//! Host calls as functions over bytes: every status is a value, none panics.
//!
//! The SDK's own wrappers panic on statuses that they do not expect and on text that is not
//! UTF-8, so only its types, traits and dispatcher are used.

mod raw;

use std::borrow::Cow;

use lictor_engine::identity::PeerFacts;
use lictor_engine::message::Headers;
use proxy_wasm::types::{BufferType, LogLevel, MapType, MetricType};

/// A status other than "ok", as proxy-wasm numbers them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Status(pub u32);

impl Status {
    const NOT_FOUND: Self = Self(1);
    const MALFORMED: Self = Self(u32::MAX);
}

fn checked(status: u32) -> Result<(), Status> {
    if status == 0 {
        Ok(())
    } else {
        Err(Status(status))
    }
}

/// Takes over a buffer that the host allocated in this module.
fn taken(call: impl FnOnce(*mut *mut u8, *mut usize) -> u32) -> Result<Vec<u8>, Status> {
    let mut pointer = std::ptr::null_mut();
    let mut length = 0;
    checked(call(&raw mut pointer, &raw mut length))?;
    if pointer.is_null() || length == 0 {
        return Ok(Vec::new());
    }
    // SAFETY: the host filled `length` bytes that it got from this module's allocator with
    // exactly that size, and hands them over.
    Ok(unsafe { Vec::from_raw_parts(pointer, length, length) })
}

/// Writes to Envoy's log. Nothing can be done where that fails.
pub fn log(level: LogLevel, message: &str) {
    // SAFETY: pointer and length are those of a live string.
    let _ = unsafe { raw::proxy_log(level as u32, message.as_ptr(), message.len()) };
}

/// Nanoseconds since the Unix epoch; 0 where the host has no clock.
pub fn now_ns() -> u64 {
    let mut time = 0;
    // SAFETY: the host writes one integer.
    match unsafe { raw::proxy_get_current_time_nanoseconds(&raw mut time) } {
        0 => time,
        _ => 0,
    }
}

/// Random bytes from the host.
pub fn random<const N: usize>() -> Result<[u8; N], Status> {
    let mut bytes = [0; N];
    // SAFETY: the host writes `N` bytes.
    let status = unsafe { raw::random_get(bytes.as_mut_ptr(), N) };
    checked(u32::from(status)).map(|()| bytes)
}

/// The plugin's configuration, as the host hands it over.
pub fn configuration(length: usize) -> Result<Vec<u8>, Status> {
    buffer(BufferType::PluginConfiguration, length)
}

/// The first `length` bytes of a buffer; empty where there is none.
pub fn buffer(kind: BufferType, length: usize) -> Result<Vec<u8>, Status> {
    // SAFETY: `taken` hands in places for the result.
    let read = taken(|pointer, size| unsafe {
        raw::proxy_get_buffer_bytes(kind as u32, 0, length, pointer, size)
    });
    match read {
        Err(Status::NOT_FOUND) => Ok(Vec::new()),
        other => other,
    }
}

/// Puts `bytes` in the place of the `length` bytes of the request's body that the host has.
///
/// Only before trailers and with no declared length: a stream has none.
pub fn set_request_body(length: usize, bytes: &[u8]) -> Result<(), Status> {
    set_body(BufferType::HttpRequestBody, length, bytes)
}

/// The same for the body of the answer.
pub fn set_response_body(length: usize, bytes: &[u8]) -> Result<(), Status> {
    set_body(BufferType::HttpResponseBody, length, bytes)
}

fn set_body(kind: BufferType, length: usize, bytes: &[u8]) -> Result<(), Status> {
    if length == 0 && bytes.is_empty() {
        return Ok(());
    }
    let kind = kind as u32;
    // SAFETY: pointer and length are those of a live slice.
    checked(unsafe { raw::proxy_set_buffer_bytes(kind, 0, length, bytes.as_ptr(), bytes.len()) })
}

/// What all workers know under a key; `None` where that is nothing.
pub fn shared(key: &str) -> Result<Option<Vec<u8>>, Status> {
    let mut version = 0;
    // SAFETY: pointer and length are those of a live string; `taken` hands in places, and the
    // host writes one integer.
    let read = taken(|pointer, size| unsafe {
        raw::proxy_get_shared_data(key.as_ptr(), key.len(), pointer, size, &raw mut version)
    });
    match read {
        Err(Status::NOT_FOUND) => Ok(None),
        other => other.map(Some),
    }
}

/// Lets all workers know something under a key, whatever was there before.
pub fn share(key: &str, value: &[u8]) -> Result<(), Status> {
    const ANY_VERSION: u32 = 0;
    // SAFETY: pointers and lengths are those of live values.
    checked(unsafe {
        raw::proxy_set_shared_data(
            key.as_ptr(),
            key.len(),
            value.as_ptr(),
            value.len(),
            ANY_VERSION,
        )
    })
}

/// A property by the parts of its path; `None` where it is absent.
pub fn property(path: &[&str]) -> Result<Option<Vec<u8>>, Status> {
    let path = path.join("\0");
    // SAFETY: pointer and length are those of a live string; `taken` hands in places.
    let read = taken(|pointer, size| unsafe {
        raw::proxy_get_property(path.as_ptr(), path.len(), pointer, size)
    });
    match read {
        Err(Status::NOT_FOUND) => Ok(None),
        other => other.map(Some),
    }
}

/// A property that is a 64-bit integer.
pub fn integer(path: &[&str]) -> Option<i64> {
    let bytes = property(path).ok().flatten()?;
    bytes.try_into().ok().map(i64::from_le_bytes)
}

/// A text that the route's metadata holds for this filter; `None` where it holds none.
pub fn route_metadata(key: &str) -> Result<Option<String>, Status> {
    let Some(bytes) = property(&["xds", "route_metadata", "filter_metadata", "lictor", key])?
    else {
        return Ok(None);
    };
    String::from_utf8(bytes)
        .map(Some)
        .map_err(|_| Status::MALFORMED)
}

/// What is known of the peer of a mutual TLS connection; `None` where there is no such thing.
///
/// The name comes first, because without TLS that is the only call to the host. That a
/// certificate was presented at all is asked for as well: a name without one is no peer's.
pub fn peer() -> Result<Option<PeerFacts>, Status> {
    let Some(name) = property(&["connection", "uri_san_peer_certificate"])? else {
        return Ok(None);
    };
    if name.is_empty() || property(&["connection", "mtls"])?.as_deref() != Some(&[1]) {
        return Ok(None);
    }
    let uri_san = String::from_utf8(name).map_err(|_| Status::MALFORMED)?;
    Ok(Some(PeerFacts { uri_san }))
}

/// Sets a property of the stream, which becomes filter state `wasm.<name>`.
pub fn set_property(name: &str, value: &[u8]) -> Result<(), Status> {
    // SAFETY: pointers and lengths are those of live values.
    checked(unsafe {
        raw::proxy_set_property(name.as_ptr(), name.len(), value.as_ptr(), value.len())
    })
}

/// All header fields of a map.
pub fn headers(map: MapType) -> Result<Headers, Status> {
    // SAFETY: `taken` hands in places for the result.
    let bytes = taken(|pointer, size| unsafe {
        raw::proxy_get_header_map_pairs(map as u32, pointer, size)
    })?;
    read_pairs(&bytes).ok_or(Status::MALFORMED)
}

/// The layout of a map: a count, two lengths a pair, then each name and value with a zero
/// byte after it.
fn read_pairs(bytes: &[u8]) -> Option<Headers> {
    let Some((count, mut lengths)) = bytes.split_first_chunk::<4>() else {
        return Some(Headers::default());
    };
    let count = usize::try_from(u32::from_le_bytes(*count)).ok()?;
    let mut content = lengths.get(count.checked_mul(8)?..)?;
    let mut headers = Headers::with_capacity(content.len());
    for _ in 0..count {
        let (name, rest) = lengths.split_first_chunk::<4>()?;
        let (value, rest) = rest.split_first_chunk::<4>()?;
        lengths = rest;
        let name = text(&mut content, *name)?;
        let value = text(&mut content, *value)?;
        headers.push(name, value);
    }
    Some(headers)
}

fn text<'a>(content: &mut &'a [u8], length: [u8; 4]) -> Option<&'a [u8]> {
    let length = usize::try_from(u32::from_le_bytes(length)).ok()?;
    let (text, rest) = content.split_at_checked(length)?;
    *content = rest.split_first()?.1;
    Some(text)
}

fn write_pairs<T: AsRef<str>>(pairs: &[(T, T)]) -> Vec<u8> {
    let size = |length: usize| u32::try_from(length).unwrap_or(u32::MAX).to_le_bytes();
    let mut bytes = size(pairs.len()).to_vec();
    for (name, value) in pairs {
        bytes.extend(size(name.as_ref().len()));
        bytes.extend(size(value.as_ref().len()));
    }
    for text in pairs.iter().flat_map(|(name, value)| [name, value]) {
        bytes.extend_from_slice(text.as_ref().as_bytes());
        bytes.push(0);
    }
    bytes
}

/// Removes every value of a request header field.
pub fn remove_request_header(name: &[u8]) -> Result<(), Status> {
    remove_header(MapType::HttpRequestHeaders, name)
}

/// Removes every value of a header field of the answer.
pub fn remove_response_header(name: &[u8]) -> Result<(), Status> {
    remove_header(MapType::HttpResponseHeaders, name)
}

fn remove_header(map: MapType, name: &[u8]) -> Result<(), Status> {
    // SAFETY: pointer and length are those of a live slice.
    checked(unsafe { raw::proxy_remove_header_map_value(map as u32, name.as_ptr(), name.len()) })
}

/// Declares the length of an answer whose head is still held.
pub fn set_response_length(length: usize) -> Result<(), Status> {
    const NAME: &[u8] = b"content-length";
    let (map, value) = (MapType::HttpResponseHeaders as u32, length.to_string());
    // SAFETY: pointers and lengths are those of live values.
    checked(unsafe {
        raw::proxy_replace_header_map_value(
            map,
            NAME.as_ptr(),
            NAME.len(),
            value.as_ptr(),
            value.len(),
        )
    })
}

/// Answers in place of the upstream. `grpc_status` is -1 where the client does not speak gRPC.
pub fn reply(
    status: u16,
    details: &str,
    body: &[u8],
    headers: &[(Cow<'_, str>, Cow<'_, str>)],
    grpc_status: i32,
) -> Result<(), Status> {
    let headers = write_pairs(headers);
    // SAFETY: pointers and lengths are those of live values.
    checked(unsafe {
        raw::proxy_send_local_response(
            u32::from(status),
            details.as_ptr(),
            details.len(),
            body.as_ptr(),
            body.len(),
            headers.as_ptr(),
            headers.len(),
            grpc_status,
        )
    })
}

/// The id of a metric; the same name gives the same id again.
pub fn metric(kind: MetricType, name: &str) -> Result<u32, Status> {
    let mut id = 0;
    // SAFETY: pointer and length are those of a live string; the host writes one integer.
    checked(unsafe {
        raw::proxy_define_metric(kind as u32, name.as_ptr(), name.len(), &raw mut id)
    })?;
    Ok(id)
}

/// Adds to a counter.
pub fn count(metric: u32, times: u64) {
    let times = i64::try_from(times).unwrap_or(i64::MAX);
    // SAFETY: takes integers only. A metric that the host does not know counts nothing.
    let _ = unsafe { raw::proxy_increment_metric(metric, times) };
}

/// Sets a gauge, or adds a value to a histogram.
pub fn measure(metric: u32, value: u64) {
    // SAFETY: takes integers only. A metric that the host does not know counts nothing.
    let _ = unsafe { raw::proxy_record_metric(metric, value) };
}

/// Makes the host call back every so many milliseconds; 0 ends that.
pub fn tick_every_ms(period: u32) -> Result<(), Status> {
    // SAFETY: takes an integer only.
    checked(unsafe { raw::proxy_set_tick_period_milliseconds(period) })
}

/// Makes the host calls that follow speak of another stream.
pub fn speak_of(context: u32) -> Result<(), Status> {
    // SAFETY: takes an integer only.
    checked(unsafe { raw::proxy_set_effective_context(context) })
}

/// Calls one of the host's own functions.
pub fn foreign(name: &str, argument: &[u8]) -> Result<Vec<u8>, Status> {
    // SAFETY: pointers and lengths are those of live values; `taken` hands in places.
    taken(|pointer, size| unsafe {
        raw::proxy_call_foreign_function(
            name.as_ptr(),
            name.len(),
            argument.as_ptr(),
            argument.len(),
            pointer,
            size,
        )
    })
}
