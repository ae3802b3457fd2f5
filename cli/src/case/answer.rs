//! `answer:` of a case: what the service says to a call that was let through.

use lictor_engine::document::{Node, Reader};

use super::{Answer, body, request};

/// Reads the mapping; the status is 200 where it names none.
pub(super) fn read(reader: &mut Reader, node: &Node, path: &str) -> Option<Answer> {
    let mut mapping = reader.mapping(node, path)?;
    let status = mapping.optional("status");
    let status = status.and_then(|(node, path)| reader.whole(node, &path, 100, 599));
    let mut headers = vec![(":status".to_owned(), status.unwrap_or(200).to_string())];
    if let Some((node, path)) = mapping.optional("headers") {
        request::fields(reader, node, &path, &mut headers);
    }
    let body = body::read(reader, &mut mapping, &mut headers);
    mapping.finish(reader);
    Some(Answer { headers, body })
}
