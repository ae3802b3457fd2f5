//! A compiled expression: nothing left to look up, nothing left to check.

use std::ops::Range;

use super::check::Checker;
use super::environment::NamedList;
use super::evaluate::Scope;
use super::node::{Constant, Id, Node};
use super::pattern::Pattern;
use super::{Environment, Facts, Fault, Problem, Type, Val};

/// A compiled expression.
///
/// ```
/// use lictor_engine::cel::{Environment, Facts, Field, Program, Type, Val, Vars};
///
/// const ROOTS: &[Field] = &[Field {
///     name: "path",
///     kind: Type::Text,
///     is_optional: false,
///     words: &[],
///     about: "the path of the request",
/// }];
/// struct Call;
/// impl Facts for Call {
///     fn root(&self, _: usize) -> Val<'_> {
///         Val::Text("/users/7")
///     }
/// }
///
/// let vars = Vars::new();
/// let environment = Environment { roots: ROOTS, declared: &[], lists: &[], vars: &vars };
/// let program = Program::compile("path.startsWith('/users/')", &environment, Type::Bool).unwrap();
/// assert_eq!(program.evaluate(&Call), Ok(true));
///
/// let problems = Program::compile("pth == '/'", &environment, Type::Bool).err().unwrap();
/// assert_eq!(problems[0].code, "expression.unknown_field");
/// ```
#[derive(Default)]
pub struct Program {
    pub(super) nodes: Vec<Node>,
    pub(super) children: Vec<Id>,
    pub(super) constants: Vec<Constant>,
    pub(super) kinds: Vec<Type>,
    pub(super) patterns: Vec<Pattern>,
    pub(super) root: Id,
    pub(super) result: Outcome,
    pub(super) reads: Vec<String>,
    /// Operands of `&&`, `||` and `!`, with their place in the text.
    pub(super) operands: Vec<(Id, Range<u32>)>,
}

/// What is known of a compiled expression's value, for those that name it.
#[derive(Clone)]
pub(super) struct Outcome {
    pub kind: Type,
    pub words: &'static [&'static str],
    pub path: Option<String>,
    /// Paths that are there where it holds, and where it does not.
    pub holds: Vec<String>,
    pub fails: Vec<String>,
    pub depth: usize,
    pub cost: u32,
    pub loops: u8,
    pub is_folded: bool,
}

impl Default for Outcome {
    fn default() -> Self {
        Self {
            kind: Type::Null,
            words: &[],
            path: None,
            holds: Vec::new(),
            fails: Vec::new(),
            depth: 0,
            cost: 0,
            loops: 0,
            is_folded: false,
        }
    }
}

impl Program {
    /// Compiles an expression that gives a value of type `result`; `Dyn` takes any.
    ///
    /// # Errors
    /// Every mistake that the text holds.
    pub fn compile(
        text: &str,
        environment: &Environment<'_>,
        result: Type,
    ) -> Result<Self, Vec<Problem>> {
        Checker::compile(text, environment, result)
    }

    /// The answer for these facts.
    ///
    /// # Errors
    /// Why there is none.
    pub fn evaluate(&self, facts: &dyn Facts) -> Result<bool, Fault> {
        let scope = Scope::new(self, facts);
        let truth = scope.truth(self.root);
        scope.settle();
        truth
    }

    /// The value for these facts.
    ///
    /// # Errors
    /// Why there is none.
    pub fn value<'a>(&'a self, facts: &'a dyn Facts) -> Result<Val<'a>, Fault> {
        Scope::new(self, facts).value(self.root)
    }

    /// The facts that it names, as dotted paths; members of a list by the path of the list.
    pub fn reads(&self) -> impl Iterator<Item = &str> {
        self.reads.iter().map(String::as_str)
    }

    /// The type of its value.
    #[must_use]
    pub const fn kind(&self) -> Type {
        self.result.kind
    }

    /// Its answer, if that is the same for all facts.
    #[must_use]
    pub fn constant(&self) -> Option<bool> {
        match self.nodes.get(usize::from(self.root))? {
            Node::Constant(index) => match self.constants.get(usize::from(*index))? {
                Constant::Bool(answer) => Some(*answer),
                _ => None,
            },
            _ => None,
        }
    }

    /// What evaluating it costs, in steps, lists taken to be of usual length.
    #[must_use]
    pub const fn cost(&self) -> u32 {
        self.result.cost
    }

    /// The answer of every operand of `&&`, `||` and `!` outside of loops, with its place in
    /// the text in characters.
    pub fn trace(&self, facts: &dyn Facts, into: &mut Vec<(Range<usize>, Result<bool, Fault>)>) {
        for (id, place) in &self.operands {
            let place = place.start as usize..place.end as usize;
            into.push((place, Scope::new(self, facts).truth(*id)));
        }
    }

    pub(super) fn node(&self, id: Id) -> Result<Node, Fault> {
        let node = self.nodes.get(usize::from(id));
        node.copied().ok_or(Fault::Invalid)
    }

    pub(super) fn children(&self, start: u16, count: u16) -> Result<&[Id], Fault> {
        let start = usize::from(start);
        let end = start.saturating_add(usize::from(count));
        self.children.get(start..end).ok_or(Fault::Invalid)
    }

    pub(super) fn child(&self, start: u16, index: u16) -> Result<Id, Fault> {
        let place = usize::from(start).saturating_add(usize::from(index));
        self.children.get(place).copied().ok_or(Fault::Invalid)
    }

    pub(super) fn constant_at(&self, index: u16) -> Result<&Constant, Fault> {
        self.constants.get(usize::from(index)).ok_or(Fault::Invalid)
    }

    pub(super) fn named_at(&self, index: u16) -> Result<&NamedList, Fault> {
        match self.constant_at(index)? {
            Constant::Named(list) => Ok(list),
            _ => Err(Fault::Invalid),
        }
    }

    pub(super) fn kind_at(&self, index: u16) -> Result<Type, Fault> {
        let kind = self.kinds.get(usize::from(index));
        kind.copied().ok_or(Fault::Invalid)
    }

    pub(super) fn pattern_at(&self, index: u16) -> Result<&Pattern, Fault> {
        self.patterns.get(usize::from(index)).ok_or(Fault::Invalid)
    }
}
