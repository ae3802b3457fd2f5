//! Patterns of `matches`: what RE2 and our engine read alike, compiled at load.
//!
//! CEL's patterns are RE2's. What our engine would read otherwise, or not bounded, is refused.

use std::iter::Peekable;
use std::str::Chars;

use regex_lite::{Regex, RegexBuilder};

use super::Fault;
use crate::limits;

/// A compiled pattern.
#[derive(Clone)]
pub struct Pattern {
    regex: Regex,
    /// Steps for every sixteen bytes of a text, besides one.
    weight: u32,
    ignores_case: bool,
    has_space: bool,
    /// What every text that matches starts with.
    start: Box<str>,
}

/// Letters that RE2 takes for `s` and `k` where case is ignored, and our engine does not.
const FOLDED: [char; 2] = ['\u{17f}', '\u{212a}'];

impl Pattern {
    /// Compiles a pattern, or says what is wrong with it.
    pub fn compile(text: &str) -> Result<Self, String> {
        if text.len() > limits::PATTERN_BYTES {
            return Err(format!("longer than {} bytes", limits::PATTERN_BYTES));
        }
        let mut reader = Reader::new(text);
        reader.read()?;
        if reader.ignores_case && !text.is_ascii() {
            return Err("`(?i)` with letters beyond ASCII is not supported".to_owned());
        }
        let regex = RegexBuilder::new(text)
            .size_limit(limits::PATTERN_PROGRAM_BYTES)
            .nest_limit(limits::PATTERN_DEPTH)
            .build()
            .map_err(|error| error.to_string())?;
        Ok(Self {
            regex,
            weight: u32::try_from(reader.size / 16).unwrap_or(u32::MAX),
            has_space: reader.has_space,
            ignores_case: reader.ignores_case,
            start: if reader.has_choice { "" } else { start(text) }.into(),
        })
    }

    /// What every text that matches starts with, where no other is searched at all.
    pub fn start(&self) -> Option<&str> {
        // Of some texts these have no answer, whatever they start with.
        let has_faults = self.ignores_case || self.has_space;
        (!has_faults && !self.start.is_empty()).then_some(&*self.start)
    }

    /// The steps that searching a text of that length takes.
    pub fn steps(&self, bytes: usize) -> u32 {
        let bytes = u32::try_from(bytes).unwrap_or(u32::MAX);
        let blocks = (bytes / 16).saturating_add(1);
        blocks.saturating_mul(self.weight.saturating_add(1))
    }

    /// Whether the pattern stands anywhere in a text.
    pub fn is_in(&self, text: &str) -> Result<bool, Fault> {
        if self.ignores_case && !text.is_ascii() && text.contains(FOLDED) {
            return Err(Fault::Invalid);
        }
        // To RE2 a vertical tab is no space, to our engine it is.
        if self.has_space && text.contains('\u{b}') {
            return Err(Fault::Invalid);
        }
        Ok(text.starts_with(&*self.start) && self.regex.is_match(text))
    }
}

/// The plain text behind `^` that nothing repeats or leaves out.
fn start(pattern: &str) -> &str {
    let Some(rest) = pattern.strip_prefix('^') else {
        return "";
    };
    let is_plain = |byte: &u8| byte.is_ascii_alphanumeric() || b"/-_ ".contains(byte);
    let length = rest.bytes().take_while(|byte| is_plain(byte)).count();
    let is_open = rest.as_bytes().get(length);
    let kept = match is_open {
        Some(b'*' | b'?' | b'{' | b'+') => length.saturating_sub(1),
        _ => length,
    };
    rest.get(..kept).unwrap_or_default()
}

/// Reads a pattern as far as it takes to know that both engines read it alike.
struct Reader<'t> {
    rest: Peekable<Chars<'t>>,
    ignores_case: bool,
    /// Whether what stands last can be repeated.
    is_repeatable: bool,
    /// How many groups are open.
    depth: usize,
    /// Whether there is a `|` outside of them.
    has_choice: bool,
    has_space: bool,
    /// How large the pattern is with every repetition written out.
    size: usize,
    /// The same before what stands last.
    before_last: usize,
    /// The same before each group that is open.
    before_groups: Vec<usize>,
}

impl<'t> Reader<'t> {
    fn new(text: &'t str) -> Self {
        Self {
            rest: text.chars().peekable(),
            ignores_case: false,
            is_repeatable: false,
            depth: 0,
            has_choice: false,
            has_space: false,
            size: 0,
            before_last: 0,
            before_groups: Vec::new(),
        }
    }

    fn read(&mut self) -> Result<(), String> {
        while let Some(letter) = self.rest.next() {
            match letter {
                '*' | '+' | '?' => self.repeat()?,
                '{' => {
                    self.bounds()?;
                    self.repeat()?;
                }
                '(' => {
                    self.depth = self.depth.saturating_add(1);
                    self.before_groups.push(self.size);
                    self.group()?;
                    self.is_repeatable = false;
                }
                '|' => {
                    self.is_repeatable = false;
                    self.has_choice |= self.depth == 0;
                }
                ')' => {
                    self.is_repeatable = true;
                    self.depth = self.depth.saturating_sub(1);
                    self.before_last = self.before_groups.pop().unwrap_or_default();
                }
                '\\' => {
                    self.escape(false)?;
                    self.atom();
                }
                '[' => {
                    self.class()?;
                    self.atom();
                }
                _ => self.atom(),
            }
        }
        Ok(())
    }

    /// One character or class.
    fn atom(&mut self) {
        self.is_repeatable = true;
        self.before_last = self.size;
        self.size = self.size.saturating_add(1);
    }

    /// What stands last, that often.
    fn multiply(&mut self, times: u32) {
        let times = usize::try_from(times.max(1)).unwrap_or(usize::MAX);
        let last = self.size.saturating_sub(self.before_last);
        self.size = self.before_last.saturating_add(last.saturating_mul(times));
    }

    /// Behind a repetition. RE2 refuses one of a repetition, our engine takes it.
    fn repeat(&mut self) -> Result<(), String> {
        if !self.is_repeatable {
            return Err("nothing to repeat before `*`, `+`, `?` or `{`".to_owned());
        }
        self.rest.next_if_eq(&'?');
        self.is_repeatable = false;
        Ok(())
    }

    /// Behind `{`: only `{n}`, `{n,}` and `{n,m}`; RE2 takes all else for text.
    fn bounds(&mut self) -> Result<(), String> {
        let least = self.number();
        let has_comma = self.rest.next_if_eq(&',').is_some();
        let most = if has_comma { self.number() } else { None };
        let is_closed = self.rest.next_if_eq(&'}').is_some();
        let is_small = least.is_some_and(|least| least <= 1000) && most.unwrap_or(0) <= 1000;
        if is_closed && is_small {
            self.multiply(most.or(least).unwrap_or_default());
            Ok(())
        } else {
            Err(
                "expected `{n}`, `{n,}` or `{n,m}` of at most 1000; `\\{` is the character"
                    .to_owned(),
            )
        }
    }

    fn number(&mut self) -> Option<u32> {
        let mut number = None;
        while let Some(digit) = self.rest.peek().and_then(|letter| letter.to_digit(10)) {
            self.rest.next();
            let before: u32 = number.unwrap_or(0);
            number = Some(before.saturating_mul(10).saturating_add(digit));
        }
        number
    }

    /// Behind `(`.
    fn group(&mut self) -> Result<(), String> {
        if self.rest.next_if_eq(&'?').is_none() {
            return Ok(());
        }
        self.rest.next_if_eq(&'P');
        if self.rest.next_if_eq(&'<').is_some() {
            return Ok(());
        }
        loop {
            match self.rest.next() {
                Some(':') => return Ok(()),
                Some(')') => {
                    self.depth = self.depth.saturating_sub(1);
                    self.before_groups.pop();
                    return Ok(());
                }
                Some('i') => self.ignores_case = true,
                Some('m' | 's' | 'U' | '-') => {}
                _ => return Err("expected `(?:…)` or the flags `i`, `m`, `s`, `U`".to_owned()),
            }
        }
    }

    /// Behind `\`.
    fn escape(&mut self, is_in_class: bool) -> Result<(), String> {
        match self.rest.next() {
            Some('s' | 'S') => {
                self.has_space = true;
                Ok(())
            }
            Some('d' | 'D' | 'w' | 'W' | 'n' | 'r' | 't' | 'f' | 'v' | 'a') => Ok(()),
            Some('x') => Ok(()),
            Some('b') if self.rest.peek() == Some(&'{') => {
                Err("`\\b{` is not supported".to_owned())
            }
            Some('b' | 'B' | 'A' | 'z') if !is_in_class => Ok(()),
            Some(mark) if mark.is_ascii_punctuation() && !matches!(mark, '<' | '>') => Ok(()),
            Some(letter) => Err(format!("`\\{letter}` is not supported")),
            None => Err("nothing behind `\\`".to_owned()),
        }
    }

    /// Behind `[`.
    fn class(&mut self) -> Result<(), String> {
        self.rest.next_if_eq(&'^');
        let mut is_first = true;
        let mut before = ' ';
        loop {
            let Some(letter) = self.rest.next() else {
                return Err("a class that is not closed with `]`".to_owned());
            };
            match letter {
                ']' if !is_first => return Ok(()),
                '[' => return Err("`[` in a class has to be written `\\[`".to_owned()),
                '\\' => self.escape(true)?,
                '&' | '-' | '~' if before == letter => {
                    return Err(format!("`{letter}{letter}` in a class is not supported"));
                }
                _ => {}
            }
            (is_first, before) = (false, letter);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Pattern;
    use crate::cel::Fault;
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    #[test]
    fn plain_patterns_are_searched_for_anywhere() {
        let pattern = Pattern::compile("^/v[0-9]+/(users|orders)(/.*)?$").unwrap();
        assert_eq!(pattern.is_in("/v1/users/7"), Ok(true));
        assert_eq!(pattern.is_in("/v1/usersX"), Ok(false));
        assert_eq!(Pattern::compile("b").unwrap().is_in("abc"), Ok(true));
        assert_eq!(
            Pattern::compile("(?i)DROP\\s+table")
                .unwrap()
                .is_in("drop  TABLE"),
            Ok(true)
        );
    }

    #[test]
    fn what_engines_read_otherwise_is_refused() {
        for wrong in [
            "a**",
            "a+*",
            "a{2}{3}",
            "a{,3}",
            "a{x}",
            "a{1001}",
            "{",
            "(?x)a b",
            "(?R)a",
            "\\<a",
            "\\b{start}a",
            "[a[b]]",
            "[a&&b]",
            "[a--b]",
            "\\pL",
            "\\u0041",
            "\\Qa\\E",
            "\\Z",
            "(?=a)",
            "(?i)é",
            "\\1",
            "*a",
            "(|+)",
            "[a",
            "(a",
            "a)",
            "\\",
        ] {
            assert!(Pattern::compile(wrong).is_err(), "{wrong}");
        }
        assert!(Pattern::compile(&"a".repeat(600)).is_err());
        assert!(Pattern::compile("((a{1000}){1000}){1000}").is_err());
        assert!(Pattern::compile(&"(".repeat(100)).is_err());
    }

    #[test]
    fn what_every_match_starts_with_is_known() {
        let start = |text: &str| Pattern::compile(text).unwrap().start.into_string();
        assert_eq!(start("^/internal/v[0-9]"), "/internal/v");
        assert_eq!(start("^/ab*"), "/a");
        assert_eq!(start("^/ab?c"), "/a");
        assert_eq!(start("^/ab{0,1}c"), "/a");
        assert_eq!(start("^/a|b"), "");
        assert_eq!(start("^/a(b|c)"), "/a");
        assert_eq!(start("(?i)^/a"), "");
        assert_eq!(start("^(?:a)|b"), "");
        assert_eq!(start("/a"), "");
        let pattern = Pattern::compile("^/a|b").unwrap();
        assert_eq!(pattern.is_in("xb"), Ok(true));
        let pattern = Pattern::compile("(?m)^b").unwrap();
        assert_eq!(pattern.is_in("a\nb"), Ok(true));
    }

    #[test]
    fn letters_that_only_re2_folds_make_no_answer() {
        let pattern = Pattern::compile("(?i)secret").unwrap();
        assert_eq!(pattern.is_in("\u{17f}ecret"), Err(Fault::Invalid));
        assert_eq!(pattern.is_in("größe secret"), Ok(true));
    }

    #[test]
    fn a_vertical_tab_is_space_for_one_engine_only() {
        for pattern in ["a\\sb", "a[\\S]b"] {
            let pattern = Pattern::compile(pattern).unwrap();
            assert_eq!(pattern.is_in("a\u{b}b"), Err(Fault::Invalid));
        }
        let pattern = Pattern::compile("a\\vb").unwrap();
        assert_eq!(pattern.is_in("a\u{b}b"), Ok(true));
    }

    #[test]
    fn repetitions_count_as_if_they_were_written_out() {
        let steps = |text: &str| Pattern::compile(text).unwrap().steps(159);
        assert_eq!(steps("^/v[0-9]+/x$"), 10);
        assert_eq!(steps("[0-9a-f]{8}-[0-9a-f]{4}"), 10);
        assert_eq!(steps("a{500}"), 320);
        assert_eq!(steps("a{0,500}"), 320);
        assert_eq!(steps("a{500,}"), 320);
        assert_eq!(steps("(ab){250}"), 320);
        assert_eq!(steps("((?i)(?:ab){5}){50}"), 320);
        assert_eq!(steps("x|(ab|[cd]\\d){125}"), 320);
    }
}
