//! MySQL and MariaDB: files, locks, well-known user-defined functions that run commands.

use super::{ADMIN, IMPORT, SESSION, Table, UNKNOWN, UPDATE};

/// Sorted by name.
pub(super) const TABLE: Table = &[
    ("asynchronous_connection_failover_add_source", ADMIN),
    ("benchmark", SESSION),
    ("get_lock", SESSION),
    ("group_replication_set_as_primary", ADMIN),
    ("group_replication_set_write_concurrency", ADMIN),
    ("group_replication_switch_to_multi_primary_mode", ADMIN),
    ("group_replication_switch_to_single_primary_mode", ADMIN),
    ("http_delete", UNKNOWN),
    ("http_get", UNKNOWN),
    ("http_post", UNKNOWN),
    ("http_put", UNKNOWN),
    ("keyring_key_fetch", ADMIN),
    ("keyring_key_generate", ADMIN),
    ("keyring_key_remove", ADMIN),
    ("keyring_key_store", ADMIN),
    ("lib_mysqludf_sys_info", UNKNOWN),
    ("load_file", IMPORT),
    ("master_pos_wait", ADMIN),
    ("nextval", UPDATE),
    ("release_all_locks", SESSION),
    ("release_lock", SESSION),
    ("service_get_write_locks", ADMIN),
    ("setval", UPDATE),
    ("sleep", SESSION),
    ("source_pos_wait", ADMIN),
    ("sys_eval", UNKNOWN),
    ("sys_exec", UNKNOWN),
    ("sys_get", UNKNOWN),
    ("sys_set", UNKNOWN),
    ("version_tokens_delete", ADMIN),
    ("version_tokens_set", ADMIN),
];
