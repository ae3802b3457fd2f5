//! Actions and columns, put together: each action gets the columns of its own tables.

use super::database::Database;
use super::resolve::Facts;
use crate::action::{Action, Column, ColumnUse, Effect, Resource, ResourceKind, Usage};

/// Gives every use of a column, and every edge, to the action that it belongs to.
pub(super) fn attach(actions: &mut [Action], facts: &Facts, database: &Database) {
    for used in facts.uses() {
        let wanted = if used.usage == Usage::Written {
            Wanted::Change
        } else {
            Wanted::Read
        };
        if let Some(action) = owner(actions, &used.column.table, wanted) {
            action.columns.push(used);
        }
    }
    for edge in facts.edges() {
        let (table, wanted) = match edge.target.table.as_str() {
            "" => (&edge.source.table, Wanted::Read),
            _ => (&edge.target.table, Wanted::Change),
        };
        if let Some(action) = owner(actions, table, wanted) {
            action.lineage.push(edge);
        }
    }
    if !facts.is_complete() {
        for action in actions.iter_mut() {
            everything(action, database);
        }
    }
    for action in actions {
        action.columns.sort_unstable();
        action.columns.dedup();
        action.lineage.sort_unstable();
        action.lineage.dedup();
    }
}

enum Wanted {
    Read,
    Change,
}

/// The action that a column of a table belongs to: one that does what is wanted, or any.
fn owner<'a>(actions: &'a mut [Action], table: &str, wanted: Wanted) -> Option<&'a mut Action> {
    // INVARIANT (sorted): resources are, so that a look-up among many is no search.
    let has = |action: &Action| {
        let order =
            |one: &Resource| (one.kind, one.name.as_str()).cmp(&(ResourceKind::Table, table));
        action.resources.binary_search_by(order).is_ok()
    };
    let fits = |action: &Action| match wanted {
        Wanted::Read => action.effect == Effect::Read,
        Wanted::Change => matches!(
            action.effect,
            Effect::Insert | Effect::Update | Effect::Create | Effect::Alter | Effect::Import
        ),
    };
    let place = actions
        .iter()
        .position(|action| fits(action) && has(action))
        .or_else(|| actions.iter().position(has))
        .or_else(|| actions.iter().position(fits));
    actions.get_mut(place?)
}

/// Any column of its tables may be touched.
fn everything(action: &mut Action, database: &Database) {
    let usage = match action.effect {
        Effect::Insert | Effect::Update | Effect::Import => Usage::Written,
        _ => Usage::Output,
    };
    for resource in &action.resources {
        if resource.kind != ResourceKind::Table {
            continue;
        }
        let known = database.tables.get(&resource.name);
        let known = known
            .map(|table| table.columns.as_slice())
            .unwrap_or_default();
        let names = known.iter().map(String::as_str).chain([Column::ALL]);
        action.columns.extend(names.map(|name| ColumnUse {
            column: Column {
                table: resource.name.clone(),
                name: name.to_owned(),
            },
            usage,
            is_certain: false,
        }));
    }
}

#[cfg(test)]
mod tests;
