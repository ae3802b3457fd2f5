//! BigQuery Storage: whole tables read and written past SQL.
//!
//! Source: `google/cloud/bigquery/storage/v1/storage.proto`.

use super::super::operation::analyse;
use super::super::resources::{columns, named};
use super::{BuiltIn, Message, list, text};
use crate::action::{Action, Effect, Reach, ResourceKind};
use crate::refusal::Refusal;
use crate::sql::Dialect;
use crate::value::Value;

pub(super) static SERVICE: BuiltIn = BuiltIn {
    name: "bigquery_storage",
    schema: "engine/src/protocol/grpc/built_in/big_query_storage.txt",
    dialect: Dialect::Bigquery,
    read,
    transcode: None,
    harmless: &[],
    handles: None,
};

fn read(message: &Message<'_>) -> Result<Vec<Action>, Refusal> {
    let tree = message.tree;
    let (_, method) = message.method.split_once('/').unwrap_or_default();
    match method {
        "CreateReadSession" => session(message),
        "AppendRows" => {
            let stream = text(tree, "write_stream");
            if stream.is_empty() && !message.is_first {
                // Goes on into the table that an earlier message named.
                return Ok(Vec::new());
            }
            Ok(vec![appended("APPEND ROWS", stream)])
        }
        _ => Ok(vec![appended("COMMIT WRITE STREAMS", text(tree, "parent"))]),
    }
}

/// `projects/p/datasets/d/tables/t` and what may follow, as SQL has it: `p.d.t`.
fn table_of(path: &str) -> Option<String> {
    let mut parts = path.split('/');
    let mut named = |kind: &str| {
        let is_kind = parts.next() == Some(kind);
        parts.next().filter(|name| is_kind && is_plain(name))
    };
    let (project, set) = (named("projects")?, named("datasets")?);
    // A partition of a table is part of it.
    let table = named("tables")?.split('$').next()?;
    Some(format!("{project}.{set}.{table}"))
}

fn is_plain(name: &str) -> bool {
    let known = |letter: char| letter.is_alphanumeric() || "_-.:$".contains(letter);
    !name.is_empty() && name.chars().all(known)
}

fn appended(operation: &str, path: &str) -> Action {
    let table = table_of(path).map(|table| named(ResourceKind::Table, &table));
    let resources: Vec<_> = table.into_iter().collect();
    let mut action = Action::new(Effect::Insert, operation, Reach::Unknown, resources);
    action.columns = columns(Effect::Insert, &action.resources);
    action
}

/// A session reads what a query of these fields under this condition would.
fn session(message: &Message<'_>) -> Result<Vec<Action>, Refusal> {
    let empty = Value::Object(Vec::new());
    let session = message.tree.member("read_session").unwrap_or(&empty);
    let options = session.member("read_options").unwrap_or(&empty);
    let fields = list(options, "selected_fields")
        .iter()
        .filter_map(Value::text);
    let fields: Vec<&str> = fields.collect();
    let table = table_of(text(session, "table"));
    let (Some(table), true) = (table, fields.iter().all(|field| is_plain(field))) else {
        return Ok(vec![Action::new(
            Effect::Read,
            "READ SESSION",
            Reach::Unknown,
            Vec::new(),
        )]);
    };
    let fields = match &fields[..] {
        [] => "*".to_owned(),
        fields => format!("`{}`", fields.join("`, `").replace('.', "`.`")),
    };
    let restriction = text(options, "row_restriction");
    let condition = match restriction {
        "" => String::new(),
        restriction => format!(" WHERE ({restriction}\n)"),
    };
    let query = format!(
        "SELECT {fields} FROM `{}`{condition}",
        table.replace('.', "`.`")
    );
    analyse([&*query].into_iter(), message.database, message.request)
}
