//! ES|QL and PPL: commands joined by pipes, which only ever read. Which indices is told where the
//! text says so plainly; else it may be any.

use super::{Input, QUERY_MISSING};
use crate::action::{Action, Effect, Reach};
use crate::protocol::declared::declaration::{action, merge};
use crate::protocol::declared::name::Names;
use crate::refusal::Refusal;

/// ES|QL: `FROM a, b METADATA _id | …`.
pub(super) fn esql(input: Input<'_, '_, '_>, actions: &mut Vec<Action>) -> Result<(), Refusal> {
    each(input, "ES|QL", actions, |first| {
        let (word, rest) = first.split_once(|letter: char| letter.is_ascii_whitespace())?;
        word.eq_ignore_ascii_case("from").then(|| {
            let words = rest.split_ascii_whitespace();
            let named = words.take_while(|word| !word.eq_ignore_ascii_case("metadata"));
            named.collect::<String>()
        })
    })
}

/// PPL: `source=a, b | …`, or `search source=a`.
pub(super) fn ppl(input: Input<'_, '_, '_>, actions: &mut Vec<Action>) -> Result<(), Refusal> {
    each(input, "PPL", actions, |first| {
        let first = first.to_ascii_lowercase();
        let first = first.strip_prefix("search ").unwrap_or(&first).trim_start();
        let (word, names) = first.split_once('=')?;
        matches!(word.trim_end(), "source" | "index").then(|| names.trim().to_owned())
    })
}

fn each(
    input: Input<'_, '_, '_>,
    operation: &str,
    actions: &mut Vec<Action>,
    sources: fn(&str) -> Option<String>,
) -> Result<(), Refusal> {
    let mut is_there = false;
    for place in input.places {
        for text in place.texts(input.view)? {
            is_there = true;
            let mut names = Names::default();
            let (first, rest) = text.split_once('|').unwrap_or((&text, ""));
            let named = sources(first.trim()).filter(|named| is_plain(named) && !joins(rest));
            for name in named.as_deref().unwrap_or_default().split(',') {
                names.add_table(name, input.dialect)?;
            }
            merge(action(Effect::Read, operation, reach(rest), names), actions)?;
        }
    }
    if is_there { Ok(()) } else { Err(QUERY_MISSING) }
}

/// Names and commas, without quotes, comments, brackets or a condition after them.
fn is_plain(names: &str) -> bool {
    let is_name = |byte: u8| byte.is_ascii_alphanumeric() || b"._-,*".contains(&byte);
    !names.is_empty() && names.bytes().all(is_name)
}

/// Whether a later command may bring in another index: it joins, looks up or holds a query.
fn joins(rest: &str) -> bool {
    let rest = rest.to_ascii_lowercase();
    let words = [
        "join", "lookup", "enrich", "fork", "append", "from", "source", "search", "[",
    ];
    words.iter().any(|word| rest.contains(word))
}

fn reach(rest: &str) -> Reach {
    let mut commands = rest.split('|').map(str::trim_start);
    let narrows = commands.any(|command| {
        let word = command.split_ascii_whitespace().next().unwrap_or_default();
        word.eq_ignore_ascii_case("where")
    });
    if narrows { Reach::Filtered } else { Reach::All }
}

#[cfg(test)]
mod tests {
    use super::*;
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    #[test]
    fn what_may_bring_in_another_index_is_seen() {
        assert!(joins(" LOOKUP JOIN customers ON id") && joins("where a in [source=b]"));
        assert!(!joins(" where a > 5 | stats count()"));
        assert!(is_plain("orders,customers-2024.01") && !is_plain("\"orders\"") && !is_plain(""));
        assert_eq!(reach(" WHERE a == 1 | LIMIT 5"), Reach::Filtered);
        assert_eq!(reach(" eval where = 1"), Reach::All);
    }
}
