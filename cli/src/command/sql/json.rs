//! A report to one JSON object, in the shape that `docs/cli.md` describes.

use lictor_engine::action::{Action, Cause, Column, ColumnUse, Edge, Reach};
use lictor_engine::refusal::Refusal;
use lictor_engine::sql::{Analysis, SqlError};
use serde_json::{Value, json};

use super::Report;
use super::explain::place;

/// The object.
pub fn of(report: &Report) -> Value {
    match &report.analysis {
        Ok(analysis) => told(analysis, report.dialect.name()),
        Err(refused) => json!({
            "dialect": report.dialect.name(),
            "kinds": list(&refused.kinds, |kind| kind.name().into()),
            "refusal": refusal(refused.error),
        }),
    }
}

fn refusal(error: SqlError) -> Value {
    let place = place(error);
    let refusal = Refusal::from(error);
    json!({
        "code": refusal.code,
        "detail": refusal.detail,
        "advice": refusal.advice,
        "line": place.map(|(line, _)| line),
        "column": place.map(|(_, column)| column),
    })
}

fn told(analysis: &Analysis, dialect: &str) -> Value {
    let first = analysis.actions.first();
    json!({
        "dialect": dialect,
        "kinds": list(&analysis.kinds, |kind| kind.name().into()),
        "actions": list(&analysis.actions, action),
        "statement": first.and_then(|action| action.statement.as_deref()),
        "fingerprint": first.and_then(|action| action.fingerprint.as_deref()),
        "gaps": list(&analysis.gaps, |gap| json!({"name": gap.name(), "detail": gap.to_string()})),
    })
}

fn action(action: &Action) -> Value {
    let rows = match action.reach {
        Reach::Limited(rows) => Some(rows),
        _ => None,
    };
    json!({
        "effect": action.effect.name(),
        "operation": action.operation,
        "reach": action.reach.name(),
        "rows": rows,
        "cause": action.cause.map(Cause::name),
        "resources": list(&action.resources, |resource| resource.to_string().into()),
        "columns": list(&action.columns, column_use),
        "lineage": list(&action.lineage, edge),
    })
}

fn column_use(found: &ColumnUse) -> Value {
    json!({
        "table": found.column.table,
        "name": found.column.name,
        "usage": found.usage.name(),
        "certain": found.is_certain,
    })
}

fn edge(edge: &Edge) -> Value {
    json!({"source": column(&edge.source), "target": column(&edge.target)})
}

fn column(column: &Column) -> Value {
    json!({"table": column.table, "name": column.name})
}

fn list<T>(items: &[T], each: impl Fn(&T) -> Value) -> Value {
    items.iter().map(each).collect()
}
