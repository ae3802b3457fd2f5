//! Where a text has gone: what stands before names that do not say their schema.
//!
//! Conservative: where a text may have changed that in a way that can't be told, such names
//! stay as they are written, and say less than any pattern for a schema.

use sqlparser::ast::{ObjectName, Use};

use super::database::Database;
use super::dialect::Dialect;
use super::name;

/// Where names without a schema are looked for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) enum Place {
    /// Where the configuration says.
    #[default]
    Configured,
    /// Where the text has gone with `USE`.
    Chosen {
        catalog: Option<String>,
        schema: Option<String>,
    },
    /// Somewhere else.
    Unknown,
}

impl Place {
    /// The full name of a table that is written in so many parts.
    pub(super) fn full(&self, written: String, parts: usize, database: &Database) -> String {
        match self {
            Self::Configured => match database.resolve(&written) {
                Some((full, _)) => full.to_owned(),
                None => written,
            },
            Self::Chosen { catalog, schema } => {
                let before = match (parts, schema) {
                    (1, Some(schema)) => [catalog.as_deref(), Some(schema.as_str())],
                    (2, _) => [catalog.as_deref(), None],
                    _ => [None, None],
                };
                let before = before.into_iter().flatten();
                let parts: Vec<&str> = before.chain([written.as_str()]).collect();
                parts.join(".")
            }
            Self::Unknown => written,
        }
    }

    /// Where a text is after `USE`.
    pub(super) fn moved(&self, target: &Use, dialect: Dialect) -> Self {
        let catalog = match self {
            Self::Chosen { catalog, .. } => catalog.clone(),
            Self::Configured | Self::Unknown => None,
        };
        let only = |name: &ObjectName| name::joined(name, dialect);
        match target {
            Use::Catalog(name) => Self::Chosen {
                catalog: only(name),
                schema: None,
            },
            Use::Schema(name) | Use::Database(name) | Use::Object(name) => {
                match name::idents(name).as_slice() {
                    [database, schema] => Self::Chosen {
                        catalog: Some(name::fold(database, dialect)),
                        schema: Some(name::fold(schema, dialect)),
                    },
                    [_] if is_schema(target, dialect) => Self::Chosen {
                        catalog,
                        schema: only(name),
                    },
                    // Either may be meant.
                    [_] if dialect == Dialect::Duckdb => Self::Unknown,
                    // What the schema is in another database is a setting of the user.
                    [_] => Self::Chosen {
                        catalog: only(name),
                        schema: None,
                    },
                    _ => Self::Unknown,
                }
            }
            Use::Default => Self::Unknown,
            Use::Warehouse(_) | Use::Role(_) | Use::SecondaryRoles(_) => self.clone(),
        }
    }
}

/// Whether a setting of that name says where names without a schema are looked for.
pub(super) fn moves(setting: &str) -> bool {
    let setting = setting.to_lowercase();
    ["catalog", "schema", "search_path"]
        .iter()
        .any(|word| setting.contains(word))
}

/// Whether one name in `USE` is a schema, not a database that holds schemas.
const fn is_schema(target: &Use, dialect: Dialect) -> bool {
    let is_flat = matches!(
        dialect,
        Dialect::Mysql
            | Dialect::Mariadb
            | Dialect::Hive
            | Dialect::Spark
            | Dialect::Databricks
            | Dialect::Clickhouse
    );
    match target {
        Use::Schema(_) => true,
        Use::Database(_) => is_flat,
        Use::Object(_) => is_flat || matches!(dialect, Dialect::Trino),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use crate::sql::{Database, Dialect, Schema, SchemaTable, analyse_in};
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    fn shop(dialect: Dialect) -> Database {
        let schema = Schema {
            search_path: vec!["shop".to_owned()],
            tables: vec![SchemaTable {
                name: "shop.orders".to_owned(),
                columns: vec!["id".to_owned()],
                keys: Vec::new(),
            }],
        };
        schema.database(dialect, 300).unwrap()
    }

    fn expect(dialect: Dialect, text: &str, expected: &str) {
        let analysis = analyse_in(text, &shop(dialect)).unwrap();
        let resources = analysis.actions.iter().flat_map(|action| &action.resources);
        let told: Vec<_> = resources.map(|one| one.name.to_lowercase()).collect();
        assert_eq!(told.join(", "), expected, "{dialect:?}: {text}");
    }

    #[test]
    fn names_are_looked_for_where_the_text_has_gone() {
        let use_hr = "SELECT 1 FROM orders; USE hr; SELECT 1 FROM orders";
        expect(Dialect::Mysql, use_hr, "hr.orders, shop.orders");
        let path = "USE hr.pay; SELECT 1 FROM orders, x.t";
        expect(Dialect::Snowflake, path, "hr.pay.orders, hr.x.t");
        let catalog = "USE CATALOG c; USE SCHEMA s; SELECT 1 FROM orders";
        expect(Dialect::Databricks, catalog, "c.s.orders");
    }

    #[test]
    fn a_schema_that_can_not_be_told_is_left_open() {
        let use_hr = "USE hr; SELECT 1 FROM orders";
        expect(Dialect::Mssql, use_hr, "orders");
        for text in [
            "SET search_path = hr; SELECT 1 FROM orders",
            "BEGIN; SET LOCAL search_path TO hr; SELECT 1 FROM orders",
        ] {
            expect(Dialect::Postgres, text, "orders");
        }
    }

    #[test]
    fn statements_that_are_read_by_their_words_stand_in_the_same_place() {
        let odd = "SELECT 1 ~~> 2 FROM orders";
        expect(Dialect::Mysql, odd, "shop.orders");
        let after = format!("USE hr; {odd}");
        expect(Dialect::Mysql, &after, "hr.orders");
        let drop = "DROP ~~> TABLE orders; DELETE ~~> FROM orders";
        let analysis = analyse_in(drop, &shop(Dialect::Postgres)).unwrap();
        let mut resources = analysis.actions.iter().flat_map(|action| &action.resources);
        assert!(
            resources.any(|one| one.name == "shop.orders"),
            "{analysis:?}"
        );
    }

    #[test]
    fn statements_that_are_read_by_their_words_may_move_too() {
        for (dialect, text) in [
            (
                Dialect::Oracle,
                "ALTER SESSION SET CURRENT_SCHEMA = hr; SELECT 1 FROM orders",
            ),
            (
                Dialect::Snowflake,
                "ALTER SESSION SET SEARCH_PATH = 'hr'; SELECT 1 FROM orders",
            ),
            (
                Dialect::Postgres,
                "SET ~~> search_path = hr; SELECT 1 FROM orders",
            ),
            (Dialect::Mysql, "USE ~~> hr; SELECT 1 FROM orders"),
        ] {
            expect(dialect, text, "orders");
        }
    }

    #[test]
    fn a_text_in_a_string_may_run_before_or_after() {
        let text = "EXECUTE IMMEDIATE 'SELECT 1 FROM orders'; USE hr";
        expect(Dialect::Mysql, text, "orders");
    }
}
