//! What an expression may name, and of which type each of it is.

use std::sync::Arc;

use super::Program;
use super::text::{Case, Text, plain};

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

/// Everything that an expression may name.
#[derive(Clone, Copy)]
pub struct Environment<'e> {
    /// The facts; [`super::Facts`] counts them in this order.
    pub roots: &'static [Field],
    /// Types of paths below a `Dyn` (`["claims", "department"]`). They can still be absent.
    pub declared: &'e [(Vec<String>, Type)],
    /// Lists that are called `lists.<name>`.
    pub lists: &'e [(String, NamedList)],
    /// Expressions that are called `vars.<name>`.
    pub vars: &'e Vars,
}

/// A list of texts that is written once and shared by all expressions that name it.
#[derive(Debug, Clone)]
pub struct NamedList {
    pub(super) texts: Arc<[String]>,
}

impl NamedList {
    /// Whether the text is one of them.
    pub(super) fn holds(&self, text: Text<'_>) -> bool {
        const FEW: usize = 8;
        if let (Case::AsIs, true) = (text.case, self.texts.len() <= FEW) {
            return self.texts.iter().any(|one| one == text.text);
        }
        if self.texts.len() <= FEW {
            let mut texts = self.texts.iter();
            return texts.any(|one| text.equals(plain(one)));
        }
        let found = self.texts.binary_search_by(|one| plain(one).order(text));
        found.is_ok()
    }
}

impl From<Vec<String>> for NamedList {
    fn from(mut texts: Vec<String>) -> Self {
        texts.sort_unstable();
        texts.dedup();
        Self {
            texts: texts.into(),
        }
    }
}

/// Expressions that others may name, compiled once and copied into where they are named.
#[derive(Default)]
pub struct Vars {
    pub(super) programs: Vec<(String, Program)>,
}

impl Vars {
    /// No expressions.
    #[must_use]
    pub const fn new() -> Self {
        Self {
            programs: Vec::new(),
        }
    }

    /// Lets expressions that are compiled from now on name this one `vars.<name>`.
    pub fn add(&mut self, name: impl Into<String>, program: Program) {
        self.programs.push((name.into(), program));
    }
}
