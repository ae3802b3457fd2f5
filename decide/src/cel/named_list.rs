//! Lists that a document names: texts that are written once, sorted, and shared.

use std::sync::Arc;

use super::text::{Case, Text, plain};
use super::value::{Items, Val};

/// A list of texts that is written once and shared by all expressions that name it.
#[derive(Debug, Clone)]
pub struct NamedList {
    texts: Arc<[String]>,
}

impl NamedList {
    /// Its texts, sorted.
    #[must_use]
    pub fn texts(&self) -> &[String] {
        &self.texts
    }

    /// Whether the text is one of them.
    pub(super) fn holds(&self, text: Text<'_>) -> bool {
        const FEW: usize = 8;
        if let (Case::AsIs, true) = (text.case, self.texts.len() <= FEW) {
            return self.texts.iter().any(|one| one == text.text);
        }
        if self.texts.len() <= FEW {
            let mut texts = self.texts.iter();
            return texts.any(|one| text.equals(plain(one)));
        }
        let found = self.texts.binary_search_by(|one| plain(one).order(text));
        found.is_ok()
    }
}

impl From<Vec<String>> for NamedList {
    fn from(mut texts: Vec<String>) -> Self {
        texts.sort_unstable();
        texts.dedup();
        Self {
            texts: texts.into(),
        }
    }
}

impl Items for NamedList {
    fn len(&self) -> usize {
        self.texts.len()
    }

    fn item(&self, index: usize) -> Val<'_> {
        let text = self.texts.get(index);
        text.map_or(Val::Missing, |text| Val::Text(text))
    }
}
