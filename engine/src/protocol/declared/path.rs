//! Ways into a JSON body: text such as `$.requests[*].stmt.sql` becomes steps, and steps lead to
//! values.
//!
//! The subset of RFC 9535 that names a member, the first item, every item, every member or the
//! items that say a word; `~` after it stands for the names of its members. A member
//! that is spelled in another case is refused, as some servers would read it and others not.

use std::borrow::Cow;

use crate::refusal::Refusal;
use crate::value::Value;

/// A way from the whole body, or from the item of a list that is gone through.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct JsonPath {
    /// Whether it starts at the item (`@`) instead of the body (`$`).
    pub(super) is_relative: bool,
    steps: Vec<Step>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Step {
    /// `.name`
    Member(String),
    /// `[0]`: what is no list is its own first item.
    First,
    /// `[*]`
    Items,
    /// `.*`
    Members,
    /// `~`
    Names,
    /// `[?name=='word']`
    Where(String, String),
}

impl JsonPath {
    /// Reads a path; nothing where it is none.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let (is_relative, mut rest) = match text.strip_prefix('$') {
            Some(rest) => (false, rest),
            None => (true, text.strip_prefix('@')?),
        };
        let mut steps = Vec::new();
        while !rest.is_empty() {
            let (step, after) = step(rest)?;
            steps.push(step);
            rest = after;
        }
        Some(Self { is_relative, steps })
    }

    /// Calls back with every value that the way leads to.
    ///
    /// # Errors
    ///
    /// `json.ambiguous_key`, `json.unexpected_type`, or what the callback says.
    pub(super) fn each<'v, 'r>(
        &self,
        value: &'v Value<'r>,
        found: &mut dyn FnMut(Seen<'v, 'r>) -> Result<(), Refusal>,
    ) -> Result<(), Refusal> {
        walk(value, &self.steps, found)
    }
}

/// What a way leads to.
pub(super) enum Seen<'v, 'r> {
    /// A value.
    Value(&'v Value<'r>),
    /// The name of a member.
    Name(&'v str),
}

fn step(text: &str) -> Option<(Step, &str)> {
    if let Some(after) = text.strip_prefix("[*]") {
        return Some((Step::Items, after));
    }
    if let Some(after) = text.strip_prefix("[0]") {
        return Some((Step::First, after));
    }
    if let Some(after) = text.strip_prefix("['") {
        let (name, after) = after.split_once("']")?;
        return Some((Step::Member(name.to_owned()), after));
    }
    if let Some(after) = text.strip_prefix("[?") {
        let (name, after) = after.split_once("=='")?;
        let (word, after) = after.split_once("']")?;
        return Some((Step::Where(name.to_owned(), word.to_owned()), after));
    }
    if let Some(after) = text.strip_prefix('~') {
        return Some((Step::Names, after));
    }
    let after = text.strip_prefix('.')?;
    if let Some(after) = after.strip_prefix('*') {
        return Some((Step::Members, after));
    }
    let end = after.find(['.', '[', '~']).unwrap_or(after.len());
    let (name, after) = after.split_at_checked(end)?;
    (!name.is_empty()).then(|| (Step::Member(name.to_owned()), after))
}

/// Its depth is that of the path, which stands in the configuration.
fn walk<'v, 'r>(
    value: &'v Value<'r>,
    steps: &[Step],
    found: &mut dyn FnMut(Seen<'v, 'r>) -> Result<(), Refusal>,
) -> Result<(), Refusal> {
    let Some((step, rest)) = steps.split_first() else {
        return found(Seen::Value(value));
    };
    match (step, value) {
        (_, Value::Null) => Ok(()),
        (Step::First, Value::List(values)) => values
            .first()
            .map_or(Ok(()), |value| walk(value, rest, found)),
        (Step::First, value) => walk(value, rest, found),
        (Step::Items, Value::List(values)) => {
            values.iter().try_for_each(|value| walk(value, rest, found))
        }
        (Step::Members, Value::Object(members)) => members
            .iter()
            .try_for_each(|(_, value)| walk(value, rest, found)),
        (Step::Names, Value::Object(members)) => members
            .iter()
            .try_for_each(|(name, _)| found(Seen::Name(name))),
        (Step::Where(name, word), value) => match member(value, name)? {
            Some(Value::Text(text)) if text.eq_ignore_ascii_case(word) => walk(value, rest, found),
            _ => Ok(()),
        },
        (Step::Member(name), Value::Object(_)) => match member(value, name)? {
            Some(value) => walk(value, rest, found),
            None => Ok(()),
        },
        _ => Err(UNEXPECTED_TYPE),
    }
}

/// The member of that name, spelled just so.
pub(super) fn member<'v, 'r>(
    value: &'v Value<'r>,
    name: &str,
) -> Result<Option<&'v Value<'r>>, Refusal> {
    let Value::Object(members) = value else {
        return Ok(None);
    };
    let mut found = None;
    for (key, value) in members {
        if key == name {
            found = Some(value);
        } else if is_alike(key, name) {
            return Err(AMBIGUOUS);
        }
    }
    Ok(found)
}

/// Whether two names differ in case or in `_` alone: JSON of protobuf takes `destination_table`
/// for `destinationTable`.
fn is_alike(key: &str, name: &str) -> bool {
    let letter = |byte: u8| byte.to_ascii_lowercase();
    let first = |text: &str| text.bytes().next().map(letter);
    let letters = |byte: &u8| *byte != b'_';
    let keys = key.bytes().filter(letters).map(letter);
    first(key) == first(name) && keys.eq(name.bytes().filter(letters).map(letter))
}

/// A number or a truth as text; nothing for everything else.
pub(super) fn scalar(value: &Value<'_>) -> Option<Cow<'static, str>> {
    match value {
        Value::Bool(true) => Some(Cow::Borrowed("true")),
        Value::Bool(false) => Some(Cow::Borrowed("false")),
        Value::Number(number) => Some(Cow::Owned(number.to_string())),
        Value::Null | Value::Text(_) | Value::List(_) | Value::Object(_) => None,
    }
}

pub(super) const UNEXPECTED_TYPE: Refusal = Refusal::malformed(
    "json.unexpected_type",
    "expected JSON of the shape that the API documents",
    "send lists, objects and texts where the API documents them",
);
const AMBIGUOUS: Refusal = Refusal::malformed(
    "json.ambiguous_key",
    "expected a member name in the spelling of the API only",
    "spell the member name as the API documents it",
);

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json;
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    fn found(path: &str, text: &str) -> Result<Vec<String>, &'static str> {
        let value = json::parse(text).unwrap();
        let mut all = Vec::new();
        let path = JsonPath::parse(path).unwrap();
        let walked = path.each(&value, &mut |seen| {
            all.push(match seen {
                Seen::Value(value) => serde_json::to_string(value).unwrap(),
                Seen::Name(name) => name.to_owned(),
            });
            Ok(())
        });
        walked.map(|()| all).map_err(|refusal| refusal.code)
    }

    #[test]
    fn a_way_leads_to_every_value_it_names() {
        let body = r#"{"a": {"b.c": [{"t": "X", "s": 1}, {"t": "y", "s": 2}]}, "n": null}"#;
        for (path, expected) in [
            ("$.a['b.c'][*].s", &["1", "2"][..]),
            ("$.a['b.c'][*][?t=='x'].s", &["1"]),
            ("$.a['b.c'][0].s", &["1"]),
            ("$.a.*[*].s", &["1", "2"]),
            ("$.a~", &["b.c"]),
            ("$.n.x[*].y", &[]),
            ("$.z.x[*].y", &[]),
        ] {
            assert_eq!(found(path, body).unwrap(), expected, "{path}");
        }
        assert_eq!(
            found("$[*][0]", r#"["a", ["b", 1]]"#),
            Ok(vec![r#""a""#.into(), r#""b""#.into()])
        );
    }

    #[test]
    fn what_servers_read_differently_is_refused() {
        assert_eq!(
            found("$.query", r#"{"Query": 1}"#),
            Err("json.ambiguous_key")
        );
        assert_eq!(
            found("$.writeMode", r#"{"write_mode": 1}"#),
            Err("json.ambiguous_key")
        );
        assert_eq!(
            found("$.a[*]", r#"{"a": {"b": 1}}"#),
            Err("json.unexpected_type")
        );
        assert_eq!(
            found("$.a.b", r#"{"a": "text"}"#),
            Err("json.unexpected_type")
        );
    }

    #[test]
    fn what_is_no_path_is_told() {
        for broken in [
            "", "a", "$a", "$.", "$..a", "$[1]", "$['a", "$[?a]", "$[?a=='b",
        ] {
            assert_eq!(JsonPath::parse(broken), None, "{broken}");
        }
    }
}
