//! Why an expression has no answer for these facts.

/// Why an expression has no answer. Never an answer itself: whoever asks decides what it is
/// to mean, and must not take it for harmless.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// A fact that can't be told.
    Unknown,
    /// A field, a key or a claim that is not there.
    NoSuchKey,
    /// A value of a type that the operation does not take.
    NoSuchOverload,
    /// A number beyond its type.
    Overflow,
    /// A division or remainder by zero.
    DivisionByZero,
    /// A place beyond the end of a list or text.
    Index,
    /// A text that is not what it is read as: a date, an address, a number.
    Invalid,
    /// More work than one expression may cause.
    TooMuch,
}

impl Fault {
    /// A stable word for records and reports.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Unknown => "unknown",
            Self::NoSuchKey => "no_such_key",
            Self::NoSuchOverload => "no_such_overload",
            Self::Overflow => "overflow",
            Self::DivisionByZero => "division_by_zero",
            Self::Index => "index",
            Self::Invalid => "invalid",
            Self::TooMuch => "too_much",
        }
    }

    /// Which of two faults is told: what can't be told may hide any other.
    #[must_use]
    pub(super) const fn or(self, other: Self) -> Self {
        match other {
            Self::Unknown => other,
            _ => self,
        }
    }
}
