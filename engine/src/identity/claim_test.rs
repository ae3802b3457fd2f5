//! A question about the claims of a token alone: fields that must all hold, or an expression.

use std::fmt;
use std::rc::Rc;

use super::ClaimMatch;
use crate::cel::{self, Field, Program, Type, Val};
use crate::glob::Truth;
use crate::value::Value;

/// What an expression about claims can name.
pub static CLAIM_ROOTS: [Field; 1] = [Field {
    name: "claims",
    kind: Type::Dyn,
    is_optional: false,
    words: &[],
    about: "the claims of the verified token",
}];

/// A question about claims.
#[derive(Clone, Default)]
pub struct ClaimTest {
    /// Claims that must all be there.
    pub matches: Vec<ClaimMatch>,
    /// An expression that must hold.
    pub expression: Option<Rc<Program>>,
}

impl fmt::Debug for ClaimTest {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let has_expression = self.expression.is_some();
        out.debug_struct("ClaimTest")
            .field("matches", &self.matches)
            .field("has_expression", &has_expression)
            .finish()
    }
}

impl ClaimTest {
    /// Whether the claims pass. Nothing asked is never passed; what has no answer is passed, as
    /// both questions make a machine of whom the token is about.
    #[must_use]
    pub fn passes(&self, claims: &Value<'_>) -> bool {
        let matches = || {
            let mut each = self.matches.iter();
            !self.matches.is_empty() && each.all(|one| one.matches(claims) == Truth::Yes)
        };
        match &self.expression {
            Some(program) => program.evaluate(&Claims(claims)).unwrap_or(true),
            None => matches(),
        }
    }
}

struct Claims<'c>(&'c Value<'c>);

impl cel::Facts for Claims<'_> {
    fn root(&self, _index: usize) -> Val<'_> {
        Val::Dyn(self.0)
    }
}
