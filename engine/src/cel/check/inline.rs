//! An expression that another names is copied into it.

use super::{Checker, Typed};
use crate::cel::guard::Guards;
use crate::cel::node::{Id, Node};
use crate::cel::program::Program;
use crate::limits;

/// How far the numbers of a copied program move.
#[derive(Clone, Copy)]
pub struct Moved {
    nodes: u16,
    children: u16,
    constants: u16,
    kinds: u16,
    patterns: u16,
    slots: u8,
}

impl Checker<'_, '_> {
    /// A copy of an expression.
    pub(super) fn inline(&mut self, id: u64, program: &Program) -> Option<Typed> {
        let outcome = &program.result;
        let around = self.loops.len();
        let loops = around.saturating_add(usize::from(outcome.loops));
        if loops > limits::EXPRESSION_LOOPS {
            let most = limits::EXPRESSION_LOOPS;
            let message =
                format!("expected at most {most} loops in one another, those of `vars` counted");
            return self.problem(id, "expression.cost", message);
        }
        let count = self.program.nodes.len().saturating_add(program.nodes.len());
        if count > limits::EXPRESSION_NODES {
            let most = limits::EXPRESSION_NODES;
            let message = format!("larger than {most} steps, those of `vars` counted");
            return self.problem(id, "expression.too_large", message);
        }
        let moved = self.moved(around)?;
        self.copy(program, moved)?;
        self.deepest_loop = self.deepest_loop.max(u8::try_from(loops).ok()?);
        let typed = Typed {
            node: program.root.checked_add(moved.nodes)?,
            kind: outcome.kind,
            words: outcome.words,
            path: outcome
                .path
                .as_deref()
                .and_then(|key| self.paths.known(key)),
            holds: self.guards(program, true),
            fails: self.guards(program, false),
            depth: outcome.depth,
            cost: outcome.cost,
            is_folded: outcome.is_folded,
            is_joined: false,
            fault: None,
        };
        Some(typed)
    }

    fn guards(&mut self, program: &Program, holds: bool) -> Guards {
        if program.constant() == Some(!holds) {
            return Guards::Never;
        }
        let outcome = &program.result;
        let keys = if holds {
            &outcome.holds
        } else {
            &outcome.fails
        };
        let paths = keys.iter().filter_map(|key| self.paths.known(key));
        Guards::Known(paths.collect())
    }

    fn moved(&self, loops: usize) -> Option<Moved> {
        let program = &self.program;
        Some(Moved {
            nodes: u16::try_from(program.nodes.len()).ok()?,
            children: u16::try_from(program.children.len()).ok()?,
            constants: u16::try_from(program.constants.len()).ok()?,
            kinds: u16::try_from(program.kinds.len()).ok()?,
            patterns: u16::try_from(program.patterns.len()).ok()?,
            slots: u8::try_from(loops).ok()?,
        })
    }

    fn copy(&mut self, from: &Program, moved: Moved) -> Option<()> {
        let nodes = from.nodes.iter().map(|node| node.moved(moved));
        let nodes: Option<Vec<Node>> = nodes.collect();
        let children = from
            .children
            .iter()
            .map(|child| child.checked_add(moved.nodes));
        let children: Option<Vec<Id>> = children.collect();
        self.program.nodes.extend(nodes?);
        self.program.children.extend(children?);
        self.program.constants.extend_from_slice(&from.constants);
        self.program.kinds.extend_from_slice(&from.kinds);
        self.program.patterns.extend_from_slice(&from.patterns);
        self.program.reads.extend_from_slice(&from.reads);
        Some(())
    }
}

impl Node {
    /// The same node among those of another program.
    fn moved(self, by: Moved) -> Option<Self> {
        let mut node = self;
        let mut is_whole = true;
        let mut shift = |number: &mut u16, by: u16| {
            let moved = number.checked_add(by);
            is_whole &= moved.is_some();
            *number = moved.unwrap_or_default();
        };
        match &mut node {
            Self::Root(_) | Self::Fact { .. } => {}
            Self::Constant(index) => shift(index, by.constants),
            Self::Element(slot) | Self::Column { slot, .. } => {
                *slot = slot.checked_add(by.slots)?;
            }
            Self::Field { of, .. } | Self::HasField { of, .. } => shift(of, by.nodes),
            Self::Not(of) | Self::Negate(of) | Self::IfThere(of) => shift(of, by.nodes),
            Self::Member { of, name } | Self::HasMember { of, name } => {
                shift(of, by.nodes);
                shift(name, by.constants);
            }
            Self::Is { of, text, .. } => {
                shift(of, by.nodes);
                shift(text, by.constants);
            }
            Self::Than { of, number, .. } => {
                shift(of, by.nodes);
                shift(number, by.constants);
            }
            Self::OneOf { member, list } => {
                shift(member, by.nodes);
                shift(list, by.constants);
            }
            Self::Declared { of, kind } => {
                shift(of, by.nodes);
                shift(kind, by.kinds);
            }
            Self::Matches { of, pattern } => {
                shift(of, by.nodes);
                shift(pattern, by.patterns);
            }
            Self::At { of, key } | Self::In { member: key, of } => {
                shift(of, by.nodes);
                shift(key, by.nodes);
            }
            Self::Compare { left, right, .. } | Self::Calculate { left, right, .. } => {
                shift(left, by.nodes);
                shift(right, by.nodes);
            }
            Self::Loop {
                slot, list, body, ..
            } => {
                *slot = slot.checked_add(by.slots)?;
                shift(list, by.nodes);
                shift(body, by.nodes);
            }
            Self::And { start, .. } | Self::Or { start, .. } | Self::Join { start, .. } => {
                shift(start, by.children);
            }
            Self::Call { start, .. } => shift(start, by.children),
            Self::Choice { condition, start } => {
                shift(condition, by.nodes);
                shift(start, by.children);
            }
            Self::Joined { text, start, .. } => {
                shift(text, by.nodes);
                shift(start, by.children);
            }
        }
        is_whole.then_some(node)
    }

    /// Adds the nodes that this one is made of.
    pub(super) fn parts(self, program: &Program, into: &mut Vec<Id>) {
        let mut run = |start: u16, count: u16| {
            into.extend_from_slice(program.children(start, count).unwrap_or_default());
        };
        match self {
            Self::Constant(_)
            | Self::Root(_)
            | Self::Fact { .. }
            | Self::Element(_)
            | Self::Column { .. } => {}
            Self::And { start, count }
            | Self::Or { start, count }
            | Self::Join { start, count } => {
                run(start, count);
            }
            Self::Call { start, count, .. } => run(start, count.into()),
            Self::Choice { condition, start } => {
                run(start, 2);
                into.push(condition);
            }
            Self::Joined {
                text, start, count, ..
            } => {
                run(start, count.into());
                into.push(text);
            }
            Self::Field { of, .. }
            | Self::HasField { of, .. }
            | Self::Not(of)
            | Self::IfThere(of)
            | Self::Negate(of)
            | Self::Member { of, .. }
            | Self::HasMember { of, .. }
            | Self::Is { of, .. }
            | Self::Than { of, .. }
            | Self::OneOf { member: of, .. }
            | Self::Declared { of, .. }
            | Self::Matches { of, .. } => into.push(of),
            Self::At { of, key } | Self::In { member: key, of } => into.extend([of, key]),
            Self::Compare { left, right, .. } | Self::Calculate { left, right, .. } => {
                into.extend([left, right]);
            }
            Self::Loop { list, body, .. } => into.extend([list, body]),
        }
    }
}
