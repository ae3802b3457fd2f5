//! What fields that name things become: resources, and the columns that go with tables.

use crate::action::{Column, ColumnUse, Effect, Resource, ResourceKind, Usage};

/// A resource of that name.
pub(super) fn named(kind: ResourceKind, name: &str) -> Resource {
    Resource {
        kind,
        name: name.to_owned(),
    }
}

/// A resource by its resource path, `projects/p/instances/i/tables/orders`: a table is called by
/// its last part, which is what data labels name; an object by its last two.
pub(super) fn of_path(kind: ResourceKind, path: &str) -> Resource {
    let skipped = match kind {
        ResourceKind::Table => 0,
        ResourceKind::Object => 1,
        _ => return named(kind, path),
    };
    let mut slashes = path.rmatch_indices('/').map(|(place, _)| place);
    let start = slashes
        .nth(skipped)
        .map_or(0, |slash| slash.saturating_add(1));
    named(kind, path.get(start..).unwrap_or(path))
}

/// What an action does with the columns of its tables, where all of them are meant.
pub(super) fn columns(effect: Effect, resources: &[Resource]) -> Vec<ColumnUse> {
    let usage = match effect {
        Effect::Read | Effect::Export => Usage::Output,
        Effect::Insert | Effect::Update | Effect::Import => Usage::Written,
        _ => return Vec::new(),
    };
    let tables = resources
        .iter()
        .filter(|one| one.kind == ResourceKind::Table);
    tables.map(|table| all(&table.name, usage)).collect()
}

/// Every column of a table.
pub(super) fn all(table: &str, usage: Usage) -> ColumnUse {
    column(table, Column::ALL, usage)
}

/// One column of a table.
pub(super) fn column(table: &str, name: &str, usage: Usage) -> ColumnUse {
    ColumnUse {
        column: Column {
            table: table.to_owned(),
            name: name.to_owned(),
        },
        usage,
        is_certain: true,
    }
}
