//! What is wrong with the text of an expression, for whoever wrote it.

/// A mistake in an expression.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// Its stable code.
    pub code: &'static str,
    /// Where, in characters from the start of the text.
    pub offset: usize,
    /// What was expected.
    pub message: String,
}
