//! What an expression may name, and of which type each of it is.

use super::{Field, NamedList, Program, Type};

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
