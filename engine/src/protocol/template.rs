//! Templates of paths: literal text and parameters, at most one parameter in each segment.

use crate::action::Reach;
use crate::limits;

/// A path such as `/v1/orders/{id}` or `/v1/orders/{id}:cancel`.
#[derive(Debug, Clone)]
pub(super) struct Template {
    /// As it is written.
    pub text: String,
    segments: Vec<Segment>,
}

/// What stands between two slashes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Segment {
    /// Text.
    Literal(String),
    /// A parameter, with the text around it.
    Parameter {
        /// The text before it.
        before: String,
        /// Its name.
        name: String,
        /// The text after it.
        after: String,
    },
}

impl Segment {
    fn parse(text: &str) -> Option<Self> {
        let Some((before, rest)) = text.split_once('{') else {
            return (!text.contains('}')).then(|| Self::Literal(text.to_owned()));
        };
        let (name, after) = rest.split_once('}')?;
        let is_plain = !name.is_empty() && ![before, name, after].concat().contains(['{', '}']);
        is_plain.then(|| Self::Parameter {
            before: before.to_owned(),
            name: name.to_owned(),
            after: after.to_owned(),
        })
    }

    /// Whether a part of a path fits.
    pub(super) fn fits(&self, part: &str) -> bool {
        match self {
            Self::Literal(literal) => literal == part,
            Self::Parameter { .. } => self.value(part).is_some_and(|value| !value.is_empty()),
        }
    }

    /// What stands in a part for the parameter.
    fn value<'p>(&self, part: &'p str) -> Option<&'p str> {
        match self {
            Self::Literal(_) => None,
            Self::Parameter { before, after, .. } => part
                .strip_prefix(before.as_str())?
                .strip_suffix(after.as_str()),
        }
    }
}

/// The parts of a decoded path; a slash at its end makes no difference.
pub(super) fn parts(path: &str) -> impl Iterator<Item = &str> {
    let inner = path.strip_prefix('/').unwrap_or(path);
    inner.strip_suffix('/').unwrap_or(inner).split('/')
}

impl Template {
    /// Reads a template; nothing where it is none.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let inner = text.strip_prefix('/')?;
        let segments: Option<Vec<_>> = inner.split('/').map(Segment::parse).collect();
        Some(Self {
            text: text.to_owned(),
            segments: segments?,
        })
    }

    /// What it is made of.
    pub(super) fn segments(&self) -> &[Segment] {
        &self.segments
    }

    /// Whether a decoded path fits.
    pub(super) fn matches(&self, path: &str) -> bool {
        let mut parts = parts(path);
        let mut segments = self.segments.iter();
        let fits = segments.all(|segment| parts.next().is_some_and(|part| segment.fits(part)));
        fits && parts.next().is_none()
    }

    /// The parameters of a path that fits, in order.
    pub(super) fn values<'t>(&'t self, path: &'t str) -> impl Iterator<Item = (&'t str, &'t str)> {
        let pairs = self.segments.iter().zip(parts(path));
        pairs.filter_map(|(segment, part)| match segment {
            Segment::Literal(_) => None,
            Segment::Parameter { name, .. } => Some((name.as_str(), segment.value(part)?)),
        })
    }

    /// How many items a path that fits names; nothing where it names a collection.
    pub(super) fn reach(&self, path: &str) -> Option<Reach> {
        matches!(self.segments.last(), Some(Segment::Parameter { .. }))
            .then(|| items(self.values(path).map(|(_, value)| value)))
    }

    /// Whether it spells out each segment that the other does, and more: of two that a path
    /// fits, every server takes this one. Of others they take the one or the other.
    pub(super) fn is_narrower(&self, other: &Self) -> bool {
        let is_literal = |segment: &Segment| matches!(segment, Segment::Literal(_));
        let mut pairs = self.segments.iter().zip(&other.segments);
        let mut is_more = false;
        pairs.all(|(own, other)| {
            is_more |= is_literal(own) && !is_literal(other);
            is_literal(own) || !is_literal(other)
        }) && is_more
    }
}

/// How many items are named by these values: servers take `1,2,3` for several and `*`, `_all` or
/// nothing but marks for all.
fn items<'v>(values: impl Iterator<Item = &'v str>) -> Reach {
    let mut count = 1_u64;
    for value in values {
        let is_name = value.contains(char::is_alphanumeric);
        if !is_name || value == "_all" || value.contains(['*', '|']) {
            return Reach::All;
        }
        let several = u64::try_from(value.split(',').count()).unwrap_or(u64::MAX);
        count = count.saturating_mul(several);
    }
    match count {
        1 => Reach::Key,
        some => few(some),
    }
}

/// So many items, where that counts as a bound.
pub(super) const fn few(count: u64) -> Reach {
    if count <= limits::BOUND_ROWS {
        Reach::Limited(count)
    } else {
        Reach::All
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    #[test]
    fn a_template_names_items_and_collections() {
        for (template, path, reach) in [
            ("/v1/orders", "/v1/orders", Some(None)),
            ("/v1/orders", "/v1/orders/", Some(None)),
            ("/v1/orders", "/v1/orders/1", None),
            ("/v1/orders/{id}", "/v1/orders/1", Some(Some(Reach::Key))),
            (
                "/v1/orders/{id}",
                "/v1/orders/1,2",
                Some(Some(Reach::Limited(2))),
            ),
            ("/v1/orders/{id}", "/v1/orders/*", Some(Some(Reach::All))),
            ("/v1/orders/{id}", "/v1/orders", None),
            (
                "/v1/orders/{id}:cancel",
                "/v1/orders/7:cancel",
                Some(Some(Reach::Key)),
            ),
            ("/v1/orders/{id}:cancel", "/v1/orders/:cancel", None),
            (
                "/u/{u}/o/{o}",
                "/u/1,2/o/3,4",
                Some(Some(Reach::Limited(4))),
            ),
            ("/u/{u}/o", "/u/1/o", Some(None)),
        ] {
            let read = Template::parse(template).unwrap();
            let found = read.matches(path).then(|| read.reach(path));
            assert_eq!(found, reach, "{template} {path}");
        }
    }

    #[test]
    fn a_narrower_template_spells_out_more_and_nothing_less() {
        for (one, other, is_narrower) in [
            ("/orders/all", "/orders/{id}", true),
            ("/orders/{id}", "/orders/all", false),
            ("/orders/{id}", "/orders/{name}", false),
            ("/{tenant}/export/all", "/admin/{a}/{b}", false),
            ("/admin/{a}/{b}", "/{tenant}/export/all", false),
            ("/admin/export/{b}", "/{tenant}/export/{b}", true),
        ] {
            let [one, other] = [one, other].map(|text| Template::parse(text).unwrap());
            assert_eq!(one.is_narrower(&other), is_narrower, "{one:?} {other:?}");
        }
    }

    #[test]
    fn what_is_no_template_is_refused() {
        for text in ["v1", "/{}", "/{a}{b}", "/a}", "/{a", "/{a}/{b"] {
            assert!(Template::parse(text).is_none(), "{text}");
        }
    }
}
