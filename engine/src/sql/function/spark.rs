//! Spark, Databricks and Hive: files, JVM reflection, remote queries, models.

use super::{EXPORT, IMPORT, READ, Table, UNKNOWN};

/// Sorted by name.
pub(super) const TABLE: Table = &[
    ("ai_analyze_sentiment", EXPORT),
    ("ai_classify", EXPORT),
    ("ai_extract", EXPORT),
    ("ai_fix_grammar", EXPORT),
    ("ai_gen", EXPORT),
    ("ai_mask", EXPORT),
    ("ai_parse_document", EXPORT),
    ("ai_query", UNKNOWN),
    ("ai_similarity", EXPORT),
    ("ai_summarize", EXPORT),
    ("ai_translate", EXPORT),
    ("cloud_files", IMPORT),
    ("cloud_files_state", IMPORT),
    ("http_request", UNKNOWN),
    ("in_file", IMPORT),
    ("java_method", UNKNOWN),
    ("list_secrets", READ),
    ("read_files", IMPORT),
    ("read_kafka", IMPORT),
    ("read_kinesis", IMPORT),
    ("read_pubsub", IMPORT),
    ("read_pulsar", IMPORT),
    ("read_statestore", IMPORT),
    ("reflect", UNKNOWN),
    ("remote_query", UNKNOWN),
    ("secret", READ),
    ("table_changes", READ),
    ("try_reflect", UNKNOWN),
    ("try_secret", READ),
];
