//! The records of cases to the rules that took part in none.

use std::path::PathBuf;

use serde_json::Value;

use crate::case::CaseFile;
use crate::guarded;

/// The members of a record that name rules.
const NAMING: [&str; 4] = ["rules", "shadow", "approved", "tagged"];

/// Which rules of one document took part.
pub(super) struct Coverage {
    /// The document's own file, or the file of cases that holds it.
    pub(super) policy: PathBuf,
    text: String,
    rules: Vec<(String, bool)>,
}

impl Coverage {
    /// The one of a document, new if there is none yet.
    pub(super) fn at<'c>(all: &'c mut Vec<Self>, file: &CaseFile) -> &'c mut Self {
        let known = all.iter().position(|one| one.text == file.document.text);
        let place = known.unwrap_or_else(|| {
            let ids = guarded::rule_ids(&file.guard);
            all.push(Self {
                policy: file.document.files.first().unwrap_or(&file.path).clone(),
                text: file.document.text.clone(),
                rules: ids.into_iter().map(|id| (id.to_owned(), false)).collect(),
            });
            all.len().saturating_sub(1)
        });
        #[expect(clippy::indexing_slicing, reason = "found, or just pushed")]
        &mut all[place]
    }

    /// Takes in which rules a record names.
    pub(super) fn note(&mut self, record: &Value) {
        let texts = |member: &str| {
            let texts = record.get(member).and_then(Value::as_array);
            let texts = texts.into_iter().flatten();
            texts.filter_map(Value::as_str).collect::<Vec<_>>()
        };
        let named: Vec<&str> = NAMING.iter().flat_map(|member| texts(member)).collect();
        for (id, took_part) in &mut self.rules {
            *took_part |= named.contains(&id.as_str());
        }
    }

    /// How many rules there are.
    pub(super) fn all(&self) -> usize {
        self.rules.len()
    }

    /// The rules that took part in no case.
    pub(super) fn untested(&self) -> Vec<&str> {
        let untested = self.rules.iter().filter(|(_, took_part)| !took_part);
        untested.map(|(id, _)| id.as_str()).collect()
    }

    /// How many of a hundred rules took part.
    pub(super) fn percent(&self) -> usize {
        let tested = self.all().saturating_sub(self.untested().len());
        tested
            .saturating_mul(100)
            .checked_div(self.all())
            .unwrap_or(100)
    }
}
