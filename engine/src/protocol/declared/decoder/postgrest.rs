//! PostgREST: a table in the path, filters in the query.
//!
//! No filter is the whole table. A filter counts only where it surely is one of the table itself;
//! a comparison that every row may pass (`not`, `or`, `like.*`) does not.
//!
//! Source: PostgREST's documentation of tables and views, and of its query parameters.

use super::Input;
use crate::action::{Action, Effect, Reach};
use crate::limits;
use crate::protocol::declared::declaration::{action, merge, set_columns};
use crate::protocol::declared::name::Names;
use crate::protocol::declared::source::{BodyForm, View};
use crate::refusal::Refusal;

pub(super) fn decode(input: Input<'_, '_, '_>, actions: &mut Vec<Action>) -> Result<(), Refusal> {
    let view = input.view;
    let method = view.source.request.head.method()?.to_ascii_uppercase();
    let effects: &[Effect] = match method.as_str() {
        "GET" | "HEAD" => &[Effect::Read],
        "POST" if upserts(view)? => &[Effect::Insert, Effect::Update],
        "POST" => &[Effect::Insert],
        // A PUT writes the one row that its filters name.
        "PUT" => &[Effect::Insert, Effect::Update],
        "PATCH" => &[Effect::Update],
        "DELETE" => &[Effect::Delete],
        _ => return Err(METHOD),
    };
    let reach = reach(view, &method)?;
    for &effect in effects {
        let names = names(input, &method)?;
        let mut action = action(effect, &method, reach, names);
        if effect == Effect::Read {
            embed(&mut action, view)?;
        }
        merge(action, actions)?;
    }
    // What was changed comes back where the client asks for it.
    if method != "GET" && method != "HEAD" && prefers(view, "return=representation")? {
        let mut action = action(Effect::Read, &method, reach, names(input, &method)?);
        embed(&mut action, view)?;
        merge(action, actions)?;
    }
    Ok(())
}

/// The table, with the schema that a profile names.
fn names(input: Input<'_, '_, '_>, method: &str) -> Result<Names, Refusal> {
    let field = match method {
        "GET" | "HEAD" => "accept-profile",
        _ => "content-profile",
    };
    let mut names = Names::default();
    let table = input.view.parameter("table").unwrap_or_default();
    names.add_table(table, input.dialect)?;
    if let (Some(schema), Some(table)) = (input.view.header(field)?, names.resources.first_mut()) {
        table.name = format!("{schema}.{}", table.name);
    }
    Ok(names)
}

fn upserts(view: &View<'_, '_>) -> Result<bool, Refusal> {
    let is_told = view.source.query()?.value("on_conflict")?.is_some();
    Ok(is_told || prefers(view, "resolution=merge-duplicates")?)
}

/// Whether a `Prefer` field holds this word. There may be several of them.
fn prefers(view: &View<'_, '_>, word: &str) -> Result<bool, Refusal> {
    let mut values = view.source.request.head.headers.all("prefer");
    Ok(values.any(|value| {
        let value = value.to_ascii_lowercase();
        let mut words = value.split(|byte| *byte == b',');
        words.any(|known| known.trim_ascii() == word.as_bytes())
    }))
}

fn reach(view: &View<'_, '_>, method: &str) -> Result<Reach, Refusal> {
    if method == "POST" {
        let rows = match view.has(BodyForm::Json) {
            true => view.source.json()?.each().len(),
            false => 1,
        };
        return Ok(match u64::try_from(rows).unwrap_or(u64::MAX) {
            0 | 1 => Reach::Key,
            few if few <= limits::BOUND_ROWS => Reach::Limited(few),
            _ => Reach::All,
        });
    }
    let query = view.source.query()?;
    let mut is_filtered = false;
    for name in query.names() {
        let value = query.value(name)?.unwrap_or_default();
        is_filtered |= is_filter(name, value);
    }
    let limit = query.value("limit")?.map(str::parse::<u64>);
    Ok(match limit {
        Some(Ok(rows)) if (1..=limits::BOUND_ROWS).contains(&rows) && method == "GET" => {
            Reach::Limited(rows)
        }
        _ if is_filtered => Reach::Filtered,
        _ => Reach::All,
    })
}

/// Names that are no columns, and operators that compare with something.
fn is_filter(name: &str, value: &str) -> bool {
    const NO_COLUMNS: [&str; 9] = [
        "select",
        "columns",
        "on_conflict",
        "order",
        "limit",
        "offset",
        "and",
        "or",
        "apikey",
    ];
    const OPERATORS: [&str; 14] = [
        "eq", "gt", "gte", "lt", "lte", "in", "fts", "plfts", "phfts", "wfts", "cs", "cd", "ov",
        "sl",
    ];
    let is_of_the_table = !name.contains('.') && !NO_COLUMNS.contains(&name);
    let (operator, compared) = value.split_once('.').unwrap_or((value, ""));
    let operator = operator.split('(').next().unwrap_or_default();
    let compares = match operator {
        "is" => matches!(compared, "null" | "true" | "false" | "unknown"),
        "like" | "ilike" => {
            !value.contains('{') && compared.bytes().any(|byte| byte.is_ascii_alphanumeric())
        }
        other => OPERATORS.contains(&other) && !compared.is_empty(),
    };
    is_of_the_table && compares
}

/// `select` names columns, or brings in other tables by `name(…)`: then those can't be told.
fn embed(action: &mut Action, view: &View<'_, '_>) -> Result<(), Refusal> {
    let Some(selected) = view.source.query()?.value("select")? else {
        return Ok(());
    };
    let is_plain = |name: &&str| {
        !name.is_empty()
            && name
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
    };
    let names: Vec<&str> = selected.split(',').collect();
    if selected.contains(['(', '{']) {
        action.resources.clear();
        action.columns.clear();
        action.reach = Reach::Unknown;
    } else if names.iter().all(is_plain) && names.len() <= limits::API_NAMES {
        let names: Vec<String> = names.into_iter().map(str::to_owned).collect();
        set_columns(action, &names);
    }
    Ok(())
}

const METHOD: Refusal = Refusal::with_status(
    405,
    "http.method",
    "expected GET, HEAD, POST, PUT, PATCH or DELETE",
    "use a method that the API documents",
);

#[cfg(test)]
mod tests {
    use super::is_filter;
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    #[test]
    fn only_a_comparison_of_the_table_itself_is_a_filter() {
        for (name, value) in [
            ("id", "eq.7"),
            ("name", "like.A*"),
            ("tags", "cs.{a}"),
            ("a", "in.(1,2)"),
            ("gone", "is.null"),
        ] {
            assert!(is_filter(name, value), "{name}={value}");
        }
        for (name, value) in [
            ("select", "eq.7"),
            ("or", "(id.gt.0,id.lte.0)"),
            ("items.id", "eq.7"),
            ("id", "not.eq.7"),
            ("name", "like.*"),
            ("name", "like(any).{*,a}"),
            ("id", "7"),
            ("id", "eq."),
            ("x", ""),
        ] {
            assert!(!is_filter(name, value), "{name}={value}");
        }
    }
}
