"""BigQuery: jobs, queries, and tables as things of their own."""

from google.api_core.client_options import ClientOptions
from google.auth.credentials import AnonymousCredentials
from google.cloud import bigquery

SCHEMA = {"fields": [{"name": "n", "type": "INTEGER", "mode": "NULLABLE"}]}
RESULT = {"schema": SCHEMA, "rows": [{"f": [{"v": "7"}]}], "totalRows": "1", "jobComplete": True}
JOB = {"projectId": "acme", "jobId": "j1", "location": "EU"}


def answer(request):
    if request.method == "DELETE":
        return 204, b""
    if request.path.endswith("/queries") or "/queries/" in request.path:
        return 200, {"kind": "bigquery#queryResponse", "jobReference": JOB, **RESULT}
    if request.path.endswith("/jobs") or "/jobs/" in request.path:
        job = {"kind": "bigquery#job", "jobReference": JOB, "status": {"state": "DONE"}}
        table = {"projectId": "acme", "datasetId": "hidden", "tableId": "t1"}
        settings = {"query": {"query": "SELECT 1", "destinationTable": table}}
        return 200, {**job, "configuration": settings, "statistics": {"query": {"statementType": "SELECT"}}}
    if request.path.endswith("/insertAll"):
        return 200, {"kind": "bigquery#tableDataInsertAllResponse"}
    name = {"projectId": "acme", "datasetId": "shop", "tableId": "orders"}
    return 200, {"kind": "bigquery#table", "schema": SCHEMA, "tableReference": name, **RESULT}


def calls(host, port):
    client = bigquery.Client(
        project="acme",
        credentials=AnonymousCredentials(),
        client_options=ClientOptions(api_endpoint=f"http://{host}:{port}"),
    )
    orders = "acme.shop.orders"

    def ask(text, **settings):
        def run():
            job = bigquery.QueryJobConfig(**settings) if settings else None
            rows = client.query_and_wait(text, job_config=job, retry=None, job_retry=None)
            return [list(row.values()) for row in rows]

        return run

    def job(text, **settings):
        def run():
            settings_of_job = bigquery.QueryJobConfig(**settings)
            made = client.query(text, settings_of_job, job_id="j1", retry=None, job_retry=None)
            return made.job_id

        return run

    number = [bigquery.ScalarQueryParameter("id", "INT64", 7)]
    yield "read", ask("SELECT count(*) AS n FROM shop.orders WHERE id = 7")
    yield "read_with_parameters", ask(
        "SELECT count(*) FROM shop.orders WHERE id = @id", query_parameters=number
    )
    yield "read_as_job", job("SELECT count(*) AS n FROM shop.orders")
    yield "delete_one", ask("DELETE FROM shop.orders WHERE id = 7")
    yield "delete_all", ask("DELETE FROM shop.orders WHERE true")
    yield "script", ask("SELECT 1; DROP TABLE shop.orders")
    yield "drop", ask("DROP TABLE shop.orders")
    yield "overwrite", job(
        "SELECT 1 AS n", destination=orders, write_disposition="WRITE_TRUNCATE"
    )
    yield "drop_table", lambda: client.delete_table(orders, retry=None)
    yield "drop_dataset", lambda: client.delete_dataset(
        "acme.shop", delete_contents=True, retry=None
    )
    yield "export", lambda: client.extract_table(
        orders, "gs://elsewhere/orders.csv", job_id="j1", retry=None
    ).job_id
    yield "copy", lambda: client.copy_table(
        orders, "acme.shop.copy", job_id="j1", retry=None
    ).job_id
    yield "load", lambda: client.load_table_from_uri(
        "gs://elsewhere/orders.csv", orders, job_id="j1", retry=None
    ).job_id
    yield "insert", lambda: client.insert_rows_json(orders, [{"n": 7}], row_ids=["r1"], retry=None)
    yield "list", lambda: [list(row.values()) for row in client.list_rows(orders, retry=None)]
