//! The database before and after: every table is there, with every row.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use crate::paint::Paint;

type RowCounts = BTreeMap<String, u64>;

/// Both counts side by side, and what they prove.
pub(crate) fn of(before: &RowCounts, after: &RowCounts, paint: Paint) -> String {
    let mut text = paint.heading("The database, asked directly: rows before and after");
    for (table, rows) in before {
        let now = after.get(table).map_or("gone".to_owned(), u64::to_string);
        let _ = write!(text, "\n  {table:<10} {rows:>5}  {now:>5}");
    }
    let verdict = if before == after {
        paint.good("Every table and every row survived.")
    } else {
        paint.bad("The database is damaged.")
    };
    let _ = writeln!(text, "\n{verdict}");
    text
}
