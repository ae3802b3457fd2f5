//! SQLite: extensions, files, and SQL in strings of its command line.

use super::{ALTER, EXPORT, IMPORT, RUNS, Table, UNKNOWN};

/// Sorted by name.
pub(super) const TABLE: Table = &[
    ("define", ALTER),
    ("edit", EXPORT),
    ("eval", RUNS),
    ("fileio_append", EXPORT),
    ("fileio_ls", IMPORT),
    ("fileio_mkdir", EXPORT),
    ("fileio_read", IMPORT),
    ("fileio_write", EXPORT),
    ("fsdir", IMPORT),
    ("fts3_tokenizer", UNKNOWN),
    ("getenv", UNKNOWN),
    ("http_do_body", UNKNOWN),
    ("http_get_body", UNKNOWN),
    ("http_post_body", UNKNOWN),
    ("load_extension", UNKNOWN),
    ("lsdir", IMPORT),
    ("readfile", IMPORT),
    ("shell_exec", UNKNOWN),
    ("system", UNKNOWN),
    ("undefine", ALTER),
    ("vsv", IMPORT),
    ("writefile", EXPORT),
    ("zipfile", IMPORT),
];
