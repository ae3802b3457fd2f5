//! `when:` of an operation, an action or a refusal: what must stand in which places.
//!
//! A text stands for itself, with `*` for anything and in whatever case; `null` for a place where
//! nothing stands; a list for one of its items; `{not: …}` for the opposite.

use super::place::{Found, Place};
use super::source::{BodyForm, View};
use crate::document::{Content, Node, Reader};
use crate::glob::Glob;
use crate::refusal::Refusal;

/// What must be so, all of it.
#[derive(Debug, Clone, Default)]
pub(super) struct When {
    conditions: Vec<(Place, Test)>,
}

#[derive(Debug, Clone)]
struct Test {
    is_negated: bool,
    accepts_nothing: bool,
    patterns: Vec<Glob>,
}

/// Reads `when:`, whose keys are places.
pub(super) fn compile(reader: &mut Reader, node: &Node, path: &str) -> When {
    let mut conditions = Vec::new();
    let Some(mapping) = reader.mapping(node, path) else {
        return When::default();
    };
    for (key, node, path) in mapping.entries() {
        let Some(place) = Place::parse(&key.text) else {
            let message = "expected a place such as `$.type`, `query.q` or `header.x-target`";
            reader.mistake("api.location", key.position, &path, message.to_owned());
            continue;
        };
        if let Some(test) = test(reader, node, &path) {
            conditions.push((place, test));
        }
    }
    When { conditions }
}

fn test(reader: &mut Reader, node: &Node, path: &str) -> Option<Test> {
    if let Content::Mapping(_) = &node.content {
        let mut mapping = reader.mapping(node, path)?;
        let inner = mapping.required(reader, "not");
        mapping.finish(reader);
        let (node, path) = inner?;
        let test = test_of(reader, node, &path)?;
        return Some(Test {
            is_negated: true,
            ..test
        });
    }
    test_of(reader, node, path)
}

fn test_of(reader: &mut Reader, node: &Node, path: &str) -> Option<Test> {
    let mut test = Test {
        is_negated: false,
        accepts_nothing: false,
        patterns: Vec::new(),
    };
    for (node, path) in reader.one_or_list(node, path) {
        let text = match &node.content {
            Content::Null => {
                test.accepts_nothing = true;
                continue;
            }
            Content::Bool(value) => value.to_string(),
            Content::Number(value) => value.to_string(),
            Content::Text(text) => text.to_ascii_lowercase(),
            Content::List(_) | Content::Mapping(_) => {
                let message = "expected text, a number, true, false or null".to_owned();
                reader.mistake("document.unexpected", node.position, &path, message);
                return None;
            }
        };
        test.patterns.push(Glob::new(&text, 0));
    }
    Some(test)
}

impl When {
    /// How many conditions there are: of two operations of one route the one with more is taken.
    pub(super) fn len(&self) -> usize {
        self.conditions.len()
    }

    /// Every place that it looks at.
    pub(super) fn places(&self) -> impl Iterator<Item = &Place> {
        self.conditions.iter().map(|(place, _)| place)
    }

    /// Whether all of it is so.
    pub(super) fn holds(&self, view: &View<'_, '_>) -> Result<bool, Refusal> {
        for (place, test) in &self.conditions {
            if !test.holds(place, view)? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// The forms of body that it looks at.
    pub(super) fn forms(&self, forms: &mut Vec<BodyForm>) {
        self.places().for_each(|place| place.form(forms));
    }
}

/// Whether a text is that of a pattern, in whatever case: patterns are in lower case.
fn says(pattern: &Glob, text: &str) -> bool {
    if pattern.as_str().contains('*') {
        pattern.matches(&text.to_ascii_lowercase())
    } else {
        pattern.as_str().eq_ignore_ascii_case(text)
    }
}

impl Test {
    fn holds(&self, place: &Place, view: &View<'_, '_>) -> Result<bool, Refusal> {
        let (mut is_there, mut is_met) = (false, false);
        place.each(view, &mut |found| {
            is_there = true;
            is_met |= match found {
                Found::Text(text) | Found::Scalar(text) => {
                    self.patterns.iter().any(|pattern| says(pattern, &text))
                }
                Found::Tree(_) => self.patterns.iter().any(|pattern| pattern.as_str() == "*"),
            };
            Ok(())
        })?;
        let holds = if is_there {
            is_met
        } else {
            self.accepts_nothing
        };
        Ok(holds != self.is_negated)
    }
}
