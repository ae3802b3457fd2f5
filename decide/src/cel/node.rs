//! The compiled form: a flat row of nodes that name each other by number.

use core::net::IpAddr;

use super::function::Function;
use super::named_list::NamedList;
use super::value::{Entries, Items, Val};

/// The number of a node.
pub type Id = u16;

/// One step. Numbers name nodes, constants, types or patterns of the same program.
#[expect(missing_docs, reason = "each number is called by what it names")]
#[derive(Clone, Copy)]
pub enum Node {
    /// A constant.
    Constant(u16),
    /// A fact.
    Root(u16),
    /// A field of a record that is a fact: the commonest step of all.
    Fact { root: u16, field: u16 },
    /// What a loop looks at.
    Element(u8),
    /// A field of the record that a loop looks at.
    Column { slot: u8, field: u16 },
    /// A field of a record.
    Field { of: Id, field: u16 },
    /// The value of a key, which is a constant.
    Member { of: Id, name: u16 },
    /// The value at a place or of a key that has to be worked out.
    At { of: Id, key: Id },
    /// Whether a field is there.
    HasField { of: Id, field: u16 },
    /// Whether a key is there.
    HasMember { of: Id, name: u16 },
    /// An open value, read as the type that it was declared to be.
    Declared { of: Id, kind: u16 },
    /// A truth value, false where what it reads is absent.
    IfThere(Id),
    /// `!`
    Not(Id),
    /// `-`
    Negate(Id),
    /// `&&` of a run of children.
    And { start: u16, count: u16 },
    /// `||` of a run of children.
    Or { start: u16, count: u16 },
    /// `?:`; the two arms are children.
    Choice { condition: Id, start: u16 },
    /// A comparison.
    Compare {
        how: Comparison,
        left: Id,
        right: Id,
    },
    /// Equality with a constant text.
    Is { of: Id, text: u16, is_negated: bool },
    /// A comparison with a constant whole number.
    Than {
        how: Comparison,
        of: Id,
        number: u16,
    },
    /// `in`
    In { member: Id, of: Id },
    /// `in` a list of texts that is a constant.
    OneOf { member: Id, list: u16 },
    /// A calculation.
    Calculate {
        how: Calculation,
        left: Id,
        right: Id,
    },
    /// `exists` and its like.
    Loop {
        how: Quantifier,
        slot: u8,
        list: Id,
        body: Id,
    },
    /// A function of a run of children.
    Call {
        function: Function,
        count: u8,
        start: u16,
    },
    /// Whether a text equals, starts or ends with a run of children put together.
    Joined {
        how: Join,
        count: u8,
        text: Id,
        start: u16,
    },
    /// Texts put together; only ever part of `Joined`.
    Join { start: u16, count: u16 },
    /// A search for a pattern.
    Matches { of: Id, pattern: u16 },
}

/// How two values are compared.
#[expect(missing_docs, reason = "each is called by what it asks")]
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Comparison {
    Equal,
    Unequal,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

/// What is calculated from two values.
#[expect(missing_docs, reason = "each is called by what it does")]
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Calculation {
    Add,
    Subtract,
    Multiply,
    Divide,
    Remainder,
}

/// What is asked of the members of a list.
#[expect(missing_docs, reason = "each is called as in CEL")]
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Quantifier {
    Exists,
    All,
    ExistsOne,
    /// How many: `size()` of a `filter`.
    Count,
}

/// How a text is held against texts that are put together.
#[expect(missing_docs, reason = "each is called by what it asks")]
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Join {
    Equal,
    Unequal,
    Starts,
    Ends,
}

/// A value that is part of the program.
#[expect(missing_docs, reason = "each is called as the type of its value")]
#[derive(Clone)]
pub enum Constant {
    Null,
    Bool(bool),
    Int(i64),
    Uint(u64),
    Double(f64),
    Text(Box<str>),
    Bytes(Box<[u8]>),
    Timestamp { seconds: i64, nanos: u32 },
    Duration { seconds: i64, nanos: i32 },
    Ip(IpAddr),
    Cidr(IpAddr, u8),
    Version(Box<str>),
    List(Members),
    Map(Pairs),
    Named(NamedList),
}

/// The members of a list that is part of the program.
#[derive(Clone)]
pub struct Members(pub Box<[Constant]>);

/// The keys and values of a map that is part of the program.
#[derive(Clone)]
pub struct Pairs(pub Box<[(Box<str>, Constant)]>);

impl Constant {
    /// The constant as a value.
    #[must_use]
    pub fn val(&self) -> Val<'_> {
        match self {
            Self::Null => Val::Null,
            Self::Bool(value) => Val::Bool(*value),
            Self::Int(value) => Val::Int(*value),
            Self::Uint(value) => Val::Uint(*value),
            Self::Double(value) => Val::Double(*value),
            Self::Text(text) => Val::Text(text),
            Self::Bytes(bytes) => Val::Bytes(bytes),
            Self::Timestamp { seconds, nanos } => Val::Timestamp {
                seconds: *seconds,
                nanos: *nanos,
            },
            Self::Duration { seconds, nanos } => Val::Duration {
                seconds: *seconds,
                nanos: *nanos,
            },
            Self::Ip(address) => Val::Ip(*address),
            Self::Cidr(address, bits) => Val::Cidr(*address, *bits),
            Self::Version(text) => Val::Version(text),
            Self::List(members) => Val::List(members),
            Self::Map(pairs) => Val::Map(pairs),
            Self::Named(list) => Val::List(list),
        }
    }

    /// A value as a constant, unless it is a fact that can't be copied.
    #[must_use]
    pub fn of(value: Val<'_>) -> Option<Self> {
        Some(match value {
            Val::Null => Self::Null,
            Val::Bool(value) => Self::Bool(value),
            Val::Int(value) => Self::Int(value),
            Val::Uint(value) => Self::Uint(value),
            Val::Double(value) => Self::Double(value),
            Val::Text(text) => Self::Text(text.into()),
            Val::Upper(text) => Self::Text(text.to_ascii_uppercase().into()),
            Val::Lower(text) => Self::Text(text.to_ascii_lowercase().into()),
            Val::Bytes(bytes) => Self::Bytes(bytes.into()),
            Val::Timestamp { seconds, nanos } => Self::Timestamp { seconds, nanos },
            Val::Duration { seconds, nanos } => Self::Duration { seconds, nanos },
            Val::Ip(address) => Self::Ip(address),
            Val::Cidr(address, bits) => Self::Cidr(address, bits),
            Val::Version(text) => Self::Version(text.into()),
            _ => return None,
        })
    }
}

impl Items for Members {
    fn len(&self) -> usize {
        self.0.len()
    }

    fn item(&self, index: usize) -> Val<'_> {
        self.0.get(index).map_or(Val::Missing, Constant::val)
    }
}

impl Entries for Pairs {
    fn len(&self) -> usize {
        self.0.len()
    }

    fn key(&self, index: usize) -> Option<&str> {
        self.0.get(index).map(|(key, _)| &**key)
    }

    fn value(&self, key: &str) -> Val<'_> {
        let found = self.0.iter().find(|(name, _)| **name == *key);
        found.map_or(Val::Missing, |(_, value)| value.val())
    }
}
