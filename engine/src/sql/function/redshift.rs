//! Redshift: what it adds to the PostgreSQL it stems from.

use super::{ADMIN, READ, Table, UNKNOWN};

/// Sorted by name.
pub(super) const TABLE: Table = &[
    ("explain_model", UNKNOWN),
    ("lambda_invoke", UNKNOWN),
    ("pg_cancel_backend", ADMIN),
    ("pg_last_copy_id", READ),
    ("pg_terminate_session", ADMIN),
];
