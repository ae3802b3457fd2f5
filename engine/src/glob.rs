//! Patterns with `*` for names and paths, and the three answers a condition can have.

/// What a condition says. Ordered, so that "and" is the least and "or" the greatest.
///
/// `Maybe` is for what can't be told. A restricting rule takes it as a match, an allow rule
/// does not: nothing is guessed to be harmless.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Truth {
    /// It does not hold.
    No,
    /// It can't be told.
    Maybe,
    /// It holds.
    Yes,
}

impl Truth {
    /// The opposite; what can't be told stays so.
    #[must_use]
    pub const fn negated(self) -> Self {
        match self {
            Self::No => Self::Yes,
            Self::Maybe => Self::Maybe,
            Self::Yes => Self::No,
        }
    }
}

impl From<bool> for Truth {
    fn from(holds: bool) -> Self {
        if holds { Self::Yes } else { Self::No }
    }
}

/// A pattern: `*` stands for any run of characters up to the next separator, `**` for any
/// run at all, and a trailing `/**` also for nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Glob {
    pattern: String,
    separator: u8,
}

impl Glob {
    /// A pattern whose `*` stops at `separator`: `/` for paths, `.` for names.
    #[must_use]
    pub fn new(pattern: &str, separator: u8) -> Self {
        Self {
            pattern: pattern.to_owned(),
            separator,
        }
    }

    /// The pattern as written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.pattern
    }

    /// Whether the whole text matches.
    ///
    /// ```
    /// use lictor_engine::glob::Glob;
    ///
    /// let glob = Glob::new("/v1/*/items/**", b'/');
    /// assert!(glob.matches("/v1/7/items"));
    /// assert!(glob.matches("/v1/7/items/8/notes"));
    /// assert!(!glob.matches("/v1/7/8/items"));
    /// ```
    #[must_use]
    pub fn matches(&self, text: &str) -> bool {
        let pattern = self.pattern.as_bytes();
        if let Some(parent) = self.parent()
            && wildcard(parent, text.as_bytes(), self.separator)
        {
            return true;
        }
        wildcard(pattern, text.as_bytes(), self.separator)
    }

    /// The pattern without its trailing separator and `**`.
    fn parent(&self) -> Option<&[u8]> {
        let before = self.pattern.as_bytes().strip_suffix(b"**")?;
        before.strip_suffix(&[self.separator])
    }
}

/// Matches by remembering which pattern positions are reachable: time is the product of the
/// two lengths at worst, never more, whatever the pattern.
fn wildcard(pattern: &[u8], text: &[u8], separator: u8) -> bool {
    if !pattern.contains(&b'*') {
        return pattern == text;
    }
    let pieces = pieces(pattern);
    let mut reachable = vec![false; pieces.len().saturating_add(1)];
    if let Some(first) = reachable.first_mut() {
        *first = true;
    }
    skip_stars(&pieces, &mut reachable);
    let mut next = vec![false; reachable.len()];
    for &byte in text {
        next.fill(false);
        for (index, piece) in pieces.iter().enumerate() {
            if !reachable.get(index).copied().unwrap_or_default() {
                continue;
            }
            let target = match piece {
                Piece::Byte(expected) if *expected == byte => index.saturating_add(1),
                Piece::Star if byte != separator => index,
                Piece::DoubleStar => index,
                Piece::Byte(_) | Piece::Star => continue,
            };
            if let Some(slot) = next.get_mut(target) {
                *slot = true;
            }
        }
        skip_stars(&pieces, &mut next);
        std::mem::swap(&mut reachable, &mut next);
    }
    reachable.last().copied().unwrap_or_default()
}

enum Piece {
    Byte(u8),
    Star,
    DoubleStar,
}

fn pieces(pattern: &[u8]) -> Vec<Piece> {
    let mut pieces = Vec::with_capacity(pattern.len());
    for &byte in pattern {
        match (byte, pieces.last()) {
            (b'*', Some(Piece::Star)) => {
                pieces.pop();
                pieces.push(Piece::DoubleStar);
            }
            (b'*', Some(Piece::DoubleStar)) => {}
            (b'*', _) => pieces.push(Piece::Star),
            _ => pieces.push(Piece::Byte(byte)),
        }
    }
    pieces
}

/// A star may stand for nothing, so what follows it is reachable wherever it is.
fn skip_stars(pieces: &[Piece], reachable: &mut [bool]) {
    for (index, piece) in pieces.iter().enumerate() {
        let is_reachable = reachable.get(index).copied().unwrap_or_default();
        if is_reachable
            && !matches!(piece, Piece::Byte(_))
            && let Some(after) = reachable.get_mut(index.saturating_add(1))
        {
            *after = true;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    #[test]
    fn stars_stop_where_they_should() {
        for (pattern, text, expected) in [
            ("/v1/orders", "/v1/orders", true),
            ("/v1/orders", "/v1/orders/1", false),
            ("/v1/*", "/v1/orders", true),
            ("/v1/*", "/v1/orders/1", false),
            ("/v1/**", "/v1", true),
            ("/v1/**", "/v1/", true),
            ("/v1/**", "/v1/a/b", true),
            ("/v1/**", "/v10", false),
            ("/**/edit", "/a/b/edit", true),
            ("*", "", true),
            ("**", "/a/b", true),
            ("", "", true),
            ("", "a", false),
        ] {
            assert_eq!(
                Glob::new(pattern, b'/').matches(text),
                expected,
                "{pattern} {text}"
            );
        }
        assert!(Glob::new("*_token", b'.').matches("access_token"));
        assert!(!Glob::new("*_token", b'.').matches("a.access_token"));
    }

    #[test]
    fn many_stars_cost_no_more_than_the_product_of_the_lengths() {
        let pattern = "*a".repeat(60) + "b";
        let text = "a".repeat(4000);
        assert!(!Glob::new(&pattern, b'/').matches(&text));
    }
}
