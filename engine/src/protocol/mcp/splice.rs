//! Items of a list taken out of a text of JSON, and nothing else of it touched: numbers, spaces
//! and the order of members stay as the server wrote them.
//!
//! The text was read as strict JSON before, so that only its brackets and quotes count here.

use std::ops::Range;

use crate::json;

/// The way to the tools in an answer to `tools/list`.
pub(super) const TOOLS: [&str; 2] = ["result", "tools"];

/// The text without the items that are not `kept`; nothing where no list is at the end of the way.
pub(super) fn without(text: &str, way: &[&str], kept: &[Option<String>]) -> Option<String> {
    let items = items(text, way)?;
    let (start, end) = (items.first()?.start, items.last()?.end);
    let mut out = text.get(..start)?.to_owned();
    let mut is_first = true;
    for kept in kept.iter().flatten() {
        if !std::mem::take(&mut is_first) {
            out.push(',');
        }
        out.push_str(kept);
    }
    out.push_str(text.get(end..)?);
    Some(out)
}

/// The places of the items of the list at the end of a way of members.
pub(super) fn items(text: &str, way: &[&str]) -> Option<Vec<Range<usize>>> {
    let mut scanner = Scanner { text, at: 0 };
    for member in way {
        scanner.enter(member)?;
    }
    scanner.take(b'[')?;
    let mut items = Vec::new();
    while scanner.next()? != b']' {
        let start = scanner.at;
        scanner.value()?;
        items.push(start..scanner.at);
        if scanner.next()? == b',' {
            scanner.take(b',')?;
        }
    }
    Some(items)
}

struct Scanner<'t> {
    text: &'t str,
    at: usize,
}

impl Scanner<'_> {
    /// The next byte that is no white space.
    fn next(&mut self) -> Option<u8> {
        let rest = self.text.as_bytes().get(self.at..)?;
        let skipped = rest.iter().position(|byte| !byte.is_ascii_whitespace())?;
        self.at = self.at.saturating_add(skipped);
        rest.get(skipped).copied()
    }

    fn take(&mut self, byte: u8) -> Option<()> {
        let is_there = self.next()? == byte;
        self.at = self.at.saturating_add(1);
        is_there.then_some(())
    }

    /// Goes to the value of a member of the object that is next.
    fn enter(&mut self, member: &str) -> Option<()> {
        self.take(b'{')?;
        loop {
            self.next()?;
            let start = self.at;
            self.value()?;
            let name = json::parse(self.text.get(start..self.at)?).ok()?;
            self.take(b':')?;
            if name.text() == Some(member) {
                return Some(());
            }
            self.next()?;
            self.value()?;
            self.take(b',')?;
        }
    }

    /// Goes behind the value that is next.
    fn value(&mut self) -> Option<()> {
        let mut depth = 0_usize;
        loop {
            let byte = self.next()?;
            match byte {
                b'"' => self.string()?,
                b'{' | b'[' => {
                    depth = depth.saturating_add(1);
                    self.at = self.at.saturating_add(1);
                }
                b'}' | b']' => {
                    depth = depth.saturating_sub(1);
                    self.at = self.at.saturating_add(1);
                }
                b',' | b':' => self.at = self.at.saturating_add(1),
                _ => self.word()?,
            }
            if depth == 0 {
                return Some(());
            }
        }
    }

    fn string(&mut self) -> Option<()> {
        let mut is_escaped = false;
        loop {
            self.at = self.at.saturating_add(1);
            match self.text.as_bytes().get(self.at)? {
                _ if is_escaped => is_escaped = false,
                b'\\' => is_escaped = true,
                b'"' => {
                    self.at = self.at.saturating_add(1);
                    return Some(());
                }
                _ => {}
            }
        }
    }

    /// A number, or `true` and the like.
    fn word(&mut self) -> Option<()> {
        let rest = self.text.as_bytes().get(self.at..)?;
        let is_end = |byte: &u8| byte.is_ascii_whitespace() || b",]}".contains(byte);
        let length = rest.iter().position(is_end).unwrap_or(rest.len());
        self.at = self.at.saturating_add(length);
        (length > 0).then_some(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    const LIST: &str = r#"{ "id":1, "note":"]\"}", "result" : {"n":[1,{"a":[]}],"\u0074ools": [ {"a":"]"} , 7.50,"x" ], "z":null} }"#;

    #[test]
    fn items_are_found_whatever_stands_around() {
        let found = items(LIST, &TOOLS).unwrap();
        let found: Vec<_> = found
            .into_iter()
            .filter_map(|place| LIST.get(place))
            .collect();
        assert_eq!(found, [r#"{"a":"]"}"#, "7.50", "\"x\""]);
        assert_eq!(items("[]", &[]), Some(vec![]));
        assert_eq!(items("[1]", &TOOLS), None);
        assert_eq!(items("{\"a\":1}", &["b"]), None);
    }

    #[test]
    fn what_is_kept_stays_as_it_was() {
        let kept = [None, Some("7.50".to_owned()), Some("\"x\"".to_owned())];
        let text = without(LIST, &TOOLS, &kept).unwrap();
        assert_eq!(
            text,
            LIST.replace("{\"a\":\"]\"} , 7.50,\"x\"", "7.50,\"x\"")
        );
        let text = without(LIST, &TOOLS, &[None, None, None]).unwrap();
        assert!(text.contains("[  ]"), "{text}");
    }
}
