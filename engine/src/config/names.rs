//! Names that an author gives: to rules, APIs, schemas, labels, lists.

/// What a name must look like to serve in metrics and in response code details.
pub(super) const NAME_EXPECTED: &str =
    "expected 1 to 64 characters out of lower-case letters, digits, `-` and `_`";

pub(super) fn is_name(text: &str) -> bool {
    let is_plain =
        |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"-_".contains(&byte);
    (1..=64).contains(&text.len()) && text.bytes().all(is_plain)
}
