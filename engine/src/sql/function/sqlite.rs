//! SQLite: extensions, files, and SQL in strings of its command line.

use super::{EXPORT, IMPORT, RUNS, Table, UNKNOWN};

/// Sorted by name.
pub(super) const TABLE: Table = &[
    ("edit", EXPORT),
    ("eval", RUNS),
    ("fsdir", IMPORT),
    ("fts3_tokenizer", UNKNOWN),
    ("load_extension", UNKNOWN),
    ("readfile", IMPORT),
    ("shell_exec", UNKNOWN),
    ("system", UNKNOWN),
    ("vsv", IMPORT),
    ("writefile", EXPORT),
    ("zipfile", IMPORT),
];
