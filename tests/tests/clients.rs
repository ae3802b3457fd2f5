//! The vendors' own clients through a real Envoy, against services that answer as the vendors'
//! would: reads come back, and what a rule refuses ends in an error of the client's own kind, says
//! why, and never reaches the service.

use lictor_tests::peer::Peer;
use lictor_tests::peer::story::{
    Expected, assert_story, gets, guarded, passes, refused, refused_silently,
};
use serde_json::{Value, json};

const BULK: &str = "no-bulk-changes";
const DROP: &str = "no-drops";
const EXPORT: &str = "no-exports";
const ADMIN: &str = "no-administration";
const UNKNOWN: &str = "sql.prepared_unknown";

fn assert_guarded(client: &str, api: &str, kind: &str, story: &[Expected]) {
    let mut peer = Peer::start(client, &guarded(&format!("use: {api}")));
    assert_story(&mut peer, kind, story);
}

/// One row with one number, as most services here answer.
fn seven() -> Value {
    json!([[7]])
}

#[test]
fn trino() {
    let story = [
        gets("read", seven(), "read limited table:orders"),
        gets(
            "read_with_parameters",
            seven(),
            "read filtered table:orders",
        ),
        passes("delete_one", "delete filtered table:orders"),
        refused("delete_all", BULK, "delete all table:orders"),
        refused(
            "delete_all_with_parameters",
            BULK,
            "delete all table:orders",
        ),
        refused("delete_all_prepared", BULK, "delete unknown table:orders"),
        refused("drop", DROP, "drop all table:hive.shop.orders"),
        refused("truncate", DROP, "truncate all table:orders"),
        passes("export", "create none table:other.public.copy"),
    ];
    assert_guarded("trino", "trino", "trino.exceptions.TrinoUserError", &story);
}

#[test]
fn clickhouse() {
    let story = [
        gets("read", seven(), "read limited table:orders"),
        gets("read_with_parameters", seven(), "read limited table:orders"),
        gets("read_with_settings", seven(), "read limited table:orders"),
        refused("insert_packed", "content.encoded", "content.encoded"),
        passes("insert", "insert limited table:orders"),
        passes("delete_one", "delete filtered table:orders"),
        refused("delete_all", BULK, "delete all table:orders"),
        refused("truncate", DROP, "truncate all table:shop.orders"),
        refused("drop", DROP, "drop all table:shop.orders"),
        passes("export", "read all table:customers"),
        refused(
            "export_to_storage",
            EXPORT,
            "export all function:s3, location:url",
        ),
    ];
    let kind = "clickhouse_connect.driver.exceptions.DatabaseError";
    assert_guarded("clickhouse", "clickhouse", kind, &story);
}

#[test]
fn elasticsearch() {
    let story = [
        passes("read", "read filtered table:orders"),
        passes("read_by_sql", "read limited table:orders"),
        passes("read_by_esql", "read all table:orders"),
        passes("insert", "insert key table:orders"),
        passes("delete_one", "delete key table:orders"),
        passes("delete_some", "delete filtered table:orders"),
        refused("delete_all", BULK, "delete all table:orders"),
        refused("update_all", BULK, "update all table:orders"),
        passes("bulk", "delete key table:orders"),
        refused("drop", DROP, "drop all table:orders"),
        refused("drop_many", DROP, "drop unknown"),
        refused("close", ADMIN, "admin all table:orders"),
        refused("remove_by_alias", DROP, "drop all table:orders"),
        refused("settings", ADMIN, "admin all object:cluster settings"),
        refused(
            "export",
            EXPORT,
            "export all table:customers, location:scroll",
        ),
        passes("export_on", "read key object:scroll on"),
        passes("export_elsewhere", "insert all table:copy"),
    ];
    let kind = "elasticsearch.AuthorizationException";
    assert_guarded("elastic", "elasticsearch", kind, &story);
}

#[test]
fn opensearch() {
    let story = [
        passes("read", "read filtered table:orders"),
        passes("read_by_sql", "read limited table:orders"),
        passes("read_by_ppl", "read all table:orders"),
        passes("delete_one", "delete key table:orders"),
        passes("delete_some", "delete filtered table:orders"),
        refused("delete_all", BULK, "delete all table:orders"),
        refused("delete_by_sql", BULK, "delete all table:orders"),
        passes("bulk", "delete key table:orders"),
        refused("drop", DROP, "drop all table:orders"),
        refused(
            "export",
            EXPORT,
            "export all table:customers, location:scroll",
        ),
    ];
    let kind = "opensearchpy.exceptions.AuthorizationException";
    assert_guarded("opensearch", "opensearch", kind, &story);
}

#[test]
fn dynamodb() {
    let items = json!({"Items": [{"n": {"N": "7"}}]});
    let story = [
        gets("read", items, "read filtered table:orders"),
        passes("get", "read key table:orders"),
        passes("query", "read filtered table:orders"),
        passes("scan", "read all table:orders"),
        passes("put", "insert key table:orders"),
        passes("delete_one", "delete key table:orders"),
        passes("delete_by_statement", "delete filtered table:orders"),
        passes("delete_batch_by_statement", "delete filtered table:orders"),
        passes(
            "delete_transaction_by_statement",
            "delete filtered table:orders",
        ),
        passes("delete_batch", "delete filtered table:orders"),
        passes("delete_transaction", "delete key table:orders"),
        refused("unprotect", DROP, "alter all table:orders"),
        refused("drop", DROP, "drop all table:orders"),
        refused(
            "export",
            EXPORT,
            "export all table:customers, location:s3://elsewhere",
        ),
    ];
    assert_guarded("dynamodb", "dynamodb", "botocore.", &story);
}

#[test]
fn athena() {
    let story = [
        passes("read", "read filtered table:orders"),
        refused(
            "read_to_elsewhere",
            EXPORT,
            "export all location:s3://elsewhere/results/",
        ),
        refused("drop", DROP, "drop all table:orders"),
        refused("store_delete_all", BULK, "delete all table:orders"),
        refused("run_stored", UNKNOWN, UNKNOWN),
        passes("results", "read key object:results"),
    ];
    assert_guarded("athena", "athena", "botocore.", &story);
}

#[test]
fn redshift_data() {
    let story = [
        passes("read", "read filtered table:orders"),
        refused("drop", DROP, "drop all table:orders"),
        refused("delete_all", BULK, "delete all table:orders"),
        refused("export", EXPORT, "export unknown location:url"),
    ];
    assert_guarded("redshift_data", "redshift-data", "botocore.", &story);
}

#[test]
fn rds_data() {
    let story = [
        passes("read", "read none"),
        passes("delete_one", "delete filtered table:orders"),
        refused("delete_all", BULK, "delete all table:orders"),
        refused("drop", DROP, "drop all table:orders"),
    ];
    assert_guarded("rds_data", "rds-data", "botocore.", &story);
}

#[test]
fn snowflake() {
    let story = [
        gets("read", seven(), "read limited table:ORDERS"),
        gets("read_with_parameters", seven(), "read limited table:ORDERS"),
        passes("delete_one", "delete filtered table:ORDERS"),
        refused("delete_all", BULK, "delete all table:ORDERS"),
        refused("several", DROP, "drop all table:ORDERS"),
        refused("drop", DROP, "drop all table:SHOP.PUBLIC.ORDERS"),
        refused("truncate", DROP, "truncate all table:ORDERS"),
        refused("export", EXPORT, "export all location:stage"),
        passes("bind", "delete filtered table:ORDERS"),
        passes("close", "session none object:login"),
    ];
    let kind = "snowflake.connector.errors.ProgrammingError";
    assert_guarded("snowflake", "snowflake", kind, &story);
}

#[test]
fn bigquery() {
    let story = [
        gets("read", seven(), "read limited table:shop.orders"),
        gets(
            "read_with_parameters",
            seven(),
            "read limited table:shop.orders",
        ),
        passes("read_as_job", "read limited table:shop.orders"),
        passes("delete_one", "delete filtered table:shop.orders"),
        refused("delete_all", BULK, "delete all table:shop.orders"),
        refused("script", DROP, "drop all table:shop.orders"),
        refused("drop", DROP, "drop all table:shop.orders"),
        refused("overwrite", DROP, "truncate all table:acme.shop.orders"),
        refused("drop_table", DROP, "drop all table:acme.shop.orders"),
        refused("drop_dataset", DROP, "drop all object:acme.shop"),
        refused(
            "export",
            EXPORT,
            "export all table:acme.shop.orders, location:gs://elsewhere/orders.csv",
        ),
        passes("copy", "insert all table:acme.shop.copy"),
        passes(
            "load",
            "import unknown table:acme.shop.orders, location:gs://elsewhere/orders.csv",
        ),
        passes("insert", "insert key table:acme.shop.orders"),
        gets("list", seven(), "read all table:acme.shop.orders"),
    ];
    let kind = "google.api_core.exceptions.Forbidden";
    assert_guarded("bigquery", "bigquery", kind, &story);
}

/// Its client closes each statement that went through with another call.
#[test]
fn databricks() {
    let story = [
        gets("read", seven(), "read limited table:orders"),
        gets("read_with_parameters", seven(), "read limited table:orders"),
        passes("delete_one", "delete filtered table:orders"),
        refused("delete_all", BULK, "delete all table:orders"),
        refused("drop", DROP, "drop all table:main.shop.orders"),
        refused("truncate", DROP, "truncate all table:orders"),
        refused_silently("thrift", "api.operation_refused", "api.operation_refused"),
        refused("export", EXPORT, "export all location:directory"),
    ];
    assert_guarded("databricks", "databricks", "databricks.sql.exc.", &story);
}

/// Its client takes no notice of what became of a script.
#[test]
fn libsql() {
    let story = [
        gets("read", seven(), "read limited table:orders"),
        gets("read_with_parameters", seven(), "read limited table:orders"),
        passes("delete_one", "delete filtered table:orders"),
        refused("delete_all", BULK, "delete all table:orders"),
        refused_silently("script", DROP, "drop all table:orders"),
        refused("drop", DROP, "drop all table:orders"),
    ];
    assert_guarded("libsql", "libsql", "builtins.ValueError", &story);
}

#[test]
fn influxdb() {
    let story = [
        gets("read", json!([7]), "read filtered table:shop"),
        refused("export", "action.unknown", "action.unknown"),
        passes("delete_some", "delete filtered table:shop"),
        refused("delete_all", BULK, "delete all table:shop"),
        passes("write", "insert unknown table:shop"),
        refused("drop", DROP, "drop all object:0123456789abcdef"),
    ];
    assert_guarded(
        "influxdb",
        "influxdb",
        "influxdb_client.rest.ApiException",
        &story,
    );
}
