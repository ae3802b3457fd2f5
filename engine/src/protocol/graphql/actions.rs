//! One operation to its actions: one for each root field, and more where a field does more.

use std::rc::Rc;

use super::definition::{Definition, Flavour};
use super::meaning::{self, Meaning, Part, Shape, Tables};
use super::scope::Scope;
use super::syntax::{Field, Selection};
use super::{Kind, condition, fault};
use crate::action::{
    Action, Arguments, Cause, Column, ColumnUse, Effect, Reach, Resource, ResourceKind, Usage,
};
use crate::limits;
use crate::refusal::Refusal;
use crate::value::Value;

/// Reads what an operation does.
pub(super) struct Actions<'d> {
    pub(super) definition: &'d Definition,
    pub(super) scope: &'d Scope<'d>,
    pub(super) with_arguments: bool,
}

/// What a field touches beside its own table.
#[derive(Default)]
struct Touched {
    tables: Vec<String>,
    columns: Vec<ColumnUse>,
    /// Whether there is a table that nobody knows.
    has_unknown: bool,
    /// Whether rows of other tables come out.
    has_relations: bool,
}

impl<'d> Actions<'d> {
    /// Adds the actions of every root field.
    pub(super) fn read(&self, actions: &mut Vec<Action>) -> Result<(), Refusal> {
        self.roots(
            self.scope.kind,
            &self.scope.root()?,
            limits::GRAPHQL_DEPTH,
            actions,
        )
    }

    fn roots(
        &self,
        kind: Kind,
        fields: &[&'d Field<'d>],
        depth_left: usize,
        actions: &mut Vec<Action>,
    ) -> Result<(), Refusal> {
        let depth_left = depth_left.checked_sub(1).ok_or(fault::TOO_DEEP)?;
        for field in fields {
            if actions.len() >= limits::GRAPHQL_ACTIONS {
                return Err(fault::TOO_LARGE);
            }
            let is_root = kind != Kind::Mutation
                && field.name == "query"
                && self.definition.flavour == Flavour::Postgraphile;
            match field.name {
                "__typename" => actions.push(plain(kind, field.name)),
                "__schema" | "__type" | "_service" => actions.push(introspection()),
                _ if is_root && !field.selections.is_empty() => {
                    let inner = self.scope.fields(&field.selections)?;
                    self.roots(Kind::Query, &inner, depth_left, actions)?;
                }
                _ => self.root(kind, field, depth_left, actions)?,
            }
        }
        Ok(())
    }

    fn root(
        &self,
        kind: Kind,
        field: &'d Field<'d>,
        depth_left: usize,
        actions: &mut Vec<Action>,
    ) -> Result<(), Refusal> {
        let arguments = self.scope.arguments(field)?;
        let selected = self.scope.fields(&field.selections)?;
        let lists = ["nodes", "edges", "totalCount", "pageInfo"];
        let is_connection = selected.iter().any(|one| lists.contains(&one.name));
        let meaning = meaning::of(self.definition, kind, field.name, &arguments, is_connection);
        let mut touched = Touched::default();
        let mut roots = Vec::new();
        if selected.is_empty() && meaning.effect == Effect::Read {
            touched.use_column(&meaning.tables, field.name, Usage::Output);
        }
        let walk = Walk {
            depth_left,
            shape: meaning.shape,
        };
        self.selection(&selected, &meaning.tables, walk, &mut touched, &mut roots)?;
        let known_arguments = match self.with_arguments {
            true => Arguments::Known(Rc::new(arguments.clone().into_owned())),
            false => Arguments::None,
        };
        self.add(
            kind,
            field.name,
            &meaning,
            touched,
            known_arguments,
            actions,
        );
        if !roots.is_empty() {
            self.roots(Kind::Query, &roots, depth_left, actions)?;
        }
        Ok(())
    }

    /// Goes through what is selected of a table, or of what is none.
    fn selection(
        &self,
        fields: &[&'d Field<'d>],
        tables: &Tables,
        walk: Walk,
        touched: &mut Touched,
        roots: &mut Vec<&'d Field<'d>>,
    ) -> Result<(), Refusal> {
        let depth_left = walk.depth_left.checked_sub(1).ok_or(fault::TOO_DEEP)?;
        let same = |shape| Walk { depth_left, shape };
        for field in fields {
            let arguments = self.scope.arguments(field)?;
            let inner = self.inner(&field.selections)?;
            match meaning::part(self.definition.flavour, walk.shape, field.name) {
                Part::Nothing => {}
                Part::Root => roots.extend(inner),
                Part::Same(shape) if !inner.is_empty() => {
                    self.selection(&inner, tables, same(shape), touched, roots)?;
                }
                Part::Data | Part::Same(_) if inner.is_empty() => {
                    let name = meaning::column(self.definition, field.name);
                    touched.use_column(tables, &name, Usage::Output);
                }
                Part::Data | Part::Same(_) => {
                    let related = meaning::relation(self.definition, tables, field.name);
                    touched.has_relations = true;
                    touched.add(&related);
                    for word in ["where", "filter", "condition", "order_by", "orderBy"] {
                        let conditions = arguments.member(word).map_or(&[][..], Value::each);
                        for condition in conditions {
                            self.condition(condition, &related, touched);
                        }
                    }
                    let shape = match field.name.ends_with("_aggregate")
                        || field.name.ends_with("Aggregate")
                    {
                        true => Shape::Aggregate,
                        false => Shape::Rows,
                    };
                    self.selection(&inner, &related, same(shape), touched, roots)?;
                }
            }
        }
        Ok(())
    }

    fn inner(&self, selections: &'d [Selection<'d>]) -> Result<Vec<&'d Field<'d>>, Refusal> {
        match selections.is_empty() {
            true => Ok(Vec::new()),
            false => self.scope.fields(selections),
        }
    }

    /// The columns that a condition or an order looks at. Its depth was bounded when it was read.
    fn condition(&self, condition: &Value<'_>, tables: &Tables, touched: &mut Touched) {
        let Value::Object(members) = condition else {
            return;
        };
        for (name, value) in members {
            if condition::joint(name).is_some() {
                for part in value.each() {
                    self.condition(part, tables, touched);
                }
                continue;
            }
            let leads_on = match value {
                Value::Object(inner) => !inner.iter().all(|(name, _)| condition::is_operator(name)),
                _ => false,
            };
            if leads_on {
                let related = meaning::relation(self.definition, tables, name);
                touched.add(&related);
                self.condition(value, &related, touched);
            } else {
                let name = meaning::column(self.definition, name);
                touched.use_column(tables, &name, Usage::Predicate);
            }
        }
    }

    fn add(
        &self,
        kind: Kind,
        name: &str,
        meaning: &Meaning<'_>,
        mut touched: Touched,
        arguments: Arguments,
        actions: &mut Vec<Action>,
    ) {
        let tables = &meaning.tables;
        for condition in &meaning.conditions {
            self.condition(condition, tables, &mut touched);
        }
        let compared = meaning.compared.iter();
        compared.for_each(|name| touched.use_column(tables, name, Usage::Predicate));
        let written = meaning.written.iter();
        written.for_each(|name| touched.use_column(tables, name, Usage::Written));
        let own = || match tables {
            Tables::OneOf(tables) => tables.clone(),
            Tables::Unknown | Tables::Untold => Vec::new(),
        };
        let reads = matches!(meaning.effect, Effect::Read);
        let mut reach = (meaning.reach, meaning.cause);
        // What hangs on a row may be any number of rows.
        let is_small = reach.0 > Reach::None && reach.0 < Reach::Filtered;
        if reads && is_small && touched.has_relations && *tables != Tables::Untold {
            reach = (Reach::Filtered, Some(Cause::Condition));
        }
        let mut all = own();
        if reads {
            all.append(&mut touched.tables);
        }
        let mut action = Action::new(
            meaning.effect,
            kind.name(),
            reach.0,
            resources(kind, name, all),
        );
        action.cause = reach.1;
        action.columns = sorted(touched.columns);
        action.arguments = arguments.clone();
        actions.push(action);
        if !touched.tables.is_empty() {
            let read = resources(kind, name, touched.tables);
            actions.push(Action::new(
                Effect::Read,
                kind.name(),
                Reach::Filtered,
                read,
            ));
        }
        let mut unknown = Vec::new();
        if *tables == Tables::Unknown {
            unknown.push(meaning.effect);
        }
        if touched.has_unknown {
            unknown.push(Effect::Read);
        }
        if !meaning.replaced.is_empty() {
            let mut action = Action::new(
                Effect::Update,
                kind.name(),
                Reach::Filtered,
                resources(kind, name, own()),
            );
            let mut replaced = Touched::default();
            let columns = meaning.replaced.iter();
            columns.for_each(|name| replaced.use_column(tables, name, Usage::Written));
            action.columns = sorted(replaced.columns);
            action.arguments = arguments;
            actions.push(action);
        }
        for related in &meaning.related {
            match meaning::relation(self.definition, tables, related) {
                Tables::OneOf(tables) => actions.push(Action::new(
                    meaning.effect,
                    kind.name(),
                    Reach::Unknown,
                    resources(kind, name, tables),
                )),
                Tables::Unknown | Tables::Untold => unknown.push(meaning.effect),
            }
        }
        for (index, effect) in unknown.iter().enumerate() {
            let mut before = unknown.iter().take(index);
            if before.any(|known| known == effect) {
                continue;
            }
            actions.push(Action::new(
                *effect,
                kind.name(),
                Reach::Unknown,
                Vec::new(),
            ));
        }
    }
}

/// How a selection is gone through.
#[derive(Clone, Copy)]
struct Walk {
    depth_left: usize,
    shape: Shape,
}

impl Touched {
    fn add(&mut self, tables: &Tables) {
        match tables {
            Tables::OneOf(tables) => self.tables.extend_from_slice(tables),
            Tables::Unknown => self.has_unknown = true,
            Tables::Untold => {}
        }
    }

    fn use_column(&mut self, tables: &Tables, name: &str, usage: Usage) {
        let mut push = |table: &str, is_certain| {
            self.columns.push(ColumnUse {
                column: Column {
                    table: table.to_owned(),
                    name: name.to_owned(),
                },
                usage,
                is_certain,
            });
        };
        match tables {
            Tables::OneOf(tables) => {
                for table in tables {
                    push(table, tables.len() == 1);
                }
            }
            Tables::Unknown | Tables::Untold => push("", false),
        }
    }
}

fn sorted(mut columns: Vec<ColumnUse>) -> Vec<ColumnUse> {
    columns.sort_unstable();
    columns.dedup();
    columns
}

fn resources(kind: Kind, name: &str, tables: Vec<String>) -> Vec<Resource> {
    let tables = tables.into_iter().map(|name| Resource {
        kind: ResourceKind::Table,
        name,
    });
    let mut resources: Vec<_> = tables.collect();
    resources.push(Resource {
        kind: ResourceKind::Field,
        name: format!("{}.{name}", kind.name()),
    });
    resources.sort_unstable();
    resources.dedup();
    resources
}

/// What is of no row at all.
fn plain(kind: Kind, name: &str) -> Action {
    let resources = resources(kind, name, Vec::new());
    Action::new(Effect::Read, kind.name(), Reach::None, resources)
}

fn introspection() -> Action {
    let schema = Resource {
        kind: ResourceKind::Object,
        name: "schema".to_owned(),
    };
    let mut action = Action::new(Effect::Read, "introspection", Reach::All, vec![schema]);
    action.cause = Some(Cause::WholeObject);
    action
}
