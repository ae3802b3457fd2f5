//! SQL in arguments that nobody told of: found by the names of arguments and the verbs of texts.
//!
//! Where a name says SQL (`sql`, `statement`, …) its text is SQL, or the call is refused. Where it
//! may say so (`query`, `command`, …) a text is SQL if a statement in it starts as one. Without a
//! dialect every likely one counts: what any of them says is done.

use std::borrow::Cow;
use std::rc::Rc;

use crate::action::Action;
use crate::document::Reader;
use crate::json;
use crate::limits;
use crate::protocol::Given;
use crate::protocol::declared::{Spoken, database_of};
use crate::refusal::Refusal;
use crate::sql::{self, Database, Dialect, SqlError};
use crate::value::Value;

/// Finds statements, and knows which databases they may be for.
#[derive(Debug)]
pub(super) struct Finder {
    databases: Vec<Rc<Database>>,
}

/// What a database may speak behind a tool that nobody told of. The generic reading comes first:
/// what it finds ambiguous is.
const LIKELY: [Dialect; 4] = [
    Dialect::Generic,
    Dialect::Postgres,
    Dialect::Mysql,
    Dialect::Mssql,
];

/// How often JSON inside a text is looked into.
const INNER: u8 = 2;

/// How far a name gives away that SQL stands there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Hint {
    Nothing,
    Maybe,
    Surely,
}

impl Finder {
    pub(super) fn compile(reader: &mut Reader, spoken: Spoken<'_>, given: &Given) -> Option<Self> {
        let dialects = match &spoken.dialect {
            Some(dialect) => std::slice::from_ref(dialect),
            None => &LIKELY,
        };
        let databases = dialects
            .iter()
            .map(|dialect| database_of(reader, *dialect, spoken.schema, given));
        Some(Self {
            databases: databases.collect::<Option<_>>()?,
        })
    }

    /// Adds what the statements among the arguments would do.
    ///
    /// # Errors
    ///
    /// `sql.too_long`, or what the analysis says of a text that is SQL and can't be read.
    pub(super) fn add(
        &self,
        arguments: &Value<'_>,
        analyses: &sql::Cache,
        actions: &mut Vec<Action>,
    ) -> Result<(), Refusal> {
        let mut texts = Vec::new();
        collect(arguments, Hint::Nothing, INNER, &mut texts);
        let bytes = texts.iter().map(|text| text.len());
        if bytes.fold(0, usize::saturating_add) > limits::SQL_TEXT_BYTES
            || texts.len() > limits::SQL_TEXTS
        {
            return Err(TOO_LONG);
        }
        for text in texts {
            self.analyse(&text, analyses, actions)?;
        }
        Ok(())
    }

    fn analyse(
        &self,
        text: &str,
        analyses: &sql::Cache,
        actions: &mut Vec<Action>,
    ) -> Result<(), Refusal> {
        let mut first = None;
        let mut is_read = false;
        for database in &self.databases {
            match analyses.analyse(text, database) {
                Ok(analysis) => {
                    is_read = true;
                    for action in &analysis.actions {
                        if !actions.contains(action) {
                            actions.push(action.clone());
                        }
                    }
                }
                // A dialect does not have a statement: another one may. Anything else is true
                // whatever the database is.
                Err(error @ SqlError::Syntax { .. }) => first = first.or(Some(error)),
                Err(error) => return Err(unclear(error)),
            }
        }
        match first {
            Some(error) if !is_read => Err(unclear(error)),
            _ => Ok(()),
        }
    }
}

fn unclear(error: SqlError) -> Refusal {
    Refusal {
        advice: "send a statement that can be analysed, or ask the operator to declare the tool with its dialect, or with `sql: none` where it takes no SQL",
        ..Refusal::from(error)
    }
}

/// Every text that is SQL, as deep as JSON may be nested. What stands below a name that says SQL
/// is SQL too. `inner` is how often JSON inside a text may still be looked into.
fn collect<'v>(value: &'v Value<'_>, hint: Hint, inner: u8, texts: &mut Vec<Cow<'v, str>>) {
    match value {
        Value::Text(text) if hint > Hint::Nothing => text_of(text, hint, inner, texts),
        Value::List(values) => {
            for value in values {
                collect(value, hint, inner, texts);
            }
        }
        Value::Object(members) => {
            for (name, value) in members {
                collect(value, hint.max(Hint::of(name)), inner, texts);
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Text(_) => {}
    }
}

/// The SQL in a text: all of it, what stands between fences of Markdown, or texts of JSON in it.
/// Servers behind models take either.
fn text_of<'v>(text: &'v str, hint: Hint, inner: u8, texts: &mut Vec<Cow<'v, str>>) {
    if text.trim_start().starts_with(['{', '['])
        && let Some(inner) = inner.checked_sub(1)
        && let Ok(value) = json::parse(text)
    {
        let mut found = Vec::new();
        collect(&value, hint, inner, &mut found);
        let found = found.into_iter();
        texts.extend(found.map(|text| Cow::Owned(text.into_owned())));
        return;
    }
    for (number, part) in text.split("```").enumerate() {
        let is_fenced = number > 0;
        let language = part.split_once('\n').filter(|_| is_fenced);
        let part = match language {
            Some((word, rest)) if !word.trim().contains(char::is_whitespace) => rest,
            _ => part,
        };
        let is_sql = match hint {
            Hint::Surely => !part.trim().is_empty(),
            _ => reads_as_sql(part),
        };
        if is_sql {
            texts.push(Cow::Borrowed(part));
        }
    }
}

/// Parts of names that say SQL, and parts that may.
const SURELY: &[&str] = &["sql", "statement", "stmt", "ddl"];
const MAYBE: &[&str] = &[
    "query",
    "queries",
    "command",
    "script",
    "dml",
    "select",
    "exec",
    "expr",
    "migration",
    "raw",
];
/// Ends of names that are words about SQL: `sql_dialect`, `statement_timeout`.
const ABOUT: &[&str] = &[
    "dialect", "mode", "timeout", "type", "version", "name", "id",
];

impl Hint {
    fn of(name: &str) -> Self {
        let ends_with = |end: &&str| {
            let start = name.len().saturating_sub(end.len());
            name.get(start..)
                .is_some_and(|found| found.eq_ignore_ascii_case(end))
        };
        if has(name, SURELY) {
            match ABOUT.iter().any(ends_with) {
                true => Self::Maybe,
                false => Self::Surely,
            }
        } else if is_one(name, &["q", "cmd"]) || has(name, MAYBE) {
            Self::Maybe
        } else {
            Self::Nothing
        }
    }
}

fn is_one(name: &str, words: &[&str]) -> bool {
    words.iter().any(|word| name.eq_ignore_ascii_case(word))
}

/// Whether one of the parts, which are in lower case, stands in a name. Every argument of every
/// call is asked, so nothing is made ready for a search.
fn has(name: &str, parts: &[&str]) -> bool {
    let name = name.as_bytes();
    (0..name.len()).any(|start| {
        let rest = name.get(start..).unwrap_or_default();
        parts.iter().any(|part| {
            let found = rest.get(..part.len());
            found.is_some_and(|found| found.eq_ignore_ascii_case(part.as_bytes()))
        })
    })
}

/// Words that statements start with.
const VERBS: &[&str] = &[
    "alter",
    "analyze",
    "attach",
    "backup",
    "begin",
    "bulk",
    "call",
    "comment",
    "commit",
    "copy",
    "create",
    "dbcc",
    "deallocate",
    "declare",
    "delete",
    "desc",
    "describe",
    "detach",
    "do",
    "drop",
    "exec",
    "execute",
    "explain",
    "export",
    "flush",
    "from",
    "go",
    "grant",
    "handler",
    "if",
    "import",
    "insert",
    "kill",
    "load",
    "lock",
    "merge",
    "msck",
    "optimize",
    "pragma",
    "prepare",
    "print",
    "purge",
    "refresh",
    "reindex",
    "rename",
    "replace",
    "reset",
    "restore",
    "revoke",
    "rollback",
    "select",
    "set",
    "show",
    "start",
    "system",
    "table",
    "truncate",
    "undrop",
    "unload",
    "update",
    "upsert",
    "use",
    "vacuum",
    "values",
    "waitfor",
    "while",
    "with",
];

/// Whether a statement in the text starts with a verb; comments, brackets, labels and white space
/// apart.
fn reads_as_sql(text: &str) -> bool {
    // What only databases read as code.
    let is_code = ["/*!", "/*M!", "/*+"]
        .iter()
        .any(|mark| text.contains(mark));
    is_code || text.split(';').any(starts_as_sql)
}

fn starts_as_sql(part: &str) -> bool {
    let mut rest = after_comments(part);
    loop {
        let end = rest.find(|letter: char| !letter.is_alphanumeric() && letter != '_');
        let (word, after) = rest
            .split_at_checked(end.unwrap_or(rest.len()))
            .unwrap_or_default();
        let is_procedure = ["sp_", "xp_"].iter().any(|start| word.starts_with(start));
        if is_procedure || VERBS.iter().any(|verb| verb.eq_ignore_ascii_case(word)) {
            return true;
        }
        match after.trim_start().strip_prefix(':') {
            Some(after) if !word.is_empty() => rest = after_comments(after),
            _ => return false,
        }
    }
}

/// The text from its first letter that is in no comment.
fn after_comments(part: &str) -> &str {
    let mut rest = part;
    while let Some(letter) = rest.chars().next() {
        let ends_at = match letter {
            '#' => Some("\n"),
            '-' if rest.starts_with("--") => Some("\n"),
            '/' if rest.starts_with("/*") => Some("*/"),
            _ if letter.is_alphanumeric() || letter == '_' => break,
            _ => None,
        };
        rest = match ends_at {
            Some(end) => rest.split_once(end).map_or("", |(_, after)| after),
            None => rest.strip_prefix(letter).unwrap_or_default(),
        };
    }
    rest
}

const TOO_LONG: Refusal = Refusal::with_status(
    413,
    "sql.too_long",
    "expected at most 64 KiB of SQL and 32 texts of it in one call",
    "send fewer or shorter statements",
);
