//! A setting to what giving it a value does: to the session alone, to its guards, to its rights.
//!
//! Guarantees that a setting that takes a guard away is told unless its value keeps the guard.
//! What is not named here is the session's own affair.

use super::dialect::Dialect;
use crate::action::Effect;

/// The values that leave a guard where it is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Keeps {
    On,
    Off,
    Nothing,
}

use Keeps::{Nothing, Off, On};

type Guards = &'static [(&'static str, Keeps)];

/// What a SET does. `value` is what is given, where that can be told.
pub(super) fn effect(name: &str, value: Option<&str>, dialect: Dialect) -> Effect {
    let name = name.trim().to_ascii_lowercase();
    // A variable of one's own.
    if name.starts_with('@') && !name.starts_with("@@") {
        return Effect::Session;
    }
    let name = name.trim_start_matches('@');
    let name = ["session.", "local."]
        .iter()
        .find_map(|scope| name.strip_prefix(scope))
        .unwrap_or(name);
    match name.split('.').next() {
        Some("global" | "persist" | "persist_only") => return Effect::Admin,
        Some("password" | "role" | "session_authorization") => return Effect::Grant,
        _ => {}
    }
    if is_left(RIGHTS, name, value) {
        return Effect::Grant;
    }
    if guards(dialect)
        .iter()
        .any(|guards| is_left(guards, name, value))
        || is_of_family(name, dialect)
    {
        return Effect::Admin;
    }
    Effect::Session
}

/// Whether one of the guards is left by giving it that value.
fn is_left(guards: Guards, name: &str, value: Option<&str>) -> bool {
    guards
        .iter()
        .any(|(guard, keeps)| *guard == name && !value.is_some_and(|value| is_kept(*keeps, value)))
}

fn is_kept(keeps: Keeps, value: &str) -> bool {
    let is = |values: &[&str]| values.iter().any(|known| known.eq_ignore_ascii_case(value));
    match keeps {
        _ if is(&["default"]) => true,
        On => is(&["1", "2", "on", "true", "yes", "origin", "local"]),
        Off => is(&["0", "off", "false", "no"]),
        Nothing => false,
    }
}

/// Settings that decide whose rights count, or whether any do.
const RIGHTS: Guards = &[
    ("container", Nothing),
    ("lo_compat_privileges", Off),
    ("row_security", On),
];

const POSTGRES: Guards = &[
    ("allow_system_table_mods", Off),
    ("default_transaction_read_only", On),
    ("dynamic_library_path", Nothing),
    ("ignore_checksum_failure", Off),
    ("ignore_system_indexes", Off),
    ("local_preload_libraries", Nothing),
    ("session_preload_libraries", Nothing),
    ("session_replication_role", On),
    ("track_activities", On),
    ("transaction_read_only", On),
    ("zero_damaged_pages", Off),
];

const MYSQL: Guards = &[
    ("binlog_format", Nothing),
    ("check_constraint_checks", On),
    ("foreign_key_checks", On),
    ("gtid_next", Nothing),
    ("pseudo_replica_mode", Nothing),
    ("pseudo_slave_mode", Nothing),
    ("pseudo_thread_id", Nothing),
    ("require_row_format", On),
    ("sql_log_bin", On),
    ("sql_log_off", Off),
    ("sql_require_primary_key", On),
    ("sql_safe_updates", On),
    ("transaction_read_only", On),
    ("tx_read_only", On),
    ("unique_checks", On),
    ("wsrep_on", On),
];

const CLICKHOUSE: Guards = &[
    ("allow_ddl", Off),
    ("allow_introspection_functions", Off),
    ("check_referential_table_dependencies", On),
    ("check_table_dependencies", On),
    ("log_queries", On),
    ("log_queries_probability", Nothing),
    ("max_partition_size_to_drop", Nothing),
    ("max_table_size_to_drop", Nothing),
    ("readonly", On),
];

const DUCKDB: Guards = &[
    ("access_mode", Nothing),
    ("allow_community_extensions", Off),
    ("allow_persistent_secrets", Off),
    ("allow_unredacted_secrets", Off),
    ("allow_unsigned_extensions", Off),
    ("allowed_directories", Nothing),
    ("allowed_paths", Nothing),
    ("autoinstall_extension_repository", Nothing),
    ("autoinstall_known_extensions", Off),
    ("autoload_known_extensions", Off),
    ("ca_cert_file", Nothing),
    ("custom_extension_repository", Nothing),
    ("disabled_filesystems", Nothing),
    ("enable_external_access", Off),
    ("extension_directory", Nothing),
    ("http_proxy", Nothing),
    ("log_query_path", Nothing),
    ("profile_output", Nothing),
    ("profiling_output", Nothing),
    ("s3_endpoint", Nothing),
    ("secret_directory", Nothing),
    ("temp_directory", Nothing),
];

const ORACLE: Guards = &[("events", Nothing), ("sql_trace", Nothing)];

fn guards(dialect: Dialect) -> &'static [Guards] {
    match dialect {
        Dialect::Generic | Dialect::Ansi => &[POSTGRES, MYSQL, CLICKHOUSE, DUCKDB, ORACLE],
        Dialect::Postgres | Dialect::Redshift => &[POSTGRES],
        Dialect::Mysql | Dialect::Mariadb => &[MYSQL],
        Dialect::Clickhouse => &[CLICKHOUSE],
        Dialect::Duckdb => &[DUCKDB],
        Dialect::Oracle => &[ORACLE],
        Dialect::Sqlite
        | Dialect::Mssql
        | Dialect::Snowflake
        | Dialect::Bigquery
        | Dialect::Databricks
        | Dialect::Spark
        | Dialect::Hive
        | Dialect::Trino => &[],
    }
}

/// Settings that come in families: of a log that others look into, of who may do what.
fn is_of_family(name: &str, dialect: Dialect) -> bool {
    match dialect {
        Dialect::Postgres | Dialect::Redshift => ["log_", "pgaudit.", "pg_stat_statements."]
            .iter()
            .any(|family| name.starts_with(family)),
        Dialect::Hive | Dialect::Spark | Dialect::Databricks => [
            ".acl",
            ".authorization",
            ".hooks",
            ".mapred.mode",
            ".security",
            ".strict",
        ]
        .iter()
        .any(|family| name.contains(family)),
        // Without a promise that they do no harm.
        Dialect::Oracle => name.starts_with('_'),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::{Dialect, Effect, effect};
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    #[test]
    fn a_guard_stays_by_the_values_that_keep_it() {
        let told = |name, value| effect(name, Some(value), Dialect::Postgres);
        assert_eq!(told("row_security", "off"), Effect::Grant);
        assert_eq!(told("row_security", "ON"), Effect::Session);
        assert_eq!(told("Session_Replication_Role", "replica"), Effect::Admin);
        assert_eq!(told("session_replication_role", "origin"), Effect::Session);
        assert_eq!(told("zero_damaged_pages", "on"), Effect::Admin);
        assert_eq!(told("log_statement", "none"), Effect::Admin);
        assert_eq!(
            effect("row_security", None, Dialect::Postgres),
            Effect::Grant
        );
    }

    #[test]
    fn a_setting_is_found_in_every_scope() {
        for name in [
            "sql_log_bin",
            "@@sql_log_bin",
            "@@SESSION.sql_log_bin",
            "@@local.sql_log_bin",
        ] {
            assert_eq!(
                effect(name, Some("0"), Dialect::Mysql),
                Effect::Admin,
                "{name}"
            );
        }
        assert_eq!(
            effect("@sql_log_bin", Some("0"), Dialect::Mysql),
            Effect::Session
        );
        assert_eq!(
            effect("@@global.port", Some("1"), Dialect::Mysql),
            Effect::Admin
        );
    }

    #[test]
    fn other_settings_are_the_sessions_own() {
        for name in [
            "work_mem",
            "search_path",
            "statement_timeout",
            "application_name",
            "log",
        ] {
            assert_eq!(
                effect(name, Some("off"), Dialect::Postgres),
                Effect::Session,
                "{name}"
            );
        }
    }
}
