//! What an analysis could not tell, and why.
//!
//! Not errors: the actions of a text with gaps say `unknown` where it matters. These are for
//! people, and hold no word of the text.

use std::fmt;

/// One thing that could not be told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Gap {
    /// A statement that the parser does not know: its verb and the names in it are told, its
    /// reach and its columns are not.
    NotParsed,
    /// SQL that is run from a value which only the database knows.
    TextMadeAtRunTime,
    /// SQL in a string that can't be read.
    TextUnreadable,
    /// A name that is made at run time.
    NameMadeAtRunTime,
    /// `*` over a table whose columns the configured schema does not have.
    ColumnsNotInSchema,
    /// A column that may belong to any of several tables, as no schema tells.
    OwnerNotInSchema,
    /// More columns, or more steps to tell them apart, than the limits allow.
    ColumnsBeyondLimits,
}

impl Gap {
    /// Every gap.
    pub const ALL: [Self; 7] = [
        Self::NotParsed,
        Self::TextMadeAtRunTime,
        Self::TextUnreadable,
        Self::NameMadeAtRunTime,
        Self::ColumnsNotInSchema,
        Self::OwnerNotInSchema,
        Self::ColumnsBeyondLimits,
    ];

    /// The word used in the output for programs.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::NotParsed => "not_parsed",
            Self::TextMadeAtRunTime => "text_made_at_run_time",
            Self::TextUnreadable => "text_unreadable",
            Self::NameMadeAtRunTime => "name_made_at_run_time",
            Self::ColumnsNotInSchema => "columns_not_in_schema",
            Self::OwnerNotInSchema => "owner_not_in_schema",
            Self::ColumnsBeyondLimits => "columns_beyond_limits",
        }
    }
}

impl fmt::Display for Gap {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            Self::NotParsed => {
                "a statement that the parser does not know: reach and columns can't be told"
            }
            Self::TextMadeAtRunTime => "SQL that is made at run time: its effects can't be told",
            Self::TextUnreadable => "SQL in a string that can't be read: its effects can't be told",
            Self::NameMadeAtRunTime => "a name that is made at run time",
            Self::ColumnsNotInSchema => "a `*` over a table that the schema does not describe",
            Self::ColumnsBeyondLimits => {
                "more columns than are told apart: any column of its tables may be touched"
            }
            Self::OwnerNotInSchema => {
                "a column that may belong to any of several tables, as no schema tells"
            }
        })
    }
}
