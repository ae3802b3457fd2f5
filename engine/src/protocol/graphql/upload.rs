//! A GraphQL request with files: `multipart/form-data` to the request that is in it.
//!
//! The files themselves are not read: they stand in variables, where the request has null.
//!
//! Source: GraphQL multipart request specification.

use super::fault;
use crate::content;
use crate::json;
use crate::message::Request;
use crate::multipart;
use crate::refusal::Refusal;
use crate::value::Value;

/// The JSON of the part `operations`. What `map` says has to be of the parts that follow.
pub(super) fn operations<'r>(request: &Request<'r>) -> Result<Value<'r>, Refusal> {
    let media = request.head.headers.first("content-type");
    let media = std::str::from_utf8(media.unwrap_or_default()).map_err(|_| fault::TYPE)?;
    let parts = multipart::parse(media, request.body)?;
    let [operations, map, files @ ..] = parts.as_slice() else {
        return Err(fault::UPLOAD);
    };
    let is_named = operations.name == "operations" && map.name == "map";
    if !is_named || operations.file_name.is_some() || map.file_name.is_some() {
        return Err(fault::UPLOAD);
    }
    let Value::Object(places) = json::parse(content::text(map.content)?)? else {
        return Err(fault::UPLOAD);
    };
    let value = json::parse(content::text(operations.content)?)?;
    for (name, paths) in &places {
        let mut files = files.iter();
        let is_there = files.any(|file| file.name == name && file.file_name.is_some());
        let are_null = paths.each().iter().all(|path| is_null(&value, path));
        if !is_there || !are_null || paths.each().is_empty() {
            return Err(fault::UPLOAD);
        }
    }
    match places.len() == files.len() {
        true => Ok(value),
        false => Err(fault::UPLOAD),
    }
}

/// Whether a path such as `variables.files.0` leads to null within the variables. Elsewhere a
/// file could become the query.
fn is_null(value: &Value<'_>, path: &Value<'_>) -> bool {
    let Some(path) = path.text() else {
        return false;
    };
    let mut at = value;
    let mut is_variable = false;
    for step in path.split('.') {
        let next = match at {
            Value::Object(_) => at.member(step),
            Value::List(items) => step.parse().ok().and_then(|index: usize| items.get(index)),
            _ => None,
        };
        let Some(next) = next else {
            return false;
        };
        is_variable |= step == "variables" && matches!(at, Value::Object(_));
        at = next;
        if !is_variable && !matches!(at, Value::Object(_)) {
            return false;
        }
    }
    is_variable && *at == Value::Null
}
