"""PostGraphile over a PostgreSQL, and GraphQL as its users send it."""

import json
import os
import pwd
import subprocess
import urllib.error
import urllib.request

import children

# A function of the schema becomes a mutation; those that come with a table name one row each.
START = """
CREATE TABLE orders (id integer PRIMARY KEY, item text);
INSERT INTO orders VALUES (1, 'lamp'), (7, 'desk'), (8, 'chair');
CREATE FUNCTION delete_all_orders() RETURNS integer LANGUAGE sql VOLATILE AS
  'WITH gone AS (DELETE FROM orders RETURNING 1) SELECT count(*)::integer FROM gone';
"""

def serve(_):
    folder = children.folder()
    database(folder)
    port = children.start(
        ["node", os.environ["POSTGRAPHILE"], "--port", "0", "--schema", "public"]
        + ["--connection", f"socket:{folder}?db=postgres&user=peer"],
        r"http://localhost:(\d+)/graphql",
    )
    print(port, flush=True)
    children.running[-1].wait()


def database(folder):
    """It refuses to run as root, so there it runs as somebody who may do nothing else."""
    binaries = os.environ["POSTGRES_BIN"]
    user = {}
    if os.getuid() == 0:
        nobody = pwd.getpwnam("nobody")
        user = {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}
        os.chown(folder, nobody.pw_uid, nobody.pw_gid)
    make = [f"{binaries}/initdb", "--no-sync", "--auth=trust", "--username=peer", "-E", "UTF8"]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, **user}
    subprocess.run([*make, f"{folder}/data"], check=True, **quiet)
    single = [f"{binaries}/postgres", "--single", "-D", f"{folder}/data", "-j", "postgres"]
    # Alone it takes a statement to be over at an empty line.
    statements = START.replace(";\n", ";\n\n")
    subprocess.run(single, input=statements, text=True, check=True, **quiet)
    children.start(
        [f"{binaries}/postgres", "-D", f"{folder}/data", "-k", folder, "-h", "", "-F"],
        "(ready to accept connections)",
        **user,
    )


def calls(host, port):
    def ask(query, **variables):
        def run():
            body = json.dumps({"query": query, "variables": variables}).encode()
            head = {"content-type": "application/json", "accept": "application/json"}
            request = urllib.request.Request(f"http://{host}:{port}/graphql", body, head)
            try:
                with urllib.request.urlopen(request) as answer:
                    got = json.load(answer)
            except urllib.error.HTTPError as error:
                raise RuntimeError(f"{error.code} {error.read().decode()}") from None
            if "errors" in got:
                raise RuntimeError(json.dumps(got["errors"]))
            return got["data"]

        return run

    yield "read", ask("{ orderById(id: 7) { id item } }")
    yield "read_all", ask("query All { allOrders(orderBy: ID_ASC) { nodes { id item } } }")
    yield "introspection", ask("{ __schema { mutationType { name } } }")
    yield "insert", ask(
        "mutation ($it: OrderInput!) { createOrder(input: {order: $it}) { order { id } } }",
        it={"id": 9, "item": "bed"},
    )
    yield "delete_one", ask("mutation { deleteOrderById(input: {id: 1}) { deletedOrderId } }")
    yield "delete_two", ask(
        "mutation { a: deleteOrderById(input: {id: 7}) { deletedOrderId } "
        "b: deleteOrderById(input: {id: 8}) { deletedOrderId } }"
    )
    yield "delete_all", ask("mutation { deleteAllOrders(input: {}) { integer } }")
    yield "delete_all_in_fragment", ask(
        "fragment F on Mutation { x: deleteAllOrders(input: {}) { integer } } mutation { ...F }"
    )
    yield "read_again", ask("{ allOrders(orderBy: ID_ASC) { totalCount nodes { id } } }")
