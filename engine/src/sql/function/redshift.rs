//! Redshift: what it adds to the PostgreSQL it stems from.

use super::{ADMIN, READ, Table, UNKNOWN};

/// Sorted by name.
pub(super) const TABLE: Table = &[
    ("explain_model", UNKNOWN),
    ("pg_last_copy_id", READ),
    ("pg_terminate_session", ADMIN),
];
