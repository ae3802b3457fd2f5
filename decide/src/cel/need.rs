//! What must stand in a text for a program to hold: an index of programs stands on it.

use std::slice;

use super::Program;
use super::function::Function;
use super::node::{Constant, Id, Node};

/// A fact, and the text that it must be or start with.
///
/// Where the fact is another text the program is false: it neither holds nor lacks an answer.
/// Nothing is said of a fact that is not there, not known, or no text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Need<'p> {
    /// The place of the root among those of the environment.
    pub root: usize,
    /// The place of the field in that record; nothing where the fact is the root itself.
    pub field: Option<usize>,
    /// The text.
    pub text: &'p str,
    /// Whether the fact must be that text; else it must start with it.
    pub is_whole: bool,
}

impl Program {
    /// What the program needs to hold, as far as it is as plain as that.
    ///
    /// INVARIANT: an operand of `&&` that is false settles it whatever the others fail for, and
    /// none of those that are told here takes a step before it is false.
    pub fn needs(&self) -> impl Iterator<Item = Need<'_>> {
        let operands = match self.node(self.root) {
            Ok(Node::And { start, count }) => self.children(start, count).unwrap_or_default(),
            _ => slice::from_ref(&self.root),
        };
        operands.iter().filter_map(|operand| self.need(*operand))
    }

    fn need(&self, id: Id) -> Option<Need<'_>> {
        let (of, text, is_whole) = match self.node(id).ok()? {
            Node::Is {
                of,
                text,
                is_negated: false,
            } => (of, self.text_at(text)?, true),
            Node::Call {
                function: Function::StartsWith,
                start,
                ..
            } => {
                let Node::Constant(text) = self.node(self.child(start, 1).ok()?).ok()? else {
                    return None;
                };
                (self.child(start, 0).ok()?, self.text_at(text)?, false)
            }
            Node::Matches { of, pattern } => (of, self.pattern_at(pattern).ok()?.start()?, false),
            _ => return None,
        };
        let (root, field) = match self.node(of).ok()? {
            Node::Root(root) => (root, None),
            Node::Fact { root, field } => (root, Some(field.into())),
            _ => return None,
        };
        Some(Need {
            root: root.into(),
            field,
            text,
            is_whole,
        })
    }

    fn text_at(&self, index: u16) -> Option<&str> {
        match self.constant_at(index).ok()? {
            Constant::Text(text) => Some(text),
            _ => None,
        }
    }
}
