//! What expressions can name: the facts of a call, each with its type and what it says.

#![expect(
    clippy::indexing_slicing,
    reason = "in constants only, where the compiler does the indexing"
)]

use crate::action::{Cause, Effect, Reach, ResourceKind, Usage};
use crate::cel::{Field, Record, Type};
use crate::principal::Kind;

const fn field(name: &'static str, kind: Type, about: &'static str) -> Field {
    Field {
        name,
        kind,
        is_optional: false,
        words: &[],
        about,
    }
}

const fn optional(name: &'static str, kind: Type, about: &'static str) -> Field {
    Field {
        is_optional: true,
        ..field(name, kind, about)
    }
}

const fn word(name: &'static str, words: &'static [&'static str], about: &'static str) -> Field {
    Field {
        words,
        ..field(name, Type::Text, about)
    }
}

const TEXTS: Type = Type::List(&Type::Text);

macro_rules! words {
    ($of:ty, $name:ident) => {{
        const WORDS: [&str; <$of>::$name.len()] = {
            let mut words = [""; <$of>::$name.len()];
            let mut index = 0;
            while index < words.len() {
                words[index] = <$of>::$name[index].name();
                index += 1;
            }
            words
        };
        &WORDS
    }};
}

const KINDS: [&str; Kind::WORDS.len()] = {
    let mut words = [""; Kind::WORDS.len()];
    let mut index = 0;
    while index < words.len() {
        words[index] = Kind::WORDS[index].0;
        index += 1;
    }
    words
};

/// The roots, in the order in which the facts of a call answer.
pub static ROOTS: [Field; 8] = [
    field("request", Type::Record(&REQUEST), "the HTTP request"),
    field("principal", Type::Record(&PRINCIPAL), "who asks"),
    field("claims", Type::Dyn, "the claims of the verified token"),
    field("action", Type::Record(&ACTION), "the action that is judged"),
    field(
        "actions",
        Type::List(&Type::Record(&ACTION)),
        "every action of the call",
    ),
    field("api", Type::Text, "the name of the API"),
    field("environment", Type::Text, "the environment"),
    field(
        "now",
        Type::Record(&NOW),
        "when the call comes, in the zone of the document",
    ),
];

/// `request`.
pub static REQUEST: Record = Record {
    name: "request",
    fields: &[
        field("method", Type::Text, "the HTTP method"),
        field(
            "host",
            Type::Text,
            "the host, without its port, in lower case",
        ),
        field("path", Type::Text, "the decoded path"),
        field(
            "query",
            Type::Map(&Type::Text),
            "the parameters of the query string",
        ),
        field("body", Type::Dyn, "the body, where it is JSON"),
    ],
};

/// `principal`.
pub static PRINCIPAL: Record = Record {
    name: "principal",
    fields: &[
        field("subject", Type::Text, "who it is"),
        word("kind", &KINDS, "what kind of caller"),
        field("groups", TEXTS, "the groups it is in"),
        field("roles", TEXTS, "the roles it has"),
        field("scopes", TEXTS, "what the token is good for"),
        field("issuer", Type::Text, "who vouches for the token"),
        field("audiences", TEXTS, "for whom the token is meant"),
        field(
            "client_id",
            Type::Text,
            "the client that the token was given to; may be empty",
        ),
        field(
            "email",
            Type::Text,
            "its verified email address; may be empty",
        ),
        field(
            "acr",
            Type::Text,
            "how well its subject was authenticated; may be empty",
        ),
        field("amr", TEXTS, "by what means its subject was authenticated"),
        optional("issued_at", Type::Timestamp, "when the token was issued"),
        optional(
            "authenticated_at",
            Type::Timestamp,
            "when its subject was authenticated",
        ),
        optional("expires_at", Type::Timestamp, "when the token ends"),
        optional("for", Type::Record(&FOR), "on whose behalf it acts"),
        field(
            "actors",
            TEXTS,
            "earlier actors of the chain, the latest first",
        ),
        optional(
            "peer",
            Type::Record(&PEER),
            "the workload at the other end of mutual TLS",
        ),
    ],
};

/// `principal.peer`.
pub static PEER: Record = Record {
    name: "principal.peer",
    fields: &[
        field("spiffe_id", Type::Text, "its SPIFFE id"),
        field("trust_domain", Type::Text, "who vouches for it"),
        field("namespace", Type::Text, "its namespace; may be empty"),
        field(
            "service_account",
            Type::Text,
            "its service account; may be empty",
        ),
    ],
};

/// `principal.for`.
pub static FOR: Record = Record {
    name: "principal.for",
    fields: &[
        field("subject", Type::Text, "who it is"),
        word("kind", &KINDS, "what kind of caller it is by itself"),
        field("groups", TEXTS, "the groups it is in"),
        field("roles", TEXTS, "the roles it has"),
        field(
            "email",
            Type::Text,
            "its verified email address; may be empty",
        ),
    ],
};

/// `action`, and each of `actions`.
pub static ACTION: Record = Record {
    name: "action",
    fields: &[
        word("effect", words!(Effect, ALL), "what it does"),
        field(
            "operation",
            Type::Text,
            "the operation in the protocol's words",
        ),
        word("reach", &Reach::NAMES, "how far it reaches"),
        optional(
            "rows",
            Type::Int,
            "how many rows it can touch, where it is bounded",
        ),
        Field {
            is_optional: true,
            ..word("cause", words!(Cause, ALL), "why it reaches that far")
        },
        field("tables", TEXTS, "the tables that it touches"),
        field(
            "resources",
            Type::List(&Type::Record(&RESOURCE)),
            "everything that it touches",
        ),
        field(
            "columns",
            Type::List(&Type::Record(&COLUMN)),
            "the columns that it touches",
        ),
        field(
            "lineage",
            Type::List(&Type::Record(&EDGE)),
            "which columns become which",
        ),
        field("labels", TEXTS, "the labels of the data that it touches"),
        field("output_labels", TEXTS, "the labels of what comes out"),
        field(
            "written_labels",
            TEXTS,
            "the labels of what it changes or removes",
        ),
        field(
            "copied_labels",
            TEXTS,
            "labels of what it copies to where they do not stand",
        ),
        optional(
            "fingerprint",
            Type::Text,
            "equal for statements that differ in literals only",
        ),
        field(
            "arguments",
            Type::Dyn,
            "what an operation, a field or a tool is called with",
        ),
    ],
};

/// One of `action.resources`.
pub static RESOURCE: Record = Record {
    name: "resource",
    fields: &[
        word("kind", words!(ResourceKind, ALL), "what it is"),
        field("name", Type::Text, "its name"),
    ],
};

/// One of `action.columns`.
pub static COLUMN: Record = Record {
    name: "column",
    fields: &[
        field(
            "table",
            Type::Text,
            "its table; empty where nobody could tell",
        ),
        field("name", Type::Text, "its name"),
        word("usage", words!(Usage, ALL), "what is done with it"),
    ],
};

/// One of `action.lineage`.
pub static EDGE: Record = Record {
    name: "edge",
    fields: &[
        field("source_table", Type::Text, "the table that is read"),
        field("source", Type::Text, "the column that is read"),
        field(
            "target_table",
            Type::Text,
            "the table that is written; empty for a result",
        ),
        field("target", Type::Text, "the column that is made of it"),
    ],
};

/// `now`.
pub static NOW: Record = Record {
    name: "now",
    fields: &[
        field("time", Type::Timestamp, "the point in time"),
        field("year", Type::Int, "the year"),
        field("month", Type::Int, "the month, from 1"),
        field("day", Type::Int, "the day of the month, from 1"),
        field("weekday", Type::Int, "the day of the week; Sunday is 0"),
        field("hour", Type::Int, "the hour, from 0 to 23"),
        field("minute", Type::Int, "the minute, from 0 to 59"),
    ],
};
