//! Words that start a statement, and what they make it.

use crate::action::ResourceKind;

/// What a verb does, as far as it alone can tell.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Verb {
    /// Not a verb.
    Nothing,
    Read,
    Show,
    Insert,
    Replace,
    Update,
    Delete,
    Merge,
    /// Keeps a table like the changes that come in.
    Apply,
    Truncate,
    Drop,
    Create,
    Alter,
    Grant,
    /// Runs a statement or a procedure.
    Run,
    Do,
    Call,
    Copy,
    Export,
    Unload,
    Import,
    Admin,
    Vacuum,
    Session,
    /// Says where a block goes on, or that it ends.
    Flow,
    Start,
    Set,
    Reset,
    Pragma,
    Detach,
    Purge,
    Remove,
    Add,
    Restore,
    Prepare,
    /// A verb that is known, and nothing of what it does.
    Opaque,
}

/// Where a word is a verb.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Stands {
    /// Wherever it stands.
    Anywhere,
    /// Where a statement may start; elsewhere only if statements need no `;` between them.
    AtStart,
    /// Where a statement may start, nowhere else: it is part of other statements.
    Only,
}

use Stands::{Anywhere, AtStart, Only};

/// Every verb, sorted.
const VERBS: &[(&str, Verb, Stands)] = &[
    ("ABORT", Verb::Session, Only),
    ("ADD", Verb::Add, Only),
    ("ALTER", Verb::Alter, Anywhere),
    ("ANALYSE", Verb::Admin, Only),
    ("ANALYZE", Verb::Admin, Only),
    ("APPLY", Verb::Apply, Only),
    ("ATTACH", Verb::Import, AtStart),
    ("AUDIT", Verb::Admin, Only),
    ("BACKUP", Verb::Export, AtStart),
    ("BEGIN", Verb::Session, Only),
    ("BINLOG", Verb::Admin, Only),
    ("BREAK", Verb::Flow, Only),
    ("BULK", Verb::Import, AtStart),
    ("CACHE", Verb::Admin, Only),
    ("CALL", Verb::Call, Anywhere),
    ("CHANGE", Verb::Admin, Only),
    ("CHECK", Verb::Admin, Only),
    ("CHECKPOINT", Verb::Admin, AtStart),
    ("CHECKSUM", Verb::Show, Only),
    ("CLEAR", Verb::Admin, Only),
    ("CLONE", Verb::Admin, Only),
    ("CLOSE", Verb::Session, Only),
    ("CLUSTER", Verb::Admin, Only),
    ("COMMENT", Verb::Alter, Only),
    ("COMMIT", Verb::Session, Only),
    ("CONNECT", Verb::Opaque, Only),
    ("CONTINUE", Verb::Flow, Only),
    ("CONVERT", Verb::Alter, Only),
    ("COPY", Verb::Copy, AtStart),
    ("CREATE", Verb::Create, Anywhere),
    ("DBCC", Verb::Admin, AtStart),
    ("DEALLOCATE", Verb::Session, Only),
    ("DECLARE", Verb::Session, Only),
    ("DEFINE", Verb::Create, Only),
    ("DELETE", Verb::Delete, Anywhere),
    ("DELIMITER", Verb::Session, Only),
    ("DENY", Verb::Grant, AtStart),
    ("DESC", Verb::Show, Only),
    ("DESCRIBE", Verb::Show, Only),
    ("DESTROY", Verb::Admin, Only),
    ("DETACH", Verb::Detach, Only),
    ("DISABLE", Verb::Alter, Only),
    ("DISCARD", Verb::Session, Only),
    ("DO", Verb::Do, Only),
    ("DROP", Verb::Drop, Anywhere),
    ("DUMP", Verb::Export, AtStart),
    ("ENABLE", Verb::Alter, Only),
    ("END", Verb::Session, Only),
    ("EXCHANGE", Verb::Alter, Only),
    ("EXEC", Verb::Run, Anywhere),
    ("EXECUTE", Verb::Run, Anywhere),
    ("EXPLAIN", Verb::Show, Only),
    ("EXPORT", Verb::Export, AtStart),
    ("FETCH", Verb::Read, Only),
    ("FLASHBACK", Verb::Alter, Only),
    ("FLUSH", Verb::Admin, Only),
    ("FORCE", Verb::Admin, Only),
    ("FROM", Verb::Read, Only),
    ("GENERATE", Verb::Export, Only),
    ("GET", Verb::Export, Only),
    ("GOTO", Verb::Flow, Only),
    ("GRANT", Verb::Grant, Anywhere),
    ("GRAPH", Verb::Read, Only),
    ("HANDLER", Verb::Read, Only),
    ("HELP", Verb::Show, Only),
    ("IMPORT", Verb::Import, AtStart),
    ("INSERT", Verb::Insert, Anywhere),
    ("INSTALL", Verb::Admin, Only),
    ("ITERATE", Verb::Flow, Only),
    ("KILL", Verb::Admin, AtStart),
    ("LEAVE", Verb::Flow, Only),
    ("LET", Verb::Flow, Only),
    ("LIST", Verb::Show, Only),
    ("LISTEN", Verb::Session, Only),
    ("LOAD", Verb::Import, AtStart),
    ("LOCK", Verb::Session, Only),
    ("LS", Verb::Show, Only),
    ("MERGE", Verb::Merge, Anywhere),
    ("MOVE", Verb::Session, Only),
    ("MSCK", Verb::Admin, Only),
    ("NOAUDIT", Verb::Admin, Only),
    ("NOTIFY", Verb::Session, Only),
    ("OPEN", Verb::Session, Only),
    ("OPTIMIZE", Verb::Admin, Only),
    ("PAUSE", Verb::Admin, Only),
    ("PERFORM", Verb::Read, Only),
    ("PIVOT", Verb::Read, Only),
    ("PIVOT_LONGER", Verb::Read, Only),
    ("PIVOT_WIDER", Verb::Read, Only),
    ("PRAGMA", Verb::Pragma, Only),
    ("PREPARE", Verb::Prepare, Only),
    ("PRINT", Verb::Flow, Only),
    ("PURGE", Verb::Purge, Only),
    ("PUT", Verb::Import, Only),
    ("RAISE", Verb::Flow, Only),
    ("RAISERROR", Verb::Flow, Only),
    ("REASSIGN", Verb::Grant, Only),
    ("RECONFIGURE", Verb::Admin, AtStart),
    ("REFRESH", Verb::Admin, Only),
    ("REGISTER", Verb::Admin, Only),
    ("REINDEX", Verb::Admin, Only),
    ("RELEASE", Verb::Session, Only),
    ("REMOVE", Verb::Remove, Only),
    ("RENAME", Verb::Alter, AtStart),
    ("REPAIR", Verb::Admin, Only),
    ("REPLACE", Verb::Replace, Anywhere),
    ("RESET", Verb::Reset, Only),
    ("RESIGNAL", Verb::Flow, Only),
    ("RESTART", Verb::Admin, Only),
    ("RESTORE", Verb::Restore, AtStart),
    ("RESUME", Verb::Admin, Only),
    ("RETURN", Verb::Flow, Only),
    ("REVERT", Verb::Grant, AtStart),
    ("REVOKE", Verb::Grant, Anywhere),
    ("RM", Verb::Remove, Only),
    ("ROLLBACK", Verb::Session, Only),
    ("RUN", Verb::Opaque, Only),
    ("SAVE", Verb::Session, Only),
    ("SAVEPOINT", Verb::Session, Only),
    ("SECURITY", Verb::Admin, Only),
    ("SELECT", Verb::Read, Anywhere),
    ("SET", Verb::Set, Only),
    ("SETUSER", Verb::Grant, AtStart),
    ("SHOW", Verb::Show, Only),
    ("SHUTDOWN", Verb::Admin, AtStart),
    ("SIGNAL", Verb::Flow, Only),
    ("START", Verb::Start, Only),
    ("STARTUP", Verb::Admin, Only),
    ("STOP", Verb::Admin, Only),
    ("SUMMARIZE", Verb::Read, Only),
    ("SYSTEM", Verb::Admin, Only),
    ("TABLE", Verb::Read, Only),
    ("THROW", Verb::Flow, Only),
    ("TRUNCATE", Verb::Truncate, Anywhere),
    ("UNCACHE", Verb::Admin, Only),
    ("UNDROP", Verb::Create, Only),
    ("UNINSTALL", Verb::Admin, Only),
    ("UNLISTEN", Verb::Session, Only),
    ("UNLOAD", Verb::Unload, AtStart),
    ("UNLOCK", Verb::Session, Only),
    ("UNPIVOT", Verb::Read, Only),
    ("UNSET", Verb::Session, Only),
    ("UPDATE", Verb::Update, Anywhere),
    ("UPSERT", Verb::Insert, AtStart),
    ("USE", Verb::Session, AtStart),
    ("USING", Verb::Opaque, Only),
    ("VACUUM", Verb::Vacuum, Only),
    ("VALUES", Verb::Read, Only),
    ("WAITFOR", Verb::Session, AtStart),
    ("WITH", Verb::Read, Only),
    ("XA", Verb::Session, Only),
];

/// The verb that a word is where it stands.
pub(super) fn of(word: &str, at_start: bool, separates_by_verb: bool) -> Verb {
    let word = word.to_ascii_uppercase();
    let found = VERBS.binary_search_by_key(&word.as_str(), |entry| entry.0);
    let Some(&(_, verb, stands)) = found.ok().and_then(|at| VERBS.get(at)) else {
        return Verb::Nothing;
    };
    let counts = match stands {
        Anywhere => true,
        AtStart => at_start || separates_by_verb,
        Only => at_start,
    };
    if counts { verb } else { Verb::Nothing }
}

/// Whether a statement may start with the word.
pub(super) fn starts(word: &str) -> bool {
    of(word, true, false) != Verb::Nothing
}

/// Whether a word is a verb wherever it stands.
pub(super) fn is_strong(word: &str) -> bool {
    of(word, false, false) != Verb::Nothing
}

/// Whether the word after DROP names a kind of object, and not a part of a table.
pub(super) fn is_whole(word: &str) -> bool {
    match object(word) {
        Object::Kind(ResourceKind::Table | ResourceKind::Function) | Object::Right => true,
        Object::Kind(_) => ["DATABASE", "SCHEMA"]
            .iter()
            .any(|known| known.eq_ignore_ascii_case(word)),
        Object::Noise | Object::Name => false,
    }
}

/// Whether what the word after CREATE names belongs to a table.
pub(super) fn belongs_to_table(word: &str) -> bool {
    ["INDEX", "RULE", "TRIGGER"]
        .iter()
        .any(|known| known.eq_ignore_ascii_case(word))
}

/// What a word between CREATE, ALTER or DROP and a name is.
pub(super) enum Object {
    /// Says nothing about what it is.
    Noise,
    /// Says what the name is of.
    Kind(ResourceKind),
    /// Says that this is about who may do what.
    Right,
    /// Is the name, or the start of it.
    Name,
}

const NOISE: [&str; 26] = [
    "AGGREGATE",
    "CONCURRENTLY",
    "EXISTS",
    "EXTERNAL",
    "FOREIGN",
    "FORCE",
    "GLOBAL",
    "HYBRID",
    "IF",
    "LOCAL",
    "MATERIALIZED",
    "NOT",
    "OR",
    "PERSISTENT",
    "PRIVATE",
    "PUBLIC",
    "RECURSIVE",
    "REPLACE",
    "SECURE",
    "TEMP",
    "TEMPORARY",
    "TRANSIENT",
    "UNIQUE",
    "UNLOGGED",
    "VIRTUAL",
    "VOLATILE",
];
const TABLES: [&str; 4] = ["DICTIONARY", "TABLE", "TABLES", "VIEW"];
const FUNCTIONS: [&str; 6] = [
    "FUNCTION",
    "MACRO",
    "PACKAGE",
    "PROC",
    "PROCEDURE",
    "ROUTINE",
];
const RIGHTS: [&str; 7] = [
    "GROUP",
    "LOGIN",
    "POLICY",
    "PRIVILEGES",
    "PROFILE",
    "ROLE",
    "USER",
];
const OBJECTS: [&str; 38] = [
    "ACCESS",
    "BODY",
    "CATALOG",
    "COLLATION",
    "CONVERSION",
    "DATABASE",
    "DATA",
    "DOMAIN",
    "EVENT",
    "EXTENSION",
    "FORMAT",
    "INDEX",
    "KEYSPACE",
    "LANGUAGE",
    "LINK",
    "METHOD",
    "MAPPING",
    "OPERATOR",
    "PARSER",
    "PIPE",
    "PUBLICATION",
    "RULE",
    "SCHEMA",
    "SECRET",
    "SEQUENCE",
    "SERVER",
    "SHARE",
    "STAGE",
    "STATISTICS",
    "STREAM",
    "SUBSCRIPTION",
    "SYNONYM",
    "TABLESPACE",
    "TASK",
    "TRIGGER",
    "TYPE",
    "WAREHOUSE",
    "WRAPPER",
];

/// What a word between CREATE, ALTER or DROP and a name is.
pub(super) fn object(word: &str) -> Object {
    let is = |known: &&str| known.eq_ignore_ascii_case(word);
    if NOISE.iter().any(is) {
        Object::Noise
    } else if TABLES.iter().any(is) {
        Object::Kind(ResourceKind::Table)
    } else if FUNCTIONS.iter().any(is) {
        Object::Kind(ResourceKind::Function)
    } else if RIGHTS.iter().any(is) {
        Object::Right
    } else if OBJECTS.iter().any(is) {
        Object::Kind(ResourceKind::Object)
    } else {
        Object::Name
    }
}

#[cfg(test)]
mod tests {
    use super::VERBS;
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    #[test]
    fn the_verbs_are_sorted() {
        assert!(VERBS.is_sorted_by_key(|entry| entry.0));
    }
}
