//! Guards that an operand can do without: `has(a.b) && a.b == 'x'` looks `a.b` up once.
//!
//! INVARIANT (same answers, same faults): a guard is spared only where the operand reads nothing
//! that can be absent but what plain guards beside it ask for. Where that is absent, the guard
//! would have made the whole false, and so does the operand now.

use super::{Checker, Typed};
use crate::cel::{Constant, Id, Node};

impl Checker<'_, '_> {
    /// Drops what guards of `&&` an operand can do without.
    pub(super) fn spare_guards(&mut self, id: u64, operands: &mut Vec<Typed>) -> Option<()> {
        let mut place = 0;
        while let Some(operand) = operands.get(place) {
            let guards = self.spared_by(operand.node, operands);
            place = place.saturating_add(1);
            let Some(guards) = guards else {
                continue;
            };
            let node = self.add(id, Node::IfThere(operand.node))?;
            if let Some(operand) = operands.get_mut(place.saturating_sub(1)) {
                operand.node = node;
                operand.cost = operand.cost.saturating_add(1);
            }
            let before = operands.len();
            operands.retain(|one| !guards.contains(&one.node));
            place = place.saturating_sub(before.saturating_sub(operands.len()));
        }
        Some(())
    }

    /// The guards beside a comparison with a constant that ask for all that it reads.
    fn spared_by(&self, node: Id, operands: &[Typed]) -> Option<Vec<Id>> {
        let mut read = match self.program.node(node).ok()? {
            Node::Is { of, .. } | Node::Than { of, .. } | Node::OneOf { member: of, .. } => of,
            _ => return None,
        };
        let mut guards = Vec::new();
        loop {
            read = match self.program.node(read).ok()? {
                Node::Member { of, name } => {
                    let beside = operands.iter().map(|one| one.node);
                    let mut asking = beside.filter(|guard| self.asks_for(*guard, of, name));
                    guards.push(asking.next()?);
                    guards.extend(asking);
                    of
                }
                Node::Declared { of, .. } => of,
                Node::Root(_) if !guards.is_empty() => return Some(guards),
                Node::Fact { root, field } if !guards.is_empty() => {
                    return (!self.is_optional(root, field)?).then_some(guards);
                }
                _ => return None,
            };
        }
    }

    fn asks_for(&self, guard: Id, of: Id, name: u16) -> bool {
        match self.program.node(guard) {
            Ok(Node::HasMember {
                of: other,
                name: own,
            }) => self.is_same_text(own, name) && self.is_same(other, of),
            _ => false,
        }
    }

    fn is_optional(&self, root: u16, field: u16) -> Option<bool> {
        let root = self.environment.roots.get(usize::from(root))?;
        match root.kind {
            super::Type::Record(record) => {
                let field = record.fields.get(usize::from(field))?;
                Some(field.is_optional)
            }
            _ => None,
        }
    }

    fn is_same_text(&self, one: u16, other: u16) -> bool {
        let text = |index: u16| match self.program.constants.get(usize::from(index)) {
            Some(Constant::Text(text)) => Some(text),
            _ => None,
        };
        text(one).is_some() && text(one) == text(other)
    }

    /// Whether two nodes read the same fact by the same names.
    fn is_same(&self, one: Id, other: Id) -> bool {
        match (self.program.node(one), self.program.node(other)) {
            (Ok(Node::Root(one)), Ok(Node::Root(other))) => one == other,
            (
                Ok(Node::Fact { root, field }),
                Ok(Node::Fact {
                    root: other,
                    field: own,
                }),
            ) => root == other && field == own,
            (
                Ok(Node::Member { of, name }),
                Ok(Node::Member {
                    of: other,
                    name: own,
                }),
            ) => self.is_same_text(name, own) && self.is_same(of, other),
            _ => false,
        }
    }
}
