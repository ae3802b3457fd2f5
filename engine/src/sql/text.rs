//! One text, and the texts inside it, to findings.
//!
//! Guarantees that a text is walked whole or refused, and that what is run from a string is
//! walked too, or unknown.

use std::mem;

use sqlparser::ast::Statement;
use sqlparser::tokenizer::TokenWithSpan;

use super::budget::Budgeted;
use super::dialect::Dialect;
use super::error::SqlError;
use super::fallback;
use super::function::{self, Reaching};
use super::gap::Gap;
use super::kind::Kind;
use super::parse::Found;
use super::place::Place;
use super::redact::{self, Redacted};
use super::walk::Walker;
use super::{lexis, parse, resolve, rewrite, setting};
use crate::action::{Effect, Reach, Resource, ResourceKind};
use crate::limits::{SQL_NESTED_TEXTS, SQL_TEXTS};

/// Walks every statement of a text, and redacts it.
pub(super) fn absorb(
    walker: &mut Walker<'_>,
    text: &str,
    dialect: Dialect,
) -> Result<(Vec<Kind>, Redacted), SqlError> {
    let budgeted = Budgeted::new(dialect, text.len());
    let mut tokens = lexis::tokens(text, dialect, &budgeted)?;
    note_calls(walker, &tokens, dialect);
    // Parsing consumes the tokens. Where a quoted word may be a string or a name, only the
    // findings tell which.
    let kept = redact::needs_names(&tokens, dialect).then(|| tokens.clone());
    let redacted = match kept {
        Some(_) => None,
        None => Some(redact::redact(&tokens, dialect, &|_| false)),
    };
    walker.joins_by_pipes(lexis::settle(&mut tokens, dialect));
    let kinds = parse::each_statement(dialect, &budgeted, tokens, |found| match found {
        Found::Parsed(statement) => {
            walk(walker, statement);
            Ok(())
        }
        Found::Unparsed(words) => {
            if let Some(statement) = rewrite::parsed(words, dialect, &budgeted) {
                walk(walker, &statement);
                return Ok(());
            }
            walker.gaps.insert(Gap::NotParsed);
            walker.columns.give_up();
            fallback::read(walker, words)
        }
    })?;
    if kinds.is_empty() {
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
    Ok((kinds, redacted))
}

/// Walks one statement; the next are read where it has gone.
fn walk(walker: &mut Walker<'_>, statement: &Statement) {
    let moved = match statement {
        Statement::Use(target) => Some(walker.place.moved(target, walker.dialect())),
        _ => None,
    };
    walker.statement(statement);
    let database = walker.database();
    resolve::statement(statement, database, &walker.place, &mut walker.columns);
    if let Some(place) = moved {
        walker.place = place;
    }
}

/// Notes the calls of functions that reach beyond the tables of the query.
fn note_calls(walker: &mut Walker<'_>, tokens: &[TokenWithSpan], dialect: Dialect) {
    for call in function::calls(tokens, dialect) {
        if call.name.eq_ignore_ascii_case("set_config") {
            walker.place = Place::Unknown;
        }
        let effect = match (call.reaching, call.text) {
            (Reaching::Runs, Some(text)) => {
                walker.texts.push(text);
                Effect::Call
            }
            (Reaching::Runs, None) => {
                walker.gaps.insert(Gap::TextMadeAtRunTime);
                Effect::Unknown
            }
            (Reaching::RunsElsewhere, text) => {
                walker.texts.extend(text);
                Effect::Unknown
            }
            (Reaching::Fetches, text) => {
                walker.texts.extend(text);
                walker.found(Effect::Unknown, call.name, Reach::Unknown, []);
                Effect::Import
            }
            (Reaching::Sets, Some(name)) => setting::effect(&name, None, dialect),
            (reaching, _) => reaching.effect(),
        };
        let function = Resource {
            kind: ResourceKind::Function,
            name: call.name.to_owned(),
        };
        walker.found(effect, call.name, Reach::Unknown, [function]);
    }
}

/// Walks the SQL in string literals, and in theirs. What can't be read is unknown.
pub(super) fn follow(walker: &mut Walker<'_>, dialect: Dialect) {
    let mut texts = mem::take(&mut walker.texts);
    if walker.place != Place::Configured {
        // They may be run before the text has gone there.
        walker.place = Place::Unknown;
    }
    let mut left = SQL_TEXTS;
    for _ in 0..SQL_NESTED_TEXTS {
        for text in mem::take(&mut texts) {
            let walked = left.checked_sub(1).is_some_and(|fewer| {
                left = fewer;
                absorb(walker, &text, dialect).is_ok()
            });
            if !walked {
                texts.clear();
                walker.gaps.insert(Gap::TextUnreadable);
                walker.found(Effect::Unknown, "EXECUTE", Reach::Unknown, []);
            }
        }
        texts = mem::take(&mut walker.texts);
    }
    if !texts.is_empty() {
        walker.gaps.insert(Gap::TextUnreadable);
        walker.found(Effect::Unknown, "EXECUTE", Reach::Unknown, []);
    }
}
