//! Functions that are called among the words of a statement.
//!
//! A name with a bracket behind it is a call, unless what stands before it, or the word
//! itself, says that it is none.

use sqlparser::ast::ObjectName;

use super::Scan;
use super::cursor::{is_in, is_one_of};
use super::verb::Verb;

/// Words that take brackets and are no functions.
const NO_FUNCTIONS: [&str; 64] = [
    "ALL",
    "AND",
    "ANY",
    "APPLY",
    "AS",
    "BETWEEN",
    "BY",
    "CASE",
    "COLUMNS",
    "CUBE",
    "DECIMAL",
    "DISTINCT",
    "ELSE",
    "EXCEPT",
    "EXCLUDE",
    "EXISTS",
    "FETCH",
    "FILTER",
    "FROM",
    "GROUP",
    "HAVING",
    "ILIKE",
    "IN",
    "INTERSECT",
    "INTERVAL",
    "INTO",
    "IS",
    "JOIN",
    "LATERAL",
    "LIKE",
    "LIMIT",
    "MATCH_RECOGNIZE",
    "MATERIALIZED",
    "NOT",
    "OFFSET",
    "ON",
    "OPTION",
    "OR",
    "ORDER",
    "OVER",
    "PARTITION",
    "PATTERN",
    "PIVOT",
    "QUALIFY",
    "RENAME",
    "REPLACE",
    "RETURN",
    "RETURNING",
    "ROLLUP",
    "SELECT",
    "SET",
    "SETS",
    "SETTINGS",
    "SOME",
    "TABLESAMPLE",
    "THEN",
    "TOP",
    "UNION",
    "UNPIVOT",
    "USING",
    "WHEN",
    "WHERE",
    "WITH",
    "WITHIN",
];

/// Words behind which a name with a bracket is that of a table or of a type.
const NO_CALLS_BEHIND: [&str; 14] = [
    "AS",
    "CONSTRAINT",
    "EXISTS",
    "FUNCTION",
    "INDEX",
    "INTO",
    "KEY",
    "PROCEDURE",
    "RECURSIVE",
    "REFERENCES",
    "TABLE",
    "UPDATE",
    "VIEW",
    "WITH",
];

impl Scan<'_, '_, '_> {
    /// Notes the function that is called at this place.
    pub(super) fn note_called(&mut self) {
        let defines = matches!(
            self.statement,
            Verb::Create | Verb::Alter | Verb::Drop | Verb::Grant | Verb::Pragma
        );
        if !self.words.is_called() {
            return;
        }
        let (name, before) = self.words.ended();
        // Of what is defined, a default alone is surely no column or type.
        if defines && !is_one_of(before, &["DEFAULT"]) {
            return;
        }
        let is_name = match name.as_slice() {
            [] => false,
            [only] => only.quote_style.is_some() || !is_in(&NO_FUNCTIONS, &only.value),
            _ => true,
        };
        if is_name && !is_one_of(before, &NO_CALLS_BEHIND) && !self.words.is_cte() {
            self.walker.calls(&ObjectName::from(name));
        }
    }
}
