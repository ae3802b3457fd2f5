//! `exists`, `all`, `exists_one`, and `size()` of a `filter`.

use cel::common::ast::{CallExpr, ComprehensionExpr, Expr, IdedExpr, LiteralValue, operators};

use super::inline::parts;
use super::{Checker, Typed, Variable, kind};
use crate::cel::{Constant, Node, Quantifier, Type};
use crate::limits;

impl Checker<'_, '_> {
    /// What the parser made of a macro.
    pub(super) fn comprehension(&mut self, id: u64, tree: &ComprehensionExpr) -> Option<Typed> {
        let Some((how, body)) = asked(tree) else {
            let message = "`map` and `filter` make lists, of which only `size()` can be asked: \
                           write `exists` or `all`";
            return self.problem(id, "expression.unsupported", message.to_owned());
        };
        self.each(id, how, tree, body)
    }

    /// `size()` of a `filter`, if that is what the argument is.
    pub(super) fn size_of_filter(&mut self, id: u64, argument: &IdedExpr) -> Option<Option<Typed>> {
        let Expr::Comprehension(tree) = &argument.expr else {
            return None;
        };
        let body = filtered(tree)?;
        Some(self.each(id, Quantifier::Count, tree, body))
    }

    fn each(
        &mut self,
        id: u64,
        how: Quantifier,
        tree: &ComprehensionExpr,
        body: &IdedExpr,
    ) -> Option<Typed> {
        let list = self.lower(&tree.iter_range)?;
        let member = match list.kind {
            Type::List(kind) => *kind,
            Type::Map(_) => Type::Text,
            Type::Dyn => Type::Dyn,
            other => {
                let message = format!("expected a list or a map, found {}", kind::name(other));
                return self.problem(tree.iter_range.id, "expression.type", message);
            }
        };
        let Some(slot) = self.free_slot() else {
            let most = limits::EXPRESSION_LOOPS;
            let message = format!("expected at most {most} loops in one another");
            return self.problem(id, "expression.cost", message);
        };
        let path = self
            .paths
            .variable(&tree.iter_var, self.loops_so_far, list.path);
        self.loops_so_far = self.loops_so_far.saturating_add(1);
        let before = self.known.len();
        if let Some(value) = self.paths.value_at(&list, path) {
            self.known.push(value);
        }
        self.loops.push(Variable {
            name: tree.iter_var.clone(),
            kind: member,
            words: list.words,
            path,
            slot,
        });
        let body = self.lower_truth(body);
        self.loops.pop();
        self.known.truncate(before);
        let body = body?;
        self.report_fault(&body);
        self.emit_loop(id, how, slot, &list, &body)
    }

    fn emit_loop(
        &mut self,
        id: u64,
        how: Quantifier,
        slot: u8,
        list: &Typed,
        body: &Typed,
    ) -> Option<Typed> {
        let node = Node::Loop {
            how,
            slot,
            list: list.node,
            body: body.node,
        };
        let kind = if how == Quantifier::Count {
            Type::Int
        } else {
            Type::Bool
        };
        let is_fixed = self.constant(list).is_some() && !self.reads_facts(body.node);
        let mut typed = self.emit(id, node, kind, &[list, body])?;
        let rounds = self.length(list).max(1);
        let each = body.cost.saturating_add(1);
        typed.cost = list.cost.saturating_add(rounds.saturating_mul(each));
        typed.is_folded = false;
        typed.fault = list.fault;
        if is_fixed && self.loops.is_empty() && self.constant(&typed).is_none() {
            self.fold(id, &mut typed);
        }
        Some(typed)
    }

    fn free_slot(&mut self) -> Option<u8> {
        let slot = u8::try_from(self.loops.len()).ok()?;
        if self.loops.len() >= limits::EXPRESSION_LOOPS {
            return None;
        }
        self.deepest_loop = self.deepest_loop.max(slot.saturating_add(1));
        Some(slot)
    }

    /// How long a list is, or is taken to be.
    pub(super) fn length(&self, list: &Typed) -> u32 {
        let length = match self.constant(list) {
            Some(Constant::List(members)) => members.0.len(),
            Some(Constant::Map(pairs)) => pairs.0.len(),
            // Searched by halves, or gone through by those who wrote it so.
            Some(Constant::Named(list)) => list.texts().len().min(limits::EXPRESSION_LIST as usize),
            _ => limits::EXPRESSION_LIST as usize,
        };
        u32::try_from(length).unwrap_or(u32::MAX)
    }

    /// Whether working out a node asks for any fact.
    fn reads_facts(&self, node: u16) -> bool {
        let mut rest = vec![node];
        while let Some(id) = rest.pop() {
            let Ok(node) = self.program.node(id) else {
                return true;
            };
            if matches!(node, Node::Root(_) | Node::Fact { .. }) {
                return true;
            }
            parts(node, &self.program, &mut rest);
        }
        false
    }
}

/// Which macro the parser expanded, and its condition.
fn asked(tree: &ComprehensionExpr) -> Option<(Quantifier, &IdedExpr)> {
    let step = call(&tree.loop_step)?;
    match (&tree.accu_init.expr, step.func_name.as_str()) {
        (Expr::Literal(LiteralValue::Boolean(_)), operators::LOGICAL_OR) => {
            Some((Quantifier::Exists, step.args.get(1)?))
        }
        (Expr::Literal(LiteralValue::Boolean(_)), operators::LOGICAL_AND) => {
            Some((Quantifier::All, step.args.get(1)?))
        }
        (Expr::Literal(LiteralValue::Int(_)), operators::CONDITIONAL) => {
            Some((Quantifier::ExistsOne, step.args.first()?))
        }
        _ => None,
    }
}

/// The condition of a `filter`: a `map` with a condition adds something else.
fn filtered(tree: &ComprehensionExpr) -> Option<&IdedExpr> {
    let step = call(&tree.loop_step).filter(|step| step.func_name == operators::CONDITIONAL)?;
    let [condition, added, _] = step.args.as_slice() else {
        return None;
    };
    let Some(Expr::List(list)) = call(added)?.args.get(1).map(|one| &one.expr) else {
        return None;
    };
    let [one] = list.elements.as_slice() else {
        return None;
    };
    let is_itself = matches!(&one.expr, Expr::Ident(name) if *name == tree.iter_var);
    is_itself.then_some(condition)
}

fn call(tree: &IdedExpr) -> Option<&CallExpr> {
    match &tree.expr {
        Expr::Call(call) => Some(call),
        _ => None,
    }
}
