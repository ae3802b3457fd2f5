//! `&&`, `||`, `!` and `?:`, and what each lets the others take for known.

use std::ops::Range;

use cel::common::ast::{EntryExpr, Expr, IdedExpr, operators};

use super::{Checker, Typed, kind};
use crate::cel::guard::Guards;
use crate::cel::{Constant, Node, Type};

impl Checker<'_, '_> {
    /// `&&`, or `||` if one that holds settles it.
    pub(super) fn logic(&mut self, tree: &IdedExpr, settles: bool) -> Option<Typed> {
        let mut trees = Vec::new();
        flatten(tree, settles, &mut trees);
        let before = self.known.len();
        let mut operands = Vec::with_capacity(trees.len());
        let mut is_whole = true;
        for operand in trees {
            match self.lower_truth(operand) {
                Some(typed) => {
                    self.mark(operand, &typed);
                    let unsettled = if settles { &typed.fails } else { &typed.holds };
                    self.known.extend_from_slice(unsettled.paths());
                    operands.push(typed);
                }
                None => is_whole = false,
            }
        }
        self.known.truncate(before);
        if !is_whole {
            return None;
        }
        self.joined_operands(tree.id, operands, settles)
    }

    fn joined_operands(
        &mut self,
        id: u64,
        mut operands: Vec<Typed>,
        settles: bool,
    ) -> Option<Typed> {
        let answer = |checker: &Self, typed: &Typed| match checker.constant(typed) {
            Some(Constant::Bool(truth)) => Some(*truth),
            _ => None,
        };
        if operands
            .iter()
            .any(|one| answer(self, one) == Some(settles))
        {
            return self.fixed(id, Constant::Bool(settles), Type::Bool);
        }
        for operand in &mut operands {
            self.report_fault(operand);
            operand.fault = None;
        }
        operands.retain(|one| answer(self, one) != Some(!settles));
        match operands.len() {
            0 => return self.fixed(id, Constant::Bool(!settles), Type::Bool),
            1 => return operands.pop(),
            _ => {}
        }
        let (mut all, mut some) = (Guards::NONE, Guards::Never);
        for operand in &operands {
            let (unsettled, settled) = if settles {
                (&operand.fails, &operand.holds)
            } else {
                (&operand.holds, &operand.fails)
            };
            all = all.and(unsettled);
            some = some.or(settled);
        }
        if !settles {
            self.spare_guards(id, &mut operands)?;
        }
        let mut typed = self.emit_logic(id, operands, settles)?;
        (typed.holds, typed.fails) = if settles { (some, all) } else { (all, some) };
        Some(typed)
    }

    fn emit_logic(&mut self, id: u64, mut operands: Vec<Typed>, settles: bool) -> Option<Typed> {
        if operands.len() == 1 {
            return operands.pop();
        }
        // Whichever comes first, the answer is the same; cheap ones often settle it.
        operands.sort_by_key(|one| one.cost);
        let parts: Vec<&Typed> = operands.iter().collect();
        let (start, count) = self.run(&parts)?;
        let node = if settles {
            Node::Or { start, count }
        } else {
            Node::And { start, count }
        };
        self.emit(id, node, Type::Bool, &parts)
    }

    /// `!`
    pub(super) fn not(&mut self, id: u64, of: &IdedExpr) -> Option<Typed> {
        let operand = self.lower_truth(of)?;
        self.mark(of, &operand);
        let (holds, fails) = (operand.fails.clone(), operand.holds.clone());
        let mut typed = self.emit(id, Node::Not(operand.node), Type::Bool, &[&operand])?;
        if self.constant(&typed).is_none() {
            (typed.holds, typed.fails) = (holds, fails);
        }
        Some(typed)
    }

    /// `?:`
    pub(super) fn choice(
        &mut self,
        id: u64,
        condition: &IdedExpr,
        one: &IdedExpr,
        other: &IdedExpr,
    ) -> Option<Typed> {
        let condition = self.lower_truth(condition);
        let none = Guards::NONE;
        let guards = condition.as_ref();
        let held = guards.map_or(&none, |typed| &typed.holds);
        let one = self.lower_knowing(held, one);
        let failed = guards.map_or(&none, |typed| &typed.fails);
        let other = self.lower_knowing(failed, other);
        let (condition, one, other) = (condition?, one?, other?);
        let Some(kind) = kind::shared(one.kind, other.kind) else {
            let (one, other) = (kind::name(one.kind), kind::name(other.kind));
            let message = format!("both arms of `?:` must have one type, found {one} and {other}");
            return self.problem(id, "expression.type", message);
        };
        match self.constant(&condition) {
            Some(Constant::Bool(true)) => return Some(one),
            Some(Constant::Bool(false)) => return Some(other),
            _ => {}
        }
        self.report_fault(&one);
        self.report_fault(&other);
        let (start, _) = self.run(&[&one, &other])?;
        let node = Node::Choice {
            condition: condition.node,
            start,
        };
        let mut typed = self.emit(id, node, kind, &[&condition, &one, &other])?;
        let (held, failed) = (&condition.holds, &condition.fails);
        typed.holds = held.and(&one.holds).or(&failed.and(&other.holds));
        typed.fails = held.and(&one.fails).or(&failed.and(&other.fails));
        typed.fault = condition.fault;
        Some(typed)
    }

    /// A part that has to be a truth value.
    pub(super) fn lower_truth(&mut self, tree: &IdedExpr) -> Option<Typed> {
        let typed = self.lower(tree)?;
        if kind::agree(typed.kind, Type::Bool) {
            return Some(typed);
        }
        let message = format!("expected bool, found {}", kind::name(typed.kind));
        self.problem(tree.id, "expression.type", message)
    }

    /// Remembers an operand and its place, so that its answer can be told.
    fn mark(&mut self, tree: &IdedExpr, typed: &Typed) {
        if !self.loops.is_empty() {
            return;
        }
        let mut words = self.source.place(tree.id);
        self.words(tree, &mut words);
        let place = self.source.operand(words);
        let start = u32::try_from(place.start).unwrap_or_default();
        let end = u32::try_from(place.end).unwrap_or_default();
        self.program.operands.push((typed.node, start..end));
    }

    /// From where the first to where the last word of a tree stands.
    fn words(&self, tree: &IdedExpr, into: &mut Range<usize>) {
        let place = self.source.place(tree.id);
        into.start = into.start.min(place.start);
        into.end = into.end.max(place.end);
        match &tree.expr {
            Expr::Select(select) => self.words(&select.operand, into),
            Expr::Call(call) => {
                let parts = call.target.as_deref().into_iter().chain(&call.args);
                parts.for_each(|part| self.words(part, into));
            }
            Expr::Comprehension(loops) => {
                self.words(&loops.iter_range, into);
                self.words(&loops.loop_step, into);
            }
            Expr::List(list) => list.elements.iter().for_each(|part| self.words(part, into)),
            Expr::Map(map) => {
                for entry in &map.entries {
                    if let EntryExpr::MapEntry(entry) = &entry.expr {
                        self.words(&entry.key, into);
                        self.words(&entry.value, into);
                    }
                }
            }
            _ => {}
        }
    }
}

/// The operands of a chain of one operator.
fn flatten<'t>(tree: &'t IdedExpr, settles: bool, into: &mut Vec<&'t IdedExpr>) {
    let name = if settles {
        operators::LOGICAL_OR
    } else {
        operators::LOGICAL_AND
    };
    match &tree.expr {
        Expr::Call(call) if call.func_name == name => {
            for operand in &call.args {
                flatten(operand, settles, into);
            }
        }
        _ => into.push(tree),
    }
}
