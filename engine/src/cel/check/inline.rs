//! An expression that another names is copied into it.

use super::{Checker, Typed};
use crate::cel::guard::Guards;
use crate::cel::{Id, Node, Program};
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
        let nodes = from.nodes.iter().map(|node| shifted(*node, moved));
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

/// The same node among those of another program.
fn shifted(node: Node, by: Moved) -> Option<Node> {
    let mut node = node;
    let mut is_whole = true;
    let mut shift = |number: &mut u16, by: u16| {
        let moved = number.checked_add(by);
        is_whole &= moved.is_some();
        *number = moved.unwrap_or_default();
    };
    match &mut node {
        Node::Root(_) | Node::Fact { .. } => {}
        Node::Constant(index) => shift(index, by.constants),
        Node::Element(slot) | Node::Column { slot, .. } => {
            *slot = slot.checked_add(by.slots)?;
        }
        Node::Field { of, .. } | Node::HasField { of, .. } => shift(of, by.nodes),
        Node::Not(of) | Node::Negate(of) | Node::IfThere(of) => shift(of, by.nodes),
        Node::Member { of, name } | Node::HasMember { of, name } => {
            shift(of, by.nodes);
            shift(name, by.constants);
        }
        Node::Is { of, text, .. } => {
            shift(of, by.nodes);
            shift(text, by.constants);
        }
        Node::Than { of, number, .. } => {
            shift(of, by.nodes);
            shift(number, by.constants);
        }
        Node::OneOf { member, list } => {
            shift(member, by.nodes);
            shift(list, by.constants);
        }
        Node::Declared { of, kind } => {
            shift(of, by.nodes);
            shift(kind, by.kinds);
        }
        Node::Matches { of, pattern } => {
            shift(of, by.nodes);
            shift(pattern, by.patterns);
        }
        Node::At { of, key } | Node::In { member: key, of } => {
            shift(of, by.nodes);
            shift(key, by.nodes);
        }
        Node::Compare { left, right, .. } | Node::Calculate { left, right, .. } => {
            shift(left, by.nodes);
            shift(right, by.nodes);
        }
        Node::Loop {
            slot, list, body, ..
        } => {
            *slot = slot.checked_add(by.slots)?;
            shift(list, by.nodes);
            shift(body, by.nodes);
        }
        Node::And { start, .. } | Node::Or { start, .. } | Node::Join { start, .. } => {
            shift(start, by.children);
        }
        Node::Call { start, .. } => shift(start, by.children),
        Node::Choice { condition, start } => {
            shift(condition, by.nodes);
            shift(start, by.children);
        }
        Node::Joined { text, start, .. } => {
            shift(text, by.nodes);
            shift(start, by.children);
        }
    }
    is_whole.then_some(node)
}

/// Adds the nodes that this one is made of.
pub(super) fn parts(node: Node, program: &Program, into: &mut Vec<Id>) {
    let mut run = |start: u16, count: u16| {
        into.extend_from_slice(program.children(start, count).unwrap_or_default());
    };
    match node {
        Node::Constant(_)
        | Node::Root(_)
        | Node::Fact { .. }
        | Node::Element(_)
        | Node::Column { .. } => {}
        Node::And { start, count } | Node::Or { start, count } | Node::Join { start, count } => {
            run(start, count);
        }
        Node::Call { start, count, .. } => run(start, count.into()),
        Node::Choice { condition, start } => {
            run(start, 2);
            into.push(condition);
        }
        Node::Joined {
            text, start, count, ..
        } => {
            run(start, count.into());
            into.push(text);
        }
        Node::Field { of, .. }
        | Node::HasField { of, .. }
        | Node::Not(of)
        | Node::IfThere(of)
        | Node::Negate(of)
        | Node::Member { of, .. }
        | Node::HasMember { of, .. }
        | Node::Is { of, .. }
        | Node::Than { of, .. }
        | Node::OneOf { member: of, .. }
        | Node::Declared { of, .. }
        | Node::Matches { of, .. } => into.push(of),
        Node::At { of, key } | Node::In { member: key, of } => into.extend([of, key]),
        Node::Compare { left, right, .. } | Node::Calculate { left, right, .. } => {
            into.extend([left, right]);
        }
        Node::Loop { list, body, .. } => into.extend([list, body]),
    }
}
