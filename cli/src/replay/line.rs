//! A line of an access log to the record in it.

use serde_json::Value;

/// How deep a record may stand in a line. Log shippers wrap lines, but not for ever.
const DEPTH: usize = 6;

/// The record: the line itself, or an object or text anywhere in it.
#[must_use]
pub fn record_of(line: &str) -> Option<Value> {
    let value: Value = serde_json::from_str(line.trim()).ok()?;
    within(value, DEPTH)
}

fn within(value: Value, depth: usize) -> Option<Value> {
    let depth = depth.checked_sub(1)?;
    match value {
        Value::Object(members) if is_record(&members) => Some(Value::Object(members)),
        Value::Object(members) => members
            .into_iter()
            .find_map(|(_, member)| within(member, depth)),
        Value::Array(items) => items.into_iter().find_map(|item| within(item, depth)),
        Value::String(text) if text.starts_with('{') && text.contains("\"decision\"") => {
            within(serde_json::from_str(&text).ok()?, depth)
        }
        _ => None,
    }
}

/// Version, id and decision are in every record, the least one included.
fn is_record(members: &serde_json::Map<String, Value>) -> bool {
    let has_text = |name| members.get(name).is_some_and(Value::is_string);
    members.get("v").is_some_and(Value::is_number) && has_text("decision") && has_text("id")
}

#[cfg(test)]
mod tests {
    use super::record_of;

    #[test]
    fn a_record_is_found_wherever_it_stands() {
        let record = r#"{"v":1,"decision":"allow","id":"x"}"#;
        let quoted = serde_json::to_string(record).unwrap();
        for line in [
            record.to_owned(),
            format!(r#"{{"time":"now","lictor":{record}}}"#),
            format!(r#"{{"attributes":[{{"key":"lictor","value":{quoted}}}]}}"#),
            format!("  {{\"log\":{quoted}}}\r"),
        ] {
            let found = record_of(&line).unwrap_or_else(|| panic!("{line}"));
            assert_eq!(found["id"], "x");
        }
        for line in [
            "",
            "GET / 200",
            "{}",
            r#"{"v":1,"decision":"allow"}"#,
            r#"{"lictor":null}"#,
        ] {
            assert!(record_of(line).is_none(), "{line}");
        }
    }
}
