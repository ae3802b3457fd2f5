"""Snowflake: its driver logs in, and sends statements as JSON that is packed with gzip."""

import snowflake.connector

SESSION = {"databaseName": "SHOP", "schemaName": "PUBLIC", "warehouseName": "W", "roleName": "R"}


def answer(request):
    if request.path == "/session/v1/login-request":
        data = {"token": "t", "masterToken": "m", "sessionId": 1, "parameters": []}
        return success({**data, "validityInSeconds": 3600, "sessionInfo": SESSION})
    if request.path == "/queries/v1/query-request":
        return success(result())
    return success({})


def success(data):
    return 200, {"data": data, "code": None, "message": None, "success": True}


def result():
    column = {"name": "N", "type": "fixed", "precision": 18, "scale": 0, "nullable": False}
    column |= {"database": "", "schema": "", "table": "", "length": None, "byteLength": None}
    data = {"parameters": [], "rowtype": [column], "rowset": [["7"]], "total": 1, "returned": 1}
    data |= {"queryId": "q1", "queryResultFormat": "json", "statementTypeId": 4096}
    names = ["databaseName", "schemaName", "warehouseName", "roleName"]
    data |= {"final" + name[0].upper() + name[1:]: SESSION[name] for name in names}
    return data | {"sqlState": "00000", "version": 1}


def calls(host, port):
    own = {"account": "acme", "user": "ana", "password": "secret", "protocol": "http"}
    own |= {"database": "SHOP", "schema": "PUBLIC", "warehouse": "W", "login_timeout": 5}
    own |= {"network_timeout": 5}
    connection = snowflake.connector.connect(
        host=host, port=port, **own, session_parameters={"CLIENT_TELEMETRY_ENABLED": False}
    )

    def ask(text, parameters=None, **more):
        return lambda: connection.cursor().execute(text, parameters, **more).fetchall()

    yield "read", ask("SELECT count(*) AS n FROM orders WHERE id = 7")
    yield "read_with_parameters", ask("SELECT count(*) FROM orders WHERE id = %s", (7,))
    yield "delete_one", ask("DELETE FROM orders WHERE id = 7")
    yield "delete_all", ask("DELETE FROM orders")
    yield "several", ask("SELECT 1; DROP TABLE orders", num_statements=2)
    yield "drop", ask("DROP TABLE shop.public.orders")
    yield "truncate", ask("TRUNCATE TABLE orders")
    yield "export", ask("COPY INTO @outside FROM customers")
    yield "bind", bound(connection)
    yield "close", connection.close


def bound(connection):
    """Parameters that the service puts in."""

    def run():
        snowflake.connector.paramstyle = "qmark"
        connection._paramstyle = "qmark"
        return connection.cursor().execute("DELETE FROM orders WHERE id = ?", (7,)).fetchall()

    return run
