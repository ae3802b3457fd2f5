//! `GET,POST /v1/{database}/tables/{table}:undrop`: which method and path an operation has.
//!
//! `{x}` is one segment, or what stands before a suffix in it; `{x**}` at the end is the rest of
//! the path, at least one segment. A slash at the end of a path makes no difference.

/// A method and a template of paths.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Route {
    /// In upper case; any where empty.
    methods: Vec<String>,
    segments: Vec<Segment>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Segment {
    Literal(String),
    Parameter { name: String, suffix: String },
    Rest(String),
}

impl Route {
    /// Every path and method.
    pub(super) fn any() -> Self {
        Self {
            methods: Vec::new(),
            segments: vec![Segment::Rest(String::new())],
        }
    }

    /// Reads a route; nothing where it is none.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let (methods, path) = text.split_once(' ')?;
        let methods = match methods {
            "*" => Vec::new(),
            some => some.split(',').map(str::to_owned).collect(),
        };
        let is_plain = |method: &String| {
            !method.is_empty() && method.bytes().all(|byte| byte.is_ascii_uppercase())
        };
        if !methods.iter().all(is_plain) {
            return None;
        }
        let inner = path.strip_prefix('/')?;
        let inner = inner.strip_suffix('/').unwrap_or(inner);
        let segments: Option<Vec<_>> = inner.split('/').map(Segment::parse).collect();
        let segments = segments?;
        let rest = segments
            .iter()
            .position(|segment| matches!(segment, Segment::Rest(_)));
        rest.is_none_or(|place| place.saturating_add(1) == segments.len())
            .then_some(Self { methods, segments })
    }

    /// How much it spells out: the route that says most is taken.
    pub(super) fn weight(&self) -> usize {
        let weights = self.segments.iter().map(|segment| match segment {
            Segment::Literal(_) => 4,
            Segment::Parameter { suffix, .. } if !suffix.is_empty() => 3,
            Segment::Parameter { .. } => 1,
            Segment::Rest(_) => 0,
        });
        weights.fold(0, usize::saturating_add)
    }

    /// Whether a path has this parameter.
    pub(super) fn has(&self, parameter: &str) -> bool {
        self.segments.iter().any(|segment| match segment {
            Segment::Literal(_) => false,
            Segment::Parameter { name, .. } | Segment::Rest(name) => name == parameter,
        })
    }

    /// Whether a call has this method: HEAD is GET, and servers may take `post` for POST.
    pub(super) fn takes(&self, method: &str) -> bool {
        let method = if method.eq_ignore_ascii_case("HEAD") {
            "GET"
        } else {
            method
        };
        self.methods.is_empty()
            || self
                .methods
                .iter()
                .any(|known| known.eq_ignore_ascii_case(method))
    }

    /// Whether a path of that many segments could fit, which is cheaper to tell.
    pub(super) fn may_fit(&self, segments: usize) -> bool {
        let has_rest = matches!(self.segments.last(), Some(Segment::Rest(_)));
        has_rest || self.segments.len() == segments
    }

    /// Whether a decoded path fits; its parameters are added to those that are found.
    pub(super) fn fits<'v>(&'v self, path: &'v str, found: &mut Vec<(&'v str, &'v str)>) -> bool {
        found.clear();
        let mut rest = path.strip_prefix('/').unwrap_or(path);
        rest = rest.strip_suffix('/').unwrap_or(rest);
        let mut is_over = false;
        for segment in &self.segments {
            if let Segment::Rest(name) = segment {
                found.push((name, rest));
                return name.is_empty() || !(is_over || rest.is_empty());
            }
            if is_over {
                return false;
            }
            let (part, after) = match rest.split_once('/') {
                Some((part, after)) => (part, after),
                None => {
                    is_over = true;
                    (rest, "")
                }
            };
            rest = after;
            match segment {
                Segment::Literal(literal) if literal == part => {}
                Segment::Parameter { name, suffix } => match part.strip_suffix(suffix.as_str()) {
                    Some(value) if !value.is_empty() => found.push((name, value)),
                    _ => return false,
                },
                _ => return false,
            }
        }
        is_over
    }
}

impl Segment {
    fn parse(segment: &str) -> Option<Self> {
        let Some(rest) = segment.strip_prefix('{') else {
            return (!segment.contains(['{', '}'])).then(|| Self::Literal(segment.to_owned()));
        };
        let (name, suffix) = rest.split_once('}')?;
        let is_name = |name: &str| !name.is_empty() && !name.contains(['{', '*']);
        if suffix.contains(['{', '}']) {
            return None;
        }
        if let Some(name) = name.strip_suffix("**") {
            return (is_name(name) && suffix.is_empty()).then(|| Self::Rest(name.to_owned()));
        }
        is_name(name).then(|| Self::Parameter {
            name: name.to_owned(),
            suffix: suffix.to_owned(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    fn fits(route: &str, path: &str) -> Option<Vec<(String, String)>> {
        let route = Route::parse(route).unwrap();
        let mut found = Vec::new();
        let owned = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
        route
            .fits(path, &mut found)
            .then(|| found.iter().map(owned).collect())
    }

    #[test]
    fn a_path_fits_segment_by_segment() {
        let one = |name: &str, value: &str| Some(vec![(name.to_owned(), value.to_owned())]);
        assert_eq!(fits("GET /", "/"), Some(vec![]));
        assert_eq!(fits("GET /", "/a"), None);
        assert_eq!(fits("GET /a/{b}", "/a/x"), one("b", "x"));
        assert_eq!(fits("GET /a/{b}", "/a/x/"), one("b", "x"));
        assert_eq!(fits("GET /a/{b}", "/a"), None);
        assert_eq!(fits("GET /a/{b}", "/a/x/y"), None);
        assert_eq!(fits("GET /{b}", "/"), None);
        assert_eq!(fits("GET /a/{b}:drop", "/a/x:drop"), one("b", "x"));
        assert_eq!(fits("GET /a/{b}:drop", "/a/:drop"), None);
        assert_eq!(fits("GET /a/{b**}", "/a/x/y"), one("b", "x/y"));
        assert_eq!(fits("GET /a/{b**}", "/a"), None);
        assert_eq!(fits("GET /a/b", "/A/b"), None);
    }

    #[test]
    fn the_method_is_one_of_those_named() {
        let route = Route::parse("GET,POST /a").unwrap();
        assert!(route.takes("post") && route.takes("HEAD") && !route.takes("DELETE"));
        assert!(Route::parse("* /a").unwrap().takes("PURGE"));
    }

    #[test]
    fn what_is_no_route_is_told() {
        for broken in [
            "/a",
            "GET a",
            "get /a",
            "GET /{}",
            "GET /{a",
            "GET /{a**}/b",
            "GET /a{b}",
        ] {
            assert_eq!(Route::parse(broken), None, "{broken}");
        }
    }
}
