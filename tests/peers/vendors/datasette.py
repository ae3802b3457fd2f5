"""Datasette itself, over the database that is the record, and plain HTTP as its users send it."""

import json
import socket
import sqlite3
import urllib.parse
import urllib.request

import datasette.app
import uvicorn

START = """
CREATE TABLE orders (id INTEGER PRIMARY KEY, item TEXT);
INSERT INTO orders VALUES (1, 'lamp'), (7, 'desk'), (8, 'chair');
"""
# What its operator allows to everybody.
ALLOWED = ["execute-sql", "execute-write-sql", "insert-row", "update-row", "delete-row", "drop-table", "alter-table"]


def serve(record):
    database = sqlite3.connect(record)
    database.executescript(START)
    database.close()
    permissions = {"permissions": {name: True for name in ALLOWED}}
    service = datasette.app.Datasette([record], config=permissions)
    listener = socket.create_server(("127.0.0.1", 0))
    print(listener.getsockname()[1], flush=True)
    uvicorn.Server(uvicorn.Config(service.app(), log_level="error")).run(sockets=[listener])


def calls(host, port):
    def ask(path, body=None, **query):
        def run():
            address = f"http://{host}:{port}/shop{path}"
            address += "?" + urllib.parse.urlencode(query) if query else ""
            data = json.dumps(body).encode() if body is not None else None
            head = {"content-type": "application/json"} if data else {}
            request = urllib.request.Request(address, data, head)
            try:
                with urllib.request.urlopen(request) as answer:
                    return json.load(answer)
            except urllib.error.HTTPError as error:
                raise RuntimeError(f"{error.code} {error.read().decode()}") from None

        return run

    yield "read", ask("/-/query.json", sql="SELECT id, item FROM orders WHERE id = 7", _shape="arrays")
    yield "read_table", ask("/orders.json", _shape="arrays")
    yield "insert", ask("/orders/-/insert", {"rows": [{"id": 9, "item": "bed"}]})
    yield "write_sql", ask("/-/execute-write", {"sql": "UPDATE orders SET item = 'sofa' WHERE id = 9"})
    yield "delete_one", ask("/orders/1/-/delete", {})
    yield "delete_all", ask("/-/execute-write", {"sql": "DELETE FROM orders"})
    yield "drop_by_sql", ask("/-/execute-write", {"sql": "DROP TABLE orders"})
    yield "drop", ask("/orders/-/drop", {"confirm": True})
    yield "read_again", ask("/-/query.json", sql="SELECT count(*) AS n FROM orders", _shape="arrays")
