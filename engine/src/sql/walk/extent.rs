//! How far something reaches, with the reason.
//!
//! Guarantees that where two reaches become one, the reason is that of the one that stays.

use crate::action::{Cause, Reach};
use crate::limits::BOUND_ROWS;

/// A reach and why it is that.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(in crate::sql) struct Extent {
    pub(in crate::sql) reach: Reach,
    pub(in crate::sql) cause: Option<Cause>,
}

impl Extent {
    /// Nothing stored.
    pub(super) const NONE: Self = Self::untold(Reach::None);
    /// Can't be told.
    pub(in crate::sql) const UNKNOWN: Self = Self::untold(Reach::Unknown);
    /// A whole table that no condition has been put on.
    pub(in crate::sql) const WHOLE: Self = Self::because(Reach::All, Cause::NoCondition);

    pub(in crate::sql) const fn because(reach: Reach, cause: Cause) -> Self {
        Self {
            reach,
            cause: Some(cause),
        }
    }

    pub(in crate::sql) const fn untold(reach: Reach) -> Self {
        Self { reach, cause: None }
    }

    pub(super) fn is_none(self) -> bool {
        self.reach == Reach::None
    }

    /// The longer one.
    pub(in crate::sql) fn max(self, other: Self) -> Self {
        if other.reach > self.reach || self.cause.is_none() && other.reach == self.reach {
            other
        } else {
            self
        }
    }

    /// Cut to so many rows, where that is a number small enough to be a bound.
    pub(super) fn bounded(self, rows: Option<u64>) -> Self {
        match rows {
            Some(rows) if rows <= BOUND_ROWS && Reach::Limited(rows) < self.reach => {
                Self::because(Reach::Limited(rows), Cause::RowBound)
            }
            _ => self,
        }
    }

    /// Of the totals over it.
    pub(super) fn totalled(self) -> Self {
        if self.reach > Reach::Limited(1) {
            Self::because(Reach::Limited(1), Cause::AggregateOnly)
        } else {
            self
        }
    }

    /// Cut by a condition that leaves `left` of a whole table.
    pub(super) fn conditioned(self, left: Self) -> Self {
        if self.reach == Reach::All { left } else { self }
    }

    /// Of two queries one after the other.
    pub(super) fn added(self, other: Self) -> Self {
        match (rows(self.reach), rows(other.reach)) {
            (Some(left), Some(right)) => Self {
                reach: Reach::Limited(left.saturating_add(right)),
                cause: self.max(other).cause,
            },
            _ => self.max(other),
        }
    }

    /// Of two relations side by side.
    pub(super) fn multiplied(self, other: Self) -> Self {
        match (self.reach, other.reach) {
            (Reach::Limited(left), Reach::Limited(right)) => Self {
                reach: Reach::Limited(left.saturating_mul(right)),
                cause: self.cause.or(other.cause),
            },
            _ => self.max(other),
        }
    }
}

/// The rows of a reach that is bounded by a number.
const fn rows(reach: Reach) -> Option<u64> {
    match reach {
        Reach::Key => Some(1),
        Reach::Limited(rows) => Some(rows),
        Reach::None | Reach::Filtered | Reach::All | Reach::Unknown => None,
    }
}

impl From<Reach> for Extent {
    fn from(reach: Reach) -> Self {
        Self {
            reach,
            cause: match reach {
                Reach::Key => Some(Cause::KeyEquality),
                Reach::Filtered => Some(Cause::Condition),
                Reach::All => Some(Cause::WholeObject),
                Reach::None | Reach::Limited(_) | Reach::Unknown => None,
            },
        }
    }
}
