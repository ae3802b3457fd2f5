"""ClickHouse: a statement in the body or the address, settings in the address, rows in the
format `Native`."""

import clickhouse_connect

SETTINGS = ["name", "value", "readonly"]


def answer(request):
    text = (request.query.get("query", "") + "\n" + request.body.decode(errors="replace")).strip()
    head = {"x-clickhouse-summary": "{}", "x-clickhouse-query-id": "q1"}
    if "version()" in text:
        return 200, b"24.8.1.1\tUTC\n", head
    if "system.settings" in text:
        columns = [("name", "String"), ("value", "String"), ("readonly", "UInt8")]
        return 200, native(columns, [["max_threads"], ["1"], [0]]), head
    if "FORMAT Native" in text and "INSERT" not in text:
        return 200, native([("n", "UInt64")], [[7]]), head
    return 200, b"", head


def native(columns, values):
    """One block. A column's name and type are texts, its values follow each other."""
    block = bytes([len(columns), len(values[0])])
    for (name, kind), column in zip(columns, values):
        block += text(name) + text(kind)
        widths = {"UInt8": 1, "UInt64": 8}
        for value in column:
            block += text(value) if kind == "String" else value.to_bytes(widths[kind], "little")
    return block


def text(value):
    return bytes([len(value)]) + value.encode()


def calls(host, port):
    def connect(**more):
        own = {"username": "ana", "password": "secret", "database": "shop", "query_retries": 0}
        return clickhouse_connect.get_client(host=host, port=port, **own, **more)

    client = connect()
    # Otherwise it packs what it inserts, statement and data together, with LZ4.
    unpacked = connect(compress=False)

    def read(statement, **more):
        return lambda: client.query(statement, **more).result_rows

    def run(statement):
        return lambda: client.command(statement).written_rows

    def insert(client):
        types = ["UInt64", "String"]
        return lambda: client.insert(
            "orders", [[8, "lamp"]], ["id", "item"], column_type_names=types
        ).written_rows

    yield "read", read("SELECT count(*) AS n FROM orders WHERE id = 7")
    yield "read_with_parameters", read(
        "SELECT count(*) AS n FROM orders WHERE id = {id:UInt64}", parameters={"id": 7}
    )
    yield "read_with_settings", read("SELECT count(*) AS n FROM orders", settings={"max_threads": 1})
    yield "insert_packed", insert(client)
    yield "insert", insert(unpacked)
    yield "delete_one", run("DELETE FROM orders WHERE id = 7")
    yield "delete_all", run("ALTER TABLE orders DELETE WHERE 1")
    yield "truncate", run("TRUNCATE TABLE shop.orders")
    yield "drop", run("DROP TABLE shop.orders")
    yield "export", lambda: len(client.raw_query("SELECT * FROM customers", fmt="Parquet"))
    yield "export_to_storage", run(
        "INSERT INTO FUNCTION s3('http://elsewhere.example/x.csv') SELECT * FROM customers"
    )
