//! Flux, the language of InfluxDB 2: a chain of functions. What only reads a bucket is told; a
//! text with anything else in it is not.

use super::{Input, QUERY_MISSING};
use crate::action::{Action, Effect, Reach};
use crate::protocol::declared::declaration::{action, merge};
use crate::protocol::declared::name::Names;
use crate::refusal::Refusal;

/// Functions that do nothing but transform what they are given.
const PURE: [&str; 45] = [
    "aggregateWindow",
    "bottom",
    "bool",
    "columns",
    "contains",
    "count",
    "cumulativeSum",
    "derivative",
    "difference",
    "distinct",
    "drop",
    "duplicate",
    "elapsed",
    "exists",
    "fill",
    "filter",
    "first",
    "float",
    "group",
    "histogram",
    "increase",
    "int",
    "keep",
    "keys",
    "last",
    "limit",
    "map",
    "max",
    "mean",
    "median",
    "min",
    "now",
    "pivot",
    "quantile",
    "range",
    "rename",
    "sample",
    "set",
    "sort",
    "spread",
    "string",
    "sum",
    "top",
    "window",
    "yield",
];
/// Words that stand before a bracket without being functions.
const WORDS: [&str; 7] = ["and", "or", "not", "if", "then", "else", "return"];

pub(super) fn decode(input: Input<'_, '_, '_>, actions: &mut Vec<Action>) -> Result<(), Refusal> {
    for place in input.places {
        for text in place.texts(input.view)? {
            merge(read(&text, input)?, actions)?;
        }
    }
    if actions.is_empty() {
        Err(QUERY_MISSING)
    } else {
        Ok(())
    }
}

fn read(text: &str, input: Input<'_, '_, '_>) -> Result<Action, Refusal> {
    let mut names = Names::default();
    let buckets = if is_plain(text) { buckets(text) } else { None };
    let Some(buckets) = buckets else {
        return Ok(Action::new(
            Effect::Unknown,
            "flux",
            Reach::Unknown,
            Vec::new(),
        ));
    };
    for bucket in buckets {
        names.add_table(bucket, input.dialect)?;
    }
    let reach = if text.contains("filter") {
        Reach::Filtered
    } else {
        Reach::All
    };
    Ok(action(Effect::Read, "flux", reach, names))
}

/// Without packages, comments and escapes there is nothing but what stands there.
fn is_plain(text: &str) -> bool {
    let is_quiet = !text.contains(['\\', '`', '\0']) && !text.contains("import");
    // `"${…}"` is code inside a string.
    let is_quiet = is_quiet && !text.contains("${");
    is_quiet && !text.contains("//") && !assigns(text)
}

/// Whether a name is given: a function of the language could then be another one.
fn assigns(text: &str) -> bool {
    let bytes = text.as_bytes();
    let at = |place: Option<usize>| place.and_then(|place| bytes.get(place)).copied();
    text.match_indices('=').any(|(place, _)| {
        let before = at(place.checked_sub(1)).unwrap_or_default();
        let after = at(place.checked_add(1)).unwrap_or_default();
        !b"=<>!".contains(&before) && !b"=>~".contains(&after)
    })
}

/// The buckets that are read; nothing where a function is called that may do more.
fn buckets(text: &str) -> Option<Vec<&str>> {
    let mut buckets = Vec::new();
    // Pieces between quotes are code, strings, code, …
    let pieces: Vec<&str> = text.split('"').collect();
    let is_letter = |letter: char| letter.is_ascii_alphanumeric() || "_.".contains(letter);
    for (number, piece) in pieces.iter().enumerate().step_by(2) {
        for (place, _) in piece.match_indices('(') {
            let before = piece.get(..place)?.trim_end();
            let start = before.rfind(|letter| !is_letter(letter));
            let name = before.get(start.map_or(0, |start| start.saturating_add(1))..)?;
            if name == "from" {
                let argument = piece.get(place..)?.strip_prefix('(')?.trim();
                let argument = argument.strip_prefix("bucket")?.trim_start();
                let after = pieces.get(number.saturating_add(2))?;
                let is_only = argument == ":" && after.trim_start().starts_with(')');
                let bucket = pieces.get(number.saturating_add(1)).filter(|_| is_only)?;
                buckets.push(*bucket);
            } else if !(name.is_empty() || PURE.contains(&name) || WORDS.contains(&name)) {
                return None;
            }
        }
    }
    (!buckets.is_empty()).then_some(buckets)
}

#[cfg(test)]
mod tests {
    use super::*;
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    #[test]
    fn only_what_reads_a_bucket_is_told() {
        let told = r#"from(bucket: "shop") |> range(start: -1h) |> filter(fn: (r) => r.id == "7")"#;
        assert_eq!(buckets(told), Some(vec!["shop"]));
        let two = r#"from(bucket: "x") |> range(start: 0) from(bucket:"y") |> count()"#;
        assert_eq!(buckets(two), Some(vec!["x", "y"]));
        for other in [
            r#"from(bucket: "shop") |> to(bucket: "copy")"#,
            r#"from(bucketID: "0123")"#,
            r#"from(bucket: name)"#,
            r#"from(host: "x", bucket: "shop")"#,
            r#"from(bucket: "shop", host: "https://elsewhere")"#,
            "f()",
        ] {
            assert_eq!(buckets(other), None, "{other}");
        }
        assert!(assigns("drop = to") && !assigns("a == b, (r) => r, a >= b, a =~ /x/"));
        assert!(!is_plain(r#"map(fn: (r) => ({r with a: "${f(x: "y")}"}))"#));
        assert!(!is_plain("import \"http\"") && !is_plain("// x"));
    }
}
