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

/// A failure of the input, in the words of whoever gave it.
pub fn unreadable(file: Option<&Path>, source: io::Error) -> Failure {
    if source.kind() == ErrorKind::InvalidData {
        return Failure::Usage("expected the text in UTF-8".to_owned());
    }
    let path = file.map_or_else(|| PathBuf::from("standard input"), Path::to_path_buf);
    Failure::File(path, source)
}
