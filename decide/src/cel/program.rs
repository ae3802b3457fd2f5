//! A compiled expression: nothing left to look up, nothing left to check.

use std::ops::Range;

use super::evaluate::Scope;
use super::{Constant, Facts, Fault, Id, NamedList, Node, Pattern, Type, Val};

/// A compiled expression.
///
/// INVARIANT (depth): nodes name earlier ones, so none holds itself; whoever writes them keeps
/// within `EXPRESSION_DEPTH`. A number that names nothing is a fault.
#[derive(Default)]
pub struct Program {
    /// Its steps.
    pub nodes: Vec<Node>,
    /// Runs of nodes that are parts of one.
    pub children: Vec<Id>,
    /// Values that stand in the text, or were worked out from it.
    pub constants: Vec<Constant>,
    /// Types that open values are declared to be of.
    pub kinds: Vec<Type>,
    /// What `matches` searches for.
    pub patterns: Vec<Pattern>,
    /// The node that gives the answer.
    pub root: Id,
    /// What is known of the answer.
    pub result: Outcome,
    /// The facts that it names, as dotted paths.
    pub reads: Vec<String>,
    /// Operands of `&&`, `||` and `!`, with their place in the text.
    pub operands: Vec<(Id, Range<u32>)>,
}

/// What is known of a compiled expression's value, for those that name it.
#[derive(Clone)]
pub struct Outcome {
    /// Its type.
    pub kind: Type,
    /// The words that it can be, if they are a closed set.
    pub words: &'static [&'static str],
    /// The path that it reads, if it is nothing but that.
    pub path: Option<String>,
    /// Paths that are there where it holds.
    pub holds: Vec<String>,
    /// Paths that are there where it does not.
    pub fails: Vec<String>,
    /// How deep its nodes are nested.
    pub depth: usize,
    /// What it costs, in steps.
    pub cost: u32,
    /// How many loops are in one another.
    pub loops: u8,
    /// Whether it can be a text that is seen in one case.
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

    /// The value of one node for these facts.
    ///
    /// # Errors
    /// Why there is none.
    pub fn value_of<'a>(&'a self, node: Id, facts: &'a dyn Facts) -> Result<Val<'a>, Fault> {
        Scope::new(self, facts).value(node)
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

    /// A node.
    ///
    /// # Errors
    /// `Invalid` where there is none.
    pub fn node(&self, id: Id) -> Result<Node, Fault> {
        let node = self.nodes.get(usize::from(id));
        node.copied().ok_or(Fault::Invalid)
    }

    /// A run of children.
    ///
    /// # Errors
    /// `Invalid` where there is none.
    pub fn children(&self, start: u16, count: u16) -> Result<&[Id], Fault> {
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
