//! A text of SQL to what it would do.
//!
//! Guarantees that every statement of the text is accounted for, or the text is refused:
//! what a statement hides in a CTE, a block, an EXPLAIN ANALYZE or a string is found, what
//! can't be told is [`Effect::Unknown`], and no literal of the text is in the result. Work,
//! memory and stack are bounded for any text. Knows nothing of the caller or the policy.

mod database;
mod dialect;
mod error;
mod gap;
mod kind;
mod schema;

mod lexis;

mod budget;
mod fallback;
mod parse;
mod resolve;
mod rewrite;

mod aggregate;
mod attach;
mod condition;
mod finding;
mod name;
mod part;
mod place;
mod setting;
mod truth;
mod walk;

mod function;

mod redact;

mod text;

mod glance;

mod cache;
mod shape;

pub use self::cache::Cache;
pub use self::condition::{Comparison, Condition, Operand};
pub use self::database::{Database, Table};
pub use self::dialect::Dialect;
pub use self::error::{Ambiguity, SqlError};
pub use self::gap::Gap;
pub use self::glance::kinds_by_words;
pub use self::kind::Kind;
pub use self::name::table_part;
pub use self::schema::{Schema, SchemaTable};

use self::walk::Walker;
use crate::action::{Action, Effect, ResourceKind};

/// What a text of SQL would do.
#[derive(Debug, Clone, PartialEq)]
pub struct Analysis {
    /// One action for each effect and set of targets, over everything in the text. Sorted.
    pub actions: Vec<Action>,
    /// The kinds of the text's statements, in their order; those inside others not counted.
    pub kinds: Vec<Kind>,
    /// What could not be told. Sorted, without repeats.
    pub gaps: Vec<Gap>,
}

/// Works out what a text of SQL would do.
///
/// # Errors
///
/// A text that is too large, too deep, could be split into words in another way by the
/// database, or that the parser does not know, is refused.
///
/// # Examples
///
/// ```
/// use lictor_engine::action::{Effect, Reach};
/// use lictor_engine::sql::{Dialect, analyse};
///
/// let analysis = analyse(
///     "WITH gone AS (DELETE FROM users RETURNING *) SELECT * FROM gone",
///     Dialect::Postgres,
/// )?;
/// let action = analysis.actions.iter().find(|action| action.effect == Effect::Delete);
/// assert_eq!(action.map(|action| action.reach), Some(Reach::All));
/// # Ok::<(), lictor_engine::sql::SqlError>(())
/// ```
pub fn analyse(text: &str, dialect: Dialect) -> Result<Analysis, SqlError> {
    analyse_in(text, &Database::new(dialect))
}

/// Works out what a text of SQL would do in a database whose schema is known.
///
/// # Errors
///
/// Those of [`analyse`].
pub fn analyse_in(text: &str, database: &Database) -> Result<Analysis, SqlError> {
    analyse_with_proof(text, database, &[]).map(|(analysis, _)| analysis)
}

/// The same, and whether it is proven that no fact depends on the value of a literal.
///
/// INVARIANT (free of literals): values are read in conditions, in SQL inside strings, in
/// settings, in bounds and as names in quotes. So nothing is proven where a condition is more
/// than comparisons of columns joined by AND, where there is anything but reads and changes
/// of tables, where a string stands for a name, or where the name of a table is one of the
/// text's `strings`. Bounds keep their
/// value in the shape of a text.
fn analyse_with_proof(
    text: &str,
    database: &Database,
    strings: &[&str],
) -> Result<(Analysis, bool), SqlError> {
    let dialect = database.dialect;
    let mut walker = Walker::new(database);
    let (kinds, redacted) = text::absorb(&mut walker, text, dialect)?;
    let runs_texts = !walker.texts.is_empty();
    text::follow(&mut walker, dialect);
    walker.tell_called();
    let is_free = !runs_texts && !walker.weighs_literals() && walker.columns.is_free_of_texts();
    let mut gaps = walker.gaps;
    gaps.extend(walker.columns.gaps());
    let mut actions = walker
        .findings
        .into_actions(&redacted.fingerprint, &redacted.statement);
    attach::attach(&mut actions, &walker.columns, database);
    let is_free = is_free && actions.iter().all(|action| is_plain(action, strings));
    Ok((
        Analysis {
            actions,
            kinds,
            gaps: gaps.into_iter().collect(),
        },
        is_free,
    ))
}

/// Whether an action reads or changes tables, or is a function, none of them named by a string.
fn is_plain(action: &Action, strings: &[&str]) -> bool {
    let is_named = |name: &str| {
        let name = name.to_lowercase();
        strings
            .iter()
            .any(|string| name.contains(&string.to_lowercase()))
    };
    let kind = match action.effect {
        Effect::Read | Effect::Insert | Effect::Update | Effect::Delete => ResourceKind::Table,
        Effect::Call if action.operation == walk::FUNCTION => ResourceKind::Function,
        _ => return false,
    };
    let mut resources = action.resources.iter();
    resources.all(|resource| resource.kind == kind && !is_named(&resource.name))
}

#[cfg(test)]
mod tests;
