//! The value of a parameter that names several items, or all of them, to how many it names.

use super::template::few;
use crate::action::Reach;
use crate::parameters::Parameters;
use crate::refusal::Refusal;
use crate::value::Value;

/// What the parameters of these names, in the query or in the body, say together; nothing where
/// none says anything.
pub(super) fn reach(
    names: &[String],
    query: &Parameters,
    body: Option<&Value<'_>>,
) -> Result<Option<Reach>, Refusal> {
    let mut most = None;
    for name in names {
        if let Some(text) = query.value(name)? {
            most = most.max(of_text(text));
        }
        if let Some(value) = body.and_then(|body| body.member(name)) {
            most = most.max(of(value));
        }
    }
    Ok(most)
}

/// A list names what is in it; an empty one may well stand for everything.
fn of(value: &Value<'_>) -> Option<Reach> {
    match value {
        Value::Null | Value::Bool(false) => None,
        Value::Text(text) => of_text(text),
        Value::List(items) if !items.is_empty() => Some(count(items.len())),
        _ => Some(Reach::All),
    }
}

fn of_text(text: &str) -> Option<Reach> {
    const FLAGS: [&str; 6] = ["1", "true", "yes", "on", "all", "*"];
    const NO_FLAGS: [&str; 5] = ["", "0", "false", "no", "off"];
    let is_in = |words: &[&str]| words.iter().any(|word| text.eq_ignore_ascii_case(word));
    if is_in(&NO_FLAGS) {
        None
    } else if is_in(&FLAGS) || text.contains('*') {
        Some(Reach::All)
    } else {
        Some(count(text.split(',').count()))
    }
}

fn count(items: usize) -> Reach {
    few(u64::try_from(items).unwrap_or(u64::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json;
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    #[test]
    fn flags_and_lists_say_how_many() {
        let names = ["all".to_owned(), "ids".to_owned()];
        for (query, body, expected) in [
            ("", "{}", None),
            ("all=false", "{}", None),
            ("all=true", "{}", Some(Reach::All)),
            ("ids=1,2,3", "{}", Some(Reach::Limited(3))),
            ("ids=*", "{}", Some(Reach::All)),
            ("ids=1,2&all=1", "{}", Some(Reach::All)),
            ("", r#"{"ids": [1, 2]}"#, Some(Reach::Limited(2))),
            ("", r#"{"ids": []}"#, Some(Reach::All)),
            ("ids=1", r#"{"all": true}"#, Some(Reach::All)),
            ("", r#"{"all": false}"#, None),
        ] {
            let query = Parameters::parse(query).unwrap();
            let body = json::parse(body).unwrap();
            assert_eq!(
                reach(&names, &query, Some(&body)),
                Ok(expected),
                "{query:?}"
            );
        }
    }
}
