//! The definitions that are built in, by name: the files of `engine/apis/`.

use std::borrow::Cow;

use crate::embedded;

/// The name of every definition.
const NAMES: [&str; 28] = [
    "athena",
    "bigquery",
    "clickhouse",
    "cloudsql",
    "cosmosdb",
    "d1",
    "databricks",
    "datasette",
    "druid",
    "dynamodb",
    "elasticsearch",
    "grafana",
    "hasura",
    "influxdb",
    "libsql",
    "metabase",
    "neon",
    "opensearch",
    "pinot",
    "postgrest",
    "presto",
    "rds-data",
    "redshift-data",
    "rqlite",
    "snowflake",
    "supabase",
    "superset",
    "trino",
];

/// The names of all definitions, in the order of the alphabet.
pub fn names() -> impl Iterator<Item = &'static str> + Clone {
    NAMES.into_iter()
}

/// The text of a definition.
#[must_use]
pub fn definition(name: &str) -> Option<Cow<'static, str>> {
    let text = embedded::text(&format!("engine/apis/{name}.yaml"));
    text.map(Cow::Owned)
}

#[cfg(test)]
mod tests {
    use super::{definition, names};
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    #[test]
    fn every_name_has_its_definition() {
        for name in names() {
            assert!(
                definition(name).is_some_and(|text| !text.is_empty()),
                "{name}"
            );
        }
        assert!(names().is_sorted());
        assert_eq!(definition("nobody"), None);
        assert_eq!(definition("../../policies/pii"), None);
    }
}
