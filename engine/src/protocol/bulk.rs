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
        for object in body.map_or(&[][..], Value::each) {
            most = most.max(of_member(object, name));
        }
    }
    Ok(most)
}

/// Some servers read a member in whatever case, so one in another case may stand for everything.
fn of_member(object: &Value<'_>, name: &str) -> Option<Reach> {
    let Value::Object(members) = object else {
        return None;
    };
    let alike = members
        .iter()
        .filter(|(known, _)| known.eq_ignore_ascii_case(name));
    let reaches = alike.map(|(known, value)| match known == name {
        true => of(value),
        false => Some(Reach::All),
    });
    reaches.max().flatten()
}

/// A list names what is in it; an empty one may well stand for everything.
fn of(value: &Value<'_>) -> Option<Reach> {
    match value {
        Value::Null | Value::Bool(false) => None,
        Value::Text(text) => of_text(text),
        Value::List(items) if !items.is_empty() => Some(of_items(items)),
        _ => Some(Reach::All),
    }
}

fn of_items(items: &[Value<'_>]) -> Reach {
    let mut named = 0_usize;
    for item in items {
        named = named.saturating_add(match item {
            Value::Number(_) => 1,
            Value::Text(text) => match several(text) {
                Some(names) => names,
                None => return Reach::All,
            },
            _ => return Reach::All,
        });
    }
    count(named)
}

/// A parameter without a value is a flag that is set.
fn of_text(text: &str) -> Option<Reach> {
    const FLAGS: [&str; 8] = ["1", "true", "t", "yes", "y", "on", "all", "_all"];
    const NO_FLAGS: [&str; 6] = ["0", "false", "f", "no", "n", "off"];
    let text = text.trim();
    let is_in = |words: &[&str]| words.iter().any(|word| text.eq_ignore_ascii_case(word));
    if is_in(&NO_FLAGS) {
        return None;
    }
    let names = several(text).filter(|_| !is_in(&FLAGS));
    Some(names.map_or(Reach::All, count))
}

/// How many items a text names with commas between; nothing where it may be a range, a pattern
/// or a condition.
fn several(text: &str) -> Option<usize> {
    let is_digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    let is_range = |name: &str| {
        let ends = name.split_once(['-', ':']);
        ends.is_some_and(|(from, to)| is_digits(from) && is_digits(to)) || name.contains("..")
    };
    let is_plain = |name: &str| {
        let known = |letter: char| letter.is_alphanumeric() || "-_.:@+=".contains(letter);
        !name.is_empty() && name.chars().all(known) && !is_range(name)
    };
    let names = || text.split(',').map(str::trim);
    names().all(is_plain).then(|| names().count())
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
            ("all", "{}", Some(Reach::All)),
            ("all=T", "{}", Some(Reach::All)),
            ("ids=a-1,b.2", "{}", Some(Reach::Limited(2))),
            ("ids=1-1000", "{}", Some(Reach::All)),
            ("ids=1..9", "{}", Some(Reach::All)),
            ("ids=%5B1%5D", "{}", Some(Reach::All)),
            ("ids=all%20", "{}", Some(Reach::All)),
            ("", r#"{"ids": ["*"]}"#, Some(Reach::All)),
            ("", r#"{"ids": ["1,2", 3]}"#, Some(Reach::Limited(3))),
            ("", r#"{"ids": [[1, 2]]}"#, Some(Reach::All)),
            ("", r#"{"ALL": true}"#, Some(Reach::All)),
            ("", r#"[{"all": true}]"#, Some(Reach::All)),
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
