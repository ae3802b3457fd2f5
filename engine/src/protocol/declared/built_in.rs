//! The definitions that are built in, by name: the files of `engine/apis/`.

use std::borrow::Cow;

/// Every definition by name.
const TABLE: [(&str, &str); 28] = [
    ("athena", include_str!("../../../apis/athena.yaml")),
    ("bigquery", include_str!("../../../apis/bigquery.yaml")),
    ("clickhouse", include_str!("../../../apis/clickhouse.yaml")),
    ("cloudsql", include_str!("../../../apis/cloudsql.yaml")),
    ("cosmosdb", include_str!("../../../apis/cosmosdb.yaml")),
    ("d1", include_str!("../../../apis/d1.yaml")),
    ("databricks", include_str!("../../../apis/databricks.yaml")),
    ("datasette", include_str!("../../../apis/datasette.yaml")),
    ("druid", include_str!("../../../apis/druid.yaml")),
    ("dynamodb", include_str!("../../../apis/dynamodb.yaml")),
    (
        "elasticsearch",
        include_str!("../../../apis/elasticsearch.yaml"),
    ),
    ("grafana", include_str!("../../../apis/grafana.yaml")),
    ("hasura", include_str!("../../../apis/hasura.yaml")),
    ("influxdb", include_str!("../../../apis/influxdb.yaml")),
    ("libsql", include_str!("../../../apis/libsql.yaml")),
    ("metabase", include_str!("../../../apis/metabase.yaml")),
    ("neon", include_str!("../../../apis/neon.yaml")),
    ("opensearch", include_str!("../../../apis/opensearch.yaml")),
    ("pinot", include_str!("../../../apis/pinot.yaml")),
    ("postgrest", include_str!("../../../apis/postgrest.yaml")),
    ("presto", include_str!("../../../apis/presto.yaml")),
    ("rds-data", include_str!("../../../apis/rds-data.yaml")),
    (
        "redshift-data",
        include_str!("../../../apis/redshift-data.yaml"),
    ),
    ("rqlite", include_str!("../../../apis/rqlite.yaml")),
    ("snowflake", include_str!("../../../apis/snowflake.yaml")),
    ("supabase", include_str!("../../../apis/supabase.yaml")),
    ("superset", include_str!("../../../apis/superset.yaml")),
    ("trino", include_str!("../../../apis/trino.yaml")),
];

/// The names of all definitions, in the order of the alphabet.
pub fn names() -> impl Iterator<Item = &'static str> + Clone {
    TABLE.iter().map(|(name, _)| *name)
}

/// The text of a definition.
#[must_use]
pub fn definition(name: &str) -> Option<Cow<'static, str>> {
    let mut known = TABLE.iter();
    let (_, text) = known.find(|(known, _)| *known == name)?;
    Some(Cow::Borrowed(*text))
}
