//! `grpc:` of a request to the frames of a call: `method`, and `message` or `messages`.

use std::borrow::Cow;

use lictor_engine::document::{Content, Node, Reader};
use lictor_engine::protocol::grpc::encode;
use lictor_engine::value::Value;

use crate::tree;

/// A call of gRPC.
#[derive(Debug)]
pub(super) struct GrpcCall {
    /// The path that is called.
    pub path: String,
    frames: Vec<u8>,
}

/// Reads the mapping; messages are written by the descriptors of the document, or by those of
/// a built-in service.
pub(super) fn read(
    reader: &mut Reader,
    node: &Node,
    path: &str,
    document: &Node,
) -> Option<GrpcCall> {
    let mut mapping = reader.mapping(node, path)?;
    let method = mapping.required(reader, "method");
    let method = method.and_then(|(node, path)| reader.text(node, &path));
    let one = mapping.optional("message");
    let several = mapping.optional("messages");
    let several = several
        .map(|(node, path)| reader.list(node, &path))
        .unwrap_or_default();
    mapping.finish(reader);
    let method = method?;
    let mut frames = Vec::new();
    for (node, path) in one.into_iter().chain(several) {
        let descriptors = tree::member(document, "descriptors");
        match encode(descriptors, method, &value(node)) {
            Ok(message) => {
                let length = u32::try_from(message.len()).unwrap_or(u32::MAX);
                frames.push(0);
                frames.extend(length.to_be_bytes());
                frames.extend(message);
            }
            Err(message) => reader.mistake("case.grpc", node.position, &path, message),
        }
    }
    Some(GrpcCall {
        path: format!("/{method}"),
        frames,
    })
}

impl GrpcCall {
    /// Its body; brings its header fields along unless the case has them.
    pub(super) fn into_body(self, headers: &mut Vec<(String, String)>) -> Vec<u8> {
        for (name, value) in [("content-type", "application/grpc"), ("te", "trailers")] {
            if !headers
                .iter()
                .any(|(known, _)| known.eq_ignore_ascii_case(name))
            {
                headers.push((name.to_owned(), value.to_owned()));
            }
        }
        self.frames
    }
}

fn value(node: &Node) -> Value<'_> {
    match &node.content {
        Content::Null => Value::Null,
        Content::Bool(value) => Value::Bool(*value),
        Content::Number(value) => Value::Number(*value),
        Content::Text(text) => Value::from(text.as_str()),
        Content::List(items) => Value::List(items.iter().map(value).collect()),
        Content::Mapping(entries) => {
            let members = entries.iter();
            let members = members.map(|(key, node)| (Cow::Borrowed(&*key.text), value(node)));
            Value::Object(members.collect())
        }
    }
}
