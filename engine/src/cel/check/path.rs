//! Names: facts, their fields, keys of maps, what loops look at, lists and other expressions.
//!
//! INVARIANT (guarded): what can be absent is read only where `has()` has said that it is
//! there, by the same path; else the expression is refused with the guard to write.

use cel::common::ast::{Expr, IdedExpr, SelectExpr};

use super::{Checker, Typed, kind};
use crate::cel::guard::Guards;
use crate::cel::{Constant, Field, Node, Record, Type};
use crate::document::{advice, nearest};

/// All paths that an expression names, by number.
#[derive(Default)]
pub struct Paths(Vec<Path>);

struct Path {
    /// Tells it from all others.
    key: String,
    /// As it is written.
    shown: String,
    /// The names from a fact to it; of what a loop looks at, those of the list.
    names: Vec<String>,
}

impl Paths {
    fn intern(&mut self, path: Path) -> Option<u16> {
        let found = self.0.iter().position(|other| other.key == path.key);
        let index = found.unwrap_or(self.0.len());
        if found.is_none() {
            self.0.push(path);
        }
        u16::try_from(index).ok()
    }

    fn get(&self, path: u16) -> Option<&Path> {
        self.0.get(usize::from(path))
    }

    /// What tells it from all others.
    pub fn key(&self, path: u16) -> &str {
        self.get(path).map_or("", |path| &path.key)
    }

    /// As it is written.
    pub fn shown(&self, path: u16) -> &str {
        self.get(path).map_or("", |path| &path.shown)
    }

    /// The keys of paths that do not hang on what a loop looks at.
    pub fn keys(&self, guards: &Guards) -> Vec<String> {
        let keys = guards.paths().iter().map(|path| self.key(*path));
        keys.filter(|key| !key.contains('@'))
            .map(str::to_owned)
            .collect()
    }

    /// A path that an earlier expression named.
    pub fn known(&mut self, key: &str) -> Option<u16> {
        self.intern(Path {
            key: key.to_owned(),
            shown: key.replace('\u{1f}', "."),
            names: key.split('\u{1f}').map(str::to_owned).collect(),
        })
    }

    fn fact(&mut self, name: &str) -> Option<u16> {
        self.known(name)
    }

    /// What a loop looks at.
    pub fn variable(&mut self, name: &str, serial: usize, list: Option<u16>) -> u16 {
        let names = list
            .and_then(|list| self.get(list))
            .map(|list| list.names.clone());
        let path = Path {
            key: format!("@{serial}"),
            shown: name.to_owned(),
            names: names.unwrap_or_default(),
        };
        self.intern(path).unwrap_or_default()
    }

    fn below(&mut self, of: u16, name: &str) -> Option<u16> {
        let of = self.get(of)?;
        let mut names = of.names.clone();
        names.push(name.to_owned());
        let shown = if is_identifier(name) {
            format!("{}.{name}", of.shown)
        } else {
            format!("{}['{name}']", of.shown)
        };
        let key = format!("{}\u{1f}{name}", of.key);
        self.intern(Path { key, shown, names })
    }

    fn at(&mut self, of: u16, index: &str) -> Option<u16> {
        let of = self.get(of)?;
        let path = Path {
            key: format!("{}\u{1f}[{index}]", of.key),
            shown: format!("{}[{index}]", of.shown),
            names: of.names.clone(),
        };
        self.intern(path)
    }

    /// The value of a key that is only known when it is read.
    fn value(&mut self, of: u16, key: u16) -> Option<u16> {
        let (of, key) = (self.get(of)?, self.get(key)?);
        let path = Path {
            key: format!("{}\u{1f}[{}]", of.key, key.key),
            shown: format!("{}[{}]", of.shown, key.shown),
            names: of.names.clone(),
        };
        self.intern(path)
    }

    /// The value that a key has which a loop over a map looks at.
    pub fn value_at(&mut self, map: &Typed, key: u16) -> Option<u16> {
        match map.kind {
            Type::Map(_) | Type::Dyn => self.value(map.path?, key),
            _ => None,
        }
    }
}

fn is_identifier(name: &str) -> bool {
    let is_word = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    !name.starts_with(|first: char| first.is_ascii_digit())
        && !name.is_empty()
        && name.bytes().all(is_word)
}

impl Checker<'_, '_> {
    /// A path, and that it is read.
    pub(super) fn path(&mut self, tree: &IdedExpr) -> Option<Typed> {
        let typed = self.step(tree)?;
        self.is_read(&typed);
        Some(typed)
    }

    fn is_read(&mut self, typed: &Typed) {
        let path = typed.path.and_then(|path| self.paths.get(path));
        if let Some(path) = path.filter(|path| !path.names.is_empty()) {
            self.program.reads.push(path.names.join("."));
        }
    }

    fn step(&mut self, tree: &IdedExpr) -> Option<Typed> {
        match &tree.expr {
            Expr::Ident(name) => self.name(tree.id, name),
            Expr::Select(select) if select.test => self.has(tree.id, select),
            Expr::Select(select) => self.select(tree.id, select),
            Expr::Call(call) if call.func_name == "_[_]" => match call.args.as_slice() {
                [of, key] => self.index(tree.id, of, key),
                _ => None,
            },
            _ => self.lower(tree),
        }
    }

    /// Whether a name alone means something.
    pub(super) fn is_named(&self, name: &str) -> bool {
        let is_root = self.environment.roots.iter().any(|root| root.name == name);
        is_root || self.loops.iter().any(|one| one.name == name)
    }

    fn name(&mut self, id: u64, name: &str) -> Option<Typed> {
        if let Some(variable) = self.loops.iter().rev().find(|one| one.name == name) {
            let (kind, words) = (variable.kind, variable.words);
            let (path, slot) = (variable.path, variable.slot);
            let mut typed = self.emit(id, Node::Element(slot), kind, &[])?;
            (typed.path, typed.words) = (Some(path), words);
            return self.read_as(id, kind, typed);
        }
        let roots = self.environment.roots;
        let Some(place) = roots.iter().position(|root| root.name == name) else {
            return self.unknown_name(id, name);
        };
        let field = roots.get(place)?;
        let root = u16::try_from(place).ok()?;
        let mut typed = self.emit(id, Node::Root(root), field.kind, &[])?;
        typed.words = field.words;
        typed.path = self.paths.fact(name);
        if field.is_optional {
            self.must_be_known(id, &typed)?;
        }
        Some(typed)
    }

    fn unknown_name(&mut self, id: u64, name: &str) -> Option<Typed> {
        if name == "lists" || name == "vars" {
            let message = format!("expected `{name}.` and a name");
            return self.problem(id, "expression.unknown_field", message);
        }
        let roots = self.environment.roots.iter().map(|root| root.name);
        let variables = self.loops.iter().map(|one| one.name.as_str());
        let words = roots.clone().chain(variables).chain(["lists", "vars"]);
        let advice = advice(name, words, || {
            format!("there are {}", roots.collect::<Vec<_>>().join(", "))
        });
        let message = format!("there is no `{name}`; {advice}");
        self.problem(id, "expression.unknown_field", message)
    }

    /// A field of a record or the value of a key.
    fn select(&mut self, id: u64, select: &SelectExpr) -> Option<Typed> {
        if let Expr::Ident(space) = &select.operand.expr
            && !self.is_named(space)
        {
            match space.as_str() {
                "lists" => return self.named_list(id, &select.field),
                "vars" => return self.variable(id, &select.field),
                _ => {}
            }
        }
        let of = self.step(&select.operand)?;
        self.below(id, of, &select.field)
    }

    fn below(&mut self, id: u64, of: Typed, name: &str) -> Option<Typed> {
        let path = of.path.and_then(|path| self.paths.below(path, name));
        let mut typed = match of.kind {
            Type::Record(record) => {
                let (index, field) = self.field(id, record, name)?;
                let node = match self.node_of(&of) {
                    Some(Node::Root(root)) => Node::Fact { root, field: index },
                    Some(Node::Element(slot)) => Node::Column { slot, field: index },
                    _ => Node::Field {
                        of: of.node,
                        field: index,
                    },
                };
                let mut typed = self.emit(id, node, field.kind, &[&of])?;
                (typed.path, typed.words) = (path, field.words);
                if !field.is_optional {
                    return Some(typed);
                }
                typed
            }
            Type::Map(kind) => self.member(id, &of, name, *kind)?,
            Type::Dyn => self.member(id, &of, name, Type::Dyn)?,
            other => {
                let message = format!("{} has no fields", kind::name(other));
                return self.problem(id, "expression.type", message);
            }
        };
        typed.path = path;
        if self.constant(&of).is_none() {
            self.must_be_known(id, &typed)?;
        }
        match (of.kind, self.declared(path)) {
            (Type::Dyn, Some(kind)) => self.read_declared(id, kind, typed),
            (Type::Map(kind), _) => self.read_as(id, *kind, typed),
            _ => Some(typed),
        }
    }

    fn member(&mut self, id: u64, of: &Typed, name: &str, kind: Type) -> Option<Typed> {
        let name = self.keep_text(name)?;
        let node = Node::Member { of: of.node, name };
        self.emit(id, node, kind, &[of])
    }

    fn field(
        &mut self,
        id: u64,
        record: &'static Record,
        name: &str,
    ) -> Option<(u16, &'static Field)> {
        let place = record.fields.iter().position(|field| field.name == name);
        if let Some(place) = place {
            return Some((u16::try_from(place).ok()?, record.fields.get(place)?));
        }
        let names = record.fields.iter().map(|field| field.name);
        let advice = advice(name, names.clone(), || {
            format!("it has {}", names.collect::<Vec<_>>().join(", "))
        });
        let message = format!("`{}` has no field `{name}`; {advice}", record.name);
        self.problem(id, "expression.unknown_field", message)?;
        None
    }

    /// The type that a path below an open value was declared to have.
    fn declared(&self, path: Option<u16>) -> Option<Type> {
        let names = &self.paths.get(path?)?.names;
        let mut declared = self.environment.declared.iter();
        let found = declared.find(|(path, _)| path == names);
        found.map(|(_, kind)| *kind)
    }

    fn read_declared(&mut self, id: u64, kind: Type, of: Typed) -> Option<Typed> {
        if matches!(kind, Type::Dyn) {
            return Some(of);
        }
        let index = u16::try_from(self.program.kinds.len()).ok()?;
        self.program.kinds.push(kind);
        let node = Node::Declared {
            of: of.node,
            kind: index,
        };
        let mut typed = self.emit(id, node, kind, &[&of])?;
        (typed.path, typed.words) = (of.path, of.words);
        Some(typed)
    }

    /// What comes out of a list or map that may have been an open value.
    fn read_as(&mut self, id: u64, kind: Type, of: Typed) -> Option<Typed> {
        if kind::has_to_be_read(kind) && self.constant(&of).is_none() {
            self.read_declared(id, kind, of)
        } else {
            Some(of)
        }
    }

    /// Refuses a path that may be absent where nothing has said that it is there.
    fn must_be_known(&mut self, id: u64, typed: &Typed) -> Option<()> {
        if typed.path.is_some_and(|path| self.known.contains(&path)) {
            return Some(());
        }
        let shown = typed.path.map(|path| self.paths.shown(path).to_owned());
        let message = match shown {
            Some(shown) => {
                let guard = guard_of(&shown);
                format!(
                    "`{shown}` can be absent: write `{guard} && …` before it, or `!{guard} || …`"
                )
            }
            None => "this can be absent and has no path by which `has()` could ask for it".into(),
        };
        self.problem(id, "expression.unguarded", message)?;
        None
    }

    /// `has()`
    fn has(&mut self, id: u64, select: &SelectExpr) -> Option<Typed> {
        let of = self.step(&select.operand)?;
        let name = select.field.as_str();
        let path = of.path.and_then(|path| self.paths.below(path, name));
        let node = match of.kind {
            Type::Record(record) => Node::HasField {
                of: of.node,
                field: self.field(id, record, name)?.0,
            },
            Type::Map(_) | Type::Dyn => Node::HasMember {
                of: of.node,
                name: self.keep_text(name)?,
            },
            other => {
                let message = format!("{} has no fields", kind::name(other));
                return self.problem(id, "expression.type", message);
            }
        };
        let mut typed = self.emit(id, node, Type::Bool, &[&of])?;
        if let (Some(path), None) = (path, self.constant(&typed)) {
            typed.holds = Guards::Known(vec![path]);
            let names = self.paths.get(path).map(|path| path.names.join("."));
            self.program.reads.extend(names);
        }
        Some(typed)
    }

    /// `[]`
    fn index(&mut self, id: u64, of: &IdedExpr, key: &IdedExpr) -> Option<Typed> {
        let of = self.step(of);
        let key = self.lower(key);
        let (of, key) = (of?, key?);
        let text = self.constant_text(&key).map(str::to_owned);
        let kind = match (of.kind, text) {
            (Type::Record(_) | Type::Map(_) | Type::Dyn, Some(name)) => {
                return self.below(id, of, &name);
            }
            (Type::List(kind), _) if kind::agree(key.kind, Type::Int) => *kind,
            (Type::Map(kind), _) if kind::agree(key.kind, Type::Text) => *kind,
            (Type::Dyn, _)
                if matches!(key.kind, Type::Int | Type::Uint | Type::Text | Type::Dyn) =>
            {
                Type::Dyn
            }
            (one, _) => {
                let (one, other) = (kind::name(one), kind::name(key.kind));
                let message = format!("{one} has no place that {other} could name");
                return self.problem(id, "expression.type", message);
            }
        };
        if key.is_folded {
            let message = "a key can't be what `lowerAscii` or `upperAscii` gives".to_owned();
            return self.problem(id, "expression.unsupported", message);
        }
        let node = Node::At {
            of: of.node,
            key: key.node,
        };
        let mut typed = self.emit(id, node, kind, &[&of, &key])?;
        if matches!(of.kind, Type::List(_)) {
            typed.words = of.words;
        }
        typed.path = self.path_of_key(&of, &key);
        let is_key =
            !matches!(of.kind, Type::List(_)) && !matches!(key.kind, Type::Int | Type::Uint);
        if is_key && self.constant(&of).is_none() {
            self.must_be_known(id, &typed)?;
        }
        self.read_as(id, kind, typed)
    }

    /// The path of what a key or an index names.
    pub(super) fn path_of_key(&mut self, of: &Typed, key: &Typed) -> Option<u16> {
        let path = of.path?;
        let index = match self.constant(key) {
            Some(Constant::Int(index)) => index.to_string(),
            Some(Constant::Text(name)) => {
                let name = name.to_string();
                return self.paths.below(path, &name);
            }
            _ => return self.paths.value(path, key.path?),
        };
        self.paths.at(path, &index)
    }

    fn named_list(&mut self, id: u64, name: &str) -> Option<Typed> {
        let lists = self.environment.lists;
        if let Some((_, list)) = lists.iter().find(|(other, _)| other == name) {
            return self.fixed(id, Constant::Named(list.clone()), Type::List(&Type::Text));
        }
        let names = lists.iter().map(|(name, _)| name.as_str());
        self.unknown_in(id, "lists", name, names)
    }

    fn variable(&mut self, id: u64, name: &str) -> Option<Typed> {
        let vars = self.environment.vars;
        if let Some((_, program)) = vars.programs.iter().find(|(other, _)| other == name) {
            return self.inline(id, program);
        }
        let names = vars.programs.iter().map(|(name, _)| name.as_str());
        self.unknown_in(id, "vars", name, names)
    }

    fn unknown_in<'n>(
        &mut self,
        id: u64,
        space: &str,
        name: &str,
        names: impl Iterator<Item = &'n str>,
    ) -> Option<Typed> {
        let advice = nearest(name, names).map(|near| format!("; did you mean `{space}.{near}`?"));
        let advice = advice.unwrap_or_default();
        let message = format!("there is no `{space}.{name}`{advice}");
        self.problem(id, "expression.unknown_field", message)
    }
}

/// How to ask whether a path is there: `has()` takes names only, keys are asked for by `in`.
fn guard_of(shown: &str) -> String {
    let Some(of) = shown.strip_suffix(']') else {
        return format!("has({shown})");
    };
    match of.rsplit_once('[') {
        Some((of, key)) => format!("{key} in {of}"),
        None => format!("has({shown})"),
    }
}
