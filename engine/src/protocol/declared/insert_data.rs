//! `INSERT INTO t (a, b) FORMAT Name` and the rows after it: which part of a text is the statement.
//!
//! Only an INSERT of this plainest form is cut: a table, columns, the format, and then nothing
//! but rows. Whatever else may stand in a statement is left for the parser to read as a whole.

/// The statement before the rows; nothing where the text is not of that form.
pub(super) fn head(bytes: &[u8]) -> Option<&str> {
    let mut cursor = Cursor { bytes, at: 0 };
    cursor.space();
    cursor.word("INSERT")?;
    cursor.word("INTO")?;
    // `TABLE` may be the word, or the name of a table.
    let before = cursor.at;
    if cursor.word("TABLE").is_none() || cursor.name().is_none() {
        cursor.at = before;
        cursor.name()?;
    }
    if cursor.take(b'(') {
        cursor.space();
        while !cursor.take(b')') {
            cursor.name()?;
            cursor.take(b',');
            cursor.space();
        }
        cursor.space();
    }
    cursor.word("FORMAT")?;
    let format = cursor.plain()?;
    let end = cursor.at;
    let is_over = bytes.get(end).is_none_or(u8::is_ascii_whitespace);
    if !is_over || format == 0 {
        return None;
    }
    std::str::from_utf8(bytes.get(..end)?).ok()
}

struct Cursor<'b> {
    bytes: &'b [u8],
    at: usize,
}

impl Cursor<'_> {
    fn rest(&self) -> &[u8] {
        self.bytes.get(self.at..).unwrap_or_default()
    }

    fn skip(&mut self, bytes: usize) {
        self.at = self.at.saturating_add(bytes);
    }

    fn space(&mut self) -> usize {
        let spaces = self
            .rest()
            .iter()
            .take_while(|byte| byte.is_ascii_whitespace());
        let count = spaces.count();
        self.skip(count);
        count
    }

    fn take(&mut self, byte: u8) -> bool {
        let is_next = self.rest().first() == Some(&byte);
        self.skip(usize::from(is_next));
        is_next
    }

    /// A word of SQL with white space after it.
    fn word(&mut self, word: &str) -> Option<()> {
        let next = self.rest().get(..word.len())?;
        if !next.eq_ignore_ascii_case(word.as_bytes()) {
            return None;
        }
        self.skip(word.len());
        (self.space() > 0).then_some(())
    }

    /// Letters, digits and `_`; how many.
    fn plain(&mut self) -> Option<usize> {
        let letters = self.rest().iter();
        let count = letters
            .take_while(|byte| byte.is_ascii_alphanumeric() || **byte == b'_')
            .count();
        self.skip(count);
        (count > 0).then_some(count)
    }

    /// A name with its parts, each plain or in backticks, and the white space after it.
    fn name(&mut self) -> Option<()> {
        loop {
            if self.take(b'`') {
                let letters = self.rest().iter();
                let count = letters
                    .take_while(|byte| !matches!(byte, b'`' | b'\\' | b'\n'))
                    .count();
                self.skip(count);
                if count == 0 || !self.take(b'`') {
                    return None;
                }
            } else {
                self.plain()?;
            }
            if !self.take(b'.') {
                self.space();
                return Some(());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::head;
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    #[test]
    fn the_statement_ends_with_the_format() {
        for (text, expected) in [
            (
                "INSERT INTO t FORMAT CSV\n1,2",
                Some("INSERT INTO t FORMAT CSV"),
            ),
            (
                "insert into `shop`.`o` (`id`, item) format Native\n\u{1}",
                Some("insert into `shop`.`o` (`id`, item) format Native"),
            ),
            (
                "INSERT INTO TABLE t FORMAT CSV",
                Some("INSERT INTO TABLE t FORMAT CSV"),
            ),
            ("INSERT INTO t SELECT format x FROM secrets", None),
            ("INSERT INTO t (a) SELECT 1 FORMAT CSV\n", None),
            ("INSERT INTO t -- FORMAT CSV\nSELECT * FROM s", None),
            ("INSERT INTO t FORMAT CSV; DROP TABLE t", None),
            ("INSERT INTO t /* */ FORMAT CSV", None),
            ("INSERT INTO FUNCTION s3('x') FORMAT CSV", None),
            ("SELECT 1 FORMAT CSV", None),
        ] {
            assert_eq!(head(text.as_bytes()), expected, "{text}");
        }
        let binary = b"INSERT INTO t FORMAT Native\n\xff\xfe";
        assert_eq!(head(binary), Some("INSERT INTO t FORMAT Native"));
    }
}
