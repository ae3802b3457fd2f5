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
    shape: Shape,
}

/// Where the stars of a pattern stand: the commonest patterns need no search.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Shape {
    /// No star.
    Plain,
    /// One `*`, before all else.
    End,
    /// One `*`, behind all else.
    Start,
    /// The separator and `**` behind all else.
    Tree,
    /// Any other.
    Mixed,
}

impl Shape {
    fn of(pattern: &[u8], separator: u8) -> Self {
        let is_plain = |part: &[u8]| !part.contains(&b'*');
        match pattern {
            plain if is_plain(plain) => Self::Plain,
            [b'*', end @ ..] if is_plain(end) => Self::End,
            [start @ .., b'*'] if is_plain(start) => Self::Start,
            [start @ .., before, b'*', b'*'] if *before == separator && is_plain(start) => {
                Self::Tree
            }
            _ => Self::Mixed,
        }
    }
}

impl Glob {
    /// A pattern whose `*` stops at `separator`: `/` for paths, `.` for names.
    #[must_use]
    pub fn new(pattern: &str, separator: u8) -> Self {
        Self {
            pattern: pattern.to_owned(),
            separator,
            shape: Shape::of(pattern.as_bytes(), separator),
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
    /// use lictor_decide::glob::Glob;
    ///
    /// let glob = Glob::new("/v1/*/items/**", b'/');
    /// assert!(glob.matches("/v1/7/items"));
    /// assert!(glob.matches("/v1/7/items/8/notes"));
    /// assert!(!glob.matches("/v1/7/8/items"));
    /// ```
    #[must_use]
    pub fn matches(&self, text: &str) -> bool {
        let (pattern, text) = (self.pattern.as_bytes(), text.as_bytes());
        let is_run = |run: &[u8]| !run.contains(&self.separator);
        match (self.shape, pattern) {
            (Shape::Plain, _) => pattern == text,
            (Shape::End, [_, end @ ..]) => text.strip_suffix(end).is_some_and(is_run),
            (Shape::Start, [start @ .., _]) => text.strip_prefix(start).is_some_and(is_run),
            (Shape::Tree, [start @ .., separator, _, _]) => {
                let rest = text.strip_prefix(start);
                rest.is_some_and(|rest| rest.first().is_none_or(|first| first == separator))
            }
            _ => self.is_found(pattern, text),
        }
    }

    fn is_found(&self, pattern: &[u8], text: &[u8]) -> bool {
        // A trailing separator and `**` also stand for nothing.
        let parent = pattern.strip_suffix(b"**");
        let parent = parent.and_then(|before| before.strip_suffix(&[self.separator]));
        parent.is_some_and(|parent| wildcard(parent, text, self.separator))
            || wildcard(pattern, text, self.separator)
    }
}

/// Longest text for which both kinds of stars are followed one way at a time.
const SHORT_TEXT_BYTES: usize = 256;

/// Whether a pattern stands for a text. No more steps than the product of the two lengths,
/// whatever they are.
fn wildcard(pattern: &[u8], text: &[u8], separator: u8) -> bool {
    if text.len() > SHORT_TEXT_BYTES && has_both_stars(pattern) {
        return every_way(pattern, text, separator);
    }
    one_way(pattern, text, separator)
}

fn has_both_stars(pattern: &[u8]) -> bool {
    let runs = pattern.split(|byte| *byte != b'*').map(<[u8]>::len);
    let (mut single, mut double) = (false, false);
    for run in runs {
        single |= run == 1;
        double |= run > 1;
    }
    single && double
}

/// A star in the pattern: where the pattern goes on after it, and how far it reaches.
#[derive(Clone, Copy)]
struct Taken {
    after: usize,
    until: usize,
}

/// Lets each star stand for as little as it can. Only the last star of each kind ever has to
/// stand for more: what an earlier one could take, the last one can take as well.
fn one_way(pattern: &[u8], text: &[u8], separator: u8) -> bool {
    let (mut at, mut read) = (0_usize, 0_usize);
    let (mut star, mut double) = (None::<Taken>, None::<Taken>);
    loop {
        match (pattern.get(at), text.get(read)) {
            (Some(b'*'), _) => {
                let rest = pattern.get(at..).unwrap_or_default();
                let run = rest.iter().take_while(|byte| **byte == b'*').count();
                at = at.saturating_add(run);
                let taken = Some(Taken {
                    after: at,
                    until: read,
                });
                if run > 1 {
                    (star, double) = (None, taken);
                } else {
                    star = taken;
                }
                continue;
            }
            (Some(expected), Some(found)) if expected == found => {
                (at, read) = (at.saturating_add(1), read.saturating_add(1));
                continue;
            }
            (None, None) => return true,
            _ => {}
        }
        let more = |taken: &Taken| text.get(taken.until).copied();
        if let Some(taken) = star
            .as_mut()
            .filter(|taken| more(taken).is_some_and(|byte| byte != separator))
        {
            taken.until = taken.until.saturating_add(1);
            (at, read) = (taken.after, taken.until);
        } else if let Some(taken) = double.as_mut().filter(|taken| more(taken).is_some()) {
            taken.until = taken.until.saturating_add(1);
            (at, read) = (taken.after, taken.until);
            star = None;
        } else {
            return false;
        }
    }
}

/// Remembers which positions of the pattern are reachable after each byte of the text.
fn every_way(pattern: &[u8], text: &[u8], separator: u8) -> bool {
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

    #[test]
    fn all_ways_of_matching_agree() {
        let letters = *b"ab/*";
        let mut state = 7_u32;
        let mut text = |most: u32, letters: &[u8]| {
            let mut next = || {
                state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                state >> 16
            };
            let length = next() % most;
            (0..length)
                .map(|_| letters[next() as usize % letters.len()])
                .collect::<Vec<u8>>()
        };
        for _ in 0..200_000 {
            let (pattern, text) = (text(9, &letters), text(12, &letters[..3]));
            let expected = every_way(&pattern, &text, b'/');
            assert_eq!(wildcard(&pattern, &text, b'/'), expected);
            let (words, whole) = (
                String::from_utf8(pattern.clone()).unwrap(),
                String::from_utf8(text.clone()).unwrap(),
            );
            let parent = words.strip_suffix("/**");
            let is_parent = parent.is_some_and(|parent| every_way(parent.as_bytes(), &text, b'/'));
            assert_eq!(
                Glob::new(&words, b'/').matches(&whole),
                expected || is_parent,
                "{words} {whole}"
            );
            assert_eq!(
                one_way(&pattern, &text, b'/'),
                expected,
                "{:?} {:?}",
                String::from_utf8_lossy(&pattern),
                String::from_utf8_lossy(&text)
            );
        }
    }
}
