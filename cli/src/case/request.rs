//! `request:` of a case to header fields and a body.

use lictor_engine::document::{Content, Mapping, Node, Reader};

use super::Call;
use super::{body, grpc};
use crate::tree;

/// The host of a request that names none.
pub(crate) const HOST: &str = "shop.internal";

/// Reads the mapping; a path is required, or a call of gRPC.
pub(super) fn read(reader: &mut Reader, node: &Node, path: &str, document: &Node) -> Option<Call> {
    let mut mapping = reader.mapping(node, path)?;
    let grpc = mapping.optional("grpc");
    let method = word(reader, &mut mapping, "method");
    let method = method.unwrap_or_else(|| if grpc.is_some() { "POST" } else { "GET" }.to_owned());
    let grpc = grpc.and_then(|(node, path)| grpc::read(reader, node, &path, document));
    let target = match &grpc {
        Some(grpc) => Some(grpc.path.as_str()),
        None => {
            let target = mapping.required(reader, "path");
            target.and_then(|(node, path)| reader.text(node, &path))
        }
    };
    let host = word(reader, &mut mapping, "host").unwrap_or_else(|| HOST.to_owned());
    let mut headers = vec![
        (":method".to_owned(), method),
        (":path".to_owned(), target.unwrap_or_default().to_owned()),
        (":authority".to_owned(), host),
    ];
    if let Some((node, path)) = mapping.optional("headers") {
        fields(reader, node, &path, &mut headers);
    }
    let body = body::read(reader, &mut mapping, &mut headers);
    mapping.finish(reader);
    target?;
    let body = match grpc {
        Some(grpc) => grpc.into_body(&mut headers),
        None => body,
    };
    Some(Call {
        headers,
        body,
        ..Call::default()
    })
}

fn word(reader: &mut Reader, mapping: &mut Mapping<'_>, key: &'static str) -> Option<String> {
    let (node, path) = mapping.optional(key)?;
    reader.text(node, &path).map(str::to_owned)
}

/// A list stands for a field that is sent several times.
pub(super) fn fields(
    reader: &mut Reader,
    node: &Node,
    path: &str,
    headers: &mut Vec<(String, String)>,
) {
    let Some(mapping) = reader.mapping(node, path) else {
        return;
    };
    for (key, node, path) in mapping.entries() {
        for value in tree::each(node) {
            match &value.content {
                Content::Text(text) => headers.push((key.text.clone(), text.clone())),
                Content::Null => headers.push((key.text.clone(), String::new())),
                _ => {
                    let message = "expected a header value as text, in quotes where YAML would \
                                   read a number"
                        .to_owned();
                    reader.mistake("case.header", value.position, &path, message);
                }
            }
        }
    }
}
