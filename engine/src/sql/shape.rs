//! A text to its shape: the same bytes with a mark in place of each literal.
//!
//! Guarantees that two texts of one shape are split into the same words by every dialect, but
//! for the values of their literals. Only plain texts have a shape: wherever a comment, a
//! backslash, a dollar quote or the like could make a tokenizer see another string than this
//! scan does, there is none.

/// Stands for a whole number.
const WHOLE: u8 = 1;
/// Stands for a number with a fraction.
const FRACTION: u8 = 2;
/// Stands for a string.
const STRING: u8 = 3;

/// Longest number that has a mark: every parser can hold it.
const DIGITS: usize = 18;

/// Words after which numbers keep their value: it bounds what a statement reaches.
const BOUNDS: [&[u8]; 4] = [b"limit", b"top", b"fetch", b"rows"];

/// Appends the shape of a text to `shape`, if it is plain enough to have one, and tells the
/// strings in it. What is appended where it has none means nothing.
pub(super) fn append<'t>(text: &'t str, shape: &mut Vec<u8>) -> Option<Vec<&'t str>> {
    let mut scan = Scan {
        text,
        rest: text.as_bytes(),
        kept: text.as_bytes(),
        shape,
        strings: Vec::new(),
        depth: 0,
        bound_at: None,
    };
    while !scan.rest.is_empty() {
        scan.piece()?;
    }
    scan.flush()?;
    Some(scan.strings)
}

struct Scan<'t, 's> {
    text: &'t str,
    rest: &'t [u8],
    /// The text from where it is kept as it is but not yet appended: up to `rest`.
    kept: &'t [u8],
    shape: &'s mut Vec<u8>,
    strings: Vec<&'t str>,
    depth: usize,
    /// How deep in brackets the word stood after which numbers keep their value.
    bound_at: Option<usize>,
}

impl<'t> Scan<'t, '_> {
    /// Takes one word, literal or symbol; nothing where the text is not plain.
    #[inline]
    fn piece(&mut self) -> Option<()> {
        let (&first, after) = self.rest.split_first()?;
        match first {
            b' ' | b',' | b'.' | b'=' | b'\n' | b'\t' | b'<' | b'>' | b'+' | b'-' | b'*' | b'/'
            | b'%' | b'?' | b':' | b'!' | b'|' => {
                let is_comment = match (first, after.first()) {
                    (b'-', Some(b'-')) | (b'/', Some(b'*' | b'/')) | (b'*', Some(b'/')) => true,
                    (b'.', Some(next)) => next.is_ascii_digit(),
                    _ => false,
                };
                self.rest = after;
                (!is_comment).then_some(())
            }
            b'a'..=b'z' | b'A'..=b'Z' | b'_' => self.word(),
            b'0'..=b'9' => self.number(),
            b'\'' => self.string(after),
            b'"' | b'`' => self.quoted(first, after),
            b'$' => self.placeholder(after),
            b'(' => {
                self.depth = self.depth.saturating_add(1);
                self.rest = after;
                Some(())
            }
            b')' => {
                self.depth = self.depth.checked_sub(1)?;
                if self.bound_at.is_some_and(|depth| self.depth < depth) {
                    self.bound_at = None;
                }
                self.rest = after;
                Some(())
            }
            b';' => {
                self.bound_at = None;
                self.rest = after;
                Some(())
            }
            _ => None,
        }
    }

    /// Keeps so many bytes as they are.
    fn keep(&mut self, length: usize) -> Option<()> {
        self.rest = self.rest.get(length..)?;
        Some(())
    }

    /// Appends what was kept.
    fn flush(&mut self) -> Option<()> {
        let length = self.kept.len().checked_sub(self.rest.len())?;
        self.shape.extend_from_slice(self.kept.get(..length)?);
        Some(())
    }

    /// A word with a quote behind it is the prefix of a string, whose rules are its own.
    fn word(&mut self) -> Option<()> {
        let length = run(self.rest, is_word);
        let (word, rest) = self.rest.split_at_checked(length)?;
        if matches!(rest.first(), Some(b'\'' | b'"' | b'`' | b'$' | b'#' | b'@')) {
            return None;
        }
        let may_bound = matches!(length, 3..=5) && self.bound_at.is_none();
        if may_bound && BOUNDS.iter().any(|bound| word.eq_ignore_ascii_case(bound)) {
            self.bound_at = Some(self.depth);
        }
        self.rest = rest;
        Some(())
    }

    fn number(&mut self) -> Option<()> {
        let whole = run(self.rest, u8::is_ascii_digit);
        let after = self.rest.get(whole..)?;
        let (length, mark) = match after.split_first() {
            Some((b'.', fraction)) => {
                let digits = run(fraction, u8::is_ascii_digit);
                (whole.checked_add(digits)?.checked_add(1)?, FRACTION)
            }
            _ => (whole, WHOLE),
        };
        let next = self.rest.get(length);
        let is_alone =
            !next.is_some_and(|byte| is_word(byte) || matches!(byte, b'.' | b'\'' | b'"' | b'`'));
        if length > DIGITS || !is_alone || self.rest.get(length.checked_sub(1)?) == Some(&b'.') {
            return None;
        }
        if self.bound_at.is_some() {
            return self.keep(length);
        }
        self.mark(mark, length)
    }

    fn string(&mut self, after: &'t [u8]) -> Option<()> {
        let length = run(after, |&byte| byte != b'\'' && is_plain(byte));
        let (content, rest) = after.split_at_checked(length)?;
        let (b'\'', behind) = rest.split_first()? else {
            return None;
        };
        let is_doubled = matches!(behind.first(), Some(b'\'' | b'"' | b'`'));
        if is_doubled || holds_comment(content) {
            return None;
        }
        let start = self.text.len().checked_sub(after.len())?;
        let end = start.checked_add(length)?;
        self.strings.push(self.text.get(start..end)?);
        self.mark(STRING, length.checked_add(2)?)
    }

    /// A quoted name, or a string where the dialect says so: kept as it is.
    fn quoted(&mut self, quote: u8, after: &[u8]) -> Option<()> {
        let is_inner = |&byte: &u8| is_word(&byte) || matches!(byte, b' ' | b'.' | b'-');
        let length = run(after, is_inner);
        let behind = after.get(length..)?;
        let is_closed = behind.first() == Some(&quote);
        let is_doubled = matches!(behind.get(1), Some(b'\'' | b'"' | b'`'));
        if !is_closed || is_doubled || length == 0 {
            return None;
        }
        self.keep(length.checked_add(2)?)
    }

    /// `$1`: kept as it is.
    fn placeholder(&mut self, after: &[u8]) -> Option<()> {
        let digits = run(after, u8::is_ascii_digit);
        let next = after.get(digits);
        let is_alone = !next.is_some_and(|byte| is_word(byte) || matches!(byte, b'$' | b'\''));
        if digits == 0 || !is_alone {
            return None;
        }
        self.keep(digits.checked_add(1)?)
    }

    fn mark(&mut self, mark: u8, length: usize) -> Option<()> {
        self.flush()?;
        self.shape.push(mark);
        self.rest = self.rest.get(length..)?;
        self.kept = self.rest;
        Some(())
    }
}

fn run(bytes: &[u8], is_in: impl Fn(&u8) -> bool) -> usize {
    let end = bytes.iter().position(|byte| !is_in(byte));
    end.unwrap_or(bytes.len())
}

/// Whether what some tokenizers take for a comment starts or ends in the content of a string.
fn holds_comment(content: &[u8]) -> bool {
    let pairs = content.iter().zip(content.iter().skip(1));
    pairs
        .into_iter()
        .any(|pair| matches!(pair, (b'/', b'*') | (b'*', b'/') | (b'-', b'-')))
}

const fn is_word(byte: &u8) -> bool {
    byte.is_ascii_alphanumeric() || *byte == b'_'
}

/// What stands in a string and means nothing to any tokenizer.
const fn is_plain(byte: u8) -> bool {
    matches!(byte, b' '..=b'~') && !matches!(byte, b'\\' | b'$' | b'"' | b'`')
}

#[cfg(test)]
mod tests {
    use super::append;
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    fn of(text: &str) -> Option<Vec<u8>> {
        let mut shape = Vec::new();
        append(text, &mut shape).map(|_| shape)
    }

    fn same(left: &str, right: &str) -> bool {
        matches!((of(left), of(right)), (Some(left), Some(right)) if left == right)
    }

    #[test]
    fn texts_that_differ_in_literals_have_one_shape() {
        assert!(same(
            "SELECT a FROM t WHERE b = 1",
            "SELECT a FROM t WHERE b = 4711"
        ));
        assert!(same(
            "SELECT a FROM t WHERE b = 'x'",
            "SELECT a FROM t WHERE b = 'y; DROP'"
        ));
        assert!(same(
            "SELECT \"a b\", `c`, $1, ? FROM t WHERE d > 1.5",
            "SELECT \"a b\", `c`, $1, ? FROM t WHERE d > 22.75"
        ));
    }

    #[test]
    fn texts_that_differ_in_anything_else_do_not() {
        assert!(!same(
            "SELECT a FROM t WHERE b = 1",
            "SELECT a FROM t WHERE b = 'x'"
        ));
        assert!(!same(
            "SELECT a FROM t WHERE b = 1",
            "SELECT a FROM t WHERE b = 1.5"
        ));
        assert!(!same(
            "SELECT a FROM t WHERE b = 1",
            "SELECT a FROM u WHERE b = 1"
        ));
        assert!(!same(
            "SELECT a FROM t WHERE b IN (1)",
            "SELECT a FROM t WHERE b IN (1, 2)"
        ));
        assert!(!same("SELECT \"a\" FROM t", "SELECT \"b\" FROM t"));
    }

    #[test]
    fn a_number_that_bounds_keeps_its_value() {
        assert!(!same(
            "SELECT a FROM t LIMIT 10",
            "SELECT a FROM t LIMIT 99999"
        ));
        assert!(!same(
            "SELECT TOP (10) a FROM t",
            "SELECT TOP (99999) a FROM t"
        ));
        assert!(!same(
            "SELECT a FROM t FETCH FIRST 10 ROWS ONLY",
            "SELECT a FROM t FETCH FIRST 99 ROWS ONLY"
        ));
        assert!(same(
            "SELECT a FROM (SELECT b FROM t LIMIT 5) x WHERE b = 1",
            "SELECT a FROM (SELECT b FROM t LIMIT 5) x WHERE b = 2"
        ));
    }

    #[test]
    fn what_a_tokenizer_could_see_differently_has_no_shape() {
        for text in [
            "SELECT 1 -- x",
            "SELECT 1 /* x */",
            "SELECT 'a\\'",
            "SELECT 'a''b'",
            "SELECT $$x$$",
            "SELECT $1$x$1$",
            "SELECT E'x'",
            "SELECT N'x'",
            "SELECT x'00'",
            "SELECT 0x1F",
            "SELECT 1e5",
            "SELECT .5",
            "SELECT 1.",
            "SELECT 12abc",
            "SELECT 'é'",
            "SELECT é",
            "SELECT [a'b]",
            "SELECT 1 # x",
            "SELECT 'open",
            "SELECT \"open",
            "SELECT '/*!'",
            "SELECT \"a\"\"b\"",
            "SELECT 1\r",
            "SELECT a@b",
            "SELECT '''x'''",
            "SELECT 1)",
            "SELECT 1234567890123456789",
            "SELECT {x}",
            "SELECT '$x'",
            "SELECT 1 // x",
        ] {
            assert!(of(text).is_none(), "{text}");
        }
    }
}
