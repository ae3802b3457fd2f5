//! Texts seen in one case, compared and searched without being copied.

use std::cmp::Ordering;

use super::value::Val;

/// A text and how the case of its ASCII letters is seen.
#[derive(Clone, Copy)]
pub struct Text<'a> {
    /// The text as it is.
    pub text: &'a str,
    /// How it is seen.
    pub case: Case,
}

/// How the case of ASCII letters is seen.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Case {
    AsIs,
    Lower,
    Upper,
}

impl<'a> Text<'a> {
    /// The text that a value is.
    pub fn of(value: Val<'a>) -> Option<Self> {
        let (text, case) = match value {
            Val::Text(text) => (text, Case::AsIs),
            Val::Lower(text) => (text, Case::Lower),
            Val::Upper(text) => (text, Case::Upper),
            _ => return None,
        };
        Some(Self { text, case })
    }

    /// The text as a value.
    pub fn val(self) -> Val<'a> {
        match self.case {
            Case::AsIs => Val::Text(self.text),
            Case::Lower => Val::Lower(self.text),
            Case::Upper => Val::Upper(self.text),
        }
    }

    /// A part of it, seen the same way.
    pub fn with(self, text: &'a str) -> Self {
        Self { text, ..self }
    }

    /// Its bytes, as they are seen.
    pub fn bytes(self) -> impl DoubleEndedIterator<Item = u8> + 'a {
        let case = self.case;
        self.text.bytes().map(move |byte| seen(byte, case))
    }

    /// Whether nothing would be seen that is not there.
    pub fn is_as_it_is(self) -> bool {
        let other = match self.case {
            Case::AsIs => return true,
            Case::Lower => u8::is_ascii_uppercase,
            Case::Upper => u8::is_ascii_lowercase,
        };
        !self.text.as_bytes().iter().any(other)
    }

    /// Whether both are the same.
    pub fn equals(self, other: Text<'_>) -> bool {
        self.text.len() == other.text.len() && self.starts_with(other)
    }

    /// Whether it starts with another.
    pub fn starts_with(self, other: Text<'_>) -> bool {
        let head = self.text.as_bytes().get(..other.text.len());
        head.is_some_and(|head| same(head, self.case, other))
    }

    /// Whether it ends with another.
    pub fn ends_with(self, other: Text<'_>) -> bool {
        let start = self.text.len().checked_sub(other.text.len());
        let tail = start.and_then(|start| self.text.as_bytes().get(start..));
        tail.is_some_and(|tail| same(tail, self.case, other))
    }

    /// The byte at which another first stands in it.
    pub fn find(self, other: Text<'_>) -> Option<usize> {
        if self.case == Case::AsIs && other.case == Case::AsIs {
            return self.text.find(other.text);
        }
        self.places(other.text.len())
            .find(|place| self.stands_at(*place, other))
    }

    /// The byte at which another last stands in it.
    pub fn find_last(self, other: Text<'_>) -> Option<usize> {
        let places = self.places(other.text.len());
        places.rev().find(|place| self.stands_at(*place, other))
    }

    /// Which of both comes first, by code point.
    pub fn order(self, other: Text<'_>) -> Ordering {
        self.bytes().cmp(other.bytes())
    }

    fn places(self, length: usize) -> impl DoubleEndedIterator<Item = usize> {
        let end = self.text.len().checked_sub(length);
        0..end.map_or(0, |end| end.saturating_add(1))
    }

    fn stands_at(self, place: usize, other: Text<'_>) -> bool {
        let tail = self.text.get(place..);
        tail.is_some_and(|tail| self.with(tail).starts_with(other))
    }
}

/// A text as it is.
pub fn plain(text: &str) -> Text<'_> {
    Text {
        text,
        case: Case::AsIs,
    }
}

fn seen(byte: u8, case: Case) -> u8 {
    match case {
        Case::AsIs => byte,
        Case::Lower => byte.to_ascii_lowercase(),
        Case::Upper => byte.to_ascii_uppercase(),
    }
}

fn same(bytes: &[u8], case: Case, other: Text<'_>) -> bool {
    if case == Case::AsIs && other.case == Case::AsIs {
        return bytes == other.text.as_bytes();
    }
    bytes.iter().map(|byte| seen(*byte, case)).eq(other.bytes())
}

#[cfg(test)]
mod tests {
    use super::{Case, Text};
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    fn text(text: &str, case: Case) -> Text<'_> {
        Text { text, case }
    }

    #[test]
    fn a_text_is_seen_in_one_case() {
        let shown = text("Grüße", Case::Lower);
        assert!(shown.equals(text("grüße", Case::AsIs)));
        assert!(!shown.equals(text("Grüße", Case::AsIs)));
        assert!(shown.starts_with(text("GR", Case::Lower)));
        assert!(shown.ends_with(text("ße", Case::AsIs)));
        assert!(!shown.is_as_it_is());
        assert!(text("grüße", Case::Lower).is_as_it_is());
        assert!(
            text("ABC", Case::Lower)
                .order(text("abd", Case::AsIs))
                .is_lt()
        );
    }

    #[test]
    fn parts_are_found_from_both_ends() {
        let shown = text("aXbXc", Case::Lower);
        assert_eq!(shown.find(text("xb", Case::AsIs)), Some(1));
        assert_eq!(shown.find_last(text("x", Case::AsIs)), Some(3));
        assert_eq!(shown.find(text("X", Case::AsIs)), None);
        assert_eq!(shown.find(text("", Case::AsIs)), Some(0));
        assert_eq!(shown.find_last(text("", Case::AsIs)), Some(5));
        assert_eq!(
            text("é", Case::AsIs).find_last(text("é", Case::AsIs)),
            Some(0)
        );
    }
}
