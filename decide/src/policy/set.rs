//! Sets of patterns: one is matched by its own, thousands through a look-up.

use super::NamePattern;
use super::name::folded;
use crate::glob::{Glob, Truth};
use crate::lookup::Lookup;

/// Up to this many patterns are matched one by one.
const FEW: usize = 8;

/// Globs, of which any may match.
#[derive(Debug, Clone)]
pub struct GlobSet {
    globs: Vec<Glob>,
    lookup: Option<Lookup>,
}

impl GlobSet {
    /// A set of patterns whose `*` stops at `separator`.
    #[must_use]
    pub fn new(patterns: &[String], separator: u8) -> Self {
        let globs: Vec<Glob> = patterns
            .iter()
            .map(|text| Glob::new(text, separator))
            .collect();
        let lookup = (globs.len() > FEW).then(|| {
            let mut lookup = Lookup::default();
            for (index, glob) in (0..).zip(&globs) {
                enter(&mut lookup, glob, index);
            }
            lookup
        });
        Self { globs, lookup }
    }

    /// The patterns.
    #[must_use]
    pub fn globs(&self) -> &[Glob] {
        &self.globs
    }

    /// Whether any matches the whole text.
    #[must_use]
    pub fn matches(&self, text: &str) -> bool {
        let Some(lookup) = &self.lookup else {
            return self.globs.iter().any(|glob| glob.matches(text));
        };
        let is_match = |&index: &u32| at(&self.globs, index).is_some_and(|glob| glob.matches(text));
        let mut is_found = false;
        lookup.each(text, |indices| {
            is_found = is_found || indices.iter().any(is_match);
        });
        is_found
    }
}

/// Enters a glob under what must stand at the start of a text that it matches.
pub(super) fn enter(lookup: &mut Lookup, glob: &Glob, value: u32) {
    // `/v1/**` also stands for `/v1`, and `internal.**` for `internal`.
    let parent = glob.as_str().strip_suffix("**");
    match parent.and_then(|rest| rest.strip_suffix(['/', '.'])) {
        Some(parent) => {
            let before = parent.split('*').next().unwrap_or_default();
            lookup.insert_before_star(before, value);
        }
        None => lookup.insert(glob.as_str(), value),
    }
}

/// Patterns for dotted names, of which any may match.
#[derive(Debug, Clone)]
pub struct NameSet {
    patterns: Vec<NamePattern>,
    lookup: Option<Lookup>,
}

impl NameSet {
    /// A set of patterns such as `payments` or `public.*`.
    #[must_use]
    pub fn new(patterns: &[String]) -> Self {
        let patterns: Vec<NamePattern> =
            patterns.iter().map(|text| NamePattern::new(text)).collect();
        let lookup = (patterns.len() > FEW).then(|| {
            let mut lookup = Lookup::default();
            for (index, pattern) in (0..).zip(&patterns) {
                lookup.insert(&folded(pattern.last()), index);
            }
            lookup
        });
        Self { patterns, lookup }
    }

    /// The patterns.
    #[must_use]
    pub fn patterns(&self) -> &[NamePattern] {
        &self.patterns
    }

    /// The best answer of any pattern.
    #[must_use]
    pub fn matches(&self, name: &str) -> Truth {
        let Some(lookup) = &self.lookup else {
            return best(self.patterns.iter().map(|pattern| pattern.matches(name)));
        };
        let last = folded(&NamePattern::last_of(name));
        self.best_of(lookup, &last, |pattern| pattern.matches(name))
    }

    /// The best answer for a column, of the patterns whose last part could be it; `*` could be
    /// any.
    pub(super) fn best_of_column(
        &self,
        column: &str,
        matches: impl Fn(&NamePattern) -> Truth,
    ) -> Truth {
        match &self.lookup {
            Some(lookup) if column != "*" => self.best_of(lookup, &folded(column), matches),
            _ => best(self.patterns.iter().map(matches)),
        }
    }

    /// The best answer of the patterns whose last part could be that.
    fn best_of(
        &self,
        lookup: &Lookup,
        last: &str,
        matches: impl Fn(&NamePattern) -> Truth,
    ) -> Truth {
        let mut most = Truth::No;
        lookup.each(last, |indices| {
            let found = indices
                .iter()
                .filter_map(|&index| at(&self.patterns, index));
            most = most.max(best(found.map(&matches)));
        });
        most
    }
}

pub(super) fn best(truths: impl Iterator<Item = Truth>) -> Truth {
    truths.max().unwrap_or(Truth::No)
}

pub(super) fn at<T>(items: &[T], index: u32) -> Option<&T> {
    items.get(usize::try_from(index).ok()?)
}

#[cfg(test)]
mod tests {
    use super::{GlobSet, NameSet};
    use crate::glob::Truth;
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    fn texts(own: &[&str], more: usize) -> Vec<String> {
        let filler = (0..more).map(|number| format!("filler_{number}"));
        own.iter()
            .map(|text| (*text).to_owned())
            .chain(filler)
            .collect()
    }

    #[test]
    fn a_large_set_answers_as_a_small_one() {
        let paths = ["/v1/orders", "/v1/**", "/*/edit", "/a/**/b", "*"];
        for more in [0, 100] {
            let set = GlobSet::new(&texts(&paths[..4], more), b'/');
            for (text, expected) in [
                ("/v1", true),
                ("/v1/x/y", true),
                ("/v2/edit", true),
                ("/a/x/y/b", true),
                ("/v2/x", false),
                ("filler", false),
            ] {
                assert_eq!(set.matches(text), expected, "{text} of {more}");
            }
        }
    }

    #[test]
    fn what_ends_in_stars_stands_for_its_parent_in_a_large_set_too() {
        for more in [0, 100] {
            let hosts = GlobSet::new(&texts(&["db.**"], more), b'.');
            for (text, expected) in [("db", true), ("db.x.y", true), ("dbx", false)] {
                assert_eq!(hosts.matches(text), expected, "{text} of {more}");
            }
        }
    }

    #[test]
    fn a_large_set_of_names_answers_as_a_small_one() {
        let names = ["public.payments", "pay*", "\"Odd.Name\""];
        for more in [0, 100] {
            let set = NameSet::new(&texts(&names, more));
            for (name, expected) in [
                ("public.payments", Truth::Yes),
                ("PAYMENTS", Truth::Maybe),
                ("payouts", Truth::Yes),
                ("x.\"Odd.Name\"", Truth::Yes),
                ("x.\"odd.name\"", Truth::Maybe),
                ("orders", Truth::No),
            ] {
                assert_eq!(set.matches(name), expected, "{name} of {more}");
            }
        }
    }
}
