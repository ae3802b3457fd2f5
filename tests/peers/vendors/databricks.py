"""Databricks: the API that executes statements, as JSON."""

from databricks import sql

COLUMN = {"name": "n", "type_name": "LONG", "type_text": "BIGINT", "position": 0}
MANIFEST = {"format": "JSON_ARRAY", "schema": {"column_count": 1, "columns": [COLUMN]}}
MANIFEST |= {"total_row_count": 1, "total_chunk_count": 1, "truncated": False}
RESULT = {"chunk_index": 0, "row_offset": 0, "row_count": 1, "data_array": [["7"]]}


def answer(request):
    if request.path.startswith("/api/2.0/sql/sessions"):
        return 200, {"session_id": "s1"}
    done = {"statement_id": "st1", "status": {"state": "SUCCEEDED"}}
    return 200, {**done, "manifest": MANIFEST, "result": RESULT}


def calls(host, port):
    connection = sql.connect(
        server_hostname=f"http://{host}",
        _port=port,
        http_path="/sql/1.0/warehouses/w1",
        access_token="dapi-example",
        use_sea=True,
        enable_telemetry=False,
        use_cloud_fetch=False,
        _retry_stop_after_attempts_count=1,
        catalog="main",
        schema="shop",
    )

    def ask(text, parameters=None):
        def run():
            with connection.cursor() as cursor:
                cursor.execute(text, parameters)
                return [list(row) for row in cursor.fetchall()]

        return run

    yield "read", ask("SELECT count(*) AS n FROM orders WHERE id = 7")
    yield "read_with_parameters", ask("SELECT count(*) AS n FROM orders WHERE id = :id", {"id": 7})
    yield "delete_one", ask("DELETE FROM orders WHERE id = 7")
    yield "delete_all", ask("DELETE FROM orders")
    yield "drop", ask("DROP TABLE main.shop.orders")
    yield "truncate", ask("TRUNCATE TABLE orders")
    yield "thrift", lambda: thrift(host, port)
    yield "export", ask("INSERT OVERWRITE DIRECTORY 's3://elsewhere' SELECT * FROM customers")


def thrift(host, port):
    """What the client speaks where it is not told otherwise: a binary protocol."""
    return sql.connect(
        server_hostname=host,
        http_path="/sql/1.0/warehouses/w1",
        access_token="dapi-example",
        enable_telemetry=False,
        _connection_uri=f"http://{host}:{port}/sql/1.0/warehouses/w1",
        _retry_stop_after_attempts_count=1,
    ).close()
