//! Where something stands in a document: what rules are told by.

/// Line and column, both from 1; both 0 where the document came without text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Position {
    /// Line, from 1.
    pub line: usize,
    /// Column in characters, from 1.
    pub column: usize,
}
