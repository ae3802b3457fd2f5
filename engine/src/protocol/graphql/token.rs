//! The text of a GraphQL document to its tokens, one after another.
//!
//! Source: GraphQL specification, October 2021, section 2.1. What it leaves open is refused: every
//! character outside strings and comments is ASCII.

use std::borrow::Cow;

/// One token.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Token<'a> {
    /// `{`, `}`, `(`, `)`, `[`, `]`, `:`, `=`, `!`, `|`, `&`, `@` or `$`.
    Mark(u8),
    /// `...`
    Spread,
    /// A name or keyword.
    Name(&'a str),
    /// A number, whole or not.
    Number(f64),
    /// A string or a block string.
    Text(Cow<'a, str>),
    /// The end of the text.
    End,
}

/// Where a text stands, and how many tokens it may still have.
#[derive(Debug)]
pub(super) struct Tokens<'a> {
    rest: &'a str,
    left: usize,
}

/// Why a text has no next token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Broken {
    /// It is no GraphQL.
    Syntax,
    /// It has more tokens than it may.
    TooLong,
}

impl<'a> Tokens<'a> {
    /// The tokens of a text, no more than `most`.
    pub(super) const fn new(text: &'a str, most: usize) -> Self {
        Self {
            rest: text,
            left: most,
        }
    }

    /// The next token.
    pub(super) fn next(&mut self) -> Result<Token<'a>, Broken> {
        self.skip();
        self.left = self.left.checked_sub(1).ok_or(Broken::TooLong)?;
        let Some(&first) = self.rest.as_bytes().first() else {
            return Ok(Token::End);
        };
        match first {
            b'{' | b'}' | b'(' | b')' | b'[' | b']' | b':' | b'=' | b'!' | b'|' | b'&' | b'@'
            | b'$' => {
                self.take(1);
                Ok(Token::Mark(first))
            }
            b'.' if self.rest.starts_with("...") => {
                self.take(3);
                Ok(Token::Spread)
            }
            b'_' | b'a'..=b'z' | b'A'..=b'Z' => {
                let is_other = |byte: &u8| !byte.is_ascii_alphanumeric() && *byte != b'_';
                let length = self.rest.bytes().position(|byte| is_other(&byte));
                Ok(Token::Name(self.take(length.unwrap_or(self.rest.len()))))
            }
            b'-' | b'0'..=b'9' => self.number(),
            b'"' => self.text(),
            _ => Err(Broken::Syntax),
        }
    }

    fn take(&mut self, length: usize) -> &'a str {
        let (taken, rest) = self
            .rest
            .split_at_checked(length)
            .unwrap_or((self.rest, ""));
        self.rest = rest;
        taken
    }

    /// White space, commas and comments.
    fn skip(&mut self) {
        loop {
            self.rest = self.rest.trim_start_matches([' ', '\t', '\n', '\r', ',']);
            if !self.rest.starts_with('#') {
                return;
            }
            let end = self.rest.find(['\n', '\r']).unwrap_or(self.rest.len());
            self.take(end);
        }
    }

    fn number(&mut self) -> Result<Token<'a>, Broken> {
        let is_part = |byte: u8| byte.is_ascii_alphanumeric() || b"+-._".contains(&byte);
        let length = self.rest.bytes().position(|byte| !is_part(byte));
        let text = self.take(length.unwrap_or(self.rest.len()));
        let digits = text.strip_prefix('-').unwrap_or(text);
        let (whole, after) = match digits.find(['.', 'e', 'E']) {
            Some(at) => digits.split_at_checked(at).unwrap_or((digits, "")),
            None => (digits, ""),
        };
        let is_plain = !whole.is_empty()
            && whole.bytes().all(|byte| byte.is_ascii_digit())
            && (whole == "0" || !whole.starts_with('0'))
            && !text.ends_with('.')
            && !after.starts_with(".e")
            && !after.starts_with(".E");
        match text.parse::<f64>() {
            Ok(number) if is_plain && number.is_finite() => Ok(Token::Number(number)),
            _ => Err(Broken::Syntax),
        }
    }

    fn text(&mut self) -> Result<Token<'a>, Broken> {
        if let Some(rest) = self.rest.strip_prefix("\"\"\"") {
            self.rest = rest;
            return self.block();
        }
        self.take(1);
        let end = self.rest.find(['"', '\\', '\n', '\r']);
        let end = end.ok_or(Broken::Syntax)?;
        let plain = self.take(end);
        if self.rest.starts_with('"') {
            self.take(1);
            return Ok(Token::Text(Cow::Borrowed(plain)));
        }
        let mut text = plain.to_owned();
        loop {
            let mut letters = self.rest.chars();
            let letter = letters.next().ok_or(Broken::Syntax)?;
            self.rest = letters.as_str();
            match letter {
                '"' => return Ok(Token::Text(Cow::Owned(text))),
                '\n' | '\r' => return Err(Broken::Syntax),
                '\\' => text.push(self.escaped()?),
                other => text.push(other),
            }
        }
    }

    fn escaped(&mut self) -> Result<char, Broken> {
        let letter = self.take(1);
        Ok(match letter {
            "\"" => '"',
            "\\" => '\\',
            "/" => '/',
            "b" => '\u{8}',
            "f" => '\u{c}',
            "n" => '\n',
            "r" => '\r',
            "t" => '\t',
            "u" => return self.code_point(),
            _ => return Err(Broken::Syntax),
        })
    }

    /// Four digits, or two such escapes that make up one character. Braces are newer than many
    /// servers.
    fn code_point(&mut self) -> Result<char, Broken> {
        let first = self.four_digits()?;
        if let Some(letter) = char::from_u32(first) {
            return Ok(letter);
        }
        if self.take(2) != "\\u" {
            return Err(Broken::Syntax);
        }
        let second = self.four_digits()?;
        let halves = [first, second].map(|half| u16::try_from(half).unwrap_or_default());
        match char::decode_utf16(halves).next() {
            Some(Ok(letter)) => Ok(letter),
            _ => Err(Broken::Syntax),
        }
    }

    fn four_digits(&mut self) -> Result<u32, Broken> {
        let digits = self.take(4);
        let are_digits = digits.len() == 4 && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
        match u32::from_str_radix(digits, 16) {
            Ok(number) if are_digits => Ok(number),
            _ => Err(Broken::Syntax),
        }
    }

    /// A block string: `"""` up to the next one that is not escaped. Its common indentation is
    /// dropped, and so are empty lines around it.
    fn block(&mut self) -> Result<Token<'a>, Broken> {
        let mut raw = String::new();
        loop {
            let end = self.rest.find("\"\"\"").ok_or(Broken::Syntax)?;
            let part = self.take(end);
            self.take(3);
            match part.strip_suffix('\\') {
                Some(before) => {
                    raw.push_str(before);
                    raw.push_str("\"\"\"");
                }
                None => {
                    raw.push_str(part);
                    return Ok(Token::Text(Cow::Owned(dedented(&raw))));
                }
            }
        }
    }
}

fn dedented(raw: &str) -> String {
    let raw = raw.replace("\r\n", "\n").replace('\r', "\n");
    let blank = [' ', '\t'];
    let indent = |line: &str| {
        line.len()
            .saturating_sub(line.trim_start_matches(blank).len())
    };
    let is_blank = |line: &str| line.trim_matches(blank).is_empty();
    let common = raw
        .split('\n')
        .skip(1)
        .filter(|line| !is_blank(line))
        .map(indent)
        .min();
    let lines = raw
        .split('\n')
        .enumerate()
        .map(|(index, line)| match index {
            0 => line,
            _ => line.get(common.unwrap_or_default()..).unwrap_or_default(),
        });
    let lines: Vec<&str> = lines.collect();
    let first = lines.iter().position(|line| !is_blank(line));
    let last = lines.iter().rposition(|line| !is_blank(line));
    match (first, last) {
        (Some(first), Some(last)) => lines.get(first..=last).unwrap_or_default().join("\n"),
        _ => String::new(),
    }
}
