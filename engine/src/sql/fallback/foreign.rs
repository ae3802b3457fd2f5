//! Statements that the database has no word for.
//!
//! SQL Server takes what starts with a word that it does not know for the call of a procedure,
//! up to the next verb: `SHOW x DROP TABLE t` are two statements.

use crate::sql::Dialect;
use crate::sql::parse;

/// Whether a statement of SQL Server starts with a word that starts none there.
pub(in crate::sql) fn is_foreign(word: Option<&str>, dialect: Dialect) -> bool {
    let Some(word) = word.filter(|_| dialect == Dialect::Mssql) else {
        return false;
    };
    const OTHERS: [&str; 19] = [
        "ADD", "BREAK", "CONTINUE", "DISABLE", "ENABLE", "END", "GET", "GOTO", "IF", "MOVE",
        "RECEIVE", "RETURN", "SELECT", "SEND", "SET", "THROW", "TRY", "WHILE", "WITH",
    ];
    !parse::is_verb(word) && !OTHERS.iter().any(|known| known.eq_ignore_ascii_case(word))
}
