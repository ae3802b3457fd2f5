//! A record of a log, and a policy, to the call as that policy decides it.

use std::path::Path;

use lictor_engine::policy::Decision;
use serde_json::{Value, json};

use super::Told;
use crate::document::Document;
use crate::ending::Failure;
use crate::replay::{Bounds, Facts, Judgement, record_of, word};
use crate::{account, source};

/// One record of a log, decided by a policy and accounted for.
pub(super) fn told(document: &Document, path: &str, id: Option<&str>) -> Result<Told, Failure> {
    let mut record = find(path, id)?;
    let mut bounds = Bounds::of(document)?;
    let facts = Facts::of(&record).map_err(|why| Failure::Usage(format!("a record {why}")))?;
    let (decision, lacks) = match bounds.judge(&facts, in_words) {
        Judgement::Told(decision) => (decision, Vec::new()),
        Judgement::Unknown(lacks) => (json!({"decision": "unknown"}), lacks),
    };
    let accounts = facts.ask(bounds.guard(), |call| {
        account::of_each(&bounds.guard().policy, call)
    });
    if let (Some(record), Value::Object(decision)) = (record.as_object_mut(), decision) {
        for member in [
            "code", "reason", "shadow", "approved", "tagged", "tags", "criteria", "rules",
        ] {
            record.remove(member);
        }
        record.extend(decision);
    }
    Ok(Told {
        record,
        reply: Value::Null,
        accounts,
        lacks,
    })
}

/// A decision in the words of a record.
fn in_words(decision: &Decision<'_>) -> Value {
    json!({
        "decision": word(decision.verdict),
        "rules": decision.rules,
        "reason": decision.reason,
        "shadow": decision.shadow,
        "approved": decision.approved,
        "tagged": decision.tagged,
        "tags": decision.tags,
        "criteria": decision.criteria,
    })
}

/// The record of that id, or the only one.
fn find(path: &str, id: Option<&str>) -> Result<Value, Failure> {
    let file = Some(Path::new(path)).filter(|_| path != "-");
    let mut found: Vec<Value> = Vec::new();
    source::each_line(file, |line, _| {
        let record = record_of(line);
        let is_meant = |record: &Value| id.is_none_or(|id| record.get("id") == Some(&json!(id)));
        // Two are as many as it takes to be too many.
        if found.len() < 2 {
            found.extend(record.filter(is_meant));
        }
    })?;
    match (found.pop(), found.is_empty()) {
        (Some(record), true) => Ok(record),
        (Some(_), false) => Err(Failure::Usage(
            "expected one record; `--id` chooses among several".to_owned(),
        )),
        (None, _) => Err(Failure::Usage("there is no such record".to_owned())),
    }
}
