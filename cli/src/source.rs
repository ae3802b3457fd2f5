//! Where a text comes from: a file, or standard input.

use std::fs::File;
use std::io::{self, BufRead, BufReader, ErrorKind, Read as _};
use std::path::{Path, PathBuf};

use crate::ending::Failure;

/// The whole text of a file, or of standard input.
pub fn read(file: Option<&Path>) -> Result<String, Failure> {
    let mut text = String::new();
    open(file)?
        .read_to_string(&mut text)
        .map_err(|source| unreadable(file, source))?;
    Ok(text)
}

/// A file, or standard input, to be read line by line.
pub fn open(file: Option<&Path>) -> Result<Box<dyn BufRead>, Failure> {
    Ok(match file {
        None => Box::new(BufReader::new(io::stdin())),
        Some(path) => {
            let opened = File::open(path).map_err(|source| unreadable(file, source))?;
            Box::new(BufReader::new(opened))
        }
    })
}

/// Longest line of a log that is looked at. Stops a file without line feeds from filling the
/// memory.
const LINE_BYTES: usize = 16 * 1024 * 1024;

/// Hands out every line of a log; one that is too long, or no text, as an empty one with `false`.
pub fn each_line(file: Option<&Path>, mut take: impl FnMut(&str, bool)) -> Result<(), Failure> {
    let mut reader = open(file)?;
    let mut line = Vec::new();
    loop {
        line.clear();
        let most = u64::try_from(LINE_BYTES).unwrap_or(u64::MAX);
        let read = reader.by_ref().take(most).read_until(b'\n', &mut line);
        let read = read.map_err(|source| unreadable(file, source))?;
        if read == 0 {
            return Ok(());
        }
        let is_whole = line.last() == Some(&b'\n') || read < LINE_BYTES;
        if !is_whole {
            skip_line(&mut *reader).map_err(|source| unreadable(file, source))?;
        }
        match std::str::from_utf8(&line) {
            Ok(text) if is_whole => take(text, true),
            _ => take("", false),
        }
    }
}

/// Passes over what is left of a line.
fn skip_line(reader: &mut dyn BufRead) -> io::Result<()> {
    loop {
        let buffered = reader.fill_buf()?;
        let end = buffered.iter().position(|byte| *byte == b'\n');
        let length = end.map_or(buffered.len(), |end| end.saturating_add(1));
        reader.consume(length);
        if end.is_some() || length == 0 {
            return Ok(());
        }
    }
}

/// A failure of the input, in the words of whoever gave it.
pub fn unreadable(file: Option<&Path>, source: io::Error) -> Failure {
    if source.kind() == ErrorKind::InvalidData {
        return Failure::Usage("expected the text in UTF-8".to_owned());
    }
    let path = file.map_or_else(|| PathBuf::from("standard input"), Path::to_path_buf);
    Failure::File(path, source)
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::{LINE_BYTES, each_line};
    use crate::scratch::Scratch;

    #[test]
    fn a_line_that_is_too_long_or_no_text_costs_itself_only() {
        let folder = Scratch::folder();
        let path = folder.path().join("log");
        let mut log = b"one\n\xff\xfe\n".to_vec();
        log.extend(vec![b'x'; LINE_BYTES + 10]);
        log.extend(b"\ntwo\n\nlast");
        fs::write(&path, log).expect("writable");
        let mut lines = Vec::new();
        each_line(Some(&path), |line, is_text| {
            lines.push((line.trim_end().to_owned(), is_text));
        })
        .expect("readable");
        let expected = [
            ("one", true),
            ("", false),
            ("", false),
            ("two", true),
            ("", true),
            ("last", true),
        ];
        assert_eq!(
            lines,
            expected.map(|(line, is_text)| (line.to_owned(), is_text))
        );
    }
}
