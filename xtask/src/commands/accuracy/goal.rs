//! The table of what is measured: in which corpus, by which of the scorer's measures, and
//! what must be reached.

use super::score::Score;

/// One line of the table.
pub struct Goal {
    /// What it is, in a reader's words.
    pub what: &'static str,
    /// The corpus.
    pub corpus: &'static str,
    /// Finds the figure; nothing where the scorer gave none.
    pub measure: fn(&Score) -> Option<String>,
    /// What must be reached.
    pub must_reach: &'static str,
}

const fn goal(
    corpus: &'static str,
    what: &'static str,
    must_reach: &'static str,
    measure: fn(&Score) -> Option<String>,
) -> Goal {
    Goal {
        what,
        corpus,
        measure,
        must_reach,
    }
}

/// Every goal; those of one corpus stand together.
pub const GOALS: &[Goal] = &[
    goal(
        "postgres_regress",
        "Kind of each statement, PostgreSQL",
        "≥ 99.9 %",
        |score| score.share("kinds"),
    ),
    goal("postgres_regress", "Hidden writes found", "all", |score| {
        score.share("hidden write found")
    }),
    goal(
        "postgres_regress",
        "Changes of every row",
        "P, R ≥ 0.99",
        |score| score.precision_and_recall("bulk"),
    ),
    goal(
        "postgres_regress",
        "Tables read by queries and changes, exact",
        "≥ 99 %",
        |score| score.share_of_rows("tables_read exact"),
    ),
    goal(
        "postgres_regress",
        "Tables written by queries and changes, exact",
        "≥ 99 %",
        |score| score.share_of_rows("tables_written exact"),
    ),
    goal(
        "postgres_regress",
        "Time of a whole analysis",
        "≤ 10 µs, ≤ 60 µs",
        Score::times,
    ),
    goal(
        "dialect_corpus",
        "Kind of each statement, all dialects",
        "≥ 99.5 %",
        |score| score.share("kinds"),
    ),
    goal("evasion", "Destructive texts blocked", "100 %", |score| {
        score.share("blocks destructive")
    }),
    goal("evasion", "Reads allowed", "≥ 99 %", |score| {
        score.share("allows read")
    }),
    goal("lexdiff", "Hidden DROPs blocked", "all", Score::blocked),
    goal(
        "lineage_tables",
        "Tables read and written, exact",
        "≥ 95 %",
        |score| score.share("exact"),
    ),
    goal(
        "lineage_columns",
        "Column edges, exact",
        "≥ 90 %",
        |score| score.share("edges exact"),
    ),
    goal(
        "columns_exec",
        "Columns read, exact",
        "≥ 98.5 %",
        |score| score.share("columns_read exact"),
    ),
    goal("columns_exec", "No column missed", "≥ 99.8 %", |score| {
        score.share("no column missed")
    }),
    goal(
        "tautology",
        "Conditions that keep every row, found",
        "100 %",
        |score| score.share("tautology recall"),
    ),
    goal(
        "tautology",
        "Other conditions, not taken for such",
        "100 %",
        |score| score.share("no false tautology"),
    ),
    goal(
        "injection",
        "Texts answered, none with a crash",
        "all",
        Score::answered,
    ),
    goal("injection", "Time of a whole analysis", "", Score::times),
];
