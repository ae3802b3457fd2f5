//! The definitions that are built in, by name: the files of `engine/apis/`.

use std::borrow::Cow;

/// Every definition by name.
const TABLE: [(&str, &str); 1] = [("trino", include_str!("../../../apis/trino.yaml"))];

/// The names of all definitions, in the order of the alphabet.
pub fn names() -> impl Iterator<Item = &'static str> + Clone {
    TABLE.iter().map(|(name, _)| *name)
}

/// The text of a definition.
#[must_use]
pub fn definition(name: &str) -> Option<Cow<'static, str>> {
    let mut known = TABLE.iter();
    let (_, text) = known.find(|(known, _)| *known == name)?;
    Some(Cow::Borrowed(*text))
}
