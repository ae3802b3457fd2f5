//! A path to the text or the bytes of a file, bounded.

use std::fs::File;
use std::io::{self, Read as _};
use std::path::Path;

use crate::ending::Failure;

/// Largest file of policy or cases. Stops a device or a log, given by mistake, from filling the
/// memory.
const MOST_BYTES: u64 = 64 * 1024 * 1024;

/// Reads a regular file of UTF-8 text.
///
/// # Errors
///
/// A file that is none, is too large or no text.
pub fn read_text(path: &Path) -> Result<String, Failure> {
    let text = read(path).and_then(|bytes| {
        String::from_utf8(bytes).map_err(|_| io::Error::other("expected text in UTF-8"))
    });
    text.map_err(|source| Failure::File(path.to_owned(), source))
}

/// Reads a regular file of any kind.
pub(super) fn read_bytes(path: &Path) -> Result<Vec<u8>, Failure> {
    read(path).map_err(|source| Failure::File(path.to_owned(), source))
}

fn read(path: &Path) -> io::Result<Vec<u8>> {
    let file = File::open(path)?;
    let kind = file.metadata()?;
    if kind.is_dir() {
        return Err(io::Error::other("expected a file, found a folder"));
    }
    let mut bytes = Vec::new();
    file.take(MOST_BYTES.saturating_add(1))
        .read_to_end(&mut bytes)?;
    if u64::try_from(bytes.len()).is_ok_and(|length| length > MOST_BYTES) {
        return Err(io::Error::other("expected a file of at most 64 MiB"));
    }
    Ok(bytes)
}
