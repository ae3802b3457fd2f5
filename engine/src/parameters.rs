//! Query strings and `application/x-www-form-urlencoded` bodies: text becomes name and value
//! pairs in which every name stands once.
//!
//! Servers disagree on repeated names (first, last, both), on `;` as a separator and on `#` as
//! the end, so all three are refused.
//!
//! Source: URL Standard, `application/x-www-form-urlencoded` parsing, made strict.

use std::collections::BTreeSet;

use crate::cel::{Entries, Val};
use crate::limits;
use crate::path::{Plus, percent_decode};
use crate::refusal::Refusal;

/// Decoded pairs in the order in which they came; no name stands twice.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Parameters {
    pairs: Vec<(String, String)>,
}

impl Parameters {
    /// Reads a query string or a form body.
    ///
    /// # Errors
    ///
    /// `parameters.malformed`, `parameters.repeated` or `parameters.too_many`.
    pub fn parse(text: &str) -> Result<Self, Refusal> {
        let mut pairs = Vec::new();
        for piece in text.split('&').filter(|piece| !piece.is_empty()) {
            if pairs.len() == limits::PARAMETERS {
                return Err(TOO_MANY);
            }
            pairs.push(pair(piece)?);
        }
        let mut seen = BTreeSet::new();
        let repeats = pairs.iter().any(|(name, _)| !seen.insert(bare(name)));
        if repeats {
            Err(REPEATED)
        } else {
            Ok(Self { pairs })
        }
    }

    /// The value of that name, which must be spelled just so.
    ///
    /// # Errors
    ///
    /// `parameters.ambiguous` where another spelling of the name stands there too, which a
    /// server that ignores case would read.
    pub fn value(&self, name: &str) -> Result<Option<&str>, Refusal> {
        let mut found = None;
        for (key, value) in &self.pairs {
            if key == name {
                found = Some(value.as_str());
            } else if bare(key).eq_ignore_ascii_case(name) {
                return Err(AMBIGUOUS);
            }
        }
        Ok(found)
    }

    /// Every name with its value.
    pub fn pairs(&self) -> impl Iterator<Item = (&str, &str)> {
        let pairs = self.pairs.iter();
        pairs.map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// Every name.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.pairs.iter().map(|(name, _)| name.as_str())
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.pairs.is_empty()
    }
}

/// The parameters as expressions of rules see them.
impl Entries for Parameters {
    fn len(&self) -> usize {
        self.names().count()
    }

    fn key(&self, index: usize) -> Option<&str> {
        self.names().nth(index)
    }

    fn value(&self, key: &str) -> Val<'_> {
        match Self::value(self, key) {
            Ok(Some(text)) => Val::Text(text),
            Ok(None) => Val::Missing,
            // Another spelling stands there, which a server may take for this one.
            Err(_) => Val::Unknown,
        }
    }
}

fn pair(piece: &str) -> Result<(String, String), Refusal> {
    if piece.contains([';', '#']) {
        return Err(MALFORMED);
    }
    let (name, value) = piece.split_once('=').unwrap_or((piece, ""));
    let decode = |text| percent_decode(text, Plus::Space).ok_or(MALFORMED);
    let (name, value) = (decode(name)?, decode(value)?);
    let is_readable = !name.contains('\0') && !name.starts_with(' ');
    if is_readable {
        Ok((name, value))
    } else {
        Err(MALFORMED)
    }
}

/// The name that frameworks see which read `a[]` and `a[0]` as `a`.
fn bare(name: &str) -> &str {
    name.split_once('[').map_or(name, |(before, _)| before)
}

const MALFORMED: Refusal = Refusal::malformed(
    "parameters.malformed",
    "expected `name=value` pairs joined by `&`, percent-encoded as UTF-8",
    "percent-encode the parameters, `;` as %3B",
);
const REPEATED: Refusal = Refusal::malformed(
    "parameters.repeated",
    "expected each parameter once",
    "send each parameter once",
);
const TOO_MANY: Refusal = Refusal::malformed(
    "parameters.too_many",
    "expected fewer parameters",
    "send fewer parameters",
);
const AMBIGUOUS: Refusal = Refusal::malformed(
    "parameters.ambiguous",
    "expected a parameter name in the spelling of the API only",
    "spell the parameter name as the API documents it",
);

#[cfg(test)]
mod tests {
    use super::*;
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    fn code(text: &str) -> &'static str {
        Parameters::parse(text).unwrap_err().code
    }

    #[test]
    fn decodes_names_and_values() {
        let read = Parameters::parse("q=SELECT+1%3B&%66ull=a%2Bb&&empty").unwrap();
        assert_eq!(read.value("q"), Ok(Some("SELECT 1;")));
        assert_eq!(read.value("full"), Ok(Some("a+b")));
        assert_eq!(read.value("empty"), Ok(Some("")));
        assert_eq!(read.value("absent"), Ok(None));
        assert!(Parameters::parse("").unwrap().is_empty());
    }

    #[test]
    fn refuses_a_name_twice_in_every_spelling_that_servers_take_for_the_same() {
        for text in [
            "q=1&q=2",
            "q=1&%71=2",
            "q[]=1&q[]=2",
            "q=1&q[]=2",
            "q=1&q[0]=2",
        ] {
            assert_eq!(code(text), "parameters.repeated", "{text}");
        }
        let other_case = Parameters::parse("q=1&Q=2").unwrap();
        assert_eq!(
            other_case.value("q").unwrap_err().code,
            "parameters.ambiguous"
        );
        let bracketed = Parameters::parse("q[]=1").unwrap();
        assert_eq!(
            bracketed.value("q").unwrap_err().code,
            "parameters.ambiguous"
        );
    }

    #[test]
    fn refuses_what_is_not_plainly_encoded() {
        for text in [
            "q=%", "q=%zz", "q=%ff", "q=1;r=2", "q=1#x", "q%00=1", "+q=1",
        ] {
            assert_eq!(code(text), "parameters.malformed", "{text}");
        }
        assert_eq!(
            code(&"a&".repeat(limits::PARAMETERS + 1)),
            "parameters.too_many"
        );
    }
}
