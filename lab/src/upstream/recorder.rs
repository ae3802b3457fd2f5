//! What reached the service, noted the moment it arrived.
//!
//! The head is noted before the body is awaited, so a call that was cut off leaves its trace too.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};

use hyper::HeaderMap;
use hyper::http::request::Parts;

use crate::fields::pairs;

/// Enough for any test, and no growth in a bench.
const KEPT: usize = 4096;

/// One call as it reached the service.
#[derive(Debug, Clone)]
pub struct Seen {
    /// The method.
    pub method: String,
    /// Path and query.
    pub path: String,
    /// Headers, in order, names in lower case.
    pub headers: Vec<(String, String)>,
    /// The body, once it was complete.
    pub body: Option<Vec<u8>>,
    /// Trailers, names in lower case.
    pub trailers: Vec<(String, String)>,
    number: usize,
}

impl Seen {
    /// The first header of that name.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(field, _)| field == name)
            .map(|(_, value)| value.as_str())
    }
}

/// The calls so far; the oldest are forgotten.
#[derive(Debug, Default)]
pub struct Recorder(Mutex<Kept>);

#[derive(Debug, Default)]
struct Kept {
    calls: usize,
    latest: VecDeque<Seen>,
}

impl Recorder {
    pub(super) fn head(&self, head: &Parts) -> usize {
        let mut kept = self.lock();
        kept.calls += 1;
        let number = kept.calls;
        let path = head.uri.path_and_query();
        kept.latest.push_back(Seen {
            method: head.method.to_string(),
            path: path.map(ToString::to_string).unwrap_or_default(),
            headers: pairs(&head.headers),
            body: None,
            trailers: Vec::new(),
            number,
        });
        if kept.latest.len() > KEPT {
            kept.latest.pop_front();
        }
        number
    }

    pub(super) fn end(&self, number: usize, body: &[u8], trailers: Option<&HeaderMap>) {
        let mut kept = self.lock();
        if let Some(seen) = kept.latest.iter_mut().rfind(|seen| seen.number == number) {
            seen.body = Some(body.to_vec());
            seen.trailers = trailers.map(pairs).unwrap_or_default();
        }
    }

    pub(super) fn by_agent(&self, agent: &str) -> Option<Seen> {
        let kept = self.lock();
        let found = kept
            .latest
            .iter()
            .rfind(|seen| seen.header("user-agent") == Some(agent));
        found.cloned()
    }

    pub(super) fn calls(&self) -> usize {
        self.lock().calls
    }

    fn lock(&self) -> MutexGuard<'_, Kept> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
