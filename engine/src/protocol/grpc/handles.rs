//! Handles of the built-in services: a message is decoded, and its service says what it names.

use super::built_in::{HandleForm, Message};
use super::{Grpc, Turn, decode, frame, method_of};
use crate::message::Request;
use crate::protocol::{Handles, Intent};
use crate::refusal::Refusal;

impl Handles for Grpc {
    fn named(&self, request: &Request<'_>) -> Option<Vec<u8>> {
        self.asked(request, None, |form, message| (form.named)(message))
    }

    fn read(&self, request: &Request<'_>, remembered: &str) -> Result<Intent, Refusal> {
        self.message(request, Turn::First(Some(remembered)))
    }

    fn kept(&self, request: &Request<'_>, remembered: Option<&str>) -> Option<String> {
        self.asked(request, remembered, |form, message| (form.kept)(message))
    }

    fn given(&self, path: &str, mut frame: &[u8]) -> Vec<Vec<u8>> {
        let form = self
            .built_in
            .as_ref()
            .and_then(|(built_in, _)| built_in.handles);
        match (form, frame::next(&mut frame, None)) {
            (Some(form), Ok(message)) => (form.given)(path, &message),
            _ => Vec::new(),
        }
    }
}

impl Grpc {
    /// Asks the service about a message; `None` where that can't be read: then it is refused
    /// when it is.
    fn asked<T>(
        &self,
        request: &Request<'_>,
        remembered: Option<&str>,
        ask: impl FnOnce(&HandleForm, &Message<'_>) -> Option<T>,
    ) -> Option<T> {
        let (built_in, database) = self.built_in.as_ref()?;
        let form = built_in.handles?;
        let method = method_of(request.head).ok()?;
        let input = self.schema.method(method)?.input?;
        let compression = frame::compression(request.head).ok()?;
        let bytes = frame::next(&mut { request.body }, compression).ok()?;
        let tree = decode::decode(&self.schema, input, &bytes, self.unknown_fields).ok()?;
        ask(
            form,
            &Message {
                method,
                tree: &tree,
                database,
                request,
                is_first: true,
                remembered,
                schema: &self.schema,
                unknown: self.unknown_fields,
            },
        )
    }
}
