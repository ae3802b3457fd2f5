//! What keeps a GraphQL request from being read in exactly one way.

use super::syntax::Fault;
use crate::refusal::Refusal;

impl From<Fault> for Refusal {
    fn from(fault: Fault) -> Self {
        match fault {
            Fault::Syntax => SYNTAX,
            Fault::TooLong => TOO_LARGE,
            Fault::TooDeep => TOO_DEEP,
            Fault::Repeated => REPEATED,
        }
    }
}

const DOCUMENT: &str = "send a document that every GraphQL server reads alike";

const SYNTAX: Refusal = Refusal::malformed(
    "graphql.syntax",
    "expected an executable GraphQL document",
    DOCUMENT,
);
const REPEATED: Refusal = Refusal::malformed(
    "graphql.repeated_name",
    "expected each operation, fragment, variable, argument and member under a name of its own",
    DOCUMENT,
);
pub(super) const TOO_DEEP: Refusal = Refusal::malformed(
    "graphql.too_deep",
    "expected selections and values that are nested less deeply, and fragments without a cycle",
    "ask for less in one request",
);
pub(super) const TOO_LARGE: Refusal = Refusal::malformed(
    "graphql.too_large",
    "expected a smaller document, fewer fields and smaller values",
    "ask for less in one request",
);
pub(super) const OPERATION: Refusal = Refusal::malformed(
    "graphql.operation_unknown",
    "expected `operationName` to name one operation of the document",
    "name the operation that is meant, or send only that one",
);
pub(super) const FRAGMENT: Refusal = Refusal::malformed(
    "graphql.fragment_unknown",
    "expected every fragment to be defined in the document",
    DOCUMENT,
);
pub(super) const VARIABLE: Refusal = Refusal::malformed(
    "graphql.variable_unknown",
    "expected every variable to be declared by the operation",
    DOCUMENT,
);
pub(super) const REQUEST: Refusal = Refusal::malformed(
    "graphql.request_malformed",
    "expected `query`, and `variables`, `operationName` and `extensions` of the right types, each spelled so",
    "send a request as the GraphQL over HTTP specification describes it",
);
pub(super) const MEMBER: Refusal = Refusal::malformed(
    "graphql.member_unknown",
    "expected no members but `query`, `variables`, `operationName` and `extensions`",
    "leave out what is not of the GraphQL over HTTP specification",
);
pub(super) const TWO_PLACES: Refusal = Refusal::malformed(
    "graphql.two_places",
    "expected the request either in the query or in the body",
    "send the request in the body only",
);
pub(super) const GET_MUTATION: Refusal = Refusal::with_status(
    405,
    "graphql.get_mutation",
    "expected no mutation, as GET changes nothing",
    "send mutations with POST",
);
pub(super) const METHOD: Refusal = Refusal::with_status(
    405,
    "graphql.method",
    "expected GET or POST",
    "send the request with POST",
);
pub(super) const TYPE: Refusal = Refusal::with_status(
    415,
    "graphql.type_unexpected",
    "expected a body of application/json, application/graphql or multipart/form-data",
    "send the request as application/json",
);
pub(super) const UPLOAD: Refusal = Refusal::malformed(
    "graphql.upload_malformed",
    "expected the parts `operations` and `map`, then the files, each of them for a variable that is null",
    "send files as the GraphQL multipart request specification shows",
);
pub(super) const PERSISTED_UNKNOWN: Refusal = Refusal::malformed(
    "graphql.persisted_unknown",
    "expected the hash of a query that the guard was given",
    "send the query itself with its hash",
);
pub(super) const PERSISTED_MISMATCH: Refusal = Refusal::malformed(
    "graphql.persisted_mismatch",
    "expected the hash of the query that comes with it",
    "send the SHA-256 of the query in hexadecimal digits",
);
