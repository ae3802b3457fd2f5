//! An analysis to the line that a scorer of SQL analysers reads.

use std::collections::BTreeSet;
use std::time::Duration;

use lictor_engine::action::{Action, Cause, Effect, Reach, ResourceKind, Usage};
use lictor_engine::sql::{Analysis, Gap, Kind};
use serde_json::{Value, json};

use super::Refused;

/// The line. A refusal blocks, and tells no more than what its words seem to be.
pub fn of(id: &Value, analysis: &Result<Analysis, Refused>, took: Duration) -> Value {
    let mut line = match analysis {
        Ok(analysis) => told(analysis),
        Err(Refused { error, kinds }) => json!({
            "ok": false, "code": error.code(), "decision": "block", "writes": true,
            "kinds": names(kinds), "tables_read": [], "tables_written": [], "columns_read": [],
            "edges": [], "bulk": [], "all_rows": false, "gaps": [],
        }),
    };
    if let Some(members) = line.as_object_mut() {
        let nanoseconds = u64::try_from(took.as_nanos()).unwrap_or(u64::MAX);
        members.insert("id".to_owned(), id.clone());
        members.insert("ns".to_owned(), nanoseconds.into());
    }
    line
}

/// Whether an action is a read, or a function in one: what the packs let people and services do.
fn reads(action: &Action) -> bool {
    action.effect == Effect::Read || action.effect == Effect::Call && action.operation == "FUNCTION"
}

fn told(analysis: &Analysis) -> Value {
    let actions = &analysis.actions;
    let only_reads = actions.iter().all(reads);
    let allows = only_reads && !actions.is_empty();
    json!({
        "ok": !analysis.gaps.contains(&Gap::NotParsed),
        "kinds": names(&analysis.kinds),
        "decision": if allows { "allow" } else { "block" },
        "writes": actions.iter().any(|action| !reads(action) && action.effect != Effect::Session),
        "tables_read": tables(actions, |effect| effect == Effect::Read),
        "tables_written": tables(actions, writes_tables),
        "columns_read": columns(actions),
        "edges": edges(actions),
        "all_rows": actions.iter().any(keeps_all_rows),
        "bulk": actions.iter().flat_map(bulk).collect::<Vec<_>>(),
        "gaps": analysis.gaps.iter().map(|gap| gap.name()).collect::<Vec<_>>(),
    })
}

fn names(kinds: &[Kind]) -> Vec<&'static str> {
    kinds.iter().map(|kind| kind.name()).collect()
}

/// Whether a condition keeps every row without looking at one, which is what a planner folds.
fn keeps_all_rows(action: &Action) -> bool {
    let looks_at_rows = matches!(action.cause, Some(Cause::SelfComparison | Cause::SameTable));
    action.reach == Reach::All && !looks_at_rows && !action.resources.is_empty()
}

const fn writes_tables(effect: Effect) -> bool {
    !matches!(effect, Effect::Read | Effect::Session | Effect::Admin)
}

fn tables(actions: &[Action], counts: impl Fn(Effect) -> bool) -> BTreeSet<&str> {
    actions
        .iter()
        .filter(|action| counts(action.effect))
        .flat_map(|action| &action.resources)
        .filter(|resource| resource.kind == ResourceKind::Table)
        .map(|resource| resource.name.as_str())
        .collect()
}

fn columns(actions: &[Action]) -> BTreeSet<String> {
    let uses = actions.iter().flat_map(|action| &action.columns);
    uses.filter(|found| found.usage != Usage::Written)
        .map(|found| found.column.to_string())
        .filter(|name| name.contains('.'))
        .collect()
}

fn edges(actions: &[Action]) -> BTreeSet<(Option<&str>, &str, &str)> {
    let edges = actions.iter().flat_map(|action| &action.lineage);
    edges
        .map(|edge| {
            let table = edge.source.table.as_str();
            let table = Some(table).filter(|table| !table.is_empty());
            (table, edge.source.name.as_str(), edge.target.name.as_str())
        })
        .collect()
}

/// Changes that reach every row: what is done, to which table, why.
fn bulk(action: &Action) -> Vec<(&str, &str, &str)> {
    let changes = matches!(
        action.effect,
        Effect::Delete | Effect::Update | Effect::Truncate
    );
    // The labels have no word for a MERGE that reaches every row.
    if !changes || action.reach != Reach::All || action.operation == "MERGE" {
        return Vec::new();
    }
    let kind = action.effect.name();
    let tables = action.resources.iter();
    tables
        .map(|table| (kind, table.name.as_str(), word(action.cause)))
        .collect()
}

fn word(cause: Option<Cause>) -> &'static str {
    match cause {
        Some(Cause::NoCondition) => "no_where",
        Some(Cause::AlwaysTrue) => "tautology",
        Some(Cause::SelfComparison) => "self_compare",
        Some(Cause::UnrestrictedJoin) => "join_unrestricted",
        Some(cause) => cause.name(),
        None => "unknown",
    }
}
