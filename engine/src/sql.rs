//! A text of SQL to what it would do.
//!
//! Guarantees that every statement of the text is accounted for, or the text is refused:
//! what a statement hides in a CTE, a block, an EXPLAIN ANALYZE or a string is found, what
//! can't be told is [`Effect::Unknown`], and no literal of the text is in the result. Work,
//! memory and stack are bounded for any text. Knows nothing of the caller or the policy.

mod dialect;
mod error;

mod lexis;

mod budget;
mod parse;

mod finding;
mod name;
mod part;
mod truth;
mod walk;

mod function;

mod redact;

mod cache;
mod shape;

pub use self::cache::Cache;
pub use self::dialect::Dialect;
pub use self::error::{Ambiguity, SqlError};

use std::mem;

use sqlparser::tokenizer::TokenWithSpan;

use self::budget::Budgeted;
use self::function::Reaching;
use self::redact::Redacted;
use self::walk::Walker;
use crate::action::{Action, Effect, Reach, Resource, ResourceKind};
use crate::limits::{SQL_NESTED_TEXTS, SQL_TEXTS};

/// What a text of SQL would do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Analysis {
    /// One action for each effect and set of targets, over everything in the text. Sorted.
    pub actions: Vec<Action>,
    /// How many statements the text has, those inside others not counted.
    pub statements: usize,
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
    analyse_with_proof(text, dialect, &[]).map(|(analysis, _)| analysis)
}

/// The same, and whether it is proven that no fact depends on the value of a literal.
///
/// INVARIANT (free of literals): values are read in conditions, in SQL inside strings, in
/// settings, in bounds and as names in quotes. So nothing is proven where a condition is more
/// than comparisons of columns joined by AND, where there is anything but reads and changes
/// of tables, or where the name of a table is one of the text's `strings`. Bounds keep their
/// value in the shape of a text.
fn analyse_with_proof(
    text: &str,
    dialect: Dialect,
    strings: &[&str],
) -> Result<(Analysis, bool), SqlError> {
    let mut walker = Walker::new(dialect);
    let (statements, redacted) = absorb(&mut walker, text, dialect)?;
    let runs_texts = !walker.texts.is_empty();
    follow(&mut walker, dialect);
    let is_free = !runs_texts && !walker.weighs_literals();
    let actions = walker
        .findings
        .into_actions(&redacted.fingerprint, &redacted.statement);
    let is_free = is_free && actions.iter().all(|action| is_plain(action, strings));
    Ok((
        Analysis {
            actions,
            statements,
        },
        is_free,
    ))
}

/// Whether an action reads or changes tables, none of them named by a string.
fn is_plain(action: &Action, strings: &[&str]) -> bool {
    let is_named = |name: &str| {
        let name = name.to_lowercase();
        strings
            .iter()
            .any(|string| name.contains(&string.to_lowercase()))
    };
    matches!(
        action.effect,
        Effect::Read | Effect::Insert | Effect::Update | Effect::Delete
    ) && action
        .resources
        .iter()
        .all(|resource| resource.kind == ResourceKind::Table && !is_named(&resource.name))
}

/// Walks every statement of a text, and redacts it.
fn absorb(
    walker: &mut Walker,
    text: &str,
    dialect: Dialect,
) -> Result<(usize, Redacted), SqlError> {
    let budgeted = Budgeted::new(dialect, text.len());
    let tokens = lexis::tokens(text, dialect, &budgeted)?;
    note_calls(walker, &tokens, dialect);
    // Parsing consumes the tokens. Where a quoted word may be a string or a name, only the
    // findings tell which.
    let kept = redact::needs_names(&tokens, dialect).then(|| tokens.clone());
    let redacted = match kept {
        Some(_) => None,
        None => Some(redact::redact(&tokens, dialect, &|_| false)),
    };
    let statements = parse::each_statement(&budgeted, tokens, |statement| {
        walker.statement(statement);
    })?;
    if statements == 0 {
        return Err(SqlError::Empty);
    }
    let redacted = redacted.unwrap_or_else(|| {
        let is_name = |name: &str| {
            walker
                .findings
                .tables()
                .any(|table| table.split('.').any(|part| part == name))
        };
        redact::redact(&kept.unwrap_or_default(), dialect, &is_name)
    });
    Ok((statements, redacted))
}

/// Notes the calls of functions that reach beyond the tables of the query.
fn note_calls(walker: &mut Walker, tokens: &[TokenWithSpan], dialect: Dialect) {
    for call in function::calls(tokens, dialect) {
        let effect = match (call.reaching, call.text) {
            (Reaching::Runs, Some(text)) => {
                walker.texts.push(text.to_owned());
                Effect::Call
            }
            (Reaching::Runs, None) => Effect::Unknown,
            (Reaching::Does(effect), _) => effect,
        };
        let function = Resource {
            kind: ResourceKind::Function,
            name: call.name.to_owned(),
        };
        walker.found(effect, call.name, Reach::Unknown, [function]);
    }
}

/// Walks the SQL in string literals, and in theirs. What can't be read is unknown.
fn follow(walker: &mut Walker, dialect: Dialect) {
    let mut texts = mem::take(&mut walker.texts);
    let mut left = SQL_TEXTS;
    for _ in 0..SQL_NESTED_TEXTS {
        for text in mem::take(&mut texts) {
            let walked = left.checked_sub(1).is_some_and(|fewer| {
                left = fewer;
                absorb(walker, &text, dialect).is_ok()
            });
            if !walked {
                texts.clear();
                walker.found(Effect::Unknown, "EXECUTE", Reach::Unknown, []);
            }
        }
        texts = mem::take(&mut walker.texts);
    }
    if !texts.is_empty() {
        walker.found(Effect::Unknown, "EXECUTE", Reach::Unknown, []);
    }
}

#[cfg(test)]
mod tests;
