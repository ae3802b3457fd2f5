//! What facts there are: each with its name and its type.

/// The type of a fact or of an expression.
#[derive(Debug, Clone, Copy)]
pub enum Type {
    /// `bool`.
    Bool,
    /// `int`: 64 bits, signed.
    Int,
    /// `uint`: 64 bits, unsigned.
    Uint,
    /// `double`.
    Double,
    /// `string`.
    Text,
    /// `bytes`.
    Bytes,
    /// `null_type`.
    Null,
    /// `google.protobuf.Timestamp`.
    Timestamp,
    /// `google.protobuf.Duration`.
    Duration,
    /// Anything that JSON can hold; known only when it is read.
    Dyn,
    /// A list whose members are all of one type.
    List(&'static Type),
    /// A map from texts to values of one type.
    Map(&'static Type),
    /// A record with known fields.
    Record(&'static Record),
    /// An IP address, as `ip()` makes it.
    Ip,
    /// A range of IP addresses, as `cidr()` makes it.
    Cidr,
    /// A semantic version, as `semver()` makes it.
    Version,
}

/// A record: a closed set of named fields.
#[derive(Debug)]
pub struct Record {
    /// The name that messages use.
    pub name: &'static str,
    /// Its fields; [`super::Fields`] counts them in this order.
    pub fields: &'static [Field],
}

/// A named fact.
#[derive(Debug)]
pub struct Field {
    /// The name by which expressions call it.
    pub name: &'static str,
    /// The type of its value.
    pub kind: Type,
    /// Whether it can be absent: reading it then needs a `has()` around. As `has()` can't ask
    /// for a name alone, a root that is optional can't be named at all.
    pub is_optional: bool,
    /// The words that it can hold, if they are a closed set. Comparing it with any other is
    /// a mistake.
    pub words: &'static [&'static str],
    /// What it says, for manuals and editors.
    pub about: &'static str,
}
