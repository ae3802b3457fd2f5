//! An action of a record to the engine's own.

use lictor_engine::action::{
    Action, Arguments, Cause, Column, ColumnUse, Effect, Reach, Resource, ResourceKind, Usage,
};
use lictor_engine::limits::RECORD_COLUMNS;
use serde_json::Value;

use super::facts::{list, text};

/// What hangs on the columns of an action.
pub(super) const OF_COLUMNS: [&str; 7] = [
    "action.columns",
    "action.output_columns",
    "action.written_columns",
    "action.labels",
    "action.output_labels",
    "action.written_labels",
    "action.copied_labels",
];

/// The action; nothing where the record has a word that the engine does not.
pub(super) fn read(record: &Value) -> Option<Action> {
    let resources: Option<Vec<Resource>> = list(record, "resources").map(resource).collect();
    let resources = resources?;
    let mut columns = Vec::new();
    for usage in Usage::ALL {
        let named = record.get("columns").unwrap_or(&Value::Null);
        for name in list(named, usage.name()) {
            columns.push(ColumnUse {
                column: column(name.as_str()?),
                usage,
                is_certain: true,
            });
        }
    }
    columns.sort();
    let optional = |name: &str| record.get(name).and_then(Value::as_str).map(str::to_owned);
    Some(Action {
        effect: Effect::named(record.get("effect")?.as_str()?)?,
        operation: text(record, "operation"),
        reach: reach(record.get("reach")?.as_str()?)?,
        cause: match record.get("cause") {
            None => None,
            Some(word) => Some(cause(word.as_str()?)?),
        },
        resources,
        columns,
        lineage: Vec::new(),
        fingerprint: optional("fingerprint"),
        // Values are never recorded, and a statement has none.
        arguments: match record.get("statement") {
            Some(_) => Arguments::None,
            None => Arguments::Unknown,
        },
        statement: optional("statement"),
    })
}

/// The same actions with columns that may be another table's: where several tables are read, a
/// record does not tell which column was surely whose. Nothing where there is no such doubt.
pub(super) fn doubtful(actions: &[Action]) -> Option<Vec<Action>> {
    let tables = |action: &Action| {
        let resources = action.resources.iter();
        resources
            .filter(|one| one.kind == ResourceKind::Table)
            .count()
    };
    let has_doubt = |action: &Action| tables(action) > 1 && !action.columns.is_empty();
    if !actions.iter().any(has_doubt) {
        return None;
    }
    let mut actions = actions.to_vec();
    for action in actions.iter_mut().filter(|action| has_doubt(action)) {
        for found in &mut action.columns {
            found.is_certain = false;
        }
    }
    Some(actions)
}

/// Whether the record lists as many columns of an action as it ever does.
pub(super) fn has_columns_left_out(record: &Value) -> bool {
    let named = record.get("columns").unwrap_or(&Value::Null);
    let mut usages = Usage::ALL.iter();
    usages.any(|usage| list(named, usage.name()).count() >= RECORD_COLUMNS)
}

fn resource(value: &Value) -> Option<Resource> {
    let (kind, name) = value.as_str()?.split_once(':')?;
    let mut kinds = ResourceKind::ALL.into_iter();
    Some(Resource {
        kind: kinds.find(|known| known.name() == kind)?,
        name: name.to_owned(),
    })
}

/// How many rows a bounded reach has is not recorded; it is told as lacking.
fn reach(word: &str) -> Option<Reach> {
    let reaches = [
        Reach::None,
        Reach::Key,
        Reach::Limited(u64::MAX),
        Reach::Filtered,
        Reach::All,
        Reach::Unknown,
    ];
    reaches.into_iter().find(|reach| reach.name() == word)
}

fn cause(word: &str) -> Option<Cause> {
    Cause::ALL.into_iter().find(|cause| cause.name() == word)
}

/// `table.name`; the name may stand in double quotes and hold dots.
fn column(text: &str) -> Column {
    let quoted = text.strip_suffix('"').and_then(|rest| rest.rfind('"'));
    let dot = match quoted {
        Some(quote) => quote.checked_sub(1),
        None => text.rfind('.'),
    };
    let split = dot.and_then(|dot| Some((text.get(..dot)?, text.get(dot.checked_add(1)?..)?)));
    let (table, name) = split.unwrap_or(("", text));
    Column {
        table: table.to_owned(),
        name: name.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_column_has_the_table_that_it_was_printed_with() {
        for (table, name) in [
            ("", "id"),
            ("public.users", "email"),
            ("t", "*"),
            ("t", "\"a.b\""),
        ] {
            let printed = Column {
                table: table.to_owned(),
                name: name.to_owned(),
            };
            assert_eq!(column(&printed.to_string()), printed);
        }
    }

    #[test]
    fn a_word_that_is_not_known_is_no_action() {
        let record = json!({"effect": "read", "operation": "SELECT", "reach": "all", "resources": ["table:t"]});
        assert!(read(&record).is_some());
        for (member, word) in [("effect", "vanish"), ("reach", "far"), ("cause", "magic")] {
            let mut other = record.clone();
            other[member] = json!(word);
            assert!(read(&other).is_none(), "{member}");
        }
    }
}
