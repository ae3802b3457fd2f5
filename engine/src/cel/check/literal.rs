//! Literals: plain ones, and lists and maps of what needs no facts.

use cel::common::ast::{EntryExpr, IdedExpr, ListExpr, LiteralValue, MapExpr};

use super::{Checker, Typed, kind};
use crate::cel::{Constant, Members, Node, Pairs, Type};

impl Checker<'_, '_> {
    /// A plain literal.
    pub(super) fn literal(&mut self, id: u64, literal: &LiteralValue) -> Option<Typed> {
        let (constant, kind) = match literal {
            LiteralValue::Boolean(value) => (Constant::Bool(*value.inner()), Type::Bool),
            LiteralValue::Bytes(value) => (Constant::Bytes(value.inner().into()), Type::Bytes),
            LiteralValue::Double(value) => (Constant::Double(*value.inner()), Type::Double),
            LiteralValue::Int(value) => (Constant::Int(*value.inner()), Type::Int),
            LiteralValue::Null => (Constant::Null, Type::Null),
            LiteralValue::String(value) => (Constant::Text(value.inner().into()), Type::Text),
            LiteralValue::UInt(value) => (Constant::Uint(*value.inner()), Type::Uint),
        };
        self.fixed(id, constant, kind)
    }

    /// A constant as a part.
    pub(super) fn fixed(&mut self, id: u64, constant: Constant, kind: Type) -> Option<Typed> {
        let mut typed = self.emit(id, Node::Constant(0), kind, &[])?;
        self.replace(&mut typed, constant);
        Some(typed)
    }

    /// A list.
    pub(super) fn list(&mut self, id: u64, list: &ListExpr) -> Option<Typed> {
        let mut members = Vec::with_capacity(list.elements.len());
        let mut kinds = Vec::with_capacity(list.elements.len());
        let mut is_whole = true;
        for element in &list.elements {
            match self.fixed_part(element) {
                Some((constant, kind)) => {
                    members.push(constant);
                    kinds.push(kind);
                }
                None => is_whole = false,
            }
        }
        if !is_whole {
            return None;
        }
        let kind = kind::list_of(same_kind(&kinds));
        self.fixed(id, Constant::List(Members(members.into())), kind)
    }

    /// A map.
    pub(super) fn map(&mut self, id: u64, map: &MapExpr) -> Option<Typed> {
        let mut pairs: Vec<(Box<str>, Constant)> = Vec::with_capacity(map.entries.len());
        let mut kinds = Vec::with_capacity(map.entries.len());
        for entry in &map.entries {
            let EntryExpr::MapEntry(entry) = &entry.expr else {
                continue;
            };
            let key = self.fixed_part(&entry.key);
            let value = self.fixed_part(&entry.value);
            let (Some((Constant::Text(key), _)), Some((value, kind))) = (key, value) else {
                let message = "expected texts as keys of a map".to_owned();
                return self.problem(entry.key.id, "expression.unsupported", message);
            };
            if pairs.iter().any(|(other, _)| *other == key) {
                let message = format!("the key `{key}` stands twice");
                return self.problem(id, "expression.fails", message);
            }
            pairs.push((key, value));
            kinds.push(kind);
        }
        let kind = kind::map_of(same_kind(&kinds));
        self.fixed(id, Constant::Map(Pairs(pairs.into())), kind)
    }

    fn fixed_part(&mut self, tree: &IdedExpr) -> Option<(Constant, Type)> {
        let typed = self.lower(tree)?;
        self.report_fault(&typed);
        if typed.fault.is_some() {
            return None;
        }
        if let Some(constant) = self.constant(&typed) {
            return Some((constant.clone(), typed.kind));
        }
        let message = "lists and maps can only hold what needs no facts; compare one by one";
        self.problem(tree.id, "expression.unsupported", message.to_owned());
        None
    }
}

/// The type that all have, or `Dyn`.
fn same_kind(kinds: &[Type]) -> Type {
    let mut rest = kinds.iter();
    let Some(first) = rest.next() else {
        return Type::Dyn;
    };
    let is_same = |kind: &Type| std::mem::discriminant(kind) == std::mem::discriminant(first);
    if rest.all(is_same) { *first } else { Type::Dyn }
}
