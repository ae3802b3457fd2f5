//! Templates of paths: literal segments and parameters, one whole segment each.

/// A path such as `/v1/orders/{id}`.
#[derive(Debug)]
pub(super) struct Template {
    /// As it is written.
    pub text: String,
    segments: Vec<Option<String>>,
}

impl Template {
    /// Reads a template; nothing where it is none.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let inner = text.strip_prefix('/')?;
        let segments: Option<Vec<_>> = inner.split('/').map(Self::segment).collect();
        Some(Self {
            text: text.to_owned(),
            segments: segments?,
        })
    }

    /// A literal segment, or nothing for a parameter.
    fn segment(segment: &str) -> Option<Option<String>> {
        match segment.strip_prefix('{') {
            Some(rest) => rest
                .strip_suffix('}')
                .filter(|name| !name.is_empty())
                .map(|_| None),
            None if segment.contains(['{', '}']) => None,
            None => Some(Some(segment.to_owned())),
        }
    }

    /// Whether a decoded path fits; a slash at its end makes no difference.
    pub(super) fn matches(&self, path: &str) -> bool {
        let inner = path.strip_prefix('/').unwrap_or(path);
        let inner = inner.strip_suffix('/').unwrap_or(inner);
        let mut parts = inner.split('/');
        let fits = self
            .segments
            .iter()
            .all(|segment| match (segment, parts.next()) {
                (Some(literal), Some(part)) => literal == part,
                (None, Some(part)) => !part.is_empty(),
                (_, None) => false,
            });
        fits && parts.next().is_none()
    }

    /// Whether it ends with a parameter, and so names one item.
    pub(super) fn is_item(&self) -> bool {
        matches!(self.segments.last(), Some(None))
    }

    /// How many segments are spelled out; the template with most of them names a path best.
    pub(super) fn literals(&self) -> usize {
        self.segments.iter().flatten().count()
    }
}
