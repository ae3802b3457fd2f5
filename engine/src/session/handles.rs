//! Statements that run by a handle: what was judged when the server gave the handle is judged
//! again whenever it runs, by the rules and for the caller of that time.
//!
//! The host keeps what is remembered, because every worker must know it: it is asked for with
//! [`Session::handle`], given back with [`Session::recall`], and new ones come out of
//! [`Session::answered`].

use sha2::{Digest, Sha256};

use super::Session;
use crate::limits;
use crate::protocol::grpc::frame;

/// What is known of handles in one exchange.
#[derive(Debug, Default)]
pub(super) struct Handles {
    /// The statement behind the handle that the request names.
    pub(super) recalled: Option<String>,
    /// The statement behind the handles that the answer gives.
    kept: Option<String>,
    /// The part of the answer whose message is not whole yet.
    begun: Vec<u8>,
}

/// A handle that the server gave.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remembered {
    /// What [`Session::handle`] asks for later.
    pub key: [u8; 32],
    /// What stands behind it.
    pub text: String,
}

impl Session {
    /// What must be known before these bytes, or the first whole message in them, can be read;
    /// `None` where that is nothing.
    #[must_use]
    pub fn handle(&self, bytes: &[u8]) -> Option<[u8; 32]> {
        let handles = self.api()?.protocol.handles()?;
        if self.stream.has_begun() {
            return None;
        }
        let first = bytes.get(..frame::length(bytes).ok()??)?;
        let handle = handles.named(&self.request(first))?;
        Some(self.key(&handle))
    }

    /// Takes in what is remembered of the handle that was asked for.
    pub fn recall(&mut self, text: Option<String>) {
        self.handles.recalled = text;
    }

    /// Whether the answer gives handles, so that it must be seen.
    #[must_use]
    pub const fn gives_handles(&self) -> bool {
        self.handles.kept.is_some()
    }

    /// Finds the handles in the next piece of the answer. Nothing is remembered of an answer
    /// whose message is larger than one that a request may have.
    pub fn answered(&mut self, piece: &[u8]) -> Vec<Remembered> {
        let Some(text) = self.handles.kept.clone() else {
            return Vec::new();
        };
        let mut bytes = std::mem::take(&mut self.handles.begun);
        bytes.extend_from_slice(piece);
        let mut found = Vec::new();
        let mut rest = &bytes[..];
        while let Ok(Some(whole)) = frame::length(rest)
            && let Some((message, after)) = rest.split_at_checked(whole)
        {
            rest = after;
            for handle in self.given(message) {
                found.push(Remembered {
                    key: self.key(&handle),
                    text: text.clone(),
                });
            }
        }
        if rest.len() > self.guard.body_bytes {
            self.handles.kept = None;
        } else {
            self.handles.begun = rest.to_vec();
        }
        found.truncate(limits::HANDLES_OF_ANSWER);
        found
    }

    fn given(&self, message: &[u8]) -> Vec<Vec<u8>> {
        let handles = self.api().and_then(|api| api.protocol.handles());
        handles.map_or_else(Vec::new, |handles| handles.given(&self.path, message))
    }

    /// Notes what the answer's handles will stand for.
    pub(super) fn expect_handles(&mut self, bytes: &[u8]) {
        let handles = self.api().and_then(|api| api.protocol.handles());
        let kept = handles.and_then(|handles| {
            handles.kept(&self.request(bytes), self.handles.recalled.as_deref())
        });
        self.handles.kept = kept.filter(|text| text.len() <= limits::HANDLE_TEXT_BYTES);
    }

    /// Handles of one API say nothing to another, and those of one caller nothing to others:
    /// servers that count them in each session give the same ones to many.
    fn key(&self, handle: &[u8]) -> [u8; 32] {
        let api = self.api().map_or("", |api| &api.name);
        let mut hash = Sha256::new();
        for part in [api, &self.principal.issuer, &self.principal.subject] {
            hash.update(part.as_bytes());
            hash.update([0]);
        }
        hash.update(handle);
        hash.finalize().into()
    }
}

#[cfg(test)]
mod tests;
