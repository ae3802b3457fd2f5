//! What kind of statement one is, by the words it starts with.
//!
//! Coarser than its effects, and known even where nothing else is.

use sqlparser::tokenizer::Token;

use super::dialect::Dialect;

/// The kind of a statement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// Asks for rows.
    Select,
    /// Adds rows.
    Insert,
    /// Changes rows.
    Update,
    /// Removes rows.
    Delete,
    /// Adds, changes or removes rows by comparison.
    Merge,
    /// Empties tables.
    Truncate,
    /// Removes an object.
    Drop,
    /// Makes an object.
    Create,
    /// Changes an object.
    Alter,
    /// Gives or denies rights.
    Grant,
    /// Takes rights away.
    Revoke,
    /// Moves data in or out: COPY, LOAD, UNLOAD, EXPORT.
    Bulkio,
    /// Tells how a statement would run, or what a table looks like.
    Explain,
    /// Tells about the server.
    Show,
    /// Changes a setting.
    Set,
    /// Controls a transaction.
    Txn,
    /// Names a statement for later.
    Prepare,
    /// Runs a statement or a procedure by name.
    Execute,
    /// Runs a block of code.
    Do,
    /// Calls a procedure.
    Call,
    /// Works with a cursor.
    Cursor,
    /// Keeps the database in shape: VACUUM, ANALYZE, OPTIMIZE.
    Maint,
    /// Comments on an object.
    Comment,
    /// Locks a table.
    Lock,
    /// Ends somebody's statement or session.
    Kill,
    /// Brings in another database or an extension.
    Attach,
    /// Chooses a database or a schema.
    Use,
    /// Anything else.
    Other,
}

/// The first words of statements, sorted, with the kind that they tell.
const WORDS: &[(&str, Kind)] = &[
    ("ABORT", Kind::Txn),
    ("ALTER", Kind::Alter),
    ("ANALYSE", Kind::Maint),
    ("ANALYZE", Kind::Maint),
    ("ATTACH", Kind::Attach),
    ("BACKUP", Kind::Bulkio),
    ("BEGIN", Kind::Txn),
    ("CACHE", Kind::Maint),
    ("CALL", Kind::Call),
    ("CHECK", Kind::Maint),
    ("CHECKPOINT", Kind::Maint),
    ("CHECKSUM", Kind::Maint),
    ("CLEAR", Kind::Maint),
    ("CLOSE", Kind::Cursor),
    ("CLUSTER", Kind::Maint),
    ("COMMENT", Kind::Comment),
    ("COMMIT", Kind::Txn),
    ("COPY", Kind::Bulkio),
    ("CREATE", Kind::Create),
    ("DEALLOCATE", Kind::Prepare),
    ("DECLARE", Kind::Cursor),
    ("DEFINE", Kind::Create),
    ("DELETE", Kind::Delete),
    ("DENY", Kind::Grant),
    ("DESC", Kind::Explain),
    ("DESCRIBE", Kind::Explain),
    ("DETACH", Kind::Attach),
    ("DISCARD", Kind::Set),
    ("DO", Kind::Do),
    ("DROP", Kind::Drop),
    ("END", Kind::Txn),
    ("EXEC", Kind::Execute),
    ("EXECUTE", Kind::Execute),
    ("EXPLAIN", Kind::Explain),
    ("EXPORT", Kind::Bulkio),
    ("FETCH", Kind::Cursor),
    ("FLUSH", Kind::Maint),
    ("FORCE", Kind::Maint),
    ("FROM", Kind::Select),
    ("GET", Kind::Bulkio),
    ("GRANT", Kind::Grant),
    ("GRAPH", Kind::Select),
    ("IMPORT", Kind::Bulkio),
    ("INSERT", Kind::Insert),
    ("INSTALL", Kind::Attach),
    ("KILL", Kind::Kill),
    ("LIST", Kind::Show),
    ("LOAD", Kind::Bulkio),
    ("LOCK", Kind::Lock),
    ("LS", Kind::Show),
    ("MERGE", Kind::Merge),
    ("MOVE", Kind::Cursor),
    ("MSCK", Kind::Maint),
    ("OPEN", Kind::Cursor),
    ("OPTIMIZE", Kind::Maint),
    ("PIVOT", Kind::Select),
    ("PIVOT_LONGER", Kind::Select),
    ("PIVOT_WIDER", Kind::Select),
    ("PRAGMA", Kind::Set),
    ("PREPARE", Kind::Prepare),
    ("PURGE", Kind::Drop),
    ("PUT", Kind::Bulkio),
    ("REASSIGN", Kind::Alter),
    ("REFRESH", Kind::Maint),
    ("REINDEX", Kind::Maint),
    ("RELEASE", Kind::Txn),
    ("REMOVE", Kind::Drop),
    ("RENAME", Kind::Alter),
    ("REPAIR", Kind::Maint),
    ("REPLACE", Kind::Insert),
    ("RESET", Kind::Set),
    ("REVOKE", Kind::Revoke),
    ("RM", Kind::Drop),
    ("ROLLBACK", Kind::Txn),
    ("RUN", Kind::Txn),
    ("SAVE", Kind::Txn),
    ("SAVEPOINT", Kind::Txn),
    ("SECURITY", Kind::Comment),
    ("SELECT", Kind::Select),
    ("SET", Kind::Set),
    ("SHOW", Kind::Show),
    ("START", Kind::Txn),
    ("SUMMARIZE", Kind::Select),
    ("TABLE", Kind::Select),
    ("TRUNCATE", Kind::Truncate),
    ("UNCACHE", Kind::Maint),
    ("UNDROP", Kind::Create),
    ("UNINSTALL", Kind::Attach),
    ("UNLOAD", Kind::Bulkio),
    ("UNLOCK", Kind::Lock),
    ("UNPIVOT", Kind::Select),
    ("UNSET", Kind::Set),
    ("UPDATE", Kind::Update),
    ("UPSERT", Kind::Insert),
    ("USE", Kind::Use),
    ("VACUUM", Kind::Maint),
    ("VALUES", Kind::Select),
];

impl Kind {
    /// Every kind.
    pub const ALL: [Self; 28] = [
        Self::Select,
        Self::Insert,
        Self::Update,
        Self::Delete,
        Self::Merge,
        Self::Truncate,
        Self::Drop,
        Self::Create,
        Self::Alter,
        Self::Grant,
        Self::Revoke,
        Self::Bulkio,
        Self::Explain,
        Self::Show,
        Self::Set,
        Self::Txn,
        Self::Prepare,
        Self::Execute,
        Self::Do,
        Self::Call,
        Self::Cursor,
        Self::Maint,
        Self::Comment,
        Self::Lock,
        Self::Kill,
        Self::Attach,
        Self::Use,
        Self::Other,
    ];

    /// The word used in outputs.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Select => "select",
            Self::Insert => "insert",
            Self::Update => "update",
            Self::Delete => "delete",
            Self::Merge => "merge",
            Self::Truncate => "truncate",
            Self::Drop => "drop",
            Self::Create => "create",
            Self::Alter => "alter",
            Self::Grant => "grant",
            Self::Revoke => "revoke",
            Self::Bulkio => "bulkio",
            Self::Explain => "explain",
            Self::Show => "show",
            Self::Set => "set",
            Self::Txn => "txn",
            Self::Prepare => "prepare",
            Self::Execute => "execute",
            Self::Do => "do",
            Self::Call => "call",
            Self::Cursor => "cursor",
            Self::Maint => "maint",
            Self::Comment => "comment",
            Self::Lock => "lock",
            Self::Kill => "kill",
            Self::Attach => "attach",
            Self::Use => "use",
            Self::Other => "other",
        }
    }

    /// The kind of the statement that starts with these tokens, white space left out.
    pub(super) fn of<'t>(words: impl Iterator<Item = &'t Token>, dialect: Dialect) -> Self {
        match Self::by_words(words) {
            // For it a comment is a change of the object like any other.
            Self::Comment if dialect == Dialect::Duckdb => Self::Alter,
            kind => kind,
        }
    }

    fn by_words<'t>(mut words: impl Iterator<Item = &'t Token>) -> Self {
        for token in words.by_ref() {
            match token {
                // A query in brackets is still one.
                Token::LParen => {}
                Token::Word(word) if word.quote_style.is_none() => {
                    return match Self::told_by(&word.value) {
                        Self::Other if word.value.eq_ignore_ascii_case("with") => {
                            Self::after_with(words)
                        }
                        kind => kind.refined(words),
                    };
                }
                _ => return Self::Other,
            }
        }
        Self::Other
    }

    /// The kind where the second word says more than the first.
    fn refined<'t>(self, mut words: impl Iterator<Item = &'t Token>) -> Self {
        const SECOND: [(Kind, &str, Kind); 3] = [
            (Kind::Bulkio, "foreign", Kind::Create),
            (Kind::Prepare, "transaction", Kind::Txn),
            (Kind::Alter, "default", Kind::Grant),
        ];
        if !SECOND.iter().any(|(first, ..)| *first == self) {
            return self;
        }
        let Some(Token::Word(word)) = words.next() else {
            return self;
        };
        let is = |second: &str| word.value.eq_ignore_ascii_case(second);
        let refined = SECOND
            .iter()
            .find(|(first, second, _)| *first == self && is(second));
        match refined {
            // `ALTER DEFAULT PRIVILEGES … REVOKE`
            Some((.., Self::Grant)) => words
                .filter_map(|token| match token {
                    Token::Word(word) => Some(Self::told_by(&word.value)),
                    _ => None,
                })
                .find(|kind| matches!(kind, Self::Grant | Self::Revoke))
                .unwrap_or(self),
            Some((.., kind)) => *kind,
            None => self,
        }
    }

    /// The kind of what follows the CTEs: the first verb outside of their brackets.
    fn after_with<'t>(words: impl Iterator<Item = &'t Token>) -> Self {
        let mut depth: usize = 0;
        for token in words {
            match token {
                Token::LParen => depth = depth.saturating_add(1),
                Token::RParen => depth = depth.saturating_sub(1),
                Token::SemiColon if depth == 0 => break,
                Token::Word(word) if depth == 0 && word.quote_style.is_none() => {
                    let kind = Self::told_by(&word.value);
                    let is_main = matches!(
                        kind,
                        Self::Select
                            | Self::Insert
                            | Self::Update
                            | Self::Delete
                            | Self::Merge
                            | Self::Create
                            | Self::Call
                    );
                    // `WITH t AS PROCEDURE (…) RETURNS TABLE (…)`
                    if is_main && !word.value.eq_ignore_ascii_case("table") {
                        return kind;
                    }
                }
                _ => {}
            }
        }
        Self::Select
    }

    /// The kind that the first word of a statement tells.
    fn told_by(word: &str) -> Self {
        let word = word.to_ascii_uppercase();
        WORDS
            .binary_search_by_key(&word.as_str(), |entry| entry.0)
            .ok()
            .and_then(|at| WORDS.get(at))
            .map_or(Self::Other, |entry| entry.1)
    }
}

#[cfg(test)]
mod tests {
    use super::{Kind, WORDS};
    use crate::sql::{Dialect, analyse};
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    fn kinds(text: &str) -> Vec<&'static str> {
        let analysis = analyse(text, Dialect::Postgres).unwrap();
        analysis.kinds.into_iter().map(Kind::name).collect()
    }

    #[test]
    fn the_words_are_sorted() {
        assert!(WORDS.is_sorted_by_key(|entry| entry.0));
    }

    #[test]
    fn each_statement_has_its_kind() {
        assert_eq!(
            kinds("SELECT 1; delete from t; /* x */ (VALUES (1))"),
            ["select", "delete", "select"]
        );
        assert_eq!(kinds("BEGIN; COMMIT"), ["txn", "txn"]);
        assert_eq!(kinds("COMMENT ON TABLE t IS 'x'"), ["comment"]);
        let comment = analyse("COMMENT ON TABLE t IS 'x'", Dialect::Duckdb).unwrap();
        assert_eq!(comment.kinds, [Kind::Alter]);
        assert_eq!(
            kinds("PREPARE TRANSACTION 'x'; PREPARE x AS SELECT 1"),
            ["txn", "prepare"]
        );
        assert_eq!(
            kinds("ALTER DEFAULT PRIVILEGES IN SCHEMA s REVOKE ALL ON TABLES FROM r"),
            ["revoke"]
        );
    }

    #[test]
    fn ctes_have_the_kind_of_what_follows_them() {
        assert_eq!(
            kinds("WITH a AS (DELETE FROM t RETURNING *), b(x) AS (SELECT 1) SELECT * FROM a"),
            ["select"]
        );
        assert_eq!(
            kinds("WITH a AS (SELECT 1) INSERT INTO t SELECT * FROM a"),
            ["insert"]
        );
        let call = "WITH p AS PROCEDURE () RETURNS INT AS $$ BEGIN END $$ CALL p()";
        let analysis = analyse(call, Dialect::Snowflake).unwrap();
        assert_eq!(analysis.kinds, [Kind::Call]);
    }
}
