//! Patterns for the names of tables and other resources.

use std::borrow::Cow;
use std::iter;

use super::set::enter;
use crate::action::{Resource, ResourceKind};
use crate::glob::{Glob, Truth};
use crate::lookup::Lookup;

/// A pattern for a dotted name: its parts are compared from the right, so `payments` matches
/// `public.payments` too.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamePattern {
    parts: Vec<PartPattern>,
}

/// One part of a pattern, as written and in lower case.
#[derive(Debug, Clone, PartialEq, Eq)]
struct PartPattern {
    exact: Glob,
    folded: Glob,
    is_folded: bool,
    is_any: bool,
    has_star: bool,
}

impl NamePattern {
    /// Reads a pattern such as `payments`, `public.*` or `"odd.name"`.
    #[must_use]
    pub fn new(pattern: &str) -> Self {
        let parts = parts(pattern);
        Self {
            parts: parts.iter().map(|part| PartPattern::new(part)).collect(),
        }
    }

    /// The last part of the pattern, as written.
    #[must_use]
    pub fn last(&self) -> &str {
        self.parts.last().map_or("", |part| part.exact.as_str())
    }

    /// A name that the pattern alone stands for; none where it has a star.
    #[must_use]
    pub fn exact(&self) -> Option<String> {
        let plain =
            |part: &PartPattern| !part.has_star && !part.exact.as_str().contains(['.', '"']);
        let parts: Vec<&str> = self.parts.iter().map(|part| part.exact.as_str()).collect();
        self.parts.iter().all(plain).then(|| parts.join("."))
    }

    /// The last part of a name.
    #[must_use]
    pub fn last_of(name: &str) -> Cow<'_, str> {
        if name.contains('"') {
            return Cow::Owned(parts(name).pop().unwrap_or_default());
        }
        Cow::Borrowed(name.rsplit('.').next().unwrap_or_default())
    }

    /// The pattern without its last part, which is then a pattern for what that part is in.
    #[must_use]
    pub fn parent(&self) -> Option<Self> {
        let (_, parts) = self.parts.split_last()?;
        (!parts.is_empty()).then(|| Self {
            parts: parts.to_vec(),
        })
    }

    /// Whether it says nothing but `*`.
    #[must_use]
    pub fn is_any(&self) -> bool {
        self.parts.iter().all(|part| part.exact.as_str() == "*")
    }

    /// Whether a column of a table matches; the table may be empty, where nobody could tell.
    #[must_use]
    pub fn matches_column(&self, table: &str, column: &str) -> Truth {
        if table.is_empty() {
            return self.matches(column);
        }
        if table.contains('"') || column.contains(['"', '.']) {
            let mut names = parts(table);
            names.push(column.trim_matches('"').to_owned());
            return self.compare(names.iter().rev().map(String::as_str));
        }
        self.compare(iter::once(column).chain(table.rsplit('.')))
    }

    /// Whether a name matches.
    ///
    /// `Maybe` where the name says less than the pattern (`payments` against
    /// `public.payments`: the schema is the session's), or differs in case only.
    ///
    /// ```
    /// use lictor_decide::glob::Truth;
    /// use lictor_decide::policy::NamePattern;
    ///
    /// let pattern = NamePattern::new("public.payments");
    /// assert_eq!(pattern.matches("shop.public.payments"), Truth::Yes);
    /// assert_eq!(pattern.matches("payments"), Truth::Maybe);
    /// assert_eq!(pattern.matches("archive.payments"), Truth::No);
    /// ```
    #[must_use]
    pub fn matches(&self, name: &str) -> Truth {
        if name.contains('"') {
            let parts = parts(name);
            return self.compare(parts.iter().rev().map(String::as_str));
        }
        self.compare(name.rsplit('.'))
    }

    /// Whether no name that ends in this part can match, not even as `Maybe`. The part is in
    /// lower case, without dots and quotes.
    pub(super) fn misses(&self, last: &str) -> bool {
        let part = self.parts.last();
        part.is_none_or(|part| !part.is_any && !part.folded.matches(last))
    }

    /// Compares part by part, the last of both first.
    fn compare<'n>(&self, mut names: impl Iterator<Item = &'n str>) -> Truth {
        let mut truth = Truth::Yes;
        for pattern in self.parts.iter().rev() {
            let Some(part) = names.next() else {
                // The name says less than the pattern: the schema is the session's.
                return truth.min(Truth::Maybe);
            };
            truth = truth.min(pattern.matches(part));
            if truth == Truth::No {
                return truth;
            }
        }
        truth
    }
}

impl PartPattern {
    fn new(text: &str) -> Self {
        let folded = folded(text);
        Self {
            exact: Glob::new(text, 0),
            is_folded: folded == text,
            folded: Glob::new(&folded, 0),
            is_any: text == "*",
            has_star: text.contains('*'),
        }
    }

    /// `Maybe` where the case differs: a database may fold it.
    fn matches(&self, part: &str) -> Truth {
        if self.is_any || self.exact.matches(part) {
            return Truth::Yes;
        }
        let has_one_case =
            |text: &str| text.is_ascii() && !text.bytes().any(|byte| byte.is_ascii_uppercase());
        let is_folded = if has_one_case(part) && self.has_star {
            // Where the pattern is in lower case too, this was asked above.
            !self.is_folded && self.folded.matches(part)
        } else if !part.is_ascii() || self.has_star {
            self.folded.matches(&folded(part))
        } else {
            self.folded.as_str().eq_ignore_ascii_case(part)
        };
        if is_folded { Truth::Maybe } else { Truth::No }
    }
}

/// Whether a part of a name is in lower case as it stands, and the whole of its name without
/// more reading.
pub(super) fn is_plain(part: &str) -> bool {
    let is_plain = |byte: u8| match byte {
        b'.' | b'"' | b'A'..=b'Z' => false,
        other => other.is_ascii(),
    };
    part.bytes().all(is_plain)
}

/// A text in lower case, letter by letter: a pattern is folded alike whatever follows it.
/// `str::to_lowercase` writes a sigma at the end of a word another way than within.
pub(super) fn folded(text: &str) -> String {
    text.chars().flat_map(char::to_lowercase).collect()
}

/// The parts of a dotted name; a part in double quotes may hold dots, and a quote twice for one.
fn parts(name: &str) -> Vec<String> {
    let mut parts = Vec::new();
    let mut part = String::new();
    let mut is_quoted = false;
    let mut letters = name.chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            '"' if is_quoted && letters.next_if_eq(&'"').is_some() => part.push('"'),
            '"' => is_quoted = !is_quoted,
            '.' if !is_quoted => parts.push(std::mem::take(&mut part)),
            other => part.push(other),
        }
    }
    parts.push(part);
    parts
}

/// A pattern for any resource: `table:public.*`, `path:/v1/orders/**`, `function:pg_read_*`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ResourcePattern {
    kind: ResourceKind,
    name: ResourceName,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum ResourceName {
    Dotted(NamePattern),
    Path(Glob),
}

impl ResourcePattern {
    /// Reads `kind:pattern`; nothing where the kind is unknown.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (kind, name) = text.split_once(':')?;
        let kind = ResourceKind::ALL
            .into_iter()
            .find(|known| known.name() == kind)?;
        let name = match is_dotted(kind) {
            true => ResourceName::Dotted(NamePattern::new(name)),
            false => ResourceName::Path(Glob::new(name, separator(kind))),
        };
        Some(Self { kind, name })
    }

    /// The kind of resources that it is for.
    #[must_use]
    pub const fn kind(&self) -> ResourceKind {
        self.kind
    }

    /// Enters it under what must stand in a name that it matches: the last part of a dotted one
    /// in lower case, the start of any other.
    pub(super) fn enter(&self, lookup: &mut Lookup, value: u32) {
        match &self.name {
            ResourceName::Dotted(pattern) => lookup.insert(&folded(pattern.last()), value),
            ResourceName::Path(glob) => enter(lookup, glob, value),
        }
    }

    /// Whether a resource matches.
    ///
    /// `Maybe` where a path is held against a method of gRPC or the other way round: it is the
    /// client's content type that makes it one or the other.
    #[must_use]
    pub fn matches(&self, resource: &Resource) -> Truth {
        if resource.kind != self.kind {
            return self.matches_other_kind(resource);
        }
        match &self.name {
            ResourceName::Dotted(pattern) => pattern.matches(&resource.name),
            ResourceName::Path(glob) => match resource.name.strip_suffix('*') {
                Some(start) if resource.kind == ResourceKind::Key => of_range(glob, start),
                _ => Truth::from(glob.matches(&resource.name)),
            },
        }
    }

    fn matches_other_kind(&self, resource: &Resource) -> Truth {
        let ResourceName::Path(glob) = &self.name else {
            return Truth::No;
        };
        let name = &resource.name;
        let matches = match (self.kind, resource.kind) {
            (ResourceKind::Path, ResourceKind::Method) => glob.matches(&format!("/{name}")),
            (ResourceKind::Method, ResourceKind::Path) => {
                glob.matches(name.strip_prefix('/').unwrap_or(name))
            }
            _ => false,
        };
        Truth::from(matches).min(Truth::Maybe)
    }
}

/// Whether resources of a kind have dotted names, whose last part says the most.
pub(super) const fn is_dotted(kind: ResourceKind) -> bool {
    match kind {
        ResourceKind::Table
        | ResourceKind::Object
        | ResourceKind::Function
        | ResourceKind::Field => true,
        ResourceKind::Path
        | ResourceKind::Method
        | ResourceKind::Location
        | ResourceKind::Tool
        | ResourceKind::Key
        | ResourceKind::Model
        | ResourceKind::Prompt
        | ResourceKind::Repository
        | ResourceKind::Ref => false,
    }
}

/// What a `*` in the pattern of such a name stops at.
const fn separator(kind: ResourceKind) -> u8 {
    match kind {
        // Names that nothing is told of: `delete/all` is one word.
        ResourceKind::Tool | ResourceKind::Model | ResourceKind::Prompt => 0,
        _ => b'/',
    }
}

/// Whether a pattern holds for every key that begins so, for some of them, or for none.
fn of_range(glob: &Glob, start: &str) -> Truth {
    let pattern = glob.as_str();
    let literal = pattern.split(['*', '?']).next().unwrap_or_default();
    if start.starts_with(literal) {
        Truth::from(pattern.strip_suffix("**") == Some(literal)).max(Truth::Maybe)
    } else {
        Truth::from(literal.starts_with(start)).min(Truth::Maybe)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    #[test]
    fn names_compare_from_the_right() {
        for (pattern, name, truth) in [
            ("payments", "payments", Truth::Yes),
            ("payments", "public.payments", Truth::Yes),
            ("payments", "payments.archive", Truth::No),
            ("payments", "Payments", Truth::Maybe),
            ("public.payments", "payments", Truth::Maybe),
            ("public.payments", "other", Truth::No),
            ("public.*", "public.orders", Truth::Yes),
            ("pay*", "shop.payouts", Truth::Yes),
            ("\"odd.name\"", "public.\"odd.name\"", Truth::Yes),
            ("name", "public.\"odd.name\"", Truth::No),
            ("ab", "\"a\"\"b\"", Truth::No),
            ("\"a\"\"b\"", "public.\"a\"\"b\"", Truth::Yes),
        ] {
            assert_eq!(
                NamePattern::new(pattern).matches(name),
                truth,
                "{pattern} {name}"
            );
        }
    }

    #[test]
    fn a_resource_pattern_needs_a_known_kind() {
        assert_eq!(ResourcePattern::parse("payments"), None);
        assert_eq!(ResourcePattern::parse("planet:mars"), None);
        let path = ResourcePattern::parse("path:/v1/**").unwrap();
        let resource = |kind, name: &str| Resource {
            kind,
            name: name.to_owned(),
        };
        assert_eq!(
            path.matches(&resource(ResourceKind::Path, "/v1/orders")),
            Truth::Yes
        );
        assert_eq!(
            path.matches(&resource(ResourceKind::Table, "/v1/orders")),
            Truth::No
        );
        let method = ResourcePattern::parse("method:v1/*").unwrap();
        for (pattern, kind, name, truth) in [
            (&path, ResourceKind::Method, "v1/orders", Truth::Maybe),
            (&path, ResourceKind::Method, "v2/orders", Truth::No),
            (&method, ResourceKind::Path, "/v1/orders", Truth::Maybe),
            (&method, ResourceKind::Path, "/v2/orders", Truth::No),
            (&method, ResourceKind::Method, "v1/orders", Truth::Yes),
        ] {
            assert_eq!(pattern.matches(&resource(kind, name)), truth, "{name}");
        }
    }

    #[test]
    fn a_range_of_keys_is_held_against_all_that_lie_in_it() {
        for (pattern, name, truth) in [
            ("key:/secrets/**", "/secrets/a", Truth::Yes),
            ("key:/secrets/**", "/secrets/a*", Truth::Yes),
            ("key:/secrets/*", "/secrets/*", Truth::Maybe),
            ("key:/secrets/**", "/*", Truth::Maybe),
            ("key:/secrets/**", "*", Truth::Maybe),
            ("key:/secrets/**", "/sec*", Truth::Maybe),
            ("key:/secrets/a", "/secrets/*", Truth::Maybe),
            ("key:/secrets/**", "/apps/*", Truth::No),
            ("key:**", "/apps/*", Truth::Yes),
        ] {
            let resource = Resource {
                kind: ResourceKind::Key,
                name: name.to_owned(),
            };
            let pattern = ResourcePattern::parse(pattern).unwrap();
            assert_eq!(pattern.matches(&resource), truth, "{pattern:?} {name}");
        }
    }
}
