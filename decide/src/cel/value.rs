//! Values: what facts are handed over as and what expressions compute with.
//!
//! All are small and borrowed: evaluating copies none of the data behind them.

use core::cell::Cell;
use core::net::IpAddr;
use core::ops::Range;

use crate::value::Value;

/// A value, as far as it can be told.
#[derive(Clone, Copy)]
pub enum Val<'a> {
    /// An optional fact that is not there.
    Missing,
    /// A fact that is there or not, but can't be told.
    Unknown,
    /// `null`.
    Null,
    /// A truth value.
    Bool(bool),
    /// A signed number.
    Int(i64),
    /// An unsigned number.
    Uint(u64),
    /// A floating-point number.
    Double(f64),
    /// A text.
    Text(&'a str),
    /// Bytes.
    Bytes(&'a [u8]),
    /// A point in time.
    Timestamp {
        /// Seconds since 1970, UTC.
        seconds: i64,
        /// Nanoseconds after that second.
        nanos: u32,
    },
    /// A span of time.
    Duration {
        /// Whole seconds.
        seconds: i64,
        /// Nanoseconds, of the same sign.
        nanos: i32,
    },
    /// Anything that JSON can hold.
    Dyn(&'a Value<'a>),
    /// A list.
    List(&'a dyn Items),
    /// A map with texts as keys.
    Map(&'a dyn Entries),
    /// A record.
    Record(&'a dyn Fields),
    /// A text, its ASCII letters seen in lower case.
    Lower(&'a str),
    /// A text, its ASCII letters seen in upper case.
    Upper(&'a str),
    /// An IP address.
    Ip(IpAddr),
    /// A range of IP addresses: one of them and the number of leading bits they share.
    Cidr(IpAddr, u8),
    /// A semantic version, valid as written.
    Version(&'a str),
}

/// A list of facts.
pub trait Items {
    /// How many members are known.
    fn len(&self) -> usize;

    /// Whether no member is known.
    fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The member at that place; `Missing` beyond the end.
    fn item(&self, index: usize) -> Val<'_>;

    /// Whether there are no more members than these.
    fn is_complete(&self) -> bool {
        true
    }

    /// The first of these places whose member a test does not pass over; their end where it
    /// passes over all.
    fn next(&self, mut places: Range<usize>, test: &PlainTest<'_>) -> usize {
        let end = places.end;
        let next = places.find(|&place| !test.passes_over(self.item(place)));
        next.unwrap_or(end)
    }
}

/// A comparison of a text with the members of a list: the commonest condition of all, answered
/// for many of them at once.
#[derive(Debug, Clone, Copy)]
pub struct PlainTest<'p> {
    /// The field of a member that is compared; nothing where it is the member itself.
    pub field: Option<usize>,
    /// What it is compared with.
    pub text: &'p str,
    /// Whether the members that equal it are passed over, or those that do not.
    pub is_equal: bool,
}

impl PlainTest<'_> {
    /// Whether a member is passed over. What is not plainly a text never is.
    #[inline]
    #[must_use]
    pub fn passes_over(&self, member: Val<'_>) -> bool {
        match (member, self.field) {
            (Val::Record(record), Some(field)) => self.passes_over_text(record.field(field)),
            (text, None) => self.passes_over_text(text),
            _ => false,
        }
    }

    /// Whether a member is passed over that has this to be compared.
    #[inline]
    #[must_use]
    pub fn passes_over_text(&self, value: Val<'_>) -> bool {
        match value {
            Val::Text(text) => (text == self.text) == self.is_equal,
            _ => false,
        }
    }
}

/// A map of facts.
pub trait Entries {
    /// How many keys are known.
    fn len(&self) -> usize;

    /// Whether no key is known.
    fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The key at that place, each once.
    fn key(&self, index: usize) -> Option<&str>;

    /// The value of that key; `Missing` if there is none, `Unknown` if there may be one.
    fn value(&self, key: &str) -> Val<'_>;

    /// Whether there are no more keys than these.
    fn is_complete(&self) -> bool {
        true
    }
}

/// The fields of a record.
pub trait Fields {
    /// The field at that place of [`super::Record::fields`].
    fn field(&self, index: usize) -> Val<'_>;
}

/// The facts that an expression is held against.
pub trait Facts {
    /// The fact at that place of `Environment::roots`.
    fn root(&self, index: usize) -> Val<'_>;

    /// Steps that are left for this expression and those that share a budget with it, where
    /// some do.
    fn steps_left(&self) -> Option<&Cell<u32>> {
        None
    }
}
