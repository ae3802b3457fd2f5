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
    Update,
    Delete,
    Merge,
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
    Import,
    Admin,
    Vacuum,
    Session,
    Set,
    Prepare,
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
    ("ADD", Verb::Import, Only),
    ("ALTER", Verb::Alter, Anywhere),
    ("ANALYSE", Verb::Admin, Only),
    ("ANALYZE", Verb::Admin, Only),
    ("ATTACH", Verb::Import, AtStart),
    ("AUDIT", Verb::Admin, Only),
    ("BACKUP", Verb::Export, AtStart),
    ("BEGIN", Verb::Session, Only),
    ("BULK", Verb::Import, AtStart),
    ("CACHE", Verb::Admin, Only),
    ("CALL", Verb::Call, AtStart),
    ("CHANGE", Verb::Admin, Only),
    ("CHECK", Verb::Admin, Only),
    ("CHECKPOINT", Verb::Admin, AtStart),
    ("CHECKSUM", Verb::Show, Only),
    ("CLEAR", Verb::Admin, Only),
    ("CLOSE", Verb::Session, Only),
    ("CLUSTER", Verb::Admin, Only),
    ("COMMENT", Verb::Alter, Only),
    ("COMMIT", Verb::Session, Only),
    ("COPY", Verb::Copy, AtStart),
    ("CREATE", Verb::Create, Anywhere),
    ("DBCC", Verb::Admin, AtStart),
    ("DEALLOCATE", Verb::Session, Only),
    ("DECLARE", Verb::Session, Only),
    ("DELETE", Verb::Delete, Anywhere),
    ("DENY", Verb::Grant, AtStart),
    ("DESC", Verb::Show, Only),
    ("DESCRIBE", Verb::Show, Only),
    ("DETACH", Verb::Session, Only),
    ("DISCARD", Verb::Session, Only),
    ("DO", Verb::Do, Only),
    ("DROP", Verb::Drop, Anywhere),
    ("END", Verb::Session, Only),
    ("EXCHANGE", Verb::Alter, Only),
    ("EXEC", Verb::Run, Anywhere),
    ("EXECUTE", Verb::Run, Anywhere),
    ("EXPLAIN", Verb::Show, Only),
    ("EXPORT", Verb::Export, AtStart),
    ("FETCH", Verb::Read, Only),
    ("FLASHBACK", Verb::Alter, Only),
    ("FLUSH", Verb::Admin, Only),
    ("FROM", Verb::Read, Only),
    ("GET", Verb::Export, Only),
    ("GRANT", Verb::Grant, Anywhere),
    ("HANDLER", Verb::Read, Only),
    ("HELP", Verb::Show, Only),
    ("IMPORT", Verb::Import, AtStart),
    ("INSERT", Verb::Insert, Anywhere),
    ("INSTALL", Verb::Admin, Only),
    ("KILL", Verb::Admin, AtStart),
    ("LIST", Verb::Show, Only),
    ("LISTEN", Verb::Session, Only),
    ("LOAD", Verb::Import, AtStart),
    ("LOCK", Verb::Session, Only),
    ("LS", Verb::Show, Only),
    ("MERGE", Verb::Merge, Anywhere),
    ("MOVE", Verb::Session, Only),
    ("MSCK", Verb::Admin, Only),
    ("NOTIFY", Verb::Session, Only),
    ("OPEN", Verb::Session, Only),
    ("OPTIMIZE", Verb::Admin, Only),
    ("PERFORM", Verb::Read, Only),
    ("PIVOT", Verb::Read, Only),
    ("PRAGMA", Verb::Admin, Only),
    ("PREPARE", Verb::Prepare, Only),
    ("PURGE", Verb::Drop, Only),
    ("PUT", Verb::Import, Only),
    ("REASSIGN", Verb::Grant, Only),
    ("RECONFIGURE", Verb::Admin, AtStart),
    ("REFRESH", Verb::Admin, Only),
    ("REINDEX", Verb::Admin, Only),
    ("RELEASE", Verb::Session, Only),
    ("REMOVE", Verb::Drop, Only),
    ("RENAME", Verb::Alter, AtStart),
    ("REPAIR", Verb::Admin, Only),
    ("REPLACE", Verb::Insert, AtStart),
    ("RESET", Verb::Session, Only),
    ("RESTORE", Verb::Import, AtStart),
    ("REVOKE", Verb::Grant, Anywhere),
    ("ROLLBACK", Verb::Session, Only),
    ("SAVE", Verb::Session, Only),
    ("SAVEPOINT", Verb::Session, Only),
    ("SECURITY", Verb::Admin, Only),
    ("SELECT", Verb::Read, Anywhere),
    ("SET", Verb::Set, Only),
    ("SHOW", Verb::Show, Only),
    ("SHUTDOWN", Verb::Admin, AtStart),
    ("START", Verb::Session, Only),
    ("SUMMARIZE", Verb::Read, Only),
    ("SYSTEM", Verb::Admin, Only),
    ("TABLE", Verb::Read, Only),
    ("TRUNCATE", Verb::Truncate, Anywhere),
    ("UNCACHE", Verb::Admin, Only),
    ("UNDROP", Verb::Create, Only),
    ("UNLISTEN", Verb::Session, Only),
    ("UNLOAD", Verb::Export, AtStart),
    ("UNLOCK", Verb::Session, Only),
    ("UNPIVOT", Verb::Read, Only),
    ("UNSET", Verb::Session, Only),
    ("UPDATE", Verb::Update, Anywhere),
    ("UPSERT", Verb::Insert, AtStart),
    ("USE", Verb::Session, Only),
    ("VACUUM", Verb::Vacuum, Only),
    ("VALUES", Verb::Read, Only),
    ("WAITFOR", Verb::Session, AtStart),
    ("WITH", Verb::Read, Only),
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
const TABLES: [&str; 3] = ["DICTIONARY", "TABLE", "VIEW"];
const FUNCTIONS: [&str; 5] = ["FUNCTION", "MACRO", "PACKAGE", "PROCEDURE", "ROUTINE"];
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
