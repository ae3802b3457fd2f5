//! The word that somebody who mistyped one most likely meant.

/// The nearest of some words: at most a third of its letters apart, and the first of equals.
///
/// ```
/// use lictor_engine::document::nearest;
///
/// assert_eq!(nearest("tabels", ["tables", "columns"]), Some("tables"));
/// assert_eq!(nearest("rows", ["tables", "columns"]), None);
/// ```
#[must_use]
pub fn nearest<'w>(word: &str, words: impl IntoIterator<Item = &'w str>) -> Option<&'w str> {
    /// Longer words are not mistyped but made up.
    const LONGEST: usize = 64;
    let letters: Vec<char> = word.chars().take(LONGEST).collect();
    let most = letters.len().div_ceil(3);
    words
        .into_iter()
        .map(|known| (distance(&letters, known), known))
        .filter(|(distance, _)| *distance <= most)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, known)| known)
}

/// What to tell somebody whose word is none of these: the nearest, or what `otherwise` says.
///
/// ```
/// use lictor_engine::document::advice;
///
/// let told = |word| advice(word, ["tables"], || "expected `tables`".to_owned());
/// assert_eq!(told("tabels"), "did you mean `tables`?");
/// assert_eq!(told("rows"), "expected `tables`");
/// ```
#[must_use]
pub fn advice<'w>(
    word: &str,
    words: impl IntoIterator<Item = &'w str>,
    otherwise: impl FnOnce() -> String,
) -> String {
    nearest(word, words).map_or_else(otherwise, |near| format!("did you mean `{near}`?"))
}

/// Letters to put in, leave out, replace or swap with their neighbour.
fn distance(word: &[char], known: &str) -> usize {
    let mut before: Vec<usize> = Vec::new();
    let mut row: Vec<usize> = (0..=word.len()).collect();
    let mut last = None;
    for (line, letter) in known.chars().enumerate() {
        let mut next = vec![line.saturating_add(1)];
        for (column, own) in word.iter().enumerate() {
            let at = |row: &[usize], place: usize| row.get(place).copied().unwrap_or(usize::MAX);
            let replaced = at(&row, column).saturating_add(usize::from(*own != letter));
            let added = at(&next, column).saturating_add(1);
            let left_out = at(&row, column.saturating_add(1)).saturating_add(1);
            let mut least = replaced.min(added).min(left_out);
            let own_before = column.checked_sub(1).and_then(|place| word.get(place));
            if last == Some(*own) && own_before == Some(&letter) {
                let place = column.saturating_sub(1);
                least = least.min(at(&before, place).saturating_add(1));
            }
            next.push(least);
        }
        last = Some(letter);
        before = std::mem::replace(&mut row, next);
    }
    row.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::nearest;
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    #[test]
    fn the_nearest_is_found_if_it_is_near() {
        let words = ["match", "when", "except", "unless", "reason"];
        for (word, expected) in [
            ("mtach", Some("match")),
            ("exept", Some("except")),
            ("exceptt", Some("except")),
            ("wen", Some("when")),
            ("resaon", Some("reason")),
            ("x", None),
            ("", None),
            ("conditions", None),
        ] {
            assert_eq!(nearest(word, words), expected, "{word}");
        }
    }
}
