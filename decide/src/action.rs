//! What a call would do: one action per effect, with what it is done to and how far it reaches.
//!
//! Values only. Protocols make them, the policy reads them, the record prints them.

use std::fmt;
use std::rc::Rc;

use crate::value::Value;

/// What kind of change, or none, an action makes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Effect {
    /// Reads data.
    Read,
    /// Adds rows.
    Insert,
    /// Changes rows or an item.
    Update,
    /// Removes rows or an item.
    Delete,
    /// Empties a table.
    Truncate,
    /// Makes an object, or an item of a REST collection.
    Create,
    /// Changes the shape or the name of an object.
    Alter,
    /// Removes an object.
    Drop,
    /// Changes who may do what (GRANT, REVOKE, roles).
    Grant,
    /// Runs a procedure, a function or a remote method whose effects are its own.
    Call,
    /// Sends data out of the database: to a file, a program, a stage, a URL.
    Export,
    /// Brings data in from a file, a program, a stage, a URL.
    Import,
    /// Changes or controls the server, or other people's sessions.
    Admin,
    /// Changes only the caller's own session or transaction.
    Session,
    /// Writes to a repository.
    Push,
    /// Merges code.
    Merge,
    /// Runs a tool.
    Invoke,
    /// Not understood. Satisfies no allow rule, and is refused on a guarded API.
    Unknown,
}

impl Effect {
    /// Every effect, in the order of the glossary.
    pub const ALL: [Self; 18] = [
        Self::Read,
        Self::Insert,
        Self::Update,
        Self::Delete,
        Self::Truncate,
        Self::Create,
        Self::Alter,
        Self::Drop,
        Self::Grant,
        Self::Call,
        Self::Export,
        Self::Import,
        Self::Admin,
        Self::Session,
        Self::Push,
        Self::Merge,
        Self::Invoke,
        Self::Unknown,
    ];

    /// The word used in policies, records and metrics.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Insert => "insert",
            Self::Update => "update",
            Self::Delete => "delete",
            Self::Truncate => "truncate",
            Self::Create => "create",
            Self::Alter => "alter",
            Self::Drop => "drop",
            Self::Grant => "grant",
            Self::Call => "call",
            Self::Export => "export",
            Self::Import => "import",
            Self::Admin => "admin",
            Self::Session => "session",
            Self::Push => "push",
            Self::Merge => "merge",
            Self::Invoke => "invoke",
            Self::Unknown => "unknown",
        }
    }

    /// The effect of that name, if there is one.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|effect| effect.name() == name)
    }
}

/// How much an action can touch. Ordered: what comes later can touch more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reach {
    /// Nothing stored, for example `SELECT 1`.
    None,
    /// One item, found by equality with a key.
    Key,
    /// At most this many rows.
    Limited(u64),
    /// What a condition lets through.
    Filtered,
    /// Everything.
    All,
    /// Could not be told. Restricting rules take it for any reach, allow rules for none.
    Unknown,
}

impl Reach {
    /// Every word that [`Reach::name`] gives.
    pub const NAMES: [&'static str; 6] = ["none", "key", "limited", "filtered", "all", "unknown"];

    /// The word used in policies and records; [`Reach::Limited`] prints without its number.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Key => "key",
            Self::Limited(_) => "limited",
            Self::Filtered => "filtered",
            Self::All => "all",
            Self::Unknown => "unknown",
        }
    }
}

/// What kind of thing an action is done to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ResourceKind {
    /// A table, view or anything that is read or written like one.
    Table,
    /// A database object that holds no rows: schema, database, index, sequence, type, role, …
    Object,
    /// A function or procedure.
    Function,
    /// A file, program, stage or URL outside the database.
    Location,
    /// An HTTP path, or its template.
    Path,
    /// A gRPC method, `package.Service/Method`.
    Method,
    /// A tool that an agent calls.
    Tool,
    /// A key of a key-value store, or a range of them.
    Key,
    /// A root field of a GraphQL schema: `mutation.delete_users`.
    Field,
    /// A model that an agent asks.
    Model,
    /// A prompt that a server keeps.
    Prompt,
    /// A repository of code: `acme/shop`.
    Repository,
    /// A ref of a repository: `refs/heads/main`.
    Ref,
}

impl ResourceKind {
    /// Every kind.
    pub const ALL: [Self; 13] = [
        Self::Table,
        Self::Object,
        Self::Function,
        Self::Location,
        Self::Path,
        Self::Method,
        Self::Tool,
        Self::Key,
        Self::Field,
        Self::Model,
        Self::Prompt,
        Self::Repository,
        Self::Ref,
    ];

    /// The prefix used in policies and records.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Table => "table",
            Self::Object => "object",
            Self::Function => "function",
            Self::Location => "location",
            Self::Path => "path",
            Self::Method => "method",
            Self::Tool => "tool",
            Self::Key => "key",
            Self::Field => "field",
            Self::Model => "model",
            Self::Prompt => "prompt",
            Self::Repository => "repository",
            Self::Ref => "ref",
        }
    }
}

/// One thing that an action is done to. Prints as `table:public.users`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Resource {
    /// What it is.
    pub kind: ResourceKind,
    /// Its name, folded as the dialect folds it, parts joined by `.`; never a literal.
    pub name: String,
}

impl fmt::Display for Resource {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}:{}", self.kind.name(), self.name)
    }
}

/// A column, or what stands for all of a table's.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Column {
    /// The name of its table as in [`Resource::name`]; empty for the result of a query, or
    /// where no table could be told.
    pub table: String,
    /// Its name, folded as the dialect folds it; `*` for every column of the table.
    pub name: String,
}

impl Column {
    /// The name that stands for every column of a table.
    pub const ALL: &'static str = "*";
}

impl fmt::Display for Column {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.table.is_empty() {
            write!(out, "{}.", self.table)?;
        }
        out.write_str(&self.name)
    }
}

/// What an action does with a column. Ordered: what comes later shows or changes more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Usage {
    /// Its value decides which rows or groups there are, or in what order: one bit at a time.
    Predicate,
    /// Its value reaches what comes out: a result, a file, another table.
    Output,
    /// It is set.
    Written,
}

impl Usage {
    /// Every usage.
    pub const ALL: [Self; 3] = [Self::Predicate, Self::Output, Self::Written];

    /// The word used in policies and records.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Predicate => "predicate",
            Self::Output => "output",
            Self::Written => "written",
        }
    }
}

/// One column that an action touches.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct ColumnUse {
    /// Which.
    pub column: Column,
    /// What is done with it.
    pub usage: Usage,
    /// Whether it is surely this column: without a schema a name may belong to any table
    /// of the query, and every one of them is listed.
    pub is_certain: bool,
}

/// Where the values of a column come from.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Edge {
    /// The column that is read.
    pub source: Column,
    /// The column of a table, or of the result, that is made of it.
    pub target: Column,
}

/// Why an action's reach is what it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Cause {
    /// Equality with a key of the table.
    KeyEquality,
    /// LIMIT, TOP or FETCH.
    RowBound,
    /// Only numbers over all rows come out, such as a count.
    AggregateOnly,
    /// A condition restricts the rows.
    Condition,
    /// There is no condition.
    NoCondition,
    /// The condition holds whatever the rows are.
    AlwaysTrue,
    /// The condition compares a column with itself, or asks what every value answers.
    SelfComparison,
    /// The condition or the joins don't restrict what is changed.
    UnrestrictedJoin,
    /// The condition asks whether a row is in its own table.
    SameTable,
    /// The whole object is meant.
    WholeObject,
}

impl Cause {
    /// Every cause.
    pub const ALL: [Self; 10] = [
        Self::KeyEquality,
        Self::RowBound,
        Self::AggregateOnly,
        Self::Condition,
        Self::NoCondition,
        Self::AlwaysTrue,
        Self::SelfComparison,
        Self::UnrestrictedJoin,
        Self::SameTable,
        Self::WholeObject,
    ];

    /// The word used in policies and records.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::KeyEquality => "key_equality",
            Self::RowBound => "row_bound",
            Self::AggregateOnly => "aggregate_only",
            Self::Condition => "condition",
            Self::NoCondition => "no_condition",
            Self::AlwaysTrue => "always_true",
            Self::SelfComparison => "self_comparison",
            Self::UnrestrictedJoin => "unrestricted_join",
            Self::SameTable => "same_table",
            Self::WholeObject => "whole_object",
        }
    }
}

/// What an action is called with.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum Arguments {
    /// Nothing, or nothing that rules could look at: a statement says it all.
    #[default]
    None,
    /// Something that can't be read here.
    Unknown,
    /// An object.
    Known(Rc<Value<'static>>),
}

/// One thing that a call would do.
#[derive(Debug, Clone, PartialEq)]
pub struct Action {
    /// What it does.
    pub effect: Effect,
    /// The operation in the protocol's own words: `DROP TABLE`, `GET`, a gRPC method.
    pub operation: String,
    /// How much it can touch.
    pub reach: Reach,
    /// Why it reaches that far, where there is something to say.
    pub cause: Option<Cause>,
    /// What it is done to: targets of a write, sources of a read. Sorted, without repeats.
    pub resources: Vec<Resource>,
    /// The columns it touches. Sorted, without repeats.
    pub columns: Vec<ColumnUse>,
    /// Which columns become which. Sorted, without repeats.
    pub lineage: Vec<Edge>,
    /// Equal for texts that differ only in literals, white space and comments.
    pub fingerprint: Option<String>,
    /// The statement with every literal gone.
    pub statement: Option<String>,
    /// What it is called with: arguments of a field or a tool, parameters of an operation. For
    /// rules only: values are never recorded.
    pub arguments: Arguments,
}

impl Action {
    /// An action on these resources, of which nothing more is known.
    #[must_use]
    pub fn new(
        effect: Effect,
        operation: impl Into<String>,
        reach: Reach,
        resources: Vec<Resource>,
    ) -> Self {
        Self {
            effect,
            operation: operation.into(),
            reach,
            cause: None,
            resources,
            columns: Vec::new(),
            lineage: Vec::new(),
            fingerprint: None,
            statement: None,
            arguments: Arguments::None,
        }
    }
}
