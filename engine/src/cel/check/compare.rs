//! Comparisons and `in`: types, closed vocabularies, and the quick ways to run them.

use cel::common::ast::IdedExpr;

use super::{Checker, Typed, kind};
use crate::cel::guard::Guards;
use crate::cel::{Comparison, Constant, Join, NamedList, Node, Type};
use crate::document::advice;

impl Checker<'_, '_> {
    /// A comparison.
    pub(super) fn compare(
        &mut self,
        id: u64,
        how: Comparison,
        left: &IdedExpr,
        right: &IdedExpr,
    ) -> Option<Typed> {
        let (place, other_place) = (left.id, right.id);
        let left = self.lower_joinable(left);
        let right = self.lower_joinable(right);
        let (left, right) = (left?, right?);
        if left.is_joined || right.is_joined {
            return self.compare_joined(id, how, left, right);
        }
        if is_equality(how) {
            self.can_equal(id, &left, &right)?;
            self.check_word(&left, &right, other_place);
            self.check_word(&right, &left, place);
        } else {
            self.can_order(id, &left, &right)?;
        }
        let parts = [&left, &right];
        let node = match (self.text_of(&left), self.text_of(&right)) {
            (None, Some(text)) if is_equality(how) => Node::Is {
                of: left.node,
                text,
                is_negated: how == Comparison::Unequal,
            },
            (Some(text), None) if is_equality(how) => Node::Is {
                of: right.node,
                text,
                is_negated: how == Comparison::Unequal,
            },
            _ => match (self.number_of(&left), self.number_of(&right)) {
                (None, Some(number)) => Node::Than {
                    how,
                    of: left.node,
                    number,
                },
                (Some(number), None) => Node::Than {
                    how: mirrored(how),
                    of: right.node,
                    number,
                },
                _ => Node::Compare {
                    how,
                    left: left.node,
                    right: right.node,
                },
            },
        };
        self.emit(id, node, Type::Bool, &parts)
    }

    fn text_of(&self, typed: &Typed) -> Option<u16> {
        self.constant_text(typed)?;
        match self.program.nodes.get(usize::from(typed.node))? {
            Node::Constant(index) => Some(*index),
            _ => None,
        }
    }

    fn number_of(&self, typed: &Typed) -> Option<u16> {
        match (self.constant(typed)?, self.node_of(typed)?) {
            (Constant::Int(_), Node::Constant(index)) => Some(index),
            _ => None,
        }
    }

    fn compare_joined(
        &mut self,
        id: u64,
        how: Comparison,
        left: Typed,
        right: Typed,
    ) -> Option<Typed> {
        let (text, joined) = if left.is_joined {
            (right, left)
        } else {
            (left, right)
        };
        let how = match how {
            Comparison::Equal => Join::Equal,
            Comparison::Unequal => Join::Unequal,
            _ => {
                let message = "texts put together can't be ordered".to_owned();
                return self.problem(id, "expression.unsupported", message);
            }
        };
        if text.is_joined {
            let message = "only one side can be texts put together".to_owned();
            return self.problem(id, "expression.unsupported", message);
        }
        self.joined(id, how, text, joined)
    }

    /// A text held against texts put together.
    pub(super) fn joined(
        &mut self,
        id: u64,
        how: Join,
        text: Typed,
        joined: Typed,
    ) -> Option<Typed> {
        // An open value that is no text is unequal in CEL, and a fault here.
        if !matches!(text.kind, Type::Text) {
            let found = kind::name(text.kind);
            let message = format!("expected string, found {found}; an open value can be declared");
            return self.problem(id, "expression.type", message);
        }
        let Some(Node::Join { start, count }) = self.node_of(&joined) else {
            return None;
        };
        let Ok(count) = u8::try_from(count) else {
            let message = "too many texts put together".to_owned();
            return self.problem(id, "expression.too_large", message);
        };
        let node = Node::Joined {
            how,
            count,
            text: text.node,
            start,
        };
        self.emit(id, node, Type::Bool, &[&text, &joined])
    }

    pub(super) fn node_of(&self, typed: &Typed) -> Option<Node> {
        self.program.nodes.get(usize::from(typed.node)).copied()
    }

    fn can_equal(&mut self, id: u64, left: &Typed, right: &Typed) -> Option<()> {
        let is_record = |typed: &Typed| matches!(typed.kind, Type::Record(_));
        if is_record(left) || is_record(right) {
            let message = "records can't be compared: name a field, or ask with `has()`";
            self.problem(id, "expression.type", message.to_owned())?;
        }
        if kind::agree(left.kind, right.kind) {
            return Some(());
        }
        let (one, other) = (kind::name(left.kind), kind::name(right.kind));
        let advice = if kind::is_number(left.kind) && kind::is_number(right.kind) {
            ": write `3`, `3u` or `3.0`, or convert one with `int()`, `uint()` or `double()`"
        } else if matches!(right.kind, Type::Null) || matches!(left.kind, Type::Null) {
            ": ask with `has()` whether it is there"
        } else {
            ""
        };
        let message = format!("{one} can't equal {other}{advice}");
        self.problem(id, "expression.type", message)?;
        None
    }

    fn can_order(&mut self, id: u64, left: &Typed, right: &Typed) -> Option<()> {
        let has_order = |kind: Type| {
            let is_plain = matches!(
                kind,
                Type::Bool
                    | Type::Text
                    | Type::Bytes
                    | Type::Timestamp
                    | Type::Duration
                    | Type::Dyn
            );
            is_plain || kind::is_number(kind)
        };
        let are_numbers = kind::is_number(left.kind) && kind::is_number(right.kind);
        let agree = are_numbers || kind::agree(left.kind, right.kind);
        if agree && has_order(left.kind) && has_order(right.kind) {
            return Some(());
        }
        let (one, other) = (kind::name(left.kind), kind::name(right.kind));
        let advice = match (left.kind, right.kind) {
            (Type::Version, _) => ": use `isLessThan` and `isGreaterThan`",
            _ => "",
        };
        let message = format!("{one} and {other} have no order{advice}");
        self.problem(id, "expression.type", message)?;
        None
    }

    /// Whether a literal is a word of a closed vocabulary.
    fn check_word(&mut self, field: &Typed, literal: &Typed, id: u64) {
        if field.words.is_empty() {
            return;
        }
        if let Some(word) = self.constant_text(literal).map(str::to_owned) {
            self.is_word(field, &word, id);
        }
    }

    fn is_word(&mut self, field: &Typed, word: &str, id: u64) {
        if field.words.contains(&word) {
            return;
        }
        let name = field.path.map(|path| self.paths.shown(path).to_owned());
        let name = name.unwrap_or_else(|| "this".to_owned());
        let advice = advice(word, field.words.iter().copied(), || {
            format!("it is one of {}", field.words.join(", "))
        });
        let message = format!("`{name}` is never `{word}`; {advice}");
        self.problem(id, "expression.word", message);
    }

    /// `in`
    pub(super) fn is_in(&mut self, id: u64, member: &IdedExpr, of: &IdedExpr) -> Option<Typed> {
        let (place, of_place) = (member.id, of.id);
        let member = self.lower(member);
        let of = self.lower(of);
        let (member, of) = (member?, of?);
        let fits = match of.kind {
            Type::Dyn => true,
            Type::List(kind) => kind::agree(member.kind, *kind),
            Type::Map(_) => kind::agree(member.kind, Type::Text),
            _ => false,
        };
        if !fits {
            let (one, other) = (kind::name(member.kind), kind::name(of.kind));
            let message = format!("{one} can't be in {other}");
            return self.problem(id, "expression.type", message);
        }
        if matches!(member.kind, Type::Record(_)) {
            let message = "records can't be compared: name a field".to_owned();
            return self.problem(id, "expression.type", message);
        }
        self.check_word(&of, &member, place);
        self.check_words_in(&member, &of, of_place);
        let guard = self.path_of_key(&of, &member);
        let node = match self.texts(&of) {
            Some(list) if !matches!(member.kind, Type::Record(_)) => Node::OneOf {
                member: member.node,
                list: self.keep(Constant::Named(list))?,
            },
            _ => Node::In {
                member: member.node,
                of: of.node,
            },
        };
        let mut typed = self.emit(id, node, Type::Bool, &[&member, &of])?;
        let scanned = self.length(&of);
        typed.cost = typed.cost.saturating_add(scanned);
        if let (Some(path), None) = (guard, self.constant(&typed)) {
            typed.holds = Guards::Known(vec![path]);
        }
        Some(typed)
    }

    fn check_words_in(&mut self, member: &Typed, of: &Typed, id: u64) {
        if member.words.is_empty() {
            return;
        }
        if let Some(list) = self.texts(of) {
            for word in list.texts() {
                self.is_word(member, word, id);
            }
        }
    }

    /// The texts of a constant list that holds nothing else.
    fn texts(&self, of: &Typed) -> Option<NamedList> {
        let members = match self.constant(of)? {
            Constant::Named(list) => return Some(list.clone()),
            Constant::List(members) => members.0.iter(),
            _ => return None,
        };
        let texts = members.map(|member| match member {
            Constant::Text(text) => Some(text.to_string()),
            _ => None,
        });
        let texts: Option<Vec<String>> = texts.collect();
        texts.map(NamedList::from)
    }
}

const fn is_equality(how: Comparison) -> bool {
    matches!(how, Comparison::Equal | Comparison::Unequal)
}

/// The comparison that says the same with its sides exchanged.
const fn mirrored(how: Comparison) -> Comparison {
    match how {
        Comparison::Less => Comparison::Greater,
        Comparison::LessOrEqual => Comparison::GreaterOrEqual,
        Comparison::Greater => Comparison::Less,
        Comparison::GreaterOrEqual => Comparison::LessOrEqual,
        same => same,
    }
}
