//! Calculations: which types they take, and texts put together.

use cel::common::ast::IdedExpr;

use super::{Checker, Typed, kind};
use crate::cel::{Calculation, Constant, Members, Node, Type};

impl Checker<'_, '_> {
    /// `+`, `-`, `*`, `/` and `%`.
    pub(super) fn calculate(
        &mut self,
        id: u64,
        how: Calculation,
        left: &IdedExpr,
        right: &IdedExpr,
    ) -> Option<Typed> {
        let left = self.lower_joinable(left);
        let right = self.lower_joinable(right);
        let (left, right) = (left?, right?);
        let is_text = |kind| matches!(kind, Type::Text);
        if how == Calculation::Add && (is_text(left.kind) || is_text(right.kind)) {
            return self.join(id, left, right);
        }
        if how == Calculation::Add
            && let Some(constant) = self.put_together(&left, &right)
        {
            let kind = kind::shared(left.kind, right.kind).unwrap_or(Type::List(&Type::Dyn));
            return self.fixed(id, constant, kind);
        }
        let Some(kind) = result(how, left.kind, right.kind) else {
            return self.cannot_calculate(id, how, &left, &right);
        };
        let node = Node::Calculate {
            how,
            left: left.node,
            right: right.node,
        };
        self.emit(id, node, kind, &[&left, &right])
    }

    fn cannot_calculate(
        &mut self,
        id: u64,
        how: Calculation,
        left: &Typed,
        right: &Typed,
    ) -> Option<Typed> {
        let (one, other) = (kind::name(left.kind), kind::name(right.kind));
        let sign = match how {
            Calculation::Add => "+",
            Calculation::Subtract => "-",
            Calculation::Multiply => "*",
            Calculation::Divide => "/",
            Calculation::Remainder => "%",
        };
        let is_open = kind::is_open(left.kind) || kind::is_open(right.kind);
        let advice = if is_open {
            ": convert the open value, for example with `int()`, or declare its type"
        } else if kind::is_number(left.kind) && kind::is_number(right.kind) {
            ": convert one of them with `int()`, `uint()` or `double()`"
        } else {
            ""
        };
        let message = format!("`{sign}` does not take {one} and {other}{advice}");
        self.problem(id, "expression.type", message)
    }

    /// Texts put together.
    fn join(&mut self, id: u64, left: Typed, right: Typed) -> Option<Typed> {
        for part in [&left, &right] {
            if !matches!(part.kind, Type::Text) {
                return self.cannot_calculate(id, Calculation::Add, &left, &right);
            }
        }
        if let (Some(one), Some(two)) = (self.constant_text(&left), self.constant_text(&right)) {
            let text = [one, two].concat();
            return self.fixed(id, Constant::Text(text.into()), Type::Text);
        }
        let mut ids = self.parts_of(&left);
        ids.extend(self.parts_of(&right));
        let start = u16::try_from(self.program.children.len()).ok()?;
        let count = u16::try_from(ids.len()).ok()?;
        self.program.children.extend(ids);
        let mut typed = self.emit(
            id,
            Node::Join { start, count },
            Type::Text,
            &[&left, &right],
        )?;
        typed.is_joined = true;
        Some(typed)
    }

    fn parts_of(&self, typed: &Typed) -> Vec<u16> {
        match self.node_of(typed) {
            Some(Node::Join { start, count }) => {
                let children = self.program.children(start, count);
                children.unwrap_or_default().to_vec()
            }
            _ => vec![typed.node],
        }
    }

    /// Bytes and lists that are constants, put together.
    fn put_together(&self, left: &Typed, right: &Typed) -> Option<Constant> {
        match (self.constant(left)?, self.constant(right)?) {
            (Constant::Bytes(one), Constant::Bytes(two)) => {
                Some(Constant::Bytes([&**one, &**two].concat().into()))
            }
            (Constant::List(one), Constant::List(two)) => {
                kind::agree(left.kind, right.kind).then(|| {
                    let members = one.0.iter().chain(&two.0).cloned();
                    Constant::List(Members(members.collect()))
                })
            }
            _ => None,
        }
    }

    /// Unary `-`.
    pub(super) fn negate(&mut self, id: u64, of: &IdedExpr) -> Option<Typed> {
        let of = self.lower(of)?;
        if !matches!(of.kind, Type::Int | Type::Double | Type::Dyn) {
            let message = format!("`-` does not take {}", kind::name(of.kind));
            return self.problem(id, "expression.type", message);
        }
        self.emit(id, Node::Negate(of.node), of.kind, &[&of])
    }
}

/// The type of what a calculation gives, if it takes these.
fn result(how: Calculation, left: Type, right: Type) -> Option<Type> {
    use Calculation::{Add, Remainder, Subtract};
    use Type::{Double, Duration, Dyn, Int, Timestamp, Uint};
    Some(match (left, right) {
        (Int, Int) => Int,
        (Uint, Uint) => Uint,
        (Double, Double | Dyn) | (Dyn, Double) if how != Remainder => Double,
        (Timestamp, Duration) if matches!(how, Add | Subtract) => Timestamp,
        (Duration, Timestamp) if how == Add => Timestamp,
        (Timestamp, Timestamp) if how == Subtract => Duration,
        (Duration, Duration) if matches!(how, Add | Subtract) => Duration,
        _ => return None,
    })
}
