//! BigQuery: queries to other databases, remote models, jobs.

use super::{ADMIN, EXPORT, RUNS_ELSEWHERE, Table, UNKNOWN};

/// Sorted by name.
pub(super) const TABLE: Table = &[
    ("abort_session", ADMIN),
    ("external_object_transform", UNKNOWN),
    ("external_query", RUNS_ELSEWHERE),
    ("ml", EXPORT),
];
