//! Header and trailer fields as the pairs that answers and records of the upstream hold.

use http::HeaderMap;

/// Every field in order; bytes that are no UTF-8 show as replacement characters.
pub(crate) fn pairs(fields: &HeaderMap) -> Vec<(String, String)> {
    fields
        .iter()
        .map(|(name, value)| {
            let value = String::from_utf8_lossy(value.as_bytes()).into_owned();
            (name.as_str().to_owned(), value)
        })
        .collect()
}
