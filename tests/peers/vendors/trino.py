"""Trino: a statement as raw text, rows from the address that the first answer names."""

import trino

COLUMN = {"name": "n", "type": "bigint", "typeSignature": {"rawType": "bigint", "arguments": []}}


def answer(request):
    if request.method == "DELETE":
        return 204, b""
    done = {"id": "q1", "infoUri": "http://localhost/q1", "stats": {"state": "FINISHED"}}
    if request.method == "POST" and request.body.startswith(b"PREPARE"):
        return 200, done, {"x-trino-added-prepare": "st_1=SELECT"}
    if request.method == "POST":
        address = f"http://{request.headers['host']}/v1/statement/queued/q1/y1/1"
        return 200, {**done, "stats": {"state": "QUEUED"}, "nextUri": address}
    return 200, {**done, "columns": [COLUMN], "data": [[7]]}


def calls(host, port):
    def connect(**more):
        own = {"user": "ana", "catalog": "hive", "schema": "shop", "max_attempts": 1}
        return trino.dbapi.connect(host=host, port=port, **own, **more)

    today = connect()
    # Names a prepared statement in a header field and runs it by name in the body.
    before = connect(legacy_prepared_statements=True)

    def ask(text, parameters=None, connection=today):
        def run():
            cursor = connection.cursor()
            cursor.execute(text, parameters)
            return cursor.fetchall()

        return run

    yield "read", ask("SELECT count(*) FROM orders WHERE id = 7")
    yield "read_with_parameters", ask("SELECT item FROM orders WHERE id = ?", (7,))
    yield "delete_one", ask("DELETE FROM orders WHERE id = 7")
    yield "delete_all", ask("DELETE FROM orders")
    yield "delete_all_with_parameters", ask("DELETE FROM orders WHERE 1 = ? OR true", (1,))
    yield "delete_all_prepared", ask("DELETE FROM orders WHERE 1 = ? OR true", (1,), before)
    yield "drop", ask("DROP TABLE hive.shop.orders")
    yield "truncate", ask("TRUNCATE TABLE orders")
    yield "export", ask("CREATE TABLE other.public.copy AS SELECT * FROM customers")
