"""libSQL: statements as JSON in batches over one stream, called a baton."""

import json
import os

import libsql

COLUMN = {"name": "n", "decltype": "INTEGER"}
ROWS = {"cols": [COLUMN], "rows": [[{"type": "integer", "value": "7"}]], "affected_row_count": 0}
ROWS |= {"last_insert_rowid": None, "replication_index": None, "rows_read": 1, "rows_written": 0}
ROWS |= {"query_duration_ms": 0.1}


def answer(request):
    asked = json.loads(request.body or b"{}")
    if request.path.endswith("/cursor"):
        return 200, cursor()
    results = [{"type": "ok", "response": response(one)} for one in asked.get("requests", [])]
    return 200, {"baton": "b1", "base_url": None, "results": results}


def response(request):
    kind = request["type"]
    if kind == "execute":
        return {"type": kind, "result": ROWS}
    if kind == "batch":
        steps = [ROWS for _ in request["batch"]["steps"]]
        return {"type": kind, "result": {"step_results": steps, "step_errors": [None] * len(steps)}}
    if kind == "get_autocommit":
        return {"type": kind, "is_autocommit": True}
    if kind == "describe":
        return {"type": kind, "result": {"params": [], "cols": [COLUMN], "is_explain": False, "is_readonly": True}}
    return {"type": kind}


def cursor():
    lines = [
        {"baton": "b1", "base_url": None},
        {"type": "step_begin", "step": 0, "cols": [COLUMN]},
        {"type": "row", "row": ROWS["rows"][0]},
        {"type": "step_end", "affected_row_count": 0, "last_insert_rowid": None},
    ]
    return "".join(json.dumps(line) + "\n" for line in lines).encode()


def calls(host, port):
    connection = libsql.connect(f"http://{host}:{port}", auth_token=os.environ.get("TOKEN", "t"), isolation_level=None)

    def ask(text, parameters=()):
        return lambda: [list(row) for row in connection.execute(text, parameters).fetchall()]

    yield "read", ask("SELECT count(*) AS n FROM orders WHERE id = 7")
    yield "read_with_parameters", ask("SELECT count(*) AS n FROM orders WHERE id = ?", (7,))
    yield "delete_one", ask("DELETE FROM orders WHERE id = 7")
    yield "delete_all", ask("DELETE FROM orders")
    yield "script", lambda: connection.executescript("SELECT 1; DROP TABLE orders;")
    yield "drop", ask("DROP TABLE orders")
