//! GraphQL: each root field of the operation that is executed becomes an action.
//!
//! What servers could read differently is refused: names twice, a request in two places, an
//! operation that is not named, a hash without its query. What may be skipped counts as done.
//!
//! Sources: GraphQL specification, October 2021; GraphQL over HTTP, draft; Apollo's automatic
//! persisted queries.

mod actions;
mod condition;
mod definition;
mod errors;
mod fault;
mod meaning;
mod scope;
mod syntax;
mod token;
mod upload;

use super::{Body, Given, Intent, Protocol, UPGRADE};
use crate::action::Action;
use crate::content::{self, Media};
use crate::document::{Node, Reader};
use crate::json;
use crate::message::{Head, Request};
use crate::parameters::Parameters;
use crate::refusal::Refusal;
use crate::reply::{Problem, Reply};
use crate::value::Value;
use actions::Actions;
use definition::Definition;
use scope::Scope;
use syntax::Kind;

#[derive(Debug)]
struct GraphQl {
    definition: Definition,
}

pub(super) fn compile(
    reader: &mut Reader,
    node: &Node,
    path: &str,
    _given: &Given,
) -> Option<Box<dyn Protocol>> {
    let definition = definition::compile(reader, node, path)?;
    Some(Box::new(GraphQl { definition }))
}

impl Protocol for GraphQl {
    fn name(&self) -> &'static str {
        "graphql"
    }

    fn body(&self, head: &Head) -> Result<Body, Refusal> {
        if head.is_upgrade() {
            return Err(UPGRADE);
        }
        Ok(Body::Held)
    }

    fn read(&self, request: &Request<'_>) -> Result<Intent, Refusal> {
        let query = Parameters::parse(request.query)?;
        for name in STORED {
            if query.value(name)?.is_some() {
                return Err(fault::MEMBER);
            }
        }
        let mut actions = Vec::new();
        match request.head.method()? {
            "GET" => self.get(request, &query, &mut actions)?,
            "POST" => self.post(request, &query, &mut actions)?,
            _ => return Err(fault::METHOD),
        }
        Ok(actions.into())
    }

    fn problem(&self, problem: &Problem<'_>) -> Option<Reply> {
        Some(errors::reply(problem))
    }
}

/// Every member of a request, and every parameter of one.
const MEMBERS: [&str; 4] = ["query", "variables", "operationName", "extensions"];

/// Parameters by which servers name a query that they keep.
const STORED: [&str; 4] = ["documentId", "doc_id", "queryId", "hash"];

/// One request as its parts.
struct Call<'a> {
    query: Option<&'a str>,
    variables: &'a Value<'a>,
    operation: Option<&'a str>,
    extensions: &'a Value<'a>,
    is_get: bool,
}

impl GraphQl {
    fn get(
        &self,
        request: &Request<'_>,
        query: &Parameters,
        actions: &mut Vec<Action>,
    ) -> Result<(), Refusal> {
        if !request.body.is_empty() {
            return Err(fault::TWO_PLACES);
        }
        let object = |name| match query.value(name)? {
            Some(text) if !text.is_empty() => Ok(json::parse(text)?),
            _ => Ok::<_, Refusal>(Value::Null),
        };
        let (variables, extensions) = (object("variables")?, object("extensions")?);
        let call = Call {
            query: query.value("query")?,
            variables: &variables,
            operation: query.value("operationName")?,
            extensions: &extensions,
            is_get: true,
        };
        self.call(&call, request, actions)
    }

    fn post(
        &self,
        request: &Request<'_>,
        query: &Parameters,
        actions: &mut Vec<Action>,
    ) -> Result<(), Refusal> {
        // Some servers take parts of a request from the query, whatever the body says.
        for name in MEMBERS {
            if query.value(name)?.is_some() {
                return Err(fault::TWO_PLACES);
            }
        }
        match content::media(request.head)? {
            Media::Json => {
                let body = json::parse(content::text(request.body)?)?;
                self.each(&body, request, actions)
            }
            Media::Other if is_of(request.head, b"multipart/form-data") => {
                self.each(&upload::operations(request)?, request, actions)
            }
            Media::Other if is_of(request.head, b"application/graphql") => {
                let call = Call {
                    query: Some(content::text(request.body)?),
                    variables: &Value::Null,
                    operation: None,
                    extensions: &Value::Null,
                    is_get: false,
                };
                self.call(&call, request, actions)
            }
            _ => Err(fault::TYPE),
        }
    }

    /// One request, or a list of them.
    fn each(
        &self,
        body: &Value<'_>,
        request: &Request<'_>,
        actions: &mut Vec<Action>,
    ) -> Result<(), Refusal> {
        for one in body.each() {
            let Value::Object(members) = one else {
                return Err(fault::REQUEST);
            };
            for (name, _) in members {
                let is_near = |known: &str| known.eq_ignore_ascii_case(name);
                if !MEMBERS.contains(&name.as_ref()) {
                    let near = MEMBERS.into_iter().any(is_near);
                    return Err(if near { fault::REQUEST } else { fault::MEMBER });
                }
            }
            let call = Call {
                query: text(one.member("query"))?,
                variables: one.member("variables").unwrap_or(&Value::Null),
                operation: text(one.member("operationName"))?,
                extensions: one.member("extensions").unwrap_or(&Value::Null),
                is_get: false,
            };
            self.call(&call, request, actions)?;
        }
        Ok(())
    }

    fn call(
        &self,
        call: &Call<'_>,
        request: &Request<'_>,
        actions: &mut Vec<Action>,
    ) -> Result<(), Refusal> {
        let is_object = |value: &Value<'_>| matches!(value, Value::Null | Value::Object(_));
        if !is_object(call.variables) || !is_object(call.extensions) {
            return Err(fault::REQUEST);
        }
        let document = syntax::parse(self.text(call)?)?;
        let scope = Scope::new(&document, call.operation, call.variables)?;
        if call.is_get && scope.kind == Kind::Mutation {
            return Err(fault::GET_MUTATION);
        }
        let reading = Actions {
            definition: &self.definition,
            scope: &scope,
            with_arguments: request.wanted.arguments,
        };
        reading.read(actions)
    }

    /// The query that comes, or that a hash stands for. A server may keep a query under the hash
    /// that came with it, so the hash has to be its own.
    fn text<'c>(&'c self, call: &Call<'c>) -> Result<&'c str, Refusal> {
        let persisted = match call.extensions.member("persistedQuery") {
            None | Some(Value::Null) => None,
            Some(persisted) => {
                let hash = persisted.member("sha256Hash").and_then(Value::text);
                Some(hash.ok_or(fault::REQUEST)?)
            }
        };
        let known = |hash: &str| self.definition.persisted.get(hash).map(String::as_str);
        match (call.query, persisted) {
            (Some(query), None) => Ok(query),
            (Some(query), Some(hash)) if definition::sha256(query) == hash => Ok(query),
            (Some(_), Some(_)) => Err(fault::PERSISTED_MISMATCH),
            (None, Some(hash)) => known(hash).ok_or(fault::PERSISTED_UNKNOWN),
            (None, None) => Err(fault::REQUEST),
        }
    }
}

fn text<'v>(value: Option<&'v Value<'_>>) -> Result<Option<&'v str>, Refusal> {
    match value {
        None | Some(Value::Null) => Ok(None),
        Some(Value::Text(text)) => Ok(Some(text)),
        Some(_) => Err(fault::REQUEST),
    }
}

/// Whether the body is of that media type.
fn is_of(head: &Head, wanted: &[u8]) -> bool {
    let media = head.headers.first("content-type").unwrap_or_default();
    let essence = media.split(|byte| *byte == b';').next().unwrap_or_default();
    essence.trim_ascii().eq_ignore_ascii_case(wanted)
}

#[cfg(test)]
mod tests;
