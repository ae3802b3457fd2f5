//! A compiled expression: nothing left to look up, nothing left to check.

use std::ops::Range;

use super::{Environment, Facts, Fault, Problem, Type, Val};

/// A compiled expression.
pub struct Program {
    reads: Vec<String>,
}

impl Program {
    /// Compiles an expression that gives a value of type `result`.
    ///
    /// # Errors
    /// Every mistake that the text holds.
    pub fn compile(
        _text: &str,
        _environment: &Environment<'_>,
        _result: Type,
    ) -> Result<Self, Vec<Problem>> {
        Ok(Self { reads: Vec::new() })
    }

    /// The answer for these facts.
    ///
    /// # Errors
    /// Why there is none.
    pub fn evaluate(&self, facts: &dyn Facts) -> Result<bool, Fault> {
        match self.value(facts)? {
            Val::Bool(answer) => Ok(answer),
            _ => Err(Fault::NoSuchOverload),
        }
    }

    /// The value for these facts.
    ///
    /// # Errors
    /// Why there is none.
    pub fn value<'a>(&'a self, _facts: &'a dyn Facts) -> Result<Val<'a>, Fault> {
        Err(Fault::Unknown)
    }

    /// The facts that it names, as dotted paths.
    pub fn reads(&self) -> impl Iterator<Item = &str> {
        self.reads.iter().map(String::as_str)
    }

    /// Its answer, if that is the same for all facts.
    #[must_use]
    pub fn constant(&self) -> Option<bool> {
        None
    }

    /// What evaluating it costs at most, in steps.
    #[must_use]
    pub fn cost(&self) -> u32 {
        0
    }

    /// The answer of every operand of `&&`, `||` and `!`, with its place in the text in
    /// characters.
    pub fn trace(&self, _facts: &dyn Facts, _into: &mut Vec<(Range<usize>, Result<bool, Fault>)>) {}
}
