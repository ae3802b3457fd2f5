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

    /// Calls back with the values of every pattern that could match the text, in no order; none
    /// stands twice.
    ///
    /// By plain loops: a module that is compiled for size runs them in half the time of chained
    /// iterators.
    pub fn each(&self, text: &str, mut visit: impl FnMut(&[u32])) {
        if let Some(values) = self.exact.get(text) {
            visit(values);
        }
        for &length in &self.lengths {
            let before = text.get(..length);
            if let Some(values) = before.and_then(|before| self.before_star.get(before)) {
                visit(values);
            }
        }
        visit(&self.everywhere);
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
            let mut values = Vec::new();
            lookup.each(text, |more| values.extend_from_slice(more));
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
