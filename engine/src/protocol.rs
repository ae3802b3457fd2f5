//! How to read intent from a message: one member per file, one line in the table.

mod answer;
mod bulk;
pub mod declared;
mod graphql;
pub mod grpc;
mod http;
mod mcp;
mod openapi;
mod template;
mod tool;

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Debug;
use std::rc::Rc;

pub use self::answer::{Answer, Denied, Fact, FactValue, Judge};
pub use self::mcp::pins;
use crate::action::Action;
use crate::document::{Node, Reader};
use crate::message::{Head, Request};
use crate::refusal::Refusal;
use crate::reply::{Problem, Reply};
use crate::sql::Schema;
use crate::value::Value;

/// What a protocol needs of the body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Body {
    /// All of it, held until the verdict.
    Held,
    /// Nothing: the verdict falls on the head, and the body streams through.
    Streamed,
    /// Each message of gRPC by itself: it is held until its verdict, then it may pass, whether
    /// or not more of them come.
    Messages,
}

/// Reads what a request would do.
pub trait Protocol: Debug {
    /// The word used in records: that of the document, or the name of a definition.
    fn name(&self) -> &str;

    /// Labels that its definition gives to data.
    fn labels(&self) -> &[DataLabel] {
        &[]
    }

    /// Whether the body is needed, told from the head alone.
    ///
    /// # Errors
    ///
    /// A head that this protocol can't serve.
    fn body(&self, head: &Head) -> Result<Body, Refusal>;

    /// What the request means.
    ///
    /// # Errors
    ///
    /// A request that can't be read in exactly one way.
    fn read(&self, request: &Request<'_>) -> Result<Intent, Refusal>;

    /// How statements run by handles, where they do.
    fn handles(&self) -> Option<&dyn Handles> {
        None
    }

    /// A refusal in the words that the clients of this API understand, where it has its own.
    fn problem(&self, _problem: &Problem<'_>) -> Option<Reply> {
        None
    }

    /// Reads the answer to a request that was let through, where the protocol looks into answers.
    fn answer(&self, _request: &Request<'_>) -> Option<Box<dyn Answer>> {
        None
    }

    /// What a message means that is not the first of its stream; the body is its frame. No
    /// action where it only goes on with what an earlier one began.
    ///
    /// # Errors
    ///
    /// A message that can't be read in exactly one way.
    fn read_next(&self, request: &Request<'_>) -> Result<Intent, Refusal> {
        self.read(request)
    }
}

/// A label that the definition of an API gives to data.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DataLabel {
    /// The label.
    pub label: String,
    /// What bears it.
    pub kind: Labelled,
    /// The pattern of its name.
    pub pattern: String,
}

/// What a label is given to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Labelled {
    /// All of a table, or of what is made like a schema.
    Table,
    /// A column, or a property of a schema.
    Column,
    /// A path.
    Path,
}

/// How statements run by handles that the server gave earlier.
pub trait Handles {
    /// The handle that a request names.
    fn named(&self, request: &Request<'_>) -> Option<Vec<u8>>;

    /// What a request means whose handle stands for what is `remembered`.
    ///
    /// # Errors
    ///
    /// A request that can't be read in exactly one way.
    fn read(&self, request: &Request<'_>, remembered: &str) -> Result<Intent, Refusal>;

    /// What handles in the answer to a request will stand for; `remembered` is what stands
    /// behind the handle that it names itself.
    fn kept(&self, request: &Request<'_>, remembered: Option<&str>) -> Option<String>;

    /// The handles in a message of the answer to a call of that path, its frame included.
    fn given(&self, path: &str, frame: &[u8]) -> Vec<Vec<u8>>;
}

/// What a request means.
#[derive(Debug, Default)]
pub struct Intent {
    /// What it would do; none is a refusal.
    pub actions: Vec<Action>,
    /// Its body for rules, where that is not JSON text: a decoded gRPC message. Only where
    /// [`crate::message::Wanted::body`] says that a rule looks at it.
    pub body: Option<Value<'static>>,
    /// What the record tells besides.
    pub facts: Vec<Fact>,
}

impl From<Vec<Action>> for Intent {
    fn from(actions: Vec<Action>) -> Self {
        Self {
            actions,
            ..Self::default()
        }
    }
}

/// The schemas of the document, by name.
pub type Schemas = BTreeMap<String, Schema>;

/// What the rest of the document gives to its APIs.
#[derive(Debug, Default)]
pub struct Given {
    /// The schemas by name.
    pub schemas: Schemas,
    /// The document's own definitions of APIs: their names, what they are, and the way there.
    pub definitions: Vec<(String, Node, String)>,
    /// Those of them that an API uses.
    pub used: RefCell<BTreeSet<String>>,
    /// Counts databases that are made while calls are read.
    pub ids: Rc<Cell<u32>>,
    /// What the descriptor sets declare.
    pub descriptors: Rc<grpc::Schema>,
}

/// How the value of an API's key becomes a protocol; `path` is the way to it.
pub type Compile =
    fn(reader: &mut Reader, node: &Node, path: &str, given: &Given) -> Option<Box<dyn Protocol>>;

/// A line of the table: the key of a document, and how what stands there becomes a protocol.
#[derive(Debug)]
pub struct Entry {
    /// The key under an API in the document.
    pub name: &'static str,
    /// Compiles the value of that key, reporting every mistake.
    pub compile: Compile,
}

/// Every protocol.
pub const TABLE: [Entry; 8] = [
    Entry {
        name: "graphql",
        compile: graphql::compile,
    },
    Entry {
        name: "grpc",
        compile: grpc::compile,
    },
    Entry {
        name: "http",
        compile: http::compile,
    },
    Entry {
        name: "mcp",
        compile: mcp::compile,
    },
    Entry {
        name: "openapi",
        compile: openapi::compile,
    },
    Entry {
        name: "sql",
        compile: declared::compile_sql,
    },
    Entry {
        name: "operations",
        compile: declared::compile_operations,
    },
    Entry {
        name: "use",
        compile: declared::compile_use,
    },
];

/// A method carried in a parameter or a header rather than in the request line.
pub(crate) const METHOD_OVERRIDE: Refusal = Refusal::malformed(
    "http.method_override",
    "expected the method in the request line only",
    "send the request with the method that it means",
);
/// A request to leave HTTP for a protocol that the guard can't read.
pub(crate) const UPGRADE: Refusal = Refusal::with_status(
    403,
    "http.upgrade",
    "expected a request that stays HTTP: what an upgraded connection carries can't be read",
    "send the request without an upgrade",
);
/// A statement that runs by a handle which nobody saw being given.
pub(crate) const HANDLE_UNKNOWN: Refusal = Refusal::with_status(
    403,
    "grpc.handle_unknown",
    "expected a handle of a statement that was judged when it was prepared",
    "prepare the statement again through the same proxy",
);
