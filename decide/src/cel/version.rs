//! Semantic versions (semver.org 2.0), compared as its section 11 says.

use std::cmp::Ordering;

/// A version, taken apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Version<'t> {
    /// Major, minor and patch.
    pub numbers: [u64; 3],
    before: &'t str,
}

/// Reads `1.2.3`, `1.2.3-rc.1+build.5`.
pub fn version(text: &str) -> Option<Version<'_>> {
    let (text, build) = match text.split_once('+') {
        Some((text, build)) => (text, Some(build)),
        None => (text, None),
    };
    let (numbers, before) = match text.split_once('-') {
        Some((numbers, before)) => (numbers, Some(before)),
        None => (text, None),
    };
    let is_build = build.is_none_or(|build| build.split('.').all(is_word));
    let is_before = before.is_none_or(|before| before.split('.').all(is_identifier));
    let mut parts = numbers.split('.').map(number);
    let numbers = [parts.next()??, parts.next()??, parts.next()??];
    let is_whole = parts.next().is_none();
    (is_build && is_before && is_whole).then_some(Version {
        numbers,
        before: before.unwrap_or_default(),
    })
}

fn number(text: &str) -> Option<u64> {
    let is_number = is_digits(text) && (text.len() == 1 || !text.starts_with('0'));
    is_number.then(|| text.parse().ok())?
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

fn is_word(text: &str) -> bool {
    let is_letter = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
    !text.is_empty() && text.bytes().all(is_letter)
}

/// Numbers among these have no leading zeros.
fn is_identifier(text: &str) -> bool {
    is_word(text) && (!is_digits(text) || text.len() == 1 || !text.starts_with('0'))
}

impl Version<'_> {
    /// Which of both comes first. What is built from it does not matter.
    pub fn order(self, other: Version<'_>) -> Ordering {
        let numbers = self.numbers.cmp(&other.numbers);
        numbers.then_with(|| match (self.before, other.before) {
            ("", "") => Ordering::Equal,
            ("", _) => Ordering::Greater,
            (_, "") => Ordering::Less,
            (one, two) => identifiers(one, two),
        })
    }
}

fn identifiers(one: &str, two: &str) -> Ordering {
    let (mut ones, mut twos) = (one.split('.'), two.split('.'));
    loop {
        let order = match (ones.next(), twos.next()) {
            (None, None) => return Ordering::Equal,
            (None, Some(_)) => Ordering::Less,
            (Some(_), None) => Ordering::Greater,
            (Some(one), Some(two)) => identifier(one, two),
        };
        if order != Ordering::Equal {
            return order;
        }
    }
}

/// Numbers come before words; without leading zeros the longer is the greater.
fn identifier(one: &str, two: &str) -> Ordering {
    match (is_digits(one), is_digits(two)) {
        (true, true) => one.len().cmp(&two.len()).then_with(|| one.cmp(two)),
        (true, false) => Ordering::Less,
        (false, true) => Ordering::Greater,
        (false, false) => one.cmp(two),
    }
}

#[cfg(test)]
mod tests {
    use super::version;
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    #[test]
    fn versions_stand_in_their_order() {
        let ordered = [
            "0.9.0",
            "1.0.0-alpha",
            "1.0.0-alpha.1",
            "1.0.0-alpha.beta",
            "1.0.0-beta",
            "1.0.0-beta.2",
            "1.0.0-beta.11",
            "1.0.0-rc.1",
            "1.0.0",
            "1.2.0",
            "1.10.0",
            "2.0.0",
        ];
        for pair in ordered.windows(2) {
            let (one, two) = (version(pair[0]).unwrap(), version(pair[1]).unwrap());
            assert!(one.order(two).is_lt() && two.order(one).is_gt(), "{pair:?}");
        }
        let (one, two) = (version("1.0.0+a").unwrap(), version("1.0.0+b").unwrap());
        assert!(one.order(two).is_eq());
    }

    #[test]
    fn what_is_no_version_is_refused() {
        for wrong in [
            "",
            "1",
            "1.2",
            "1.2.3.4",
            "v1.2.3",
            "01.2.3",
            "1.2.3-",
            "1.2.3-01",
            "1.2.3+",
            "1.2.-3",
            "1.2.3-a..b",
            "1.2.x",
        ] {
            assert!(version(wrong).is_none(), "{wrong}");
        }
    }
}
