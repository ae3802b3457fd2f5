//! Many patterns, of which a text asks only for those that could match it.
//!
//! Cost follows the text and what can match it, not how many patterns there are: patterns
//! without a star are found by hash, those with one by the text that stands before it.

use rustc_hash::FxHashMap;

/// Values by pattern. What is found is a superset: the caller matches in full.
#[derive(Debug, Clone, Default)]
pub struct Lookup {
    exact: FxHashMap<Box<str>, Vec<u32>>,
    before_star: FxHashMap<Box<str>, Vec<u32>>,
    /// The lengths of the keys of `before_star`, each once.
    lengths: Vec<usize>,
    everywhere: Vec<u32>,
}

impl Lookup {
    /// Adds a value for a pattern in which `*` stands for anything.
    pub fn insert(&mut self, pattern: &str, value: u32) {
        match pattern.split_once('*') {
            None => self.insert_exact(pattern, value),
            Some((before, _)) => self.insert_before_star(before, value),
        }
    }

    /// Adds a value for one text.
    pub fn insert_exact(&mut self, text: &str, value: u32) {
        self.exact.entry(text.into()).or_default().push(value);
    }

    /// Adds a value for every text that begins so.
    pub fn insert_before_star(&mut self, before: &str, value: u32) {
        if before.is_empty() {
            self.everywhere.push(value);
            return;
        }
        self.before_star
            .entry(before.into())
            .or_default()
            .push(value);
        if !self.lengths.contains(&before.len()) {
            self.lengths.push(before.len());
        }
    }

    /// Whether nothing was added.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.exact.is_empty() && self.before_star.is_empty() && self.everywhere.is_empty()
    }

    /// Every value.
    pub fn all(&self) -> impl Iterator<Item = u32> {
        let keyed = self.exact.values().chain(self.before_star.values());
        keyed.flatten().chain(&self.everywhere).copied()
    }

    /// The values of every pattern that could match the text, in no order; none stands twice.
    pub fn of<'a>(&'a self, text: &'a str) -> impl Iterator<Item = u32> + 'a {
        let exact = self.exact.get(text).into_iter();
        let begun = self.lengths.iter().filter_map(move |&length| {
            let before = text.get(..length)?;
            self.before_star.get(before)
        });
        exact
            .chain(begun)
            .flatten()
            .chain(&self.everywhere)
            .copied()
    }
}

#[cfg(test)]
mod tests {
    use super::Lookup;
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    #[test]
    fn a_text_finds_what_could_match_it() {
        let mut lookup = Lookup::default();
        for (pattern, value) in [("orders", 0), ("ord*", 1), ("*_token", 2), ("pay*", 3)] {
            lookup.insert(pattern, value);
        }
        let found = |text: &str| {
            let mut values: Vec<u32> = lookup.of(text).collect();
            values.sort_unstable();
            values
        };
        assert_eq!(found("orders"), [0, 1, 2]);
        assert_eq!(found("order"), [1, 2]);
        assert_eq!(found("payments"), [2, 3]);
        assert_eq!(found(""), [2]);
        assert_eq!(found("ö"), [2]);
    }
}
